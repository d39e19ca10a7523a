"""Notes become the fields that Anki gets."""

from pathlib import Path
from typing import Any

import pytest

from cuedeck.problems import Problems, Report
from cuedeck.reading.cardsfile import cards_from_text
from cuedeck.rendering.description import credit, describe, without_credits
from cuedeck.rendering.fields import RenderedNote, render_notes
from cuedeck.rendering.notefields import fields_of
from cuedeck.rendering.ownreverse import texts_of_reverse
from tests.making import checked

HEAD = """deck: {id: example, namespace: k3v9x2mq, title: Example, tags: [talks]}
sources:
  talk: {title: A talk, author: A speaker, url: "https://youtu.be/aqz-KE-bpKQ"}
  page: {title: A <page>, url: "https://e.org/?a=1&b=2", link: "{url}#:~:text={mm:ss}", deck: Part two}
concepts:
  idea:
    title: An <idea> & more
    source: talk
    at: 01:32
    tags: forms
    notes:
      one: """


def rendered(note: str) -> RenderedNote:
    """Return the only note of a deck with two sources, whose concept is from the first one at 01:32."""
    cards = cards_from_text(HEAD + note + "\n")
    report = Report(cards.places.find)
    (found,) = render_notes(cards.deck, report)
    assert not report.problems
    return found


def fields(note: str) -> dict[str, str]:
    found = rendered(note)
    return dict(zip((field.name for field in fields_of(found.kind)), found.fields, strict=True))


def test_a_question() -> None:
    """Question, answer and extra are Markdown, the concept is plain, the main source's moment is three numbers.

    All other fields are empty.
    """
    found = fields('{q: "*What?*", a: a < b, extra: "- more"}')
    assert {name: text for name, text in found.items() if text} == {
        "Question": "<em>What?</em>",
        "Answer": "a &lt; b",
        "Extra": "<ul>\n<li>more</li>\n</ul>",
        "Concept": "An &lt;idea&gt; &amp; more",
        "Seconds": "92",
        "Clock": "01:32",
        "Timecode": "00:01:32",
        "Note ID": "one",
    }


def test_a_cloze() -> None:
    """A text with deletions has one card per number, in the order of the numbers."""
    found = rendered('{cloze: "{{c3::a}} {{c1::b {{c3::c}}}}", extra: more}')
    assert found.kind == "cloze"
    assert found.fields[:2] == ("{{c3::a}} {{c1::b {{c3::c}}}}", "more")
    assert found.cards == (0, 2)
    assert found.text == found.fields[0]


@pytest.mark.parametrize(("reverse", "field", "cards"), [("true", "y", (0, 1)), ("false", "", (0,))])
def test_a_reverse_card_is_made_on_demand(reverse: str, field: str, cards: tuple[int, ...]) -> None:
    """The field on which the reverse template depends contains exactly "y", or nothing."""
    note = f"{{q: a, a: b, reverse: {reverse}}}"
    assert fields(note)["Reverse"] == field
    assert rendered(note).cards == cards


def test_further_moments_are_links() -> None:
    """The template links the first moment, and the note all others. A span is linked at its start."""
    found = fields("{q: a, a: b, at: [00:46-01:00, 1:02:03]}")
    assert (found["Seconds"], found["Clock"], found["Timecode"]) == ("46", "00:46", "00:00:46")
    assert found["Links"] == (
        '<a class="cue-moment" href="https://www.youtube.com/watch?v=aqz-KE-bpKQ&amp;t=3723s">▶ 1:02:03</a>'
    )


def test_another_source_is_linked_and_named_in_the_note() -> None:
    """A note from another source contains its links and the name of the source, and is in the source's subdeck."""
    found = fields("{q: a, a: b, source: page}")
    assert (found["Seconds"], found["Clock"], found["Timecode"]) == ("", "", "")
    assert found["Links"] == (
        '<a class="cue-moment" href="https://e.org/?a=1&amp;b=2#:~:text=01:32">¶ 01:32</a> '
        '<span class="cue-source">A &lt;page&gt;</span>'
    )
    assert rendered("{q: a, a: b, source: page}").deck == "Example::Part two"


