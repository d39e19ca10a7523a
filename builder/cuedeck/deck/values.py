"""Small texts of cards.yaml, turned into values. Each function raises ValueError with a sentence for the author."""

import datetime
import posixpath
import re
import unicodedata
from functools import lru_cache

from cuedeck.deck.tags import UNSEEN, composed
from cuedeck.problems import TextError

ID = r"[a-z0-9]+(?:-[a-z0-9]+)*"
NAMESPACE = r"[a-z0-9]{8,32}"
# A part of a tag: without white space, which separates tags in Anki, and without characters that Anki's search uses.
TAG = r"[^\s\x00-\x1f\x7f:,;\"'*\\()]+(?:::[^\s\x00-\x1f\x7f:,;\"'*\\()]+)*"
GUID = r"[!-~]{1,100}"
MEDIA_PATH = r"(?![a-zA-Z]:)[^/\\][^\\]*"
DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
# Nine digits are enough for a date as a number, and keep the file name from growing beyond all bounds.
VERSION = r"(?:0|[1-9][0-9]{0,8})(?:\.(?:0|[1-9][0-9]{0,8})){2}"

EXAMPLE_NAMESPACES = frozenset(
    (
        *("k3v9x2mq", "a6f3k9q2", "b8s3v6n2", "c7f4n9s2", "d4hfm8xt", "e4j7q9x3"),
        *("h7w2k9d4", "m2x6c9v3", "n6k3r8t5", "p3x8b6d4", "q8w3e7r2", "r4k8w1z6"),
        *("r5t9k2w7", "s9f4h7x2", "t6r4w8pa", "v5b8n2m4", "w3n6c9x1", "w4t8m2qz", "w4t8z2m6"),
    )
)
"""The namespaces of the decks in the README, the manual and the pages of messages, which readers may copy.

Two decks with one of them would be one deck to Anki, so none is released with it.
"""

LONGEST_TEXT = 100_000
"""The most characters that one text may have."""

LONGEST_ID = 100
"""The most characters that an id may have."""


def identifier(text: str) -> str:
    """Return an id: at most 100 lowercase letters, digits and single hyphens."""
    if not re.fullmatch(ID, text):
        raise ValueError(
            f'"{text}" is not a valid id: use lowercase letters a-z, digits and single hyphens between them'
        )
    if len(text) > LONGEST_ID:
        raise ValueError(f"an id can have at most {LONGEST_ID} characters, but this one has {len(text)}")
    return text


def namespace(text: str) -> str:
    """Return a namespace: 8 to 32 lowercase letters and digits, drawn at random once and never changed."""
    if not re.fullmatch(NAMESPACE, text):
        raise ValueError(
            f'"{text}" is not a valid namespace: '
            "choose 8 to 32 random lowercase letters and digits, and never change them"
        )
    return text


def media_path(text: str) -> str:
    """Return the path of a file or folder, from the folder of the deck and with slashes."""
    if not re.fullmatch(MEDIA_PATH, text) or is_outside(text):
        raise TextError(
            f'"{text}" is not a path in the folder of the deck',
            "write it from there, with slashes, as texts do: media/slides or media/file.png",
            rule="media-outside",
        )
    return text


def file_path(text: str) -> str:
    """Return the path of a file that only the author has, from the folder of the deck and with slashes."""
    if not re.fullmatch(MEDIA_PATH, text) or is_outside(text):
        raise ValueError(
            f'"{text}" is not a path in the folder of the deck: put the file there, and write its path with slashes'
        )
    return text


def part_path(text: str) -> str:
    """Return the path of a part of a deck in its shortest form, perhaps with `*` and `?` for unknown characters."""
    if not text.isprintable() or not re.fullmatch(MEDIA_PATH, text) or is_outside(text):
        raise TextError(
            f'"{text}" is not a path in the folder of the deck',
            "put the file into the folder of the deck, and write its path from there, with slashes: lectures/01.yaml",
        )
    if "**" in text:
        raise TextError(
            f'"{text}" contains "**", but each "*" only means names in one folder',
            "write a path for each depth of folders, such as [lectures/*.yaml, lectures/*/*.yaml]",
        )
    return posixpath.normpath(text)


