"""cards.lock as a file, committed beside cards.yaml.

One JSON object a line, sorted, so that git can merge two branches by keeping the lines of both. The first line names
the format and the deck; then one line a release, an accepted hazard, a note type, a note. A merge may leave two lines
for one thing: they are joined on reading, so that the next build delivers the note anew to the learners of both
branches.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from builder.deck.values import identifier
from builder.history.lock import Accepted, KnownNote, KnownType, Lock, Release
from builder.history.merging import joined_notes, joined_types
from builder.problems import Place, Problem, Problems, stop

FORMAT = 1

_KINDS = ("qa", "cloze")
# What a line leaves out where it says nothing.
_ABSENT: dict[str, Any] = {
    "answers": {},
    "outside": "",
    "gone": (),
    "was": (),
    "retired": "",
    "shape": "",
    "released": 0,
}
# Each line begins with what it is about: a note by the author's id, so that Anki's id of it needs another key.
_NOTE_KEYS = {"id": "note", "note": "nid"}
_TYPE_KEYS = {"kind": "type"}
_LARGEST = 64 * 1024 * 1024
_END_OF_TIME = 253_402_300_800  # the first second of the year 10000, which no date can tell
_FROM_GIT = "bring the file back from git; it is written by cuedeck build only"
_CONFLICT = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})(?: |$)")


def to_text(lock: Lock) -> str:
    """Return the text of a lock, the same for the same lock."""
    titles = dict(sorted(lock.titles.items()))
    head = {"cuedeck": FORMAT, "deck": lock.deck, "namespace": lock.namespace, "titles": titles}
    releases = [
        release_line(each) for each in sorted(lock.releases, key=lambda each: (each.time, each.version, each.content))
    ]
    ordered = sorted(set(lock.accepted), key=lambda each: (each.time, each.hazard))
    accepted = [{"accepted": each.hazard, "time": each.time} for each in ordered]
    types = [_line(lock.types[kind], _TYPE_KEYS) for kind in sorted(lock.types)]
    notes = [note_line(lock.notes[id]) for id in sorted(lock.notes)]
    lines = (head, *releases, *accepted, *types, *notes)
    encode = json.JSONEncoder(ensure_ascii=False).encode  # dumps() would make one for each line
    return "".join(f"{encode(line)}\n" for line in lines)


def note_line(note: KnownNote) -> dict[str, Any]:
    """Return what the line of a note holds."""
    return _line(note, _NOTE_KEYS)


def release_line(release: Release) -> dict[str, Any]:
    """Return what the line of a release holds."""
    return {"release": release.version, "time": release.time, "content": release.content, "deck": release.deck}


def _line(known: "KnownNote | KnownType", keys: Mapping[str, str]) -> dict[str, Any]:
    # Not asdict(), which copies all that is inside, and took two thirds of the time.
    return {keys.get(name, name): value for name, value in vars(known).items() if value != _ABSENT.get(name)}


def read_lock(path: Path) -> Lock | None:
    """Return the lock in a file; None where there is no such file. Raises `Problems` where it cannot be read."""
    name = path.as_posix()
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
        text = data.decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        stop(name, "lock-damaged", "the file is no text", _FROM_GIT, error.object.count(b"\n", 0, error.start) + 1)
    except OSError as error:
        stop(
            name,
            "unreadable",
            f"the file cannot be read: {error.strerror}",
            "see that it is a file, and that you may read it",
        )
    if len(data) > _LARGEST:
        stop(name, "lock-damaged", f"the file is larger than {_LARGEST // 1024**2} MB, as no lock is", _FROM_GIT)
    return from_text(text.replace("\r\n", "\n").replace("\r", "\n"), name)


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
            hint = "bring your copy of cuedeck up to the version that the others use"
            raise Problems([_problem(name, number, "lock-newer", "a newer version of cuedeck wrote this file", hint)])


def _object(line: str) -> dict[str, Any]:
    data = json.loads(line)
    if not isinstance(data, dict):
        raise ValueError(line)
    return data


def _problem(name: str, line: int, rule: str, message: str, hint: str) -> Problem:
    return Problem(Place(name, line), message, rule, hint)


def _damaged(name: str, line: int, message: str) -> Problem:
    return _problem(name, line, "lock-damaged", message, _FROM_GIT)


@dataclass
class _Found:
    """What stands in the lines of a file, in their order."""

    heads: list[dict[str, Any]] = field(default_factory=list)
    notes: list[KnownNote] = field(default_factory=list)
    types: list[KnownType] = field(default_factory=list)
    releases: list[Release] = field(default_factory=list)
    accepted: set[Accepted] = field(default_factory=set)

    def add(self, data: dict[str, Any]) -> None:
        """Add what one line holds. Raises KeyError, TypeError, ValueError or AttributeError where it is not whole."""
        if "cuedeck" in data:
            self.heads.append(_head(data))
        elif "note" in data:
            self.notes.append(note_of(data))
        elif "type" in data:
            self.types.append(_type(data))
        elif "accepted" in data:
            self.accepted.add(Accepted(_str(data["accepted"]), _time(data["time"])))
        else:
            self.releases.append(release_of(data))


def _from_lines(lines: Iterable[tuple[int, dict[str, Any]]], name: str) -> Lock:
    found = _Found()
    problems = []
    for number, data in lines:
        try:
            found.add(data)
        except (KeyError, TypeError, ValueError, AttributeError):
            problems.append(_damaged(name, number, "this line of cards.lock is not whole"))
    if not (found.heads or problems):
        problems.append(_damaged(name, 0, 'the line that begins with {"cuedeck" is missing'))
    if problems:
        raise Problems(problems)
    head = found.heads[-1]
    _stop_if_two_decks({each["namespace"] for each in found.heads}, name)
    titles = {source: title for each in found.heads for source, title in each["titles"].items()}
    notes = joined_notes(found.notes)
    return Lock(
        namespace=head["namespace"],
        deck=head["deck"],
        titles=titles,
        notes=notes,
        types=joined_types(found.types),
        releases=tuple(sorted(set(found.releases), key=lambda each: (each.time, each.version, each.content))),
        accepted=tuple(sorted(found.accepted, key=lambda each: (each.time, each.hazard))),
    )


def _stop_if_two_decks(namespaces: set[str], name: str) -> None:
    if len(namespaces) > 1:
        both = " and ".join(f'"{each}"' for each in sorted(namespaces)[:2])
        message = f"the locks of two decks were merged here, with the namespaces {both}"
        hint = "bring back the file of the deck that this is: each deck keeps a lock of its own"
        raise Problems([_problem(name, 0, "lock-of-another-deck", message, hint)])


def _head(data: dict[str, Any]) -> dict[str, Any]:
    titles = {_str(source): _str(title) for source, title in data["titles"].items()}
    if "" not in titles or _int(data["cuedeck"]) < 1:
        raise ValueError(data)
    namespace, deck = (identifier(_str(data[key])) for key in ("namespace", "deck"))
    return {"namespace": namespace, "deck": deck, "titles": titles}


def release_of(data: Mapping[str, Any]) -> Release:
    """Return the release of a line. Raises KeyError, TypeError or ValueError where the line is not whole."""
    return Release(_str(data["release"]), _time(data["time"]), _str(data["content"]), identifier(_str(data["deck"])))


def note_of(data: Mapping[str, Any]) -> KnownNote:
    """Return the note of a line. Raises KeyError, TypeError, ValueError or AttributeError where it is not whole."""
    if not data["cards"]:
        raise ValueError(data)
    return KnownNote(
        id=identifier(_str(data["note"])),
        kind=_kind(data["kind"]),
        guid=_str(data["guid"]),
        note=_int(data["nid"]),
        cards={_number(ordinal): _int(card) for ordinal, card in data["cards"].items()},
        time=_time(data["time"]),
        content=_str(data["content"]),
        answers={_number(number): _strs(answers) for number, answers in data.get("answers", {}).items()},
        outside=_str(data.get("outside", "")),
        gone=tuple(map(_int, data.get("gone", ()))),
        was=tuple(map(identifier, data.get("was", ()))),
        retired=_str(data.get("retired", "")),
        released=_time(data.get("released", 0)),
    )


def _type(data: dict[str, Any]) -> KnownType:
    return KnownType(
        kind=_kind(data["type"]),
        id=_int(data["id"]),
        time=_time(data["time"]),
        content=_str(data["content"]),
        shape=_str(data.get("shape", "")),
        released=_time(data.get("released", 0)),
    )


def _int(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise ValueError(value)
    return value


def _time(value: object) -> int:
    if (time := _int(value)) >= _END_OF_TIME:
        raise ValueError(value)
    return time


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
