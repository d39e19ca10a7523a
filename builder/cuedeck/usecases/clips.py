"""Cut the passages of notes out of recordings, each once."""

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import field
from pathlib import Path

from cuedeck.building.loading import Checked, load
from cuedeck.deck.deck import Source
from cuedeck.deck.moments import Span
from cuedeck.disk.storing import store
from cuedeck.disk.workspace import Workspace
from cuedeck.media.clips import clip_path, folder_of
from cuedeck.problems import Place, Problem, Problems, TextError, stop
from cuedeck.progress import Progress, reported, unreported
from cuedeck.recording.cutting import NothingThereError, cut, find_ffmpeg
from cuedeck.recording.passages import LONGEST, passage_of
from cuedeck.records import dataclass
from cuedeck.rendering.fields import RenderedNote
from cuedeck.wording import counted, did_you_mean, nearest


@dataclass(frozen=True)
class Clip:
    """A clip of a source: its path from the folder of the deck, its moment or span, and the notes that play it."""

    path: str
    source: Source
    span: Span
    notes: list[RenderedNote] = field(default_factory=list)


@dataclass(frozen=True)
class Clips:
    """The clips of a deck: all of them, those that were cut now, and how many bytes all have together.

    `shortened` are the ids of notes whose span is longer than a clip can be; `silent` are the ids of sources whose
    cards do not play their clips.
    """

    all: tuple[Clip, ...]
    cut: tuple[Clip, ...]
    size: int
    shortened: tuple[str, ...]
    silent: tuple[str, ...]


def clips(cards: Path, again: Collection[str] = (), progress: Progress = unreported) -> Clips:
    """Cut the clips that a cards.yaml lacks out of the recordings of its sources, and those of the notes in `again`.

    A clip that is there is not cut again otherwise, whatever was added around it. Each is written as soon as it is cut,
    so an interrupted run can be repeated. Raises `Problems` if the deck has errors, or with all clips that cannot be
    cut; the others are written then.
    """
    workspace = Workspace(cards)
    checked = load(workspace).sound()
    _stop_at_unknown(again, checked)
    found = tuple(_clips(checked))
    if not found:
        stop(
            cards.as_posix(),
            "no-recording",
            "no source with notes says where its recording is",
            'add its path on your disk to a source, such as "recording: talk.mp4"',
        )
    wanted = [each for each in found if _is_wanted(each, again, workspace.folder)]
    if wanted:
        _stop_at_missing(wanted, checked)
        _cut(wanted, checked, progress)
    shortened = [each for each in found if each.span.end and passage_of(each.span, each.source).length == LONGEST]
    return Clips(
        all=found,
        cut=tuple(wanted),
        size=sum((workspace.folder / each.path).stat().st_size for each in found),
        shortened=tuple(note.id for each in shortened for note in each.notes),
        silent=tuple(dict.fromkeys(each.source.id for each in found if not each.source.clips)),
    )


def _clips(checked: Checked) -> Iterator[Clip]:
    """Yield the clips of all notes whose source has a recording, in the order of the file."""
    found: dict[str, Clip] = {}
    for note in checked.notes:
        source, moments = note.placed.source, note.placed.moments
        if source and source.recording and moments:
            path = clip_path(source, moments[0])
            found.setdefault(path, Clip(path, source, moments[0])).notes.append(note)
    yield from found.values()


def _is_wanted(clip: Clip, again: Collection[str], folder: Path) -> bool:
    return not os.path.lexists(folder / clip.path) or any(note.id in again for note in clip.notes)


def _stop_at_unknown(again: Collection[str], checked: Checked) -> None:
    ids = {note.id for note in checked.notes}
    for id in again:
        if id not in ids:
            hint = did_you_mean(*nearest(id, ids)) or "name a note of the deck that is not retired"
            stop(checked.workspace.cards.as_posix(), "unknown-note", f'there is no note "{id}"', hint)


def _stop_at_missing(wanted: Collection[Clip], checked: Checked) -> None:
    """Raise `Problems` for recordings that are not there, and for folders of clips that lead elsewhere."""
    folder = checked.workspace.folder
    problems = []
    for source in {each.source.id: each.source for each in wanted}.values():
        if not os.path.isfile(folder / source.recording):  # noqa: PTH113  it accepts any name
            place = checked.locate(("sources", source.id, "recording"), "value", "")
            hint = "put the recording there, or write where it is, from the folder of the deck"
            problems.append(Problem(place, f'there is no file "{source.recording}"', "no-recording", hint))
        own = folder_of(source)
        if not Path(os.path.realpath(folder / own)).is_relative_to(os.path.realpath(folder)):
            hint = "put a folder in its place"
            message = "this is a link that leads out of the folder of the deck"
            problems.append(Problem(Place((folder / own).as_posix()), message, "media-outside", hint))
    if problems:
        raise Problems(problems)


def _cut(wanted: Collection[Clip], checked: Checked, progress: Progress) -> None:
    """Cut clips and write each. Raises `Problems` with all that cannot be cut, or at once if one cannot be written."""
    ffmpeg, folder = find_ffmpeg(), checked.workspace.folder
    problems = []
    failed: dict[tuple[str, str, str], list[Clip]] = {}
    for clip in reported([*wanted], "cutting clips", progress):
        try:
            data = cut(ffmpeg, folder / clip.source.recording, passage_of(clip.span, clip.source))
        except NothingThereError as error:
            problems.append(_not_cut(error.message, error.hint, [clip], checked))
        except TextError as error:
            failed.setdefault((clip.source.id, error.message, error.hint), []).append(clip)
        else:
            store(folder / clip.path, data)
    problems += [_not_cut(message, hint, alike, checked) for (_, message, hint), alike in failed.items()]
    if problems:
        raise Problems(problems)


def _not_cut(message: str, hint: str, alike: Sequence[Clip], checked: Checked) -> Problem:
    """Return the problem of clips of a source: at the note of a single one, otherwise where the recording is named."""
    if len(alike) == 1:
        return Problem(checked.locate(alike[0].notes[0].keys, "key", ""), message, "not-cut", hint)
    place = checked.locate(("sources", alike[0].source.id, "recording"), "value", "")
    return Problem(place, f"{message} ({counted(len(alike), 'clip')})", "not-cut", hint)
