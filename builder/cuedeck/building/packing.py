"""A stamped deck as the contents of a package: its page in Anki, and its manifest for other tools."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cuedeck.deck.deck import Deck
from cuedeck.history.entries import written
from cuedeck.history.lock import KnownNote, Lock, Release
from cuedeck.history.manifest import ManifestFile
from cuedeck.history.stamping import StampedNote, StampedType, day
from cuedeck.media.credits import credit_of
from cuedeck.media.files import MediaFile
from cuedeck.package.contents import Contents, Member
from cuedeck.rendering.description import describe
from cuedeck.rendering.fields import digest
from cuedeck.rendering.notetypes import style_file

FORMAT = 1

# The most that a manifest contains about drafts, in notes and in characters: far below what a reader refuses.
_MOST_DRAFTS = 10_000
_MOST_TEXT = 1_000_000


def contents(deck: Deck, notes: Sequence[StampedNote], types: Sequence[StampedType], lock: Lock) -> Contents:
    """Return the contents of a build's package: a release if they are the same as in the last release, else a draft."""
    # In the order of Anki's ids, so that reordering notes in the file changes nothing.
    notes = sorted(notes, key=lambda each: each.known.note)
    last = lock.last_release
    about, retired, media = _about(deck), _retired(lock), _media_listed(notes, deck, last.paths if last else {})
    # Their paths and credits are only in the manifest, but two packages of one release are never different.
    listed = {name: [file.path, file.author, file.license, file.url] for name, file in media.items()}
    content = digest(
        about,
        deck.about.description,
        retired,
        [(each.known.id, each.known.guid, each.known.time, each.known.content, each.rendered.deck) for each in notes],
        [(each.known.kind, each.known.time, each.known.content) for each in types],
        *([listed] if listed else []),
    )
    release = last if last and last.content == content else None
    return Contents(
        namespace=deck.about.namespace,
        main_title=deck.about.title,
        titles=tuple(sorted({each.rendered.deck for each in notes})),
        description=describe(deck, _status(release, last), retired),
        types=types,
        notes=notes,
        media=_media(notes),
        digest=content,
        version=release.version if release else "",
        manifest={
            **about,
            "format": FORMAT,
            "version": release.version if release else None,
            "date": day(release.time) if release else None,
            "draft": release is None,
            "notes": len(notes),
            "cards": sum(len(each.rendered.cards) for each in notes),
            "content": content,
            **({"media": {name: written(file) for name, file in media.items()}} if media else {}),
            "newest": max([*(each.known.time for each in notes), *(each.known.time for each in types)]),
            **_remembered(lock, is_draft=release is None),
        },
    )


def _media(notes: Iterable[StampedNote]) -> dict[str, Member]:
    """Return the files that the notes need, by their names in Anki, after the learner's own style file."""
    files = {file.name: file for note in notes for file in note.rendered.files}
    return {**dict([style_file()]), **dict(sorted(files.items()))}


def media_of(notes: Iterable[StampedNote]) -> dict[str, ManifestFile]:
    """Return what is known of the pictures and sounds that notes need, except their credits, by their names in Anki."""
    files = (file for file in _media(notes).values() if isinstance(file, MediaFile))
    return {file.name: ManifestFile(file.path, file.size, file.sha256) for file in files}


def _media_listed(notes: Iterable[StampedNote], deck: Deck, released: Mapping[str, str]) -> dict[str, ManifestFile]:
    """Return what the manifest says about pictures and sounds, by their names in Anki.

    Those of the last release keep the paths that they had then, which are given by their names: to move a file changes
    nothing for learners, so it must not make a draft.
    """
    return {name: _listed(file, released.get(name, file.path), deck) for name, file in media_of(notes).items()}


def _listed(file: ManifestFile, path: str, deck: Deck) -> ManifestFile:
    listed = replace(file, path=path)
    credit = credit_of(file.path, deck.media)
    return replace(listed, author=credit.author, license=credit.license, url=credit.url) if credit else listed


def _retired(lock: Lock) -> list[str]:
    """Return the ids, including former ones, of the notes that learners may still have although they left the deck."""
    # Before the first release, people who have the deck have a draft. Later, nobody has a note that no release had.
    handed_out = (note for note in lock.notes.values() if note.retired and (note.released or not lock.releases))
    return sorted(id for note in handed_out for id in (note.id, *note.was))


def _remembered(lock: Lock, is_draft: bool) -> dict[str, Any]:
    """Return what the lock knows and the database does not contain, so that a lost lock can be made again.

    A draft also contains how releases left its notes. A release does not need that, and stays as version 1.0.0 made it;
    so does a draft of that version until something is edited.
    """
    notes = [note for _, note in sorted(lock.notes.items())]
    old = [each for each in map(_as_released, notes) if each.retired or each.was or each.gone]
    drafts = _drafts(notes, lock) if is_draft and not lock.is_first else []
    return {
        # Without the position, which is in the database; only the lock has to keep it.
        "remembered": {note.id: written(replace(note, due=None)) for note in (*old, *drafts)},
        # Without the hash of the files in its package, which this manifest is one of.
        "releases": [written(release.unrecorded) for release in lock.releases],
    }


def _as_released(note: KnownNote) -> KnownNote:
    """Return a note without the cards that only drafts gave it, and without what only drafts say about it."""
    left = note.left
    if left and left.content == note.content:
        cards = {ordinal: id for ordinal, id in note.cards.items() if ordinal in left.cards}
        note = replace(note, cards=cards, gone=left.gone, answers=left.answers)
    return replace(note, left=None, elsewhere=(), drafted=0)


def _drafts(notes: Iterable[KnownNote], lock: Lock) -> list[KnownNote]:
    """Return what a draft says about notes that differ from their release, if that is not too much for a reader.

    Texts are left out first; without them, only replaced questions are unknown. A note that is left out completely
    counts as released when the package is adopted.
    """
    drafts = [each for each in notes if lock.is_handed_out and (each.left or each.time != each.released)]
    if len(drafts) > _MOST_DRAFTS:
        return []
    if sum(len(text) for each in drafts if each.left for text in (each.left.fields or {}).values()) > _MOST_TEXT:
        drafts = [each if each.left is None else replace(each, left=replace(each.left, fields={})) for each in drafts]
    # The package itself contains the answers of the numbers that are in use.
    return [each if each.gone or each.retired else replace(each, answers={}, outside="") for each in drafts]


def _about(deck: Deck) -> dict[str, Any]:
    """Return what the manifest says about the deck itself."""
    return {
        "deck": deck.about.id,
        "namespace": deck.about.namespace,
        "title": deck.about.title,
        "author": deck.about.author,
        "license": deck.about.license,
        **({"feedback": deck.about.feedback} if deck.about.feedback else {}),
        **({"tags_as_written": True} if deck.about.tags_as_written else {}),
        "sources": [
            {
                "title": source.title,
                "author": source.author,
                "published": source.published.isoformat() if source.published else "",
                "url": source.url,
            }
            for source in deck.sources_from_main  # in this order, so that other tools and we know the main one
        ],
    }


def _status(release: Release | None, last: Release | None) -> str:
    if release:
        return f"Version {release.version}, {day(release.time)}."
    return f"Draft after version {last.version}." if last else "Draft: not released."
