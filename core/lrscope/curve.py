"""The measured curve, and what can be said of it before anyone reads it: smoothing, noise, divergence.

Everything here works on the raw loss; x is always log10 of the learning rate.
"""

import json
import math
from bisect import insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lrscope.errors import InvalidInput

if TYPE_CHECKING:
    from lrscope.reading import Reading

FloatArray = NDArray[np.float64]
PLACES = 500  # at which a smooth is fitted


class Point(NamedTuple):
    """One step of a range test: the rate that was in the optimizer at the forward pass, and the loss it met.

    `extra`: one number for each of the problem's extra series; NaN where a step has none.
    """

    step: int
    lr: float
    loss: float
    extra: tuple[float, ...] = ()


@dataclass(frozen=True, eq=False)
class Points:
    """Rates and losses of steps in their order, both of shape (n,); the rates may fall again, as in a training.

    Losses may be non-finite, rates may not. `series`: what was recorded beside the loss, by name, each of shape (n,),
    NaN where a step has none.

    Raises InvalidInput when the columns differ in length, or the rates are not positive and finite.
    """

    lr: FloatArray
    loss: FloatArray
    series: Mapping[str, FloatArray]

    def __init__(self, lr: ArrayLike, loss: ArrayLike, series: Mapping[str, ArrayLike] | None = None) -> None:
        object.__setattr__(self, "lr", _column("lr", lr))
        object.__setattr__(self, "loss", _column("loss", loss))
        object.__setattr__(self, "series", {name: _column(name, column) for name, column in (series or {}).items()})
        for name, column in {"loss": self.loss, **self.series}.items():
            if len(self.lr) != len(column):
                raise InvalidInput.of(name, len(column), f"must be as many as the {len(self.lr)} learning rates")
        bad = np.flatnonzero(~(np.isfinite(self.lr) & (self.lr > 0)))
        if len(bad):
            raise InvalidInput.of(f"lr[{bad[0]}]", float(self.lr[bad[0]]), "must be finite and above 0")

    def __len__(self) -> int:
        return len(self.lr)


@dataclass(frozen=True, eq=False)
class Curve(Points):
    """What a range test measured: points whose rates rise.

    `coarse`: the first pass, where this is the second of two stages.

    Raises InvalidInput as Points do, and when the rates are not rising.
    """

    optimizer: str | None = None
    warnings: tuple[str, ...] = ()
    coarse: "Curve | None" = None

    def __init__(self, lr: ArrayLike, loss: ArrayLike, series: Mapping[str, ArrayLike] | None = None) -> None:
        super().__init__(lr, loss, series)
        back = np.flatnonzero(np.diff(self.lr) < 0)
        if len(back):
            at = int(back[0]) + 1
            raise InvalidInput.of(f"lr[{at}]", float(self.lr[at]), "is below the rate before it; sort the points by lr")

    @classmethod
    def of(cls, points: Iterable[Point], series: Sequence[str] = ()) -> "Curve":
        """From points in order; `series` names their extra numbers."""
        points = list(points)
        extra = {name: [p.extra[k] for p in points] for k, name in enumerate(series)}
        return cls([p.lr for p in points], [p.loss for p in points], extra)

    def noted(
        self, *, optimizer: str | None = None, warnings: Iterable[str] = (), coarse: "Curve | None" = None
    ) -> "Curve":
        """The same curve, with the name of its optimizer, what was found before its first step, and its first pass."""
        curve = Curve(self.lr, self.loss, self.series)
        object.__setattr__(curve, "optimizer", optimizer)
        object.__setattr__(curve, "warnings", tuple(warnings))
        object.__setattr__(curve, "coarse", coarse)
        return curve

    def reading(self) -> "Reading":
        """What the curve says: `lrscope.read(self)`, with the curve's warnings."""
        from lrscope.reading import read

        return read(self).model_copy(update={"warnings": list(self.warnings)})

    def plot(self) -> Any:
        """A plotly figure: raw and smoothed loss over a logarithmic axis, sweet spot and suggestion marked."""
        from lrscope.figure import figure

        return figure(self)

    def to_dataframe(self) -> Any:
        """A pandas DataFrame with the columns lr, loss and the extra series. Raises ImportError without pandas."""
        try:
            pandas = import_module("pandas")
        except ImportError:
            raise ImportError("to_dataframe() needs pandas: pip install pandas") from None
        return pandas.DataFrame({"lr": self.lr, "loss": self.loss, **self.series})

    def to_dict(self) -> dict[str, Any]:
        """Everything in it as JSON takes it; what is not finite as None. `from_dict` makes the curve again."""
        whole = {
            "lr": self.lr.tolist(),
            "loss": _nullable(self.loss),
            "series": {name: _nullable(column) for name, column in self.series.items()},
            "optimizer": self.optimizer,
            "warnings": list(self.warnings),
        }
        return whole if self.coarse is None else {**whole, "coarse": self.coarse.to_dict()}

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> "Curve":
        """What `to_dict` gave. Raises InvalidInput, KeyError, TypeError or AttributeError for what is no curve."""
        series = {name: _numbers(column) for name, column in found.get("series", {}).items()}
        coarse = cls.from_dict(found["coarse"]) if found.get("coarse") is not None else None
        curve = cls(found["lr"], _numbers(found["loss"]), series)
        return curve.noted(optimizer=found.get("optimizer"), warnings=found.get("warnings", ()), coarse=coarse)

    def save(self, path: str | Path) -> None:
        """Write it as JSON, which `Curve.load`, `lrscope suggest` and `lrscope import` read."""
        Path(path).write_text(json.dumps(self.to_dict()), encoding="utf-8")

    @classmethod
    def load(cls, path: str | Path) -> "Curve":
        """What `save` wrote. Raises InvalidInput for a file that is none, OSError for one that is not there."""
        try:
            return cls.from_dict(json.loads(Path(path).read_text(encoding="utf-8")))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InvalidInput.of("path", str(path), f"is no saved curve ({type(error).__name__}: {error})") from None

    def upload(self, url: str | None = None, *, name: str | None = None, user: str | None = None, **fields: Any) -> str:
        """Keep it on a server, as a sweep that has ended; returns the sweep's address on the page.

        Args: url as `lrscope.Client` takes it; name as shown in the list; fields: tags, recipe, seed, notes.
        Raises Unreachable when no server answers, InvalidInput for fields or curves that it does not take.
        """
        from lrscope.client import Client

        with Client(url, user) as client:
            sweep = client.upload(self, name=name, **fields)
            return f"{client.url}/?sweep={sweep.id}"


