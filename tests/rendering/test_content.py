"""A note's digest depends on the keys that the note uses, and on nothing else."""

import datetime
import enum
from collections.abc import Mapping
from dataclasses import field, fields, make_dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuedeck.deck.deck import About, ClozeNote, Concept, Deck, Note, OwnReverse, QuestionNote, Source
from cuedeck.deck.keys import text
from cuedeck.deck.moments import Span
from cuedeck.deck.placement import PlacedNote
from cuedeck.problems import Place, Report
from cuedeck.records import dataclass
from cuedeck.rendering import content
from cuedeck.rendering.content import FIRST_KEYS, NOT_SHOWN, content_of, earlier_ends, normalised
from cuedeck.rendering.fields import digest, render_notes
from tests.making import placed_notes

ABOUT = About(id="small", namespace="tests123", title="Small", tags=("talks",))
TALK = Source(id="talk", title="A talk", url="https://youtu.be/aqz-KE-bpKQ")
QUESTION = QuestionNote(id="one", q="What?", a="That.", at=(Span(46),), tags=("x",))
CLOZE = ClozeNote(id="one", cloze="It is {{c1::that}}.", at=(Span(46),), extra="More")

WHAT_A_SHARED_KEY_IS = """
{names}: a new key of a concept, a source or the deck. Does a field of a note show it?

* Yes: add it to SHARED_KEYS in builder/cuedeck/rendering/content.py, such as "concept.subtitle". It then counts in the
  notes that have it, and in no others. Without that, edits of it would never reach learners.
* No, or only the note types show it: add it here.
"""


def with_keys(kind: type[Note], keys: Mapping[str, Any]) -> type[Any]:
    """Return a kind of note as a later version might declare it, with these optional keys and their defaults."""
    added = [(name, object, field(default=default)) for name, default in keys.items()]
    return make_dataclass(kind.__name__, added, bases=(kind,), kw_only=True, slots=True)


def as_kind(note: Note, kind: type[Any], **more: Any) -> Any:
    """Return a note as a note of a later kind."""
    return kind(**{each.name: getattr(note, each.name) for each in fields(note)}, **more)


def deck_of(note: Note) -> Deck:
    concept = Concept(id="idea", title="Idea", notes={note.id: note})
    return Deck(about=ABOUT, sources={"talk": TALK}, concepts={"idea": concept})


def rendered(note: Note) -> str:
    """Return the digest of a note whose texts can be shown, from rendering the whole deck."""
    report = Report(lambda *_: Place("cards.yaml"))
    (found,) = render_notes(deck_of(note), report)
    assert not report.problems
    return found.content


def digested(note: Note) -> str:
    """Return a digest of a note that may contain any text."""
    (placed,) = placed_notes(deck_of(note))
    first, later = content_of(placed, ABOUT, None)
    return digest(*first, (), *later)


def test_the_first_keys_have_fixed_places() -> None:
    """They are the values of version 1.0.0, in its order: released locks contain the digests of just these."""
    tags = ["small::talks", "small::x"]
    at = ("00:46",)
    assert rendered(QUESTION) == digest(1, "qa", "What?", "That.", "", "", "Idea", tags, at)
    assert rendered(replace(QUESTION, reverse=True)) == digest(1, "qa", "What?", "That.", "y", "", "Idea", tags, at)
    assert rendered(CLOZE) == digest(1, "cloze", "It is {{c1::that}}.", "More", "Idea", ["small::talks"], at)


@pytest.mark.parametrize("note", [QUESTION, CLOZE], ids=lambda note: note.kind)
def test_a_later_key_counts_by_its_name_in_notes_that_use_it(note: Note) -> None:
    """Only these notes get another digest, with one mapping after the first values."""
    kind = with_keys(type(note), {"later_key": ""})
    assert rendered(as_kind(note, kind)) == rendered(note)
    assert rendered(as_kind(note, kind, later_key="  ")) == rendered(note)
    used = as_kind(note, kind, later_key="Soft\nas cheese ")
    (placed,) = placed_notes(deck_of(used))
    first, later = content_of(placed, ABOUT, None)
    assert later == ({"later_key": "Soft as cheese"},)
    assert rendered(used) == digest(*first, ("00:46",), {"later_key": "Soft as cheese"}) != rendered(note)


def test_a_clip_counts_by_its_name_in_notes_that_have_one() -> None:
    """Its bytes make this name, so another clip makes another digest; without one, the digest is what it was."""
    (placed,) = placed_notes(deck_of(QUESTION))
    first, later = content_of(placed, ABOUT, None, "cuedeck-0123456789abcdef.mp3")
    assert later == ({"source.clip": "cuedeck-0123456789abcdef.mp3"},)
    assert digest(*first, ("00:46",), *later) == "a8f89a6f01a305cc77fd"
    assert content_of(placed, ABOUT, None, "") == (first, ())
    assert list(earlier_ends(later, ["hardbreak_tag"]))[-1] == later


