"""CHANGELOG.md of a deck, in the form of Keep a Changelog, with a heading *Cards* in each version."""

import re

_UNRELEASED = re.compile(r"^## \[?Unreleased\]?[ \t]*$", re.MULTILINE | re.IGNORECASE)
_VERSION = re.compile(r"^## ", re.MULTILINE)
_CARDS = re.compile(r"^### Cards[ \t]*$", re.MULTILINE | re.IGNORECASE)
_HEADING = re.compile(r"^#{2,3} ", re.MULTILINE)
_START = """# Changelog

What changed in the cards, for those who learn with them. A version is major when learners lose progress by it.
"""


def tells_of(text: str, version: str) -> bool:
    """Return whether a changelog has a section for a version."""
    return bool(re.search(rf"^## \[?{re.escape(version)}(?![\w.])", text, re.MULTILINE))


def with_release(text: str, version: str, day: str, notes: str) -> str:
    """Return a changelog with a section for a release, `day` being 2026-01-31 and `notes` a Markdown list.

    What stands under *Unreleased* becomes that section, and the notes are added under its *Cards*. An empty text
    becomes a whole changelog.
    """
    text = text or _START
    found = _UNRELEASED.search(text)
    title = f"## {version} - {day}"
    if found is None:
        first = _VERSION.search(text)
        place = first.start() if first else len(text)
        return _spaced(text[:place], f"{title}\n\n### Cards\n\n{notes}", text[place:])
    following = _VERSION.search(text, found.end())
    end = following.start() if following else len(text)
    section = _with_cards(text[found.end() : end], notes)
    return _spaced(text[: found.end()], title, section, text[end:])


def _with_cards(section: str, notes: str) -> str:
    """Return the rest of a section with the notes at the end of what stands under its *Cards*."""
    cards = _CARDS.search(section)
    if cards is None:
        return _spaced("", f"### Cards\n\n{notes}", section)
    following = _HEADING.search(section, cards.end())
    end = following.start() if following else len(section)
    own = section[cards.end() : end].strip()
    return _spaced(section[: cards.end()], f"{own}\n{notes}" if own else notes, section[end:])


def _spaced(*parts: str) -> str:
    """Return the parts with an empty line between each two, and one line end behind the last."""
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"
