"""cards.lock: what the builder remembers of every note it ever built. Committed beside cards.yaml.

One JSON object a line, sorted, so that git can merge two branches by keeping the lines of both. The first line names
the format and the deck; then one line a release, a note type, a note. A merge may leave two lines for one thing: they
are joined on reading, so that the next build delivers the note anew to the learners of both branches.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from builder.deck.values import identifier
from builder.problems import Place, Problem, Problems

FORMAT = 1

# A content hash that no content has: what carries it counts as changed at the next build.
MERGED = "merged"

_KINDS = ("qa", "cloze")
_CONFLICT = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})(?: |$)")


@dataclass(frozen=True)
class KnownNote:
    """What was last built of a note.

    `note` and `cards` are Anki's ids, `cards` by ordinal from 0; `time` is the modification time in seconds since 1970.
    For a cloze note, `answers` holds the answers behind each number that ever was, and `outside` a hash of the words
    around them.
    """

    id: str
    kind: str
    guid: str
    note: int
    cards: Mapping[int, int]
    time: int
    content: str
    answers: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    outside: str = ""


@dataclass(frozen=True)
class KnownType:
    """What was last built of a note type: Anki's number for it, its modification time in seconds, its content hash."""

    kind: str
    id: int
    time: int
    content: str


@dataclass(frozen=True)
class Release:
    """A version that was handed out: when, in seconds since 1970, and the hash of all that was in it."""

    version: str
    time: int
    content: str


@dataclass(frozen=True)
class Lock:
    """All of cards.lock. `titles` are the names of the decks in Anki by source id; the main deck's is under ""."""

    namespace: str
    deck: str
    titles: Mapping[str, str]
    notes: Mapping[str, KnownNote] = field(default_factory=dict)
    types: Mapping[str, KnownType] = field(default_factory=dict)
    releases: tuple[Release, ...] = ()

    @property
    def newest_time(self) -> int:
        """The newest modification time of anything, in seconds since 1970; 0 where nothing was built yet."""
        times = [note.time for note in self.notes.values()]
        times += [known.time for known in self.types.values()]
        times += [release.time for release in self.releases]
        return max(times, default=0)

    @property
    def highest_id(self) -> int:
        """The highest id that Anki was ever given for a note or a card; 0 where there is none."""
        return max((max(note.note, *note.cards.values()) for note in self.notes.values()), default=0)

    @property
    def last_release(self) -> Release | None:
        """The newest release, None before the first one."""
        return max(self.releases, key=lambda release: release.time, default=None)


def to_text(lock: Lock) -> str:
    """Return the text of a lock, the same for the same lock."""
    head = {"cuedeck": FORMAT, "deck": lock.deck, "namespace": lock.namespace, "titles": dict(lock.titles)}
    releases = [{"release": each.version, "time": each.time, "content": each.content} for each in lock.releases]
    types = [_line("type", "kind", lock.types[kind]) for kind in sorted(lock.types)]
    notes = [_line("note", "id", lock.notes[id]) for id in sorted(lock.notes)]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in (head, *releases, *types, *notes))


def _line(name: str, key: str, known: "KnownNote | KnownType") -> dict[str, Any]:
    data = {field: value for field, value in asdict(known).items() if value not in ({}, "")}
    # "note" names the line by the author's id; Anki's id of the note goes by "nid".
    named = {name: data.pop(key)}
    return named | {("nid" if field == "note" else field): value for field, value in data.items()}


def from_text(text: str, name: str) -> Lock:
    """Return the lock that a text holds; `name` is the file's. Raises `Problems` at the lines that are no entries."""
    lines: list[tuple[int, dict[str, Any]]] = []
    problems = []
    # Not splitlines(), to which signs that an answer may hold end a line.
    for number, line in enumerate(text.split("\n"), 1):
        if _CONFLICT.match(line):
            hint = "keep the lines of both sides and take the marker lines out"
            problems.append(_problem(name, number, "lock-conflict", "git left a merge conflict here", hint))
        elif line.strip():
            try:
                lines.append((number, _object(line)))
            except (ValueError, RecursionError):
                problems.append(_damaged(name, number, "this line is no entry of cards.lock"))
    _stop_if_newer(lines, name)
    if problems:
        raise Problems(problems)
    if not lines:
        hint = "bring it back from git, or delete it if nothing was ever handed out"
        raise Problems([_problem(name, 0, "lock-damaged", "the file is empty", hint)])
    return _from_lines(lines, name)


def _stop_if_newer(lines: Iterable[tuple[int, dict[str, Any]]], name: str) -> None:
    """Raise `Problems` where a newer version wrote the file, since nothing else in it can be judged then."""
    for number, data in lines:
        written = data.get("cuedeck")
        if isinstance(written, int) and written > FORMAT:
            hint = "install that version: pip install --upgrade cuedeck"
            raise Problems([_problem(name, number, "lock-newer", "a newer version of cuedeck wrote this file", hint)])


def _object(line: str) -> dict[str, Any]:
    data = json.loads(line)
    if not isinstance(data, dict):
        raise ValueError(line)
    return data


