"""The source that an author names in a command, if there is one."""

from pathlib import Path
from typing import NoReturn

from cuedeck.deck.deck import Deck, Source
from cuedeck.problems import stop
from cuedeck.wording import did_you_mean, listed, nearest


def named_source(deck: Deck, id: str, cards: Path, instead: str = "") -> Source:
    """Return the source of a deck with an id. `instead` is a hint for an id that is surely something else.

    Raises `Problems` if there is no such source.
    """
    if id not in deck.sources:
        hint = instead or did_you_mean(*nearest(id, deck.sources))
        known = f"name one that the deck has: {listed(list(deck.sources))}" if deck.sources else "add it under sources:"
        stop(cards.as_posix(), "unknown-source", f'there is no source "{id}"', hint or known)
    return deck.sources[id]


def stop_without_sources(cards: Path, consequence: str) -> NoReturn:
    """Raise `Problems` for a deck without sources in a command about one; `consequence` begins with "so"."""
    stop(
        cards.as_posix(),
        "no-source",
        f"the deck has no sources, {consequence}",
        'add the recording to the file:\nsources: {talk: {title: "Title of the talk", url: "https://..."}}',
    )
