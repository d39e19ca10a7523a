"""The kinds of note: their codes, which never change, and their names in messages."""

import json

from cuedeck.deck.kinds import Kind


def test_the_codes_stay_as_they_are() -> None:
    """They are in every lock and package that was ever written, and hashes depend on them."""
    assert json.dumps([*Kind, dict.fromkeys(Kind, 1)]) == '["qa", "cloze", {"qa": 1, "cloze": 1}]'
    assert (f"{Kind.QA}", Kind("cloze")) == ("qa", Kind.CLOZE)
    assert {"qa": 1}[Kind.QA] == 1


def test_what_authors_read() -> None:
    """Authors read the name of a kind, its adjective before "note", and what a note of it is."""
    assert [(kind.words, kind.adjective, kind.noun) for kind in Kind] == [
        ("question and answer", "question-and-answer", "a question"),
        ("cloze", "cloze", "a cloze text"),
    ]
