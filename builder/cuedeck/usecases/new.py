"""Add a part to a deck: a file of its own for one more recording."""

import os
import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from cuedeck.building.beginning import SCHEMA, begun, known_from, quoted, stop_at_others
from cuedeck.deck.deck import Deck
from cuedeck.disk.parts import PartFinder, among
from cuedeck.disk.storing import store_all
from cuedeck.patterns import regex
from cuedeck.problems import Keys, Problem, Problems, TextError, stop
from cuedeck.reading.cardsfile import Cards, read_cards
from cuedeck.records import dataclass

ENDING = ".yaml"
_PLAIN = regex(r"[\w][\w./*?-]*")  # what needs no quotes in YAML
_FOLDER = "lectures"  # if the deck does not say where its parts are


@dataclass(frozen=True)
class Added:
    """A part that was added: the files that were written, the part last, and what is left to do to the cards.yaml."""

    files: tuple[Path, ...]
    todo: tuple[str, ...]


def new(cards: Path, name: str, url: str = "", title: str = "", sources: Sequence[Path] = ()) -> Added:
    """Write a part with one source into the folder of a deck, and return what was written.

    `name` is the path of the part without its ending; with no folder in it, the part goes where the deck has others.
    The last word of it is the id of the source. `url`, `title` and the files `sources` are about the recording, as for
    a new deck. Raises `Problems` if the deck cannot be read or has such a source already, or if the part exists;
    nothing is written then. The part is written last, so that an interrupted run can be repeated.
    """
    known = known_from(sources)
    read = read_cards(cards)
    about = replace(known.about, url=url or known.about.url, title=title or known.about.title)
    path = _path(name, read.deck.about.parts, cards)
    id = posixpath.basename(name)
    _stop_if_there(read, id, about.url)
    folder = cards.parent
    transcript, beside = known.transcript_in(folder, copy=path.removesuffix(ENDING))
    text = "".join(begun(about, transcript, id, names_source=True, taken=read.deck.concepts))
    part = folder / path
    hint = "choose another name, or move the file away"
    if os.path.lexists(part):
        stop(part.as_posix(), "there-already", "this file already exists", hint)
    stop_at_others(beside, hint)
    files = {**beside, part: f"{_schema_line(folder, path)}{text}".encode()}
    store_all(files)
    missing = [key for key in ("title", "url") if not getattr(about, key)]
    todo = [f"write the {' and the '.join(missing)} of the recording into {part.as_posix()}"] if missing else []
    return Added(tuple(files), (*todo, *_todo(read, path, cards)))


def _path(name: str, parts: Sequence[str], cards: Path) -> str:
    """Return the path of a part from the folder of the deck: the first one that the deck means, if there is one."""
    folders = [posixpath.dirname(each) for each in parts if "*" not in posixpath.dirname(each)]
    places = [name] if "/" in name else [posixpath.join(folder, name) for folder in folders] or [f"{_FOLDER}/{name}"]
    paths = [f"{place}{ENDING}" for place in places]
    return next((path for path in paths if _is_meant(path, parts, cards)), paths[0])


def _is_meant(path: str, parts: Sequence[str], cards: Path) -> bool:
    """Whether one of the `parts` of a deck means a file with this path."""
    for each in parts:
        try:
            if PartFinder(cards.name, among([path])).find(each):
                return True
        except TextError:
            continue
    return False


def _stop_if_there(read: Cards, id: str, url: str) -> None:
    """Raise `Problems` if the deck has a source with this id or address."""
    wrong: list[tuple[Keys, str, str]] = []
    if id in read.deck.sources:
        wrong.append((("sources", id), f'the deck has a source "{id}" already', "choose another name for the new one"))
    same = next((each for each in read.deck.sources.values() if url and each.url == url), None)
    if same and same.id != id:
        message = f'the source "{same.id}" has this address already'
        wrong.append((("sources", same.id, "url"), message, "write its notes there, or give another address"))
    if wrong:
        raise Problems(
            Problem(read.places.find(keys, "key", ""), message, "source-there", hint) for keys, message, hint in wrong
        )


def _schema_line(folder: Path, path: str) -> str:
    """Return the line by which editors find the schema beside the cards.yaml; "" if there is none."""
    schema = posixpath.relpath(SCHEMA, posixpath.dirname(path) or ".")
    return f"# yaml-language-server: $schema={schema}\n" if (folder / SCHEMA).is_file() else ""


def _todo(read: Cards, path: str, cards: Path) -> Iterator[str]:
    """Yield what the author has to add to the files that exist, so that the part belongs to the deck."""
    parts = read.deck.about.parts
    if not _is_meant(path, parts, cards):
        folder = posixpath.dirname(path)
        wanted = [*parts, path if parts else posixpath.join(folder, f"*{ENDING}") if folder else path]
        listed = ", ".join(each if _PLAIN.fullmatch(each) else quoted(each) for each in wanted)
        do = "write this in place of parts:" if parts else "write this line"
        yield f"{do} below deck: in {cards.name}, or the deck lacks the new file: parts: [{listed}]"
    if len(read.deck.sources) == 1 and _relies_on_one_source(read.deck):
        (only,) = read.deck.sources
        yield f"write source: {only} below each concept that names no source, since there are two now"


def _relies_on_one_source(deck: Deck) -> bool:
    return any(
        not concept.source and (not concept.notes or not all(note.source for note in concept.notes.values()))
        for concept in deck.concepts.values()
    )
