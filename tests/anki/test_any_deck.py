"""Whatever is in a deck: Anki imports what was built from it, and finds nothing wrong.

By hand this tries as many decks as you like, and says how many of them made a package:

    DECKS=100000 python -m pytest -s tests/anki/test_any_deck.py
"""

import os
import shutil
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings

from cuedeck.building.assembling import Build, stamp
from cuedeck.package.container import write_archive
from cuedeck.problems import Problems
from tests.anki.learner import collection, faults, take
from tests.fuzzing.decks import decks
from tests.making import FIRST, ROOT, checked, write

MEDIA = ROOT / "tests" / "examples" / "media"
DECKS = int(os.environ.get("DECKS", "200"))


def built(folder: Path, data: Any) -> Build | None:
    """Return the build of a deck; None if its author is told what is wrong with it."""
    try:
        return stamp(checked(write(folder, data)).with_advice(), FIRST)
    except Problems:
        return None


@pytest.mark.random
def test_check_database_finds_nothing() -> None:
    """Every note of every package arrives in a new collection, with all its pictures and sounds, and nothing else.

    Check Database and Check Media find nothing wrong.
    """
    ended: Counter[str] = Counter()

    @settings(max_examples=DECKS)
    @given(data=decks)
    def search(data: Any) -> None:
        with TemporaryDirectory() as name:
            folder = Path(name)
            shutil.copytree(MEDIA, folder / "media")
            build = built(folder, data)
            ended["refused" if build is None else "packages"] += 1
            if build:
                package = folder / "deck.apkg"
                with package.open("wb") as file:
                    write_archive(build.members, file)
                with collection(folder / "learner") as learner:
                    assert take(learner, package) == {"new": len(build.notes)}
                    assert faults(learner) == ""
                    found = learner.media.check()
                    assert (list(found.missing), list(found.unused)) == ([], [])

    search()
    print(dict(ended))
    assert ended["packages"] > DECKS // 5  # otherwise too little was tried
