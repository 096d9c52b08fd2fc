"""Curves in files: what lrscope writes, and what any finder's history can be made into."""

import csv
import io
import json
import math
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lrscope.curve import Curve
from lrscope.errors import InvalidInput, LrscopeError

WANTED = '{"lr": [...], "loss": [...]}, {"curves": [{"lr": [...], "loss": [...]}, ...]}, or CSV with lr and loss'


def curves_of(file: Path) -> list[Curve]:
    """The curves in a file; `-` is standard input. Raises LrscopeError for one that cannot be read, InvalidInput."""
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise LrscopeError(f"{file}: cannot be read ({error})") from None
    return curves_in(text, "standard input" if str(file) == "-" else str(file))


def curves_in(text: str, source: str) -> list[Curve]:
    """The curves in a text: JSON as `Curve.save` or `lrscope export` writes it, or CSV with a line of names.

    In CSV a column `step` is left out and others are extra series; what is empty or no number is NaN.
    Raises InvalidInput naming `source`.
    """
    try:
        if text.lstrip()[:1] in ("{", "["):
            found = json.loads(text)
            found = found.get("points", found)
            curves = [Curve.from_dict(_plain(each)) for each in found.get("curves", [found])]
            if not curves:
                raise InvalidInput("curves is empty")
            return curves
        return [_from_csv(text)]
    except InvalidInput as error:
        raise InvalidInput(f"{source}: {error.detail}") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidInput(f"{source}: must be {WANTED} ({type(error).__name__}: {error})") from None


def _plain(found: dict[str, Any]) -> dict[str, Any]:
    """An export's columns: extra series stand beside lr and loss there."""
    known = ("lr", "loss", "step", "next", "series", "optimizer", "warnings", "coarse")
    beside = {name: column for name, column in found.items() if name not in known and isinstance(column, list)}
    return {**found, "series": {**found.get("series", {}), **beside}}


def _from_csv(text: str) -> Curve:
    rows = csv.DictReader(io.StringIO(text))
    columns = {name.strip(): name for name in rows.fieldnames or () if name and name.strip() != "step"}
    lines = list(rows)
    numbers = {name: _numbers(line[column] for line in lines) for name, column in columns.items()}
    return Curve(numbers.pop("lr"), numbers.pop("loss"), numbers)


def _numbers(cells: Iterable[str | None]) -> list[float]:
    return [_number(cell) for cell in cells]


def _number(cell: str | None) -> float:
    try:
        return float(cell or "nan")
    except ValueError:
        return math.nan
