import pytest

from lrscope.curve import Point
from lrscope.wire import MAX_BATCH, Lease
from lrscope_workers import outbox as module
from lrscope_workers.outbox import Outbox

LEASE = Lease(sweep="a" * 16, attempt=1)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "monotonic", clock)
    return clock


class Wakes:
    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        self.count += 1


def filled(points: int) -> Outbox:
    box = Outbox(LEASE, Wakes())
    fill(box, points)
    return box


def fill(box: Outbox, points: int) -> None:
    for _ in range(points):
        step = len(box)
        box.put(Point(step, 10.0**-step if step < 10 else 1.0, float(step)))


def steps(box: Outbox) -> list[int]:
    """Every step that the box would send now, in order."""
    sent: list[int] = []
    while (batch := box.take()) is not None:
        sent += range(batch.first_step, batch.next_step)
    return sent


def test_the_very_first_point_leaves_at_once(clock: Clock) -> None:
    wakes = Wakes()
    fill(Outbox(LEASE, wakes), 1)
    assert wakes.count == 1


def test_quick_points_wake_the_loop_once_per_batch_not_once_per_point(clock: Clock) -> None:
    wakes = Wakes()
    box = Outbox(LEASE, wakes)
    for _ in range(10):
        fill(box, 200)
        clock.now += 1.1 * module.FLUSH_S
    assert wakes.count == 10


def test_a_point_after_a_pause_leaves_at_once(clock: Clock) -> None:
    wakes = Wakes()
    box = Outbox(LEASE, wakes)
    fill(box, 2)
    assert wakes.count == 1
    clock.now += 2 * module.FLUSH_S
    fill(box, 1)
    assert wakes.count == 2


def test_points_are_taken_once_and_in_order(clock: Clock) -> None:
    box = filled(3)
    assert steps(box) == [0, 1, 2]
    fill(box, 2)
    assert steps(box) == [3, 4]
    assert box.take() is None


def test_a_batch_carries_the_lease_and_the_points_unchanged(clock: Clock) -> None:
    box = Outbox(LEASE, Wakes())
    box.put(Point(0, 1e-7, float("nan")))
    batch = box.take()
    assert batch is not None
    assert batch.lease == LEASE
    assert batch.lr.tolist() == [1e-7]
    assert str(batch.loss[0]) == "nan"


def test_a_long_absence_is_sent_in_frames_of_bounded_size(clock: Clock) -> None:
    box = filled(MAX_BATCH + 1)
    first, second = box.take(), box.take()
    assert first is not None
    assert second is not None
    assert (first.count, second.count) == (MAX_BATCH, 1)


def test_all_is_acked_only_with_the_last_point(clock: Clock) -> None:
    box = filled(5)
    steps(box)
    box.acked(4)
    assert not box.all_acked
    box.acked(5)
    assert box.all_acked


def test_an_ack_in_order_sends_nothing_again(clock: Clock) -> None:
    box = filled(5)
    steps(box)
    assert not box.acked(2)
    assert not box.acked(5)
    assert steps(box) == []


def test_an_ack_without_progress_sends_the_refused_points_again_once(clock: Clock) -> None:
    box = filled(5)
    steps(box)
    box.acked(2)
    assert box.acked(2)
    assert steps(box) == [2, 3, 4]
    assert not box.acked(2)  # of a frame behind the refused one
    assert steps(box) == []
    box.acked(3)
    assert box.acked(3)  # another gap, later
    assert steps(box) == [3, 4]


def test_a_server_that_lost_points_gets_them_again_from_where_it_wants(clock: Clock) -> None:
    box = filled(5)
    steps(box)
    box.acked(5)
    box.resend_from(1)
    assert not box.all_acked
    assert steps(box) == [1, 2, 3, 4]


def test_an_ack_ahead_of_what_was_sent_is_believed(clock: Clock) -> None:
    box = filled(5)
    box.acked(3)
    assert steps(box) == [3, 4]


def test_points_that_stay_unacked_for_a_whole_heartbeat_are_sent_again(clock: Clock) -> None:
    box = filled(3)
    steps(box)
    assert not box.beat()
    assert box.beat()
    assert steps(box) == [0, 1, 2]
    box.acked(3)
    assert not box.beat()
    assert not box.beat()


def test_while_the_server_is_slow_points_gather_into_one_batch(clock: Clock) -> None:
    box = Outbox(LEASE, Wakes())
    for _ in range(module.IN_FLIGHT):
        fill(box, 3)
        assert box.take() is not None
    fill(box, 3)
    assert box.take() is None
    fill(box, 4)
    assert box.take() is None
    assert box.acked(3)  # one of them is stored: what was held back leaves, as one
    batch = box.take()
    assert batch is not None
    assert (batch.first_step, batch.count) == (3 * module.IN_FLIGHT, 7)
    assert not box.acked(6)  # nothing is held back any more
    assert not box.acked(len(box))
    assert box.all_acked


def test_after_a_lost_connection_nothing_counts_as_on_its_way(clock: Clock) -> None:
    box = Outbox(LEASE, Wakes())
    for _ in range(module.IN_FLIGHT):
        fill(box, 1)
        box.take()
    fill(box, 1)
    assert box.take() is None
    box.resend_from(0)
    assert steps(box) == list(range(module.IN_FLIGHT + 1))
