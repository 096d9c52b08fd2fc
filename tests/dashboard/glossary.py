"""The terms of core as a script of the page and as a page of the docs: `python -m tests.dashboard.glossary` writes both."""

import json
from pathlib import Path

from lrscope.terms import TERMS, Term

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "dashboard" / "lrscope_dashboard" / "assets" / "08_terms.js"
PAGE = ROOT / "docs" / "glossary.md"
HEAD = """# Words

Each term of the page in a sentence or two. On the page the same stands where the term does: hover over it, tap it, or
go to it with the Tab key; all of them are under *Words* at `/#learn/words`. This page is written by
`python -m tests.dashboard.glossary` from `core/lrscope/terms.py`.

"""


def script() -> str:
    lines = "".join(
        f"    {key}: {json.dumps([term.name, term.text, term.source], ensure_ascii=False)},\n"
        for key, term in TERMS.items()
    )
    return (
        "/* What the words mean: [name, text, source]. Written by `python -m tests.dashboard.glossary`. */\n"
        "(function (lrscope) {\n  'use strict';\n\n"
        f"  lrscope.terms = {{\n{lines}  }};\n"
        "})((window.lrscope = window.lrscope || {}));\n"
    )


def page() -> str:
    return HEAD + "".join(_entry(term) for term in sorted(TERMS.values(), key=lambda term: term.name.lower()))


def _entry(term: Term) -> str:
    source = f" ({term.source})" if term.source else ""
    return f"- **{term.name}**: {term.text}{source}\n"


if __name__ == "__main__":
    SCRIPT.write_text(script(), encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
