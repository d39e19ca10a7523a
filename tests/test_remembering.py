"""What a command remembers never changes what it shows: a preview that follows edits is like one in a new process."""

import functools
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuedeck import remembering
from cuedeck.pages.preview import preview_page
from cuedeck.problems import Problems, TextError
from cuedeck.remembering import remembered, remembered_of
from cuedeck.rendering.markdown import cloze_to_html, to_html
from cuedeck.rendering.results import Seen
from cuedeck.usecases.preview import preview_of
from tests.making import TALK, build_deck, cloze, deck, question, write
from tests.pictures import photo, put

NOTES = {
    "one": question("What is $x$ in *this*?", "It is `x`, or <https://example.org>"),
    "two": cloze("Beavers build {{c1::dams}}, and {{c2::**lodges**::homes}}."),
    "three": question("Which lake is that?", "![A lake](media/lake.png)", reverse=True),
    "four": question("What do beavers build?", "- dams\n- lodges"),
}
OTHER = {"title": "Another", "author": "B. Speaker", "url": "https://example.org/other"}
# What an author might save, one after the other; bytes are another picture at the same path.
EDITS: dict[str, dict[str, Any] | bytes] = {
    "at first": deck(NOTES),
    "a text": deck({**NOTES, "one": question("What is *this*?", "It is `y`")}),
    "the text of before": deck(NOTES),
    "a picture": photo(8, 6, blue=20),
    "the picture of before": photo(8, 6),
    "a file that is not a picture": b"words",
    "a picture again": photo(9, 6),
    "the title of the deck": deck(NOTES, title="Other"),
    "the tags of the deck": deck(NOTES, tags=["animals"]),
    "a note in English made another": deck({**NOTES, "four": cloze("{{c1::Es}} baut einen {{c2::Damm}}.")}),
    "the link of the source": deck(NOTES, sources={"talk": {**TALK, "link": "{url}?t={seconds}"}}),
    "another source": deck(NOTES, sources={"talk": OTHER}),
    "advice that is ignored": {**deck(NOTES), "check": {"ignore": {"foreign-mark": "These are prices."}}},
    "an error": deck({**NOTES, "two": cloze("{{c1::a")}),
    "no second card": deck({**NOTES, "three": question("Which lake?", "![A lake](media/lake.png)")}),
    "a second card with its own texts": deck(
        {**NOTES, "three": question("Which lake?", "That one", reverse={"q": "Which one?", "a": "The lake"})}
    ),
    "what was there at first": deck(NOTES),
}


def forget() -> None:
    """Forget everything, as a new process does."""
    modules = [module for name, module in sys.modules.items() if name.partition(".")[0] == "cuedeck"]
    for each in (value for module in modules for value in vars(module).values()):
        if isinstance(each, functools._lru_cache_wrapper):
            each.cache_clear()


def page(folder: Path) -> bytes | list[str]:
    """Return the page that a preview shows, or the problems that it reports instead."""
    try:
        return preview_page(preview_of(folder / "cards.yaml"), live=True)
    except Problems as found:
        return [*map(str, found.problems)]


def test_a_preview_after_edits_is_like_one_in_a_new_process(folder: Path) -> None:
    """Whatever was edited: texts, keys of the deck and its sources, note types, and pictures on the disk."""
    put(folder, lake_png=photo(8, 6))
    build_deck(folder, deck(NOTES))
    remembering = []
    for edited in EDITS.values():
        put(folder, lake_png=edited) if isinstance(edited, bytes) else write(folder, edited)
        remembering.append(page(folder))
        forget()
        assert page(folder) == remembering[-1]
    # Again, without forgetting anything in between.
    put(folder, lake_png=photo(8, 6))
    for edited, before in zip(EDITS.values(), remembering, strict=True):
        put(folder, lake_png=edited) if isinstance(edited, bytes) else write(folder, edited)
        assert page(folder) == before
    assert len({*map(str, remembering)}) > len(EDITS) * 2 / 3


_PIECES = st.sampled_from(
    ["a", " b", "*", "**", "`", "{{c1::", "::h", "}}", "\n", "\n\n", "- ", "1. ", "$x$", r"\(x\)", "<u>", "</u>", "| "]
)


