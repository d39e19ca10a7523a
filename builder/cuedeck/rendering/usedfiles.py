"""The pictures and sounds of a deck, each with the notes that use it and the place where the first of them names it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cuedeck.media.files import MediaFile
from cuedeck.problems import Keys
from cuedeck.rendering.fields import RenderedNote
from cuedeck.rendering.notefields import fields_of


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
        for file in {each.path: each for each in note.files}.values():
            first = found.get(file.path) or UsedFile(file, (*note.keys, *_key_of(note, file)), ())
            found[file.path] = replace(first, notes=(*first.notes, note.id))
    return tuple(found.values())


def _key_of(note: RenderedNote, file: MediaFile) -> Keys:
    """Return the key of the first text of a note with a file in it; none for a clip, which no text names."""
    if file is note.clip:
        return ()
    texts = zip(fields_of(note.kind), note.fields, strict=True)
    # The field of the second card's own texts is filled by none of these keys.
    return (next((field.filled_by for field, html in texts if field.filled_by and file.name in html), "reverse"),)
