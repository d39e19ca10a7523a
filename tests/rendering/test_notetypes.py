"""The shape of the two note types, on which every learner's progress depends."""

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cuedeck.deck.deck import About, Concept, Deck, OwnReverse, QuestionNote, Source
from cuedeck.rendering.notefields import FIELDS, fields_of
from cuedeck.rendering.notetypes import NoteType, note_types, style_file
from tests.making import SOURCE
from tests.renaming import rename

FROZEN = Path(__file__).parent / "notetypes.json"

TEMPLATES = SOURCE / "cuedeck" / "rendering" / "templates"
STYLE = '<link rel="stylesheet" href="_cuedeck.css">'

WHAT_A_CHANGE_COSTS = """
The shape of the note types differs from the one that learners have.

To Anki, a note type with another id, or with a field or template added, removed or moved, is another note type. At the
next import every learner gets a second one ("Cuedeck ... +"), all of their notes count as conflicting, and corrections
no longer reach any of them, unless each learner ticks "Merge note types" once, which loses fields.

* If you need a new field: rename one of the spare fields. Its id stays, so Anki accepts that without problems.
* If you want another name: change only the name, never the key or the words from which its id is made.
* If you want other fonts, colours or HTML: they are not part of the shape, so change them freely.
* If you meant none of this: undo the change in builder/cuedeck/rendering/notefields.py or notetypes.py.
"""
WHAT_A_NAME_COSTS = """
A field or a template has another name than the one that is recorded for its id.

A name may change; ids and their order never do. Anki takes over the new name with the next update, no note changes, and
learners keep what they wrote there. If you meant the new name, record it beside the id in
tests/rendering/notetypes.json.
"""


def deck_with(*sources: Source, namespace: str = "k3v9x2mq", id: str = "example", feedback: str = "") -> Deck:
    about = About(id=id, namespace=namespace, title="Example", feedback=feedback)
    return Deck(about=about, sources={source.id: source for source in sources}, concepts={})


def talk(**more: str | bool) -> Source:
    given: dict[str, Any] = {
        "id": "talk",
        "title": "A talk",
        "author": "A speaker",
        "url": "https://youtu.be/aqz-KE-bpKQ",
    }
    return Source(**{**given, **more})  # type: ignore[arg-type]


def shape(kind: NoteType) -> dict[str, Any]:
    return {
        "kind": kind.kind,
        "id": kind.id,
        "fields": [[field.name, field.id] for field in kind.fields],
        "templates": [[template.name, template.id] for template in kind.templates],
    }


def test_the_shape_is_frozen() -> None:
    """The ids and the order of note types, fields and templates are those of the first release."""
    found = [shape(kind) for kind in note_types(deck_with())]
    assert list(map(numbered, found)) == list(map(numbered, frozen())), WHAT_A_CHANGE_COSTS


def test_names_are_as_recorded() -> None:
    """A new name of a field or a template is recorded beside its id, so that nobody changes one by accident."""
    assert [shape(kind) for kind in note_types(deck_with())] == frozen(), WHAT_A_NAME_COSTS


def test_a_new_name_keeps_the_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    """A field that is renamed keeps its id and its position."""
    for field in FIELDS:
        rename(monkeypatch, field, f"{field.name} of old")
    found = [shape(kind) for kind in note_types(deck_with())]
    assert list(map(numbered, found)) == list(map(numbered, frozen()))
    assert found != frozen()


def frozen() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(FROZEN.read_text(encoding="utf-8"))
    return found


def numbered(shape: dict[str, Any]) -> dict[str, Any]:
    """Return a shape without the names in it."""
    return {**shape, **{parts: [id for _, id in shape[parts]] for parts in ("fields", "templates")}}


def test_the_shape_depends_only_on_the_namespace() -> None:
    """The title, the source and the id of a deck may change. Only another namespace makes other note types."""
    frozen = [shape(kind) for kind in note_types(deck_with())]
    assert [shape(kind) for kind in note_types(deck_with(talk(), id="renamed"))] == frozen
    other = [shape(kind) for kind in note_types(deck_with(namespace="aaaabbbb"))]
    assert not numbers(other) & numbers(frozen)


def test_ids_are_unique_and_fit() -> None:
    """All ids differ, and fit into the signed 64 bits of Anki's database."""
    shapes = [shape(kind) for kind in note_types(deck_with())]
    count = sum(1 + len(re.findall(r"\[\"", json.dumps(each))) for each in shapes)
    assert len(numbers(shapes)) == count
    assert all(0 < number < 2**63 for number in numbers(shapes))


