"""Begin a deck: a cards.yaml with its own namespace, and an example or what is known about a recording."""

import json
from collections.abc import Sequence
from pathlib import Path

from cuedeck.building.beginning import begun, known_from, quoted, stop_at_others
from cuedeck.deck.values import deck_title, new_namespace
from cuedeck.disk.storing import store_all
from cuedeck.disk.text import CARDS_NAME
from cuedeck.reading.schema import json_schema

SCHEMA = "cards.schema.json"

_HEAD = """\
# yaml-language-server: $schema={schema}
deck:
  id: {id}
  namespace: {namespace}  # drawn at random for this deck: never change it
  title: {title}

sources:
"""
_EXAMPLE = """\
  talk:
    title: Me at the zoo
    author: Jawed Karim
    url: https://www.youtube.com/watch?v=jNQXAC9IVRw

concepts:
  elephants:
    title: Elephants
    at: 0:01-0:12  # when the speaker says this: the cards link to it
    notes:
      elephant-front:  # the id of the note: change its text as often as you like, but never its id
        cloze: |
          The speaker stands in front of the {{c1::elephants}} of a {{c2::zoo}}.
      elephant-trunks:
        at: 0:05  # this note has its own moment
        q: What does the speaker find cool about elephants?
        a: Their very long trunks
"""


def init(folder: Path, id: str, title: str, sources: Sequence[Path] = ()) -> tuple[Path, ...]:
    """Write a cards.yaml and the schema for editors into a folder, which is made if it is missing.

    Without `sources`, the cards.yaml is a valid example. Otherwise these are files about a recording: what they say is
    taken over, with a concept for each chapter, and a transcript that is elsewhere is copied into the folder. `title`
    is that of the deck; if it is "", the title of the recording, or else the name of the folder.

    Returns the files. Raises `Problems` if one of them exists and is different, or if a source cannot be read; nothing
    is written then. cards.yaml is written last, so that an interrupted run can be repeated.
    """
    known = known_from(sources)
    named = title or _as_deck_title(known.about.title) or _as_deck_title(folder.resolve().name) or "My deck"
    head = _HEAD.format(schema=SCHEMA, id=id, namespace=new_namespace(), title=quoted(named))
    path, beside = known.transcript_in(folder)
    text = head + ("".join(begun(known.about, path)) if sources else _EXAMPLE)
    schema = f"{json.dumps(json_schema(), indent=2)}\n".encode()
    files = {folder / SCHEMA: schema, **beside, folder / CARDS_NAME: text.encode()}
    stop_at_others(files, "name another folder, or move the file away")
    store_all(files)
    return tuple(files)


def _as_deck_title(words: str) -> str:
    """Return a title as Anki can have it for a deck; "" if that is not possible."""
    try:
        return deck_title(words.replace('"', "'").replace("::", ": "))
    except ValueError:
        return ""
