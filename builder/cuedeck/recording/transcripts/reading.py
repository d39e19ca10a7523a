"""Read a transcript: find its file, its encoding and its shape, and return its cues in order of time."""

import json
import os
import stat
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from cuedeck.disk.unreadable import how_to_read, reason
from cuedeck.patterns import regex
from cuedeck.recording.transcripts.cues import LATEST, MOST_CUES, Cue, RefusedError, Remark, Transcript, UnreadableError
from cuedeck.recording.transcripts.decoding import Decoded, decode
from cuedeck.recording.transcripts.jsonfiles import cues_of
from cuedeck.recording.transcripts.stamped import stamped
from cuedeck.recording.transcripts.subtitles import has_subtitles, subtitles
from cuedeck.wording import counted, megabytes

LARGEST = 16_000_000
"""The most bytes of a transcript. Ten hours with a time for each word have about five million."""

_MOST_TEXT = 4_000_000  # characters: more than sixty hours of speech
_SAVE = "save it as UTF-8 in your editor"
_SHAPES = "use WebVTT, SRT, SBV, the JSON of a speech recognizer, or a page with a time before or after each passage"
_SPEAKER = regex(r"([^\W\d_][\w .'()-]{0,40}):\s+(?=\S)")
_NAMED = 0.2  # of the cues begin with the name of who speaks, if any do
_RECURS = 3
_PER_WORD = 0.4  # seconds, for a cue that does not say when it ends
_LONGEST_WAIT = 30.0  # seconds after which a passage without an end is over


def read_transcript(path: Path, folder: Path) -> Transcript:
    """Return the transcript in a file inside of a folder.

    Raises FileNotFoundError if there is no such file, and UnreadableError if nothing can be read of it.
    """
    return transcript_of(bytes_of(path, folder))


def bytes_of(path: Path, folder: Path | None = None) -> bytes:
    """Return the bytes of a file; raises as `read_transcript`. If a folder is given, no link may lead out of it."""
    try:
        found = path.stat()
        if folder and not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder)):
            raise UnreadableError("it is a link that leads out of the folder of the deck", "copy the file there")
        if not stat.S_ISREG(found.st_mode):
            raise UnreadableError("it is not an ordinary file", "save the text in a file, and name that")
        if found.st_size > LARGEST:
            raise UnreadableError(f"it has more than {megabytes(LARGEST)}", "use the transcript alone, as a text file")
        return path.read_bytes()
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        if isinstance(error, UnreadableError):
            raise
        raise RefusedError(f"it cannot be read: {reason(error)}", how_to_read(error)) from None


def transcript_of(data: bytes) -> Transcript:
    """Return the transcript that the bytes of a file contain. Raises UnreadableError if nothing can be read of it."""
    decoded = decoded_text(data)
    remarks: list[Remark] = []
    cues = _within_reason(_cues_of(decoded.text, remarks), remarks)
    cues = _with_ends(_in_order(cues, remarks), remarks)
    return Transcript(_without_speakers(cues), decoded.encoding, _guess(decoded), tuple(remarks))


def _guess(decoded: Decoded) -> Remark | None:
    if not decoded.guessed_at:
        return None
    message = f"it is not UTF-8, so it was read as {decoded.encoding}, which is a guess"
    return Remark(decoded.guessed_at, message, _SAVE)


def decoded_text(data: bytes) -> Decoded:
    """Return the text of the bytes of a file. Raises UnreadableError if they are not a text."""
    if not data.strip():
        raise UnreadableError("it is empty", "put the file there again")
    if data.startswith(b"version https://git-lfs"):
        raise UnreadableError("it is only the address of a file in Git Large File Storage", "run: git lfs pull")
    if not (decoded := decode(data)):
        raise UnreadableError("it is not a text", _SHAPES)
    return decoded


def decoded_json(text: str) -> Any:
    """Return what a text of JSON says; None if it is not JSON. No number in it is infinite."""
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None


