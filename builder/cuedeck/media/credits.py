"""Who made the pictures and sounds of a deck, and under which licence: the entries below `media:` of cards.yaml."""

import unicodedata
from collections.abc import Collection, Mapping
from pathlib import PurePosixPath

from cuedeck.deck.deck import Credit, Deck
from cuedeck.deck.values import media_path
from cuedeck.media.clips import is_clip
from cuedeck.media.files import MediaFolder
from cuedeck.problems import Report, TextError, visible


def credit_of(path: str, entries: Mapping[str, Credit]) -> Credit | None:
    """Return the most specific entry for a file: its own, or that of the nearest folder around it; None if none is."""
    if not entries:
        return None
    by_path = {_composed(each.path): each for each in entries.values()}
    file = _composed(path)
    return next((by_path[each] for each in (file, *file.parents) if each in by_path), None)


def check_credits(deck: Deck, used: Collection[str] | None, folder: MediaFolder, report: Report) -> None:
    """Report entries for what is not in the folder of the deck, and for what no note uses.

    `used` are the paths of the files that notes use; None if that is not known, since some cannot be read.
    """
    credited = {each.path for path in used or () if (each := credit_of(path, deck.media))}
    seen: set[PurePosixPath] = set()
    for entry in deck.media.values():
        at, shown = ("media", entry.id), visible(entry.path)
        if not _is_valid(entry.id):  # the reader has reported it
            continue
        if _composed(entry.path) in seen:
            words = f'"{visible(entry.id)}" means the same as a key above it'
            report.error("doubled", words, at=at, on="key", hint="remove one of the two")
        seen.add(_composed(entry.path))
        try:
            if not is_clip(f"{entry.path}/"):  # clips may be cut later
                folder.check_is_there(entry.path)
        except TextError as error:
            report.text_error("no-media-file", error, at=at, on="key")
            continue
        if used is not None and entry.path not in credited:
            report.warning(
                "unused-credit",
                f'no note uses a file that this entry is about: "{shown}"',
                at=at,
                hint="delete the entry, or correct its path; the entry of a file replaces that of its folder",
                on="key",
            )


def _composed(path: str) -> PurePosixPath:
    return PurePosixPath(unicodedata.normalize("NFC", path))


def _is_valid(path: str) -> bool:
    try:
        return bool(media_path(path))
    except ValueError:
        return False
