"""Errors as RFC 9457 problem details, `application/problem+json`: type, title, status, detail, errors[]."""

import logging
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException

from lrscope.errors import FieldError, LrscopeError, status_of

log = logging.getLogger(__name__)


class Problem(BaseModel):
    """The body of every reply from 400 up."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[dict[str, Any]] = []


def problem(status: int, title: str, detail: str, fields: Iterable[FieldError] = ()) -> JSONResponse:
    body = Problem(title=title, status=status, detail=detail, errors=[field.as_json() for field in fields])
    return JSONResponse(body.model_dump(), status_code=status, media_type="application/problem+json")


def problem_of(error: LrscopeError) -> JSONResponse:
    return problem(status_of(error)[0], error.title, error.detail, error.fields)


def add_problem_handlers(app: FastAPI) -> None:
    @app.exception_handler(LrscopeError)
    async def ours(_: Request, error: LrscopeError) -> JSONResponse:
        return problem_of(error)

    @app.exception_handler(RequestValidationError)
    @app.exception_handler(ValidationError)
    async def invalid(_: Request, error: RequestValidationError | ValidationError) -> JSONResponse:
        fields = [_field(e) for e in error.errors()]
        told = "; ".join(f"{field.field}: {field.reason}" for field in fields)
        return problem(422, "That value cannot be taken", told.encode("utf-8", "backslashreplace").decode(), fields)

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        detail = error.detail
        if error.status_code == 404:
            detail = f"{request.url.path} is not a route of this server; GET /openapi.json lists them"
        if error.status_code == 405:
            detail = f"{request.method} is not a method of {request.url.path}"
        reply = problem(error.status_code, HTTPStatus(error.status_code).phrase, detail)
        reply.headers.update(error.headers or {})
        return reply

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> JSONResponse:
        log.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return problem(500, "Something went wrong", "The server's log has the details; the request changed nothing.")


def _field(error: Any) -> FieldError:
    """One of pydantic's errors; `body.` and `query.` are left out of the field's name."""
    place = [str(part) for part in error["loc"]]
    if place and place[0] in ("body", "query", "path", "header"):
        place = place[1:]
    if error["type"] == "json_invalid":
        return FieldError("body", None, f"is not JSON: {error.get('ctx', {}).get('error', error['msg'])}")
    reason = error["msg"].removeprefix("Value error, ")
    return FieldError(".".join(place) or "body", error.get("input"), reason)
