"""Release notes: what learners read of each edit, and that Markdown shows it as it is meant."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from cuedeck.history.snapshot import Snapshot
from cuedeck.updating.changes import Changes, NoteChange
from cuedeck.updating.fieldchanges import FieldChange
from cuedeck.updating.harms import HARMS
from cuedeck.updating.hazards import Hazard
from cuedeck.updating.releasenotes import first_notes, release_notes
from cuedeck.usecases.diff import Comparison, diff
from tests.making import DAY, FIRST, ROOT, TALK, build_deck, cloze, deck, question
from tests.sentences import to_learners

FILM = {"title": "A film", "url": "https://youtu.be/abcdefghijk"}
TWO = {"talk": TALK, "film": FILM}
SUBDECKS = {"talk": {**TALK, "deck": "One"}, "film": {**FILM, "deck": "Two"}}
FINDS = '"note:Cuedeck small (*)"'


def compared(folder: Path, *decks: dict[str, Any]) -> Comparison:
    """Build decks one after the other, each hazard accepted, and compare the packages of the last two."""
    packages = []
    for number, data in enumerate(decks):
        built = build_deck(folder, data, FIRST + number * DAY, accept_all=True)
        packages.append(folder / f"{number}.apkg")
        packages[-1].write_bytes(built.package.read_bytes())
    return diff(*packages[-2:])


# Name: decks of which the last two are compared, and what learners read.
NOTES: dict[str, tuple[tuple[dict[str, Any], ...], str]] = {
    "a full stop more": (
        (deck({"one": question(answer="trunks")}), deck({"one": question(answer="trunks.")})),
        "* **Idea**\n  * 01:32 corrected (`one`)\n    * Answer: ~~trunks~~ **trunks.**\n",
    ),
    "brackets and commas": (
        (deck({"one": question(answer="very is it")}), deck({"one": question(answer="(very), is (it)")})),
        "* **Idea**\n  * 01:32 corrected (`one`)\n    * Answer: ~~very~~ **(very),** is ~~it~~ **(it)**\n",
    ),
    "character references": (
        (deck({"one": question(answer="`<`")}), deck({"one": question(answer="`&lt;` AT`&amp;`T")})),
        "* **Idea**\n  * 01:32 corrected (`one`)\n    * Answer: ~~\\<~~ **\\&lt; AT\\&amp;T**\n",
    ),
    "a hint": (
        (deck({"one": cloze("The {{c1::cat::pet}} sat.")}), deck({"one": cloze("The {{c1::cat::animal}} sat.")})),
        '* **Idea**\n  * 01:32 corrected (`one`)\n    * Text: the hint for "cat" is now "animal", and was "pet"\n',
    ),
    "a hint beside another edit": (
        (deck({"one": cloze("The {{c1::cat}} sat.")}), deck({"one": cloze("A {{c1::cat::pet}} sat.")})),
        "* **Idea**\n  * 01:32 corrected (`one`)\n    * Text: ~~The~~ **A** \\[cat\\] sat.\n"
        '    * Text: the hint for "cat" is now "pet"\n',
    ),
    "a hint taken away": (
        (deck({"one": cloze("The {{c1::cat::pet}} sat.")}), deck({"one": cloze("The {{c1::cat}} sat.")})),
        '* **Idea**\n  * 01:32 corrected (`one`)\n    * Text: "cat" no longer has a hint; it was "pet"\n',
    ),
    "nested deletions": (
        (
            deck({"one": cloze("The {{c1::quick {{c2::brown}} fox::animal}} jumps.")}),
            deck({"one": cloze("The {{c1::quick {{c2::browny}} fox::animal}} jumps.")}),
        ),
        "* **Idea**\n  * 01:32 corrected (`one`)\n"
        "    * Text: The \\[quick ~~\\[brown\\]~~ **\\[browny\\]** fox\\] jumps.\n",
    ),
    "a gap less": (
        (deck({"one": cloze("{{c1::Cats}} on a {{c2::mat}}.")}), deck({"one": cloze("{{c1::Cats}} on a mat.")})),
        '* **Idea**\n  * 01:32 corrected (`one`)\n    * Text: "mat" is no longer asked for\n'
        f"* {to_learners('cloze-gone')}\n",
    ),
    "a gap more": (
        (deck({"one": cloze("{{c1::Cats}} on a mat.")}), deck({"one": cloze("{{c1::Cats}} on a {{c2::mat}}.")})),
        f'* **Idea**\n  * 01:32 corrected (`one`)\n    * Text: "mat" is now asked for\n* {to_learners("card-added")}\n',
    ),
    "numbers swapped": (
        (
            deck({"one": cloze("{{c1::Hard}} ends; {{c2::soft}} goes on.")}),
            deck({"one": cloze("{{c2::Hard}} ends; {{c1::soft}} goes on.")}),
        ),
        '* **Idea**\n  * 01:32 corrected (`one`)\n    * Text: "Hard" is now gap 2, and was 1\n'
        '    * Text: "soft" is now gap 1, and was 2\n'
        f"* {to_learners('cloze-moved')}\n",
    ),
    "markup": (
        (deck({"one": question(answer="That.")}), deck({"one": question(answer="*That.*")})),
        "* **Idea**\n  * 01:32 corrected (`one`)\n    * Answer: only the markup changed\n",
    ),
    "reverse": (
        (deck({"one": question()}), deck({"one": question(reverse="true")})),
        f"* **Idea**\n  * 01:32 corrected (`one`)\n    * Reverse card: added\n* {to_learners('card-added')}\n",
    ),
    "reverse with its own texts": (
        (deck({"one": question()}), deck({"one": question(reverse={"q": "Which?", "a": "*This*"})})),
        "* **Idea**\n  * 01:32 corrected (`one`)\n    * Reverse card: added\n    * Reverse question: **Which?**\n"
        f"    * Reverse answer: **This**\n* {to_learners('card-added')}\n",
    ),
    "reverse that gets its own texts": (
        (
            deck({"one": question("What is it?", "A dyad", reverse="true")}),
            deck({"one": question("What is it?", "A dyad", reverse={"q": "Which is a dyad?", "a": "It"})}),
        ),
        "* **Idea**\n  * 01:32 corrected (`one`)\n    * Reverse question: ~~A dyad~~ **Which is a dyad?**\n"
        "    * Reverse answer: ~~What is it?~~ **It**\n",
    ),
    "reverse with other texts": (
        (
            deck({"one": question(reverse={"q": "Which **dyad** is it?", "a": "This"})}),
            deck({"one": question(reverse={"q": "Which dyads is it?", "a": "*This*"})}),
        ),
        "* **Idea**\n  * 01:32 corrected (`one`)\n    * Reverse question: Which ~~dyad~~ **dyads** is it?\n"
        "    * Reverse answer: only the markup changed\n",
    ),
    "the recording moved": (
        (deck({"one": question()}), deck({"one": question()}, sources={"talk": {**TALK, "url": "https://e.org/new"}})),
        "* Links to the recording lead to another address.\n",
    ),
    "the recording has another title": (
        (deck({"one": question()}), deck({"one": question()}, sources={"talk": {**TALK, "title": "The talk"}})),
        "* The source has a new name: ~~A~~ **The** talk · A. Speaker\n",
    ),
    "another source is put first": (
        (
            deck({"one": question(source="talk")}, sources=TWO),
            deck({"one": question(source="talk")}, sources={"film": FILM, "talk": TALK}),
        ),
        "* **Idea**\n  * 01:32 corrected (`one`)\n"
        "    * Links: they look the same, but another source is now the main one\n",
    ),
    "another source at the same moment": (
        (
            deck({"one": question(source="talk")}, sources=TWO),
            deck({"one": question(source="film")}, sources=TWO),
        ),
        '* **Idea**\n  * 01:32 corrected (`one`)\n    * Source: "A film" now, "A talk · A. Speaker" before\n',
    ),
    "links of further moments lead elsewhere": (
        (
            deck({"one": question(at=["0:10", "0:20"])}),
            deck({"one": question(at=["0:10", "0:20"])}, sources={"talk": {**TALK, "url": "https://e.org/new"}}),
        ),
        "* **Idea**\n  * 00:10 corrected (`one`)\n    * Links: they lead elsewhere\n"
        "* Links to the recording lead to another address.\n"
        f"* {to_learners('link-changed')}\n",
    ),
    "another kind": (
        (deck({"one": question()}), deck({"one": cloze("It is {{c1::x}}.")})),
        f"* **Idea**\n  * 01:32 has a new form (`one`): It is x.\n* {to_learners('kind-changed')}\n",
    ),
    "taken out with a word": (
        (
            deck({"one": question(), "two": question("Why?")}),
            deck({"one": question(), "two": question("Why?", retired="Dull")}),
        ),
        f"* No longer part of the deck; you keep them:\n  * `two`: Dull\n"
        f'  * To find them in Anki\'s browser, and suspend or delete them: `{FINDS} "Note ID:two"`\n',
    ),
    "taken out without a reason": (
        (deck({"one": question(), "two": question("Why?")}), deck({"one": question()})),
        f"* No longer part of the deck; you keep them:\n  * `two`\n"
        f'  * To find them in Anki\'s browser, and suspend or delete them: `{FINDS} "Note ID:two"`\n',
    ),
    "renamed and taken out": (
        (
            deck({"one": question(), "two": question("Why?")}),
            deck({"one": question(), "three": question("Why?", was="two", retired="Dull")}),
        ),
        f"* No longer part of the deck; you keep them:\n  * `two`: Dull\n"
        f'  * To find them in Anki\'s browser, and suspend or delete them: `{FINDS} "Note ID:two"`\n',
    ),
    "brought back": (
        (
            deck({"one": question(), "two": question("Why?")}),
            deck({"one": question(), "two": question("Why?", retired="Dull")}),
            deck({"one": question(), "two": question("Why?")}),
        ),
        f"* **Idea**\n  * 01:32 back in the deck (`two`): Why?\n* {to_learners('unretired')}\n",
    ),
    "under another guid": (
        (
            deck({"one": question(), "two": question("Why?")}),
            deck({"one": question(guid="other"), "two": question("Why?")}),
        ),
        f"* **Idea**\n  * 01:32 comes as a new note beside yours (`one`): What?\n* {to_learners('guid-changed')}\n",
    ),
    "to another subdeck": (
        (
            deck({"one": question(source="talk"), "two": question("Why?", source="film")}, sources=SUBDECKS),
            deck({"one": question(source="film"), "two": question("Why?", source="film")}, sources=SUBDECKS),
        ),
        '* **Idea**\n  * 01:32 corrected (`one`)\n    * Source: "A film" now, "A talk · A. Speaker" before\n'
        f"* {to_learners('cards-stay')}\n",
    ),
}


@pytest.mark.parametrize(("decks", "told"), NOTES.values(), ids=NOTES)
def test_what_learners_read(tmp_path: Path, decks: tuple[dict[str, Any], ...], told: str) -> None:
    """Every edit is described as what it is, in words that learners understand."""
    found = compared(tmp_path, *decks)
    assert release_notes(found.changes, found.hazards) == told


def test_what_was_rebuilt_without_a_change_is_told_once(tmp_path: Path) -> None:
    """Learners' own edits are overwritten even if no change can be seen."""
    one = build_deck(tmp_path / "one", deck({"one": question(), "two": question("Why?")})).package
    two = build_deck(tmp_path / "two", deck({"one": question(), "two": question("Why?")}), FIRST + DAY).package
    found = diff(one, two)
    assert release_notes(found.changes, found.hazards) == (
        "* 2 notes are replaced although nothing changed in the end; this overwrites your own edits and tags on them.\n"
    )


