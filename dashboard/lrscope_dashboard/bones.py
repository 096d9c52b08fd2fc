"""What stands before the scripts have run: the page's layout as quiet shapes, in the HTML itself.

It lies over the page with the same grid and sizes, so nothing moves when assets/90_boot.js takes it away. If that never
comes, it says so after a while, without a script.
"""


def _shape(width: int, height: int = 10) -> str:
    return f'<i class="bone bone--{width} bone--h{height}"></i>'


def _panel(name: str, *content: str) -> str:
    return f'<div class="panel panel--{name}">{"".join(content)}</div>'


def _row(width: int) -> str:
    return f'<div class="bones__row">{_shape(24, 24)}<div>{_shape(width)}{_shape(60, 8)}</div></div>'


FACT = f'<div class="bones__fact">{_shape(60)}{_shape(90)}</div>'

SWEEPS = _panel(
    "sweeps",
    '<div class="panel__head"><span class="panel__title">Sweeps</span></div>',
    f'<div class="bones__rows">{"".join(map(_row, (120, 90, 140, 100, 80)))}</div>',
)
PLOT = _panel("plot", f'<div class="toolbar">{_shape(60)}{_shape(120)}</div>', '<div class="bones__plot"></div>')
DECISION = _panel(
    "decision", f'<div class="block">{_shape(140, 16)}{_shape(120)}</div>', f'<div class="block">{4 * FACT}</div>'
)

BONES = f"""<div class="bones">
    <div class="bones__page" aria-hidden="true">
      <div class="bar"><span class="wordmark"><span class="mark"></span>lrscope</span>{_shape(90, 24)}</div>
      <div class="bench">{SWEEPS}{PLOT}{DECISION}</div>
    </div>
    <p class="sr-only" role="status">Loading</p>
    <p class="bones__late">
      This takes longer than usual. <a href="">Load the page again</a>; if that does not help, look at what the server
      prints.
    </p>
  </div>"""
