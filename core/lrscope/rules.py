"""The suggestion rules people know, each as a pure function (lr, loss) -> a learning rate or None.

All take arrays of shape (n,) with rising lr and finite loss, and answer None where the rule is not defined on that
curve. None of them judges whether the curve has anything to say: that is `reading.read`.

Two kinds. OURS stand on the centred smooth that the reading uses. THEIRS take the raw losses and do what the packages
do, with their own smoothing and their own trimming, defects included: the number that a person would get from the
package. Their smoothings are causal and so lag the curve: on a clean drop by half a decade or more.
"""

from bisect import bisect_left
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from lrscope.curve import FloatArray, ema

Rule = Callable[[FloatArray, FloatArray], float | None]


# ── on the centred smooth ────────────────────────────────────────────────────────────────────────────────────────────


def steepest(lr: FloatArray, loss: FloatArray) -> float | None:
    """Where the loss falls fastest against log10 lr (Gugger 2018); None where it falls nowhere."""
    if len(lr) < 3:
        return None
    slope = np.gradient(loss, np.log10(lr))
    at = int(np.argmin(slope))
    rounding = 1e-12 * float(np.abs(loss).max()) / float(np.diff(np.log10(lr)).min())
    return float(lr[at]) if slope[at] < -rounding else None


def tenth_of_rise(lr: FloatArray, loss: FloatArray, share: float = 0.1) -> float | None:
    """One tenth of the rate at which the loss starts rising again, after its minimum.

    "Rising" is the first loss above the minimum by `share` of the whole drop (start minus minimum). None when the
    curve never drops, or never rises.
    """
    risen = _rise(loss, share)
    return float(lr[risen]) / 10 if risen is not None else None


def before_rise(lr: FloatArray, loss: FloatArray, share: float = 0.1) -> float | None:
    """The last rate before the loss starts rising again, with "rising" as in `tenth_of_rise`."""
    risen = _rise(loss, share)
    return float(lr[risen - 1]) if risen is not None else None


def _rise(loss: FloatArray, share: float) -> int | None:
    if len(loss) < 3:
        return None
    lowest = int(np.argmin(loss))
    drop = float(loss[0] - loss[lowest])
    risen = np.flatnonzero(loss[lowest:] > loss[lowest] + share * drop)
    return lowest + int(risen[0]) if drop > 0 and len(risen) else None


# ── fastai: an EMA of 0.98 with bias correction; its first tenth and its last five points are left out ───────────────


