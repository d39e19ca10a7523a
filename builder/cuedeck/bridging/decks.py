"""The decks of a package: which of them a name means to Anki, and which contains others."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile
from pathlib import Path

from cuedeck.package.database import HOME_DECK, listed_decks, opened
from cuedeck.package.rows import deck_id
from cuedeck.records import dataclass

BETWEEN = "::"
_DEFAULT = 1
_COLLECTION = ".colpkg"


@dataclass(frozen=True)
class PackedDeck:
    """A deck in a package: its full name, and its description, which is HTML or Markdown, as in Anki."""

    number: int
    name: str
    description: str = ""
    is_markdown: bool = False


def read_decks(files: Mapping[str, bytes]) -> tuple[PackedDeck, ...]:
    """Return the decks listed in the files of a package; Anki's default deck only if it has cards.

    Raises sqlite3's errors, LookupError, ValueError or TypeError if the package is damaged.
    """
    with opened(files) as connection:
        decks = listed_decks(connection)
        homes = {int(home) for (home,) in connection.execute(f"select distinct {HOME_DECK} from cards not indexed")}
    return tuple(
        PackedDeck(number, str(deck["name"]), str(deck.get("desc", "")), deck.get("md") is True)
        for number, deck in decks.items()
        if number != _DEFAULT or number in homes
    )


def is_collection(package: Path) -> bool:
    """Return whether a file is a whole collection, which contains all that its owner has."""
    return package.suffix.lower() == _COLLECTION


def has_several(package: Path, decks: Iterable[str]) -> bool:
    """Return whether a package with decks of these names may contain some that learners do not have."""
    return is_collection(package) or len({folded(top(name)) for name in decks}) > 1


def deck_called(name: str, decks: Iterable[PackedDeck]) -> PackedDeck:
    """Return the deck with exactly this name, or a new one if there is none; Anki's default deck for an empty name."""
    if not name:
        return PackedDeck(_DEFAULT, "Default")
    return next((deck for deck in decks if deck.name == name), PackedDeck(deck_id("", name), name))


def is_within(name: str, deck: str) -> bool:
    """Return whether a name is the name of a deck or of one of its subdecks, as Anki compares names."""
    return f"{folded(name)}{BETWEEN}".startswith(f"{folded(deck)}{BETWEEN}")


def top(name: str) -> str:
    """Return the name of the top-level deck that a deck is in."""
    return name.partition(BETWEEN)[0]


def folded(name: str) -> str:
    """Return a name in the form that is equal for names that Anki regards as one, whatever their case and encoding."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def common_deck(decks: Sequence[str], names: Sequence[str] = ()) -> str:
    """Return the name of the innermost deck that contains all these decks, or the one that was named."""
    if len(names) == 1:
        return names[0]
    named = list(filter(None, dict.fromkeys(decks)))
    return BETWEEN.join(shared_parts(named)) or (top(named[0]) if named else "")


def shared_parts(decks: Iterable[str]) -> list[str]:
    """Return the parts with which the names of all these decks begin, as the first of them writes these parts."""
    parts = zip(*(deck.split(BETWEEN) for deck in decks), strict=False)
    return [same[0] for same in takewhile(lambda same: len({*map(folded, same)}) == 1, parts)]
