"""The new-sweep form: recipes in, a request out, errors back to their fields."""

import hashlib
from typing import Any
from uuid import uuid4

from dash import ALL, ClientsideFunction, Input, Output, State, ctx, no_update
from dash.development.base_component import Component
from pydantic import ValidationError

from lrscope.errors import InvalidInput, LrscopeError
from lrscope.spec import Sweep, SweepRequest
from lrscope_dashboard import ids
from lrscope_dashboard.callbacks.demo import ANONYMOUS
from lrscope_dashboard.callbacks.inputs import by_name, find_recipe, texts_for
from lrscope_dashboard.form import FORM, PARAM_PREFIX, Errors, errors_of, request_of, typed_of
from lrscope_dashboard.layout.fields import params_section
from lrscope_dashboard.schema import fields_of
from lrscope_dashboard.source import SweepSource

NO_RECIPES = "No worker has announced a recipe yet. Start one with `lrscope worker`, then open this form again."


def register(app: Any, source: SweepSource) -> None:
    _opening(app, source)
    _recipe(app)
    _submitting(app, source)


def _opening(app: Any, source: SweepSource) -> None:
    async def recipes_now() -> list[dict[str, Any]]:
        return [recipe.model_dump() for recipe in sorted(await source.recipes(), key=lambda recipe: recipe.name)]

    async def open_form(
        _clicks: int | None, chosen: str | None, known: list[dict[str, Any]] | None, key: str | None
    ) -> tuple[Any, ...]:
        recipes = await recipes_now()
        names = [recipe["name"] for recipe in recipes]
        key = key or uuid4().hex
        if find_recipe(chosen, recipes) and find_recipe(chosen, recipes) == find_recipe(chosen, known):
            return True, recipes, names, no_update, "", key  # what was typed before stays
        chosen = chosen if chosen in names else next(iter(names), None)
        return True, recipes, names, chosen, "" if names else NO_RECIPES, key

    async def fill_form(prefill: dict[str, Any] | None) -> tuple[Any, ...]:
        """The form as it would make this request; what it came from is kept, to show what differs."""
        if prefill is None:
            return (no_update,) * 7 + (texts_for(ctx.outputs_list[7], {}),)
        recipes, asked = await recipes_now(), prefill["asked"]
        names = [recipe["name"] for recipe in recipes]
        known = asked["recipe"] in names
        told = "" if known else f"No worker has announced {asked['recipe']} to this server; choose another recipe."
        origin = {**prefill, "typed": typed_of(prefill["original"])}
        chosen = asked["recipe"] if known else None
        return True, recipes, names, chosen, told, uuid4().hex, origin, texts_for(ctx.outputs_list[7], typed_of(asked))

    opened = [
        (ids.DRAWER, "opened"),
        (ids.RECIPES, "data"),
        (ids.RECIPE, "data"),
        (ids.RECIPE, "value"),
        (ids.FORM_ERROR, "children"),
        (ids.FORM_KEY, "data"),
    ]
    app.callback(
        *(Output(id, name) for id, name in opened),
        Input(ids.NEW, "n_clicks"),
        State(ids.RECIPE, "value"),
        State(ids.RECIPES, "data"),
        State(ids.FORM_KEY, "data"),
        prevent_initial_call=True,
    )(open_form)
    app.callback(
        *(Output(id, name, allow_duplicate=True) for id, name in opened),
        Output(ids.ORIGIN, "data"),
        Output(ids.of(ids.FIELD, ALL), "value"),
        Input(ids.PREFILL, "data"),
        prevent_initial_call=True,
    )(fill_form)
    app.clientside_callback(
        ClientsideFunction("lrscope", "close"),
        Output(ids.DRAWER, "opened", allow_duplicate=True),
        Input(ids.FORM_CANCEL, "n_clicks"),
        prevent_initial_call=True,
    )


