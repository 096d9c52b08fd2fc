"""The colour and the dash pattern of a sweep, from its slot: the same in every tab, export and API.

Okabe and Ito's hues, moved until each reaches 3:1 on white and on the page's dark surface, and until any two are at
least 0.08 apart in OKLab, also for an eye without red, green or blue cones. The first four are of
four hues, as most plots show no more.
"""

from collections.abc import Iterable

PALETTE = ("#0072B2", "#FD5924", "#04A115", "#8651EF", "#A54C03", "#0798FC", "#8A5F79", "#899299")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")  # as Plotly names them


def color_of(slot: int) -> str:
    return PALETTE[slot % len(PALETTE)]


def dash_of(slot: int) -> str:
    """The second channel: with the second round of colours the lines are dashed, and so on."""
    return DASHES[slot // len(PALETTE) % len(DASHES)]


def free_slot(in_use: Iterable[int]) -> int:
    """The lowest slot that none of these has."""
    taken = set(in_use)
    return next(slot for slot in range(len(taken) + 1) if slot not in taken)
