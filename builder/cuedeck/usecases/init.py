"""Begin a deck: a cards.yaml with its own namespace, and an example or what is known about a recording."""

import os
from collections.abc import Sequence
from pathlib import Path

from cuedeck.building.beginning import SCHEMA, begun, known_from, quoted, shown, stop_at_others
from cuedeck.deck.values import deck_title, new_namespace
from cuedeck.disk.storing import name_another_folder, store_all
from cuedeck.disk.text import CARDS_NAME
from cuedeck.reading.schema import schema_text

ATTRIBUTES = ".gitattributes"

_HEAD = """\
# yaml-language-server: $schema={schema}
deck:
  id: {id}
  namespace: {namespace}  # drawn at random for this deck: never change it
  title: {title}
  # author: Your Name  # to share the deck, remove the # before these two lines, and fill them in
  # license: CC BY 4.0
"""
_MERGED = "# Two branches may each add notes: git keeps the lines of both.\ncards.lock merge=union text eol=lf\n"
_EXAMPLE = """
sources:
  talk:
    title: Me at the zoo
    author: Jawed Karim
    url: https://www.youtube.com/watch?v=jNQXAC9IVRw
    length: 0:19  # a moment after its end is an error

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
# The parts of a course by their paths.
_PARTS = "  parts: [lectures/*.yaml]  # each of these files has the notes of one lecture\n"
_COURSE = {
    "lectures/lecture-01.yaml": """\
# yaml-language-server: $schema=../cards.schema.json
sources:
  lecture-01:
    title: "1: The body"
    author: A. Speaker
    url: https://example.org/elephants/1.mp3

concepts:
  trunk:
    title: The trunk
    source: lecture-01  # the lecture that its notes come from
    at: 2:10-9:40  # when the speaker says this: the cards link to it
    notes:
      trunk-parts:  # the id of the note: change its text as often as you like, but never its id
        q: Which parts of the face have become an elephant's trunk?
        a: Nose and upper lip
      trunk-drinking:
        at: 7:25  # this note has its own moment
        cloze: |
          To drink, an elephant {{c1::sucks up}} water with its trunk,
          and pours it into its {{c2::mouth}}.
""",
    "lectures/lecture-02.yaml": """\
# yaml-language-server: $schema=../cards.schema.json
sources:
  lecture-02:
    title: "2: The herd"
    author: A. Speaker
    url: https://example.org/elephants/2.mp3

concepts:
  matriarch:
    title: The oldest cow
    source: lecture-02
    at: 4:05
    notes:
      herd-leader:
        q: Which animal leads a herd of elephants?
        a: Its oldest cow
""",
}


def init(folder: Path, id: str, title: str, sources: Sequence[Path] = (), is_course: bool = False) -> tuple[Path, ...]:
    """Write a cards.yaml, and what editors and git need, into a folder, which is made if it is missing.

    Without `sources`, the cards.yaml is a valid example, of a course with two parts if `is_course`. Otherwise these are
    files about a recording: what they say is taken over, with a concept for each chapter, and a transcript that is
    elsewhere is copied into the folder. `title` is that of the deck; if it is "", the title of the recording, or else
    the name of the folder.

    Returns the files. Raises `Problems` if one of them exists and is different, or if a source cannot be read; nothing
    is written then. Only the settings of git are left as they are if there are any. cards.yaml is written last, so that
    an interrupted run can be repeated.
    """
    known = known_from(sources)
    named = title or _as_deck_title(known.about.title) or _as_deck_title(folder.resolve().name) or "My deck"
    head = _HEAD.format(schema=SCHEMA, id=id, namespace=new_namespace(), title=quoted(named))
    path, beside = known.transcript_in(folder)
    parts = {folder / name: text.encode() for name, text in _COURSE.items()} if is_course else {}
    text = head + (_PARTS if is_course else "\n" + "".join(begun(known.about, path)) if sources else _EXAMPLE)
    settings = {} if os.path.lexists(folder / ATTRIBUTES) else {folder / ATTRIBUTES: _MERGED.encode()}
    files = {**settings, folder / SCHEMA: schema_text().encode(), **beside, **parts, folder / CARDS_NAME: text.encode()}
    stop_at_others(files, f"{name_another_folder(folder)}, or move the file away")
    store_all(files)
    return tuple(files)


def _as_deck_title(words: str) -> str:
    """Return a title as Anki can have it for a deck; "" if that is not possible."""
    try:
        return deck_title(shown(words).replace('"', "'").replace("::", ": "))
    except ValueError:
        return ""
