"""Cards on a page are exactly the cards of Anki's own renderer."""

import re
from pathlib import Path

import pytest

from cuedeck.pages.cardsides import cards_of
from cuedeck.pages.templates import template
from cuedeck.usecases.build import Written, build
from tests.anki.learner import ANKI, collection, note_of, take
from tests.anki.test_texts import ANSWERS, CLOZES, LISTS_OF_NUMBERS
from tests.making import DAY, FIRST, build_deck, cloze, deck, question
from tests.pictures import drawing, mp3, photo, put
from tests.pictures import name_of as path_name

# Texts that a preview could get wrong, besides those that could go wrong on the way into Anki.
TRICKY = {
    "reverse": question("Front, with **bold**", "Back, with `code`", reverse=True, extra="An *extra*."),
    "reverse-math": question(r"\(a < b\)", "\\[\n\\frac{a}{b}\n\\]", reverse=True),
    "own-reverse": question("What *is* it?", "This", reverse={"q": "Which **term**?", "a": "- one\n- two"}, extra="So"),
    "own-reverse-math": question(
        r"\(a\)", "b", reverse={"q": r"\(a < b\)" + "\n\nTwo?", "a": "\\[\n\\frac{a}{b}\n\\]\n\nרכה"}
    ),
    "paragraphs": question("One\n\nTwo", "- one\n  1. two\n     - three\n\nend"),
    "right-to-left": cloze("נטישה {{c1::רכה::רמז}} ו-soft {{c2::נטישה}}"),
    "long-word": question("x" * 500, "Donaudampfschifffahrtsgesellschaft" * 20),
    "nested-hint": cloze("{{c1::a {{c2::b {{c1::c}} d::inner}} e::hint *x*}} f \"q\" 's' {{c3::&}}"),
    "deep": cloze("{{c1::1 {{c2::2 {{c3::3::h3}} 2::h2}} 1::h1}}"),
    "hint-first": cloze("{{c1::a::b}} {{c2::{{c1::x::y}} z}}"),
    "same-twice-nested": cloze("{{c1::a {{c1::b}} c}} {{c2,3::d::e}}"),
    "leading-zero": cloze("{{c01::a}} and {{c2,002,1::b}}"),
    "list-of-clozes": cloze("- {{c1::`x`}}\n  - {{c2::**y**}}\n- {{c10::\\(z\\)}}", extra="> so\n"),
    "hostile": question(
        r"\</div></template>\<script>alert(1)\</script>", r"\<img src=x onerror=alert(1)> \<!-- \</style>"
    ),
    "override": question("a\N{RIGHT-TO-LEFT OVERRIDE}b", r"[x\](javascript:alert(1)) https://example.org"),
}
SEVERAL = {
    "talk": {"title": 'A "talk" & more {{Question}}', "url": "https://youtu.be/abcdefghijk"},
    "other": {"title": "Other", "author": "<b>", "url": "https://example.org/o.mp3", "deck": "Other"},
}


def _compare(folder: Path, written: Written) -> int:
    types = {each.type.kind: each.type for each in written.build.types}
    compared = 0
    with collection(folder) as learner:
        take(learner, written.package)
        for stamped in written.build.notes:
            theirs = {card.ord: card for card in note_of(learner, stamped.known.id).cards()}
            ours = cards_of(stamped.rendered.fields, stamped.rendered.cards, types[stamped.rendered.kind])
            assert [card.ordinal for card in ours] == sorted(theirs)
            for card in ours:
                name = f"{stamped.known.id}, {card.name}"
                assert (name, _numbered(card.front)) == (name, without_hidden(theirs[card.ordinal].question()))
                assert (name, _numbered(card.back)) == (name, without_hidden(theirs[card.ordinal].answer()))
                compared += 1
    return compared


_BLOCK = '<div class="cue-block cue-{}" dir="auto">'
_QUESTION, _ANSWER = (re.escape(_BLOCK.format(name)) for name in ("question", "answer"))
_TEXT = "((?:(?!<div).)*?)</div>"
_FRONT = re.compile(rf'(<p class="cue-asks">)({_QUESTION}{_TEXT}){_ANSWER}{_TEXT}\n({_QUESTION}){_TEXT}', re.DOTALL)
_BACK = re.compile(rf'(<p class="cue-tells">){_QUESTION}{_TEXT}({_ANSWER}{_TEXT})\n({_ANSWER}){_TEXT}', re.DOTALL)


def without_hidden(side: str) -> str:
    """Return a side as Anki shows it: without the style before it, and without what is hidden on it.

    That is the answers that Anki itself puts on a front, and what our style hides of a second card with its own texts.
    """
    plain = re.sub(' data-cloze="[^"]*"', "", re.sub("^<style>.*?</style>", "", side, flags=re.DOTALL))
    plain = re.sub(r"\[anki:play:[qa]:[0-9]+\]", "[sound]", plain)
    return _BACK.sub(r"\1\3\n\5</div>", _FRONT.sub(r"\1\2\n\5</div>", plain))


def _numbered(side: str) -> str:
    """Return a side with its sounds as in `without_hidden`: Anki numbers them, and keeps their names elsewhere."""
    return re.sub(r"\[sound:cuedeck-[^\]]*\]", "[sound]", side)