def _recipe(app: Any) -> None:
    async def show_recipe(
        chosen: str | None, origin: dict[str, Any] | None, recipes: list[dict[str, Any]] | None
    ) -> tuple[str, Component | None]:
        recipe = find_recipe(chosen, recipes)
        if recipe is None:
            return "", None
        asked = origin["asked"] if origin else {}
        values = asked.get("params", {}) if asked.get("recipe") == chosen else {}
        return recipe.description, params_section(fields_of(recipe.params_schema), values)

    async def reset(_clicks: int | None) -> tuple[Any, ...]:
        return None, texts_for(ctx.outputs_list[1], typed_of({})), *_all_clear(ctx.outputs_list[2:5]), None, ""

    app.callback(
        Output(ids.RECIPE_HELP, "children"),
        Output(ids.PARAMS, "children"),
        Input(ids.RECIPE, "value"),
        Input(ids.ORIGIN, "data"),
        State(ids.RECIPES, "data"),
        prevent_initial_call=True,
    )(show_recipe)
    app.callback(
        Output(ids.ORIGIN, "data", allow_duplicate=True),
        Output(ids.of(ids.FIELD, ALL), "value", allow_duplicate=True),
        *(Output(ids.of(kind, ALL), "error", allow_duplicate=True) for kind in (ids.FIELD, ids.PARAM, ids.FLAG)),
        Output(ids.RECIPE, "error", allow_duplicate=True),
        Output(ids.FORM_ERROR, "children", allow_duplicate=True),
        Input(ids.FORM_RESET, "n_clicks"),
        prevent_initial_call=True,
    )(reset)


def _submitting(app: Any, source: SweepSource) -> None:
    async def submit(
        _clicks: int | None,
        chosen: str | None,
        recipes: list[dict[str, Any]] | None,
        _fields: list[Any],
        _params: list[Any],
        _flags: list[Any],
        me: str | None,
        key: str | None,
        opened: bool,
    ) -> tuple[Any, ...]:
        if not opened:  # a late second click: the first one has closed the form
            return (no_update,) * 7 + tuple([no_update] * len(group) for group in ctx.outputs_list[7:])
        typed, params, flags = (by_name(group) for group in ctx.states_list[2:5])
        recipe = find_recipe(chosen, recipes)
        fields = fields_of(recipe.params_schema) if recipe else []
        request, errors = request_of(chosen, fields, typed, {**params, **flags})
        made: list[Sweep] = []
        if request is not None:
            made, errors = await _ask(source, request, me or ANONYMOUS, key)
        at_fields = [[errors.get(name) for name in typed]]
        at_fields += [[errors.get(PARAM_PREFIX + name) for name in group] for group in (params, flags)]
        if errors:
            left_over = _left_over(errors, [*typed], [*params, *flags])
            kept = [no_update] * len(typed)
            return *(no_update,) * 4, [*errors], left_over, errors.get("recipe"), kept, *at_fields
        clean = texts_for(ctx.outputs_list[7], typed_of({}))
        return False, [sweep.id for sweep in made], uuid4().hex, None, no_update, "", None, clean, *at_fields

    app.callback(
        Output(ids.DRAWER, "opened", allow_duplicate=True),
        Output(ids.SUBMITTED, "data"),
        Output(ids.FORM_KEY, "data", allow_duplicate=True),
        Output(ids.ORIGIN, "data", allow_duplicate=True),
        Output(ids.FAULTS, "data"),
        Output(ids.FORM_ERROR, "children", allow_duplicate=True),
        Output(ids.RECIPE, "error"),
        Output(ids.of(ids.FIELD, ALL), "value", allow_duplicate=True),
        Output(ids.of(ids.FIELD, ALL), "error"),
        Output(ids.of(ids.PARAM, ALL), "error"),
        Output(ids.of(ids.FLAG, ALL), "error"),
        Input(ids.SUBMIT, "n_clicks"),
        State(ids.RECIPE, "value"),
        State(ids.RECIPES, "data"),
        State(ids.of(ids.FIELD, ALL), "value"),
        State(ids.of(ids.PARAM, ALL), "value"),
        State(ids.of(ids.FLAG, ALL), "checked"),
        State(ids.ME, "data"),
        State(ids.FORM_KEY, "data"),
        State(ids.DRAWER, "opened"),
        running=[(Output(ids.SUBMIT, "disabled"), True, False)],
        prevent_initial_call=True,
    )(submit)


async def _ask(source: SweepSource, request: SweepRequest, owner: str, key: str | None) -> tuple[list[Sweep], Errors]:
    """(sweeps, {}) or ([], errors). The same request of the same opening of the form is queued once."""
    digest = hashlib.sha256(request.model_dump_json().encode()).hexdigest()[:16]
    try:
        return await source.submit(request, owner, key=f"form-{key}-{digest}" if key else None), {}
    except (ValidationError, InvalidInput) as error:
        return [], errors_of(error)
    except LrscopeError as error:
        return [], {FORM: error.detail}


def _all_clear(groups: list[list[Any]]) -> list[list[None]]:
    return [[None] * len(group) for group in groups]


def _left_over(errors: Errors, fields: list[str], params: list[str]) -> str:
    """Errors that no input of the form can show."""
    shown = {"recipe", *fields, *(PARAM_PREFIX + name for name in params)}
    return " ".join(text if key == FORM else f"{key}: {text}" for key, text in errors.items() if key not in shown)