@given(st.lists(_PIECES, max_size=8).map("".join))
def test_what_was_found_in_a_text_is_found_again(text: str) -> None:
    """The HTML of a text, what was plainly not meant in it, and its errors are the same the second time."""

    def found(render: Any) -> object:
        seen = Seen(marks=set())
        try:
            html = render(text, seen)
        except TextError as error:
            return str(error), error.hint
        return html, seen.marks, [(str(each), each.hint) for each in seen.misread]

    for render in (to_html, cloze_to_html):
        forget()
        assert found(render) == found(render) == found(render)


def test_an_error_is_raised_again() -> None:
    """Nothing is remembered of a call that failed."""
    calls = []

    @remembered
    def fails(text: str) -> str:
        calls.append(text)
        raise ValueError(text)

    for _ in range(2):
        with pytest.raises(ValueError, match="a"):
            fails("a")
    assert calls == ["a", "a"]


class Counted:
    """Counts its calls; returns how many there were, with what it was called with."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, argument: object) -> tuple[int, str]:
        self.calls += 1
        return self.calls, repr(argument)


def test_what_is_found_out_about_an_object_is_found_out_once() -> None:
    """Another object is another one although it is equal, and so is one that cannot be a key of a dictionary."""
    counted = Counted()
    found = remembered_of(counted)
    first, second = ["a"], ["a"]
    assert [found(each) for each in (first, first, second, first, second)] == [
        *[(1, "['a']")] * 2,
        (2, "['a']"),
        (1, "['a']"),
        (2, "['a']"),
    ]


def test_none_is_a_result_like_any_other() -> None:
    """It is not found out again, which for most notes would be every time."""
    calls: list[object] = []
    found = remembered_of(calls.append)
    note = object()
    assert (found(note), found(note), calls) == (None, None, [note])


def test_functions_do_not_share_what_they_remember() -> None:
    """Two of them may be asked about the same object."""
    note = ["a"]
    assert remembered_of(len)(note) == 1
    assert remembered_of(repr)(note) == "['a']"


def test_only_so_many_objects_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that nobody asked for while many others were are forgotten, and found out again."""
    monkeypatch.setattr(remembering, "_MOST_OBJECTS", 3)
    counted = Counted()
    found = remembered_of(counted)
    notes = [[number] for number in range(1, 8)]
    assert [found(each)[0] for each in notes[:4]] == [found(each)[0] for each in notes[:4]] == [1, 2, 3, 4]
    assert [found(each)[0] for each in notes[4:]] == [5, 6, 7]
    assert [found(notes[place - 1])[0] for place in (7, 1, 1, 7)] == [7, 8, 8, 7]


def test_a_result_may_depend_on_that_of_another_object(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also if there are so many that the others are forgotten meanwhile."""
    monkeypatch.setattr(remembering, "_MOST_OBJECTS", 2)
    inner: list[Any] = []
    for _ in range(5):
        inner = [inner]

    @remembered_of
    def depth(nested: list[Any]) -> int:
        return 1 + depth(nested[0]) if nested else 0

    assert (depth(inner), depth(inner), depth(inner[0])) == (5, 5, 4)


def test_a_new_object_never_gets_the_result_of_a_gone_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python gives the number of an object that is gone to a new one, so no object that is remembered may go."""
    monkeypatch.setattr(remembering, "_MOST_OBJECTS", 10)
    found = remembered_of(repr)
    numbers = set()
    for number in range(1000):
        note = [number]
        numbers.add(id(note))
        assert found(note) == f"[{number}]"
        del note
    assert len(numbers) < 1000, "no number was used again, so this test shows nothing"


def test_nothing_is_remembered_of_an_object_that_failed() -> None:
    """An error is raised again."""
    calls = []

    @remembered_of
    def fails(note: object) -> None:
        calls.append(note)
        raise ValueError("too long")

    note = object()
    for _ in range(2):
        with pytest.raises(ValueError, match="too long"):
            fails(note)
    assert calls == [note, note]
