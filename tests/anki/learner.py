"""A learner with Anki: a scratch collection, with what Anki's own library does to it and shows of it."""

import html
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.needing import needed

if TYPE_CHECKING:
    from anki.cards import Card
    from anki.collection import Collection
    from anki.notes import Note


def _version() -> tuple[int, ...]:
    try:
        return tuple(map(int, version("anki").split(".")))
    except PackageNotFoundError:
        return ()


ANKI = _version()
"""The version of Anki, such as (25, 2) for 25.02; empty if Anki is not installed."""

_OUTCOMES = ("new", "updated", "duplicate", "conflicting", "missing_notetype", "missing_deck", "empty_first_field")
_EASY = 4
_BLOCK = r"</?(?:p|div|hr|br|li|ul|ol|tr|td|th|table|thead|tbody|pre|blockquote)\b[^>]*>"


@contextmanager
def collection(folder: Path) -> Iterator["Collection"]:
    """Open the collection in a folder, or make one if there is none."""
    folder.mkdir(exist_ok=True)
    opened = needed("anki.collection").Collection(str(folder / "learner.anki2"))
    opened.db.execute("pragma synchronous = off")  # these tests need not wait for the disk
    try:
        yield opened
    finally:
        opened.close()


def take(learner: "Collection", package: Path, **ticked: Any) -> dict[str, int]:
    """Import a package with these options of the dialog ticked; return how many notes had which outcome."""
    library = needed("anki.collection")
    options = library.ImportAnkiPackageOptions(**ticked)
    request = library.ImportAnkiPackageRequest(package_path=str(package), options=options)
    log = learner.import_anki_package(request).log
    return {name: len(getattr(log, name)) for name in _OUTCOMES if len(getattr(log, name))}


def take_text(learner: "Collection", text: Path, changed: Callable[[Any], None] = lambda _: None) -> dict[str, int]:
    """Import a text file as the dialog presets it; return how many notes had which outcome.

    `changed` makes the choices of a learner who changes what the dialog presets.
    """
    library = needed("anki.collection")
    metadata = learner.get_csv_metadata(str(text), None)
    changed(metadata)
    log = learner.import_csv(library.ImportCsvRequest(path=str(text), metadata=metadata)).log
    return {name: len(getattr(log, name)) for name in _OUTCOMES if len(getattr(log, name))}


def study_all(learner: "Collection") -> int:
    """Answer every card once, so that it has a history; return how many there were."""
    for config in learner.decks.all_config():
        config["new"]["perDay"] = config["rev"]["perDay"] = 9999
        learner.decks.save(config)
    answered = 0
    for deck in learner.decks.all_names_and_ids(include_filtered=False):
        learner.decks.select(deck.id)
        while card := learner.sched.getCard():
            learner.sched.answerCard(card, _EASY)
            answered += 1
    return answered


def schedules(learner: "Collection") -> dict[int, tuple[Any, ...]]:
    """Return what Anki keeps about every card's history, by card id."""
    rows = learner.db.all(
        "select c.id, c.type, c.queue, c.due, c.ivl, c.factor, c.reps, c.lapses, c.flags, "
        "(select count() from revlog where cid = c.id) from cards c"
    )
    return {row[0]: tuple(row[1:]) for row in rows}


def note_of(learner: "Collection", author_id: str) -> "Note":
    """Return the note with an author's id."""
    (found,) = learner.find_notes(f'"Note ID:{author_id}"')
    return learner.get_note(found)


def by_guid(learner: "Collection", guid: str) -> "Note":
    """Return the note with a guid."""
    return learner.get_note(learner.db.scalar("select id from notes where guid = ?", guid))


def note_type(learner: "Collection", id: int) -> dict[str, Any]:
    """Return a note type as it is now: the Python layer still shows the one that an import replaced."""
    found: dict[str, Any] = json.loads(learner._backend.get_notetype_legacy(id))
    return found


def card_of(learner: "Collection", author_id: str, ordinal: int = 0) -> "Card":
    """Return one card of the note with an author's id."""
    return next(card for card in note_of(learner, author_id).cards() if card.ord == ordinal)


def new_cards(learner: "Collection") -> list[str]:
    """Return the author's ids of the notes of all new cards, in the order in which Anki would show the cards."""
    rows = learner.db.all("select nid, ord from cards where type = 0 order by due, ord, id")
    return [learner.get_note(note)["Note ID"] for note, _ in rows]


def touch(learner: "Collection", author_id: str, at: int) -> None:
    """Give a note the modification time of an edit that a learner made at `at`, in seconds since 1970."""
    learner.db.execute("update notes set mod = ? where id = ?", at, note_of(learner, author_id).id)


def shown(side: str) -> str:
    """Return the words that one side of a card shows: style, tags and character references resolved."""
    bare = re.sub(r"<style>.*?</style>", "", side, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", re.sub(_BLOCK, " ", bare))).split())


def links(side: str) -> list[tuple[str, str]]:
    """Return the moments to which one side of a card links: label and address of each."""
    found = re.findall(r'<a class="cue-moment" href="([^"]*)">([^<]*)</a>', side)
    return [(html.unescape(label), html.unescape(address)) for address, label in found]


def faults(learner: "Collection") -> str:
    """Return what Check Database and Empty Cards find; empty if all is well."""
    report, sound = learner.fix_integrity()
    if "Added last review time" in report:
        # Cards answered within one second lack that time. Anki adds it at the first check, whatever was imported.
        report, sound = learner.fix_integrity()
    lines = [line for line in report.splitlines() if line and line != "Database rebuilt and optimized."]
    empty = [f"note {each.note_id} has empty cards" for each in learner.get_empty_cards().notes]
    return "\n".join([*lines, *empty, *([] if sound else ["the check failed"])])
