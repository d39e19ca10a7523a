"""What stops a check or a release because of files of a deck: damage, what they tell strangers, licences, and git."""

import contextlib
import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path

from cuedeck.building.loading import Checked, Loaded
from cuedeck.disk.unreadable import unreadable
from cuedeck.history.manifest import ManifestFile
from cuedeck.media.clips import is_clip
from cuedeck.media.credits import credit_of
from cuedeck.media.inspecting import Inspected, how_to_remove, inspect, inspect_opened
from cuedeck.media.kinds import FORMATS, ending_of
from cuedeck.package.medialist import listed_media
from cuedeck.problems import Place, Problem, Problems, Report, TextError, visible
from cuedeck.rendering.usedfiles import UsedFile, used_files
from cuedeck.wording import counted, for_a_shell, listed

_MOST_NAMED = 5


def with_pictures_checked(loaded: Loaded) -> Loaded:
    """Report the pictures of a deck that cannot be opened, and return the deck."""
    for _ in _inspected(loaded.report, used_files(loaded.notes)):
        pass
    return loaded


def stop_at_unfit_files(checked: Checked) -> None:
    """Raise `Problems` if files of a deck must not be handed out.

    They must not if they are damaged, or say where they were taken or with whose camera, or have no licence, or if git
    has the deck but not them.
    """
    report = Report(checked.locate)
    used = used_files(checked.notes)
    _report_personal(used, report)
    _report_uncommitted(checked, used, report)
    _report_unlicensed(checked, used, report)
    if report.problems:
        raise Problems(report.problems)


def _report_personal(used: Iterable[UsedFile], report: Report) -> None:
    """Report pictures that cannot be opened, or that say where they were taken or with whose camera."""
    for each, found in _inspected(report, used):
        if found.is_personal:
            report.error(
                "picture-location",
                _told(each.path, found),
                at=each.at,
                hint=_remedy(each.path),
                fragment=_name(each),
            )


def _report_uncommitted(checked: Checked, used: Collection[UsedFile], report: Report) -> None:
    """Report parts of a deck, and pictures and sounds, that git does not have although it has the deck."""
    missing = _not_in_git(checked, used)
    for part in checked.workspace.parts:
        if part.absolute() in missing:
            report.problems.append(_part_not_in_git(part))
    for each in used:
        if each.file.where.absolute() in missing:
            report.error(
                "uncommitted",
                f'git does not have "{visible(each.path)}", so nobody could build a clone',
                at=each.at,
                hint=_to_commit(each.path),
                fragment=_name(each),
            )


def _report_unlicensed(checked: Checked, used: Iterable[UsedFile], report: Report) -> None:
    """Report clips, and then pictures and sounds, about which nothing says under which licence they are."""
    uncredited = [each for each in used if not credit_of(each.path, checked.deck.media)]
    clips = [each for each in uncredited if is_clip(each.path)]
    if clips:
        # A file has one media:, so one hint has the entries of all recordings.
        folders = dict.fromkeys(posixpath.dirname(each.path) for each in clips)
        entries = [f'"{folder}": {{author: Who speaks, license: CC BY 4.0}}' for folder in folders]
        below = "below media:, " if len(entries) == 1 else "below media:\n  "
        where = (
            below + "\n  ".join(entries)
            if checked.deck.media
            else f"at the end of the file: media: {{{', '.join(entries)}}}"
        )
        report.error(
            "no-license",
            f"{counted(len(clips), 'clip is a copy', 'clips are copies')} of a part of "
            f"{'the recording' if len(entries) == 1 else 'their recordings'}, and nothing says under which licence "
            f"that is: {listed([visible(each.path) for each in clips], _MOST_NAMED)}",
            at=("deck",),
            on="key",
            hint=f"if you may hand them out, say so {where}",
        )
    if not checked.deck.about.license and (bare := [each for each in uncredited if not is_clip(each.path)]):
        report.error(
            "no-license",
            f"{counted(len(bare), 'picture or sound has', 'pictures and sounds have')} no licence: "
            f"{listed([visible(each.path) for each in bare], _MOST_NAMED)}",
            at=("deck",),
            on="key",
            hint="add a line such as this below deck:, for the cards and all that is yours: license: CC BY 4.0\n"
            f"and for what others made{_entry(bare, has_media=bool(checked.deck.media or clips))}",
        )


def _not_in_git(checked: Checked, used: Iterable[UsedFile]) -> Collection[Path]:
    """Return those of a deck's files that git does not have; none if it does not have the cards.yaml, either."""
    from cuedeck.git.committed import untracked  # here because a check does not need git

    here = checked.workspace
    cards, *parts = (each.absolute() for each in here.written)
    left = untracked(here.folder.absolute(), [cards, *parts, *(each.file.where.absolute() for each in used)])
    return () if cards in left else left


def _part_not_in_git(part: Path) -> Problem:
    return Problem(
        Place(part.as_posix()),
        "git does not have this part of the deck, so nobody could build a clone",
        "uncommitted",
        _to_commit(part.as_posix()),
    )


def _to_commit(path: str) -> str:
    """Return what to do about a file that git does not have."""
    return f"commit the file; if git ignores it, this names the pattern: git check-ignore -v {for_a_shell(path)}"


def stop_at_personal_pictures(files: Mapping[str, bytes], listed: Mapping[str, ManifestFile], package: str) -> None:
    """Raise `Problems` if pictures in a package say where they were taken or with whose camera.

    `files` are the files in it by name, `listed` are its pictures and sounds, and `package` is its name in messages.
    """
    problems = []
    for number, name in _names(files).items():
        if number in files and ending_of(name) in FORMATS and FORMATS[ending_of(name)].kind == "picture":
            with contextlib.suppress(TextError):
                found = inspect_opened(BytesIO(files[number]), name)
                if found.is_personal:
                    path = listed[name].path if name in listed else name
                    problems.append(_personal(path, found, package))
    if problems:
        raise Problems(problems)


def _names(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the names of pictures and sounds by the names of their files in a package."""
    try:
        return listed_media(files)
    except (ValueError, TypeError):
        return {}


def _personal(path: str, found: Inspected, package: str) -> Problem:
    return Problem(
        Place(package),
        _told(path, found),
        "picture-location",
        f"{_remedy(path)}\nand release the deck under a higher version: cuedeck release VERSION",
    )


def _told(path: str, found: Inspected) -> str:
    return f'"{visible(path)}" {found.told}, and what is handed out cannot be called back'


def _remedy(path: str) -> str:
    return f"remove that with ExifTool: {how_to_remove(path)}"


def _entry(files: Iterable[UsedFile], has_media: bool) -> str:
    path = next(iter(files)).path
    entry = f'"{visible(path)}": {{author: Who made it, license: CC BY 4.0, url: "https://..."}}'
    return f", below media:, {entry}" if has_media else f": media: {{{entry}}}"


def _inspected(report: Report, used: Iterable[UsedFile]) -> Iterator[tuple[UsedFile, Inspected]]:
    """Yield pictures with what they say about themselves, and report those that cannot be opened."""
    for each in used:
        if each.file.kind != "picture":
            continue
        try:
            yield each, inspect(each.file)
        except (TextError, OSError) as found:
            error = found if isinstance(found, TextError) else unreadable(each.path, found, "no-media-file")
            report.error(error.rule, error.message, at=each.at, hint=error.hint, fragment=_name(each))


def _name(used: UsedFile) -> str:
    return used.path.rpartition("/")[2]
