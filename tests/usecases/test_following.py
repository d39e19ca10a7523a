"""A preview that follows edits: after each of them, its page is byte for byte the page of a preview made from scratch.

A preview remembers much from edit to edit: files that were read, notes that were rendered, and what was found in them.
"""

import contextlib
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cuedeck.pages.media import beside
from cuedeck.pages.preview import Preview, preview_page, problems_page
from cuedeck.pages.serving import VERSION_PLACE, PageServer
from cuedeck.problems import Problem, Problems
from cuedeck.usecases.build import build
from cuedeck.usecases.preview import follow, preview_of
from cuedeck.usecases.release import stamp_release, write_release
from tests.making import DAY, DUMPER, FIRST, TALK, EveryKey, checked, cloze, keys_met, question
from tests.needing import needed
from tests.pictures import mp3, photo
from tests.recording.talks import SAID, srt
from tests.test_remembering import forget

CARDS = Path("cards.yaml")
PARTS = Path("lectures")
Data = dict[str, Any]


def course() -> Data:
    """Return a deck with two recordings, whose notes say what advice is about: names, terms, and facts that repeat."""
    talk = {**TALK, "transcript": "talk.srt", "length": "5:00", "chapters": {"0:00": "Dams", "1:40": "Webs"}}
    film = {"title": "A film", "url": "https://youtu.be/abcdefghijk", "deck": "Films", "clips": "true"}
    dams = {
        "beavers": question("What do beavers build?", "dams", at="0:30.200"),
        "lake": question("Which lake is that?", "![A lake](media/lake.png)", reverse="true"),
        "otters": cloze("Otters crack {{c1::mussels}} with a {{c2::stone::tool}}.", tags=["food"], at=["1:00", "2:00"]),
    }
    webs = {
        "spiders": question("What do spiders weave?", "webs", extra="See $x$ and *dams*."),
        "moles": question("What do moles dig?", "tunnels", reverse={"q": "Who digs tunnels?", "a": "moles"}),
    }
    film_notes = {
        "colour": cloze("The colour of a beaver is {{c1::brown}}."),
        "color": question("Which color does an otter have?", "brown", source="talk", at="0:10"),
    }
    return {
        "deck": {"id": "small", "namespace": "tests123", "title": "Small", "author": "A. Writer", "license": "CC0"},
        "sources": {"talk": talk, "film": film},
        "concepts": {
            "dams": {"title": "Dams", "source": "talk", "at": "0:30-0:40", "notes": dams},
            "webs": {"title": "Webs", "source": "talk", "at": "2:00", "tags": "silk", "notes": webs},
            "films": {"title": "Films", "source": "film", "at": ["0:05.200", "0:09"], "notes": film_notes},
        },
    }


