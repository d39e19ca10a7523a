"""Notes whose source has clips, and that have none that learners could hear."""

import os
from collections.abc import Iterable
from pathlib import Path

from cuedeck.deck.deck import Source
from cuedeck.media.clips import wanted_clip
from cuedeck.media.files import FETCH, MediaFolder
from cuedeck.problems import Report, TextError
from cuedeck.rendering.fields import RenderedNote
from cuedeck.wording import counted, listed

_MOST_NAMED = 5


def check_clips(notes: Iterable[RenderedNote], folder: Path, media: MediaFolder, report: Report) -> None:
    """Report clips that cannot be on a card, and warn of those that are missing, once for each source.

    `folder` is that of the deck. A clip may be missing, since whoever has only the text of a deck cannot cut any.
    """
    missing: dict[str, tuple[Source, list[str]]] = {}
    broken: dict[str, tuple[Source, TextError]] = {}
    for note in notes:
        source, path = note.placed.source, wanted_clip(note.placed)
        if not (source and path) or note.clip:
            continue
        if not os.path.lexists(folder / path):
            missing.setdefault(source.id, (source, []))[1].append(note.id)
            continue
        try:
            media.find(path)
        except TextError as error:
            broken[path] = source, error
    for source, why in broken.values():
        report.error(why.rule, why.message, at=("sources", source.id, "clips"), on="key", hint=_hint(why))
    for source, ids in missing.values():
        have = counted(len(ids), "note has", "notes have")
        first = "" if source.recording else "add recording: to the source, with the path of the file on your disk, and "
        report.warning(
            "no-clip",
            f"{have} no clip of the recording yet: {listed(ids, _MOST_NAMED)}",
            at=("sources", source.id, "clips"),
            on="key",
            hint=f"{first}run cuedeck clips",
        )


def _hint(why: TextError) -> str:
    """Return what to do about a broken clip."""
    return why.hint if why.hint == FETCH else "delete it, and run cuedeck clips, which cuts it again; or restore it"
