"""A curve as a plotly figure, for notebooks. The page draws its own."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from lrscope.curve import Curve, first_nonfinite, smooth
from lrscope.shape import WIDTH

BLUE, GREEN = "#0072B2", "#009E73"


def figure(curve: Curve) -> Any:
    """Raw loss as a ghost, its smooth as a line, the sweet spot shaded, the suggestion marked. x is logarithmic."""
    drawn = go.Figure()
    end = first_nonfinite(curve.loss)
    lr, loss = curve.lr[:end], curve.loss[:end]
    drawn.add_scatter(x=lr, y=loss, mode="lines", line={"color": BLUE, "width": 1}, opacity=0.35, name="loss")
    if len(lr) >= 3:
        fit, _ = smooth(np.log10(lr), np.minimum(loss, _ceiling(loss)), WIDTH)
        drawn.add_scatter(x=lr, y=fit, mode="lines", line={"color": BLUE, "width": 2.5}, name="smoothed")
        drawn.update_yaxes(range=[float(loss.min()) - 0.05 * _drop(loss), _ceiling(loss)])
    reading = curve.reading()
    if reading.low is not None and reading.high is not None:
        drawn.add_vrect(x0=reading.low, x1=reading.high, fillcolor=GREEN, opacity=0.12, line_width=0)
    if reading.suggestion is not None:
        note = f"suggestion {reading.suggestion:.2g}"
        drawn.add_vline(x=reading.suggestion, line_dash="dot", line_color=GREEN, annotation_text=note)
    drawn.update_xaxes(type="log", title="learning rate", exponentformat="power", dtick=1)
    drawn.update_yaxes(title="loss")
    drawn.update_layout(template="plotly_white", margin={"l": 60, "r": 20, "t": 30, "b": 50})
    return drawn


def _drop(loss: Any) -> float:
    return float(np.median(loss[: max(3, len(loss) // 10)]) - loss.min()) or 1.0


def _ceiling(loss: Any) -> float:
    """A little above the start: a blow-up would flatten all before it."""
    return float(np.median(loss[: max(3, len(loss) // 10)]) + 0.5 * abs(_drop(loss)))
