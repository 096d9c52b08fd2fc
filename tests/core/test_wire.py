"""The wire: what is packed is unpacked, and nothing else is."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrscope.curve import Point
from lrscope.errors import WireError
from lrscope.recipe import RecipeInfo
from lrscope.spec import SweepSpec
from lrscope.wire import (
    MAX_BATCH,
    Ack,
    Assign,
    Batch,
    Device,
    Ended,
    Finished,
    Heartbeat,
    Hello,
    Lease,
    Lost,
    Printed,
    Started,
    Welcome,
    parse_server,
    parse_worker,
)

LEASE = Lease(sweep="0" * 16, attempt=3)
CPU = Device(name="cpu", kind="cpu", label="a CPU")
TOY = RecipeInfo(name="toy", description="", params_schema={})
FLOATS = st.floats(allow_nan=True, allow_infinity=True)


@pytest.mark.parametrize(
    "message",
    [
        Hello(worker="w-1", host="h", pid=1, device=CPU, recipes=[TOY], running=[LEASE]),
        Heartbeat(running=[]),
        Heartbeat(running=[LEASE], printed=[Printed(lease=LEASE, text="é\n")], memory_used_bytes=1),
        Started(lease=LEASE, optimizer="SGD"),
        Finished(lease=LEASE, status="failed", reason="é\n", traceback="t" * 1000),
    ],
)
def test_what_a_worker_says_is_heard(message: Hello | Heartbeat | Started | Finished) -> None:
    assert parse_worker(message.model_dump_json()) == message


@pytest.mark.parametrize(
    "message",
    [
        Welcome(lease_s=10, resume=[Ack(lease=LEASE, next_step=4)], lost=[LEASE]),
        Assign(lease=LEASE, spec=SweepSpec(recipe="toy")),
        Ack(lease=LEASE, next_step=4, cancel=True),
        Ended(lease=LEASE),
        Lost(lease=LEASE),
    ],
)
def test_what_the_server_says_is_heard(message: Welcome | Assign | Ack | Ended | Lost) -> None:
    assert parse_server(message.model_dump_json()) == message


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "JSON"),
        ("[]", "message"),
        ("{}", "type"),
        ('{"type": "nope"}', "nope"),
        ('{"type": "started", "optimizer": "SGD"}', "lease"),
        ('{"type": "heartbeat", "running": [], "extra": 1}', "extra"),
        ('{"type": "started", "lease": {"sweep": "x", "attempt": 0}, "optimizer": "SGD"}', "attempt"),
        ("\ud800", "message"),
    ],
)
def test_what_is_no_message_is_told_by_its_field(text: str, told: str) -> None:
    with pytest.raises((WireError, UnicodeEncodeError)) as refused:
        parse_worker(text)
    assert told in str(refused.value) or isinstance(refused.value, UnicodeEncodeError)


@given(st.lists(FLOATS, min_size=1, max_size=50), st.integers(0, 10_000))
def test_points_arrive_as_they_were_packed_nan_included(losses: list[float], first: int) -> None:
    points = [Point(first + k, 10.0**-k, loss) for k, loss in enumerate(losses)]
    batch = Batch.unpack(Batch.of(LEASE, points).pack())
    assert (batch.lease, batch.first_step, batch.next_step) == (LEASE, first, first + len(points))
    assert batch.lr.tolist() == [point.lr for point in points]
    np.testing.assert_array_equal(batch.loss, losses)


@given(st.integers(1, 30), st.data())
def test_the_rest_of_a_batch_is_a_batch(count: int, data: st.DataObject) -> None:
    skip = data.draw(st.integers(0, count - 1))
    batch = Batch.of(LEASE, [Point(5 + k, float(k + 1), -float(k)) for k in range(count)])
    rest = batch.from_step(5 + skip)
    assert (rest.first_step, rest.count) == (5 + skip, count - skip)
    assert rest.loss.tolist() == batch.loss.tolist()[skip:]


@given(st.binary(max_size=400))
def test_noise_is_never_points_and_never_another_error(frame: bytes) -> None:
    with pytest.raises(WireError):
        Batch.unpack(frame)


@given(st.data())
def test_a_frame_that_was_cut_or_lengthened_is_refused(data: st.DataObject) -> None:
    frame = Batch.of(LEASE, [Point(0, 1.0, math.nan), Point(1, 2.0, 1.0)]).pack()
    cut = data.draw(st.integers(0, len(frame) - 1))
    for broken in (frame[:cut], frame + b"\0"):
        with pytest.raises(WireError):
            Batch.unpack(broken)


def test_no_frame_may_announce_more_than_a_frame_holds() -> None:
    head, _, _ = Batch.of(LEASE, [Point(0, 1.0, 1.0)]).pack().partition(b"\n")
    big = head.replace(b'"count":1', b'"count":%d' % (MAX_BATCH + 1))
    with pytest.raises(WireError, match=r"count|less than"):
        Batch.unpack(big + b"\n" + b"\0" * 16 * (MAX_BATCH + 1))
