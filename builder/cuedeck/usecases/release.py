"""Hand out a deck: with all checks passed and hazards accepted, and all changes under one time and one version."""

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from time import time

from cuedeck.bridging.arrived import with_bridges
from cuedeck.building.assembling import Build, now, stamp
from cuedeck.building.correcting import Correcting, corrections_to
from cuedeck.building.examplenames import namespace_of_an_example
from cuedeck.building.gates import judge, not_adopted, unmatched
from cuedeck.building.loading import Checked, Loaded, load
from cuedeck.building.mediagates import stop_at_unfit_files
from cuedeck.building.packing import media_of
from cuedeck.building.released import (
    Comparison,
    HandedOut,
    last_released,
    own_package,
    read_package,
    side_by_side,
)
from cuedeck.deck import values
from cuedeck.disk.storing import store_all
from cuedeck.disk.text import read_text
from cuedeck.disk.workspace import PACKAGE, Workspace, stop_at_folders
from cuedeck.git.committed import has_changed_only, has_tag, is_in_repository, is_last_commit_of, uncommitted, untracked
from cuedeck.git.committing import Committing, prepare, stop_at_ignored, stop_at_unwatched
from cuedeck.history.lock import Lock, Release
from cuedeck.history.lockfile import to_text
from cuedeck.history.stamping import check_clock, day
from cuedeck.package.container import archived
from cuedeck.package.database import read_snapshot
from cuedeck.problems import Gathered, Keys, Place, Problem, Problems, are_decisive, in_order, stop
from cuedeck.records import dataclass
from cuedeck.updating.changelog import line_of_version, name_in_changelog, versions, with_release
from cuedeck.updating.corrections import BEGINNING, NO_CORRECTIONS, corrections_between
from cuedeck.updating.hazards import Accepting, Hazard
from cuedeck.updating.releasenotes import first_notes, release_notes
from cuedeck.wording import listed

_MASS_UPDATE = "mass-update"
# If the version is not valid, all else is checked with another one, which is never written.
_NO_VERSION, _SOME_VERSION = "", "0.0.0"
_HIGHER = "choose a higher one"


@dataclass(frozen=True)
class Released:
    """A release that was written: its build, its notes, and its files.

    `remarks` are the warnings and the advice that did not stop it, `commit` is the id of its commit, and `tag` is the
    name of its tag; both are "" if none was made. `is_in_git` says whether a git repository is around the deck.
    `corrections` are the files with corrections from earlier releases.
    """

    build: Build
    notes: str
    lock: Path
    package: Path
    changelog: Path
    copy: Path
    corrections: tuple[Path, ...] = ()
    remarks: tuple[Problem, ...] = ()
    commit: str = ""
    tag: str = ""
    is_in_git: bool = False

    @property
    def files(self) -> tuple[Path, ...]:
        """All files that were written."""
        return self.lock, self.package, self.changelog, *self.corrections, self.copy