def test_renaming_the_field_of_a_key_changes_no_digest() -> None:
    """What counts is the name that authors write."""
    key = {"metadata": text("A hint.", name="hint")}
    before, after = (
        make_dataclass("QuestionNote", [(name, str, field(default="", **key))], bases=(QuestionNote,), kw_only=True)
        for name in ("hint", "hint_below_the_question")
    )
    one, other = as_kind(QUESTION, before, hint="x"), as_kind(QUESTION, after, hint_below_the_question="x")
    assert rendered(one) == rendered(other) != rendered(QUESTION)


_TEXTS = st.text(max_size=20)
_TAGS = st.lists(st.from_regex("[a-z]{1,5}", fullmatch=True), max_size=3).map(tuple)
_QUESTIONS = st.builds(
    QuestionNote,
    id=st.just("one"),
    q=_TEXTS,
    a=_TEXTS,
    extra=_TEXTS,
    reverse=st.booleans() | st.builds(OwnReverse, q=_TEXTS, a=_TEXTS),
    tags=_TAGS,
)
_CLOZES = st.builds(ClozeNote, id=st.just("one"), cloze=_TEXTS, extra=_TEXTS, tags=_TAGS)
_PLAIN = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), _TEXTS, st.dates())
_VALUES = st.recursive(_PLAIN, lambda values: st.one_of(st.tuples(values, values), st.frozensets(_PLAIN, max_size=2)))
# These are never names of keys that notes already have.
_NAMES = st.from_regex("[a-z]{1,6}_key", fullmatch=True)
_KEYS = st.dictionaries(_NAMES, _VALUES, min_size=1, max_size=4)


@given(st.one_of(_QUESTIONS, _CLOZES), _KEYS)
def test_a_key_that_is_not_used_changes_nothing(note: Note, keys: dict[str, Any]) -> None:
    """Any note keeps its digest, whatever keys and defaults later versions add."""
    assert digested(as_kind(note, with_keys(type(note), keys))) == digested(note)


@given(st.one_of(_QUESTIONS, _CLOZES), _KEYS, st.data())
def test_a_key_that_is_used_counts_whatever_else_there_is(note: Note, keys: dict[str, Any], data: Any) -> None:
    """The digest depends on the names and values that are used, but not on their order or on other keys."""
    name = data.draw(st.sampled_from(sorted(keys)))
    value = data.draw(_VALUES)
    alone = digested(as_kind(note, with_keys(type(note), {name: keys[name]}), **{name: value}))
    among = with_keys(type(note), dict(reversed(keys.items())))
    assert digested(as_kind(note, among, **{name: value})) == alone
    assert (alone == digested(note)) == (normalised(value) == normalised(keys[name]))
    other = as_kind(note, with_keys(type(note), {f"{name}_too": keys[name]}), **{f"{name}_too": value})
    assert alone == digested(note) or digested(other) != alone


def test_several_keys_come_in_the_order_of_their_names() -> None:
    """The order in which keys are declared makes no difference."""
    one = with_keys(QuestionNote, {"alpha": "", "beta": 0})
    two = with_keys(QuestionNote, {"beta": 0, "gamma": None, "alpha": ""})
    assert rendered(as_kind(QUESTION, one, alpha="a", beta=1)) == rendered(as_kind(QUESTION, two, beta=1, alpha="a"))


class Side(enum.Enum):
    """A value with only a few choices."""

    LEFT = "left"


@dataclass(frozen=True)
class Picture:
    """A value with keys of its own, one of them optional."""

    file: str
    crop: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LaterPicture:
    """The same value in a later version, with more keys."""

    alt: str = ""
    file: str
    crop: tuple[int, ...] = ()
    sizes: Mapping[str, int] = field(default_factory=dict)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Cafe\u0301 ", "Caf\u00e9", True),
        ("two\nlines", "two lines", True),
        ("- two\n- items", "- two - items", False),
        (("two", "lines"), ("two lines",), False),
        ("", None, False),
        (1, 1.0, True),
        (1, 1.5, False),
        (1, "1", False),
        (0.1 + 0.2, 0.3, False),
        (datetime.date(2026, 1, 31), datetime.date(2026, 2, 1), False),
        (datetime.date(2026, 1, 31), "2026-01-31", True),
        (Side.LEFT, "left", True),
        (("a", "b"), ["a", "b"], True),
        (("a", "b"), ("b", "a"), False),
        (frozenset("abc"), frozenset("cab"), True),
        (frozenset({1, "1"}), frozenset({"1", 1.0}), True),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, False),
        ({1: "x"}, {"1": "x"}, False),
        (Span(46), Span(46, None), True),
        (Span(46), Span(46, 50), False),
        (Picture("a.png"), Picture("a.png", ()), True),
        (Picture("a.png"), LaterPicture(file="a.png"), True),
        (Picture("a.png", (1, 2)), LaterPicture(file="a.png", crop=(1, 2)), True),
        (Picture("a.png"), LaterPicture(file="a.png", alt="A"), False),
        ((Picture("a.png"), {"x": Span(1)}), [LaterPicture(file="a.png"), {"x": Span(1)}], True),
    ],
)
def test_values_that_show_the_same_have_the_same_digest(one: object, other: object, same: bool) -> None:
    """Texts, numbers, dates, lists, sets, mappings and dataclasses become the same plain data in every digest."""
    kind = with_keys(QuestionNote, {"later": "default"})
    assert (rendered(as_kind(QUESTION, kind, later=one)) == rendered(as_kind(QUESTION, kind, later=other))) == same


