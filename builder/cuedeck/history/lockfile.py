"""cards.lock as a file, committed beside cards.yaml.

There is one JSON object per line, and the lines are sorted, so that git can merge two branches by keeping the lines of
both. The first line names the format and the deck. Then comes a line for each adopted package, release, accepted
hazard, note type and note. A merge may leave two lines for one thing. They are joined on reading, so that the next
build delivers the note again to the learners of both branches.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from cuedeck.disk.text import stop_at_conflict
from cuedeck.disk.unreadable import is_endless, stop_unreadable
from cuedeck.history import entries
from cuedeck.history.entries import IDENTIFIER, entry, nested, read_entries, table
from cuedeck.history.lock import Accepted, Adoption, KnownNote, KnownSource, KnownType, Lock, Release
from cuedeck.history.merging import joined_notes, joined_releases, joined_types
from cuedeck.problems import Place, Problem, Problems, stop
from cuedeck.records import dataclass

FORMAT = 3
"""The newest format. A lock is written in the first format that can express everything in it.

So a program that would drop part of a lock refuses to read it.
"""

_DECODE = json.JSONDecoder().decode  # json.loads() would look for the encoding of each line
_FIRST_FORMAT = 1
_KNOWS_DRAFTS = 2  # the first format that distinguishes notes of drafts from those that were handed out

_LARGEST = 64 * 1024 * 1024
_JOIN = (
    "delete these lines and no others; when cards.yaml is as you want it, run cuedeck build, which joins both sides;\n"
    "for later merges, put this line into .gitattributes, so that git keeps both sides: {} merge=union text eol=lf"
)
_FROM_GIT = "restore the file from git, since only cuedeck writes it"


def to_text(lock: Lock) -> str:
    """Return the text of a lock, the same for the same lock."""
    releases = sorted(lock.releases, key=lambda each: (each.time, each.version, each.content))
    accepted = sorted(set(lock.accepted), key=lambda each: (each.time, each.hazard))
    types = [lock.types[kind] for kind in sorted(lock.types)]
    notes = [lock.notes[id] for id in sorted(lock.notes)]
    left = dict(sorted(lock.left.items())) if lock.left is not None else None
    last = lock.last_release
    head = _Head(
        _FIRST_FORMAT,
        lock.deck,
        lock.namespace,
        dict(sorted(lock.titles.items())),
        left,
        lock.highest,
        lock.main,
        last.time if last else 0,
        lock.tags_as_written,
    )
    values = (head, *_sorted(lock.adoptions), *releases, *accepted, *types, *notes)
    lines = [entries.written(each) for each in values]
    # Read in the first format, notes that were handed out without a release would count as drafts.
    least = _KNOWS_DRAFTS if lock.is_handed_out and not lock.is_first else _FIRST_FORMAT
    lines[0]["cuedeck"] = max(least, *map(entries.format_of, values, lines))
    encode = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode  # dumps() would make one for each line
    return "".join(f"{encode(each)}\n" for each in lines)


def read_lock(path: Path) -> Lock | None:
    """Return the lock in a file; None if there is no such file. Raises `Problems` if it cannot be read."""
    name = path.as_posix()
    try:
        if is_endless(path):
            stop(name, "unreadable", "this is a pipe or a device, not a file", "move it elsewhere")
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
        text = data.decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        stop(name, "lock-damaged", "the file is not text", _FROM_GIT, error.object.count(b"\n", 0, error.start) + 1)
    except OSError as error:
        stop_unreadable(name, error)
    if len(data) > _LARGEST:
        stop(
            name,
            "lock-damaged",
            f"the file is larger than {_LARGEST // 1024**2} MB, the most that a lock may have",
            _FROM_GIT,
        )
    return from_text(text.replace("\r\n", "\n").replace("\r", "\n"), name)


# A preview that follows edits reads the same lock every time.
@lru_cache(maxsize=1)
def from_text(text: str, name: str) -> Lock:
    """Return the lock in a text; `name` is the file's name. Raises `Problems` at the lines that are not entries."""
    stop_at_conflict(text, name, _JOIN.format(name.rpartition("/")[2]))
    lines: list[tuple[int, dict[str, Any]]] = []
    problems = []
    # Not splitlines(), which also splits at characters that an answer may contain.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                lines.append((number, _object(line)))
            except (ValueError, RecursionError):
                problems.append(_damaged(name, number, "this line is not an entry of cards.lock"))
    _stop_if_newer(lines, name)
    if problems:
        raise Problems(problems)
    if not lines:
        hint = "restore it from git, or delete it if no package was ever handed out"
        raise Problems([_problem(name, 0, "lock-damaged", "the file is empty", hint)])
    return _from_lines(lines, name)


