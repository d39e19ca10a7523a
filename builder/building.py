"""cards.yaml, cards.lock and the clock to one `Build` value, and that value to files."""

import os
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from builder.deck.deck import Deck
from builder.history.hazards import report_hazards, titles_of
from builder.history.lock import Lock
from builder.history.lockfile import from_text, to_text
from builder.history.stamping import StampedNote, StampedType, Status, check_clock, stamp_notes, stamp_types
from builder.problems import Problem, Report, stop
from builder.reading.cards import read_cards, read_text
from builder.rendering.description import check_description, describe
from builder.rendering.fields import RenderedNote, digest, render_notes
from builder.rendering.notetypes import note_types, style_file

LOCK_NAME = "cards.lock"


@dataclass(frozen=True)
class Checked:
    """A sound deck, rendered, with the lock of its last build and whatever is worth a warning."""

    cards: Path
    deck: Deck
    notes: tuple[RenderedNote, ...]
    lock: Lock
    warnings: tuple[Problem, ...]

    @property
    def folder(self) -> Path:
        """The folder of cards.yaml, which everything else is relative to."""
        return self.cards.parent

    @property
    def lock_path(self) -> Path:
        """Where cards.lock is, or will be."""
        return self.folder / LOCK_NAME

    @property
    def package_path(self) -> Path:
        """Where the package goes by default."""
        return self.folder / "decks" / f"{self.deck.deck.id}.apkg"


@dataclass(frozen=True)
class Build:
    """A deck whose notes have their identities and times: all that a package and the new lock are made from."""

    checked: Checked
    notes: tuple[StampedNote, ...]
    types: tuple[StampedType, ...]
    lock: Lock

    @property
    def counts(self) -> Mapping[Status, int]:
        """How many notes are new, changed and unchanged since the last build."""
        return Counter(stamped.status for stamped in self.notes)

    @property
    def card_count(self) -> int:
        """How many cards the notes make."""
        return sum(len(stamped.rendered.cards) for stamped in self.notes)

    @cached_property
    def members(self) -> dict[str, bytes]:
        """The files in the package, by name."""
        from builder.package.container import members  # here because genanki takes long to load

        return members(_contents(self))


def check(cards: Path, with_advice: bool = False) -> Checked:
    """Return the deck of a cards.yaml, checked for everything that can be known without building.

    Raises `Problems` with all that is wrong; warnings are in the value, and advice on the cards where it is wanted.
    """
    read = read_cards(cards)
    deck = read.deck
    report = Report(read.document.place)
    check_description(deck, report)
    notes = render_notes(deck, report)
    report.stop_if_unsound()
    lock = _read_lock(cards.parent / LOCK_NAME, deck)
    report_hazards(deck, notes, lock, report)
    report.stop_if_unsound()
    if with_advice:
        from builder.advice.rules import advise  # here because a build has no need of it

        advise(deck, notes, report)
    return Checked(cards, deck, tuple(notes), lock, tuple(sorted(set(report.problems))))


def _read_lock(path: Path, deck: Deck) -> Lock:
    if path.is_dir():
        stop(path.as_posix(), "unwritable", "a folder stands where the file should go", "move it away")
    if not path.exists():
        return Lock(deck.deck.namespace, deck.deck.id, titles_of(deck))
    lock = from_text(read_text(path), path.as_posix())
    if lock.namespace != deck.deck.namespace:
        stop(
            path.as_posix(),
            "lock-of-another-deck",
            f'this is the lock of the namespace "{lock.namespace}", but cards.yaml has "{deck.deck.namespace}"',
            "put the namespace back; a copy that is to be a deck of its own starts without cards.lock",
        )
    return lock