@pytest.mark.parametrize("value", [b"bytes", object(), Picture, 1j])
def test_other_values_are_refused(value: object) -> None:
    """Their text might differ the next time, such as an address in memory."""
    with pytest.raises(TypeError, match="a digest cannot contain"):
        rendered(as_kind(QUESTION, with_keys(QuestionNote, {"later": ""}), later=value))


def test_a_default_from_a_factory_is_a_default() -> None:
    """A key whose default is an empty mapping counts if the mapping contains something."""
    kind = make_dataclass(
        "QuestionNote",
        [("later", object, field(default_factory=dict))],
        bases=(QuestionNote,),
        kw_only=True,
    )
    assert rendered(as_kind(QUESTION, kind)) == rendered(QUESTION)
    assert rendered(as_kind(QUESTION, kind, later={"a": 1})) != rendered(QUESTION)


def test_a_key_that_no_card_shows_changes_no_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is listed in NOT_SHOWN."""
    kind = with_keys(QuestionNote, {"remark_to_authors": ""})
    assert rendered(as_kind(QUESTION, kind, remark_to_authors="x")) != rendered(QUESTION)
    monkeypatch.setattr(content, "NOT_SHOWN", {*NOT_SHOWN, "remark_to_authors"})
    kind = with_keys(QuestionNote, {"remark_to_authors": ""})  # a new class, since results are cached by class
    assert rendered(as_kind(QUESTION, kind, remark_to_authors="x")) == rendered(QUESTION)


def test_a_later_kind_of_note_has_only_later_keys() -> None:
    """All keys of a kind that version 1.0.0 did not know count by their names, without further work."""
    kind = make_dataclass("ListNote", [("items", object)], bases=(Note,), kw_only=True)
    kind.kind = "list"  # type: ignore[attr-defined]
    (placed,) = placed_notes(deck_of(kind(id="one", items=("a", "b"), extra="More")))
    first, later = content_of(placed, ABOUT, None)
    assert first == (1, "list", "Idea", ["small::talks"])
    assert later == ({"extra": "More", "items": ["a", "b"]},)


def test_the_first_keys_and_those_without_content_are_keys() -> None:
    """No name in the tables is misspelt, and no key is in both."""
    for kind in (QuestionNote, ClozeNote):
        names = {each.name for each in fields(kind)}
        assert {*FIRST_KEYS[kind.kind], *NOT_SHOWN} <= names
        assert not {*FIRST_KEYS[kind.kind]} & NOT_SHOWN


@dataclass(frozen=True, kw_only=True)
class LaterConcept(Concept):
    """A concept in a later version, with one more key."""

    subtitle: str = ""


def test_a_shared_key_counts_in_the_notes_that_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key of a concept, a source or the deck is listed in SHARED_KEYS, and counts in the notes that use it."""

    def found(concept: Concept, source: Source | None = TALK, about: About = ABOUT) -> str:
        placed = PlacedNote(QUESTION, concept, source, QUESTION.at, (), "Small")
        first, later = content_of(placed, about, None)
        return digest(*first, (), *later)

    idea = LaterConcept(id="idea", title="Idea")
    before = found(idea)
    monkeypatch.setattr(content, "SHARED_KEYS", ("concept.subtitle", "source.author", "deck.license"))
    assert found(idea) == found(idea, source=None) == before
    changed = [
        found(replace(idea, subtitle="Of late")),
        found(idea, replace(TALK, author="A. Speaker")),
        found(idea, about=replace(ABOUT, license="CC0")),
    ]
    assert len({before, *changed}) == 4
    assert found(replace(idea, subtitle=" Of\nlate\n")) == changed[0]


# The notes of version 1.0.0 get what they need of these in other ways, or do not contain it.
DECIDED: dict[type[Any], set[str]] = {
    Concept: {"id", "title", "source", "at", "deck", "tags", "notes"},
    Source: {
        *{"id", "title", "author", "published", "url", "link", "opens", "deck", "length", "chapters"},
        *{"recording", "clips"},  # the clip itself counts
        *{"transcript", "offset"},
    },
    About: {
        *{"id", "namespace", "title", "description", "author", "license", "tags", "feedback", "supports"},
        *{"parts", "tags_as_written"},  # the tags themselves count
    },
}


def test_each_shared_key_is_decided_on() -> None:
    """Whoever adds a key to a concept, a source or the deck must say whether fields of notes show it."""
    owners = {"concept": Concept, "source": Source, "deck": About}
    shared = {(owners[name.partition(".")[0]], name.partition(".")[2]) for name in content.SHARED_KEYS}
    every = {(kind, each.name) for kind in owners.values() for each in fields(kind)}
    assert shared <= every
    left = {name for kind, name in every - shared if name not in DECIDED[kind]}
    assert not left, WHAT_A_SHARED_KEY_IS.format(names=", ".join(sorted(left)))
