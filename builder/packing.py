"""A stamped deck as the contents of a package: what its page in Anki says, and what its manifest tells other tools."""

import datetime
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from builder.deck.deck import Deck
from builder.history.lock import Lock, Release
from builder.history.stamping import StampedNote, StampedType
from builder.package.contents import Contents
from builder.rendering.description import describe
from builder.rendering.fields import digest
from builder.rendering.notetypes import style_file

FORMAT = 1


def contents(deck: Deck, notes: Sequence[StampedNote], types: Sequence[StampedType], lock: Lock) -> Contents:
    """Return what the package of a build holds: a release where it is just what the last release was, else a draft."""
    retired = {id: known.retired for id, known in sorted(lock.notes.items()) if known.retired}
    about = _about(deck)
    content = digest(
        about,
        deck.deck.description,
        retired,
        [(each.known.id, each.known.time, each.known.content) for each in notes],
        [(each.known.kind, each.known.time, each.known.content) for each in types],
    )
    last = lock.last_release
    release = last if last and last.content == content else None
    names = [name for id in retired for name in (id, *lock.notes[id].was)]
    return Contents(
        namespace=deck.deck.namespace,
        main_title=deck.deck.title,
        titles=tuple(dict.fromkeys(each.rendered.deck for each in notes)),
        description=describe(deck, _status(release, last), names),
        types=types,
        notes=notes,
        media=dict([style_file()]),
        manifest={
            **about,
            "format": FORMAT,
            "version": release.version if release else None,
            "date": day(release.time) if release else None,
            "draft": release is None,
            "notes": len(notes),
            "cards": sum(len(each.rendered.cards) for each in notes),
            "content": content,
            "retired": retired,
            "renamed": {id: list(known.was) for id, known in sorted(lock.notes.items()) if known.was},
            "last_release": asdict(last) if last else None,
        },
    )


def _about(deck: Deck) -> dict[str, Any]:
    """Return what the manifest says of the deck itself."""
    return {
        "deck": deck.deck.id,
        "namespace": deck.deck.namespace,
        "title": deck.deck.title,
        "author": deck.deck.author,
        "license": deck.deck.license,
        "sources": [
            {
                "title": source.title,
                "author": source.author,
                "published": source.published.isoformat() if source.published else "",
                "url": source.url,
            }
            for source in deck.sources.values()
        ],
    }


def _status(release: Release | None, last: Release | None) -> str:
    if release:
        return f"Version {release.version}, {day(release.time)}."
    return f"Draft after version {last.version}." if last else "Draft: not released."


def day(time: int) -> str:
    """Return the day of a time in seconds since 1970, in UTC, such as 2026-01-31."""
    return datetime.datetime.fromtimestamp(time, datetime.UTC).date().isoformat()
