"""The Mantine theme. Colours, sizes and space that are ours stand in assets/00_tokens.css, once."""

from typing import Any

# Ink: the page is black on white (or the reverse), so that colour is left to the curves.
INK = [
    "#f4f5f7", "#e6e8ec", "#cfd3da", "#b0b6c0", "#8b93a0",
    "#69717f", "#4f5663", "#383e49", "#262b33", "#16191e",
]  # fmt: skip

# Mantine's own greys of the dark scheme, in the hue of assets/00_tokens.css
DARK = [
    "#eceef2", "#c6cbd4", "#9aa2af", "#717a88", "#3a414c",
    "#2a3039", "#1b1f26", "#13161b", "#0f1216", "#0c0e12",
]  # fmt: skip

FONT = "Inter, ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

THEME: dict[str, Any] = {
    "primaryColor": "ink",
    "primaryShade": {"light": 9, "dark": 0},
    "autoContrast": True,
    "colors": {"ink": INK, "dark": DARK},
    "fontFamily": FONT,
    "headings": {"fontFamily": FONT, "fontWeight": "600"},
    "defaultRadius": "6px",
    "cursorType": "pointer",
    "respectReducedMotion": True,
    "fontSizes": {"xs": "12px", "sm": "13px", "md": "14px", "lg": "16px", "xl": "20px"},
}