def numbers(shapes: list[dict[str, object]]) -> set[int]:
    return {int(digits) for digits in re.findall(r"\b\d{6,}\b", json.dumps(shapes))}


@pytest.mark.parametrize("sources", [(), (talk(),), (talk(), talk(id="other", url="https://vimeo.com/76979871"))])
def test_templates_use_fields_that_exist(sources: tuple[Source, ...]) -> None:
    """Templates name only fields of their kind, close each condition, and have no placeholder of ours left."""
    for kind in note_types(deck_with(*sources, feedback="https://e.org/?note={note}")):
        names = {field.name for field in fields_of(kind.kind)} | {"FrontSide"}
        for template in kind.templates:
            for side in (template.front, template.back):
                used = re.findall(r"\{\{([^{}]*)\}\}", side)
                assert {re.sub(r"^[#^/]|^cloze:", "", name) for name in used} <= names
                opened = sorted(name[1:] for name in used if name[0] in "#^")
                assert opened == sorted(name[1:] for name in used if name[0] == "/")
                assert "[[" not in side


def test_the_main_source_is_in_the_templates() -> None:
    """The template makes the address of a moment, so that no note changes when the recording moves."""
    for kind in note_types(deck_with(talk())):
        for template in kind.templates:
            assert 'href="https://www.youtube.com/watch?v=aqz-KE-bpKQ&amp;t={{Seconds}}s">▶ {{Clock}}' in template.back
            assert "A talk · A speaker" in template.back
            assert "youtube" not in template.front


def test_backs_show_what_learners_wrote_themselves() -> None:
    """Of every deck, if there is anything; no front does, since that could give the answer away."""
    for kind in note_types(deck_with()):
        for template in kind.templates:
            assert "{{#My notes}}" in template.back
            assert "My notes" not in template.front


def test_only_a_deck_with_clips_has_a_player() -> None:
    """On the backs, beside the link to the moment; the shape is the same, and other decks keep the look they have."""
    with_clips, without = (note_types(deck_with(talk(clips=clips))) for clips in (True, False))
    assert list(map(shape, with_clips)) == list(map(shape, without))
    assert without == note_types(deck_with(talk()))
    for kind, other in zip(with_clips, without, strict=True):
        assert (".cue-clip" in kind.css, ".cue-clip" in other.css) == (True, False)
        for template, plain in zip(kind.templates, other.templates, strict=True):
            assert "{{Clip}}" in template.back
            assert template.front == plain.front
            assert "Clip" not in plain.back


def test_a_page_is_marked_as_one() -> None:
    """The sign before the time distinguishes a page of text from a player."""
    page = talk(url="https://e.org/talk?a=1&b=2", link="{url}#:~:text={hh:mm:ss}")
    for kind in note_types(deck_with(page)):
        for template in kind.templates:
            assert 'href="https://e.org/talk?a=1&amp;b=2#:~:text={{Timecode}}">¶ {{Clock}}' in template.back


def test_mistakes_are_reported_from_the_back() -> None:
    """The template inserts the note's id. Fronts have no link, and the shape of the note types is the same."""
    with_link = note_types(deck_with(talk(), feedback="https://e.org/?a=1&note={note}"))
    for kind in with_link:
        assert ".cue-report" in kind.css
        for template in kind.templates:
            link = '<a class="cue-report" href="https://e.org/?a=1&amp;note={{Note ID}}">Report a mistake</a>'
            assert link in template.back
            assert "e.org" not in template.front
    assert [shape(kind) for kind in with_link] == [shape(kind) for kind in note_types(deck_with(talk()))]


def test_an_address_for_reports_changes_nothing_else() -> None:
    """It adds only the link and its style to the look."""
    address = "https://e.org/{note}"
    link = f'\n<div class="cue-moments"><a class="cue-report" href="{address}">Report a mistake</a></div>'
    without, with_link = note_types(deck_with(talk())), note_types(deck_with(talk(), feedback=address))
    for plain, linked in zip(without, with_link, strict=True):
        assert linked.css.startswith(f"{plain.css}\n\n")
        for before, after in zip(plain.templates, linked.templates, strict=True):
            assert after.front == before.front
            assert after.back.replace(link.replace("{note}", "{{Note ID}}"), "") == before.back != after.back


def second_cards(**notes: QuestionNote) -> Deck:
    return replace(deck_with(talk()), concepts={"idea": Concept(id="idea", title="Idea", notes=notes)})


def asked(**more: Any) -> QuestionNote:
    return QuestionNote(**{"id": "one", "q": "What?", "a": "That", **more})