def _cues_of(text: str, remarks: list[Remark]) -> list[Cue]:
    if (data := decoded_json(text)) is not None:
        return cues_of(data)
    if has_subtitles(text):
        return list(subtitles(text))
    cues, backwards = stamped(text)
    if backwards and cues:
        remarks.append(
            Remark(
                backwards[0],
                f"{_lines(len(backwards), 'with a time')} earlier than the one before, so the time was read as text",
                "correct the time if it is one",
            )
        )
    if text.lstrip()[:1] == "{" and not cues:
        raise UnreadableError("it begins like JSON, but is not valid JSON", "save it again; it may be cut off")
    return cues


def _within_reason(cues: Sequence[Cue], remarks: list[Remark]) -> list[Cue]:
    """Return the cues without those that begin later than any talk ends, and without what no talk has room for.

    Raises UnreadableError if none is left.
    """
    kept = [cue for cue in cues if cue.start <= LATEST]
    if late := [cue for cue in cues if cue.start > LATEST]:
        remarks.append(Remark(late[0].line, f"{_cues(late)} after a hundred hours, and not read", "correct its time"))
    sizes = accumulate(len(cue.text) for cue in kept[:MOST_CUES])
    room = bisect_right(list(sizes), _MOST_TEXT)
    if room < len(kept):
        message = "no talk has as much text, so what is from here on was not read"
        remarks.append(Remark(kept[room].line, message, "use a transcript for each recording"))
    if not kept[:room]:
        raise UnreadableError("no times with words could be found in it", _SHAPES)
    return kept[:room]


def _in_order(cues: list[Cue], remarks: list[Remark]) -> list[Cue]:
    back = [cue for before, cue in pairwise(cues) if cue.start < before.start]
    if not back:
        return cues
    remarks.append(
        Remark(
            back[0].line,
            f"{_cues(back)} earlier than the one before, and {'was' if len(back) == 1 else 'were'} put in order",
            "see whether it is whole",
        )
    )
    return sorted(cues, key=lambda cue: cue.start)


def _with_ends(cues: Sequence[Cue], remarks: list[Remark]) -> list[Cue]:
    """Return the cues, each with an end after its start.

    A cue without an end lasts until a later one begins or, if that is far off, for as long as its words take.
    """
    wrong = [cue for cue in cues if cue.end < cue.start]
    if wrong:
        remarks.append(
            Remark(
                wrong[0].line,
                f"{_cues(wrong, 'ends before it begins', 'end before they begin')}; such ends are left out",
                "correct the times",
            )
        )
    return [cue if cue.end > cue.start else cue._replace(end=_end(place, cues)) for place, cue in enumerate(cues)]


def _end(place: int, cues: Sequence[Cue]) -> float:
    """Return when a cue ends that does not say so."""
    cue = cues[place]
    after = next((each.start for each in cues[place + 1 : place + 4] if each.start > cue.start), cue.start)
    spoken = cue.start + max(len(cue.text.split()) * _PER_WORD, 1)
    return after if cue.start < after <= spoken + _LONGEST_WAIT else spoken


def _without_speakers(cues: Sequence[Cue]) -> list[Cue]:
    """Return the cues without the names of who speaks: words before a colon that recur, as those of a talk do not."""
    names = [found[1] if ": " in cue.text and (found := _SPEAKER.match(cue.text)) else "" for cue in cues]
    counts = Counter(names)
    speakers = {name for name, count in counts.items() if name and count >= _RECURS}
    if sum(counts[name] for name in speakers) < _NAMED * len(cues):
        return list(cues)
    return [
        cue._replace(text=cue.text[len(name) + 1 :].strip()) if name in speakers else cue
        for name, cue in zip(names, cues, strict=True)
    ]


def _cues(cues: Sequence[Cue], verb: str = "is", verbs: str = "are") -> str:
    return f"{counted(len(cues), 'cue')} {verb if len(cues) == 1 else verbs}"


def _lines(count: int, more: str) -> str:
    return f"{counted(count, 'line')} {more} {'is' if count == 1 else 'are'}"
