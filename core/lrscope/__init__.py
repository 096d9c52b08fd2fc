"""lrscope: which learning rate? The range test, the reading of its curve, and the wire to a team's page.

The names below are what users import. Everything that needs torch or the network is loaded on first use, so that
``import lrscope`` stays quick and works where torch is not installed.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from lrscope.curve import Curve, Point
from lrscope.errors import LrscopeError
from lrscope.problem import Problem
from lrscope.reading import Reading, read
from lrscope.recipe import recipe
from lrscope.spec import Pick, Status, Sweep, SweepRequest, SweepSpec

if TYPE_CHECKING:
    from lrscope.client import Client
    from lrscope.rangetest import range_test

__version__ = "0.1.0"

__all__ = [
    "Client",
    "Curve",
    "LrscopeError",
    "Pick",
    "Point",
    "Problem",
    "Reading",
    "Status",
    "Sweep",
    "SweepRequest",
    "SweepSpec",
    "__version__",
    "range_test",
    "read",
    "recipe",
]

_LAZY = {"Client": "lrscope.client", "range_test": "lrscope.rangetest"}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module 'lrscope' has no attribute {name!r}")