def release(
    cards: Path,
    version: str,
    accept: Collection[str] = (),
    at: int | None = None,
    since: Path | None = None,
    strict: bool = False,
    commit: bool = False,
    tag: bool = False,
) -> Released:
    """Write the release of a cards.yaml: lock, package, changelog, corrections, and a copy of the package.

    `version` is three numbers, with or without a "v" before them. `at` is its time in seconds since 1970; if it is
    None, the clock's. `accept` is as for `Accepting`. `since` is the package that learners have, if the copy of the
    last release is missing, or if there is none because another tool or another folder handed the deck out. Advice and
    warnings stop a release only if it is `strict`. With `commit`, the files are committed, and with `tag`, that commit
    is tagged as well. An interrupted release is finished by repeating it. Raises `Problems` with everything that
    prevents the release, found in one run; nothing is written then.
    """
    asked = _Asked(version.removeprefix("v"), accept, now() if at is None else at, since, strict, commit or tag, tag)
    workspace = Workspace(cards)
    with workspace.alone():
        loaded, found = None, Gathered()
        with found:
            loaded = load(workspace, keep_places=True)
        ready = _finished(loaded, asked) if loaded else None
        if ready is None:
            if bad := _bad_version(asked.version, loaded.lock if loaded else None, cards):
                found.problems.append(bad)
                asked = replace(asked, version=_NO_VERSION)
            with found:
                _stop_at_uncommitted(cards)
            # With `commit`, this is reported of every file. A deck that git does not have needs no lock in git.
            with found:
                if not asked.commit and not untracked(cards.absolute().parent, [cards.absolute()]):
                    stop_at_ignored(workspace.lock)
            with found:
                here = loaded.workspace if loaded else workspace
                stop_at_unwatched([*here.written, here.lock, here.changelog])
            if loaded is None:
                raise Problems(found.problems, sort=False)
            ready = _ready(loaded, found, asked)
        done = write_release(ready.build, _notes(ready.build, ready.compared), ready.corrections)
        id = ready.committing.commit(_subject(ready.build.checked, asked.version)) if ready.committing else ""
        tag_name = _tag(ready.build.checked, asked.version) if asked.tag else ""
        is_in_git = is_in_repository(cards.absolute().parent)
        return replace(done, remarks=ready.remarks, commit=id, tag=tag_name, is_in_git=is_in_git)


@dataclass(frozen=True)
class _Asked:
    """The arguments of `release`; the version is `_NO_VERSION` if the one that was given is not valid."""

    version: str
    accept: Collection[str]
    at: int
    since: Path | None
    strict: bool
    commit: bool
    tag: bool


@dataclass(frozen=True)
class _Ready:
    """A release that can be written.

    It has its build, what learners of the last release get, the files with corrections, what commits it (None if it is
    not to be committed), and remarks.
    """

    build: Build
    compared: Comparison | None
    corrections: Mapping[Path, bytes]
    committing: Committing | None
    remarks: tuple[Problem, ...] = ()


def _ready(loaded: Loaded, found: Gathered, asked: _Asked) -> _Ready:
    """Return a release that is ready to be written.

    Raises `Problems` with everything that prevents it: what was `found` before, then mass updates, then errors and
    hazards in the order of the file, and advice last.
    """
    is_sound, cards = loaded.report.sound, loaded.workspace.cards
    found.problems += not_adopted(loaded)
    judged = judge(loaded, asked.accept)
    checked = judged.on(loaded.as_read())
    built = compared = committing = None
    if asked.version:
        with found:
            _stop_at_existing_version(checked, asked.version)
    with found:
        stop_at_folders(*_files(checked, asked.version))
        _stop_at_links(checked)
    with found:
        own_package(checked.package_path, checked)  # it must not overwrite the package of another deck
    with found:
        stop_at_unfit_files(checked)
    found.problems += namespace_of_an_example(checked, "error")
    with found:
        before = _handed_out(checked, checked.lock.last_release, asked.since)
        with (
            found if is_sound else Gathered()
        ):  # what keeps a deck with errors from being stamped is reported at its own place
            built = stamp_release(checked, asked.version or _SOME_VERSION, asked.at)
            compared = _compared(built, before)
    besides = _only_shown(compared, judged.effects.hazards, is_sound)
    correcting = Correcting()
    if is_sound and built and compared:
        built = built.accepting(hazard.key for hazard in besides)
        with found:
            correcting = _correcting(built, compared, asked)
        for path in _data(correcting, checked):
            with found:
                checked.workspace.stop_if_foreign(path, BEGINNING)
    with found:
        committing = _committing(checked, asked, _data(correcting, checked))
    with found:
        _stop_at_minor(asked.version, checked, compared.hazards if compared and is_sound else judged.effects.hazards)
    if is_sound and built:
        found.problems += unmatched(asked.accept, [*judged.effects.hazards, *besides], cards)
    accepted = Accepting({*asked.accept, *(each.hazard for each in judged.standing)})
    hazards = [*judged.open, *(each for each in besides if each not in accepted)]
    stopped = {each.rule for each in found.problems}
    if "nothing-new" in stopped:  # so a higher version would not help
        found.problems = [each for each in found.problems if each.hint != _HIGHER]
    remarks = tuple(each for each in checked.with_advice().warnings if each.rule not in stopped) if is_sound else ()
    remarks += correcting.remarks
    wrong = [*found.problems, *_in_order(hazards, loaded)]
    wrong += [_not_strict(cards)] if asked.strict and are_decisive(remarks) else []
    if wrong or built is None:
        raise Problems([*wrong, *remarks], sort=False)
    correcting.prove()
    return _Ready(built, compared, _data(correcting, checked), committing, (*_nameless(checked), *remarks))


