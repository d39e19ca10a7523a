"""What a note of any tool says: its fields as plain text, with file names instead of pictures and sounds."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from cuedeck.history.snapshot import PackedNote
from cuedeck.patterns import regex
from cuedeck.rendering.notefields import ASKED, FIELDS, NOTE_ID
from cuedeck.rendering.plain import BLANK, is_visible, plain, runs_and_gaps, tidy

Texts = tuple[str, ...]

WRITTEN_FIELDS = (*ASKED, *(field for field in FIELDS if field.filled_by and field not in ASKED))
"""The fields of our notes that contain what an author wrote; the others say where that comes from."""

_FILE = regex(
    r"""<(?:img|audio|video|source|embed)\b(?=[^<>]*>)[^<>]*?\bsrc\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>]+))[^<>]*>""",
    re.IGNORECASE,
)
_SOUND = regex(r"\[sound:[^\]]*\]")
_UNSEEN = regex(f"(?!\\s)[{BLANK}]")
_LONGEST = 40


def has_id(note: PackedNote) -> bool:
    """Return whether a note has an author's id; notes of other tools do not."""
    return bool(note.fields.get(NOTE_ID.key))


def texts_of_fields(fields: Iterable[str]) -> Texts:
    """Return the HTML of fields as plain text, without fields that show nothing; deletions keep their markers."""
    return tuple(text for text in map(_said, fields) if text)


def texts_of(note: PackedNote) -> Texts:
    """Return what a packed note says: all its fields, or for our notes those that an author wrote."""
    return texts_of_fields(_authors_texts(note.fields) if has_id(note) else note.fields.values())


def first_words(fields: Iterable[str]) -> str:
    """Return the first words in the HTML of fields, or the name of the first file; "" if there are none."""
    words = next(filter(is_visible, map(_in_one_line, fields)), "")
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST].rstrip()}…"


def without_gaps(html: str) -> str:
    """Return the words of a field in one line, including those of deletions."""
    runs, _ = runs_and_gaps(html)
    return tidy("".join(run.text for run in runs))


def with_sound_marks(html: str) -> str:
    """Return a field with a mark in place of each sound, whose name in Anki says nothing to people."""
    return _SOUND.sub("♪", html)


def _authors_texts(fields: Mapping[str, str]) -> list[str]:
    return [fields.get(field.key, "") for field in WRITTEN_FIELDS]


def _said(html: str) -> str:
    text = _UNSEEN.sub("", plain(_with_files(html)))
    return tidy(unicodedata.normalize("NFC", text))


def _in_one_line(html: str) -> str:
    return without_gaps(_with_files(html))


def _with_files(html: str) -> str:
    """Return a field with the names of files in place of the tags that show or play them."""
    return _FILE.sub(lambda found: f" {found[1] or found[2] or found[3] or ''} ", html) if "<" in html else html
