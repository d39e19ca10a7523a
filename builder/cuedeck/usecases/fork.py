"""Making a deck of its own out of a copy: a new namespace, so that it never meets the first one in Anki."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from cuedeck.deck.values import new_namespace
from cuedeck.disk.storing import store, store_all, take_away
from cuedeck.disk.workspace import Workspace, stop_at_folders
from cuedeck.history.lockfile import read_lock
from cuedeck.problems import Place, stop
from cuedeck.reading.cardsfile import Cards, read_cards

_MARK = "\ufeff"  # a byte order mark, which no place counts


@dataclass(frozen=True)
class Forked:
    """What became of the identity of a deck: both namespaces, and where the old lock is now, if there was one."""

    old: str
    new: str
    lock: Path | None


def fork(cards: Path, id: str = "", title: str = "") -> Forked:
    """Give a cards.yaml a new namespace, and another id and title where they are given. Its lock is moved aside.

    Only those values are replaced in the file. Raises `Problems` where the file is unsound, or has notes whose guid is
    given; nothing is written then.
    """
    workspace = Workspace(cards)
    with workspace.alone():
        read = read_cards(cards)
        _stop_at_guids(read)
        about = read.deck.about
        namespace = new_namespace()
        values = {"namespace": (about.namespace, namespace), "id": (about.id, id), "title": (about.title, title)}
        edits = [(read.places.find(("deck", key)), *pair) for key, pair in values.items() if pair[1]]
        text = cards.read_bytes().decode("utf-8")
        for edit in sorted(edits, reverse=True):  # from the end, so that no place moves
            text = _replaced(text, *edit)
        return Forked(about.namespace, namespace, _written(workspace, text.encode()))


def _written(workspace: Workspace, data: bytes) -> Path | None:
    """Write a cards.yaml with another namespace, and return where its lock was moved to, if there was one.

    The lock is copied before, and taken away last: broken off in between, the next build knows by the copy that the
    lock is that of the first deck.
    """
    cards, lock = workspace.cards, workspace.lock
    stop_at_folders(lock)
    known = read_lock(lock)
    if known is None:
        store(cards, data)
        return None
    former = workspace.former_lock(known.namespace)
    store_all({former: lock.read_bytes(), cards: data})
    take_away(lock)
    return former


def _stop_at_guids(read: Cards) -> None:
    for concept in read.deck.concepts.values():
        for note in concept.notes.values():
            if note.guid:
                place = read.places.find(("concepts", concept.id, "notes", note.id, "guid"))
                stop(
                    place.file,
                    "fork-with-guid",
                    f'the note "{note.id}" has a guid, by which Anki would still take it for that of the first deck',
                    'take the lines "guid:" out',
                    place.line,
                )


def _replaced(text: str, place: Place, old: str, new: str) -> str:
    """Return the text with the value at a place replaced, quotes included; the rest stays as it is, line ends too."""
    lines = text.split("\n")
    line = lines[place.line - 1]
    start = place.column - 1 + (place.line == 1 and text.startswith(_MARK))
    found = re.compile(rf"""(["']?){re.escape(old)}\1(?=[\s,}}]|$)""").match(line, start)
    if found is None:
        hint = "write it on one line after its key, and run cuedeck fork again"
        stop(place.file, "not-replaceable", f"{old} is written in a way that is not replaced here", hint, place.line)
    plain = re.fullmatch(r"[a-z0-9-]+", new)
    lines[place.line - 1] = (
        f"{line[:start]}{new if plain else json.dumps(new, ensure_ascii=False)}{line[found.end() :]}"
    )
    return "\n".join(lines)
