"""The three demo sweeps, from the empty page's one button."""

from typing import Any

from dash import Input, Output, State, no_update

from lrscope.demo import DEMO_SWEEPS
from lrscope.errors import LrscopeError
from lrscope_dashboard import ids
from lrscope_dashboard.source import SweepSource

ANONYMOUS = "anonymous"


def register(app: Any, source: SweepSource) -> None:
    async def queue_demo(_clicks: int | None, me: str | None) -> tuple[Any, Any]:
        try:
            made = [sweep for request in DEMO_SWEEPS for sweep in await source.submit(request, me or ANONYMOUS)]
        except LrscopeError as error:
            return no_update, error.detail
        return [made[0].id], ""

    app.callback(
        Output(ids.SUBMITTED, "data", allow_duplicate=True),
        Output(ids.DEMO_ERROR, "children"),
        Input(ids.DEMO, "n_clicks"),
        State(ids.ME, "data"),
        running=[(Output(ids.DEMO, "disabled"), True, False)],
        prevent_initial_call=True,
    )(queue_demo)
