"""What the templates of another tool show, in words of their own and around fields."""

from collections.abc import Mapping

import pytest

from cuedeck.importing.drafting import drafted
from cuedeck.importing.fieldmaps import parsed
from cuedeck.importing.foreign import Card, ForeignDeck, ForeignNote, ForeignType
from cuedeck.importing.proving import Prover
from cuedeck.importing.templates import renders, with_readings

BACK = "{{FrontSide}}<hr id=answer>"
PROVER = Prover({}, lambda name: f"{name} is missing", str)
Texts = Mapping[str, str]
# The templates of each card, the fields of a note, and the texts of the notes that it becomes.
CARDS: dict[str, tuple[list[tuple[str, str]], Texts, list[Texts]]] = {
    "words around a field": (
        [("Capital of <b>{{Country}}</b>?", f"{BACK}{{{{City}}}}")],
        {"Country": "Peru", "City": "Lima"},
        [{"q": "Capital of Peru?", "a": "Lima"}],
    ),
    "words on lines of their own": (
        [("<h1>Capitals</h1>{{Country}}", f"{BACK}<h2>Answer</h2>{{{{City}}}}<br>by me")],
        {"Country": "Peru", "City": "Lima"},
        [{"q": "Capitals\\\nPeru", "a": "Answer\\\nLima"}],
    ),
    "words that a field needs": (
        [("{{Q}}", f"{BACK}{{{{A}}}}<br>{{{{#Book}}}}Book: {{{{Book}}}}{{{{/Book}}}}")],
        {"Q": "q", "A": "a", "Book": "b"},
        [{"q": "q", "a": "a", "extra": "Book: b"}],
    ),
    "words that an empty field takes along": (
        [("{{#B}}not {{B}}{{/B}}{{^B}}Say {{Q}}{{/B}}", f"{BACK}{{{{A}}}}<br>Note: {{{{C}}}}")],
        {"Q": "q", "A": "a", "B": "", "C": " "},
        [{"q": "Say q", "a": "a"}],
    ),
    "the front once more": ([("{{Q}}", "{{Q}} means {{A}}.")], {"Q": "q", "A": "a"}, [{"q": "q", "a": "q means a."}]),
    "a reverse with words": (
        [("Capital of {{Country}}", f"{BACK}{{{{City}}}}"), ("{{City}} is where?", f"{BACK}{{{{Country}}}}")],
        {"Country": "Peru", "City": "Lima"},
        [{"q": "Capital of Peru", "a": "Lima", "reverse q": "Lima is where?", "reverse a": "Peru"}],
    ),
    "a card for each question": (
        [("{{A}} to B", f"{BACK}{{{{B}}}}"), ("{{B}} to C", f"{BACK}{{{{C}}}}"), ("{{#D}}{{C}} to D{{/D}}", "{{D}}")],
        {"A": "a", "B": "b", "C": "c", "D": ""},
        [{"q": "a to B", "a": "b"}, {"q": "b to C", "a": "c"}],
    ),
    "no words": (
        [("<div>{{A}}</div>{{B}}", f"{BACK}{{{{C}}}}")],
        {"A": "a", "B": "b", "C": "c"},
        [{"q": "a\n\nb", "a": "c"}],
    ),
    "words without letters": ([("{{A}} → {{B}}", "{{C}}")], {"A": "a", "B": "b", "C": "c"}, [{"q": "a → b", "a": "c"}]),
    "a hint": (
        [("{{Q}}<br>{{#H}}Hint: {{hint:H}}{{/H}}", f"{BACK}{{{{A}}}}")],
        {"Q": "q", "A": "a", "H": "h"},
        [{"q": "q", "a": "a", "extra": "h"}],
    ),
    "an answer to type": (
        [("Say {{Q}}<br>Here: {{type:A}}", f"{BACK}{{{{type:A}}}}")],
        {"Q": "q", "A": "a"},
        [{"q": "Say q", "a": "a"}],
    ),
    "bare text": ([("{{text:Q}}?", "{{text:A}}")], {"Q": "<b>q</b>", "A": "a"}, [{"q": "**q**?", "a": "a"}]),
    "a word and its reading": (
        [("{{kanji:Word}}", "{{furigana:Word}}<br>{{Meaning}}")],
        {"Word": "食[た]べ 物[もの]", "Meaning": "food"},
        [{"q": "食べ物", "a": "<ruby>食<rt>た</rt></ruby>べ<ruby>物<rt>もの</rt></ruby>", "extra": "food"}],
    ),
    "a word without a reading": (
        [("{{kanji:Word}}", "{{furigana:Word}}<br>{{Meaning}}")],
        {"Word": "ひと", "Meaning": "a person"},
        [{"q": "ひと", "a": "a person"}],
    ),
    "only the reading": ([("{{kana:Word}}", "{{A}}")], {"Word": "漢字[かんじ]", "A": "a"}, [{"q": "かんじ", "a": "a"}]),
    "tags and decks": (
        [("<div>{{Deck}} {{Tags}}</div>{{Subdeck}}: {{Q}}", f"{BACK}{{{{A}}}} {{{{Tags}}}}<p>Type: {{{{Type}}}}")],
        {"Q": "q", "A": "a"},
        [{"q": "Sub: q", "a": "a"}],
    ),
    "what is hidden": (
        [
            (
                '<p class="x hid">{{Id}} no</p>{{Q}}<script>go("{{A}}")</script><!-- {{A}} --><p hidden>no',
                f"{BACK}{{{{A}}}}",
            )
        ],
        {"Q": "q", "A": "a", "Id": "17"},
        [{"q": "q", "a": "a", "comments": "Id: 17"}],
    ),
    "all is hidden": (
        [("<p class=hid>{{Q}}</p><script></script>", "<p id=hid>{{A}}</p>")],
        {"Q": "q", "A": "a"},
        [{"q": "q", "a": "a"}],
    ),
    "an answer that repeats the question": (
        [("{{Q}}", f"{BACK}{{{{A}}}}")],
        {"Q": "q", "A": "q"},
        [{"q": "q", "a": "q"}],
    ),
    "in a formula": (
        [("Solve \\({{Q}}\\)", "\\[{{A}}\\]")],
        {"Q": "x", "A": "y"},
        [{"q": "Solve \\(x\\)", "a": "\\[y\\]"}],
    ),
    "spoken": ([("{{tts en_US:Q}}{{Q}}", f"{BACK}{{{{A}}}}")], {"Q": "q", "A": "a"}, [{"q": "q", "a": "a"}]),
}
CSS = "/* .no {display: none} */ .hid, #hid { color: red; display : none }"


