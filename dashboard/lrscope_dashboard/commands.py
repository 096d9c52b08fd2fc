"""A request as a line for a shell: curl, or `lrscope submit`. What is the default is left out."""

import json
import shlex
from typing import Any
from urllib.parse import quote

from lrscope.spec import ParamValue, SweepRequest
from lrscope_dashboard.form import rate_text
from lrscope_dashboard.schema import ParamField

RATES = {"start_lr", "end_lr"}
OPTIONS = {"start_lr", "end_lr", "num_iter", "mode", "seed", "stages", "name", "priority", "device"}


def body_of(request: SweepRequest, fields: list[ParamField]) -> dict[str, Any]:
    """The request's JSON, without what the server or the recipe would fill in alike."""
    body = request.model_dump(mode="json", exclude_defaults=True)
    usual = {field.name: field.default for field in fields}
    params = {name: value for name, value in request.params.items() if name not in usual or value != usual[name]}
    return {name: value for name, value in {**body, "params": params}.items() if value or name != "params"}


def curl_of(body: dict[str, Any], server: str, owner: str) -> str:
    """The POST, in the name of `owner`."""
    words = ["curl", f"{server}/sweeps", "-H", "content-type: application/json"]
    words += ["-H", f"lrscope-user: {quote(owner)}", "-d", json.dumps(body, ensure_ascii=False)]
    return shlex.join(words)


def submit_of(body: dict[str, Any], server: str) -> str:
    """The command; it asks in the name of whoever runs it."""
    words = ["lrscope", "submit", body["recipe"], "--server", server]
    for name, value in body.get("params", {}).items():
        words += _option("param", f"{name}={_param(value)}")
    for name, value in body.items():
        if name in OPTIONS:
            words += _option(name, rate_text(value) if name in RATES else str(value))
    if "seeds" in body:
        words += _option("seeds", ",".join(map(str, body["seeds"])))
    if "diverge_ratio" in body:
        ratio = body["diverge_ratio"]
        words += _option("diverge_ratio", "none" if ratio is None else str(ratio))
    for tag in body.get("tags", ()):
        words += _option("tag", tag)
    return shlex.join(words)


def _option(name: str, value: str) -> list[str]:
    option = "--" + name.replace("_", "-")
    return [f"{option}={value}"] if value.startswith("-") else [option, value]


def _param(value: ParamValue) -> str:
    """As `--param` reads it: JSON where it is JSON, else text."""
    if not isinstance(value, str):
        return json.dumps(value)
    try:
        json.loads(value)
    except ValueError:
        return value
    return json.dumps(value)
