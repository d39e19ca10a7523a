"""How messages put things into words."""

import pytest

from cuedeck.wording import did_you_mean, nearest


@pytest.mark.parametrize(
    ("likely", "asked"),
    [((), ""), (("one",), 'did you mean "one"?'), (("one", "two"), 'did you mean "one" or "two"?')],
)
def test_what_was_meant_is_asked(likely: tuple[str, ...], asked: str) -> None:
    """Each word is quoted; if nothing is likely, there is no question."""
    assert did_you_mean(*likely) == asked


def test_only_slips_of_the_pen_are_near() -> None:
    """A word that has little in common with a known one is not near; of several, the likeliest comes first."""
    known = ["answer", "question", "answers"]
    assert nearest("anser", known) == ["answer"]
    assert nearest("anser", iter(known), most=3) == ["answer", "answers"]
    assert nearest("xyz", known) == []
