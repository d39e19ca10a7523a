"""cards.yaml, its lock and the last package to one `Checked` value: all that can be known without building."""

import json
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from cuedeck.deck.deck import Deck, Note
from cuedeck.deck.placing import titles_of
from cuedeck.history.identity import as_delivered, check_ids, continued
from cuedeck.history.lock import KnownNote, Lock, Release
from cuedeck.history.lockfile import read_lock
from cuedeck.history.snapshot import Snapshot
from cuedeck.package.contents import FOLDER, MANIFEST
from cuedeck.problems import Keys, Locate, Problem, Problems, Report, in_order, stop
from cuedeck.reading.cards import read_cards
from cuedeck.rendering.description import check_description
from cuedeck.rendering.fields import RenderedNote, render_notes
from cuedeck.updating.hazards import Hazard, unknown_keys
from cuedeck.updating.source_hazards import Last, find_hazards
from cuedeck.wording import did_you_mean, nearest


@dataclass(frozen=True)
class Checked:
    """A sound deck, rendered, with the lock of its last build and whatever is worth a warning.

    `known` is what each note of the file goes on from, by its id. `hazards` are what the edits since the last build do
    to learners, `accepted` the keys of those that the author accepts. `locate` finds the places of its values in
    cards.yaml, at the cost of a second pass over the file where there was no advice.
    """

    cards: Path
    deck: Deck
    notes: tuple[RenderedNote, ...]
    lock: Lock
    known: Mapping[str, KnownNote]
    warnings: tuple[Problem, ...]
    locate: Locate
    hazards: tuple[Hazard, ...] = ()
    accepted: tuple[str, ...] = ()

    @property
    def met(self) -> frozenset[str]:
        """The keys of all hazards."""
        return frozenset(hazard.key for hazard in self.hazards)

    @property
    def folder(self) -> Path:
        """The folder of cards.yaml, which everything else is relative to."""
        return self.cards.parent

    @property
    def lock_path(self) -> Path:
        """Where the lock is, or will be."""
        return lock_path(self.cards)

    def release_path(self, release: Release) -> Path:
        """Return where the package of a release is kept, so that later ones can be compared with it."""
        return self.package_path.with_name(f"{release.deck}-{release.version}.apkg")

    @property
    def package_path(self) -> Path:
        """Where the package goes by default."""
        return self.folder / FOLDER / f"{self.deck.deck.id}.apkg"


def check(
    cards: Path,
    with_advice: bool = False,
    accept: Collection[str] = (),
    hazards: Literal["stop", "tell", "leave"] = "stop",
) -> Checked:
    """Return the deck of a cards.yaml, checked for everything that can be known without building.

    `accept` are the keys of hazards that the author takes into the bargain, such as `cloze-moved:hard-and-soft`;
    `hazards` says whether they stop it, are in the value only, or are not looked for.
    Raises `Problems` with all that is wrong; warnings are in the value, and advice on the cards where it is wanted.
    """
    read = read_cards(cards, keep_places=with_advice)  # of a thousand notes, some deserve advice
    deck = read.deck
    report = Report(read.places.find, read.problems)
    check_description(deck, report)
    notes = render_notes(deck, report)
    if not read.is_named:  # so there is no telling what the lock says of it
        report.stop_if_unsound()
    try:
        lock = _lock_of(cards, deck)
    except Problems as found:
        raise Problems([*report.problems, *found.problems]) from None
    known = continued(deck.notes.values(), lock)
    notes = [as_delivered(note, known.get(note.id)) for note in notes]
    check_ids(_placed(deck), known, lock, read.unread, report)
    kept = {each.id for each in (*known.values(), *filter(None, map(lock.found, read.unread)))}
    met: list[Hazard] = []
    if hazards != "leave":
        last = _last_package(cards, deck, lock)
        is_older = _newest_time(cards.parent / FOLDER / f"{lock.deck}.apkg") > lock.newest_time
        met = find_hazards(deck, notes, known, lock, last, kept, is_older)
    if hazards == "stop":
        _report_hazards(met, accept, report)
    report.stop_if_unsound()
    if with_advice:
        from cuedeck.advice.rules import advise  # here because a build has no need of it

        advise(deck, notes, report)
    accepted = tuple(sorted({hazard.key for hazard in met if hazard.accepted_by(accept)}))
    return Checked(
        cards=cards,
        deck=deck,
        notes=tuple(notes),
        lock=lock,
        known=known,
        warnings=in_order(report.problems),
        locate=read.places.find,
        hazards=tuple(met),
        accepted=accepted,
    )


def _placed(deck: Deck) -> dict[str, tuple[Note, Keys]]:
    return {
        id: (note, ("concepts", concept.id, "notes", id))
        for concept in deck.concepts.values()
        for id, note in concept.notes.items()
    }


