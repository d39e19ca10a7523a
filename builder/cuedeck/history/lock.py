"""What the program remembers of every note it ever built: the values in cards.lock.

What learners keep depends on these values: the guid by which Anki finds a note, the ids of its cards, the time of its
last change. Learners have what was released; each build after that is a draft. So a note is remembered as it was last
built, and also as releases left it with learners if a draft has changed it. `lockfile` reads and writes the file, and
`merging` joins what two branches know.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from functools import cached_property
from typing import Generic, TypeVar

from cuedeck.deck import values
from cuedeck.deck.deck import Deck, Source
from cuedeck.deck.kinds import Kind
from cuedeck.history import entries
from cuedeck.history.entries import (
    DIGEST,
    FILES_DIGEST,
    GUID,
    IDENTIFIER,
    VERSION,
    entry,
    many,
    nested,
    parsed,
    some,
    table,
)
from cuedeck.records import dataclass
from cuedeck.remembering import remembered

# A hash that no content has. A note with it counts as changed at the next build.
UNKNOWN_CONTENT = "unknown"

_ANSWERS = table(entries.ordinal, some(entries.text))


@remembered
def guid(namespace: str, note_id: str) -> str:
    """Return the guid of a note. It depends on the namespace and the author's id, and must never depend on more."""
    # An id that is not valid may have half of a character; it is reported, and its guid is never used.
    return hashlib.sha256(f"{namespace}\0{note_id}".encode(errors="surrogatepass")).hexdigest()[:20]


def is_own_guid(given: str, namespace: str, ids: Iterable[str]) -> bool:
    """Return whether a guid is made from one of these ids, and so does not come from another tool or deck."""
    return given in [guid(namespace, id) for id in ids]


@dataclass(frozen=True)
class Left:
    """What learners have of a note from releases.

    It is the note as in the last release, with everything from earlier ones that no update removes: `cards` are the
    ordinals of all cards in any release, `gone` are those of them that the last release no longer made, `answers` are
    the answers to each number in any release. `content` is `UNKNOWN_CONTENT` if nobody can tell. `fields` are the HTML
    of what the note asks and answers, also on a second card with its own texts, and of its links, by the keys of the
    fields, as far as known; None if they are as in the package of the last build.
    """

    kind: Kind = entry(entries.kind)
    guid: str = entry(GUID)
    content: str = entry(DIGEST)
    cards: tuple[int, ...] = entry(some(entries.ordinal))
    gone: tuple[int, ...] = entry(many(entries.ordinal), default=())
    answers: Mapping[int, tuple[str, ...]] = entry(_ANSWERS, default_factory=dict)
    outside: str = entry(DIGEST, default="")
    retired: str = entry(entries.line, default="")
    fields: Mapping[str, str] | None = entry(table(entries.line, entries.text), default=None)


@dataclass(frozen=True)
class LeftType:
    """What learners have of a note type from releases; `content` and `shape` are as in `KnownType`."""

    content: str = entry(DIGEST)
    shape: str = entry(DIGEST, default="")


State = TypeVar("State", Left, LeftType)


class _Known(Generic[State]):
    """What notes and note types share: learners may have them from a release, and a draft may have changed them."""

    content: str
    time: int
    released: int
    left: State | None

    @property
    def as_built(self) -> State:
        """What learners would have if the last build had been the only release."""
        raise NotImplementedError

    @property
    def presumed(self) -> State:
        """The same if learners may have another build of it, with unknown content."""
        return replace(self.as_built, content=UNKNOWN_CONTENT)

    @cached_property
    def handed_out(self) -> State | None:
        """What learners have of it from releases; None if it was in none."""
        if self.left or not self.released:
            return self.left
        # With another time it is a draft for which the release was not recorded, as in a branch of version 1.0.0.
        return self.as_built if self.time == self.released else self.presumed

    @property
    def released_content(self) -> str:
        """Its content in the last release; `UNKNOWN_CONTENT` if nobody can tell, or it was in none."""
        if self.left:
            return self.left.content if self.released else UNKNOWN_CONTENT
        return self.content if self.released == self.time > 0 else UNKNOWN_CONTENT


