"""Handing a deck out: all checks strict, hazards accepted, all that changed under one time and one version."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from time import time

from cuedeck.building.assembling import Build, now, stamp
from cuedeck.building.gates import gated, stop_at_unknown
from cuedeck.building.loading import Checked, load
from cuedeck.building.released import Comparison, HandedOut, last_released, read_package, side_by_side
from cuedeck.deck import values
from cuedeck.disk.storing import store_all
from cuedeck.disk.text import read_text
from cuedeck.disk.workspace import PACKAGE, Workspace, stop_at_folders
from cuedeck.git.committed import uncommitted
from cuedeck.history.lock import Lock, Release
from cuedeck.history.lockfile import to_text
from cuedeck.history.stamping import check_clock, day
from cuedeck.package.container import archive, fingerprint
from cuedeck.package.database import read_snapshot
from cuedeck.problems import Place, Problem, Problems, stop
from cuedeck.updating.changelog import line_of_version, name_in_changelog, with_release
from cuedeck.updating.hazards import Hazard
from cuedeck.updating.releasenotes import first_notes, release_notes
from cuedeck.wording import listed


@dataclass(frozen=True)
class Released:
    """A release that was written: its build, its notes, and the files that belong to it."""

    build: Build
    notes: str
    lock: Path
    package: Path
    changelog: Path
    copy: Path

    @property
    def files(self) -> tuple[Path, ...]:
        """All that was written."""
        return self.lock, self.package, self.changelog, self.copy


def release(
    cards: Path, version: str, accept: Collection[str] = (), at: int | None = None, since: Path | None = None
) -> Released:
    """Write the release of a cards.yaml: lock, package, the changelog, and a copy of the package under its version.

    `at` is its time in seconds since 1970, the clock's where it is None; `accept` are the keys of accepted hazards.
    `since` is the package that learners have, where the copy of the last release is missing, or there is none because
    another tool or another folder handed the deck out.
    A release that was broken off is brought to its end by repeating it. Raises `Problems` with all that stands in its
    way; nothing is written then.
    """
    workspace = Workspace(cards)
    with workspace.alone():
        checked = gated(load(workspace, keep_places=True), accept).with_advice()
        built = _broken_off(checked, version)
        if built:
            last = _before(checked.lock, version)
            compared = _compared(built, _handed_out(checked, last, since))
        else:
            _stop_at_uncommitted(cards)
            _stop_at_version(version, checked.lock, cards)
            _stop_at_warnings(checked)
            built = stamp_release(checked, version, accept, now() if at is None else at)
            _stop_where_told_already(built)
            last = checked.lock.last_release
            compared = _compared(built, _handed_out(checked, last, since))
            _stop_at_hazards(checked, compared, version, accept)
        return write_release(built, _notes(built, compared))


def _notes(built: Build, compared: Comparison | None) -> str:
    """Return the notes of a release; without a comparison, of the first one.

    Before that, only who has an adopted deck has anything, and so meets what was accepted.
    """
    if compared:
        return release_notes(compared.changes, compared.hazards)
    accepted = {each.hazard for each in built.lock.accepted if each.outcome}
    accepted |= {each.hazard for each in built.checked.standing or ()}
    return first_notes(len(built.notes), built.card_count, sorted(accepted), built.checked.deck.about.id)


def write_release(built: Build, notes: str) -> Released:
    """Write the newest release of a build, and return it.

    The copy comes last: where it is missing, the next build knows that the release was broken off.
    """
    checked, release = built.checked, built.lock.releases[-1]
    lock, package, copy = checked.workspace.lock, checked.package_path, checked.release_path(release)
    changelog = checked.workspace.changelog
    stop_at_folders(lock, package, copy, changelog)
    data, text, name = archive(built.members), _text(changelog), _name(checked)
    known = built.lock.with_files_digest(release, fingerprint(built.members))
    if not (release in checked.lock.releases and line_of_version(text, release.version, name)):
        text = with_release(text, release.version, day(release.time), notes, name)
    store_all({lock: to_text(known).encode(), package: data, changelog: text.encode(), copy: data})
    return Released(replace(built, lock=known), notes, lock, package, changelog, copy)


def _name(checked: Checked) -> str:
    """Return what the headings of the changelog call the deck: nothing, or its id where it is one among several."""
    return name_in_changelog(checked.workspace.cards.name, checked.deck.about.id)


def _broken_off(checked: Checked, version: str) -> Build | None:
    """Return the build of a release whose lock was written, but not all that belongs to it; None for any other."""
    last = checked.lock.last_release
    if last is None or last.version != version:
        return None
    built = stamp(checked, checked.lock.newest_time)
    told = line_of_version(_text(checked.workspace.changelog), version, _name(checked))
    whole = checked.release_path(last).exists() and told
    return None if whole or built.contents.version != version else built


def _before(lock: Lock, version: str) -> Release | None:
    """Return the release before a version, None before the first one."""
    earlier = (each for each in lock.releases if each.version != version)
    return max(earlier, key=lambda release: release.time, default=None)


def _stop_at_uncommitted(cards: Path) -> None:
    if names := uncommitted(cards.absolute().parent):
        stop(
            cards.parent.as_posix(),
            "uncommitted",
            f"git has changes that are not committed: {listed(names, 1)}",
            "commit them, so that the release can be told from its commit; if git itself knows of none, a filter "
            "or a setting that Cuedeck does not use is at work: run git status once, and try again",
        )


def _stop_at_warnings(checked: Checked) -> None:
    if checked.warnings:
        # It stands first, because it is about the file as a whole.
        why = Problem(
            Place(checked.workspace.cards.as_posix()),
            "a release has to pass all checks, warnings and advice included; these stand in its way",
            "not-strict",
            'mend them, accept a hazard with "--accept" and its name, or switch a rule off under "check: ignore:"',
        )
        raise Problems([why, *checked.warnings])


def _stop_at_version(version: str, lock: Lock, cards: Path) -> None:
    name = cards.as_posix()
    if not re.fullmatch(values.VERSION, version):
        hint = "write three numbers of up to nine digits, such as 1.0.0"
        stop(name, "bad-version", f'"{version[:50]}" is no version', hint)
    highest = max((each.version for each in lock.releases), key=_numbers, default="")
    if highest and _numbers(version) <= _numbers(highest):
        stop(
            name, "bad-version", f"{version} is not higher than {highest}, which was handed out", "choose a higher one"
        )


def _stop_where_told_already(built: Build) -> None:
    """Raise `Problems` where there is a package or a section of the changelog of this very version."""
    checked, release = built.checked, built.lock.releases[-1]
    copy, changelog = checked.release_path(release), checked.workspace.changelog
    if copy.is_file():
        stop(
            copy.as_posix(),
            "version-exists",
            "there is a package of this version already, which may have been handed out",
            "choose a higher version; or, if nobody has this package, delete it",
        )
    name = _name(checked)
    if changelog.is_file() and (line := line_of_version(_text(changelog), release.version, name)):
        stop(
            changelog.as_posix(),
            "version-exists",
            f"there is a heading for {' '.join(filter(None, (name, release.version)))} already",
            "choose a higher version; or, if it was not handed out, put what stands under it under Unreleased",
            line,
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def stamp_release(checked: Checked, version: str, accept: Collection[str], at: int) -> Build:
    """Return the build in which all that changed since the last release has one new time, and the lock names it."""
    check_clock(checked.lock, at, int(time()), checked.workspace.lock.as_posix())
    at = max(at, checked.lock.newest_time + 1)
    built = stamp(checked, at, releasing=True, accept={key: checked.accepted.get(key, "") for key in accept})
    last = checked.lock.last_release

    def handed_out(content: str) -> Build:
        releases = (*built.lock.releases, Release(version, at, content, checked.deck.about.id))
        return replace(built, lock=replace(built.lock, releases=releases))

    # Told with this release in the lock already, because what it says of retired notes hangs on that.
    content = handed_out("").contents.digest
    if last and last.content == content:
        stop(
            checked.workspace.cards.as_posix(),
            "nothing-new",
            f"nothing has changed since {last.version}",
            "no release is needed",
        )
    return handed_out(content)


def _handed_out(checked: Checked, last: Release | None, since: Path | None) -> HandedOut | None:
    """Return what learners of the last release have; None before the first. Raises `Problems` where none can tell."""
    if since is not None:
        given = HandedOut(since.as_posix(), read_package(since, checked.deck.about.namespace))
        if last and given.snapshot.version != last.version:
            stop(
                given.name,
                "not-that-release",
                f"this is not the package of version {last.version}, which was handed out last",
                "name the very package that learners got",
            )
        return given
    found = last_released(checked, last) if last else None
    if last and not found:
        stop(
            checked.release_path(last).as_posix(),
            "release-missing",
            f"the package of version {last.version} is missing: nobody can tell what changed for learners since then",
            "bring it back from git; in the commit of that release, cuedeck build writes it again;\n"
            f"or put what was handed out outside this folder, and name it: cuedeck release ... --since ../OLD{PACKAGE}",
        )
    return found


def _compared(built: Build, before: HandedOut | None) -> Comparison | None:
    """Return what those get who have the deck; None where nobody has it."""
    if before is None:
        return None
    checked = built.checked
    new = read_snapshot(built.members, checked.package_path)
    return side_by_side(before, checked.workspace.cards.as_posix(), new, checked.hazards)


def _stop_at_hazards(checked: Checked, compared: Comparison | None, version: str, accept: Collection[str]) -> None:
    """Raise `Problems` where those who have the deck meet what was not accepted."""
    if compared is None:
        stop_at_unknown(accept, checked.met, checked.workspace.cards)
        return
    old = compared.changes.old
    stop_at_unknown(accept, {*checked.met, *(hazard.key for hazard in compared.hazards)}, checked.workspace.cards)
    accepted = {*accept, *(each.hazard for each in checked.standing or ())}
    name = checked.workspace.cards.as_posix()
    if problems := [_problem(hazard, name) for hazard in compared.hazards if not hazard.accepted_by(accepted)]:
        raise Problems(problems)
    loses = [hazard.key for hazard in compared.hazards if hazard.costs_progress]
    if loses and old.version and _numbers(version)[0] == _numbers(old.version)[0]:
        stop(
            name,
            "needs-major",
            f"learners lose progress by this release ({', '.join(loses)}), and {version} does not say so",
            f"a version that costs progress is a major one: {_numbers(old.version)[0] + 1}.0.0",
        )


def _problem(hazard: Hazard, file: str) -> Problem:
    return Problem(Place(file), hazard.message, hazard.name, hazard.way_out("release"))


def _text(path: Path) -> str:
    """Return the text of the changelog with its own line ends; "" where there is none."""
    if not path.exists():
        return ""
    read_text(path)  # tells what is wrong with it
    return path.read_bytes().decode()
