"""What the program remembers of every note it ever built: the values in cards.lock.

What a learner holds hangs on these: the guid that Anki finds a note by, the ids of its cards, the time of its last
change. How they stand in the file is the business of `lockfile`, and what two branches of them make is that of
`merging`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from cuedeck.deck.deck import Deck, Source
from cuedeck.deck.kinds import Kind
from cuedeck.history import entries
from cuedeck.history.entries import DIGEST, FILES_DIGEST, GUID, IDENTIFIER, VERSION, entry, many, some, table

# A content hash that no content has: what carries it counts as changed at the next build.
UNKNOWN_CONTENT = "unknown"


@dataclass(frozen=True)
class KnownNote:
    """What was last built of a note.

    `note` and `cards` are Anki's ids, `cards` by ordinal from 0; `time` is the modification time in seconds since 1970.
    For a cloze note, `answers` holds the answers behind each number that ever was, and `outside` a hash of the words
    around them. `gone` are the ordinals of cards that the note no longer makes: learners still have them, so their ids
    are kept. `was` are the ids that the note had before, `retired` is the reason why it left the deck ("" if it is in
    it), `released` the time that it had in the last release, 0 if it was in none: with any other time it is a draft.
    `due` is its position among new cards, which the first release that holds it fixes; None until then.
    """

    id: str = entry(IDENTIFIER, "note")
    kind: Kind = entry(entries.kind)  # noqa: RUF009  it gives a field
    guid: str = entry(GUID)
    note: int = entry(entries.whole, "nid")
    cards: Mapping[int, int] = entry(table(entries.ordinal, entries.whole, required=True))
    time: int = entry(entries.time)
    content: str = entry(DIGEST)
    answers: Mapping[int, tuple[str, ...]] = entry(table(entries.ordinal, some(entries.text)), default_factory=dict)
    outside: str = entry(DIGEST, default="")
    gone: tuple[int, ...] = entry(many(entries.ordinal), default=())
    was: tuple[str, ...] = entry(many(IDENTIFIER), default=())
    retired: str = entry(entries.line, default="")
    released: int = entry(entries.time, default=0)
    due: int | None = entry(entries.position, since=2, default=None)


@dataclass(frozen=True)
class KnownType:
    """What was last built of a note type.

    `id` is Anki's number for it, `time` its modification time in seconds since 1970, `content` the hash of all that is
    in it, `shape` that of its fields and templates alone, which no update may change ("" where it is not known);
    `released` is the time that it had in the last release, 0 before the first.
    """

    kind: Kind = entry(entries.kind, "type")  # noqa: RUF009
    id: int = entry(entries.whole)
    time: int = entry(entries.time)
    content: str = entry(DIGEST)
    shape: str = entry(DIGEST, default="")
    released: int = entry(entries.time, default=0)


@dataclass(frozen=True)
class Release:
    """A version that was handed out: when, in seconds since 1970, the hash of what was in it, the deck's id.

    `files_digest` is the hash of the files in its package, "" where that was not recorded.
    """

    version: str = entry(VERSION, "release")
    time: int = entry(entries.time)
    content: str = entry(DIGEST)
    deck: str = entry(IDENTIFIER)
    files_digest: str = entry(FILES_DIGEST, "members", since=2, default="")


@dataclass(frozen=True)
class Accepted:
    """A hazard that the author took into the bargain, such as `cloze-moved:hard-and-soft`, and when."""

    hazard: str = entry(entries.line, "accepted")
    time: int = entry(entries.time)


@dataclass(frozen=True)
class KnownSource:
    """A source by its id and its address, either of which finds it again when the other has changed."""

    id: str = entry(IDENTIFIER)
    address: str = entry(entries.line)

    def found_in(self, deck: Deck) -> Source | None:
        """Return the source of a deck that this is now; None where nothing tells."""
        same = (source for source in deck.sources.values() if source.url == self.address)
        return deck.sources.get(self.id) or next(same, None)


def main_source_of(deck: Deck) -> KnownSource | None:
    """Return the main source of a deck as it is remembered; None for a deck without sources."""
    source = deck.main_source
    return KnownSource(source.id, source.url) if source else None


@dataclass(frozen=True)
class Lock:
    """All of cards.lock. `titles` are the names of the decks in Anki by source id; the main deck's is under "".

    `main` is the main source of the last release, by the names that it had at the last build. Version 1.0.0 kept none.
    """

    namespace: str
    deck: str
    titles: Mapping[str, str]
    notes: Mapping[str, KnownNote] = field(default_factory=dict)
    types: Mapping[Kind, KnownType] = field(default_factory=dict)
    releases: tuple[Release, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    main: KnownSource | None = None

    @property
    def newest_time(self) -> int:
        """The newest modification time of anything, in seconds since 1970; 0 where nothing was built yet."""
        times = [note.time for note in self.notes.values()]
        times += [known.time for known in self.types.values()]
        times += [release.time for release in self.releases]
        return max(times, default=0)

    @property
    def highest_id(self) -> int:
        """The highest id that Anki was ever given for a note or a card; 0 where there is none."""
        return max((max(note.note, *note.cards.values()) for note in self.notes.values()), default=0)

    @property
    def last_release(self) -> Release | None:
        """The newest release, None before the first one."""
        return max(self.releases, key=lambda release: release.time, default=None)

    def with_files_digest(self, release: Release, digest: str) -> "Lock":
        """Return the lock with the hash of the files in the package of a release."""
        known = replace(release, files_digest=digest)
        return replace(self, releases=tuple(known if each == release else each for each in self.releases))

    @cached_property
    def knows_positions(self) -> bool:
        """Whether it has the position of any note, as no older version of this program wrote it."""
        return any(note.due is not None for note in self.notes.values())

    def with_positions(self, positions: Mapping[str, int]) -> "Lock":
        """Return the lock with the positions of some of its notes fixed, by their ids."""
        fixed = {id: replace(self.notes[id], due=due) for id, due in positions.items()}
        return replace(self, notes={**self.notes, **fixed})

    @property
    def pending(self) -> tuple[Accepted, ...]:
        """The hazards that were accepted since the last release: learners have yet to meet them."""
        last = self.last_release
        return tuple(each for each in self.accepted if last is None or each.time > last.time)

    @cached_property
    def _renamed(self) -> Mapping[str, KnownNote]:
        return {old: note for note in self.notes.values() for old in note.was}

    def found(self, id: str) -> KnownNote | None:
        """Return the note that has an id, or had it before it was renamed; None where no note ever did."""
        return self.notes.get(id) or self._renamed.get(id)