@dataclass(frozen=True)
class KnownNote(_Known[Left]):
    """A note as it was last built.

    `note` and `cards` are Anki's ids, `cards` by ordinal from 0; `time` is the modification time in seconds since 1970.
    For a cloze note, `answers` are the answers to each number that ever existed, and `outside` is a hash of the words
    around them. `gone` are the ordinals of cards that the note no longer makes: learners still have them, so their ids
    are kept. `was` are the former ids of the note. `retired` is the reason why it left the deck, "" if it is in it.
    `released` is its time in the last release, 0 if it was in none; with any other time it is a draft. `left` is what
    learners have of it from releases, if this build differs. `elsewhere` are the versions that other branches released,
    until a release that follows both. `drafted` is the newest time that a draft gave it, if a later build went back to
    the time of the release. It is `unadopted` if the author gave its guid, and no package with that guid was adopted
    before it was built. `due` is its position among new cards, which the first release with the note fixes; None until
    then.
    """

    id: str = entry(IDENTIFIER, "note")
    kind: Kind = entry(entries.kind)
    guid: str = entry(GUID)
    note: int = entry(entries.whole, "nid")
    cards: Mapping[int, int] = entry(table(entries.ordinal, entries.whole, required=True))
    time: int = entry(entries.time)
    content: str = entry(DIGEST)
    answers: Mapping[int, tuple[str, ...]] = entry(_ANSWERS, default_factory=dict)
    outside: str = entry(DIGEST, default="")
    gone: tuple[int, ...] = entry(many(entries.ordinal), default=())
    was: tuple[str, ...] = entry(many(IDENTIFIER), default=())
    retired: str = entry(entries.line, default="")
    released: int = entry(entries.time, default=0)
    left: Left | None = entry(nested(Left), since=2, default=None)
    elsewhere: tuple[Left, ...] = entry(many(nested(Left)), since=2, default=())
    drafted: int = entry(entries.time, since=2, default=0)
    unadopted: bool = entry(entries.yes, since=2, default=False)
    due: int | None = entry(entries.position, since=2, default=None)

    @property
    def as_built(self) -> Left:
        """What learners would have if its last build had been the only release."""
        return Left(
            kind=self.kind,
            guid=self.guid,
            content=self.content,
            cards=tuple(self.cards),
            gone=self.gone,
            answers=self.answers,
            outside=self.outside,
            retired=self.retired,
        )

    def leaving(self, left: Left | None, keep_fields: bool = False) -> "KnownNote":
        """Return the same note with what learners have of it, which is kept only if it differs from this build.

        With `keep_fields` it is also kept for its fields, because the next package will not have them.
        """
        if left and self.time == self.released and not (keep_fields and left.fields):
            left = None if replace(left, fields=None) == self.as_built else left
        return self if left is self.left else replace(self, left=left)


@dataclass(frozen=True)
class KnownType(_Known[LeftType]):
    """A note type as it was last built.

    `id` is Anki's number for it, `time` its modification time in seconds since 1970, `content` the hash of everything
    in it, `shape` the hash of only its fields and templates, which no update may change ("" if it is not known).
    `released`, `left` and `drafted` are as in `KnownNote`.
    """

    kind: Kind = entry(entries.kind, "type")
    id: int = entry(entries.whole)
    time: int = entry(entries.time)
    content: str = entry(DIGEST)
    shape: str = entry(DIGEST, default="")
    released: int = entry(entries.time, default=0)
    left: LeftType | None = entry(nested(LeftType), since=2, default=None)
    drafted: int = entry(entries.time, since=2, default=0)

    @property
    def as_built(self) -> LeftType:
        """What learners would have if its last build had been a release."""
        return LeftType(self.content, self.shape)

    def leaving(self, left: LeftType | None) -> "KnownType":
        """Return the same note type with what learners have of it, which is kept only if it differs from this build."""
        is_same = self.time == self.released and left == self.as_built
        return replace(self, left=None if is_same else left)


@dataclass(frozen=True)
class Release:
    """A version that was handed out: its time in seconds since 1970, the hash of its content, and the deck's id.

    `files_digest` is the hash of the files in its package, "" if it was not recorded. `paths` are the paths of its
    pictures and sounds, by their names in Anki, which are made from their bytes. `tags_as_written` says whether its
    tags are without the deck's id.
    """

    version: str = entry(VERSION, "release")
    time: int = entry(entries.time)
    content: str = entry(DIGEST)
    deck: str = entry(IDENTIFIER)
    files_digest: str = entry(FILES_DIGEST, "members", since=2, default="")
    tags_as_written: bool = entry(entries.yes, since=3, default=False)
    # Not compared, since they do not tell two releases apart, and a version that does not know them drops them.
    paths: Mapping[str, str] = entry(
        table(entries.line, entries.line), "media", since=2, default_factory=dict, compare=False
    )

    @property
    def unrecorded(self) -> "Release":
        """The same without what only the lock records."""
        return replace(self, files_digest="", paths={})


@dataclass(frozen=True)
class Accepted:
    """A hazard that the author accepted, such as `cloze-moved:hard-and-soft`, and when.

    `outcome` is the hash of what it does to learners, "" if version 1.0.0 wrote it. An edit with another outcome must
    be accepted again.
    """

    hazard: str = entry(entries.line, "accepted")
    time: int = entry(entries.time)
    outcome: str = entry(DIGEST, since=2, default="")


@dataclass(frozen=True)
class Adoption:
    """A package that the deck continues: the name of its file, the day when it was adopted, such as 2026-01-31.

    `tags_as_written` says whether the tags of the deck were without its id then, and so the same as in the package.
    """

    package: str = entry(entries.line, "adopted", since=3)
    day: str = entry(parsed(values.date))
    tags_as_written: bool = entry(entries.yes, default=False)