def _correcting(built: Build, compared: Comparison, asked: _Asked) -> Correcting:
    """Return the corrections from earlier releases to one that is built, all of whose hazards are accepted."""
    this = built.lock.releases[-1]
    since = asked.since if built.checked.lock.last_release else None
    return corrections_to(built.checked, compared.changes.new, this.time, built.lock, since)


def _data(correcting: Correcting, checked: Checked) -> dict[Path, bytes]:
    """Return the contents of the files with corrections by their paths."""
    return {checked.workspace.corrections(sheet.name): sheet.data for sheet in correcting.sheets}


def _committing(checked: Checked, asked: _Asked, corrections: Collection[Path]) -> Committing | None:
    """Return what will commit a release, or None without `--commit`. Raises `Problems` as `prepare` does."""
    if not asked.commit:
        return None
    tag = _tag(checked, asked.version) if asked.tag and asked.version else ""
    return prepare([*_files(checked, asked.version), *corrections], tag)


def _files(checked: Checked, version: str) -> list[Path]:
    """Return the files that a release writes; without a version, those that every release writes."""
    here = checked.workspace
    copies = [here.release(checked.deck.about.id, version)] if version else []
    return [here.lock, checked.package_path, here.changelog, *copies]


def _stop_at_links(checked: Checked) -> None:
    """Raise `Problems` if a file that every release writes is a link to another file of the deck, or to a kept package.

    Files are written where links lead.
    """
    here, releases = checked.workspace, checked.lock.releases
    files = (*here.written, here.lock, here.changelog, checked.package_path, *map(checked.release_path, releases))
    for path in (checked.package_path, here.changelog):
        if other := next((each for each in files if each != path and _is_one_file(each, path)), None):
            message = f"this is a link to {other.as_posix()}, which the release would overwrite"
            stop(path.as_posix(), "unwritable", message, "delete the link")


def _is_one_file(one: Path, other: Path) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


def _tag(checked: Checked, version: str) -> str:
    return "-".join(filter(None, (_name(checked), f"v{version}")))


def _subject(checked: Checked, version: str) -> str:
    return " ".join(filter(None, ("Release", _name(checked), version)))


def _only_shown(compared: Comparison | None, met: Collection[Hazard], is_sound: bool) -> list[Hazard]:
    """Return the hazards that only a comparison of packages shows, and not the lock.

    A part of a deck with errors is missing, so only mass updates are certain there.
    """
    keys = {hazard.key for hazard in met}
    shown = compared.hazards if compared else ()
    return [each for each in shown if each.key not in keys and (is_sound or each.name == _MASS_UPDATE)]


def _in_order(hazards: Collection[Hazard], loaded: Loaded) -> Iterator[Problem]:
    """Yield mass updates, which replace the most notes; then errors and other hazards, in the order of the file."""
    places = {note.id: note.keys for note in loaded.notes}
    asked = [_at_first_note(hazard, places).as_problem(loaded.locate) for hazard in hazards]
    yield from (problem for problem in asked if problem.rule == _MASS_UPDATE)
    wrong = () if loaded.report.sound else loaded.report.problems
    yield from in_order([*wrong, *(problem for problem in asked if problem.rule != _MASS_UPDATE)])


