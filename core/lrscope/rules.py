"""The suggestion rules people know, each as a pure function (lr, loss) -> a learning rate or None.

All take arrays of shape (n,) with rising lr and finite loss, usually the smoothed one, and answer None where the rule
is not defined on that curve. None of them judges whether the curve has anything to say: that is `reading.read`.
"""

from collections.abc import Callable

import numpy as np

from lrscope.curve import FloatArray

Rule = Callable[[FloatArray, FloatArray], float | None]


def steepest(lr: FloatArray, loss: FloatArray) -> float | None:
    """Where the loss falls fastest against log10 lr (Gugger 2018); None where it falls nowhere."""
    if len(lr) < 3:
        return None
    slope = np.gradient(loss, np.log10(lr))
    at = int(np.argmin(slope))
    rounding = 1e-12 * float(np.abs(loss).max()) / float(np.diff(np.log10(lr)).min())
    return float(lr[at]) if slope[at] < -rounding else None


def valley(lr: FloatArray, loss: FloatArray) -> float | None:
    """fastai's default, credited there to ESRI: about the middle of the longest decreasing subsequence.

    With L its length and E the index where it first reaches that length: lr[E - L + L//3 + L//6].
    """
    if len(lr) < 2:
        return None
    length = np.ones(len(loss), dtype=int)
    for i in range(1, len(loss)):
        above = loss[:i] > loss[i]
        if above.any():
            length[i] = 1 + length[:i][above].max()
    longest, end = int(length.max()), int(length.argmax())
    if longest < 2:
        return None
    at = end - longest + longest // 3 + longest // 6
    return float(lr[max(at, 0)])


def slide(lr: FloatArray, loss: FloatArray, window: int = 15, threshold: float = 0.005) -> float | None:
    """fastai's interval slide rule, credited there to Andrew Chang (Novetta).

    Two cursors `window` rungs apart walk left from the end for as long as the slopes at them differ by more than
    `threshold` (loss per rung); the rate under the left one, where it last did, is the answer.
    """
    if len(lr) <= window:
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
    """One tenth of the rate with the lowest loss (fastai's `minimum`)."""
    return float(lr[np.argmin(loss)]) / 10 if len(lr) else None


def tenth_of_rise(lr: FloatArray, loss: FloatArray, share: float = 0.1) -> float | None:
    """One tenth of the rate at which the loss starts rising again, after its minimum.

    "Rising" is the first loss above the minimum by `share` of the whole drop (start minus minimum). None when the
    curve never drops, or never rises.
    """
    if len(lr) < 3:
        return None
    lowest = int(np.argmin(loss))
    drop = float(loss[0] - loss[lowest])
    risen = np.flatnonzero(loss[lowest:] > loss[lowest] + share * drop)
    if drop <= 0 or not len(risen):
        return None
    return float(lr[lowest + risen[0]]) / 10


RULES: dict[str, Rule] = {
    "steepest": steepest,
    "valley": valley,
    "slide": slide,
    "minimum": minimum,
    "tenth_of_rise": tenth_of_rise,
}
