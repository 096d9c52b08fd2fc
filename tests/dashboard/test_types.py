"""The types that the page's scripts are checked against."""

from tests.dashboard.nouns import FILE, nouns


def test_the_page_is_checked_against_what_the_server_says_today() -> None:
    assert FILE.read_text(encoding="utf-8") == nouns(), "write it anew: python -m tests.dashboard.nouns"
