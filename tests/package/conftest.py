"""Packages for the tests."""

from pathlib import Path

import pytest

from cuedeck.usecases.build import Written
from tests.making import TALK, build_deck, cloze, deck, question

FILM = {"title": "A film", "url": "https://youtu.be/abcdefghijk", "deck": "Films"}


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """A small deck of both kinds of note, two sources, a subdeck, a reverse card and nested deletions."""
    notes = {
        "one": question("What < is?", "That & more.", extra="*So* it is.", tags=["t"], source="talk"),
        "both": question("Term?", "Meaning.", reverse="true", source="talk", at=["00:10", "00:20"]),
        "gaps": cloze("So {{c1::all {{c2::of}} it}} and {{c4,2::that}}.", source="talk"),
        "seen": question("Seen?", "Yes.", source="film", at="12:45"),
    }
    data = deck(notes, sources={"talk": TALK, "film": FILM}, description="All *about* it.", author="Me", license="CC0")
    return build_deck(tmp_path, data)