def _at_first_note(hazard: Hazard, places: Mapping[str, Keys]) -> Hazard:
    """Return a hazard of several notes at the place of the first, which its message names. Packages have no places."""
    if hazard.at or not hazard.notes or hazard.notes[0] not in places:
        return hazard
    return replace(hazard, at=places[hazard.notes[0]], on="key")


def _notes(built: Build, compared: Comparison | None) -> str:
    """Return the notes of a release; without a comparison, those of a first release.

    Before a first release, only learners of an adopted deck have anything, so what was accepted concerns only them.
    """
    if compared:
        is_from_release = bool(compared.changes.old.version)
        corrections = corrections_between(compared.changes) if is_from_release else NO_CORRECTIONS
        return release_notes(compared.changes, compared.hazards, corrections, compared.is_bridged)
    accepted = {each.hazard for each in built.lock.accepted if each.outcome}
    accepted |= {each.hazard for each in built.checked.standing or ()}
    media = media_of(built.notes)
    return first_notes(len(built.notes), built.card_count, media, sorted(accepted), built.checked.deck.about.id)


def write_release(built: Build, notes: str, corrections: Mapping[Path, bytes] | None = None) -> Released:
    """Write the newest release of a build with its corrections, and return it.

    The copy is written last: if it is missing, the next build knows that the release was interrupted.
    """
    checked, release = built.checked, built.lock.releases[-1]
    lock, package, changelog, copy = _files(checked, release.version)
    data, text, name = archived(built.members), _text(changelog), _name(checked)
    known = built.lock.with_files_digest(release, built.fingerprint)
    if not (release in checked.lock.releases and line_of_version(text, release.version, name)):
        text = with_release(text, release.version, day(release.time), notes, name)
    with checked.media.digests.doubted():
        files = {lock: to_text(known).encode(), package: data, changelog: text.encode(), **(corrections or {})}
        store_all({**files, copy: data})
    checked.media.digests.remember()
    return Released(replace(built, lock=known), notes, lock, package, changelog, copy, tuple(corrections or ()))


def _name(checked: Checked) -> str:
    """Return the name of the deck in the headings of the changelog: "", or its id if it is one of several."""
    return name_in_changelog(checked.workspace.cards.name, checked.deck.about.id)


def _finished(loaded: Loaded, asked: _Asked) -> _Ready | None:
    """Return the rest of a release that wrote its lock, but not all of its files; None for any other.

    A release whose files are complete, but which should have been committed and is not, is finished by its commit.
    """
    last = loaded.lock.last_release
    if last is None or last.version != asked.version or not loaded.report.sound:
        return None
    checked = judge(loaded, asked.accept).on(loaded.sound())
    built = None
    with Gathered():  # if anything has changed since, this is another release, with another version
        built = stamp(checked, checked.lock.newest_time)
    if built is None or built.contents.version != last.version:
        return None
    is_listed = line_of_version(_text(checked.workspace.changelog), last.version, _name(checked)) > 0
    compared, correcting = None, Correcting()
    # A release that has its copy may be older than corrections, and then nothing need show what was before it.
    with Gathered() if is_listed and checked.release_path(last).exists() else nullcontext():
        compared = _compared(built, _handed_out(checked, _before(checked.lock, last.version), asked.since))
        correcting = _correcting(built, compared, asked) if compared else correcting
    corrections = _data(correcting, checked)
    is_whole = is_listed and all(path.exists() for path in (checked.release_path(last), *corrections))
    if is_whole and not _is_uncommitted(checked, asked, corrections):
        return None
    stop_at_folders(*_files(checked, last.version))
    _stop_at_links(checked)
    for path in corrections:
        checked.workspace.stop_if_foreign(path, BEGINNING)
    correcting.prove()
    return _Ready(built, compared, corrections, _committing(checked, asked, corrections), correcting.remarks)


