"""The pictures and sounds of a deck, each with the notes that use it and the place where the first of them names it."""

from collections.abc import Iterable
from dataclasses import replace

from cuedeck.media.files import MediaFile
from cuedeck.problems import Keys
from cuedeck.records import dataclass
from cuedeck.rendering.fields import RenderedNote


@dataclass(frozen=True, slots=True)
class UsedFile:
    """A picture or sound; `at` leads to the first text that names it, and `notes` are the ids of all notes with it.

    No text names a clip of the recording, so there `at` leads to the first note.
    """

    file: MediaFile
    at: Keys
    notes: tuple[str, ...]

    @property
    def path(self) -> str:
        """Its path, as the text contains it."""
        return self.file.path


def used_files(notes: Iterable[RenderedNote]) -> tuple[UsedFile, ...]:
    """Return the files of notes, each path once, in the order in which the notes name them first."""
    found: dict[str, UsedFile] = {}
    for note in notes:
        for use in note.uses:
            path = use.file.path
            first = found.get(path) or UsedFile(use.file, (*note.keys, *use.key), ())
            if note.id not in first.notes[-1:]:
                found[path] = replace(first, notes=(*first.notes, note.id))
    return tuple(found.values())