def test_every_card_of_the_talk_is_ankis(tmp_path: Path, talk: Path) -> None:
    """Each front and back of this repository's deck is what Anki makes of the package."""
    written = build(talk, at=FIRST)
    assert _compare(tmp_path, written) == written.build.card_count > 100


@pytest.mark.skipif(() < ANKI < LISTS_OF_NUMBERS, reason="up to 25.09 Anki knows no deletion with several numbers")
def test_tricky_cards_are_ankis(tmp_path: Path) -> None:
    """So are math, code, HTML, nested deletions, deletions with hints, other scripts, long words and reverse cards."""
    notes = TRICKY | {f"a-{name}": question("Q", text) for name, (text, _) in ANSWERS.items()}
    notes |= {f"c-{name}": cloze(text) for name, (text, _, _) in CLOZES.items()}
    assert _compare(tmp_path, build_deck(tmp_path, deck(notes))) > 75


def test_notes_with_other_sources_and_moments_are_ankis(tmp_path: Path) -> None:
    """The foot of a card is Anki's too: several moments, another source, titles with the braces of a template."""
    data = deck({"one": question(source="talk", at=["0:05", "1:02:03"])}, sources=SEVERAL)
    data["concepts"]["idea"]["notes"]["two"] = question(source="other", at="00:46-01:32")
    data["concepts"]["idea"]["source"] = "talk"
    assert _compare(tmp_path, build_deck(tmp_path, data)) == 2


def test_reporting_a_mistake_is_ankis(tmp_path: Path) -> None:
    """The link on each back names the note, and no note changes when the address is added or changed."""
    notes = {"one": question(reverse=True), "note-2": cloze("It is {{c1::x}} and {{c2::y}}.")}
    build_deck(tmp_path / "deck", deck(notes))
    given = deck(notes, feedback="https://example.org/report?deck=small&note={note}")
    written = build_deck(tmp_path / "deck", given, FIRST + DAY)
    assert written.build.counts == {"unchanged": 2}
    assert _compare(tmp_path, written) == 4
    with collection(tmp_path) as learner:
        for note in notes:
            for card in note_of(learner, note).cards():
                link = f'href="https://example.org/report?deck=small&amp;note={note}">Report a mistake</a>'
                assert link in card.answer()
                assert "Report" not in card.question()


def test_pictures_and_sounds_are_ankis(tmp_path: Path) -> None:
    """On both sides of a reversed card, in gaps, hints, tables and lists; Anki plays the sounds of our fields."""
    put(tmp_path / "deck", lake_png=photo(8, 6), line_png=drawing(8, 6), bell_mp3=mp3(1), horn_mp3=mp3(2))
    lake, line, bell, horn = (
        f'![{each} of "it" & {each}](media/{each})' for each in ("lake.png", "line.png", "bell.mp3", "horn.mp3")
    )
    notes = {
        "reverse": question(
            f"What sounds so? {bell}", f"{lake}{{width=50%}}\n\nA {horn} horn", reverse=True, extra=bell
        ),
        "gaps": cloze(f"It is {{{{c1::{lake}}}}} and {{{{c2::a {line}::{lake}}}}} or {{{{c3::{{{{c4::{line}}}}}}}}}."),
        "blocks": question(f"| a | b |\n|---|---|\n| {lake} | {line} |\n", f"- {lake}\n- > {bell}\n"),
    }
    written = build_deck(tmp_path / "deck", deck(notes))
    assert _compare(tmp_path, written) == 7
    with collection(tmp_path) as learner:
        (_, back) = note_of(learner, "reverse").cards()
        names = [path_name(tmp_path / "deck" / "media" / name) for name in ("horn.mp3", "bell.mp3")]
        assert [each.filename for each in back.question_av_tags()] == names[:1]
        assert [each.filename for each in back.answer_av_tags()] == [names[1], names[1]]


def test_a_deck_without_sources_is_ankis(tmp_path: Path) -> None:
    """Cards without a moment have no link."""
    assert _compare(tmp_path, build_deck(tmp_path, deck({"one": question()}, sources={}))) == 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a {{X}} b", "a 1 b"),
        ("{{#X}}yes {{X}}{{/X}}{{^X}}no{{/X}}", "yes 1"),
        ("{{#Y}}yes{{/Y}}{{^Y}}no{{/Y}}", "no"),
        ("{{#Z}}yes{{/Z}}{{^Z}}no{{/Z}}", "no"),
        ("{{#X}}a{{^Y}}b{{#X}}c{{/X}}{{/Y}}d{{/X}}e", "abcde"),
        ("{ {{X}} }", "{ 1 }"),
    ],
)
def test_templates(text: str, shown: str) -> None:
    """Fields and conditions, one inside the other; white space and empty lines count as empty."""
    assert template(text)({"X": "1", "Y": "", "Z": " <br><div></div>\n"}) == shown


DEEP = "{{#X}}" * 5000 + "a" + "{{/X}}" * 5000


@pytest.mark.parametrize("text", ["{{#X}}a", "a{{/X}}", "{{#X}}{{#Y}}{{/X}}{{/Y}}", DEEP], ids=len)
def test_invalid_templates_are_refused(text: str) -> None:
    """A condition that is not closed, closed before it is opened, or among too many others is refused."""
    with pytest.raises(ValueError, match=r"is not closed|ends a condition|inside one another"):
        template(text)
