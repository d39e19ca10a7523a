"""The learner's own style file: it comes with the package, and no later import touches it."""

import os
from pathlib import Path

from cuedeck.rendering.notetypes import STYLE_FILE, style_file
from tests.anki.learner import collection, take
from tests.making import DAY, FIRST, build_deck, deck, question

OWN_STYLE = ".card { --cue-size: 30px; }"


def test_the_style_file_arrives(tmp_path: Path) -> None:
    """After the first import the file is there, and Anki's Check Media reports nothing."""
    package = build_deck(tmp_path / "deck", deck({"one": question()})).package
    with collection(tmp_path) as learner:
        take(learner, package)
        assert Path(learner.media.dir(), STYLE_FILE).read_bytes() == style_file()[1]
        found = learner.media.check()
        assert not found.missing
        assert not found.unused


def test_a_learners_own_style_survives_updates(tmp_path: Path) -> None:
    """A file that the learner wrote before the first import is the same after every later one."""
    with collection(tmp_path) as learner:
        own = Path(learner.media.dir(), STYLE_FILE)
        own.write_text(OWN_STYLE, encoding="utf-8")
        take(learner, build_deck(tmp_path / "deck", deck({"one": question()})).package)
        assert own.read_text(encoding="utf-8") == OWN_STYLE
        update = build_deck(tmp_path / "deck", deck({"one": question(answer="Another.")}), FIRST + DAY)
        assert take(learner, update.package) == {"updated": 1}
        assert own.read_text(encoding="utf-8") == OWN_STYLE
        assert not learner.media.check().unused


def test_a_deleted_style_file_comes_back(tmp_path: Path) -> None:
    """The next import brings the original, even if no note changed."""
    package = build_deck(tmp_path / "deck", deck({"one": question()})).package
    with collection(tmp_path) as learner:
        own = Path(learner.media.dir(), STYLE_FILE)
        take(learner, package)
        own.unlink()
        # Anki looks for lost files only if the folder has another time, which moves in ticks of some milliseconds, and
        # a test can be faster than that.
        later = own.parent.stat().st_mtime_ns + 10**9
        os.utime(own.parent, ns=(later, later))
        assert take(learner, package) == {"duplicate": 1}
        assert own.read_bytes() == style_file()[1]
