"""The transcripts of a deck's sources, each read once and only when somebody asks for it."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from cuedeck.deck.deck import Deck, Source
from cuedeck.deck.moments import clock
from cuedeck.disk.text import state_of
from cuedeck.problems import visible
from cuedeck.recording.finding import Spoken, spoken
from cuedeck.recording.transcripts.cues import RefusedError, Remark, Transcript, UnreadableError
from cuedeck.records import dataclass
from cuedeck.wording import counted

_GRACE = 10  # seconds by which the end of a recording may be rounded
_MOST_REMARKS = 3
_BEFORE_START = "with the offset of the source, all of it would be before the recording begins"


@dataclass(frozen=True)
class Heard:
    """What became of the transcript of a source.

    missing    what to say if there is no such file; None if there is one
    unread     why nothing of it could be read; None if something was
    is_refused whether that is because the system refuses to read it
    remarks    what could not be read as it is written; `guess` is the one on its encoding
    spoken     what is said in the recording, at the times of the recording; None if nothing could be read
    """

    source: Source
    missing: Remark | None = None
    unread: Remark | None = None
    is_refused: bool = False
    guess: Remark | None = None
    remarks: tuple[Remark, ...] = ()
    spoken: Spoken | None = None


class Transcripts:
    """The transcripts beside a cards.yaml."""

    def __init__(self, folder: Path | None) -> None:
        """Read from a folder; without one, there are no transcripts."""
        self._folder = folder
        self._heard: dict[tuple[str, str, int, int | None], Heard] = {}
        self._states: dict[Path, object] = {}

    def of(self, source: Source) -> Heard | None:
        """Return what became of the transcript of a source; None if it has none."""
        if not source.transcript or self._folder is None:
            return None
        key = (source.id, source.transcript, source.offset, source.length)
        if key not in self._heard:
            path = self._folder / source.transcript
            self._states.setdefault(path, state_of(path))  # before it is read, so that no change is missed
            self._heard[key] = _heard(source, self._folder)
        return self._heard[key]

    def all(self, deck: Deck) -> Iterator[Heard]:
        """Yield what became of the transcript of each source that has one."""
        return filter(None, map(self.of, deck.sources.values()))

    def fingerprint(self, deck: Deck) -> str:
        """Return what changes with what is said in the recordings of a deck; "" if nothing is known of that."""
        if not any(heard.spoken for heard in self.all(deck)):
            return ""
        return hashlib.sha256(repr(sorted(map(repr, self._states.items()))).encode()).hexdigest()[:16]

    @property
    def seen(self) -> dict[Path, object]:
        """The states of the files that were asked for, as they were then, by path."""
        return dict(self._states)

    @property
    def present(self) -> dict[Path, object]:
        """The states of these files now."""
        return {path: state_of(path) for path in self._states}

    @property
    def is_unread(self) -> bool:
        """Whether the system refused to read one of these files, which it may not refuse the next time."""
        return any(heard.is_refused for heard in self._heard.values())

    def spoken(self, source: Source | None) -> Spoken | None:
        """Return what is said in a recording; None if that is not known."""
        heard = self.of(source) if source else None
        return heard.spoken if heard else None


def _heard(source: Source, folder: Path) -> Heard:
    from cuedeck.recording.transcripts.reading import read_transcript  # here because a build does not need it

    try:
        transcript = read_transcript(folder / source.transcript, folder)
    except FileNotFoundError:
        message = f'there is no file "{visible(source.transcript)}"'
        return Heard(source, missing=Remark(0, message, "put the transcript there, or correct its path"))
    except UnreadableError as error:
        unread = Remark(error.line, f"{error}, so it is not used", error.hint)
        return Heard(source, unread=unread, is_refused=isinstance(error, RefusedError))
    said = spoken(transcript, source.offset)
    if not said.cues:
        return Heard(source, unread=Remark(0, f"{_BEFORE_START}, so it is not used", 'correct "offset:"'))
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
