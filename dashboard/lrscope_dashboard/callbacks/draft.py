"""While the form is filled in: the same request as shell lines, and errors that go as soon as they are mended."""

from typing import Any

from dash import ALL, ClientsideFunction, Input, Output, State, ctx, no_update

from lrscope_dashboard import ids
from lrscope_dashboard.callbacks.demo import ANONYMOUS
from lrscope_dashboard.callbacks.inputs import by_name, find_recipe
from lrscope_dashboard.commands import body_of, curl_of, submit_of
from lrscope_dashboard.form import PARAM_PREFIX, Errors, request_of
from lrscope_dashboard.schema import fields_of

INPUTS = ((ids.FIELD, "value"), (ids.PARAM, "value"), (ids.FLAG, "checked"))


def register(app: Any) -> None:
    _following(app)
    app.clientside_callback(  # the range on its axis, what differs from the original, how long it takes
        ClientsideFunction("lrscope", "draft"),
        Input(ids.RECIPE, "value"),
        *(Input(ids.of(kind, ALL), name) for kind, name in INPUTS),
        Input(ids.ORIGIN, "data"),
        Input(ids.DRAWER, "opened"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("lrscope", "faults"), Input(ids.FAULTS, "data"), prevent_initial_call=True
    )


def _following(app: Any) -> None:
    async def follow(
        chosen: str | None,
        _fields: list[Any],
        _params: list[Any],
        _flags: list[Any],
        recipes: list[dict[str, Any]] | None,
        me: str | None,
        server: str | None,
        *_errors: list[Any],
    ) -> tuple[Any, ...]:
        typed, params, flags = (by_name(group) for group in ctx.inputs_list[1:4])
        recipe = find_recipe(chosen, recipes)
        fields = fields_of(recipe.params_schema) if recipe else []
        request, errors = request_of(chosen, fields, typed, {**params, **flags})
        shown = [by_name(group) for group in ctx.states_list[3:6]]
        at_fields = [_mended(group, errors, prefix) for group, prefix in zip(shown, PREFIXES, strict=True)]
        if request is None:
            name, why = next(iter(errors.items()))
            told = f"# {name.removeprefix(PARAM_PREFIX)}: {why[:1].lower()}{why[1:]}"
            return told, told, *at_fields
        body = body_of(request, fields)
        return submit_of(body, server or ""), curl_of(body, server or "", me or ANONYMOUS), *at_fields

    app.callback(
        Output(ids.SUBMIT_LINE, "children"),
        Output(ids.CURL, "children"),
        *(Output(ids.of(kind, ALL), "error", allow_duplicate=True) for kind, _ in INPUTS),
        Input(ids.RECIPE, "value"),
        *(Input(ids.of(kind, ALL), name) for kind, name in INPUTS),
        State(ids.RECIPES, "data"),
        State(ids.ME, "data"),
        State(ids.SERVER_URL, "data"),
        *(State(ids.of(kind, ALL), "error") for kind, _ in INPUTS),
        prevent_initial_call=True,
    )(follow)


PREFIXES = ("", PARAM_PREFIX, PARAM_PREFIX)


def _mended(shown: dict[str, Any], errors: Errors, prefix: str) -> list[Any]:
    """No new errors while one types; a shown one goes when it is mended. What only the worker's recipe can refuse
    goes once its field is touched."""
    touched = {item["prop_id"] for item in ctx.triggered}
    found = []
    for name, error in shown.items():
        now = errors.get(prefix + name)
        local = not prefix or any(f'"{name}"' in prop for prop in touched)
        found.append(no_update if not error or (now is None and not local) else now)
    return found