class Author:
    """An author who edits a deck in the working folder. `homes` are the parts that have some of it, by id."""

    def __init__(self) -> None:
        self.data = course()
        self.homes: dict[str, str] = {}
        self.broken: dict[str, str] = {}
        self.style = ""
        self.built = 0
        self._written: dict[Path, str] = {}
        media("lake.png", photo(8, 6))
        Path("talk.srt").write_text(srt(SAID), encoding="utf-8")
        self.save()

    def concept(self, number: int) -> Data:
        """Return a concept."""
        return chosen(self.data["concepts"], number)

    def note(self, number: int) -> Data:
        """Return a note."""
        return chosen(
            {id: note for each in self.data["concepts"].values() for id, note in each["notes"].items()}, number
        )

    def source(self, number: int) -> Data:
        """Return a source."""
        return chosen(self.data["sources"], number)

    def make(self, name: str, a: int, b: int) -> None:
        """Make one of the edits, and save it."""
        EDITS[name](self, a, b)
        if name != "delete a part":
            self.save()

    def save(self) -> None:
        """Write the files that are not as they were, and delete parts that have nothing any more."""
        files = {CARDS: self._within("")}
        if self.homes:
            files[CARDS]["deck"] = {**self.data["deck"], "parts": f"{PARTS.name}/*.yaml"}
        files |= {PARTS / f"{name}.yaml": self._within(name) for name in {*self.homes.values()}}
        texts = {path: self._text(path, data) for path, data in files.items()}
        for path in self._written.keys() - texts.keys():
            path.unlink(missing_ok=True)
        for path, text in texts.items():
            if self._written.get(path) != text or not path.exists():
                path.parent.mkdir(exist_ok=True)
                path.unlink(missing_ok=True)  # some disks take long to write over a file
                path.write_text(text, encoding="utf-8")
        self._written = texts

    def _within(self, home: str) -> Data:
        held = {
            name: {id: each for id, each in self.data[name].items() if self.homes.get(id, "") == home}
            for name in ("sources", "concepts")
        }
        rest = {} if home else {name: each for name, each in self.data.items() if name not in held}
        return {**rest, **{name: each for name, each in held.items() if each}}

    def _text(self, path: Path, data: Data) -> str:
        text = yaml.dump(data, Dumper=DUMPER, allow_unicode=True, sort_keys=False, default_style=self.style or None)
        return text + self.broken.get(path.name, "")


def chosen(values: Any, number: int) -> Any:
    """Return one of the values of a mapping or list; an empty mapping if it has none."""
    found = list(values.values() if isinstance(values, dict) else values)
    return found[number % len(found)] if found else {}


def name_of(values: Data, number: int) -> str:
    """Return one of the keys of a mapping; "" if it has none."""
    return [*values, ""][number % max(len(values), 1)]


def moved(values: Data, number: int) -> None:
    """Move one of the entries of a mapping to its end."""
    if name := name_of(values, number):
        values[name] = values.pop(name)


def without(values: Data, number: int) -> None:
    """Remove one of the entries of a mapping."""
    values.pop(name_of(values, number), None)


def media(name: str, data: bytes | None) -> None:
    """Write a picture or sound into the folder of the deck, or delete it."""
    path = Path("media") / name
    if data is None:
        path.unlink(missing_ok=True)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def toggle(values: Data, key: str, *given: Any, number: int = 0) -> None:
    """Give an entry of a mapping one of some values; remove it if it has that value."""
    value = given[number % len(given)]
    if values.get(key) == value:
        del values[key]
    else:
        values[key] = value


TEXTS = (
    *("What do beavers build?", "What do Beavers build, and why?", "dams", "brown", "Das ist der Biber und sein Damm."),
    *("*So* it is.", "a $x^2$ b", "![A lake](media/lake.png)", "![](media/word.mp3)", "{{c1::mussels}} and stones"),
    *(
        "mussels, stones, webs, dams, tunnels, worms and many other things that are hard to keep in mind",
        "",
        "<u>",
        "  ",
    ),
)
MOMENTS = ("0:30.200", "0:30.700", "0:30", "0:30.2-0:40.900", "0:30.2-0:40.100", "0:31", ["0:30", "1:00"], "9:00", "x")