def _nullable(column: FloatArray) -> list[float | None]:
    return [value if math.isfinite(value) else None for value in column.tolist()]


def _numbers(column: Sequence[float | None]) -> list[float]:
    return [math.nan if value is None else value for value in column]


def pool(curves: Sequence[Curve]) -> Curve:
    """All points of several curves (the same sweep with other seeds) as one, sorted by rate."""
    if len(curves) == 1:
        return curves[0]
    lr = np.concatenate([curve.lr for curve in curves])
    order = np.argsort(lr, kind="stable")
    return Curve(lr[order], np.concatenate([curve.loss for curve in curves])[order])


def first_nonfinite(loss: FloatArray) -> int | None:
    """Index of the first NaN or infinity of a loss of shape (n,); None when there is none."""
    bad = np.flatnonzero(~np.isfinite(loss))
    return int(bad[0]) if len(bad) else None


def ema(loss: FloatArray, beta: float) -> FloatArray:
    """Exponential moving average with bias correction: a constant loss stays that constant from the first step.

    s_i = a_i / (1 - beta^(i+1)),  a_i = beta a_(i-1) + (1 - beta) loss_i,  a_(-1) = 0;  0 <= beta < 1.
    Causal, so it lags the curve: right for stopping a running sweep, wrong for reading a finished one.
    """
    if not 0 <= beta < 1:
        raise InvalidInput.of("beta", beta, "must be in [0, 1)")
    average, fades, smoothed = 0.0, 1.0, []
    for value in loss.tolist():
        average = beta * average + (1 - beta) * value
        fades *= beta
        smoothed.append(average / (1 - fades))
    return np.array(smoothed)


