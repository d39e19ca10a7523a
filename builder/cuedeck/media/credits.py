"""Who made the pictures and sounds of a deck, and under which licence: the entries below `media:` of cards.yaml."""

import unicodedata
from collections.abc import Collection, Mapping
from pathlib import PurePosixPath

from cuedeck.deck.deck import Credit, Deck
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
    for entry in deck.media.values():
        at = ("media", entry.path)
        try:
            folder.check_is_there(entry.path)
        except TextError as error:
            report.text_error("no-media-file", error, at=at, on="key")
            continue
        if used is not None and entry.path not in credited:
            report.warning(
                "unused-credit",
                f'"{visible(entry.path)}" is credited, but no note uses a file of it',
                at=at,
                hint="delete the entry, or correct its path; an entry for a file counts more than one for its folder",
                on="key",
            )


def _composed(path: str) -> PurePosixPath:
    return PurePosixPath(unicodedata.normalize("NFC", path))