def _is_uncommitted(checked: Checked, asked: _Asked, corrections: Collection[Path]) -> bool:
    """Return whether a complete release still has to be committed or tagged, and nothing else has changed since."""
    files = [*_files(checked, asked.version), *corrections]
    if asked.tag and is_last_commit_of(files) and not has_tag(checked.workspace.folder, _tag(checked, asked.version)):
        return True
    return asked.commit and has_changed_only(files)


def _before(lock: Lock, version: str) -> Release | None:
    """Return the release before that of a version; None if there is none."""
    earlier = (each for each in lock.releases if each.version != version)
    return max(earlier, key=lambda release: release.time, default=None)


def _stop_at_uncommitted(cards: Path) -> None:
    if names := uncommitted(cards.absolute().parent):
        stop(
            cards.parent.as_posix(),
            "uncommitted",
            f"git has changes that are not committed: {listed(names, 1)}",
            "commit them, so that the release can be traced to a commit; if git status shows no changes, the cause "
            "is a filter or a setting that Cuedeck does not use: try again, now that git status has run",
        )


def _not_strict(cards: Path) -> Problem:
    return Problem(
        Place(cards.as_posix()),
        "with --strict, advice and warnings stop a release, too; they are listed below",
        "not-strict",
        'follow them, switch a rule off under "check: ignore:", as "cuedeck explain --help" shows, or leave out '
        "--strict",
    )


def _nameless(checked: Checked) -> tuple[Problem, ...]:
    """Return advice on a first release whose deck lacks what `share` requires, since a release cannot get it later."""
    about = checked.deck.about
    missing = {"author: Your Name": about.author, "license: CC BY 4.0": about.license}
    lines = [line for line, value in missing.items() if not value]
    if checked.lock.is_handed_out or not lines:
        return ()
    keys = " and no ".join(f'"{line.partition(":")[0]}"' for line in lines)
    message = f"the deck has no {keys}; cuedeck share will require that"
    hint = f"before a release that you want to share, add below deck: {' and '.join(lines)}"
    return (Problem(checked.locate(("deck",), "key", ""), message, "unattributed", hint, "advice", ("deck",)),)


def _bad_version(version: str, lock: Lock | None, cards: Path) -> Problem | None:
    """Return what is wrong with a version; None if the next release can have it."""
    place = Place(cards.as_posix())
    if not re.fullmatch(values.VERSION, version):
        hint = "write three numbers of up to nine digits, such as 1.0.0"
        return Problem(place, f'"{version[:50]}" is not a valid version', "bad-version", hint)
    highest = max((each.version for each in (lock.releases if lock else ())), key=_numbers, default="")
    if highest and _numbers(version) <= _numbers(highest):
        message = f"{version} is not higher than {highest}, which was already released"
        return Problem(place, message, "bad-version", _HIGHER)
    return None


