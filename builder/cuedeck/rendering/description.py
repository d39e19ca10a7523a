"""The page of a deck in Anki."""

from collections.abc import Sequence
from html import escape

from cuedeck.deck.deck import Deck
from cuedeck.problems import Report, TextError
from cuedeck.rendering.markdown import to_html
from cuedeck.rendering.notetypes import search
from cuedeck.rendering.results import Seen
from cuedeck.wording import counted

_CREDITS = "\n<p>Credits: "

_BEFORE_RETIRED = "<p>Notes that are no longer part of the deck stay with you. "


def describe(deck: Deck, status: str, retired: Sequence[str] = (), credits: Sequence[str] = ()) -> str:
    """Return the HTML of the deck's page: the author's words, how to find retired notes, the version, and the credits.

    `status` is the plain text that states the version; `retired` are the ids of notes, including their earlier ones.
    `credits` is HTML, a line for each `credit` of pictures and sounds.
    """
    about = deck.about
    foot = ". ".join(filter(None, (f"Cards by {escape(about.author)}" * bool(about.author), escape(about.license))))
    own, search_for_retired = described(about.description), _retired(retired, about.id)
    thanks = f"{_CREDITS}{'<br>'.join(credits)}</p>" if credits else ""
    return f"{own}\n{search_for_retired}<p>{foot}{'. ' * bool(foot)}{escape(status)}</p>{thanks}".strip()


def credit(count: int, author: str, license: str, url: str) -> str:
    """Return a line of HTML that says whose some pictures and sounds are; what is not known is ""."""
    who = f" by {escape(author)}" if author else ""
    terms = f", under {escape(license)}" if license else ""
    origin = f', from <a href="{escape(url)}">{escape(url)}</a>' if url else ""
    return f"{counted(count, 'picture or sound', 'pictures and sounds')}{who}{terms}{origin}"


def without_credits(page: str) -> str:
    """Return the HTML of a deck's page without the credits at its end; the first versions of the program wrote none."""
    return page[: page.rindex(_CREDITS)] if _CREDITS in page else page


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


def without_foot(page: str) -> str:
    """Return a page that `describe` made without the credits at its end, and the author and version above them."""
    page = without_credits(page)
    return page[: page.rindex("<p>")].strip() if "<p>" in page else page.strip()


def own_words(page: str) -> str:
    """Return the HTML of the author's own words, from a page that `describe` made."""
    return without_foot(page).partition(_BEFORE_RETIRED)[0].strip()


def check_description(deck: Deck, report: Report) -> None:
    """Report a description that cannot be shown."""
    try:
        to_html(deck.about.description)
    except TextError as error:
        report.text_error("bad-text", error, at=("deck", "description"))
