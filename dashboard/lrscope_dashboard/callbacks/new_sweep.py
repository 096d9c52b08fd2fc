"""The new-sweep form: recipes in, a request out, errors back to their fields."""

from typing import Any

from dash import ALL, ClientsideFunction, Input, Output, State, ctx, no_update
from dash.development.base_component import Component
from pydantic import ValidationError

from lrscope.errors import InvalidInput, LrscopeError
from lrscope.recipe import RecipeInfo
from lrscope_dashboard import ids
from lrscope_dashboard.callbacks.demo import ANONYMOUS
from lrscope_dashboard.form import FORM, PARAM_PREFIX, Errors, errors_of, request_of
from lrscope_dashboard.layout.fields import params_section
from lrscope_dashboard.schema import fields_of
from lrscope_dashboard.source import SweepSource

NO_RECIPES = "No worker has announced a recipe yet. Start one with `lrscope worker`, then open this form again."


def register(app: Any, source: SweepSource) -> None:
    _opening(app, source)
    _recipe(app)
    _submitting(app, source)


def _opening(app: Any, source: SweepSource) -> None:
    async def open_form(_clicks: int | None, chosen: str | None, known: list[dict[str, Any]] | None) -> tuple[Any, ...]:
        recipes = [recipe.model_dump() for recipe in sorted(await source.recipes(), key=lambda recipe: recipe.name)]
        names = [recipe["name"] for recipe in recipes]
        if _find(chosen, recipes) and _find(chosen, recipes) == _find(chosen, known):
            return True, recipes, names, no_update, ""  # what was typed before stays
        chosen = chosen if chosen in names else next(iter(names), None)
        return True, recipes, names, chosen, "" if names else NO_RECIPES

    app.callback(
        Output(ids.DRAWER, "opened"),
        Output(ids.RECIPES, "data"),
        Output(ids.RECIPE, "data"),
        Output(ids.RECIPE, "value"),
        Output(ids.FORM_ERROR, "children"),
        Input(ids.NEW, "n_clicks"),
        State(ids.RECIPE, "value"),
        State(ids.RECIPES, "data"),
        prevent_initial_call=True,
    )(open_form)

    app.clientside_callback(
        ClientsideFunction("lrscope", "close"),
        Output(ids.DRAWER, "opened", allow_duplicate=True),
        Input(ids.FORM_CANCEL, "n_clicks"),
        prevent_initial_call=True,
    )


def _recipe(app: Any) -> None:
    async def show_recipe(chosen: str | None, recipes: list[dict[str, Any]] | None) -> tuple[str, Component | None]:
        recipe = _find(chosen, recipes)
        if recipe is None:
            return "", None
        return recipe.description, params_section(fields_of(recipe.params_schema))

    app.callback(
        Output(ids.RECIPE_HELP, "children"),
        Output(ids.PARAMS, "children"),
        Input(ids.RECIPE, "value"),
        State(ids.RECIPES, "data"),
        prevent_initial_call=True,
    )(show_recipe)


def _submitting(app: Any, source: SweepSource) -> None:
    async def submit(
        _clicks: int | None,
        chosen: str | None,
        recipes: list[dict[str, Any]] | None,
        _fields: list[Any],
        _params: list[Any],
        _flags: list[Any],
        me: str | None,
    ) -> tuple[Any, ...]:
        typed, params, flags = (_by_name(group) for group in ctx.states_list[2:5])
        recipe = _find(chosen, recipes)
        fields = fields_of(recipe.params_schema) if recipe else []
        request, errors = request_of(chosen, fields, typed, {**params, **flags})
        made = []
        if request is not None:
            try:
                made = await source.submit(request, me or ANONYMOUS)
            except (ValidationError, InvalidInput) as error:
                errors = errors_of(error)
            except LrscopeError as error:
                errors = {FORM: error.detail}
        at_fields = [[errors.get(name) for name in typed]]
        at_fields += [[errors.get(PARAM_PREFIX + name) for name in group] for group in (params, flags)]
        opened, submitted = (no_update, no_update) if errors else (False, [sweep.id for sweep in made])
        return opened, submitted, _left_over(errors, [*typed], [*params, *flags]), errors.get("recipe"), *at_fields

    app.callback(
        Output(ids.DRAWER, "opened", allow_duplicate=True),
        Output(ids.SUBMITTED, "data"),
        Output(ids.FORM_ERROR, "children", allow_duplicate=True),
        Output(ids.RECIPE, "error"),
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
        running=[(Output(ids.SUBMIT, "disabled"), True, False)],
        prevent_initial_call=True,
    )(submit)


def _left_over(errors: Errors, fields: list[str], params: list[str]) -> str:
    """Errors that no input of the form can show."""
    shown = {"recipe", *fields, *(PARAM_PREFIX + name for name in params)}
    return " ".join(text if key == FORM else f"{key}: {text}" for key, text in errors.items() if key not in shown)


def _by_name(group: list[dict[str, Any]]) -> dict[str, Any]:
    """{name: value} of pattern-matched inputs, in their order."""
    return {item["id"]["name"]: item.get("value") for item in group}


def _find(name: str | None, recipes: list[dict[str, Any]] | None) -> RecipeInfo | None:
    return next((RecipeInfo(**recipe) for recipe in recipes or [] if recipe["name"] == name), None)