def _stop_at_existing_version(checked: Checked, version: str) -> None:
    """Raise `Problems` if this version has a package already, or if the changelog has it or one that the lock lost."""
    copy, changelog = checked.workspace.release(checked.deck.about.id, version), checked.workspace.changelog
    if copy.is_file():
        stop(
            copy.as_posix(),
            "version-exists",
            "there is already a package of this version, which may have been handed out",
            "choose a higher version; or, if nobody has this package, delete it",
        )
    released = [_numbers(each.version) for each in checked.lock.releases]
    listed_there = versions(_text(changelog), _name(checked)) if changelog.is_file() else ()
    ahead = ((each, line) for each, line in listed_there if _numbers(each) > max(released, default=()))
    highest, line = max(ahead, key=lambda each: _numbers(each[0]), default=("", 0))
    # Before the first release, a changelog may list versions of another tool, which the first release has to continue.
    if highest and (released or _numbers(version) <= _numbers(highest)):
        stop(
            changelog.as_posix(),
            "version-exists",
            f"there is already a heading for {' '.join(filter(None, (_name(checked), highest)))}, "
            f"a version that {checked.workspace.lock.name} does not know",
            f"if {highest} was handed out, bring back the {checked.workspace.lock.name} that was committed with it; "
            "if it was not, move what is below the heading to Unreleased, and delete the heading; if it is a version "
            f"of something else, write the name before it, as in: ## app {highest}",
            line,
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def stamp_release(checked: Checked, version: str, at: int) -> Build:
    """Return the build that gives one new time to all that changed since the last release, and records the release.

    Raises `Problems` if nothing has changed, or if the clock would keep learners from getting it.
    """
    check_clock(checked.lock, at, int(time()), checked.workspace.lock.as_posix())
    at = max(at, checked.lock.newest_time + 1)
    built = stamp(checked, at, releasing=True)
    last = checked.lock.last_release

    def handed_out(content: str, paths: Mapping[str, str]) -> Build:
        about = checked.deck.about
        release = Release(version, at, content, about.id, tags_as_written=about.tags_as_written, paths=paths)
        return replace(built, lock=replace(built.lock, releases=(*built.lock.releases, release)))

    # Made with this release already in the lock, because what the package says of retired notes depends on it.
    if last and last.content == handed_out("", last.paths).contents.digest:
        stop(
            checked.workspace.cards.as_posix(),
            "nothing-new",
            f"nothing has changed since {last.version}",
            "there is nothing to release",
        )
    paths = {name: file.path for name, file in media_of(built.notes).items()}
    return handed_out(handed_out("", paths).contents.digest, paths)


def _handed_out(checked: Checked, last: Release | None, since: Path | None) -> HandedOut | None:
    """Return what learners of the last release have; None before the first. Raises `Problems` if nothing shows it."""
    if since is not None:
        given = HandedOut(since.as_posix(), read_package(since, checked.deck.about.namespace))
        if last and given.snapshot.version != last.version:
            stop(
                given.name,
                "not-that-release",
                f"this is not the package of version {last.version}, the last release",
                "name exactly the package that learners got",
            )
        return given
    found = last_released(checked, last) if last else None
    if last and not found:
        stop(
            checked.release_path(last).as_posix(),
            "release-missing",
            f"the package of version {last.version} is missing, so nothing shows what has changed for learners since",
            "bring it back from git, or check out the commit of that release and run cuedeck build, which writes it "
            "again;\n"
            "or, if that release was interrupted, undo what you changed since, and repeat it: "
            f"cuedeck release {last.version};\n"
            "or put the package that was handed out outside this folder, and name it: "
            f"cuedeck release ... --since ../OLD{PACKAGE}",
        )
    return found


def _compared(built: Build, before: HandedOut | None) -> Comparison | None:
    """Return what learners of the deck get; None if there are none."""
    if before is None:
        return None
    checked = built.checked
    new = read_snapshot(built.members, checked.package_path)
    return side_by_side(with_bridges(before, new, checked), checked.workspace.cards.as_posix(), new, checked)


def _stop_at_minor(version: str, checked: Checked, hazards: Iterable[Hazard]) -> None:
    """Raise `Problems` if learners of the last release lose progress, but the version is not a new major one."""
    last = checked.lock.last_release
    loses = [hazard.key for hazard in hazards if hazard.costs_progress]
    if loses and last and (not version or _numbers(version)[0] == _numbers(last.version)[0]):
        stop(
            checked.workspace.cards.as_posix(),
            "needs-major",
            f"learners lose progress through this release ({listed(loses)}), so it needs a new major version",
            f"release it as {_numbers(last.version)[0] + 1}.0.0",
        )


def _text(path: Path) -> str:
    """Return the text of the changelog with its line ends as they are; "" if there is none."""
    if not path.exists():
        return ""
    read_text(path)  # reports what is wrong with it
    return path.read_bytes().decode()
