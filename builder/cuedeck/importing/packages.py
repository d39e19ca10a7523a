"""Read a package or collection of Anki, in its older or its newer format."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path

from cuedeck.bridging.decks import BETWEEN, common_deck, folded, has_several, is_within, read_decks, top
from cuedeck.deck.kinds import Kind
from cuedeck.deck.tags import OWNERS
from cuedeck.history.lock import is_own_guid
from cuedeck.history.snapshot import PackedNote, PackedType, Snapshot
from cuedeck.importing.foreign import Card, Fetch, ForeignDeck, ForeignNote, ForeignType, nfc
from cuedeck.importing.ownpackages import Recordings, recordings_of
from cuedeck.package.database import read_snapshot
from cuedeck.package.medialist import listed_media
from cuedeck.package.newerform import in_older_form
from cuedeck.package.opening import Packed, read_members
from cuedeck.problems import stop
from cuedeck.rendering.description import own_words
from cuedeck.rendering.notefields import CLIP, CONCEPT, NOTE_ID
from cuedeck.wording import did_you_mean, listed, nearest

ENDINGS = (".apkg", ".colpkg")


def read_package(path: Path, names: Sequence[str]) -> ForeignDeck:
    """Return the notes of a package, or of the decks in it with these names.

    Raises `Problems` if it cannot be read, has no deck of a name, or has several decks and none was named.
    """
    files = in_older_form(read_members(path), path)
    snapshot = read_snapshot(files, path)
    notes = _chosen(snapshot, path, names)
    types = {number: foreign_type(type) for number, type in snapshot.types.items()}
    whole = sha256()
    for piece in files.pieces():
        whole.update(piece)
    title = common_deck([note.deck for note in notes], names)
    manifest = snapshot.manifest
    recordings = recordings_of(snapshot)
    return ForeignDeck(
        title=manifest.title or title,
        notes=tuple(_notes(notes, types, snapshot, recordings)),
        digest=whole.hexdigest(),
        files=_files(files, path),
        remarks=tuple(_lost_with(recordings)),
        description=own_words(snapshot.decks.get(manifest.title, ""))
        if manifest.namespace
        else snapshot.decks.get(title, ""),
        namespace=manifest.namespace,
        tags_as_written=manifest.tags_as_written,
        id=manifest.deck,
        about={"author": manifest.author, "license": manifest.license, "feedback": manifest.feedback},
        paths={name: file.path for name, file in manifest.media.items()},
        credits={
            file.path: {"license": file.license, "author": file.author, "url": file.url}
            for file in manifest.media.values()
            if file.license
        },
        recordings=recordings.known if recordings else {},
        picked=() if manifest.namespace else tuple(names or _to_pick(notes, files, path)),
    )


def _to_pick(notes: Sequence[PackedNote], files: Packed, path: Path) -> list[str]:
    """Return the decks that these notes are in, if the package may contain others that learners do not have."""
    if not has_several(path, (deck.name for deck in read_decks(files))):
        return []
    return [*{folded(top(note.deck)): top(note.deck) for note in notes if note.deck}.values()]


def _lost_with(recordings: Recordings | None) -> Iterator[str]:
    """Yield what a package of ours does not say, although its deck had it."""
    if recordings is None:
        yield "the moments of the notes do not come back, since it is not clear how their recordings are linked"
    if recordings and recordings.known:
        yield (
            "what only its author had does not come back: the ends of passages, the files of recordings, transcripts "
            "and clips"
        )


def _notes(
    notes: Sequence[PackedNote],
    types: Mapping[int, ForeignType],
    snapshot: Snapshot,
    recordings: Recordings | None,
) -> Iterator[ForeignNote]:
    moments = recordings.moments if recordings else {}
    space = snapshot.namespace
    for number, note in enumerate(notes, 1):
        own = note.fields.get(NOTE_ID.key, "") if space else ""
        source, at = moments.get(note.guid, ("", ()))
        prefix = f"{snapshot.manifest.deck}{BETWEEN}" if space and not snapshot.manifest.tags_as_written else ""
        yield ForeignNote(
            place=f'note {number:,} (guid "{note.guid}")',
            type=types[note.type],
            texts={key: html for key, html in note.fields.items() if not own or key != CLIP.key},
            guid="" if own and is_own_guid(note.guid, space, (own, *snapshot.former(own))) else note.guid,
            deck=note.deck,
            tags=tuple(tag.removeprefix(prefix) for tag in note.tags if tag.lower() not in OWNERS),
            cards=tuple(note.cards),
            id=own,
            at=at,
            source=source,
            concept=note.fields.get(CONCEPT.key, "") if own else "",
        )


def foreign_type(type: PackedType) -> ForeignType:
    """Return a note type of a package."""
    cards = tuple(Card(front, back) for front, back in zip(type.fronts, type.backs, strict=True))
    return ForeignType(type.name, type.keys, cards, type.kind == Kind.CLOZE, type, type.css)


def _files(files: Packed, path: Path) -> dict[str, Fetch]:
    try:
        named = listed_media(files)
    except (ValueError, TypeError):
        stop(
            path.as_posix(),
            "no-package",
            "the package is damaged or forged: its list of pictures and sounds cannot be read",
            "download it again, or export it from Anki again",
        )
    return {nfc(name): partial(files.__getitem__, member) for member, name in named.items() if member in files}


def _chosen(snapshot: Snapshot, path: Path, names: Sequence[str]) -> list[PackedNote]:
    """Return the notes that count, in the order in which learners get them."""
    notes = sorted(
        snapshot.notes.values(), key=lambda note: (not note.is_new, note.due if note.is_new else 0, note.note)
    )
    decks = [*dict.fromkeys(note.deck for note in notes if note.deck)]
    if names:
        for name in names:
            if not any(is_within(deck, name) for deck in decks):
                likely = nearest(name, decks, 3)
                hint = did_you_mean(*likely) or f"its decks are: {listed(decks)}"
                stop(path.as_posix(), "no-deck", f'there is no deck "{name}" with notes in the package', hint)
        return [
            note for note in notes if any(is_within(deck, name) for name in names for deck in (note.deck, *note.decks))
        ]
    tops = Counter(top(deck) for deck in (note.deck for note in notes) if deck)
    if len({folded(each) for each in tops}) > 1:
        counts = listed([f"{name} ({count:,})" for name, count in tops.most_common()])
        stop(
            path.as_posix(),
            "several-decks",
            f"the package contains {len(tops):,} decks; the number after each says how many notes it has: {counts}",
            f'name the deck to import, with --deck "{tops.most_common(1)[0][0]}"',
        )
    return notes
