"""cards.yaml, cards.lock and the clock to one `Build` value, and that value to files."""

import difflib
import json
import os
import time
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from builder.deck.deck import Deck, Note
from builder.deck.placing import titles_of
from builder.history.identity import check_ids, continued, known_after
from builder.history.lock import Accepted, KnownNote, Lock, Release
from builder.history.lockfile import read_lock, to_text
from builder.history.snapshot import Snapshot
from builder.history.stamping import StampedNote, StampedType, Status, check_clock, stamp_notes, stamp_types
from builder.package.contents import FOLDER, MANIFEST, Contents
from builder.packing import contents
from builder.problems import Keys, Locate, Place, Problem, Problems, Report, stop
from builder.reading.cards import read_cards, read_text
from builder.rendering.description import check_description
from builder.rendering.fields import RenderedNote, render_notes
from builder.rendering.notetypes import note_types
from builder.unchanged import digests, seen
from builder.updating.hazards import Hazard
from builder.updating.source_hazards import Last, find_hazards


@dataclass(frozen=True)
class Checked:
    """A sound deck, rendered, with the lock of its last build and whatever is worth a warning.

    `known` is what each note of the file goes on from, by its id. `met` are the keys of all hazards, `accepted` those
    of them that the author accepts. `locate` finds the places of its values in cards.yaml, at the cost of a second pass
    over the file.
    """

    cards: Path
    deck: Deck
    notes: tuple[RenderedNote, ...]
    lock: Lock
    known: Mapping[str, KnownNote]
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

    def release_path(self, release: Release) -> Path:
        """Return where the package of a release is kept, so that later ones can be compared with it."""
        return self.package_path.with_name(f"{release.deck}-{release.version}.apkg")

    @property
    def package_path(self) -> Path:
        """Where the package goes by default."""
        return self.folder / FOLDER / f"{self.deck.deck.id}.apkg"


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
        lock = _lock_of(cards, deck)
    except Problems as found:
        raise Problems([*report.problems, *found.problems]) from None
    known = continued(deck.notes.values(), lock)
    check_ids(_placed(deck), known, lock, read.unread, report)
    kept = {each.id for each in (*known.values(), *filter(None, map(lock.found, read.unread)))}
    hazards: list[Hazard] = []
    if with_hazards:
        last = _last_package(cards, deck, lock)
        is_older = _newest_time(cards.parent / FOLDER / f"{lock.deck}.apkg") > lock.newest_time
        hazards = find_hazards(deck, notes, known, lock, last, kept, is_older)
    _report_hazards(hazards, accept, report)
    report.stop_if_unsound()
    if with_advice:
        from builder.advice.rules import advise  # here because a build has no need of it

        advise(deck, notes, report)
    met = tuple(sorted({hazard.key for hazard in hazards}))
    accepted = tuple(key for key in met if key in accept)
    return Checked(
        cards=cards,
        deck=deck,
        notes=tuple(notes),
        lock=lock,
        known=known,
        warnings=tuple(sorted(set(report.problems))),
        locate=read.document.place,
        met=met,
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
        if hazard.key in accept:
            continue
        if hazard.refused:
            report.error(hazard.name, hazard.message, at=hazard.at, hint=hazard.way_out("build"), on=hazard.on)
        else:
            report.warning(hazard.name, hazard.message, at=hazard.at, hint=hazard.way_out("release"), on=hazard.on)


def stop_at_unknown(accept: Collection[str], met: Collection[str], cards: Path) -> None:
    """Raise `Problems` where a key of `accept` is none of the hazards that were met."""
    unknown = sorted(set(accept) - set(met))
    if unknown:
        near = difflib.get_close_matches(unknown[0], met, n=1)
        hint = f'did you mean "{near[0]}"?' if near else f"there is {', '.join(sorted(met)) or 'none'}"
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
            if path.is_file() and (snapshot := _snapshot(path)) and snapshot.namespace == lock.namespace:
                return snapshot
        return None

    return last


def _newest_time(path: Path) -> float:
    """Return the newest time in a package, as its manifest tells; infinity where there is one that does not tell."""
    from builder.package.opening import read_member

    if not path.is_file():
        return 0
    try:
        newest = json.loads(read_member(path, MANIFEST) or b"{}").get("newest")
    except (Problems, ValueError, AttributeError, RecursionError):
        return 0  # a package that is broken is made anew
    return newest if isinstance(newest, int) else float("inf")


def _snapshot(path: Path) -> Snapshot | None:
    from builder.package.database import read_snapshot  # here because few checks have need of it
    from builder.package.opening import read_members

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


def stamp(checked: Checked, at: int, releasing: bool = False, accept: Collection[str] = ()) -> Build:
    """Return the build of a checked deck, with `at` (seconds since 1970) as the time of what changed.

    `accept` are keys of hazards that are accepted besides those that the check met. Raises `Problems` where something
    changed and that time would keep learners from getting it.
    """
    lock, deck = checked.lock, checked.deck
    wanted = at
    if last := lock.last_release:
        at = max(at, last.time + 1)  # a clock that is a little behind makes nothing older than the release it follows
    notes = tuple(stamp_notes(checked.notes, checked.known, lock, at, releasing))
    types = tuple(stamp_types(note_types(deck), lock, at, releasing))
    accepted = {*checked.accepted, *accept}
    if releasing or accepted or {*(note.status for note in notes), *(each.status for each in types)} - {"unchanged"}:
        check_clock(lock, wanted, int(time.time()), checked.lock_path.as_posix())
    left = {key.partition(":")[2] for key in checked.accepted if key.startswith("vanished:")}
    new_lock = Lock(
        namespace=deck.deck.namespace,
        deck=deck.deck.id,
        titles={**lock.titles, **titles_of(deck)},  # a source taken out may come back
        notes=known_after(lock, deck.notes.values(), checked.known, notes, left),
        types={**lock.types, **{stamped.known.kind: stamped.known for stamped in types}},
        releases=lock.releases,
        accepted=(*lock.accepted, *(Accepted(key, at) for key in sorted(accepted))),
    )
    return Build(checked, notes, types, new_lock)


@dataclass(frozen=True)
class Written:
    """What a build left on disk, and whatever is worth a warning.

    `digests` are those of all files that building again would read; empty where one of them was touched meanwhile.
    `wrote` tells whether anything had to be written.
    """

    build: Build
    package: Path
    size: int
    warnings: tuple[Problem, ...]
    digests: Mapping[Path, str]
    wrote: bool


def build(cards: Path, output: Path | None = None, at: int | None = None, accept: Collection[str] = ()) -> Written:
    """Check, stamp and write: the lock first, then the package, each replaced at once.

    `at` is the time of what changed, in seconds since 1970; the clock's where it is None. `accept` are the keys of
    accepted hazards. A crash between two files heals at the next build, and so does one of a release. Raises `Problems`
    where anything is wrong; nothing is written then.
    """
    from builder.package.storing import alone_in, store_all

    read_text(cards)  # in a folder without cards.yaml nothing is left behind, the build lock included
    with alone_in(cards.parent):
        begun = seen(cards)
        checked = check(cards, accept=accept)
        stop_at_unknown(accept, checked.met, cards)
        built = stamp(checked, now() if at is None else at)
        path = output or checked.package_path
        stop_at_folders(checked.lock_path, path)
        _stop_at_other_files(path, checked, is_default=output is None)
        read = {cards: begun} | {each: seen(each) for each in (checked.lock_path, checked.package_path, path)}
        files = _outdated(built, path)
        last = built.lock.last_release
        mended = [_mended(copy, last.version)] if last and (copy := checked.release_path(last)) in files else []
        store_all(files)
        warnings = (*checked.warnings, *mended)
        return Written(built, path, path.stat().st_size, warnings, digests(read, files), bool(files))


def _outdated(built: Build, path: Path) -> dict[Path, bytes]:
    """Return what is to be written of a build whose package goes to `path`, in the order that survives a crash."""
    from builder.package.container import archive
    from builder.package.opening import holds

    checked, lock = built.checked, to_text(built.lock).encode()
    files = {}
    if not checked.lock_path.exists() or checked.lock_path.read_bytes() != lock:
        files[checked.lock_path] = lock
    # What counts is what is in the package: another system may have compressed the same files differently.
    if not holds(path, built.members):
        files[path] = archive(built.members)
    last = built.lock.last_release
    if last and built.contents.version and not (copy := checked.release_path(last)).exists():
        files[copy] = archive(built.members)
    return files


def _mended(copy: Path, version: str) -> Problem:
    """Return a warning that a release was broken off before its last file, the copy of its package, was written."""
    message = f"the package of {version} was not kept yet, as after a release that was broken off: it is now"
    hint = f"if CHANGELOG.md does not tell of {version}, repeat: cuedeck release {version}"
    return Problem(Place(copy.as_posix()), message, "release-mended", hint, "warning")


def _stop_at_other_files(path: Path, checked: Checked, is_default: bool) -> None:
    """Raise `Problems` where a package would take the place of another file: anything but a package of this deck."""
    name = path.as_posix()
    target = os.path.realpath(path)  # not resolve(), which fails in its own way where links lead back to themselves
    if target in map(os.path.realpath, (checked.cards, checked.lock_path)):
        stop(name, "unwritable", "the package would take the place of this file", "name another file")
    if not os.path.exists(path):  # noqa: PTH110  as for folders
        return
    if target in (os.path.realpath(checked.release_path(release)) for release in checked.lock.releases):
        stop(name, "unwritable", "this is the package of a release, which is kept as it is", "name another file")
    there = _snapshot(path)
    if there and there.namespace != checked.deck.deck.namespace:
        stop(
            name,
            "package-of-another-deck",
            "the package of another deck is there already",
            "give this deck another id, or move that package away",
        )
    if there is None and not is_default:  # in its own place a package that is broken is made anew
        stop(name, "unwritable", "the package would take the place of this file", "name another file")
