"""The transcripts of a deck's sources, each read once and only when somebody asks for it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cuedeck.deck.deck import Deck, Source
from cuedeck.deck.moments import clock
from cuedeck.recording.finding import Spoken, spoken
from cuedeck.recording.transcripts.cues import Remark, Transcript, UnreadableError
from cuedeck.recording.transcripts.reading import read_transcript
from cuedeck.wording import counted

_GRACE = 10  # seconds by which the end of a recording may be rounded
_MOST_REMARKS = 3


@dataclass(frozen=True)
class Heard:
    """What became of the transcript of a source.

    missing    whether there is no such file
    unread     why nothing of it could be read; None if something was
    remarks    what could not be read as it is written; `guess` is the one on its encoding
    spoken     what is said in the recording, at the times of the recording; None if nothing could be read
    """

    source: Source
    missing: bool = False
    unread: UnreadableError | None = None
    guess: Remark | None = None
    remarks: tuple[Remark, ...] = ()
    spoken: Spoken | None = None


class Transcripts:
    """The transcripts beside a cards.yaml."""

    def __init__(self, folder: Path | None) -> None:
        """Read from a folder; without one, there are no transcripts."""
        self._folder = folder
        self._heard: dict[tuple[str, int, int | None], Heard] = {}

    def of(self, source: Source) -> Heard | None:
        """Return what became of the transcript of a source; None if it has none."""
        if not source.transcript or self._folder is None:
            return None
        key = (source.transcript, source.offset, source.length)
        if key not in self._heard:
            self._heard[key] = _heard(source, self._folder)
        return self._heard[key]

    def all(self, deck: Deck) -> Iterator[Heard]:
        """Yield what became of the transcript of each source that has one."""
        return filter(None, map(self.of, deck.sources.values()))

    def spoken(self, source: Source | None) -> Spoken | None:
        """Return what is said in a recording; None if that is not known."""
        heard = self.of(source) if source else None
        return heard.spoken if heard else None


def paths(deck: Deck, folder: Path) -> list[Path]:
    """Return where the transcripts of a deck are, or would be."""
    return [folder / source.transcript for source in deck.sources.values() if source.transcript]


def _heard(source: Source, folder: Path) -> Heard:
    try:
        transcript = read_transcript(folder / source.transcript, folder)
    except FileNotFoundError:
        return Heard(source, missing=True)
    except UnreadableError as error:
        return Heard(source, unread=error)
    said = spoken(transcript, source.offset)
    return Heard(
        source,
        guess=transcript.guess,
        remarks=(*transcript.remarks, *_past_end(source, transcript))[:_MOST_REMARKS],
        spoken=said,
    )


def _past_end(source: Source, transcript: Transcript) -> Iterable[Remark]:
    if source.length is None:
        return
    late = [cue for cue in transcript.cues if cue.start + source.offset > source.length + _GRACE]
    if late:
        yield Remark(
            late[0].line,
            f'{counted(len(late), "cue")} {"begins" if len(late) == 1 else "begin"} after the end of "{source.id}", '
            f"which is {clock(source.length)} long",
            'if the transcript is of another cut, add "offset:" to the source; otherwise correct its "length:"',
        )