@dataclass(frozen=True)
class KnownSource:
    """A source by its id and its address. Either of them finds it again when the other has changed."""

    id: str = entry(IDENTIFIER)
    address: str = entry(entries.line)

    def found_in(self, deck: Deck) -> Source | None:
        """Return the source of a deck that this has become; None if neither id nor address is found."""
        same = (source for source in deck.sources.values() if source.url == self.address)
        return deck.sources.get(self.id) or next(same, None)


def main_source_of(deck: Deck) -> KnownSource | None:
    """Return the main source of a deck as the lock remembers it; None for a deck without sources."""
    source = deck.main_source
    return KnownSource(source.id, source.url) if source else None


@dataclass(frozen=True)
class Lock:
    """The whole of cards.lock. `titles` are the names of the decks in Anki by source id; the main deck's is under "".

    `main` is the main source of the last release, with its id and address at the last build; version 1.0.0 kept none.
    `adoptions` are the packages that it continues; earlier versions kept none. `tags_as_written` says whether the tags
    of the last build are without the deck's id. `left` are the names of the decks that learners have, if the last build
    has others. `highest` is the highest id that Anki was ever given, if no note has it any more. `is_first` says that
    version 1.0.0 wrote the lock.
    """

    namespace: str
    deck: str
    titles: Mapping[str, str]
    notes: Mapping[str, KnownNote] = field(default_factory=dict)
    types: Mapping[Kind, KnownType] = field(default_factory=dict)
    releases: tuple[Release, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    left: Mapping[str, str] | None = None
    highest: int = 0
    main: KnownSource | None = None
    adoptions: tuple[Adoption, ...] = ()
    tags_as_written: bool = False
    is_first: bool = field(default=False, compare=False)

    @cached_property
    def newest_time(self) -> int:
        """The newest modification time of anything, in seconds since 1970; 0 if nothing has been built."""
        times = [max(note.time, note.drafted) for note in self.notes.values()]
        times += [max(known.time, known.drafted) for known in self.types.values()]
        times += [release.time for release in self.releases]
        return max(times, default=0)

    @cached_property
    def highest_id(self) -> int:
        """The highest id that Anki was ever given for a note or a card; 0 if there is none."""
        return max([self.highest, *(max(note.note, *note.cards.values()) for note in self.notes.values())])

    @property
    def last_release(self) -> Release | None:
        """The newest release; None before the first."""
        return max(self.releases, key=lambda release: release.time, default=None)

    def with_files_digest(self, release: Release, digest: str) -> "Lock":
        """Return the lock with the hash of the files in the package of a release."""
        known = replace(release, files_digest=digest)
        return replace(self, releases=tuple(known if each == release else each for each in self.releases))

    @cached_property
    def is_handed_out(self) -> bool:
        """Whether learners have anything of the deck, because it was released or adopted from a package."""
        return bool(self.releases) or any(note.handed_out for note in self.notes.values())

    @property
    def titles_left(self) -> Mapping[str, str]:
        """The names of the decks that learners have, as in `titles`; none if nothing was handed out."""
        if self.left is not None:
            return self.left
        return self.titles if self.is_handed_out else {}

    @property
    def deck_left(self) -> str:
        """The id of the deck with which learners' tags begin; "" if nothing was handed out."""
        last = self.last_release
        return last.deck if last else self.deck if self.is_handed_out else ""

    @property
    def has_tags_left(self) -> bool | None:
        """Whether learners' tags are without the deck's id; None if they have none of this deck yet.

        Until the first release, they have those of the package that was adopted. If its tags are to get the deck's id,
        another decision harms nobody.
        """
        if last := self.last_release:
            return last.tags_as_written
        return True if any(each.tags_as_written for each in self.adoptions) else None

    @cached_property
    def has_adopted(self) -> bool:
        """Whether it continues a package of another tool. Before format 3, only the guids of notes show that."""
        return bool(self.adoptions) or any(
            note.handed_out and not is_own_guid(note.guid, self.namespace, (note.id, *note.was))
            for note in self.notes.values()
        )

    @cached_property
    def knows_positions(self) -> bool:
        """Whether it has the position of any note. Version 1.0.0 never wrote positions."""
        return any(note.due is not None for note in self.notes.values())

    def with_positions(self, positions: Mapping[str, int]) -> "Lock":
        """Return the lock with the positions of some of its notes fixed, by their ids."""
        fixed = {id: replace(self.notes[id], due=due) for id, due in positions.items()}
        return replace(self, notes={**self.notes, **fixed}) if fixed else self

    @property
    def pending(self) -> tuple[Accepted, ...]:
        """The hazards that were accepted since the last release, which learners have not yet met."""
        last = self.last_release
        return tuple(each for each in self.accepted if last is None or each.time > last.time)

    @cached_property
    def _renamed(self) -> Mapping[str, KnownNote]:
        return {old: note for note in self.notes.values() for old in note.was}

    def found(self, id: str) -> KnownNote | None:
        """Return the note that has an id, or had it before it was renamed; None if there never was one."""
        return self.notes.get(id) or self._renamed.get(id)
