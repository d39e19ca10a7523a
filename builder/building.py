"""cards.yaml, cards.lock and the clock to one `Build` value, and that value to files."""

import difflib
import os
import time
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

from builder.deck.deck import Deck
from builder.deck.placing import titles_of
from builder.history.identity import check_ids
from builder.history.lock import Accepted, KnownNote, Lock
from builder.history.lockfile import from_text, to_text
from builder.history.snapshot import Snapshot
from builder.history.stamping import StampedNote, StampedType, Status, check_clock, stamp_notes, stamp_types
from builder.package.contents import Contents
from builder.packing import contents
from builder.problems import Locate, Problem, Problems, Report, stop
from builder.reading.cards import read_cards, read_text
from builder.rendering.description import check_description
from builder.rendering.fields import RenderedNote, render_notes
from builder.rendering.notetypes import note_types
from builder.updating.hazards import Hazard
from builder.updating.source_hazards import Last, find_hazards

# What the lock says of a note that an author took out of the file and accepted to leave with learners.
_TAKEN_OUT = "taken out of the deck"


@dataclass(frozen=True)
class Checked:
    """A sound deck, rendered, with the lock of its last build and whatever is worth a warning.

    `met` are the keys of all hazards, `accepted` those of them that the author accepts.
    `locate` finds the places of its values in cards.yaml, at the cost of a second pass over the file.
    """

    cards: Path
    deck: Deck
    notes: tuple[RenderedNote, ...]
    lock: Lock
    warnings: tuple[Problem, ...]
    locate: Locate
    met: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """The folder of cards.yaml, which everything else is relative to."""
        return self.cards.parent

    @property
    def lock_path(self) -> Path:
        """Where the lock is, or will be."""
        return lock_path(self.cards)

    def release_path(self, version: str) -> Path:
        """Return where the package of a release is kept, so that later ones can be compared with it."""
        return self.package_path.with_name(f"{self.deck.deck.id}-{version}.apkg")

    @property
    def package_path(self) -> Path:
        """Where the package goes by default."""
        return _package_path(self.cards, self.deck)


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
    def contents(self) -> Contents:
        """What the package holds."""
        return contents(self.checked.deck, self.notes, self.types, self.lock)

    @property
    def version(self) -> str:
        """The version of the release that this is; "" for a draft."""
        return self.contents.manifest["version"] or ""

    @cached_property
    def members(self) -> dict[str, bytes]:
        """The files in the package, by name."""
        from builder.package.container import members  # here because genanki takes long to load

        return members(self.contents)


def check(cards: Path, with_advice: bool = False, accept: Collection[str] = (), with_hazards: bool = True) -> Checked:
    """Return the deck of a cards.yaml, checked for everything that can be known without building.

    `accept` are the keys of hazards that the author takes into the bargain, such as `cloze-moved:hard-and-soft`;
    without `with_hazards`, what edits would do to learners is not looked at.
    Raises `Problems` with all that is wrong; warnings are in the value, and advice on the cards where it is wanted.
    """
    read = read_cards(cards)
    deck = read.deck
    report = Report(read.document.place, read.problems)
    check_description(deck, report)
    notes = render_notes(deck, report)
    if not read.is_named:  # so there is no telling what the lock says of it
        report.stop_if_unsound()
    try:
        lock = _read_lock(lock_path(cards), deck)
    except Problems as found:
        raise Problems([*report.problems, *found.problems]) from None
    in_file = [note for concept in deck.concepts.values() for note in concept.notes.values()]
    present = read.unread | {note.id for note in in_file}
    check_ids(notes, lock, present, report)
    named = present | {note.was for note in in_file}
    hazards = find_hazards(deck, notes, lock, _last_package(cards, deck), named) if with_hazards else []
    _report_hazards(hazards, accept, report)
    report.stop_if_unsound()
    if with_advice:
        from builder.advice.rules import advise  # here because a build has no need of it

        advise(deck, notes, report)
    met = tuple(sorted({hazard.key for hazard in hazards}))
    accepted = tuple(key for key in met if key in accept)
    return Checked(
        cards, deck, tuple(notes), lock, tuple(sorted(set(report.problems))), read.document.place, met, accepted
    )


def _report_hazards(hazards: Iterable[Hazard], accept: Collection[str], report: Report) -> None:
    for hazard in hazards:
        if hazard.key in accept:
            continue
        if hazard.refused:
            hint = f"{hazard.hint}\nto build all the same: --accept {hazard.key}"
            report.error(hazard.name, hazard.message, at=hazard.at, hint=hint, on=hazard.on)
        else:
            report.warning(hazard.name, hazard.message, at=hazard.at, hint=hazard.hint, on=hazard.on)


def stop_at_unknown(accept: Collection[str], met: Collection[str], cards: Path) -> None:
    """Raise `Problems` where a key of `accept` is none of the hazards that were met."""
    unknown = sorted(set(accept) - set(met))
    if unknown:
        near = difflib.get_close_matches(unknown[0], met, n=1)
        hint = f'did you mean "{near[0]}"?' if near else f"there is {', '.join(sorted(met)) or 'none'}"
        stop(cards.as_posix(), "no-hazard", f'there is no hazard "{unknown[0]}" to accept', hint)


