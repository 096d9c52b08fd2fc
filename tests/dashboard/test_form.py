"""The form of a new sweep, without a browser: schemas into fields, typed text into requests, errors to their fields."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, ValidationError

from lrscope.errors import FieldError, InvalidInput
from lrscope.spec import SweepRequest
from lrscope_dashboard.form import FORM, errors_of, request_of
from lrscope_dashboard.layout.fields import params_section
from lrscope_dashboard.schema import ParamField, fields_of, number, param_of


class Params(BaseModel):
    batch_size: Annotated[int, Field(ge=1, le=512, description="Examples in one step.")] = 128
    weight_decay: Annotated[float, Field(ge=0)] = 5e-4
    optimizer: Literal["sgd", "adam"] = "sgd"
    depth: Literal[18, 50] = 18
    augment: bool = True
    note: str = ""
    warmup: int | None = None


FIELDS = {field.name: field for field in fields_of(Params.model_json_schema())}
TYPED: dict[str, Any] = {
    "start_lr": "1e-7",
    "end_lr": "10",
    "num_iter": 100,
    "mode": "exp",
    "seeds": "0",
    "diverge_ratio": "4",
    "stages": "1",
    "name": "",
    "tags": "",
    "priority": 0,
    "device": "any",
}


def request(**changes: Any) -> SweepRequest:
    made, errors = request_of("resnet", [], {**TYPED, **changes}, {})
    assert errors == {}
    assert made is not None
    return made


def errors(fields: list[ParamField] | None = None, params: dict[str, Any] | None = None, **changes: Any) -> Any:
    made, found = request_of("resnet", fields or [], {**TYPED, **changes}, params or {})
    assert made is None
    return found


def test_a_schema_becomes_fields_of_the_right_kind() -> None:
    kinds = {name: field.kind for name, field in FIELDS.items()}
    assert kinds == {
        "batch_size": "int",
        "weight_decay": "float",
        "optimizer": "choice",
        "depth": "choice",
        "augment": "bool",
        "note": "text",
        "warmup": "int",
    }


def test_bounds_and_help_come_along() -> None:
    field = FIELDS["batch_size"]
    assert (field.default, field.low, field.high, field.help) == (128, 1, 512, "Examples in one step.")
    assert field.bounds == "1 to 512"
    assert FIELDS["weight_decay"].bounds == "from 0"
    assert FIELDS["warmup"].optional


def test_an_enum_by_reference_is_a_choice() -> None:
    size = {"enum": ["s", "m"], "type": "string"}
    schema = {"$defs": {"Size": size}, "properties": {"size": {"$ref": "#/$defs/Size"}}}
    assert fields_of(schema)[0].choices == ("s", "m")


def test_every_kind_has_an_input() -> None:
    assert len(params_section([*FIELDS.values()], {}).children) == len(FIELDS)
    assert "no parameters" in str(params_section([], {}))


def test_a_choice_keeps_the_type_it_had() -> None:
    assert param_of(FIELDS["depth"], "50") == 50


def test_an_empty_optional_number_is_none_and_a_needed_one_an_error() -> None:
    assert param_of(FIELDS["warmup"], "") is None
    with pytest.raises(ValueError, match="needs a number"):
        param_of(FIELDS["batch_size"], "")


@pytest.mark.parametrize("text", ["3e-4", "0.0003", "0,0003", " 3E-4 ", "3e−4"])
def test_numbers_are_taken_as_people_write_them(text: str) -> None:
    assert number(text) == 3e-4


def test_the_defaults_make_the_default_request() -> None:
    assert request() == SweepRequest(recipe="resnet", seed=0)


def test_several_seeds_make_a_group_and_one_stays_a_seed() -> None:
    assert request(seeds="1, 2,3").seeds == [1, 2, 3]
    assert request(seeds="7").seed == 7


def test_an_empty_ratio_means_never_stop() -> None:
    assert request(diverge_ratio="").diverge_ratio is None


def test_a_closer_look_is_a_second_stage() -> None:
    assert [request(stages=chosen).stages for chosen in ("2", "1", None)] == [2, 1, 1]


def test_tags_are_split_at_commas() -> None:
    assert request(tags="a, b c ,").tags == ["a", "b c"]


def test_junk_is_told_at_its_field_and_nothing_is_asked_for() -> None:
    found = errors([FIELDS["batch_size"]], {"batch_size": "many"}, start_lr="soon", num_iter="", seeds="1, x")
    assert set(found) == {"start_lr", "num_iter", "seeds", "params.batch_size"}
    assert "soon" in found["start_lr"]


def test_everything_that_is_wrong_is_told_at_once() -> None:
    """What cannot be read, what is out of the request's bounds, and what is out of a parameter's."""
    found = errors([FIELDS["batch_size"]], {"batch_size": "0"}, seeds="x", num_iter="1")
    assert set(found) == {"seeds", "num_iter", "params.batch_size"}
    assert found["params.batch_size"] == "Must be greater than or equal to 1"
    assert set(errors(start_lr="soon", end_lr="1e-9")) == {"start_lr"}


def test_a_span_is_told_in_the_words_of_the_form() -> None:
    assert errors(start_lr="1", end_lr="0.1")["end_lr"].startswith("The end (0.1) must be above the start (1)")


def test_bounds_of_the_request_are_told_at_their_field() -> None:
    assert set(errors(num_iter=1, priority=500)) == {"num_iter", "priority"}
    assert set(errors(start_lr="1", end_lr="0.1")) == {"end_lr"}
    assert set(errors(seeds="1, 1")) == {"seeds"}
    assert set(errors(tags="a" * 60)) == {"tags"}


def test_a_recipe_must_be_chosen() -> None:
    assert request_of(None, [], TYPED, {})[1] == {"recipe": "Choose a recipe"}


def test_what_the_server_refuses_goes_to_the_parameter_it_names() -> None:
    refused = InvalidInput("recipe resnet", (FieldError("params.batch_size", 0, "must be 1 or more"),))
    assert errors_of(refused) == {"params.batch_size": "Must be 1 or more"}
    assert errors_of(InvalidInput("no such thing")) == {FORM: "No such thing"}


def test_a_validation_error_without_a_place_is_told_under_the_form() -> None:
    with pytest.raises(ValidationError) as caught:
        SweepRequest.model_validate("no request")
    assert FORM in errors_of(caught.value)