def becomes(note: ForeignNote, **maps: str) -> list[dict[str, str]]:
    """Return the texts of the notes that a note becomes, with its comments if it has any."""
    given = dict(parsed(text) for text in maps.values())
    drafts = drafted(ForeignDeck("Top", (note,), ""), given, {}, PROVER, with_moments=False, tags_as_written=False)
    assert drafts.left_out == ()
    return [
        {
            **draft.texts,
            **dict(zip(("reverse q", "reverse a"), draft.own_reverse or (), strict=False)),
            **({"comments": "\n".join(draft.comments)} if draft.comments else {}),
        }
        for draft in drafts.notes
    ]


@pytest.mark.parametrize("name", CARDS)
def test_a_text_says_what_the_card_shows(name: str) -> None:
    templates, texts, notes = CARDS[name]
    type = ForeignType("Mine", tuple(texts), tuple(Card(*each) for each in templates), css=CSS)
    assert becomes(ForeignNote("note 1", type, texts, deck="Top::Sub", tags=("tag",))) == notes


def test_words_around_a_cloze() -> None:
    """The front of a cloze: its words are above the text, and in it."""
    front, back = "<b>{{Topic}}</b><br>Fill in: {{cloze:Text}}", "{{cloze:Text}}<br>See {{Book}}"
    type = ForeignType("Mine", ("Text", "Topic", "Book"), (Card(front, back),), is_cloze=True)
    note = ForeignNote("note 1", type, {"Text": "A {{c1::b}}.", "Topic": "t", "Book": "k"})
    assert becomes(note) == [{"cloze": "t\\\nFill in: A {{c1::b}}.", "extra": "See k"}]


def test_a_mapping_of_the_author_means_the_fields_alone() -> None:
    """Without the words of the templates, but with the readings that these show."""
    type = ForeignType("Mine", ("Word", "A"), (Card("Read {{kanji:Word}}", "{{furigana:Word}} means {{A}}"),))
    note = ForeignNote("note 1", type, {"Word": "人[ひと]", "A": "a"})
    assert becomes(note, mine="Mine: q=A, a=Word") == [{"q": "a", "a": "<ruby>人<rt>ひと</rt></ruby>"}]


@pytest.mark.parametrize(
    ("front", "has"),
    [
        ("{{A}}", True),
        ("{{B}} words", False),
        ("{{#A}}{{B}}{{/A}}", False),
        ("{{^B}}{{A}}{{/B}}", True),
        ("{{#B}}{{A}}{{/B}}", False),
        ("{{#A}}words{{/A}}", False),
        ("<!-- {{A}} -->", False),
        ("{{#A}}{{#B}}{{/A}}{{A}}", True),
    ],
)
def test_a_card_exists_if_its_front_shows_a_field(front: str, has: bool) -> None:
    assert renders(front, {"A": "a", "B": " "}) is has


def test_a_sound_is_no_reading() -> None:
    """Nor does a filter change what has no brackets."""
    assert with_readings("人[sound:a.mp3] 人[ひと]", "kana") == "人[sound:a.mp3]ひと"
    assert with_readings("a&nbsp;b", "kana") == "a&nbsp;b"


# Each would take minutes if the time grew with the square of its length.
ENDLESS = {
    "comments": "<!--" * 50_000,
    "comments of a style": "/*" * 50_000,
    "elements": "<div>" * 20_000,
    "lists": "<ul><li>" * 10_000,
    "hidden elements": "<p hidden>" * 20_000,
    "cells": f"<table><tr>{'<td>x' * 2_000}{'<tr>' * 2_000}",
    "marks": "<i>a<b>b" * 5_000,
    "formulas": "\\(" * 50_000,
    "LaTeX": "[latex]" * 20_000,
    "deletions": "{{c1::" * 5_000,
    "fields": "{{A:" * 50_000,
    "sections": "{{#A}}" * 20_000,
    "words": "x" * 200_000 + "[",
    "brackets": "[" * 10_000,
    "breaks": "a<br>" * 10_000,
}


@pytest.mark.hostile
@pytest.mark.slow
@pytest.mark.parametrize("name", ENDLESS)
def test_endless_fields_templates_and_styles_end(name: str) -> None:
    """The note comes along, or is left out with a reason."""
    html = ENDLESS[name]
    type = ForeignType("Mine", ("A", "B"), (Card(f"{{{{furigana:A}}}}{html}", f"{{{{B}}}}{html}"),), css=html)
    deck = ForeignDeck("Top", (ForeignNote("note 1", type, {"A": f"a{html}", "B": html}),), "")
    drafts = drafted(deck, {}, {}, PROVER, with_moments=False, tags_as_written=False)
    assert len(drafts.notes) + len([left for left in drafts.left_out if left.reason]) == 1