def is_outside(path: str) -> bool:
    """Return whether a path from a folder leads out of it."""
    return posixpath.normpath(path).split("/")[0] == posixpath.pardir


def guid(text: str) -> str:
    """Return a guid that another tool gave a note: up to 100 visible ASCII characters, as Anki itself makes them."""
    if not re.fullmatch(GUID, text):
        raise ValueError(f'"{text}" is not a valid guid: copy it exactly from the package that the note comes from')
    return text


def line(text: str) -> str:
    """Return a text of one line, with its white space folded and its letters composed, as Anki stores them."""
    return " ".join(unicodedata.normalize("NFC", text).split())


@lru_cache(maxsize=1024)  # thousands of notes have the same few tags
def tag(text: str) -> str:
    """Return a tag, with its letters composed as Anki stores them. `::` joins the parts of a nested tag."""
    text = composed(text)
    if not re.fullmatch(TAG, text):
        raise ValueError(f'"{text}" is not a valid tag: {_fault_of_tag(text)}')
    return text


def _fault_of_tag(text: str) -> str:
    if found := re.search(r"[\s,;\"'*\\()]", text):
        sign = "a space" if found[0].isspace() else f'"{found[0]}"' if found[0] != '"' else "a double quote"
        return f'it contains {sign}; write two tags as [one, another], and join the words of one tag with "-"'
    if re.search("[\x00-\x1f\x7f]", text):
        return UNSEEN
    return 'use colons only as "::", between two parts of a tag, such as part::one'


def deck_title(text: str) -> str:
    """Return the name of a deck in Anki; `A::B` is the deck B inside the deck A."""
    text = line(text)
    parts = [part.strip() for part in text.split("::")]
    if not all(parts):
        raise ValueError(f'"{text}" has an empty part: write "::" only between the names of two decks')
    if '"' in text:
        raise ValueError(
            f"'{text}' contains double quotes, which Anki does not allow in the name of a deck: remove them"
        )
    if text.casefold() == "default":
        raise ValueError(f'"{text}" is the name of the deck that every learner already has: choose another name')
    return "::".join(parts)


def date(text: str) -> datetime.date:
    """Return a calendar date, written 2025-12-21."""
    try:
        if re.fullmatch(DATE, text):
            return datetime.date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError(f'"{text}" is not a valid date: write year-month-day, such as 2025-12-21')


def reverse(text: str) -> bool:
    """Return the truth value of `true` or `false`, which say whether a note has a second card."""
    if text not in ("true", "false") and " " in text:
        raise ValueError(
            "this is neither true nor false: write true, or the question and the answer of the second card, such "
            "as {q: Which term is meant?, a: hard abandonment}"
        )
    return truth(text)


def truth(text: str) -> bool:
    """Return the truth value of `true` or `false`."""
    if text not in ("true", "false"):
        raise ValueError(f'"{text}" is neither true nor false: write one of the two, in lowercase')
    return text == "true"


def recording(text: str) -> str:
    """Return the path of a file on the author's own disk, from the folder of the deck or from the root."""
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*://", text):
        raise ValueError(f'"{text}" is not the path of a file: download the recording, and write where it is')
    if not text.isprintable():
        raise ValueError("the path contains a line end, or another character that no message can show: rename the file")
    return text


def opens(text: str) -> str:
    """Return what a source's link opens: `player` or `page`."""
    if text not in ("player", "page"):
        raise ValueError(f'"{text}" is neither player nor page: write one of the two, in lowercase')
    return text


def version(text: str) -> str:
    """Return the version of a release: three numbers of up to nine digits, such as 1.0.0."""
    if not re.fullmatch(VERSION, text):
        raise ValueError(f'"{text}" is not a valid version: write three numbers, such as 1.0.0')
    return text


def new_namespace() -> str:
    """Return a namespace that nobody else has: eight random letters and digits."""
    import secrets  # here because only a new deck needs it

    return "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(8))
