"""The colour a sweep gets when it is made: the same in every tab, export and API."""

from collections.abc import Iterable

# Okabe & Ito's hues, the light ones darkened to 3:1 on white; blue, orange, green first
PALETTE = ("#0072B2", "#D17A00", "#00916A", "#B44C97", "#2E97D6", "#C2410C", "#7A6FD0", "#7C7A12")


def free_color(in_use: Iterable[str]) -> str:
    """The first colour of the palette among those least in use."""
    counts = dict.fromkeys(PALETTE, 0)
    for color in in_use:
        if color in counts:
            counts[color] += 1
    return min(PALETTE, key=counts.__getitem__)
