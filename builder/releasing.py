"""Handing a deck out: all checks strict, hazards accepted, all that changed under one time and one version."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from time import time

from builder.building import Build, Checked, check, now, stamp, stop_at_folders, stop_at_unknown
from builder.committed import uncommitted
from builder.comparing import Comparison, comparison
from builder.history.lock import Lock, Release
from builder.history.lockfile import to_text
from builder.history.stamping import check_clock, day
from builder.package.container import archive
from builder.package.database import read_snapshot
from builder.package.opening import read_members
from builder.package.storing import alone_in, store_all
from builder.problems import Place, Problem, Problems, stop
from builder.reading.cards import read_text
from builder.updating.changelog import tells_of, with_release
from builder.updating.hazards import Hazard
from builder.updating.releasenotes import first_notes, release_notes

CHANGELOG = "CHANGELOG.md"
_VERSION = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)")
# Hazards that one edit has under several names, of which the author accepts one.
_ACCEPTED_AS_A_WHOLE = ("title-changed", "type-changed")


@dataclass(frozen=True)
class Released:
    """A release that was written: its build, and the files that belong to it."""

    build: Build
    notes: str
    files: tuple[Path, ...]


def release(cards: Path, version: str, accept: Collection[str] = (), at: int | None = None) -> Released:
    """Write the release of a cards.yaml: lock, package, the changelog, and a copy of the package under its version.

    `at` is its time in seconds since 1970, the clock's where it is None; `accept` are the keys of accepted hazards.
    A release that was broken off is brought to its end by repeating it. Raises `Problems` with all that stands in its
    way; nothing is written then.
    """
    read_text(cards)
    with alone_in(cards.parent):
        checked = check(cards, with_advice=True, accept=accept)
        built = _broken_off(checked, version)
        if built:
            compared = _compared(built, _before(checked.lock, version))
        else:
            _stop_at_uncommitted(cards)
            _stop_at_version(version, checked.lock, cards)
            _stop_at_warnings(checked)
            built = _stamped(checked, version, accept, now() if at is None else at)
            compared = _compared(built, checked.lock.last_release)
            _stop_at_hazards(checked, compared, version, accept)
        if compared:
            notes = release_notes(compared.changes, compared.hazards)
        else:
            notes = first_notes(len(built.notes), built.card_count)
        return Released(built, notes, _written(built, built.lock.releases[-1], notes))


def _written(built: Build, release: Release, notes: str) -> tuple[Path, ...]:
    """Write a release, and return its files.

    The copy comes last: where it is missing, the next build knows that the release was broken off.
    """
    checked = built.checked
    lock, package, copy = checked.lock_path, checked.package_path, checked.release_path(release)
    changelog = checked.folder / CHANGELOG
    stop_at_folders(lock, package, copy, changelog)
    data, text = archive(built.members), _text(changelog)
    if not (release in checked.lock.releases and tells_of(text, release.version)):
        text = with_release(text, release.version, day(release.time), notes)
    files = {lock: to_text(built.lock).encode(), package: data, changelog: text.encode(), copy: data}
    store_all(files)
    return tuple(files)


def _broken_off(checked: Checked, version: str) -> Build | None:
    """Return the build of a release whose lock was written, but not all that belongs to it; None for any other."""
    last = checked.lock.last_release
    if last is None or last.version != version:
        return None
    built = stamp(checked, checked.lock.newest_time)
    whole = checked.release_path(last).exists() and tells_of(_text(checked.folder / CHANGELOG), version)
    return None if whole or built.contents.version != version else built


def _before(lock: Lock, version: str) -> Release | None:
    """Return the release before a version, None before the first one."""
    earlier = (each for each in lock.releases if each.version != version)
    return max(earlier, key=lambda release: release.time, default=None)


def _stop_at_uncommitted(cards: Path) -> None:
    if names := uncommitted(cards.absolute().parent):
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        stop(
            cards.parent.as_posix(),
            "uncommitted",
            f"git has changes that are not committed: {names[0]}{more}",
            "commit them, so that the release can be told from its commit",
        )


def _stop_at_warnings(checked: Checked) -> None:
    if checked.warnings:
        last = Problem(
            Place(checked.cards.as_posix()),
            "a release has to pass all checks, warnings and advice included",
            "not-strict",
            'mend what is said above, accept a hazard with "--accept", or switch a rule off under "check: ignore:"',
        )
        raise Problems([*checked.warnings, last])


def _stop_at_version(version: str, lock: Lock, cards: Path) -> None:
    name = cards.as_posix()
    if not _VERSION.fullmatch(version):
        stop(name, "bad-version", f'"{version}" is no version', "write three numbers, such as 1.0.0")
    highest = max((each.version for each in lock.releases), key=_numbers, default="")
    if highest and _numbers(version) <= _numbers(highest):
        stop(
            name, "bad-version", f"{version} is not higher than {highest}, which was handed out", "choose a higher one"
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _stamped(checked: Checked, version: str, accept: Collection[str], at: int) -> Build:
    """Return the build in which all that changed since the last release has one new time, and the lock names it."""
    check_clock(checked.lock, at, int(time()), checked.lock_path.as_posix())
    at = max(at, checked.lock.newest_time + 1)
    built = stamp(checked, at, releasing=True, accept=accept)
    last = checked.lock.last_release
    content = built.contents.digest
    if last and last.content == content:
        stop(
            checked.cards.as_posix(), "nothing-new", f"nothing has changed since {last.version}", "no release is needed"
        )
    releases = (*built.lock.releases, Release(version, at, content, checked.deck.deck.id))
    return replace(built, lock=replace(built.lock, releases=releases))


def _compared(built: Build, last: Release | None) -> Comparison | None:
    """Return what learners of the last release get; None where there are none."""
    if last is None:
        return None
    checked = built.checked
    path = checked.release_path(last)
    old = read_snapshot(read_members(path), path)
    new = read_snapshot(built.members, checked.package_path)
    return comparison(path.as_posix(), old, checked.cards.as_posix(), new)


def _stop_at_hazards(checked: Checked, compared: Comparison | None, version: str, accept: Collection[str]) -> None:
    """Raise `Problems` where learners of the last release meet what was not accepted."""
    last = checked.lock.last_release
    if last is None or compared is None:
        stop_at_unknown(accept, checked.met, checked.cards)
        return
    stop_at_unknown(accept, {*checked.met, *(hazard.key for hazard in compared.hazards)}, checked.cards)
    accepted = {*accept, *(each.hazard for each in checked.lock.pending)}
    name = checked.cards.as_posix()
    if problems := [_problem(hazard, name) for hazard in compared.hazards if not _is_accepted(hazard, accepted)]:
        raise Problems(problems)
    loses = [hazard.key for hazard in compared.hazards if hazard.refused]
    if loses and _numbers(version)[0] == _numbers(last.version)[0]:
        major = f"{_numbers(last.version)[0] + 1}.0.0"
        stop(
            name,
            "needs-major",
            f"learners lose progress by this release ({', '.join(loses)}), and {version} does not say so",
            f"a version that costs progress is a major one: {major}",
        )


def _is_accepted(hazard: Hazard, accepted: Collection[str]) -> bool:
    if hazard.name in _ACCEPTED_AS_A_WHOLE:
        return any(key.startswith(f"{hazard.name}:") for key in accepted)
    return hazard.key in accepted


def _problem(hazard: Hazard, file: str) -> Problem:
    hint = f"{hazard.hint}\nto release all the same: --accept {hazard.key}"
    return Problem(Place(file), hazard.message, hazard.name, hint)


def _text(path: Path) -> str:
    return read_text(path) if path.exists() else ""
