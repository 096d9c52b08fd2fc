"""REST of the fake server beyond watching and picking: change, delete, bring back, move up."""

from typing import Any

from fastapi import FastAPI
from pydantic import TypeAdapter, ValidationError
from starlette.responses import Response

from lrscope.errors import Conflict, InvalidInput, NotFound
from lrscope.spec import Name, Status, Sweep
from tests.dashboard.fake_source import FakeSource

NAME: TypeAdapter[str] = TypeAdapter(Name)


def add_verbs(app: FastAPI, source: FakeSource) -> None:
    deleted: dict[str, Sweep] = {}

    @app.get("/sweeps/{id}")
    async def get(id: str) -> Any:
        return source.sweep(id)

    @app.patch("/sweeps/{id}")
    async def change(id: str, body: dict[str, Any]) -> Any:
        if "name" in body:
            try:
                body["name"] = NAME.validate_python(body["name"])
            except ValidationError as error:
                raise InvalidInput.of("name", body["name"], error.errors()[0]["msg"]) from None
        return source.change(id, **body)

    @app.delete("/sweeps/{id}", status_code=204)
    async def delete(id: str) -> Response:
        if source.sweep(id).status is Status.RUNNING:
            raise Conflict(f"sweep {id} is running: cancel it first")
        deleted[id] = source.sweep(id)
        source.delete(id)
        return Response(status_code=204)

    @app.post("/sweeps/{id}/restore")
    async def restore(id: str) -> Any:
        if id not in deleted:
            raise NotFound(f"no sweep {id}")
        return source.bring_back(deleted.pop(id))

    @app.post("/sweeps/{id}/front")
    async def front(id: str, body: dict[str, int] | None = None) -> Any:
        return source.front(id, (body or {}).get("by"))
