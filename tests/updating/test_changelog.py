"""The changelog of a deck: a release finds its place in whatever an author has written."""

import pytest

from builder.updating.changelog import with_release

NOTES = "* A note\n"
RELEASE = "## 1.0.0 - 2026-01-31\n\n### Cards\n\n* A note\n"

# Name: a changelog, and what it is after a release.
TEXTS = {
    "none yet": (
        "",
        "# Changelog\n\nWhat changed in the cards, for those who learn with them. A version is major when learners "
        f"lose progress by it.\n\n{RELEASE}",
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
}


@pytest.mark.parametrize(("before", "after"), TEXTS.values(), ids=TEXTS)
def test_a_release_finds_its_place(before: str, after: str) -> None:
    """What stood under Unreleased becomes the section of the release, and nothing an author wrote is lost."""
    assert with_release(before, "1.0.0", "2026-01-31", NOTES) == after
