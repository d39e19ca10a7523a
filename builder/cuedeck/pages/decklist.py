"""The page of a site of several decks, which lists them. Each deck says in a file of its own what the list shows.

These files may come from anyone who can write into the folder of the site, so whatever they say is checked strictly,
and is text on the page.
"""

import datetime
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from html import escape
from typing import Any

from cuedeck.deck.values import date, deck_title, identifier, line, namespace, version
from cuedeck.pages.assets import asset
from cuedeck.pages.edition import Edition, date_of
from cuedeck.pages.page import Page, body_of, document
from cuedeck.problems import is_one_line
from cuedeck.wording import counted, written_day

ENTRY = "deck.json"
"""The name of the file in which a deck says what the list shows of it."""

LARGEST_ENTRY = 16_384
"""The most bytes that such a file may have."""

MARK = b'<meta name="generator" content="Cuedeck: a list of decks">'
"""What each list contains near its beginning, and no other page."""

_FORM = 1
_READ = {"deck": identifier, "namespace": namespace, "title": deck_title, "version": version, "license": line}
_MOST = 10_000_000  # notes or cards of a deck


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What the list shows of a deck: its id and namespace, its name in Anki, and its last release."""

    deck: str
    namespace: str
    title: str
    version: str
    date: str
    license: str
    notes: int
    cards: int

    @property
    def day(self) -> datetime.date:
        """The day of the release."""
        return date(self.date)

    @property
    def package(self) -> str:
        """The name of the newest package, in the folder of the deck."""
        return f"{self.deck}.apkg"


def entry_of(edition: Edition) -> Entry:
    """Return what the list shows of a release."""
    release, _ = edition.releases[0]
    notes = edition.snapshot.notes.values()
    return Entry(
        deck=edition.manifest.deck,
        namespace=edition.snapshot.namespace,
        title=edition.name,
        version=edition.version,
        date=date_of(release).isoformat(),
        license=edition.manifest.license,
        notes=len(notes),
        cards=sum(len(note.cards) for note in notes),
    )


def entry_as_json(entry: Entry) -> bytes:
    """Return the file of an entry."""
    return f"{json.dumps({'cuedeck': _FORM, **asdict(entry)}, ensure_ascii=False, indent=2)}\n".encode()


def entry_from(data: bytes) -> Entry:
    """Return the entry that a file contains. Raises ValueError if it is not one that this program writes."""
    try:
        found: Any = json.loads(data)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if len(data) > LARGEST_ENTRY or not isinstance(found, dict) or found.pop("cuedeck", None) != _FORM:
        raise ValueError("it does not have the form of an entry")
    if found.keys() != {each.name for each in fields(Entry)}:
        raise ValueError("it does not have the keys of an entry")
    if any(type(found[each.name]) is not each.type for each in fields(Entry)):
        raise ValueError("a value of it is of another kind")
    for name, read in _READ.items():
        text = found[name]
        text.encode()  # fails with a ValueError for what no page can contain
        if read(text) != text or not is_one_line(text):
            raise ValueError(f"its {name} is not written as usual")
    date(found["date"])
    if not all(0 <= found[name] <= _MOST for name in ("notes", "cards")):
        raise ValueError("its numbers cannot be right")
    return Entry(**found)


def list_page(entries: Sequence[tuple[str, Entry]]) -> bytes:
    """Return the page. Each entry has the path of its folder from the page, with a slash at its end, or "" for none."""
    by_title = sorted(entries, key=lambda each: (each[1].title.casefold(), each[1].deck))
    body = body_of(
        "decklist.html",
        {"summary": counted(len(entries), "deck"), "decks": "".join(_item(*each) for each in by_title)},
    )
    styles = [asset("page.css"), asset("share.css"), asset("decklist.css")]
    return document(Page("Anki decks", body, styles, head=f"{MARK.decode()}\n"))


def _item(folder: str, entry: Entry) -> str:
    group, _, title = entry.title.rpartition("::")
    above = f'<p class="kicker" dir="auto">{escape(group.replace("::", " · "))}</p>' if group else ""
    counts = f"{counted(entry.notes, 'note')} and {counted(entry.cards, 'card')}"
    day = f'<time datetime="{entry.date}">{written_day(entry.day)}</time>'
    terms = f" · <bdi>{escape(entry.license)}</bdi>" if entry.license else ""
    package = f'<a href="{folder}{entry.package}" download>{entry.package}</a>'
    return (
        f'<li>{above}<h2 dir="auto"><a href="{folder}index.html">{escape(title)}</a></h2><p>{counts}</p>'
        f'<p class="quiet">Version {escape(entry.version)}, {day}{terms} · {package}</p></li>'
    )
