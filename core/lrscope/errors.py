"""Everything that can go wrong, as one tree, and the one table that says how the outside sees it.

LrscopeError
├── InvalidInput          a value that cannot be taken: names the field, the value and the reason
├── Forbidden             this Host, Origin or person may not do that
├── NotFound              no such sweep, recipe, worker
├── Conflict              the state it is in forbids it
│   └── LeaseLost         the sweep has been given to somebody else
├── TooLarge              a body or a frame above the limit
├── WireError             a message that is not of the protocol, or of another version of it
├── RecipeError           a recipe that cannot be loaded, or does not build a problem
└── Unreachable           no lrscope server answers there
"""

import math
from typing import Any, NamedTuple


class FieldError(NamedTuple):
    """One offending value: where it stood, what it was, why it cannot be taken."""

    field: str
    value: Any
    reason: str

    def as_json(self) -> dict[str, Any]:
        return {"field": self.field, "value": _json_safe(self.value), "reason": self.reason}


class LrscopeError(Exception):
    """Root of the tree. `str(error)` is one sentence that names the value and the way out."""

    title = "Something went wrong"

    def __init__(self, detail: str, fields: tuple[FieldError, ...] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.fields = fields


class InvalidInput(LrscopeError):
    title = "That value cannot be taken"

    @classmethod
    def of(cls, field: str, value: Any, reason: str) -> "InvalidInput":
        return cls(f"{field}: {reason} (got {value!r})", (FieldError(field, value, reason),))


class Forbidden(LrscopeError):
    title = "Not allowed"


class NotFound(LrscopeError):
    title = "Not found"


class Conflict(LrscopeError):
    title = "The state it is in forbids that"


class LeaseLost(Conflict):
    title = "The sweep was given to another worker"


class TooLarge(LrscopeError):
    title = "Too large"


class WireError(LrscopeError):
    title = "Not a message of the lrscope wire"


class RecipeError(LrscopeError):
    title = "The recipe cannot be used"


class Unreachable(LrscopeError):
    title = "No lrscope server answers there"


# error -> (HTTP status, websocket close code). The first class in an error's MRO that stands here decides.
STATUS: dict[type[LrscopeError], tuple[int, int]] = {
    LeaseLost: (409, 4409),
    InvalidInput: (422, 4422),
    Forbidden: (403, 4403),
    NotFound: (404, 4404),
    Conflict: (409, 4409),
    TooLarge: (413, 1009),
    WireError: (400, 4400),
    LrscopeError: (500, 1011),
}
TOO_SLOW = 4408  # close code of a viewer that cannot keep up


def status_of(error: LrscopeError) -> tuple[int, int]:
    """(HTTP status, close code) of an error."""
    return next(STATUS[cls] for cls in type(error).__mro__ if cls in STATUS)


def error_for(http_status: int) -> type[LrscopeError]:
    """The class a client raises for an HTTP status: the inverse of the table above. Leases are no matter of clients."""
    return next(
        (cls for cls, (status, _) in STATUS.items() if status == http_status and cls is not LeaseLost), LrscopeError
    )


def _json_safe(value: Any) -> Any:
    """`value` if it is a short JSON scalar, else its repr, cut: an error must not echo a megabyte."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) < 2**53:
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    text = value if isinstance(value, str) else repr(value)
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= 200 else text[:199] + "…"
