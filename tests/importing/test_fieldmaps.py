"""Which field becomes which text, as the templates show it."""

import pytest

from cuedeck.importing.fieldmaps import guessed, has_card, parsed
from cuedeck.importing.foreign import Card, ForeignNote, ForeignType

BACK = "{{FrontSide}}<hr id=answer>{{Back}}"
GUESSED: dict[str, tuple[tuple[str, ...], tuple[tuple[str, str], ...], bool, list[str]]] = {
    "basic": (("Front", "Back"), (("{{Front}}", BACK),), False, ["q=Front, a=Back"]),
    "fields in the order of the card": (
        ("Id", "Answer", "Question", "Source"),
        (("{{Question}}", "{{FrontSide}}{{Answer}} {{Source}}"),),
        False,
        ["q=Question, a=Answer, extra=Source"],
    ),
    "typed": (("Front", "Back"), (("{{Front}} {{type:Back}}", "{{Front}}{{type:Back}}"),), False, ["q=Front, a=Back"]),
    "a hint": (
        ("Front", "Hint", "Back"),
        (("{{Front}}{{hint:Hint}}", BACK),),
        False,
        ["q=Front, a=Back, extra=Hint"],
    ),
    "spoken": (("Front", "Back"), (("{{Front}}{{tts en_US:Back}}", BACK),), False, ["q=Front, a=Back"]),
    "reversed": (
        ("Front", "Back"),
        (("{{Front}}", BACK), ("{{Back}}", "{{Front}}")),
        False,
        ["q=Front, a=Back, reverse=yes"],
    ),
    "reversed if a field says so, with a field on both fronts": (
        ("Front", "Back", "Both", "Also"),
        (("{{Both}}{{Front}}", BACK), ("{{#Also}}{{Both}}{{Back}}{{/Also}}", "{{FrontSide}}{{Front}}")),
        False,
        ["q=Both+Front, a=Back, reverse=Also"],
    ),
    "a second card that is not the reverse": (
        ("A", "B", "C"),
        (("{{A}}", "{{B}}"), ("{{#C}}{{B}}{{/C}}", "{{C}}")),
        False,
        ["q=A, a=B", "q=B, a=C"],
    ),
    "cloze": (("Text", "More"), (("{{cloze:Text}}", "{{cloze:Text}}{{More}}"),), True, ["cloze=Text, extra=More"]),
    "cloze below a title": (
        ("Title", "Text", "More"),
        (("{{Title}}{{cloze:Text}}", "{{Title}}{{cloze:Text}}{{More}}"),),
        True,
        ["q=Title, cloze=Text, extra=More"],
    ),
    "only fields are known": (("1", "2", "3"), (), False, ["q=1, a=2, extra=3"]),
}


@pytest.mark.parametrize("name", GUESSED)
def test_a_guess_follows_the_templates(name: str) -> None:
    fields, cards, is_cloze, maps = GUESSED[name]
    type = ForeignType("Mine", fields, tuple(Card(*each) for each in cards), is_cloze)
    assert [str(each) for each in guessed(type)] == maps


@pytest.mark.parametrize(
    ("texts", "cards", "has"),
    [
        ({"A": "a", "B": "b", "C": "c"}, None, True),
        ({"A": "a", "B": "b", "C": ""}, None, False),
        ({"A": "a", "B": "", "C": "c"}, None, False),
        ({"A": "a", "B": "b", "C": "c"}, (0,), False),
        ({"A": "a", "B": "", "C": ""}, (0, 1), True),
    ],
)
def test_a_card_exists_as_the_file_says_or_if_its_front_shows_anything(
    texts: dict[str, str], cards: tuple[int, ...] | None, has: bool
) -> None:
    fields, templates, is_cloze, _ = GUESSED["a second card that is not the reverse"]
    type = ForeignType("Mine", fields, tuple(Card(*each) for each in templates), is_cloze)
    assert has_card(ForeignNote("note 1", type, texts, cards=cards), guessed(type)[1], 1) is has


@pytest.mark.parametrize(
    "text", ["x", "Type: q=A", "Type: q=A, a=", "Type: z=A, a=B", ": q=A, a=B", "T: q=A, a=B, cloze=C"]
)
def test_a_mapping_that_says_nothing_clear_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parsed(text)
