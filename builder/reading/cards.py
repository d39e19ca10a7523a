"""The road from a file to a deck."""

from dataclasses import dataclass
from pathlib import Path

from builder.deck.deck import Deck
from builder.problems import Report, stop
from builder.reading.crosschecks import cross_check
from builder.reading.document import Document, parse
from builder.reading.reader import read_mapping


@dataclass(frozen=True)
class Cards:
    """A sound deck, and the document that tells where each part of it stands."""

    deck: Deck
    document: Document


def read_text(path: Path) -> str:
    """Return the text of a file, a byte order mark and other systems' line ends taken away.

    Raises `Problems` with a sentence where there is no such file, or it holds no UTF-8 text.
    """
    name = path.as_posix()
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        stop(name, "no-file", "there is no such file", "run cuedeck in the folder of cards.yaml, or name the file")
    except IsADirectoryError:
        stop(name, "no-file", "this is a folder, not a file", f"name the file in it, such as {name}/cards.yaml")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        stop(name, "not-utf-8", "the file is not UTF-8 text", "save it as UTF-8 in your editor", line)
    except OSError as error:
        stop(name, "unreadable", f"the file cannot be read: {error.strerror}")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_cards(path: Path) -> Cards:
    """Return the deck of a cards.yaml. Raises `Problems` with everything that is wrong in it."""
    return cards_from_text(read_text(path), path.as_posix())


def cards_from_text(text: str, name: str = "cards.yaml") -> Cards:
    """Return the deck of a text. Raises `Problems` with everything that is wrong in it; `name` is the file's."""
    document = parse(text, name)
    if not document.data:
        stop(name, "empty-file", "the file is empty", "begin with deck:, sources: and concepts:, as the README shows")
    report = Report(document.place)
    deck = read_mapping(Deck, document.data, (), report)
    report.stop_if_unsound()
    cross_check(deck, report)
    report.stop_if_unsound()
    return Cards(deck, document)