def _report_hazards(hazards: Iterable[Hazard], accept: Collection[str], report: Report) -> None:
    for hazard in hazards:
        if hazard.accepted_by(accept):
            continue
        if hazard.refused:
            report.error(hazard.name, hazard.message, at=hazard.at, hint=hazard.way_out("build"), on=hazard.on)
        else:
            report.warning(hazard.name, hazard.message, at=hazard.at, hint=hazard.way_out("release"), on=hazard.on)


def stop_at_unknown(accept: Collection[str], met: Collection[str], cards: Path) -> None:
    """Raise `Problems` where a key of `accept` is none of the hazards that were met."""
    if unknown := unknown_keys(accept, met):
        hint = did_you_mean(*nearest(unknown[0], met)) or f"there is {', '.join(sorted(met)) or 'none'}"
        stop(cards.as_posix(), "no-hazard", f'there is no hazard "{unknown[0]}" to accept', hint)


def lock_path(cards: Path) -> Path:
    """Return where the lock of a cards file is, or will be: beside it, under its name."""
    return cards.with_suffix(".lock") if cards.suffix == ".yaml" else cards.with_name(f"{cards.name}.lock")


def former_lock_path(cards: Path, namespace: str) -> Path:
    """Return where the lock of the deck that a cards file was forked from is kept."""
    lock = lock_path(cards)
    return lock.with_name(f"{lock.name}.{namespace}")


def _last_package(cards: Path, deck: Deck, lock: Lock) -> Last:
    """Return a function that reads the package of the last build, once; it gives None where there is none.

    Where the package is gone, one that is kept of a release tells as much.
    """

    @cache
    def last() -> Snapshot | None:
        folder = cards.parent / FOLDER
        kept = sorted(folder.glob(f"{lock.deck}-*.apkg"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in (folder / f"{lock.deck}.apkg", folder / f"{deck.deck.id}.apkg", *kept):
            if path.is_file() and (snapshot := packed_in(path)) and snapshot.namespace == lock.namespace:
                return snapshot
        return None

    return last


def _newest_time(path: Path) -> float:
    """Return the newest time in a package, as its manifest tells; infinity where there is one that does not tell."""
    from cuedeck.package.opening import read_member

    if not path.is_file():
        return 0
    try:
        newest = json.loads(read_member(path, MANIFEST) or b"{}").get("newest")
    except (Problems, ValueError, AttributeError, RecursionError):
        return 0  # a package that is broken is made anew
    return newest if isinstance(newest, int) else float("inf")


def packed_in(path: Path) -> Snapshot | None:
    """Return what a package holds; None where it cannot be read."""
    from cuedeck.package.database import read_snapshot  # here because few checks have need of it
    from cuedeck.package.opening import read_members

    try:
        return read_snapshot(read_members(path), path)
    except Problems:
        return None


def stop_at_folders(*targets: Path) -> None:
    """Raise `Problems` where a folder stands in place of a file that is to be written."""
    for target in targets:
        # Unlike the method of a path, this takes a name that no file can have for none.
        if os.path.isdir(target):  # noqa: PTH112
            stop(target.as_posix(), "unwritable", "a folder stands where the file should go", "move it away")


def _lock_of(cards: Path, deck: Deck) -> Lock:
    path = lock_path(cards)
    stop_at_folders(path)
    lock = read_lock(path)
    if lock is None:
        _stop_at_shared_namespace(path, deck)
    if lock is None or _was_forked(cards, lock, deck):
        return Lock(deck.deck.namespace, deck.deck.id, titles_of(deck))
    if lock.namespace != deck.deck.namespace:
        stop(
            path.as_posix(),
            "lock-of-another-deck",
            f'this is the lock of the namespace "{lock.namespace}", but {cards.name} has "{deck.deck.namespace}"',
            "put the namespace back; to make a copy a deck of its own: cuedeck fork",
        )
    return lock


def _was_forked(cards: Path, lock: Lock, deck: Deck) -> bool:
    """Return whether a fork was broken off when all but the first deck's lock was in its place."""
    former = former_lock_path(cards, lock.namespace)
    forked = lock.namespace != deck.deck.namespace
    return forked and former.is_file() and former.read_bytes() == lock_path(cards).read_bytes()


def _stop_at_shared_namespace(path: Path, deck: Deck) -> None:
    """Raise `Problems` where another deck in the folder has this namespace: each would overwrite the other's notes."""
    for other in sorted(path.parent.glob("*.lock")):
        try:
            lock = read_lock(other)
        except Problems:
            continue
        if lock and lock.namespace == deck.deck.namespace:
            stop(
                path.with_suffix(".yaml").as_posix(),
                "shared-namespace",
                f'{other.name} has the namespace "{lock.namespace}" already, and to Anki both would be one deck',
                f"a deck of its own takes a new namespace: cuedeck fork; if it is that deck, call its lock {path.name}",
            )