def now() -> int:
    """Return the time to build with, in seconds since 1970: SOURCE_DATE_EPOCH where it is set, else the clock's."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not given:
        return int(time.time())
    try:
        return int(given)
    except ValueError:
        stop(
            "SOURCE_DATE_EPOCH", "bad-time", f'"{given}" is no time', "set it to whole seconds since 1970, or unset it"
        )


def stamp(checked: Checked, at: int) -> Build:
    """Return the build of a checked deck, with `at` (seconds since 1970) as the time of what changed.

    Raises `Problems` where something changed and that time would keep learners from getting it.
    """
    lock, deck = checked.lock, checked.deck
    notes = tuple(stamp_notes(checked.notes, lock, at))
    types = tuple(stamp_types(note_types(deck), lock, at))
    statuses = {*(note.status for note in notes), *(each.status for each in types)}
    if statuses - {"unchanged"}:
        check_clock(lock, at, int(time.time()), checked.lock_path.as_posix())
    new_lock = Lock(
        namespace=deck.deck.namespace,
        deck=deck.deck.id,
        titles={**lock.titles, **titles_of(deck)},  # a source taken out may come back
        notes={**lock.notes, **{stamped.known.id: stamped.known for stamped in notes}},
        types={**lock.types, **{stamped.known.kind: stamped.known for stamped in types}},
        releases=lock.releases,
    )
    return Build(checked, notes, types, new_lock)


def _contents(build: Build) -> Any:
    from builder.package.contents import Contents

    deck = build.checked.deck
    about = deck.deck
    # The hash of all that learners get, by which a build is known to be the last release or a draft after it.
    content = digest(
        about.description,
        [(each.known.id, each.known.time, each.known.content) for each in build.notes],
        [(each.known.kind, each.known.time, each.known.content) for each in build.types],
    )
    last = build.lock.last_release
    version = last.version if last and last.content == content else None
    sources = list(deck.sources.values())
    return Contents(
        namespace=about.namespace,
        main_title=about.title,
        titles=tuple(dict.fromkeys(stamped.rendered.deck for stamped in build.notes)),
        description=describe(deck, version),
        types=build.types,
        notes=build.notes,
        media=dict([style_file()]),
        manifest={
            "format": 1,
            "deck": about.id,
            "namespace": about.namespace,
            "title": about.title,
            "version": version,
            "draft": version is None,
            "notes": len(build.notes),
            "cards": build.card_count,
            "content": content,
            "author": about.author,
            "license": about.license,
            "sources": [
                {
                    "title": source.title,
                    "author": source.author,
                    "published": source.published.isoformat() if source.published else "",
                    "url": source.url,
                }
                for source in sources
            ],
        },
    )


@dataclass(frozen=True)
class Written:
    """What a build left on disk."""

    build: Build
    package: Path
    size: int


def build(cards: Path, output: Path | None = None, at: int | None = None) -> Written:
    """Check, stamp and write: the lock first, then the package, each replaced at once.

    `at` is the time of what changed, in seconds since 1970; the clock's where it is None. A crash between the two
    files heals at the next build. Raises `Problems` where anything is wrong; nothing is written then.
    """
    from builder.package.container import archive
    from builder.package.opening import holds
    from builder.package.storing import alone_in, store

    read_text(cards)  # in a folder without cards.yaml nothing is left behind, the build lock included
    with alone_in(cards.parent):
        checked = check(cards)
        built = stamp(checked, now() if at is None else at)
        lock = to_text(built.lock).encode()
        path = output or checked.package_path
        if path.resolve() in (cards.resolve(), checked.lock_path.resolve()):
            stop(path.as_posix(), "unwritable", "the package would take the place of this file", "name another file")
        for target in (checked.lock_path, path):
            if target.is_dir():
                stop(target.as_posix(), "unwritable", "a folder stands where the file should go", "move it away")
        if not checked.lock_path.exists() or checked.lock_path.read_bytes() != lock:
            store(checked.lock_path, lock)
        # What counts is what is in the package: another system may have compressed the same files differently.
        if not holds(path, built.members):
            store(path, archive(built.members))
    return Written(built, path, path.stat().st_size)