def test_a_reverse_card_may_have_its_own_texts() -> None:
    """Both are in the same field, each in an element that never changes, since learners have it in their notes."""
    note = '{q: a, a: b, reverse: {q: "*Which*?", a: "a < b\\n\\nand c"}}'
    assert fields(note)["Reverse"] == (
        '<div class="cue-block cue-question" dir="auto"><em>Which</em>?</div>'
        '<div class="cue-block cue-answer" dir="auto"><p>a &lt; b</p>\n<p>and c</p></div>'
    )
    assert texts_of_reverse(fields(note)["Reverse"]) == ("<em>Which</em>?", "<p>a &lt; b</p>\n<p>and c</p>")
    assert rendered(note).cards == (0, 1)


@pytest.mark.parametrize("field", ["", "y", "yes", '<div class="cue-block cue-answer" dir="auto">b</div>'])
def test_a_field_without_both_texts_has_none(field: str) -> None:
    """Nor has one that a learner or another tool wrote."""
    assert texts_of_reverse(field) is None


OWN = "{q: What?, a: That, reverse: {q: Which one?, a: This}}"


@pytest.mark.parametrize(
    ("note", "same"),
    [
        ("{q: What?, a: That, reverse: {a: ' This', q: \"Which one?\\n\"}}", True),
        ('{q: What?, a: That, reverse: {q: "Which\\none?", a: This}}', True),
        ("{q: What?, a: That, reverse: {q: Which two?, a: This}}", False),
        ("{q: What?, a: That, reverse: {q: Which one?, a: Those}}", False),
        ("{q: What?, a: That, reverse: {q: This, a: Which one?}}", False),
        ("{q: What?, a: That, reverse: true}", False),
        ("{q: What?, a: That}", False),
    ],
)
def test_the_texts_of_a_reverse_card_are_content(note: str, same: bool) -> None:
    """Another text reaches learners; the order of the keys, or where lines end, changes nothing."""
    assert (rendered(note).content == rendered(OWN).content) == same
    assert not same or rendered(note).fields == rendered(OWN).fields or "\n" in note


def test_tags_are_complete() -> None:
    """Tags of the deck, the concept and the note are below the deck's id."""
    assert rendered("{q: a, a: b, tags: [x, forms]}").tags == ("example::talks", "example::forms", "example::x")


BEFORE = "{q: What?, a: That, at: 00:46, tags: [x]}"


@pytest.mark.parametrize(
    ("note", "same"),
    [
        ("{at: 46s, tags: x, a: That, q: What?}", True),
        ('{"q": "What?", "a": \'That\', at: 0:46, tags: [x], reverse: false}', True),
        ('{q: "What?\\n", a: " That ", at: 00:46, tags: [x]}', True),
        ("{q: What now?, a: That, at: 00:46, tags: [x]}", False),
        ("{q: What?, a: This, at: 00:46, tags: [x]}", False),
        ("{q: What?, a: That, at: 00:47, tags: [x]}", False),
        ("{q: What?, a: That, at: 00:46-00:50, tags: [x]}", True),
        ("{q: What?, a: That, at: 00:46, tags: [y]}", False),
        ("{q: What?, a: That, at: 00:46, tags: [x], extra: more}", False),
        ("{q: What?, a: That, at: 00:46, tags: [x], reverse: true}", False),
        ("{q: What?, a: That, at: 00:46, tags: [x], source: page}", False),
    ],
)
def test_content_is_what_cards_show(note: str, same: bool) -> None:
    """A note has changed if its texts, moments, links or tags have. What no card shows makes no difference."""
    assert (rendered(note).content == rendered(BEFORE).content) == same


def test_the_address_of_the_main_source_is_not_content() -> None:
    """When the recording moves, no note changes."""
    moved = HEAD.replace("https://youtu.be/aqz-KE-bpKQ", "https://vimeo.com/76979871").replace("A talk", "The talk")
    cards = cards_from_text(moved + BEFORE)
    (found,) = render_notes(cards.deck, Report(cards.places.find))
    before = rendered(BEFORE)
    assert (found.fields, found.content) == (before.fields, before.content)


