"""Read the JSON of programs that recognize speech, of YouTube and of podcasts.

All of them are lists of pieces that have a time and a text. They differ in names, units and what is around the list.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from cuedeck.recording.transcripts.cues import MOST_CUES, Cue
from cuedeck.recording.transcripts.times import loose_seconds

# The names of the two times and the text of a piece, with the part of a second that the times are counted in.
_NAMES: tuple[tuple[str, str, float], ...] = (
    ("start", "end", 1),  # Whisper, WhisperX, Vosk
    ("startTime", "endTime", 1),  # Podcasting 2.0
    ("start_time", "end_time", 1),
    ("tStartMs", "", 1000),  # YouTube json3
    ("from", "to", 1),
    ("begin", "end", 1),
    ("time", "", 1),
    ("timestamp", "", 1),
)
_LENGTHS = (("dDurationMs", 1000), ("duration", 1), ("dur", 1))
_TEXTS = ("text", "body", "word", "punctuated_word", "content", "sentence", "transcript")
_DEEPEST = 3  # lists of cues are hardly ever deeper inside


def cues_of(data: Any) -> list[Cue]:
    """Return the cues of decoded JSON in its order; none if it has none.

    Of several lists, such as one of segments and one of words, the one that has most of the text counts. At most one
    more cue than `MOST_CUES` is read.
    """
    return max((list(islice(_cues(each), MOST_CUES + 1)) for each in _lists(data, _DEEPEST)), key=_size, default=[])


def _size(cues: list[Cue]) -> int:
    return sum(len(cue.text) for cue in cues)


def _lists(data: Any, deepest: int) -> Iterator[list[Any]]:
    if isinstance(data, list) and data:
        yield data
    inside = data.values() if isinstance(data, dict) else data[:1] if isinstance(data, list) else ()
    if deepest:
        for each in inside:
            if isinstance(each, (dict, list)):
                yield from _lists(each, deepest - 1)


def _cues(pieces: list[Any]) -> Iterator[Cue]:
    """Yield a cue for each piece. A word without a time, as WhisperX leaves numbers, comes after the word before it."""
    last: float | None = None
    for piece in pieces:
        text, (start, end) = _text(piece), _times(piece)
        if start is None:
            start, end = last, None
        if start is not None and text:
            yield Cue(start, start if end is None else end, text)
            last = start if end is None else end


def _text(piece: Any) -> str:
    if isinstance(piece, list):  # a word with its two times
        return piece[0].strip() if len(piece) == 3 and isinstance(piece[0], str) else ""
    if not isinstance(piece, dict):
        return ""
    if isinstance(segments := piece.get("segs"), list):
        parts = [each.get("utf8") for each in segments if isinstance(each, dict)]
        return " ".join("".join(part for part in parts if isinstance(part, str)).split())
    for name in _TEXTS:
        if isinstance(piece.get(name), str) and (text := " ".join(piece[name].split())):
            return text
    return ""


def _times(piece: Any) -> tuple[float | None, float | None]:
    if isinstance(piece, list):
        return (loose_seconds(piece[1]), loose_seconds(piece[2])) if len(piece) == 3 else (None, None)
    if not isinstance(piece, dict):
        return None, None
    if isinstance(offsets := piece.get("offsets"), dict):  # whisper.cpp, in milliseconds
        start, end = loose_seconds(offsets.get("from")), loose_seconds(offsets.get("to"))
        return (None if start is None else start / 1000, None if end is None else end / 1000)
    for first, last, unit in _NAMES:
        if (start := loose_seconds(piece.get(first))) is not None:
            end = loose_seconds(piece.get(last)) if last else None
            if end is None:
                lengths = ((loose_seconds(piece.get(name)), per) for name, per in _LENGTHS)
                end = next((start / unit + each / per for each, per in lengths if each is not None), None)
                return start / unit, end
            return start / unit, end / unit
    return None, None
