"""The nouns of core as TypeScript, for the check of the page's scripts: `python -m tests.dashboard.nouns` writes them."""

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from lrscope.confirmation import Confirmation
from lrscope.feed import FeedMessage, ViewerMessage
from lrscope.reading import Reading
from lrscope.views import View

FILE = Path(__file__).parent.parent / "js" / "types" / "nouns.d.ts"
HEAD = "/* What the server says and hears, from the models of core. Written by `python -m tests.dashboard.nouns`. */\n"
SAID: dict[str, Any] = {"FeedMessage": FeedMessage, "Reading": Reading, "Confirmation": Confirmation, "View": View}
HEARD: dict[str, Any] = {"ViewerMessage": ViewerMessage}
PLAIN = {"string": "string", "number": "number", "integer": "number", "boolean": "boolean", "null": "null"}


def nouns() -> str:
    """All that the server says, whole, and what it hears, where a default can be left out."""
    found: dict[str, str] = {}
    for name, model in HEARD.items():
        _declare(found, name, TypeAdapter(model).json_schema(mode="validation"), whole=False)
    for name, model in SAID.items():
        _declare(found, name, TypeAdapter(model).json_schema(mode="serialization"), whole=True)
    types = "".join(f"type {name} = {found[name]};\n" for name in sorted(found))
    return f"{HEAD}declare namespace Said {{\n{types}}}\n"


def _declare(found: dict[str, str], name: str, schema: dict[str, Any], *, whole: bool) -> None:
    for inner, one in schema.get("$defs", {}).items():
        found[inner] = _type(one, whole)
    found[name] = _type(schema, whole)


def _type(schema: dict[str, Any], whole: bool) -> str:
    kind, several = schema.get("type", ""), schema.get("anyOf") or schema.get("oneOf")
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[1])
    if "const" in schema or "enum" in schema:
        return " | ".join(map(json.dumps, schema.get("enum") or [schema["const"]]))
    if several:
        return " | ".join(dict.fromkeys(_type(one, whole) for one in several))
    if kind == "array":
        return _array(schema, whole)
    return _object(schema, whole) if kind == "object" else PLAIN.get(kind, "unknown")


def _array(schema: dict[str, Any], whole: bool) -> str:
    if "prefixItems" in schema:
        return f"[{', '.join(_type(one, whole) for one in schema['prefixItems'])}]"
    return f"Array<{_type(schema['items'], whole)}>"


def _object(schema: dict[str, Any], whole: bool) -> str:
    if "properties" not in schema:
        other = schema.get("additionalProperties")
        return f"Record<string, {_type(other, whole) if isinstance(other, dict) else 'unknown'}>"
    needed = schema.get("required", [])
    lines = [
        f"  {name}{'' if whole or name in needed else '?'}: {_type(one, whole)};\n"
        for name, one in schema["properties"].items()
    ]
    return "{\n" + "".join(lines) + "}"


if __name__ == "__main__":
    FILE.write_text(nouns(), encoding="utf-8")