TEXTS = st.text("ab .,()[]*_~`\\&;lt<>#!|'\"-", max_size=20).map(lambda text: " ".join(text.split()))
MARKDOWN = MarkdownIt("commonmark").enable("strikethrough")


@given(before=TEXTS, after=TEXTS)
def test_markdown_shows_the_edit(before: str, after: str) -> None:
    """Whatever signs there are: what is not struck is the new text, what is not bold the old one."""
    change = FieldChange("Answer", before, after)
    note = NoteChange("one", "updated", None, _packed(), (change,))
    text = release_notes(Changes(Snapshot({}, {}, {}), Snapshot({}, {}, {}), (note,)), ())
    html = MARKDOWN.render(text)
    (line,) = re.findall(r"<li>Answer: ?(.*)</li>", html)
    shown = {
        "new": re.sub(r"<s>.*?</s>", "", line),
        "old": re.sub(r"<strong>.*?</strong>", "", line),
    }
    words = {name: " ".join(unescape(re.sub(r"</?(?:s|strong)>", "", each)).split()) for name, each in shown.items()}
    assert words == {"new": after, "old": before}


def _packed() -> Any:
    from cuedeck.history.snapshot import PackedNote

    fields = {"Question": "What?", "Concept": "Idea", "Clock": "01:32", "Note ID": "one"}
    return PackedNote("guid", 1, 1, "qa", FIRST, fields, (), {0: 1}, "Small", 0)


