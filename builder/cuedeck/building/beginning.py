"""Begin a deck or a part of one: what files say about its recording, written as YAML."""

import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from cuedeck.building.newids import NewIds
from cuedeck.deck.moments import clock
from cuedeck.deck.values import file_path
from cuedeck.problems import stop
from cuedeck.reading.refusals import UNSHOWN
from cuedeck.recording.describing import Described, described, together
from cuedeck.recording.transcripts.cues import UnreadableError
from cuedeck.recording.transcripts.reading import bytes_of
from cuedeck.records import dataclass

SCHEMA = "cards.schema.json"
"""The name of the schema for editors, beside the cards.yaml."""

_BELOW = """\
# Write the notes of each idea below its concept, such as
#
#    notes:
#      id-of-the-note:  # change the text of a note as often as you like, but never its id
#        at: 0:05  # if it has a moment of its own
#        q: What ...?
#        a: ...
"""


@dataclass(frozen=True)
class Known:
    """What the files given to begin with say, and the transcript among them: where it is, and its bytes."""

    about: Described
    transcript: Path | None = None
    data: bytes = b""

    def transcript_in(self, folder: Path, copy: str = "") -> tuple[str, dict[Path, bytes]]:
        """Return the path of the transcript from a folder, and the copy to write if it is elsewhere.

        The copy gets the path `copy`, with the ending of the file, or else its name. Both are empty if there is no
        transcript. Raises `Problems` if its name cannot be written.
        """
        if not self.transcript:
            return "", {}
        there, here = Path(os.path.realpath(self.transcript)), Path(os.path.realpath(folder))
        is_inside = there.is_relative_to(here)
        name = f"{copy}{self.transcript.suffix}" if copy else self.transcript.name
        path = there.relative_to(here).as_posix() if is_inside else name
        try:
            file_path(path)
        except ValueError:
            place, message = self.transcript.as_posix(), f'"{path}" cannot be the name of a transcript'
            stop(place, "bad-transcript", message, "rename the file")
        return path, {} if is_inside else {folder / path: self.data}


def known_from(sources: Sequence[Path]) -> Known:
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
    return Known(_fit(together(found)), *(transcript or ()))


def _fit(about: Described) -> Described:
    """Return what is known without what no cards.yaml can have: some characters, and chapters after the end."""
    chapters = {start: title for start, words in about.chapters.items() if (title := shown(words))}
    is_longer = about.length is not None and all(start < about.length for start in chapters)
    return replace(
        about,
        title=shown(about.title),
        speaker=shown(about.speaker),
        length=about.length if is_longer else None,
        chapters=chapters,
    )


def begun(
    about: Described, transcript: str, id: str = "talk", names_source: bool = False, taken: Collection[str] = ()
) -> Iterator[str]:
    """Yield the lines of a file from its `sources:` on, of which there is one, with an id.

    With `names_source`, concepts name it, as they must if the deck has others. `taken` are the ids of concepts that the
    deck has already.
    """
    yield f"sources:\n  {id}:\n"
    yield f"    title: {quoted(about.title)}\n" if about.title else "    # title: what the recording is called\n"
    if about.speaker:
        yield f"    author: {quoted(about.speaker)}  # correct this if somebody else speaks\n"
    if about.published:
        yield f"    published: {about.published.isoformat()}\n"
    yield f"    url: {quoted(about.url)}\n" if about.url else "    # url: the web address of the recording\n"
    length = f"length: {clock(about.length)}" if about.length else "# length: how long it is, such as 1:02:03"
    yield f"    {length}\n"
    if transcript:
        yield f"    transcript: {quoted(transcript)}  # only for you: nothing of it is ever handed out\n"
    if about.chapters:
        yield "    chapters:\n"
        for start, title in sorted(about.chapters.items()):
            yield f"      {clock(start)}: {quoted(title)}\n"
    yield f"\n{_BELOW}concepts:\n"
    ids = NewIds("concept", taken)
    source = f"    source: {id}\n" if names_source else ""
    for start, title in sorted(about.chapters.items()):
        yield f"  {ids.made_from(title)}:\n    title: {quoted(title)}\n{source}    at: {clock(start)}\n"
    if not about.chapters:
        yield f"  {ids.made_from('First idea')}:\n    title: {quoted(about.title or 'A first idea')}\n{source}"


def shown(words: str) -> str:
    """Return a text without the characters that a cards.yaml must not contain."""
    return " ".join(UNSHOWN.sub("", words).split())


def quoted(words: str) -> str:
    """Return a text in quotes, without the characters that a cards.yaml must not contain."""
    return json.dumps(shown(words), ensure_ascii=False)


def stop_at_others(files: Mapping[Path, bytes], hint: str) -> None:
    """Raise `Problems` if one of the files that are to be written exists, and is different."""
    for path, data in files.items():
        if path.exists() and not (path.is_file() and path.read_bytes() == data):
            stop(path.as_posix(), "there-already", "this file already exists", hint)
