"""A scratch collection of the real Anki. The only module that knows `anki`, Anki's own library.

Collections are made in a folder that the caller gives, and should be temporary. An existing one is never opened.
"""

import contextlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from anki.buildinfo import version
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest, ImportCsvRequest
from anki.errors import AnkiException
from anki.notetypes_pb2 import Notetype

from cuedeck.deck.tags import separated
from cuedeck.media.digests import sha256_of
from cuedeck.media.references import references
from cuedeck.problems import stop
from cuedeck.rehearsal.state import OTHERS, Card, Note, NoteType, Package, ShownFile, State
from cuedeck.rendering.notefields import NOTE_ID, keys_by_id
from cuedeck.updating.sayings import WRITTEN_FIELDS

VERSION = str(version)

_REFUSALS = ("conflicting", "missing_notetype", "missing_deck", "empty_first_field")
# Keys by the names of fields, for packages in which fields have no ids.
_KEYS = {field.name: field.key for field in (NOTE_ID, *WRITTEN_FIELDS)}
_NOTHING_FOUND = "Database rebuilt and optimized."
_NO_DECK = ""  # Anki imports cards of a deck that the package does not have, and leaves them in none
_ISOLATES = {0x2068: None, 0x2069: None}


class Scratch:
    """A learner's collection: what a learner does in Anki's windows, and what can be seen there.

    `namespaces` are those of the decks to import. With them the field with a note's name is found.
    """

    def __init__(self, folder: Path, namespaces: Iterable[str]) -> None:
        folder.mkdir()
        self._folder = folder
        self.last = ""
        self._digests: dict[str, tuple[tuple[int, ...], str]] = {}
        self._keys = {id: key for namespace in namespaces for id, key in keys_by_id(namespace).items()}
        # Any, since Anki's annotations require special number types, and make the database optional even when open.
        self._collection: Any = Collection(str(folder / "learner.anki2"))
        # It need not survive a power cut, and waiting for the disk takes longer than everything else.
        self._rows("pragma synchronous = off")

    def close(self) -> None:
        """Close the collection."""
        self._collection.close()

    def take(self, package: Package, merging: bool = False) -> Mapping[str, tuple[int, ...]]:
        """Import a package as the dialog does with default options, and return the ids of refused notes, by reason.

        The ids are those in the package. If `merging`, the option "Merge note types" is ticked.
        """
        self.last = package.name
        path = self._folder / "package.apkg"
        with path.open("wb") as file:
            if isinstance(package.data, bytes):
                file.write(package.data)
            else:
                package.data(file)
        options = ImportAnkiPackageOptions(merge_notetypes=merging)
        request = ImportAnkiPackageRequest(package_path=str(path), options=options)
        log = self._collection.import_anki_package(request).log
        return {reason: tuple(note.id.nid for note in getattr(log, reason)) for reason in _REFUSALS}

    def take_text(self, data: bytes) -> None:
        """Import a file of corrections as the dialog does if the learner changes nothing in it."""
        path = self._folder / "corrections.tsv"
        path.write_bytes(data)
        metadata = self._collection.get_csv_metadata(str(path), None)
        self._collection.import_csv(ImportCsvRequest(path=str(path), metadata=metadata))

    def answer(self, card: int, ease: int) -> None:
        """Answer a card, due or not: 1 is "Again", 4 is "Easy"."""
        shown = self._collection.get_card(card)
        shown.start_timer()
        self._collection.sched.answerCard(shown, ease)

    def write(self, note: Note, tag: str, fields: Iterable[int], text: str) -> None:
        """Add a tag to a note and a text to some fields, as if right after the author's last change.

        The note keeps its time, or an update stamped with the same second could not arrive.
        """
        opened = self._collection.get_note(note.id)
        opened.add_tag(tag)
        for field in fields:
            opened.fields[field] += text
        self._collection.update_note(opened)
        self._collection.db.execute("update notes set mod = ? where id = ?", note.time, note.id)

    def suspend(self, cards: Iterable[int]) -> None:
        """Suspend cards."""
        self._collection.sched.suspend_cards(list(cards))

    def flag(self, cards: Iterable[int], colour: int) -> None:
        """Put a flag on cards."""
        self._collection.set_user_flag_for_cards(colour, list(cards))

    def move(self, cards: Iterable[int], deck: str) -> None:
        """Move cards to a deck, which is made if it does not exist."""
        self._collection.set_deck(list(cards), self._collection.decks.id(deck))

    def put_beside(self, name: str) -> None:
        """Put a file into the media folder as if another deck had brought it."""
        self._collection.media.write_data(name, OTHERS)

    def dead_cards(self) -> frozenset[int]:
        """Return the cards that Empty Cards would remove."""
        return frozenset(card for note in self._collection.get_empty_cards().notes for card in note.card_ids)

    def damage(self) -> tuple[str, ...]:
        """Run Check Database, and return what it reports: nothing if all is well."""
        report, _ = self._collection.fix_integrity()
        return tuple(line for line in _plain(report).splitlines() if line not in ("", _NOTHING_FOUND))

    def state(self) -> State:
        """Return the contents of the collection, from its database, since Anki's Python layer keeps old note types."""
        notes = self._notes()
        decks = {int(deck.id): str(deck.name) for deck in self._collection.decks.all_names_and_ids()}
        return State(
            notes,
            self._cards(notes, decks),
            {id: NoteType(name, time) for id, name, time in self._rows("select id, name, mtime_secs from notetypes")},
            frozenset(decks.values()),
            frozenset(id for (id,) in self._rows("select id from revlog")),
            int(self._collection.db.scalar("select scm from col")),
        )

    def _notes(self) -> dict[int, Note]:
        places = self._places()
        found = {}
        for id, guid, kind, time, tags, joined in self._rows("select id, guid, mid, mod, tags, flds from notes"):
            fields = tuple(joined.split("\x1f"))
            name_at, told_at = places.get(kind, (None, None))
            name = (fields[name_at] if name_at is not None else "") or guid
            files = tuple(self._shown(each) for field in fields for each in references(field))
            found[id] = Note(
                id, guid, name, kind, time, fields, frozenset(separated(tags.lower())), name_at, told_at, files
            )
        return found

    def _shown(self, name: str) -> ShownFile:
        """Return what the media folder has under a name in a field."""
        path = Path(self._collection.media.dir(), name)
        try:
            status = path.stat()
            state = (status.st_size, status.st_mtime_ns, status.st_ino)
            if self._digests.get(name, ((), ""))[0] != state:
                self._digests[name] = (state, sha256_of(path))
        except (OSError, ValueError):  # no file has a name with a NUL
            return ShownFile(name, "")
        return ShownFile(name, self._digests[name][1])

    def _places(self) -> dict[int, tuple[int, tuple[int, ...] | None]]:
        """Return the place of the field with a note's name, and of those that the author wrote, by note type.

        The fields are found by their ids, or else by their names. A note type of another tool has none of them.
        """
        called: dict[int, dict[str, int]] = defaultdict(dict)
        numbered: dict[int, dict[str, int]] = defaultdict(dict)
        for kind, place, name, config in self._rows("select ntid, ord, name, config from fields order by ntid, ord"):
            if key := _KEYS.get(name):
                called[kind][key] = place
            if key := self._keys.get(Notetype.Field.Config.FromString(bytes(config)).id):
                numbered[kind][key] = place
        return {
            kind: (
                places[NOTE_ID.key],
                tuple(places[field.key] for field in WRITTEN_FIELDS if field.key in places) or None,
            )
            for kind, places in {**called, **numbered}.items()
            if NOTE_ID.key in places
        }

    def _cards(self, notes: Mapping[int, Note], decks: Mapping[int, str]) -> dict[int, Card]:
        rows = self._rows(
            "select id, nid, ord, did, queue = -1, flags & 7,"
            " type, due, ivl, factor, reps, lapses, left, odue, odid, data from cards"
        )
        return {
            id: Card(id, notes[note].guid, ordinal, decks.get(deck, _NO_DECK), tuple(schedule), bool(suspended), flag)
            for id, note, ordinal, deck, suspended, flag, *schedule in rows
        }

    def _rows(self, query: str) -> list[list[Any]]:
        rows: list[list[Any]] = self._collection.db.all(query)
        return rows


@contextlib.contextmanager
def scratch(folder: Path, namespaces: Iterable[str] = ()) -> Iterator[Scratch]:
    """Make a collection in a folder that does not exist yet, and close it at the end.

    `namespaces` are those of the decks to import. Raises `Problems` with Anki's own words, about the package imported
    last, if Anki cannot import or use it.
    """
    opened = Scratch(folder, namespaces)
    try:
        yield opened
    except BaseException as error:
        # A panic in Anki's backend is not an Exception, and leaves a collection that cannot even be closed.
        panicked = type(error).__name__ == "PanicException"
        if not panicked:
            opened.close()
        if not panicked and not isinstance(error, AnkiException):
            raise
        words = " ".join(_plain(str(error)).split()) or type(error).__name__
        stop(opened.last, "anki-fails", f"Anki cannot work with this package: {words}")
    opened.close()


def _plain(text: str) -> str:
    """Return a text from Anki without the invisible marks that it puts around numbers and names."""
    return text.translate(_ISOLATES)
