"""What one would write without a tool: load cards.yaml with the C loader, hand every note to genanki, nothing else.

No checks, no Markdown, no links, no lock. genanki does not compress its file.
"""

import sys
from pathlib import Path

import genanki
import yaml


def main(cards: str, package: str) -> None:
    """Write the package of a cards.yaml."""
    data = yaml.load(Path(cards).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    qa = genanki.Model(
        1_600_000_001,
        "Question",
        fields=[{"name": name} for name in ("Question", "Answer", "At", "Source")],
        templates=[{"name": "Card", "qfmt": "{{Question}}", "afmt": "{{FrontSide}}<hr>{{Answer}} {{At}} {{Source}}"}],
    )
    cloze = genanki.Model(
        1_600_000_002,
        "Cloze",
        fields=[{"name": name} for name in ("Text", "At", "Source")],
        templates=[{"name": "Cloze", "qfmt": "{{cloze:Text}}", "afmt": "{{cloze:Text}} {{At}} {{Source}}"}],
        model_type=genanki.Model.CLOZE,
    )
    deck = genanki.Deck(1_600_000_003, data["deck"]["title"])
    for concept in data["concepts"].values():
        address = data["sources"][concept["source"]]["url"]
        for id, note in concept["notes"].items():
            texts = [note["cloze"]] if "cloze" in note else [note["q"], note["a"]]
            deck.add_note(
                genanki.Note(
                    model=cloze if "cloze" in note else qa,
                    fields=[*texts, str(note.get("at", concept.get("at"))), address],
                    tags=note.get("tags", concept.get("tags")),
                    guid=genanki.guid_for(id),
                )
            )
    genanki.Package(deck).write_to_file(package)


if __name__ == "__main__":
    main(*sys.argv[1:])
