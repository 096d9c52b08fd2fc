"""A picture of every screen in both themes, and one sheet that shows them all.

python -m tests.dashboard.screenshots [NAME …] [--out screenshots]
"""

import argparse
import sys
from html import escape
from pathlib import Path

from tests.dashboard.conftest import Stage
from tests.dashboard.screens import SCREENS, THEMES, Screen, dress, standing
from tests.journeys.page_browser import Browsers, browsing

PORT = 8765  # pictures show the address
SHEET = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>lrscope, every screen</title>
<style>
  body {{ margin: 24px; font: 14px/1.4 system-ui, sans-serif; color: #222; background: #ececec; }}
  section {{ display: grid; grid-template-columns: 1fr 1fr; gap: 12px; margin-bottom: 32px; max-width: 1800px; }}
  h2 {{ grid-column: 1 / -1; margin: 0; font-size: 15px; }}
  img {{ width: 100%; box-shadow: 0 1px 4px #0004; }}
  .phone {{ grid-template-columns: repeat(2, 390px); }}
</style>
{}
</html>
"""


def take(screen: Screen, stage: Stage, browsers: Browsers, out: Path) -> list[str]:
    """Its pictures; returns what went wrong on the page."""
    with standing(screen, stage, browsers) as tab:
        for theme in THEMES:
            dress(screen, tab, stage, theme)
            tab.page.screenshot(path=out / f"{screen.name}-{theme}.png")
        return [f"{screen.name}: {told}" for told in tab.wrong]


def sheet(screens: list[Screen]) -> str:
    """All of them side by side, as HTML."""
    return SHEET.format("\n".join(map(_section, screens)))


def _section(screen: Screen) -> str:
    pictures = [f"{screen.name}-{theme}.png" for theme in THEMES]
    shown = "".join(
        f'<a href="{escape(name)}"><img src="{escape(name)}" alt="{escape(name)}"></a>' for name in pictures
    )
    look = ' class="phone"' if screen.kind.get("viewport", {}).get("width", 1440) < 500 else ""
    return f"<section{look}><h2>{escape(screen.name)}</h2>{shown}</section>"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="; ".join(screen.name for screen in SCREENS))
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    options = parser.parse_args()
    if unknown := set(options.names) - {screen.name for screen in SCREENS}:
        parser.error(
            f"no screen {', '.join(sorted(unknown))}; there are {', '.join(screen.name for screen in SCREENS)}"
        )
    screens = [screen for screen in SCREENS if not options.names or screen.name in options.names]
    options.out.mkdir(parents=True, exist_ok=True)
    stage = Stage(PORT)
    with browsing() as browsers:
        wrong = [told for screen in screens for told in take(screen, stage, browsers, options.out)]
    stage.stop()
    (options.out / "index.html").write_text(sheet(SCREENS), encoding="utf-8")
    sys.stdout.write(f"{2 * len(screens)} pictures; see {options.out / 'index.html'}\n")
    sys.exit("\n".join(wrong) or 0)


if __name__ == "__main__":
    main()
