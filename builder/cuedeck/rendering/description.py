"""The page of a deck in Anki."""

from collections.abc import Sequence
from html import escape

from cuedeck.deck.deck import Deck
from cuedeck.problems import Report, TextError
from cuedeck.rendering.markdown import Seen, to_html
from cuedeck.rendering.notetypes import search

_BEFORE_RETIRED = "<p>Notes that are no longer part of the deck stay with you. "


def describe(deck: Deck, status: str, retired: Sequence[str] = ()) -> str:
    """Return the HTML of the deck's page: the author's words, how to find retired notes, and the version of the deck.

    `status` is the plain text that states the version; `retired` are the ids of notes, including their earlier ones.
    """
    about = deck.about
    foot = ". ".join(filter(None, (f"Cards by {escape(about.author)}" * bool(about.author), escape(about.license))))
    own, search_for_retired = described(about.description), _retired(retired, about.id)
    return f"{own}\n{search_for_retired}<p>{foot}{'. ' * bool(foot)}{escape(status)}</p>".strip()


def described(description: str) -> str:
    """Return the HTML of the author's own words, even if some would not be shown as they were meant."""
    return to_html(description, Seen()) if description else ""


def _retired(ids: Sequence[str], deck: str) -> str:
    if not ids:
        return ""
    return (
        f"{_BEFORE_RETIRED}This finds them in Anki's browser, to suspend or delete them: "
        f"<code>{escape(search(ids, deck), quote=False)}</code></p>\n"
    )


def own_words(page: str) -> str:
    """Return the HTML of the author's own words, from a page that `describe` made."""
    own = page.rpartition("\n<p>")[0]
    return own.partition(_BEFORE_RETIRED)[0].strip()


def check_description(deck: Deck, report: Report) -> None:
    """Report a description that cannot be shown."""
    try:
        to_html(deck.about.description)
    except TextError as error:
        report.text_error("bad-text", error, at=("deck", "description"))
