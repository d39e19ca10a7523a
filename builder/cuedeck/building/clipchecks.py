"""Notes whose source has clips, and that have none that learners could hear."""

import contextlib
import os
import posixpath
from collections.abc import Container, Iterable
from pathlib import Path

from cuedeck.deck.deck import Source
from cuedeck.media.clips import CLIPS, folder_of, wanted_clip
from cuedeck.media.files import FETCH, MediaFolder
from cuedeck.problems import Report, TextError, visible
from cuedeck.rendering.fields import RenderedNote
from cuedeck.wording import counted, listed

_MOST_NAMED = 5


def check_clips(notes: Iterable[RenderedNote], folder: Path, media: MediaFolder, report: Report) -> None:
    """Report clips that cannot be on a card, and warn of those that are missing, once for each source.

    `folder` is that of the deck. A clip may be missing, since whoever has only the text of a deck cannot cut any.
    """
    missing: dict[str, tuple[Source, dict[str, str]]] = {}
    broken: dict[str, tuple[Source, TextError]] = {}
    ids = set[str]()
    for note in notes:
        source, path = note.placed.source, wanted_clip(note.placed)
        ids.update([source.id] if source else ())
        if not (source and path) or note.clip:
            continue
        if not os.path.lexists(folder / path):
            missing.setdefault(source.id, (source, {}))[1][note.id] = path
            continue
        try:
            media.find(path)
        except TextError as error:
            broken[path] = source, error
    for source, why in broken.values():
        report.error(why.rule, why.message, at=("sources", source.id, "clips"), on="key", hint=_hint(why))
    for source, paths in missing.values():
        have = counted(len(paths), "note has", "notes have")
        own = folder_of(source)
        former = "" if os.path.lexists(folder / own) else _former_folder(paths.values(), ids, folder)
        rename = f"if the source had another id before, rename {former} to {own}; otherwise "
        first = "" if source.recording else "add recording: to the source, with the path of the file on your disk, and "
        report.warning(
            "no-clip",
            f"{have} no clip of the recording yet: {listed(list(paths), _MOST_NAMED)}",
            at=("sources", source.id, "clips"),
            on="key",
            hint=f"{rename if former else ''}{first}run cuedeck clips",
        )


def _former_folder(paths: Iterable[str], ids: Container[str], folder: Path) -> str:
    """Return a folder with clips of the same moments, as that of a source has whose id was changed; "" without one."""
    names = [posixpath.basename(path) for path in paths]
    with contextlib.suppress(OSError):
        for each in sorted((folder / CLIPS).iterdir()):
            if each.name not in ids and any((each / name).is_file() for name in names):
                return f"{CLIPS}/{visible(each.name)}"
    return ""


def _hint(why: TextError) -> str:
    """Return what to do about a broken clip."""
    return why.hint if why.hint == FETCH else "delete it, and run cuedeck clips, which cuts it again; or restore it"