def lock_path(cards: Path) -> Path:
    """Return where the lock of a cards file is, or will be: beside it, under its name."""
    return cards.with_suffix(".lock")


def _package_path(cards: Path, deck: Deck) -> Path:
    return cards.parent / "decks" / f"{deck.deck.id}.apkg"


def _last_package(cards: Path, deck: Deck) -> Last:
    """Return a function that reads the package of the last build, once; it gives None where there is none."""

    @cache
    def last() -> Snapshot | None:
        path = _package_path(cards, deck)
        if not path.is_file():
            return None
        from builder.package.database import read_snapshot  # here because few checks have need of it
        from builder.package.opening import read_members

        try:
            return read_snapshot(read_members(path), path)
        except Problems:
            return None

    return last


def stop_at_folders(*targets: Path) -> None:
    """Raise `Problems` where a folder stands in place of a file that is to be written."""
    for target in targets:
        # Unlike the method of a path, this takes a name that no file can have for none.
        if os.path.isdir(target):  # noqa: PTH112
            stop(target.as_posix(), "unwritable", "a folder stands where the file should go", "move it away")


def _read_lock(path: Path, deck: Deck) -> Lock:
    stop_at_folders(path)
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


def stamp(checked: Checked, at: int, version: str = "") -> Build:
    """Return the build of a checked deck, with `at` (seconds since 1970) as the time of what changed.

    A `version` makes it a release. Raises `Problems` where something changed and that time would keep learners from
    getting it.
    """
    lock, deck = checked.lock, checked.deck
    notes = tuple(stamp_notes(checked.notes, lock, at, version))
    types = tuple(stamp_types(note_types(deck), lock, at, version))
    statuses = {*(note.status for note in notes), *(each.status for each in types)}
    if statuses - {"unchanged"}:
        check_clock(lock, at, int(time.time()), checked.lock_path.as_posix())
    new_lock = Lock(
        namespace=deck.deck.namespace,
        deck=deck.deck.id,
        titles={**lock.titles, **titles_of(deck)},  # a source taken out may come back
        notes=_known_notes(checked, notes),
        types={**lock.types, **{stamped.known.kind: stamped.known for stamped in types}},
        releases=lock.releases,
        accepted=(*lock.accepted, *(Accepted(key, at) for key in checked.accepted)),
    )
    return Build(checked, notes, types, new_lock)


def _known_notes(checked: Checked, stamped: Iterable[StampedNote]) -> dict[str, KnownNote]:
    """Return what the lock knows of all notes that ever were: those built now, those retired, those that vanished."""
    notes = dict(checked.lock.notes)
    for each in stamped:
        for old in each.known.was:
            notes.pop(old, None)
        notes[each.known.id] = each.known
    retired = (note for concept in checked.deck.concepts.values() for note in concept.notes.values() if note.retired)
    for note in retired:
        if known := notes.get(note.id) or (checked.lock.found(note.was) if note.was else None):
            notes.pop(known.id)
            former = {*known.was, known.id} - {note.id}
            notes[note.id] = replace(known, id=note.id, was=tuple(sorted(former)), retired=note.retired)
    for key in checked.accepted:
        name, _, id = key.partition(":")
        if name == "vanished":
            notes[id] = replace(notes[id], retired=_TAKEN_OUT)
    return notes


@dataclass(frozen=True)
class Written:
    """What a build left on disk."""

    build: Build
    package: Path
    size: int


def build(cards: Path, output: Path | None = None, at: int | None = None, accept: Collection[str] = ()) -> Written:
    """Check, stamp and write: the lock first, then the package, each replaced at once.

    `at` is the time of what changed, in seconds since 1970; the clock's where it is None. `accept` are the keys of
    accepted hazards. A crash between the two files heals at the next build. Raises `Problems` where anything is wrong;
    nothing is written then.
    """
    from builder.package.container import archive
    from builder.package.opening import holds
    from builder.package.storing import alone_in, store

    read_text(cards)  # in a folder without cards.yaml nothing is left behind, the build lock included
    with alone_in(cards.parent):
        checked = check(cards, accept=accept)
        stop_at_unknown(accept, checked.met, cards)
        built = stamp(checked, now() if at is None else at)
        lock = to_text(built.lock).encode()
        path = output or checked.package_path
        if path.resolve() in (cards.resolve(), checked.lock_path.resolve()):
            stop(path.as_posix(), "unwritable", "the package would take the place of this file", "name another file")
        stop_at_folders(checked.lock_path, path)
        if not checked.lock_path.exists() or checked.lock_path.read_bytes() != lock:
            store(checked.lock_path, lock)
        # What counts is what is in the package: another system may have compressed the same files differently.
        if not holds(path, built.members):
            store(path, archive(built.members))
        if built.version and not (copy := checked.release_path(built.version)).exists():
            store(copy, archive(built.members))  # a release that was broken off before this
    return Written(built, path, path.stat().st_size)
