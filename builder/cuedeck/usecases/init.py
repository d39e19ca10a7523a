"""Begin a deck: a cards.yaml with its own namespace, and an example or what is known about a recording."""

import json
import os
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cuedeck.deck.moments import clock
from cuedeck.deck.values import deck_title, file_path, new_namespace
from cuedeck.disk.storing import store_all
from cuedeck.problems import stop
from cuedeck.reading.refusals import UNSHOWN
from cuedeck.reading.schema import json_schema
from cuedeck.recording.describing import Described, described, together
from cuedeck.recording.transcripts.cues import UnreadableError
from cuedeck.recording.transcripts.reading import bytes_of

CARDS = "cards.yaml"
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


_BELOW = """\
# Write the notes of each idea below its concept, such as
#
#    notes:
#      id-of-the-note:  # change the text of a note as often as you like, but never its id
#        at: 0:05  # if it has a moment of its own
#        q: What ...?
#        a: ...
"""
_LONGEST_ID = 60


@dataclass(frozen=True)
class _Known:
    """What the files given to begin with say, and the transcript among them: where it is, and its bytes."""

    about: Described
    transcript: Path | None = None
    data: bytes = b""


def init(folder: Path, id: str, title: str, sources: Sequence[Path] = ()) -> tuple[Path, ...]:
    """Write a cards.yaml and the schema for editors into a folder, which is made if it is missing.

    Without `sources`, the cards.yaml is a valid example. Otherwise these are files about a recording: what they say is
    taken over, with a concept for each chapter, and a transcript that is elsewhere is copied into the folder. `title`
    is that of the deck; if it is "", the title of the recording, or else the name of the folder.

    Returns the files. Raises `Problems` if one of them exists and is different, or if a source cannot be read; nothing
    is written then. cards.yaml is written last, so that an interrupted run can be repeated.
    """
    known = _known(sources)
    named = title or _as_deck_title(known.about.title) or _as_deck_title(folder.resolve().name) or "My deck"
    head = _HEAD.format(schema=SCHEMA, id=id, namespace=new_namespace(), title=_quoted(named))
    beside = {folder / SCHEMA: f"{json.dumps(json_schema(), indent=2)}\n".encode()}
    path = ""
    if known.transcript:
        path = _path_inside(known.transcript, folder)
        if not path:
            path = known.transcript.name
            beside[folder / path] = known.data
        _stop_at_unfit_name(known.transcript, path)
    text = head + ("".join(_begun(known.about, path)) if sources else _EXAMPLE)
    files = {**beside, folder / CARDS: text.encode()}
    for each, data in files.items():
        if each.exists() and not (each.is_file() and each.read_bytes() == data):
            stop(
                each.as_posix(),
                "there-already",
                "this file already exists",
                "name another folder, or move the file away",
            )
    store_all(files)
    return tuple(files)


def _known(sources: Sequence[Path]) -> _Known:
    """Return what files say about a recording. Raises `Problems` if one says nothing, or if two are transcripts."""
    found: list[Described] = []
    transcript: tuple[Path, bytes] | None = None
    for path in sources:
        name = path.as_posix()
        try:
            data = bytes_of(path)
            found.append(described(data))
        except FileNotFoundError:
            stop(name, "no-file", "there is no such file", "name a file that is there")
        except UnreadableError as error:
            stop(name, "nothing-to-begin-with", str(error), error.hint, error.line)
        if found[-1].has_cues:
            if transcript:
                stop(
                    name,
                    "two-transcripts",
                    f"this is a transcript, and so is {transcript[0].as_posix()}",
                    "leave one of the two out; the other can replace it in cards.yaml later",
                )
            transcript = path, data
    return _Known(together(found), *(transcript or ()))


def _begun(about: Described, transcript: str) -> Iterator[str]:
    """Yield the lines of a cards.yaml from its source on."""
    yield "  talk:\n"
    yield f"    title: {_quoted(about.title)}\n" if about.title else "    # title: what the recording is called\n"
    if about.speaker:
        yield f"    author: {_quoted(about.speaker)}  # correct this if somebody else speaks\n"
    if about.published:
        yield f"    published: {about.published.isoformat()}\n"
    yield f"    url: {_quoted(about.url)}\n" if about.url else "    # url: the web address of the recording\n"
    if about.length:
        yield f"    length: {clock(about.length)}\n"
    if transcript:
        yield f"    transcript: {_quoted(transcript)}  # only for you: nothing of it is ever handed out\n"
    if about.chapters:
        yield "    chapters:\n"
        for start, title in sorted(about.chapters.items()):
            yield f"      {clock(start)}: {_quoted(title)}\n"
    yield f"\n{_BELOW}concepts:\n"
    ids: dict[str, int] = {}
    for start, title in sorted(about.chapters.items()):
        yield f"  {_free_id(title, ids)}:\n    title: {_quoted(title)}\n    at: {clock(start)}\n"
    if not about.chapters:
        yield f"  first-idea:\n    title: {_quoted(about.title or 'A first idea')}\n"


def _free_id(title: str, ids: dict[str, int]) -> str:
    """Return an id that no other concept has, made from a title, and remember it with the next number to add to it."""
    id = first = id_from(title, "concept")
    while id in ids:
        ids[first] += 1
        id = f"{first}-{ids[first]}"
    ids[id] = 1
    return id


def id_from(words: str, otherwise: str) -> str:
    """Return an id made from a name or title; `otherwise` if that has no letters of an id."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_ID].strip("-") or otherwise


def _as_deck_title(words: str) -> str:
    """Return a title as Anki can have it for a deck; "" if that is not possible."""
    try:
        return deck_title(words.replace('"', "'").replace("::", ": "))
    except ValueError:
        return ""


def _quoted(words: str) -> str:
    """Return a text in quotes, without the characters that a cards.yaml must not contain."""
    return json.dumps(UNSHOWN.sub("", words), ensure_ascii=False)


def _path_inside(path: Path, folder: Path) -> str:
    """Return the path of a file from a folder, with slashes; "" if it is not inside of it."""
    there, here = Path(os.path.realpath(path)), Path(os.path.realpath(folder))
    return there.relative_to(here).as_posix() if there.is_relative_to(here) else ""


def _stop_at_unfit_name(transcript: Path, path: str) -> None:
    try:
        file_path(path)
    except ValueError:
        stop(transcript.as_posix(), "bad-transcript", f'"{path}" cannot be the name of a transcript', "rename the file")
