"""The changelog of a deck: a release finds its place in whatever an author has written."""

import pytest

from cuedeck.updating.changelog import line_of_version, notes_of, with_release

NOTES = "* A note\n"
RELEASE = "## 1.0.0 - 2026-01-31\n\n### Cards\n\n* A note\n"

# Name: a changelog, and what it is after a release.
TEXTS = {
    "none yet": (
        "",
        "# Changelog\n\nWhat has changed in the cards, for those who learn with them. A version is major if it costs "
        f"learners progress.\n\n{RELEASE}",
    ),
    "only a title": ("# Changes\n", f"# Changes\n\n{RELEASE}"),
    "no heading for what is unreleased": (
        "# Changes\n\n## 0.9.0 - 2025-01-01\n\n* Old\n",
        f"# Changes\n\n{RELEASE}\n## 0.9.0 - 2025-01-01\n\n* Old\n",
    ),
    "nothing unreleased": (
        "# Changes\n\n## Unreleased\n\n## 0.9.0 - 2025-01-01\n\n* Old\n",
        f"# Changes\n\n## Unreleased\n\n{RELEASE}\n## 0.9.0 - 2025-01-01\n\n* Old\n",
    ),
    "words on cards": (
        "# Changes\n\n## [Unreleased]\n\n### Cards\n\n* Mine\n",
        "# Changes\n\n## [Unreleased]\n\n## 1.0.0 - 2026-01-31\n\n### Cards\n\n* Mine\n* A note\n",
    ),
    "words on cards and builder": (
        "# Changes\n\n## Unreleased\n\n### Cards\n\n* Mine\n\n### Builder\n\n* Faster\n\n## 0.9.0\n\n* Old\n",
        "# Changes\n\n## Unreleased\n\n## 1.0.0 - 2026-01-31\n\n### Cards\n\n* Mine\n* A note\n\n### Builder\n\n"
        "* Faster\n\n## 0.9.0\n\n* Old\n",
    ),
    "words on the builder alone": (
        "# Changes\n\n## Unreleased\n\n### Builder\n\n* Faster\n",
        f"# Changes\n\n## Unreleased\n\n{RELEASE}\n### Builder\n\n* Faster\n",
    ),
    "a hyphen and more words behind what is unreleased": (
        "# Changes\n\n## Unreleased - soon\n\n## 0.9.0\n\n* Old\n",
        f"# Changes\n\n## Unreleased - soon\n\n{RELEASE}\n## 0.9.0\n\n* Old\n",
    ),
    "underlined headings": (
        "Changes\n=======\n\n[Unreleased]\n------------\n\n### Cards\n\n* Mine\n\n"
        "[0.9.0] - 2025-01-01\n-----\n\n* Old\n",
        "Changes\n=======\n\n[Unreleased]\n------------\n\n## 1.0.0 - 2026-01-31\n\n### Cards\n\n* Mine\n* A note\n\n"
        "[0.9.0] - 2025-01-01\n-----\n\n* Old\n",
    ),
    "a heading in a code block": (
        "# Changes\n\n```\n## Unreleased\n```\n\n## 0.9.0\n\n* Old\n",
        f"# Changes\n\n```\n## Unreleased\n```\n\n{RELEASE}\n## 0.9.0\n\n* Old\n",
    ),
    "a heading in a code block under what is unreleased": (
        "## Unreleased\n\n### Cards\n\n```\n## 2.0.0\n```\n\n## 0.9.0\n",
        "## Unreleased\n\n## 1.0.0 - 2026-01-31\n\n### Cards\n\n```\n## 2.0.0\n```\n* A note\n\n## 0.9.0\n",
    ),
    "a heading of no version": (
        "# Changes\n\n## About this file\n\nWords.\n",
        f"# Changes\n\n## About this file\n\nWords.\n\n{RELEASE}",
    ),
    "no version before one": (
        "# Changes\n\n## About this file\n\nWords.\n\n## v0.9.0\n\n* Old\n",
        f"# Changes\n\n## About this file\n\nWords.\n\n{RELEASE}\n## v0.9.0\n\n* Old\n",
    ),
    "line ends of another system": (
        "# Changes\r\n\r\n## Unreleased\r\n\r\n### Cards\r\n\r\n* Mine\r\n\r\n## 0.9.0\r\n\r\n* Old\r\n",
        "# Changes\r\n\r\n## Unreleased\r\n\r\n## 1.0.0 - 2026-01-31\r\n\r\n### Cards\r\n\r\n* Mine\r\n* A note\r\n"
        "\r\n## 0.9.0\r\n\r\n* Old\r\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), TEXTS.values(), ids=TEXTS)
def test_a_release_finds_its_place(before: str, after: str) -> None:
    """What stood under Unreleased becomes the section of the release, and nothing an author wrote is lost."""
    assert with_release(before, "1.0.0", "2026-01-31", NOTES) == after


def test_a_deck_among_several_is_named() -> None:
    """Its section comes before all others, and *Unreleased* may be about another deck."""
    before = "# Changes\n\n## Unreleased\n\n* Mine\n\n## 0.9.0\n\n* Old\n"
    after = f"# Changes\n\n## Unreleased\n\n* Mine\n\n{RELEASE.replace('## 1', '## zoo 1')}\n## 0.9.0\n\n* Old\n"
    assert with_release(before, "1.0.0", "2026-01-31", NOTES, "zoo") == after
    assert line_of_version(after, "1.0.0", "zoo") == 7
    assert line_of_version(after, "1.0.0") == 0


# Name: a heading, and whether it is the heading of version 1.5.0.
HEADINGS = {
    "plain": ("## 1.5.0", True),
    "with its day": ("## 1.5.0 - 2026-01-31", True),
    "in brackets": ("## [1.5.0] - 2026-01-31", True),
    "with a v": ("## v1.5.0", True),
    "underlined": ("1.5.0\n-----", True),
    "a longer version": ("## 1.5.01", False),
    "a fourth number": ("## 1.5.0.1", False),
    "numbers that no version has": (f"## {'9' * 5000}.0.0\n\n## 1.5.{'0' * 10}", False),
    "of another deck": ("## zoo 1.5.0", False),
    "in a sentence": ("## Since 1.5.0 we rest", False),
    "in a code block": ("```\n## 1.5.0\n```", False),
}


@pytest.mark.parametrize(("heading", "is_it"), HEADINGS.values(), ids=HEADINGS)
def test_a_version_is_found(heading: str, is_it: bool) -> None:
    """A version that has its section already is noticed in every form of its heading."""
    assert line_of_version(f"# Changes\n\n{heading}\n\n* Words\n", "1.5.0") == (3 if is_it else 0)


@pytest.mark.parametrize("text", [after for _, after in TEXTS.values() if RELEASE in after])
def test_the_notes_of_a_release_are_found_again(text: str) -> None:
    """Wherever the section is, the notes of that version are found."""
    assert notes_of(text, "1.0.0") == NOTES.strip()


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("## 1.0.0\n\n### Cards\n\n* A\n* B\n\n### Builder\n\n* C\n", "* A\n* B"),
        ("## [1.0.0] - 2026-01-31\n\n### Cards\n\n* A\n\n## 0.9.0\n\n* B\n", "* A"),
        ("## 11.0.0\n\n### Cards\n\n* A\n\n## 1.0.01\n\n### Cards\n\n* B\n", ""),
        ("## 1.0.0\n\n### Builder\n\n* C\n\n## 0.9.0\n\n### Cards\n\n* B\n", ""),
        ("## 1.0.0\r\n\r\n### Cards\r\n\r\n* A\r\n\r\n## 0.9.0\r\n", "* A"),
        ("## 1.0.0\n\n### Cards\n\n```\n## 0.9.0\n```\n", "```\n## 0.9.0\n```"),
        ("## zoo 1.0.0\n\n### Cards\n\n* A\n", ""),
        ("", ""),
    ],
)
def test_only_the_notes_on_cards_are_told(text: str, notes: str) -> None:
    """Those of another version, and what is for authors of decks, are left out."""
    assert notes_of(text, "1.0.0") == notes
