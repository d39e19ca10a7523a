"""The text for an entry among AnkiWeb's shared decks, shortened to AnkiWeb's limits."""

import re
from collections.abc import Iterator, Sequence

from cuedeck.deck.deck import Source
from cuedeck.entities import unescape
from cuedeck.pages.edition import Edition, date_of
from cuedeck.rendering.description import described
from cuedeck.wording import counted, written_day

# Limits according to others who fill in the form by program. AnkiWeb itself does not publish them.
TITLE, TAGS, SUPPORT, DESCRIPTION = 60, 60, 180, 65_000

_SEVERAL = 3  # recordings that are listed one by one
_MOST_LISTED = 100
_BLOCK_END = re.compile(r"</(?:p|li|h[1-6]|pre|blockquote|tr)>|<hr ?/?>")
_TAG = re.compile(r"<[^>]*>")
_SPACES = re.compile(r"\n\s*\n\s*")
_UPDATES = (
    "Importing a newer version with Anki's default options adds new notes and replaces those that were corrected. "
    "Your review history, due dates, flags and suspended cards stay as they are, and so do your edits and tags on "
    "notes that did not change. Suspend a card instead of deleting its note, because a deleted note comes back, and do "
    "not rename the deck."
)
_HEAD = """\
# Listing on AnkiWeb

For *Share* on AnkiWeb: import version {version} into Anki, synchronize, and share that deck. When you share it again,
use the same entry, so that its address stays the same.

**Not checked:** the limits below come from other people's descriptions, not from AnkiWeb itself, which may have changed
them. AnkiWeb also asks you to declare that the deck is your own work, or that its licence lets you share it; only you
can answer that.
"""


def ankiweb_listing(edition: Edition, description: str) -> str:
    """Return what to put into each field of AnkiWeb's form, as Markdown.

    `description` is the one in cards.yaml, as Markdown. It is used only if it has not changed since the release.
    Otherwise the description in the package is used, without its markup.
    """
    support = edition.address if len(edition.address) <= SUPPORT else ""
    fields = [
        (f"Title (at most {TITLE} characters)", _escaped(fitted(edition.name.replace("::", " · "), TITLE))),
        (f"Tags (at most {TAGS} characters in all)", _tags(edition)),
        (
            f"Support page (at most {SUPPORT} characters)",
            support or "The address of the page, once it is online; with --url, Cuedeck fills it in.",
        ),
        (f"Description (Markdown, at most {DESCRIPTION:,} characters)", _description(edition, description)),
    ]
    return _HEAD.format(version=edition.version) + "".join(f"\n## {name}\n\n{words}\n" for name, words in fields)


def fitted(text: str, most: int) -> str:
    """Return a text with at most `most` characters, cut between two words if possible."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    words = cut.rpartition(" ")[0]
    return f"{(words if len(words) > most // 2 else cut).rstrip()}…"


def _tags(edition: Edition) -> str:
    """Return as many of the deck's tags as fit. AnkiWeb separates them by spaces."""
    line = ""
    for tag in edition.tags:
        longer = f"{line} {tag}".strip()
        line = longer if len(longer) <= TAGS else line
    return line or "None: the deck itself has no tags."


def _description(edition: Edition, markdown: str) -> str:
    release, _ = edition.releases[0]
    is_released = edition.is_described_by(described(markdown))
    own = markdown.strip() if is_released else _plain(edition.description)
    foot = "\n\n".join(
        filter(
            None,
            [_UPDATES, *_credits(edition), f"Version {edition.version}, {written_day(date_of(release))}."],
        )
    )
    head = f"{_escaped(edition.summary)}\n\n"
    room = DESCRIPTION - len(head) - len(foot) - 2
    return f"{head}{fitted(own, room)}\n\n{foot}" if own else f"{head}{foot}"


def _credits(edition: Edition) -> list[str]:
    lines = [f"Cards by {_escaped(edition.manifest.author)}, under {_escaped(edition.manifest.license)}."]
    lines += _origins(edition.sources)
    if edition.clips:
        lines.append(edition.clips)
    for file, count in edition.credits:
        who = f" by {_escaped(file.author)}" if file.author else ""
        terms = f", under {_escaped(file.license)}" if file.license else ""
        link = f", from <{file.url}>" if file.url else ""
        lines.append(f"{counted(count, 'picture or sound', 'pictures and sounds')}{who}{terms}{link}.")
    if edition.address:
        lines.append(f"Newest version, and what changed in it: <{edition.address}>")
    return lines


def _origins(sources: Sequence[Source]) -> Iterator[str]:
    """Yield where the cards are from; of very many recordings, the first, since the text has a limit."""
    if len(sources) < _SEVERAL:
        yield from (f"From {_origin(source)}. The recording is not included." for source in sources)
        return
    more = len(sources) - _MOST_LISTED
    rest = f"\n* and {more} more, which the page names" if more > 0 else ""
    listed = "\n".join(f"* {_origin(source)}" for source in sources[:_MOST_LISTED])
    yield f"From {len(sources)} recordings, which are not included:\n\n{listed}{rest}"


def _origin(source: Source) -> str:
    when = f", {written_day(source.published)}" if source.published else ""
    return f"*{_escaped(source.title)}* by {_escaped(source.author)}{when}: <{source.url}>"


def _plain(html: str) -> str:
    """Return the words of a description, paragraph by paragraph."""
    return _escaped(_SPACES.sub("\n\n", unescape(_TAG.sub("", _BLOCK_END.sub("\n\n", html)))).strip())


def _escaped(words: str) -> str:
    """Return plain text as Markdown in which nothing starts an HTML element."""
    return words.replace("<", "&lt;")