def _stop_if_newer(lines: Iterable[tuple[int, dict[str, Any]]], name: str) -> None:
    """Raise `Problems` if a newer version wrote the file, since then nothing else in it can be judged."""
    for number, data in lines:
        written = data.get("cuedeck")
        if isinstance(written, int) and written > FORMAT:
            hint = "update Cuedeck to the version that wrote the file, or to a newer one"
            raise Problems([_problem(name, number, "lock-newer", "a newer version of Cuedeck wrote this file", hint)])


def _object(line: str) -> dict[str, Any]:
    data = _DECODE(line)
    if not isinstance(data, dict):
        raise ValueError(line)
    return data


def _problem(name: str, line: int, rule: str, message: str, hint: str) -> Problem:
    return Problem(Place(name, line), message, rule, hint)


def _damaged(name: str, line: int, message: str) -> Problem:
    return _problem(name, line, "lock-damaged", message, _FROM_GIT)


@dataclass(frozen=True)
class _Head:
    """The first line: the format of the file, and the deck to which it belongs, as of the time of its last release.

    Of the first lines of two branches, the one with the later release says what learners have.
    """

    format: int = entry(entries.whole, "cuedeck")
    deck: str = entry(IDENTIFIER)
    namespace: str = entry(IDENTIFIER)
    titles: Mapping[str, str] = entry(table(entries.line, entries.line, required=True))
    left: Mapping[str, str] | None = entry(table(entries.line, entries.line), since=2, default=None)
    highest: int = entry(entries.whole, since=2, default=0)
    main: KnownSource | None = entry(nested(KnownSource), since=2, default=None)
    as_of: int = entry(entries.time, since=2, default=0)
    tags_as_written: bool = entry(entries.yes, since=3, default=False)


LINES: Mapping[str, Any] = {
    "cuedeck": _Head,
    "note": KnownNote,
    "type": KnownType,
    "adopted": Adoption,
    "accepted": Accepted,
    "release": Release,
}
"""The class of a line's value, by the key that identifies it."""


def _from_line(data: Mapping[str, Any]) -> Any:
    """Return the value of one line. Raises ValueError if the line is damaged."""
    kind = next((kind for key, kind in LINES.items() if key in data), Release)
    found = read_entries(kind, data)
    if isinstance(found, _Head) and ("" not in found.titles or found.format < _FIRST_FORMAT):
        raise ValueError(data)
    return found


def _from_lines(lines: Iterable[tuple[int, dict[str, Any]]], name: str) -> Lock:
    found: dict[Any, list[Any]] = {kind: [] for kind in LINES.values()}
    problems = []
    for number, data in lines:
        try:
            each = _from_line(data)
            found[type(each)].append(each)
        except ValueError:
            problems.append(_damaged(name, number, "this line of cards.lock is damaged"))
    heads: list[_Head] = sorted(
        found[_Head], key=lambda each: (each.as_of, sorted(each.titles.items()), each.deck, each.tags_as_written)
    )
    if not (heads or problems):
        problems.append(_damaged(name, 0, 'the line that starts with {"cuedeck" is missing'))
    if problems:
        raise Problems(problems)
    _stop_if_two_decks({each.namespace for each in heads}, name)
    lock = Lock(
        namespace=heads[-1].namespace,
        deck=heads[-1].deck,
        titles={source: title for each in heads for source, title in each.titles.items()},
        left=_left_titles(heads),
        highest=max(each.highest for each in heads),
        is_first=all(each.format == _FIRST_FORMAT for each in heads),
        notes=joined_notes(found[KnownNote]),
        types=joined_types(found[KnownType]),
        releases=joined_releases(found[Release]),
        accepted=tuple(sorted(set(found[Accepted]), key=lambda each: (each.time, each.hazard))),
        main=next((each.main for each in reversed(heads) if each.main), None),
        adoptions=_sorted(found[Adoption]),
        tags_as_written=heads[-1].tags_as_written,
    )
    if not lock.is_first:
        return lock
    from cuedeck.history.firstlocks import with_drafts_as_handed_out  # here because few releases are so old

    return with_drafts_as_handed_out(lock)


def _sorted(adoptions: Iterable[Adoption]) -> tuple[Adoption, ...]:
    return tuple(sorted(set(adoptions), key=lambda each: (each.day, each.package, each.tags_as_written)))


def _left_titles(heads: Sequence[_Head]) -> Mapping[str, str] | None:
    """Return the names of the decks that learners of any branch have; None if they are the `titles` of all branches."""
    if all(each.left is None for each in heads):
        return None
    known = (each.titles if each.left is None else each.left for each in heads)
    return {source: title for titles in known for source, title in titles.items()}


def _stop_if_two_decks(namespaces: set[str], name: str) -> None:
    if len(namespaces) > 1:
        both = " and ".join(f'"{each}"' for each in sorted(namespaces)[:2])
        message = f"the locks of two decks were merged here, with the namespaces {both}"
        hint = "restore the lock of this deck: each deck keeps its own"
        raise Problems([_problem(name, 0, "lock-of-another-deck", message, hint)])