@pytest.mark.parametrize(
    ("note", "old", "new"),
    [
        ("{q: a, a: b, at: [00:46, 01:00]}", "https://youtu.be/aqz-KE-bpKQ", "https://vimeo.com/76979871"),
        ("{q: a, a: b, source: page}", "title: A <page>", "title: That page"),
    ],
    ids=["address of a further moment", "title of another source"],
)
def test_links_in_the_note_are_content(note: str, old: str, new: str) -> None:
    """A changed link in a field must reach learners, so it counts as a change of the note."""
    assert old in HEAD
    cards = cards_from_text(HEAD.replace(old, new) + note)
    (found,) = render_notes(cards.deck, Report(cards.places.find))
    assert found.fields != rendered(note).fields
    assert found.content != rendered(note).content


def test_all_texts_that_cannot_be_shown_are_reported(folder: Path) -> None:
    """All such texts of a note are reported at their places in one run."""
    Path("cards.yaml").write_text(
        HEAD + '{q: "{{c1::a}}", a: "-", extra: "![a](https://e.org/a.png)"}', encoding="utf-8"
    )
    with pytest.raises(Problems) as found:
        checked(Path("cards.yaml"))
    assert [(str(problem.place), problem.rule) for problem in found.value.problems] == [
        ("cards.yaml:12:17", "cloze-outside"),
        ("cards.yaml:12:32", "blank"),
        ("cards.yaml:12:50", "media-outside"),
    ]


def test_the_description_ends_with_credits() -> None:
    """Learners see on the deck's page whose pictures and sounds are, as far as that is known; older pages lack it."""
    deck = cards_from_text(f"{HEAD}concepts: {{idea: {{title: a, notes: {{one: {{q: a, a: b}}}}}}}}").deck
    plain = describe(deck, "Version.")
    page = describe(
        deck,
        "Version.",
        credits=[credit(1, "A & B", "CC <0>", ""), credit(2, "", "CC BY 4.0", 'https://example.org/a?b="c"&d')],
    )
    link = "https://example.org/a?b=&quot;c&quot;&amp;d"
    assert page == (
        f"{plain}\n<p>Credits: 1 picture or sound by A &amp; B, under CC &lt;0&gt;<br>"
        f'2 pictures and sounds, under CC BY 4.0, from <a href="{link}">{link}</a></p>'
    )
    assert without_credits(page) == without_credits(plain) == plain


@pytest.mark.parametrize(
    ("about", "retired", "html"),
    [
        ({}, [], "<p>Version &lt;1&gt;.</p>"),
        ({"author": "A <b>"}, [], "<p>Cards by A &lt;b&gt;. Version &lt;1&gt;.</p>"),
        ({"author": "A", "license": "CC BY 4.0"}, [], "<p>Cards by A. CC BY 4.0. Version &lt;1&gt;.</p>"),
        ({"description": "All of *it*."}, [], "All of <em>it</em>.\n<p>Version &lt;1&gt;.</p>"),
        (
            {},
            ["two", "one"],
            "<p>Notes that are no longer part of the deck stay with you. This finds them in Anki's browser, to suspend "
            'or delete them: <code>"note:Cuedeck example (*)" "Note ID:re:^(one|two)$"</code></p>\n'
            "<p>Version &lt;1&gt;.</p>",
        ),
    ],
)
def test_the_description_says_which_version_it_is(about: dict[str, Any], retired: list[str], html: str) -> None:
    """The deck's page in Anki shows the author's words, who made the cards, the version, and a way to retired notes."""
    more = "".join(f', {key}: "{value}"' for key, value in about.items())
    text = f"deck: {{id: example, namespace: k3v9x2mq, title: Example{more}}}\n"
    deck = cards_from_text(text + "concepts: {idea: {title: a, notes: {one: {q: a, a: b}}}}").deck
    assert describe(deck, "Version <1>.", retired).replace("<p>All of <em>it</em>.</p>", "All of <em>it</em>.") == html
