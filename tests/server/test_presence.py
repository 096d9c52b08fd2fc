"""Who else is here: pages see each other's newest pointer, and nothing of it outlives the socket."""

import asyncio
from typing import Any

import pytest
from starlette.websockets import WebSocketDisconnect

from lrscope.feed import MAX_POINTERS, Here
from lrscope_server.hub import Hub
from lrscope_server.pointers import Pointers
from tests.server.conftest import WS, House, Page
from tests.server.test_view import page

SWEEP = "0" * 16


def say(viewer: Page, user: str, **at: Any) -> None:
    viewer.socket.send_json({"type": "here", "user": user, **at})


def seen(viewer: Page, *users: str) -> list[dict[str, Any]]:
    """The pointers, once they are these people's."""
    told = viewer.until("presence", lambda m: [pointer["user"] for pointer in m["viewers"]] == list(users))
    found: list[dict[str, Any]] = told["viewers"]
    return found


def test_others_see_where_i_point_and_i_do_not_see_myself(house: House) -> None:
    with page(house) as ada, page(house) as grace:
        say(ada, "ada", sweep=SWEEP, lr=1e-3)
        (pointer,) = seen(grace, "ada")
        assert (pointer["sweep"], pointer["lr"]) == (SWEEP, 1e-3)
        say(grace, "grace")
        (pointer,) = seen(ada, "grace")
        assert (pointer["sweep"], pointer["lr"]) == (None, None)


def test_who_comes_later_is_told_who_is_here_and_who_leaves_disappears(house: House) -> None:
    with page(house) as ada:
        say(ada, "ada", lr=1e-2)
        with page(house) as grace:
            seen(grace, "ada")
            say(grace, "grace")
            seen(ada, "grace")
        assert seen(ada) == []


def test_however_often_one_moves_the_others_hear_the_newest(house: House) -> None:
    with page(house) as ada, page(house) as grace:
        for step in range(200):
            say(ada, "ada", sweep=SWEEP, lr=(step + 1) / 1e6)
        frames = [grace.until("presence")]
        while not frames[-1]["viewers"] or frames[-1]["viewers"][0]["lr"] != 200 / 1e6:
            frames.append(grace.until("presence"))
        assert len(frames) < 100


@pytest.mark.parametrize(
    "junk",
    [
        {},
        {"user": ""},
        {"user": "a\nb"},
        {"user": "x" * 121},
        {"user": "a", "lr": -1},
        {"user": "a", "lr": "soon"},
        {"user": "a", "sweep": "<img>"},
        {"user": "a", "colour": "red"},
    ],
)
def test_a_pointer_that_is_none_closes_the_line_with_a_reason(house: House, junk: dict[str, Any]) -> None:
    with house.client.websocket_connect(f"{WS}/ws/view") as socket:
        socket.send_json({"type": "here", **junk})
        with pytest.raises(WebSocketDisconnect) as closed:
            Page(socket).until("nothing of the kind")
    assert closed.value.code == 4400
    assert closed.value.reason


def test_only_those_that_moved_last_are_told_of_a_crowd() -> None:
    pointers = Pointers()
    for viewer in range(MAX_POINTERS + 3):
        assert pointers.move(viewer, Here(user=f"user {viewer}"))
    assert pointers.move(1, Here(user="user 1", lr=1e-3))
    assert not pointers.move(0, Here(user="user 0"))
    told = [pointer.viewer for pointer in pointers.beside(MAX_POINTERS + 2).viewers]
    assert told == [0, 1, *range(4, MAX_POINTERS + 2)]
    assert pointers.leave(1)
    assert not pointers.leave(1)


def test_a_viewer_that_takes_nothing_holds_only_the_newest(house: House) -> None:
    async def crowd(hub: Hub) -> int:
        slow, quick = hub.join(), hub.join()
        for step in range(50):
            hub.point(quick, Here(user="quick", lr=1e-3 * (step + 1)))
            await asyncio.sleep(0)
        while "presence" not in slow.news:
            await asyncio.sleep(0)
        held = len(slow.news)
        hub.leave(slow)
        hub.leave(quick)
        return held

    assert house.call(crowd, house.rooms.hub) == 1