def _problem(name: str, line: int, rule: str, message: str, hint: str) -> Problem:
    return Problem(Place(name, line), message, rule, hint)


def _damaged(name: str, line: int, message: str) -> Problem:
    hint = "bring the file back from git; it is written by cuedeck build only"
    return _problem(name, line, "lock-damaged", message, hint)


def _from_lines(lines: Iterable[tuple[int, dict[str, Any]]], name: str) -> Lock:
    heads: list[dict[str, Any]] = []
    notes: dict[str, KnownNote] = {}
    types: dict[str, KnownType] = {}
    releases: dict[str, Release] = {}
    problems = []
    for number, data in lines:
        try:
            if "cuedeck" in data:
                heads.append(_head(data))
            elif "note" in data:
                note = _note(data)
                notes[note.id] = _joined(notes[note.id], note) if note.id in notes else note
            elif "type" in data:
                known = KnownType(_kind(data["type"]), _int(data["id"]), _int(data["time"]), _str(data["content"]))
                types[known.kind] = _joined_type(types.get(known.kind, known), known)
            else:
                release = Release(_str(data["release"]), _int(data["time"]), _str(data["content"]))
                other = releases.get(release.version, release)
                releases[release.version] = max(release, other, key=lambda each: (each.time, each.content))
        except (KeyError, TypeError, ValueError, AttributeError):
            problems.append(_damaged(name, number, "this line of cards.lock is not whole"))
    if not (heads or problems):
        problems.append(_damaged(name, 0, 'the line that begins with {"cuedeck" is missing'))
    if problems:
        raise Problems(problems)
    head = heads[-1]
    if namespaces := sorted({each["namespace"] for each in heads} - {head["namespace"]}):
        both = f'"{head["namespace"]}" and "{namespaces[0]}"'
        message = f"the locks of two decks were merged here, with the namespaces {both}"
        hint = "bring back the file of the deck that this is: each deck keeps a lock of its own"
        raise Problems([_problem(name, 0, "lock-of-another-deck", message, hint)])
    titles = {source: title for each in heads for source, title in each["titles"].items()}
    ordered = tuple(sorted(releases.values(), key=lambda release: (release.time, release.version)))
    return Lock(head["namespace"], head["deck"], titles, _unshared(notes, ordered), types, ordered)


def _head(data: dict[str, Any]) -> dict[str, Any]:
    titles = {_str(source): _str(title) for source, title in data["titles"].items()}
    if "" not in titles or _int(data["cuedeck"]) < 1:
        raise ValueError(data)
    return {"namespace": _str(data["namespace"]), "deck": _str(data["deck"]), "titles": titles}


def _note(data: dict[str, Any]) -> KnownNote:
    if not data["cards"]:
        raise ValueError(data)
    return KnownNote(
        id=identifier(_str(data["note"])),
        kind=_kind(data["kind"]),
        guid=_str(data["guid"]),
        note=_int(data["nid"]),
        cards={_number(ordinal): _int(card) for ordinal, card in data["cards"].items()},
        time=_int(data["time"]),
        content=_str(data["content"]),
        answers={_number(number): _strs(answers) for number, answers in data.get("answers", {}).items()},
        outside=_str(data.get("outside", "")),
    )


def _int(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise ValueError(value)
    return value


def _number(key: str) -> int:
    return _int(int(key))


def _kind(value: object) -> str:
    if value not in _KINDS:
        raise ValueError(value)
    return str(value)


def _strs(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise TypeError(value)
    return tuple(map(_str, value))


def _str(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _joined(one: KnownNote, other: KnownNote) -> KnownNote:
    """Return what two branches know of one note; where they differ it counts as changed since the newer of them."""
    if one == other:
        return one
    newer = max(one, other, key=lambda note: (note.time, note.content, note.note))
    older = one if newer is other else other
    cards = {**older.cards, **newer.cards}
    answers = {**older.answers, **newer.answers}
    return replace(
        newer, cards=cards, answers=answers, content=newer.content if one.content == other.content else MERGED
    )


def _joined_type(one: KnownType, other: KnownType) -> KnownType:
    newer = max(one, other, key=lambda known: (known.time, known.content))
    return newer if one.content == other.content else replace(newer, content=MERGED)


def _unshared(notes: Mapping[str, KnownNote], releases: tuple[Release, ...]) -> dict[str, KnownNote]:
    """Return the notes with no Anki id given twice, as two branches may do: one that no release held gets new ids.

    Among unreleased notes the older keeps its ids, so that the result does not depend on the order of the lines.
    """
    last = max((release.time for release in releases), default=0)
    highest = max((max(note.note, *note.cards.values()) for note in notes.values()), default=0)
    taken: set[int] = set()
    result = {}
    for note in sorted(notes.values(), key=lambda note: (note.time > last, note.time, note.id)):
        ids = {note.note, *note.cards.values()}
        if taken & ids:
            first = highest + 1
            highest = first + len(note.cards)
            cards = {ordinal: first + 1 + place for place, ordinal in enumerate(sorted(note.cards))}
            note = replace(note, note=first, cards=cards)
            ids = {note.note, *note.cards.values()}
        taken |= ids
        result[note.id] = note
    return result
