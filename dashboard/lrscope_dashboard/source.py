"""What the page needs from whoever serves it. The server's `Sweeps` fits; a test's stand-in may too."""

from typing import Protocol

from lrscope.recipe import RecipeInfo
from lrscope.spec import Sweep, SweepRequest


class SweepSource(Protocol):
    async def recipes(self) -> list[RecipeInfo]:
        """The recipes that workers have announced, by name."""

    async def submit(self, request: SweepRequest, owner: str, *, key: str | None = None) -> list[Sweep]:
        """Queue a sweep for each seed; with a key already used, the sweeps made then.

        Raises InvalidInput naming the field that cannot be taken.
        """
