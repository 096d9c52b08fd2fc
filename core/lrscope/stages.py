"""The second of two stages: where a first, coarse pass saw something happen, and so a second one should look."""

from lrscope.curve import Curve
from lrscope.reading import Reading, read
from lrscope.spec import SweepSpec

BELOW, ABOVE = 10.0**1.5, 10.0**0.5  # so far below the middle of the fall it begins, so far above the blow-up it ends
NO_SECOND_STAGE = (
    "There was no second stage: the loss never falls clearly, so there is nothing to look at more closely."
)


def interesting(curve: Curve, reading: Reading | None = None) -> tuple[float, float] | None:
    """The range from a decade and a half below the middle of the fall to half a decade above the blow-up.

    None where the loss never falls: a closer look at nothing shows nothing.
    """
    found = reading or read(curve)
    if found.low is None:
        return None
    top = found.diverges_at or float(curve.lr[-1])
    start, end = max(found.low / BELOW, float(curve.lr[0])), min(top * ABOVE, float(curve.lr[-1]))
    return (start, end) if start < end else None


def second_stage(spec: SweepSpec, curve: Curve) -> SweepSpec | None:
    """The same test with all its steps over the interesting range, from the same initial state; None: there is none."""
    found = interesting(curve)
    if found is None:
        return None
    start, end = max(found[0], spec.start_lr), min(found[1], spec.end_lr)
    return SweepSpec.model_validate({**dict(spec), "start_lr": start, "end_lr": end, "rungs": None})