def reword(author: Author, a: int, b: int) -> None:
    note = author.note(a)
    key = name_of({key: None for key in ("q", "a", "cloze", "extra") if key in note}, b // 16)
    note[key] = "It is {{c1::" + TEXTS[b % len(TEXTS)] + "}}." if key == "cloze" else TEXTS[b % len(TEXTS)]


def change_milliseconds(author: Author, a: int, b: int) -> None:
    """Change nothing that a card shows, but which clip of the recording belongs to it."""
    for each in (author.concept(a), author.note(b)):
        written = each.get("at", "")
        others = [
            re.sub(r"\.[0-9]+$|$", f".{b % 1000:03}", at) for at in ([written] if isinstance(written, str) else written)
        ]
        if written:
            each["at"] = others if len(others) > 1 else others[0]


def remove_moments(author: Author, a: int, b: int) -> None:
    """Leave a concept without moments, so that each of its notes is an error with moments proposed for it."""
    concept = author.concept(a)
    for each in (concept, *concept.get("notes", {}).values()):
        each.pop("at", None)


def rename_note(author: Author, a: int, b: int) -> None:
    notes = author.concept(a).get("notes", {})
    if (name := name_of(notes, b)) and f"{name}-2" not in notes:
        note = notes.pop(name)
        notes[f"{name}-2"] = {**note, "was": name} if b % 2 else note


def rename(author: Author, section: str, a: int) -> None:
    values = author.data[section]
    if (name := name_of(values, a)) and f"{name}-2" not in values:
        values[f"{name}-2"] = values.pop(name)
        if name in author.homes:
            author.homes[f"{name}-2"] = author.homes.pop(name)
        if section == "sources":
            places = [note for each in author.data["concepts"].values() for note in (each, *each["notes"].values())]
            for each in places:
                if each.get("source") == name:
                    each["source"] = f"{name}-2"


def add_note(author: Author, a: int, b: int) -> None:
    note = question(TEXTS[b % len(TEXTS)], "It", at=MOMENTS[b % len(MOMENTS)]) if a % 2 else cloze("A {{c1::web}}.")
    author.concept(a).get("notes", {})[f"new-{b}"] = note


def move_note(author: Author, a: int, b: int) -> None:
    one, other = author.concept(a), author.concept(b)
    if name := name_of(one.get("notes", {}), b):
        other["notes"][name] = one["notes"].pop(name)


def move_to_part(author: Author, a: int, b: int) -> None:
    name = name_of({**author.data["concepts"], **author.data["sources"]}, a)
    if home := chosen(["", "one", "two"], b):
        author.homes[name] = home
    else:
        author.homes.pop(name, None)


def rename_part(author: Author, a: int, b: int) -> None:
    author.homes = {id: {"one": "zero", "two": "one", "zero": "two"}[home] for id, home in author.homes.items()}


def break_or_fix(author: Author, a: int, b: int) -> None:
    names = [CARDS.name, *(f"{home}.yaml" for home in author.homes.values())]
    toggle(
        author.broken,
        chosen(names, a),
        "\n\0",
        "\nsources: [",
        "\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n",
        "\n x",
        number=b,
    )


def delete_or_restore_part(author: Author, a: int, b: int) -> None:
    for path in sorted(PARTS.glob("*.yaml"))[: a % 2 + 1]:
        path.unlink()


def save_as_text(author: Author, a: int, b: int) -> None:
    author.style = '"' if author.style != '"' else "|"


def build_it(author: Author, a: int, b: int) -> None:
    author.save()
    author.built += 1
    at = FIRST - 100 * DAY + author.built * DAY
    with contextlib.suppress(Problems):
        if a % 3:
            build(CARDS, at=at, accept=keys_met(checked(CARDS, EveryKey())))
        else:
            write_release(stamp_release(checked(CARDS, EveryKey()), f"1.{author.built}.0", at), "* A release.\n")


def lose_lock(author: Author, a: int, b: int) -> None:
    Path("cards.lock").unlink(missing_ok=True)


def lose_package(author: Author, a: int, b: int) -> None:
    for path in packages()[: a % 2 + 1]:
        path.unlink()


def packages() -> list[Path]:
    """Return the packages that are there."""
    return sorted(Path("decks").glob("*.apkg"))


def hide_or_restore_packages(author: Author, a: int, b: int) -> None:
    away = Path("away")
    away.mkdir(exist_ok=True)
    for path in [*away.iterdir()] or packages():
        path.replace(("decks" if path.parent == away else away) / Path(path.name))


def damage_package(author: Author, a: int, b: int) -> None:
    for path in packages()[: a % 2 + 1]:
        path.write_bytes((b"", b"PK", path.read_bytes()[:-1])[b % 3])


def lock_of_another_deck(author: Author, a: int, b: int) -> None:
    other, own = Path("other.lock"), Path("cards.lock")
    if other.exists():
        other.unlink()
    elif own.exists():
        other.write_bytes(own.read_bytes())


def file_elsewhere(author: Author, a: int, b: int) -> None:
    folder = Path("pictures")
    if not folder.exists():
        folder.mkdir()
    elif b % 2:
        shutil.rmtree(folder)
    else:
        (folder / "lake.png").write_bytes(photo(8 + b % 3, 6))


# What an author may do, by name. Each gets two numbers that choose where, and what.
EDITS: dict[str, Callable[[Author, int, int], Any]] = {
    "reword": reword,
    "reword a picture away": lambda author, a, b: author.note(a).update(extra=TEXTS[b % len(TEXTS)]),
    "move a moment": lambda author, a, b: toggle(author.note(a), "at", *MOMENTS, number=b),
    "milliseconds": change_milliseconds,
    "no moments": remove_moments,
    "move the moment of a concept": lambda author, a, b: toggle(author.concept(a), "at", *MOMENTS, number=b),
    "rename a note": rename_note,
    "rename a concept": lambda author, a, b: rename(author, "concepts", a),
    "rename a source": lambda author, a, b: rename(author, "sources", a),
    "title of a concept": lambda author, a, b: toggle(author.concept(a), "title", "Dams", "*Webs*", number=b),
    "subdeck of a concept": lambda author, a, b: toggle(author.concept(a), "deck", "Dams", "Films", number=b),
    "retire a note": lambda author, a, b: toggle(author.note(a), "retired", "Dull"),
    "reverse a note": lambda author, a, b: toggle(
        author.note(a), "reverse", "true", {"q": "Who?", "a": "It"}, number=b
    ),
    "add a note": add_note,
    "delete a note": lambda author, a, b: without(author.concept(a).get("notes", {}), b),
    "move a note": move_note,
    "move a note to the end": lambda author, a, b: moved(author.concept(a).get("notes", {}), b),
    "move a concept to the end": lambda author, a, b: moved(author.data["concepts"], a),
    "move a key of a note to the end": lambda author, a, b: moved(author.note(a), b),
    "move a source to the end": lambda author, a, b: moved(author.data["sources"], a),
    "delete a concept": lambda author, a, b: without(author.data["concepts"], a),
    "delete a source": lambda author, a, b: without(author.data["sources"], a),
    "add a source": lambda author, a, b: author.data["sources"].update(new={**TALK, "url": "https://example.org/new"}),
    "tags of a note": lambda author, a, b: toggle(author.note(a), "tags", ["food"], "silk", ["a", "b"], number=b),
    "tags of a concept": lambda author, a, b: toggle(author.concept(a), "tags", ["food"], "silk", number=b),
    "tags of the deck": lambda author, a, b: toggle(author.data["deck"], "tags", ["animals"], "talks", number=b),
    "title of the deck": lambda author, a, b: toggle(author.data["deck"], "title", "Small", "Other", number=b),
    "description": lambda author, a, b: toggle(author.data["deck"], "description", "On *animals*.", "<u>", number=b),
    "id of the deck": lambda author, a, b: toggle(author.data["deck"], "id", "small", "other", number=b),
    "title of a source": lambda author, a, b: toggle(author.source(a), "title", "A talk", "Talk", number=b),
    "author of a source": lambda author, a, b: toggle(author.source(a), "author", "A. Speaker"),
    "link": lambda author, a, b: toggle(author.source(a), "link", "{url}?t={seconds}", "{url}#{mm:ss}", number=b),
    "opens": lambda author, a, b: toggle(author.source(a), "opens", "page", "player", number=b),
    "length": lambda author, a, b: toggle(author.source(a), "length", "5:00", "0:20", "5:00.5", number=b),
    "chapters": lambda author, a, b: toggle(
        author.source(a), "chapters", {"0:00": "Dams", "0:30": "Webs"}, {"0:00": "Webs", "0:30.400": "Dams"}, number=b
    ),
    "order of chapters": lambda author, a, b: moved(author.source(a).get("chapters", {}), b),
    "offset": lambda author, a, b: toggle(author.source(a), "offset", "0:05", "-0:05", number=b),
    "subdeck of a source": lambda author, a, b: toggle(author.source(a), "deck", "Films", "Talks", number=b),
    "clips": lambda author, a, b: toggle(author.source(a), "clips", "true"),
    "no transcript": lambda author, a, b: toggle(author.source(a), "transcript", "talk.srt", "none.srt", number=b),
    "part": move_to_part,
    "rename the parts": rename_part,
    "delete a part": delete_or_restore_part,
    "break or fix a file": break_or_fix,
    "an unknown key": lambda author, a, b: toggle(author.note(a), "anser", "That"),
    "another style": save_as_text,
    "ignored": lambda author, a, b: toggle(
        author.data.setdefault("check", {}).setdefault("ignore", {}),
        *(
            ("foreign-mark", "names", f"spelling in {'beavers'}", "long-answer in lake", "british-american")[b % 5],
            "So.",
        ),
    ),
    "credits": lambda author, a, b: toggle(author.data, "media", {"media/lake.png": {"license": "CC BY 4.0"}}),
    "credits of a folder": lambda author, a, b: toggle(author.data, "media", {"pictures": {"license": "CC0"}}),
    "a folder of pictures": file_elsewhere,
    "another deck": lambda author, a, b: Path("other.yaml").write_text(
        ("", "lake.png", "word.mp3")[b % 3], encoding="utf-8"
    ),
    "lock of another deck": lock_of_another_deck,
    "picture": lambda author, a, b: media("lake.png", (None, b"words", photo(8, 6), photo(9, 6))[b % 4]),
    "sound": lambda author, a, b: media("word.mp3", (None, mp3(2), mp3(40))[b % 3]),
    "clip": lambda author, a, b: media("clips/talk/0.30.200.mp3", (None, b"words", mp3(40), mp3(80))[b % 4]),
    "transcript": lambda author, a, b: Path("talk.srt").write_bytes(
        (srt(SAID).encode(), srt({5: "Beavers."}).encode(), b"", b"\xff\0")[b % 4]
    ),
    "lost transcript": lambda author, a, b: Path("talk.srt").unlink(missing_ok=True),
    "build": build_it,
    "lost lock": lose_lock,
    "lost package": lose_package,
    "packages away or back": hide_or_restore_packages,
    "a damaged package": damage_package,
}
_NUMBERS = st.integers(0, 300)
edits = st.lists(st.tuples(st.sampled_from([*EDITS]), _NUMBERS, _NUMBERS), min_size=1, max_size=12)


Forgetting = Literal["always", "at last", "never"]


class _NoMoreEdits(Exception):
    pass


class Scratch:
    """What a preview shows that remembers nothing, after each edit."""

    def __init__(self, accept: Sequence[str] | EveryKey) -> None:
        self._accept = accept
        self._last: Preview | None = None

    def page(self) -> tuple[bytes, Sequence[Problem]]:
        """Return the page, and the problems that are shown on it."""
        errors: Sequence[Problem] = ()
        try:
            made = preview_of(CARDS, self._accept)
            self._last = replace(made, media=beside(made.files.values()))
        except Problems as found:
            errors = found.problems
        if self._last:
            return preview_page(self._last, errors, live=True), errors or self._last.problems
        return problems_page(errors, live=True), errors


def play(steps: Sequence[tuple[str, int, int]], accept: Sequence[str] | EveryKey, forgetting: Forgetting) -> None:
    """Edit a deck while a preview follows, and compare its page with one from scratch after each edit.

    The first edit is made before the preview starts, so it may start with errors. `forgetting` says when also what is
    remembered of texts is forgotten, as in a new process: before each comparison, before the last one, or never.
    """
    author, scratch = Author(), Scratch(accept)
    author.make(*steps[0])
    told: list[Preview | Problems] = []

    def compare(server: PageServer) -> None:
        if forgetting == "always":
            forget()
        page, problems = scratch.page()
        assert server.page == page.replace(VERSION_PLACE, server.version().encode(), 1)
        assert told[-1].problems == problems

    with closing_server() as server, pytest.MonkeyPatch.context() as patch:

        def watched(*_: object, **__: object) -> Iterator[set[object]]:
            compare(server)
            for step in steps[1:]:
                author.make(*step)
                yield set()
                compare(server)
            if forgetting == "at last":
                forget()
                compare(server)
            raise _NoMoreEdits

        patch.setattr(needed("watchfiles"), "watch", watched)
        try:
            for outcome in follow(CARDS, server, accept):
                told.append(outcome)
        except _NoMoreEdits:
            pass
        except Problems:
            assert not told, "only a file that cannot be read at the start ends the preview"


@contextlib.contextmanager
def closing_server() -> Iterator[PageServer]:
    """Yield a server of a page that answers nobody."""
    server = PageServer(0)
    try:
        yield server
    finally:
        server.server_close()


@given(edits, st.booleans(), st.sampled_from(["always", "at last"]))
def test_after_each_edit_the_page_is_like_one_from_scratch(
    steps: list[tuple[str, int, int]], accepting: bool, forgetting: Forgetting
) -> None:
    """Whatever an author does: edit notes and sources, move them to other files, break files, build, lose something."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        play(steps, EveryKey() if accepting else (), forgetting)


# What was not noticed before, by name: edits of files that are not those of the deck.
BESIDE = {
    "files without a use": [("sound", 0, 1), ("sound", 0, 0), ("clip", 0, 2), ("clip", 0, 0), ("picture", 0, 3)],
    "a transcript of notes without moments": [
        *(("no moments", 0, 0), ("transcript", 0, 1), ("lost transcript", 0, 0), ("transcript", 0, 0)),
        *(("no moments", 1, 0), ("transcript", 0, 2)),
    ],
    "a picture as it was in a package": [
        *(("build", 1, 0), ("picture", 0, 3), ("packages away or back", 0, 0), ("packages away or back", 0, 0)),
        *(("a damaged package", 0, 1), ("build", 1, 0), ("picture", 0, 2), ("lost package", 1, 0)),
    ],
    "a picture as it was in a release": [
        *(("build", 0, 0), ("picture", 0, 3), ("packages away or back", 0, 0), ("packages away or back", 0, 0)),
        *(("a damaged package", 1, 1), ("lost package", 1, 0)),
    ],
    "a folder that has a licence": [("credits of a folder", 0, 0), *(("a folder of pictures", 1, 1),) * 3],
    "files that another deck uses": [("sound", 0, 1), *(("another deck", 0, number) for number in (2, 1))],
    "the lock of the same deck under another name": [
        *(("build", 1, 0), ("lock of another deck", 0, 0), ("lost lock", 0, 0), ("lock of another deck", 0, 0)),
    ],
}


@pytest.mark.parametrize("steps", BESIDE.values(), ids=BESIDE)
def test_files_beside_the_deck_are_followed(steps: list[tuple[str, int, int]]) -> None:
    """There is advice on them, or they are where a message has something from."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        play(steps, (), "never")


@pytest.mark.parametrize("first", range(0, len(EDITS), 8))
def test_edits_made_and_taken_back(first: int) -> None:
    """Each of them at least once, in a deck that has a concept in a part."""
    names = [*EDITS][first : first + 8]
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        play([("part", 0, 1), *((name, 1, 1) for name in names for _ in range(2))], EveryKey(), "never")