def smooth(x: FloatArray, loss: FloatArray, width: float) -> tuple[FloatArray, FloatArray]:
    """Centred smoother and its slope: at every point a straight line fitted with Gaussian weights in x.

    Args: x, loss of shape (n,), x rising; width, the Gaussian's sigma in the unit of x (decades). Where points lie
    further apart than that, the width grows to reach three neighbours.
    Returns: (fit, slope), each of shape (n,).

    Fitted at no more than PLACES of the points, and straight between them: of a long curve, every tenth of a sigma.
    Local linear regression (Cleveland 1979; Fan 1992): no lag, and no bias at the ends, unlike an EMA or a kernel mean.
    """
    n = len(x)
    if n < 3:
        return loss.copy(), np.zeros(n)
    places = np.unique(np.linspace(0, n - 1, min(n, PLACES)).astype(int))
    here, level = x[places], float(loss.mean())
    lo = np.maximum(0, np.minimum(np.searchsorted(x, here - 3 * width), places - 3))
    hi = np.minimum(n, np.maximum(np.searchsorted(x, here + 3 * width, side="right"), places + 4))
    at = lo[:, None] + np.arange(int((hi - lo).max()))  # a row for each place: the points in its window
    inside = at < hi[:, None]
    at = np.minimum(at, n - 1)
    away, near = x[at] - here[:, None], (loss - level)[at]
    reach = np.maximum(_third_neighbour(x)[places], max(width, 1e-12))
    weight = np.exp(away * away * (-0.5 / reach**2)[:, None]) * inside
    fit, slope = _lines(away, near, weight)
    if len(places) == n:
        return fit + level, slope
    return np.interp(x, here, fit) + level, np.interp(x, here, slope)


def _third_neighbour(x: FloatArray) -> FloatArray:
    """Distance from each point of a rising x to its third nearest one, or to the furthest where there are fewer."""
    n = len(x)
    nearest: FloatArray = np.maximum(x - x[0], x[-1] - x)
    if n < 4:
        return nearest
    nearest = np.full(n, np.inf)
    for left in range(4):  # so many of the three lie on the left
        i = np.arange(left, n - (3 - left))
        nearest[i] = np.minimum(nearest[i], np.maximum(x[i] - x[i - left], x[i + 3 - left] - x[i]))
    return nearest


def _lines(away: FloatArray, loss: FloatArray, weight: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Weighted least squares in each row: the line's height at 0, and its slope."""
    weighted = weight * away
    total, first = weight.sum(1), weighted.sum(1)
    mean = np.einsum("ij,ij->i", weight, loss) / total
    width = np.einsum("ij,ij->i", weighted, away) - first**2 / total
    shared = np.einsum("ij,ij->i", weighted, loss) - first * mean
    slope = np.divide(shared, width, out=np.zeros_like(width), where=width > 1e-24)
    return mean - slope * first / total, slope


def spread(residual: FloatArray) -> float:
    """Robust standard deviation: 1.4826 x the median absolute deviation (Rousseeuw & Croux 1993)."""
    return 1.4826 * float(np.median(np.abs(residual - np.median(residual)))) if len(residual) else 0.0


class Divergence:
    """Says, loss by loss, when a running sweep has diverged.

    Diverged is a loss that is not finite, or a smoothed loss that rose above its best by more than
    (diverge_ratio - 1) x scale. The scale is the best itself, so that the rule reads "smoothed > diverge_ratio x best"
    (fast.ai); or how far the loss has come down, where the best is at or below 0 and has no ratio. It is never less
    than the noise, the median step from one loss to the next: a trained model's losses are near 0 and many times their
    best from batch to batch, and a blow-up moves a median only once it is half of the test.
    """

    BETA = 0.9  # of the smoothing: ten steps, so that the stop comes soon after the blow-up
    WARM_UP = 5  # steps before the rule may speak; the average of two losses says nothing

    def __init__(self, ratio: float | None) -> None:
        self.ratio = ratio
        self._average = 0.0
        self._best = math.inf
        self._first = self._last = math.nan
        self._steps: list[float] = []  # sizes of the steps between losses, sorted
        self._count = 0

    def update(self, loss: float) -> bool:
        """Take the next raw loss; True when the sweep has diverged with it."""
        if not math.isfinite(loss):
            return True
        if self.ratio is None:
            return False
        if self._count:
            insort(self._steps, abs(loss - self._last))
        else:
            self._first = loss
        self._last = loss
        self._count += 1
        self._average = self.BETA * self._average + (1 - self.BETA) * loss
        smoothed = self._average / (1 - self.BETA**self._count)
        self._best = min(self._best, smoothed)
        if self._count <= self.WARM_UP:
            return False
        return smoothed - self._best > (self.ratio - 1) * self._scale()

    def _scale(self) -> float:
        noise = self._steps[len(self._steps) // 2]
        return max(self._best if self._best > 0 else self._first - self._best, noise)


def _column(name: str, values: ArrayLike) -> FloatArray:
    try:
        column = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidInput.of(name, values, f"must be a list of numbers ({error})") from None
    if column.ndim != 1:
        raise InvalidInput.of(name, column.shape, "must be one flat list of numbers")
    column.flags.writeable = False
    return column
