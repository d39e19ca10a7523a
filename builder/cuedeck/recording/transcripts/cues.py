"""What a transcript is, whatever the shape of its file."""

from collections.abc import Sequence
from typing import NamedTuple

from cuedeck.records import dataclass

LATEST = 360_000
"""The latest second that a cue may begin at: after a hundred hours."""

MOST_CUES = 200_000
"""How many cues are read of a file. Twenty hours with a cue for each word have as many."""


class Cue(NamedTuple):  # since a word may have a cue of its own
    """What is said from one second of the recording to another, and the line of the file; 0 if it is not known."""

    start: float
    end: float
    text: str
    line: int = 0


class Remark(NamedTuple):
    """What could not be read as it was written, and the line of the file that shows it first; 0 for the whole file."""

    line: int
    message: str
    hint: str = ""


@dataclass(frozen=True)
class Transcript:
    """What is said in a recording: at least one cue, in order of time, and what was remarked while it was read.

    `encoding` is what the file was read as, and `guess` says so if that is not certain.
    """

    cues: Sequence[Cue]
    encoding: str
    guess: Remark | None = None
    remarks: Sequence[Remark] = ()


class UnreadableError(ValueError):
    """A sentence on why nothing could be read of a transcript, a hint, and the line that it is about."""

    def __init__(self, message: str, hint: str = "", line: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.line = line


class RefusedError(UnreadableError):
    """The system refuses to read a transcript, which it may not refuse the next time."""