def valley(lr: FloatArray, loss: FloatArray) -> float | None:
    """fastai's default, credited there to ESRI: about the middle of the longest decreasing subsequence.

    With L its length and E the index where it first reaches that length: lr[E - L + L//3 + L//6].
    """
    lr, loss = _fastai(lr, loss)
    if len(lr) < 2:
        return None
    ends: list[float] = []  # of the decreasing subsequences of each length, the highest last loss, negated
    longest, end = 0, 0
    for i, value in enumerate(loss.tolist()):
        length = bisect_left(ends, -value)
        ends[length : length + 1] = [-value]
        if length + 1 > longest:
            longest, end = length + 1, i
    if longest < 2:
        return None
    return float(lr[max(end - longest + longest // 3 + longest // 6, 0)])


def slide(lr: FloatArray, loss: FloatArray, window: int = 15, threshold: float = 0.005) -> float | None:
    """fastai's interval slide rule, credited there to Andrew Chang (Novetta).

    Two cursors `window` rungs apart walk left from the end for as long as the slopes at them differ by more than
    `threshold` (loss per rung); the rate under the left one, where it last did, is the answer.
    """
    lr, loss = _fastai(lr, loss)
    if len(lr) < window + 1:
        return None
    slope = np.gradient(loss)
    right = len(loss) - 1
    left = right - window
    kept = left
    while left >= 0 and abs(slope[right] - slope[left]) > threshold:
        kept = left
        left, right = left - 1, right - 1
    return float(lr[kept])


def minimum(lr: FloatArray, loss: FloatArray) -> float | None:
    """fastai's `minimum`: one tenth of the rate with the lowest loss."""
    lr, loss = _fastai(lr, loss)
    return float(lr[np.argmin(loss)]) / 10 if len(lr) else None


def steep(lr: FloatArray, loss: FloatArray) -> float | None:
    """fastai's `steep`: the left end of the rung of the steepest slope against ln lr."""
    lr, loss = _fastai(lr, loss)
    return float(lr[np.argmin(np.diff(loss) / np.diff(np.log(lr)))]) if len(lr) > 1 else None


def _fastai(lr: FloatArray, loss: FloatArray) -> tuple[FloatArray, FloatArray]:
    kept = slice(len(lr) // 10, -5)
    return lr[kept], _smoothed(_corrected, loss)[kept]


def _corrected(loss: FloatArray) -> FloatArray:
    return ema(loss, 0.98)


# ── the other packages ───────────────────────────────────────────────────────────────────────────────────────────────


def torch_lr_finder(lr: FloatArray, loss: FloatArray) -> float | None:
    """torch-lr-finder 0.2.2: the steepest rung of its EMA of 0.05, ten skipped at the start, five at the end."""
    if len(lr) < 17:
        return None
    return float(lr[10:-5][np.argmin(np.gradient(_smoothed(_seeded, loss)[10:-5]))])


def ignite(lr: FloatArray, loss: FloatArray) -> float | None:
    """ignite 0.5 `FastaiLRFinder`: the steepest rung of the same EMA before its minimum; None for fewer than three."""
    falling = _smoothed(_seeded, loss).astype(np.float32)
    falling = falling[: int(np.argmin(falling)) + 1] if len(falling) else falling
    if len(falling) < 3:
        return None
    return float(lr[1 + int(np.argmin(np.float32(0.5) * (falling[2:] - falling[:-2])))])


def lightning(lr: FloatArray, loss: FloatArray) -> float | None:
    """Lightning 2.5.3 to 2.6.6: steepest against lr itself, not its logarithm, so noise at small rates wins."""
    lr32, smoothed = _lightning(lr, loss, 10, 1)
    if len(smoothed) < 2:
        return None
    return float(lr[10:-1][np.argmin(np.gradient(smoothed, lr32))])


def lightning_before(lr: FloatArray, loss: FloatArray) -> float | None:
    """Lightning before 2.5.3: steepest by rung."""
    _, smoothed = _lightning(lr, loss, 10, 1)
    return float(lr[10:-1][np.argmin(np.gradient(smoothed))]) if len(smoothed) > 1 else None


def ktrain(lr: FloatArray, loss: FloatArray) -> float | None:
    """ktrain `lr_estimate`, first number: steepest by rung between rung 32 and the minimum of an EMA of 0.98."""
    smoothed = _smoothed(_corrected, loss)
    lowest = int(np.argmin(smoothed)) if len(smoothed) else 0
    if lowest < 34:
        return None
    return float(lr[32 + int(np.argmin(np.gradient(smoothed[32:lowest])))])


def neuralprophet(lr: FloatArray, loss: FloatArray) -> float | None:
    """NeuralProphet: geometric mean of the steepest rung under a Hamming window of ten, and Lightning's, 20 skipped."""
    if len(lr) < 40:
        return None
    window = np.hamming(10)
    smoothed = np.convolve(np.pad(loss, 5, mode="edge"), window / window.sum(), mode="valid")[: len(loss)]
    ours = float(lr[np.argmin(np.gradient(smoothed))])
    lr32, theirs = _lightning(lr, loss, 20, 10)
    return float(np.sqrt(ours * float(lr[20:-10][np.argmin(np.gradient(theirs, lr32))])))


def _seeded(loss: FloatArray, share: float = 0.05) -> FloatArray:
    """EMA that starts at the first loss, without bias correction."""
    smoothed: list[float] = []
    for value in loss.tolist():
        smoothed.append(share * value + (1 - share) * smoothed[-1] if smoothed else value)
    return np.array(smoothed)


def _lightning(lr: FloatArray, loss: FloatArray, begin: int, end: int) -> tuple[FloatArray, FloatArray]:
    """Both columns trimmed, the loss smoothed, in its single precision."""
    single, smoothed = np.float32, _smoothed(_overcorrected, loss)
    return lr[begin:-end].astype(single).astype(float), smoothed[begin:-end].astype(single).astype(float)


def _overcorrected(loss: FloatArray) -> FloatArray:
    """Lightning's EMA of 0.98, whose correction counts one step too many."""
    average, fades, smoothed = 0.0, 0.98, []
    for value in loss.tolist():
        average = 0.98 * average + 0.02 * value
        fades *= 0.98
        smoothed.append(average / (1 - fades))
    return np.array(smoothed)


def _smoothed(smoothing: Callable[[FloatArray], FloatArray], loss: FloatArray) -> FloatArray:
    """Each of the packages' smoothings once, however many rules stand on it."""
    return _remembered(smoothing, loss.tobytes())


@lru_cache(maxsize=16)
def _remembered(smoothing: Callable[[FloatArray], FloatArray], loss: bytes) -> FloatArray:
    smoothed = smoothing(np.frombuffer(loss))
    smoothed.flags.writeable = False
    return smoothed


OURS: dict[str, Rule] = {"steepest": steepest, "tenth_of_rise": tenth_of_rise, "before_rise": before_rise}
THEIRS: dict[str, Rule] = {
    "valley": valley,
    "slide": slide,
    "minimum": minimum,
    "steep": steep,
    "torch_lr_finder": torch_lr_finder,
    "ignite": ignite,
    "lightning": lightning,
    "lightning_before": lightning_before,
    "ktrain": ktrain,
    "neuralprophet": neuralprophet,
}
