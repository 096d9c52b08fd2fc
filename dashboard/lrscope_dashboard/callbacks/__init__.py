"""Wiring. No point of a curve passes here: those go by the page's own socket."""

from typing import Any

from lrscope_dashboard.callbacks import controls, demo, draft, new_sweep, use
from lrscope_dashboard.source import SweepSource

__all__ = ["register"]


def register(app: Any, source: SweepSource) -> None:
    """Add every callback to this app; the module level holds none, so that two apps can live in one process."""
    controls.register(app)
    new_sweep.register(app, source)
    draft.register(app)
    demo.register(app, source)
    use.register(app)
