"""The page of a deck in Anki."""

from html import escape

from builder.deck.deck import Deck
from builder.problems import Report, TextError
from builder.rendering.markdown import to_html


def describe(deck: Deck, version: str | None) -> str:
    """Return the HTML of the deck's page: the author's words, and which version this is; None stands for a draft."""
    about = deck.deck
    status = f"Version {escape(version)}." if version else "Draft: not released."
    foot = ". ".join(filter(None, (f"Cards by {escape(about.author)}" * bool(about.author), escape(about.license))))
    body = to_html(about.description) if about.description else ""
    return f"{body}\n<p>{foot}{'. ' * bool(foot)}{status}</p>".strip()


def check_description(deck: Deck, report: Report) -> None:
    """Report a description that cannot be shown."""
    try:
        to_html(deck.deck.description)
    except TextError as error:
        report.unfit("bad-text", error, at=("deck", "description"))
