"""What the check says of a small deck."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from cuedeck.advice.rules import advise
from cuedeck.media.digests import Digests
from cuedeck.media.files import MediaFolder
from cuedeck.problems import Problem, Report
from cuedeck.reading.cardsfile import cards_from_text
from cuedeck.rendering.fields import render_notes
from tests.making import deck
from tests.mediafiles import put_files

Example = dict[str, Any]


def advice_on(data: Example) -> list[Problem]:
    """Return the warnings and advice on a whole deck. Raises `Problems` if it has errors."""
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=1000)
    with TemporaryDirectory() as made:
        folder = Path(made)
        put_files(text, folder)
        cards = cards_from_text(text)
        report = Report(cards.places.find)
        notes = render_notes(cards.deck, report, MediaFolder(folder, Digests()).find)
        report.stop_if_unsound()
        advise(cards.deck, notes, report, cards=folder / "cards.yaml")
        return report.problems


def whole_deck(example: Example) -> Example:
    """Return the deck around an example: of one note, of several notes by id, or of sources and concepts."""
    match example:
        case {"concepts": dict()}:
            one = deck({}, sources={"talk": {"title": "A talk", "url": "https://example.org/talk.mp3"}})
            if not any("notes" in concept for concept in example["concepts"].values()):
                # A deck has to have notes.
                other = {"other": {"title": "Other", "at": "1:00:00", "notes": {"other-note": OTHER}}}
                example = {**example, "concepts": {**example["concepts"], **other}}
            return {**one, **example}
        case {"q": str()} | {"cloze": str()}:
            return deck({"note": example}, sources={})
        case _:
            return deck(example, sources={})


OTHER = {"q": "What is a firewall?", "a": "A guard between two networks"}


def rules_that_speak(example: Example) -> set[str]:
    """Return the names of the rules that have something to say of an example."""
    return {problem.rule for problem in advice_on(whole_deck(example))}
