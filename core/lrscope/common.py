"""common(curves) -> Common: one rate for several trainings, and which of them limits it."""

from collections.abc import Mapping, Sequence

import numpy as np
from pydantic import Field

from lrscope.curve import Curve, FloatArray
from lrscope.errors import InvalidInput
from lrscope.reading import expected_regret, read
from lrscope.spec import Frozen

PER_DECADE = 40  # rates tried


class Safe(Frozen):
    """One training's part in a common rate."""

    sweep: str
    low: float | None = Field(description="Its own sweet spot, or null where its curve shows none.")
    high: float | None
    regret: float | None = Field(description="Estimated share of its drop that is lost at the common rate.")


class Common(Frozen):
    """What several sweeps have in common. Rates are learning rates."""

    low: float | None = Field(
        description="The band in which every one of them is in its sweet spot; null: there is none."
    )
    high: float | None
    lr: float | None = Field(description="The rate with the smallest worst regret; null where no curve can be read.")
    regret: float | None = Field(
        description="That worst regret, estimated: 0 is as good as each alone, 1 is no learning."
    )
    limited_by: str | None = Field(description="Whose regret it is.")
    sweeps: list[Safe]


def common(curves: Mapping[str, Curve | Sequence[Curve]]) -> Common:
    """The rate at which the worst-served of several trainings is served best.

    The regret of a training at a rate is estimated from its own smoothed curve (see `expected_regret`). A curve that
    falls nowhere has no say. Raises InvalidInput for no curve at all.
    """
    if not curves:
        raise InvalidInput.of("sweeps", [], "must be at least one")
    readings = {name: read(curve) for name, curve in curves.items()}
    x = _grid([curve for given in curves.values() for curve in ([given] if isinstance(given, Curve) else given)])
    told = {name: expected_regret(curve, 10.0**x) for name, curve in curves.items()}
    regrets = {name: regret for name, regret in told.items() if regret is not None}
    at, limited_by, worst = None, None, None
    if regrets:
        table = np.array(list(regrets.values()))
        at = int(np.argmin(table.max(0)))
        limited_by, worst = list(regrets)[int(np.argmax(table[:, at]))], float(table[:, at].max())
    lows = [reading.low for reading in readings.values() if reading.low is not None]
    highs = [reading.high for reading in readings.values() if reading.high is not None]
    all_read = len(lows) == len(highs) == len(readings)
    together = all_read and max(lows) <= min(highs)
    return Common(
        low=max(lows) if together else None,
        high=min(highs) if together else None,
        lr=None if at is None else float(10.0 ** x[at]),
        regret=worst,
        limited_by=limited_by,
        sweeps=[
            Safe(
                sweep=name,
                low=reading.low,
                high=reading.high,
                regret=None if at is None or name not in regrets else float(regrets[name][at]),
            )
            for name, reading in readings.items()
        ],
    )


def _grid(curves: Sequence[Curve]) -> FloatArray:
    """Decades from the lowest to the highest rate of all curves."""
    ends = [(np.log10(curve.lr[0]), np.log10(curve.lr[-1])) for curve in curves if len(curve)]
    if not ends:
        return np.array([0.0])
    low, high = min(a for a, _ in ends), max(b for _, b in ends)
    return np.linspace(low, high, max(2, int(PER_DECADE * (high - low))))
