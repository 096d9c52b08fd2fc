"""The words: one place defines them, and the page, its script and the docs say what stands there."""

import re

from lrscope.confirmation import Found
from lrscope.rules import OURS, THEIRS
from lrscope.spec import Status
from lrscope.terms import TERMS
from tests.dashboard.glossary import PAGE, SCRIPT, page, script

ASSETS = SCRIPT.parent


def test_script_and_glossary_are_those_of_core() -> None:
    told = "write them anew: python -m tests.dashboard.glossary"
    assert SCRIPT.read_text("utf-8") == script(), told
    assert PAGE.read_text("utf-8") == page(), told


def test_every_rule_and_every_status_is_explained() -> None:
    assert set(OURS) | set(THEIRS) | {status.value for status in Status} <= set(TERMS)


def test_no_term_that_the_page_asks_for_is_missing() -> None:
    asked = {
        key
        for path in ASSETS.glob("*.js")
        for key in re.findall(r"\bterm\('(\w+)'|\bterm: '(\w+)'|more\('(\w+)'", path.read_text("utf-8"))
        for key in key
        if key
    }
    assert len(asked) > 15
    assert asked <= set(TERMS)


def test_explanations_are_short_and_no_two_have_a_name() -> None:
    assert len({term.name for term in TERMS.values()}) == len(TERMS)
    for term in TERMS.values():
        assert len(term.text) <= 220, term.name
        assert term.text.endswith((".", "”.")), term.name


def test_what_is_said_of_numbers_is_what_the_code_has() -> None:
    from lrscope.confirmation import BAND
    from lrscope.plan import BELOW
    from lrscope.shape import EDGE

    assert (EDGE, BAND, BELOW) == (0.1, 0.05, 3), "“within a tenth of the floor”, “less than 5 %”, “about a third”"
    assert "95 %" in str(Found.model_fields["low"].description)
