"""Make an independent deck of a copy: give it a new namespace, so that Anki never mixes it up with the first."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from cuedeck.deck.values import new_namespace
from cuedeck.disk.storing import remove_file, store, store_all
from cuedeck.disk.workspace import Workspace, stop_at_folders
from cuedeck.history.lockfile import read_lock
from cuedeck.problems import Gathered, Place, Problems, stop
from cuedeck.reading.cardsfile import Cards, read_cards

_MARK = "\ufeff"  # a byte order mark, which no place counts


@dataclass(frozen=True)
class Forked:
    """The old and the new namespace of a deck, and where its old lock is now, if there was one."""

    old: str
    new: str
    lock: Path | None


def fork(cards: Path, id: str = "", title: str = "") -> Forked:
    """Give a cards.yaml a new namespace, and a new id and title if they are given. Its lock is moved aside.

    Only those values are replaced in the file. Raises `Problems` if the file has errors, or contains notes with a
    `guid` or tags as they are written; nothing is written then.
    """
    workspace = Workspace(cards)
    with workspace.alone():
        read = read_cards(cards)
        _stop_at_what_learners_have(read)
        about = read.deck.about
        namespace = new_namespace()
        values = {"namespace": (about.namespace, namespace), "id": (about.id, id), "title": (about.title, title)}
        edits = [(read.places.find(("deck", key)), *pair) for key, pair in values.items() if pair[1]]
        text = cards.read_bytes().decode("utf-8")
        for edit in sorted(edits, reverse=True):  # from the end, so that the other places stay right
            text = _replaced(text, *edit)
        return Forked(about.namespace, namespace, _written(workspace, text.encode()))


def _written(workspace: Workspace, data: bytes) -> Path | None:
    """Write a cards.yaml with another namespace, and return where its lock was moved, if there was one.

    The lock is copied first and removed last. If this is interrupted in between, the copy shows the next build that the
    lock belongs to the first deck.
    """
    cards, lock = workspace.cards, workspace.lock
    stop_at_folders(lock)
    known = read_lock(lock)
    if known is None:
        store(cards, data)
        return None
    former = workspace.former_lock(known.namespace)
    store_all({former: lock.read_bytes(), cards: data})
    remove_file(lock)
    return former


def _stop_at_what_learners_have(read: Cards) -> None:
    """Raise `Problems` if learners of the first deck have notes or tags of the copy, which Anki would mix up."""
    with Gathered() as found:
        _stop_at_guids(read)
    with found:
        _stop_at_tags(read)
    if found.problems:
        raise Problems(found.problems)


def _stop_at_guids(read: Cards) -> None:
    for concept in read.deck.concepts.values():
        for note in concept.notes.values():
            if note.guid:
                place = read.places.find(("concepts", concept.id, "notes", note.id, "guid"))
                stop(
                    place.file,
                    "fork-with-guid",
                    f'the note "{note.id}" has a guid, so Anki would still treat it as the note of the first deck',
                    'remove all lines "guid:"',
                    place.line,
                )


def _stop_at_tags(read: Cards) -> None:
    if read.deck.about.tags_as_written:
        place = read.places.find(("deck", "tags_as_written"))
        stop(
            place.file,
            "fork-with-tags",
            "its tags are those of the first deck, so learners of both decks could not tell the notes apart by them",
            'remove "tags_as_written: true": the tags then begin with the id of the deck',
            place.line,
        )


def _replaced(text: str, place: Place, old: str, new: str) -> str:
    """Return the text with the value at a place replaced, quotes included; all else stays, line ends included."""
    lines = text.split("\n")
    line = lines[place.line - 1]
    start = place.column - 1 + (place.line == 1 and text.startswith(_MARK))
    found = re.compile(rf"""(["']?){re.escape(old)}\1(?=[\s,}}]|$)""").match(line, start)
    if found is None:
        hint = "write it after its key on the same line, and run cuedeck fork again"
        stop(place.file, "not-replaceable", f"{old} is written in a way that cannot be replaced here", hint, place.line)
    plain = re.fullmatch(r"[a-z0-9-]+", new)
    lines[place.line - 1] = (
        f"{line[:start]}{new if plain else json.dumps(new, ensure_ascii=False)}{line[found.end() :]}"
    )
    return "\n".join(lines)