def test_ten_thousand_notes_are_told_in_one_line() -> None:
    """A change of all notes is described once, with one search."""
    ids = [f"n{number}" for number in range(10_000)]
    hazards = [Hazard("card-added", id, "", "") for id in ids] + [Hazard("cloze-moved", id, "", "") for id in ids]
    mass = Hazard("mass-update", "tags", "", "", notes=tuple(ids))
    empty = Snapshot({}, {}, {})
    text = release_notes(Changes(empty, empty, ()), [*hazards, mass])
    assert text.count("\n") == 3
    assert to_learners("mass-update", notes="10,000 notes") in text


def test_a_first_release_tells_what_was_accepted() -> None:
    """Learners who had the deck from elsewhere, or its drafts, read what that means for them; others read one line."""
    kind = to_learners("kind-changed", '"note:Cuedeck zoo (*)" "Note ID:one"')
    moved = to_learners("cloze-moved", '"note:Cuedeck zoo (*)" "Note ID:re:^(a|b)$"')
    assert first_notes(1, 1, {}, (), "zoo") == "* First release, with 1 note and 1 card.\n"
    assert first_notes(2, 3, {}, ("kind-changed:one", "vanished:two", "cloze-moved:b", "cloze-moved:a"), "zoo") == (
        f"* First release, with 2 notes and 3 cards.\n* If you had the deck before:\n  * {kind}\n  * {moved}\n"
    )


@pytest.mark.parametrize("name", HARMS)
def test_every_harm_has_words_that_can_be_filled(name: str) -> None:
    """No word for learners asks for more than there is to say; what costs progress is never passed over."""
    harm = HARMS[name]
    assert "{" not in harm.to_learners.format(search="", notes="")
    assert harm.to_learners or not harm.costs_progress
    assert harm.refused or not harm.costs_progress


def test_learners_read_that_a_field_is_theirs_once() -> None:
    """At the update that begins to show it: they then see what was in it, and their own styling is replaced."""
    old, new = (ROOT / "decks" / f"soft-abandonment{version}.apkg" for version in ("-1.1.0", ""))
    found = release_notes((changes := diff(old, new).changes), ())
    assert (
        "The field *My notes* is yours: the back of each card shows what you write there. It was called *Spare 1*"
        in found
    )
    assert (
        "It replaces what you changed in Anki's templates and styling, but not your own file `_cuedeck.css`." in found
    )
    assert changes.shows_own_notes
    assert "My notes" not in release_notes(diff(new, new).changes, ())
