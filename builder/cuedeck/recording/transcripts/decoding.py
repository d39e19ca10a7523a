"""Find out the encoding of a text file. Where that takes a guess, the guess is named, so that nobody relies on it."""

import codecs
import re
from collections.abc import Callable
from typing import NamedTuple

from cuedeck.patterns import regex

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is the beginning of this one
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEAD = 20_000  # bytes by which a guess is made
_HAN = regex("[\u4e00-\u9fff]")
_KANA = regex("[\u3041-\u30ff]")
_HANGUL = regex("[\uac00-\ud7a3]")
_CYRILLIC = regex("[\u0400-\u04ff]")
_FOREIGN = regex("[^\x00-\x7f]")
# Pictures, sounds, archives and documents, which may contain few zeros at their beginning.
_BINARY = regex(
    rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF|ID3|OggS|\x1aE\xdf\xa3|....ftyp|PK\x03\x04|%PDF|\x1f\x8b|SQLite", re.S
)


class Decoded(NamedTuple):
    r"""A text with "\n" for every line end, its encoding, and the line that makes this a guess; 0 if it is certain."""

    text: str
    encoding: str
    guessed_at: int


def decode(data: bytes) -> Decoded | None:
    """Return the text of a file; None if it is not a text."""
    if _BINARY.match(data):
        return None
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data.decode(encoding, "replace"), encoding.removesuffix("-sig"))
    if b"\0" in data[:_HEAD]:
        return _wide(data)
    try:
        return _decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    encoding = _likeliest(data)
    text = data.decode(encoding, "replace")
    controls = len(re.findall("[\x00-\x08\x0e-\x1f]", text[:_HEAD]))
    return None if controls * 50 > min(len(text), _HEAD) else _decoded(text, encoding, line)


def _decoded(text: str, encoding: str, guessed_at: int = 0) -> Decoded:
    return Decoded(text.replace("\r\n", "\n").replace("\r", "\n"), encoding, guessed_at)


def _wide(data: bytes) -> Decoded | None:
    """Return a text in UTF-16 without a mark, whose every second byte is mostly zero; None if it is not one."""
    head = data[:_HEAD]
    for encoding, zeros, letters in (("utf-16-le", head[1::2], head[::2]), ("utf-16-be", head[::2], head[1::2])):
        if zeros.count(0) * 2 > len(zeros) and b"\0" not in letters:
            return _decoded(data.decode(encoding, "replace"), encoding, 1)
    return None


def _share(pattern: "re.Pattern[str]") -> Callable[[str], float]:
    """Return a function that returns which part of the characters outside of ASCII match a pattern."""
    return lambda text: len(pattern.findall(text)) / max(len(_FOREIGN.findall(text)), 1)


# Each encoding with what a text in it mostly consists of, and how much of that there must be. A text in one of the
# first three can often be decoded as another of them, but then consists of other characters.
_GUESSES = (
    ("shift_jis", _share(_KANA), 0.3),
    ("euc_jp", _share(_KANA), 0.3),
    ("cp949", _share(_HANGUL), 0.95),
    ("gb18030", _share(_HAN), 0.7),
)
_MOSTLY = 0.9
_OFTEN = 0.3  # of the letters; in languages with Latin letters, fewer are outside of ASCII


def _likeliest(data: bytes) -> str:
    """Return the name of the encoding that a text which is not UTF-8 most likely has."""
    head = data[:_HEAD].rpartition(b"\n")[0] or data[:_HEAD]
    letters = re.findall(rb"[A-Za-z\x80-\xff]", head)
    if sum(1 for each in letters if each > b"\x7f") <= _OFTEN * len(letters):
        return "windows-1252"
    for encoding, share, enough in _GUESSES:
        try:
            if share(head.decode(encoding)) >= enough:
                return encoding
        except UnicodeDecodeError:
            continue
    return "windows-1251" if _share(_CYRILLIC)(head.decode("cp1251", "replace")) > _MOSTLY else "windows-1252"
