"""A pattern of ours is compiled when it is first used, and is then like one of Python's own."""

import re

import pytest

from cuedeck.patterns import regex


def test_a_pattern_has_what_pythons_own_has() -> None:
    ours, pythons = regex("(a)(?P<name>b+)", re.IGNORECASE), re.compile("(a)(?P<name>b+)", re.IGNORECASE)
    for text in ("", "xABBx", "ab ab"):
        assert ours.findall(text) == pythons.findall(text)
        assert bool(ours.search(text, 1)) == bool(pythons.search(text, 1))
        assert ours.sub(r"\2", text) == pythons.sub(r"\2", text)
    assert ours.pattern == pythons.pattern
    assert ours.groupindex == pythons.groupindex
    assert regex(b"a").search(b"ba")


def test_a_pattern_is_compiled_when_it_is_used() -> None:
    wrong = regex("(")
    with pytest.raises(re.error):
        wrong.search("")


def test_a_method_is_looked_up_once() -> None:
    ours = regex("a")
    assert ours.search is ours.search
