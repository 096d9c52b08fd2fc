"""A server's REST as a client sees it, answered from a table; no network."""

import json
from datetime import UTC, datetime
from typing import Any

import httpx

from lrscope.spec import Pick, Status, Sweep

ID = "0123456789abcdef"


def sweep(**changes: Any) -> Sweep:
    fields: dict[str, Any] = {
        "id": ID,
        "name": "clean",
        "recipe": "digits-clean",
        "params": {},
        "owner": "ada",
        "tags": [],
        "color": "#336699",
        "status": Status.DONE,
        "reason": None,
        "created_at": datetime(2026, 11, 23, 12, tzinfo=UTC),
        "started_at": None,
        "finished_at": None,
        "start_lr": 1e-7,
        "end_lr": 10.0,
        "num_iter": 3,
        "mode": "exp",
        "seed": 0,
        "diverge_ratio": 4.0,
        "group": None,
        "priority": 0,
        "steps_done": 3,
        "first_nonfinite_step": None,
        "attempt": 1,
        "worker": None,
        "device": None,
        "optimizer": "SGD",
        "queue_position": None,
        "eta_s": None,
        "pick": None,
        "archived": False,
        "notes": "",
    }
    return Sweep(**{**fields, **changes})


def pick(**changes: Any) -> Pick:
    fields: dict[str, Any] = {
        "id": 1,
        "lr": 3.2e-4,
        "author": "ada",
        "note": "",
        "created_at": datetime(2026, 11, 23, 12, tzinfo=UTC),
        "compared_with": [],
    }
    return Pick(**{**fields, **changes})


READING = {
    "suggestion": 3.2e-4,
    "low": 1e-4,
    "high": 1e-2,
    "diverges_at": 0.5,
    "confidence": 0.9,
    "reasons": [],
    "rules": {"steepest": 1e-3, "valley": None},
    "spreads": {},
    "curves": 1,
    "regions": [{"name": "sweet_spot", "from": 1e-4, "to": 1e-2, "decades": 2.0}],
    "noise": 0.1,
    "warnings": [],
}
POINTS = {"step": [0, 1, 2], "lr": [1e-7, 1e-3, 10.0], "loss": [2.5, 0.5, None], "next": 2}


class FakeApi:
    """Give `answers["GET /sweeps"] = ...`: a model, JSON, or a Response; look at `asked` afterwards."""

    def __init__(self) -> None:
        self.asked: list[httpx.Request] = []
        self.answers: dict[str, Any] = {
            f"GET /sweeps/{ID}": sweep(),
            f"GET /sweeps/{ID}/points": POINTS,
            f"GET /sweeps/{ID}/reading": READING,
        }
        self.transport = httpx.MockTransport(self._answer)

    @property
    def last(self) -> httpx.Request:
        return self.asked[-1]

    @property
    def body(self) -> Any:
        """Of the last request."""
        return json.loads(self.last.content)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.get(f"{request.method} {request.url.path}")
        if answer is None:
            return problem(404, "there is no such sweep")
        if callable(answer):
            answer = answer(request)
        if isinstance(answer, httpx.Response):
            return answer
        if isinstance(answer, Sweep | Pick):
            return httpx.Response(200, content=answer.model_dump_json())
        return httpx.Response(200, json=answer)


def problem(status: int, detail: str, errors: list[dict[str, Any]] | None = None) -> httpx.Response:
    body = {"type": "about:blank", "title": "?", "status": status, "detail": detail, "errors": errors or []}
    return httpx.Response(status, json=body, headers={"content-type": "application/problem+json"})


def page(*sweeps: Sweep, following: str | None = None) -> dict[str, Any]:
    return {"items": [found.model_dump(mode="json") for found in sweeps], "next": following}
