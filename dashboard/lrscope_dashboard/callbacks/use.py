"""The picked rate in a training: what was asked for, as a plan; its rates, its meaning, its code."""

import asyncio
from typing import Any

from dash import ClientsideFunction, Input, Output, no_update
from pydantic import ValidationError

from lrscope.errors import InvalidInput
from lrscope.plan import MEANING, Plan, rates, thinned
from lrscope.snippets import snippet
from lrscope_dashboard import ids

WORDS = {"epochs": "Epochs", "steps_per_epoch": "Steps per epoch", "pick": "The rate"}


def register(app: Any) -> None:
    async def use_rate(chosen: Any, schedule: Any, epochs: Any, steps: Any, framework: Any) -> tuple[Any, ...]:
        if not chosen:
            return no_update, no_update, no_update, no_update
        try:
            plan = Plan(schedule=schedule, pick=chosen["lr"], epochs=epochs, steps_per_epoch=steps)
            points = await asyncio.to_thread(lambda: thinned(rates(plan)))
        except (ValidationError, InvalidInput) as error:
            return no_update, no_update, no_update, problem(error)
        drawn = {"points": points, "steps": plan.steps, "pick": plan.pick, "lr": plan.lr}
        return drawn, MEANING[plan.schedule], snippet(plan, framework, chosen.get("optimizer")), ""

    app.callback(
        Output(ids.USE_RATES, "data"),
        Output(ids.USE_MEANING, "children"),
        Output(ids.USE_CODE, "children"),
        Output(ids.USE_ERROR, "children"),
        Input(ids.CHOSEN, "data"),
        Input(ids.USE_SCHEDULE, "value"),
        Input(ids.USE_EPOCHS, "value"),
        Input(ids.USE_STEPS, "value"),
        Input(ids.USE_FRAMEWORK, "value"),
        prevent_initial_call=True,
    )(use_rate)

    app.clientside_callback(
        ClientsideFunction("lrscope", "schedule"), Input(ids.USE_RATES, "data"), prevent_initial_call=True
    )


def problem(error: ValidationError | InvalidInput) -> str:
    """One sentence that names the input and what was typed there."""
    if isinstance(error, InvalidInput):
        first = error.fields[0]
        return f"{WORDS.get(first.field, first.field)} {first.reason} (got {first.value})"
    found = error.errors()[0]
    typed = "" if found["input"] in (None, "") else f" (got {found['input']})"
    field = str(found["loc"][0])
    return f"{WORDS.get(field, field)}: {found['msg'].removeprefix('Input ')}{typed}"
