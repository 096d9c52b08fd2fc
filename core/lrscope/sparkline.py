"""A curve in one line of text."""

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

BARS = "▁▂▃▄▅▆▇█"
BROKEN = "×"


def sparkline(loss: Sequence[float], width: int = 40) -> str:
    """`loss` in at most `width` characters, low to high; × where it is not finite.

    The blow-up at the end of a range test would flatten all before it, so the scale ends a little above the start.
    """
    groups = _groups(loss, width)
    heights = [_mean(group) for group in groups]
    finite = [height for height in heights if math.isfinite(height)]
    if not finite:
        return BROKEN * len(heights)
    low = min(finite)
    start = median(finite[: max(1, len(finite) // 10)])
    high = min(max(finite), start + 0.25 * (start - low)) if start > low else max(finite)
    return "".join(_bar(height, low, high) for height in heights)


def _groups(loss: Sequence[float], width: int) -> list[Sequence[float]]:
    count = min(width, len(loss))
    cuts = [round(i * len(loss) / count) for i in range(count + 1)] if count else []
    return [loss[a:b] for a, b in pairwise(cuts)]


def _mean(group: Sequence[float]) -> float:
    return sum(value / len(group) for value in group)


def _bar(height: float, low: float, high: float) -> str:
    if not math.isfinite(height):
        return BROKEN
    share = (height - low) / (high - low) if high > low else 0.0
    return BARS[min(len(BARS) - 1, int(share * len(BARS)))]