OWN = OwnReverse(q="Which?", a="This")


@pytest.mark.parametrize("notes", [{}, {"one": asked()}, {"one": asked(reverse=True)}])
def test_a_deck_without_own_texts_on_second_cards_keeps_its_types(notes: dict[str, QuestionNote]) -> None:
    """Byte for byte those of the first releases: no learner's note type changes because of this program alone."""
    types = note_types(second_cards(**notes))
    assert types == note_types(deck_with(talk()))
    assert all("{{Reverse}}" not in side and "cue-asks" not in kind.css for kind in types for side in sides(kind))


def sides(kind: NoteType) -> list[str]:
    return [side for template in kind.templates for side in (template.front, template.back)]


def test_a_retired_second_card_keeps_the_look() -> None:
    """Learners still have the note, and its card would otherwise show the wrong sides."""
    live, retired = (second_cards(one=asked(reverse=OWN, **more)) for more in ({}, {"retired": "Wrong."}))
    assert note_types(retired) == note_types(live)


def test_own_texts_on_a_second_card_change_only_its_look() -> None:
    """The second template shows the field, and the style hides what a side does not show. The shape is the same."""
    (plain, cloze), (own, same) = note_types(deck_with(talk())), note_types(second_cards(one=asked(reverse=OWN)))
    assert same == cloze
    assert shape(own) == shape(plain)
    assert own.templates[0] == plain.templates[0]
    for name, before, after in zip(("asks", "tells"), sides(plain)[2:], sides(own)[2:], strict=True):
        assert after.replace(f'<p class="cue-{name}">{{{{Reverse}}}}\n', "") == before != after
    assert own.css.startswith(f"{plain.css}\n\n")
    assert ":has(" not in own.css


@pytest.mark.parametrize("feedback", ["", "https://e.org/{note}"])
def test_pictures_add_only_their_style(feedback: str) -> None:
    """Without a picture, the note types stay as they were, byte for byte. With one, only a style follows theirs."""
    deck = deck_with(talk(), feedback=feedback)
    files = ("card.css", "report.css") if feedback else ("card.css",)
    before = "\n\n".join((TEMPLATES / name).read_text(encoding="utf-8").strip() for name in files)
    for plain, pictured in zip(note_types(deck), note_types(deck, has_pictures=True), strict=True):
        assert plain.css == before
        assert pictured.css.startswith(f"{before}\n\n")
        assert ".cue-block img {" in pictured.css.removeprefix(before)
        assert replace(pictured, css=plain.css) == plain


def test_no_picture_is_named_in_a_style() -> None:
    """Anki imports a file that a template or a style names only if it begins with "_", and then never replaces it."""
    for kind in note_types(deck_with(talk(), feedback="https://e.org/{note}"), has_pictures=True):
        assert not re.search(r"url\(|src=|@import", kind.css)


def test_a_title_is_text_in_a_template() -> None:
    """Braces, tags and Anki's marks in a title have no effect."""
    source = talk(title="{{Answer}} <b> [sound:a.mp3]", author="")
    for kind in note_types(deck_with(source)):
        for template in kind.templates:
            assert "&#123;&#123;Answer}} &lt;b&gt; &#91;sound:a.mp3]" in template.back


def test_a_deck_without_sources_has_no_link() -> None:
    """Without a recording, the foot of a card contains no link."""
    for kind in note_types(deck_with()):
        for template in kind.templates:
            assert 'href="http' not in template.back


def test_equal_decks_have_equal_types() -> None:
    """The same deck gives the same note types. A new title of the source changes only the templates."""
    first, second = (note_types(deck_with(talk())) for _ in range(2))
    assert first == second
    renamed = note_types(deck_with(replace(talk(), title="Another title")))
    assert [shape(kind) for kind in renamed] == [shape(kind) for kind in first]


def test_the_style_file_is_frozen() -> None:
    """Anki never replaces a learner's `_cuedeck.css`, so those who have the deck would keep the old one forever."""
    name, data = style_file()
    assert (name, hashlib.sha256(data).hexdigest()[:16]) == ("_cuedeck.css", "7aa6136962d1b771")


def test_every_side_loads_the_style_file_last() -> None:
    """An import rule is ignored at the end of the CSS, and overridden at its beginning, so a link loads the file."""
    for kind in note_types(deck_with(talk())):
        assert "@import" not in kind.css
        for template in kind.templates:
            for side in (template.front, template.back):
                assert STYLE in side or "{{FrontSide}}" in side
