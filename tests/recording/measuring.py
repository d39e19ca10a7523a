"""How well moments are proposed and checked: sets of talks and notes whose right moments are known, and the figures.

Three talks and their notes were written for this; the notes have their own words, but were written with the text at
hand, so notes made by ear will do worse. The fourth set is the deck of this repository with the page of its talk, which
is not part of the project: whoever has saved the page can name it in `CUEDECK_TALK_PAGE`.

`python -m tests.recording.measuring` prints the figures of each set.
"""

import os
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from cuedeck.advice.material import shown, wanted_of
from cuedeck.deck.moments import Span, moment, timecode
from cuedeck.recording.finding import Spoken, Wanted, fits, shift, spoken, wanted
from cuedeck.recording.transcripts.cues import Transcript
from cuedeck.recording.transcripts.reading import transcript_of
from tests.making import ROOT, checked

MEASURED = Path(__file__).parent / "measured"
TALKS = ("bread", "light", "maps")
PAGE = "CUEDECK_TALK_PAGE"
AWAY = 75  # seconds by which a random wrong moment is off, at the least
WRONG = 20  # random wrong moments of each note
GRACE = 20  # seconds by which a proposal may miss the right passage
WORDS_A_CUE = 9

Note = tuple[Wanted, tuple[Span, ...]]
"""What to look for to find where a note comes from, and where that is: from the start of its passages to their end."""


@dataclass(frozen=True)
class Set:
    """A talk and its notes."""

    transcript: Transcript
    notes: Sequence[Note]


@dataclass(frozen=True)
class Figures:
    """Counts: notes, those whose first proposal and one of whose three is right, those with a false alarm at their
    right moments, random wrong moments, and those that were found.
    """

    notes: int = 0
    first: int = 0
    of_three: int = 0
    alarms: int = 0
    wrong: int = 0
    found: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    def __str__(self) -> str:
        return (
            f"{self.notes} notes: first {self.first / self.notes:.0%}, of three {self.of_three / self.notes:.0%}, "
            f"false alarms {self.alarms}, found {self.found / self.wrong:.0%} of {self.wrong}"
        )


def page_of(talk: str) -> str:
    """Return the text of a talk, in passages of about twenty seconds."""
    return (MEASURED / f"{talk}.txt").read_text(encoding="utf-8")


def as_srt(page: str) -> str:
    """Return subtitles made of a page: short cues, as speech recognizers make them."""
    pieces = []
    for cue in transcript_of(page.encode()).cues:
        said = cue.text.split()
        for first in range(0, len(said), WORDS_A_CUE):
            part = said[first : first + WORDS_A_CUE]
            start, end = (cue.start + (cue.end - cue.start) * at / len(said) for at in (first, first + len(part)))
            pieces.append(f"{_precise(start)} --> {_precise(end)}\n{' '.join(part)}\n")
    return "\n".join(f"{number}\n{piece}" for number, piece in enumerate(pieces, 1))


def _precise(seconds: float) -> str:
    return f"{timecode(int(seconds))},{int(seconds * 1000) % 1000:03}"


def made_set(talk: str, notes: str = "") -> Set:
    """Return a talk as subtitles, with its own notes or others."""
    page = page_of(talk)
    starts = [int(cue.start) for cue in transcript_of(page.encode()).cues]
    entries = yaml.load((MEASURED / f"{notes or talk}.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return Set(transcript_of(as_srt(page).encode()), [_note(each, starts) for each in entries])


def _note(entry: dict[str, str], starts: Iterable[int]) -> Note:
    start = moment(entry["at"])
    span = Span(start, min((other for other in starts if other > start), default=start + GRACE))
    if "cloze" in entry:
        hidden = " ".join(re.findall(r"\{\{(.*?)\}\}", entry["cloze"]))
        return wanted(re.sub(r"\{\{|\}\}", "", entry["cloze"]), hidden), (span,)
    return wanted(entry["q"], entry["a"]), (span,)


def real_set() -> Set | None:
    """Return the deck of this repository with the page of its talk; None if nobody has named the page."""
    if PAGE not in os.environ:
        return None
    transcript = transcript_of(Path(os.environ[PAGE]).read_bytes())
    ends = {int(cue.start): int(cue.end) for cue in transcript.cues}
    notes = checked(ROOT / "cards.yaml").notes
    return Set(transcript, [(wanted_of(shown(each)), tuple(_passages(each.placed.moments, ends))) for each in notes])


def _passages(moments: Iterable[Span], ends: dict[int, int]) -> Iterable[Span]:
    return (Span(span.start, max(span.end or 0, ends[span.start])) for span in moments)


def figures_of(measured: Set, seed: int = 1) -> Figures:
    """Return the figures of a set. The random moments depend on the seed alone."""
    said, chance, figures = spoken(measured.transcript), random.Random(seed), Figures()
    are_like = said.comparable([looked_for for looked_for, _ in measured.notes])
    for (looked_for, passages), is_like in zip(measured.notes, are_like, strict=True):
        hits = [_is_right(place.second, passages) for place in said.places(looked_for)]
        moments = [Span(span.start) for span in passages]
        wrong = [_away(moments, said, chance) for _ in range(WRONG)]
        figures += Figures(
            notes=1,
            first=hits[:1] == [True],
            of_three=any(hits),
            alarms=is_like and not fits(said.scores(looked_for), moments),
            wrong=WRONG,
            found=sum(is_like and not fits(said.scores(looked_for), [span]) for span in wrong),
        )
    return figures


def shift_of(measured: Set, by: int) -> int:
    """Return the shift that is found if all times of the transcript of a set are moved; 0 if none is found."""
    said = spoken(measured.transcript, by)
    are_like = said.comparable([looked_for for looked_for, _ in measured.notes])
    found = shift(
        [
            (said.scores(looked_for), [Span(span.start) for span in passages])
            for (looked_for, passages), is_like in zip(measured.notes, are_like, strict=True)
            if is_like
        ]
    )
    return found.seconds if found else 0


def _is_right(second: int, passages: Iterable[Span]) -> bool:
    return any(span.start - GRACE <= second <= (span.end or span.start) + GRACE for span in passages)


def _away(moments: Sequence[Span], said: Spoken, chance: random.Random) -> Span:
    last = int(said.cues[-1].end)
    while True:
        second = chance.randrange(last)
        if all(abs(second - span.start) >= AWAY for span in moments):
            return Span(second)


if __name__ == "__main__":
    sets = {talk: made_set(talk) for talk in TALKS} | ({"real": real} if (real := real_set()) else {})
    for name, each in sets.items():
        print(f"{name}: {figures_of(each)}")
    print(f"all: {sum(map(figures_of, sets.values()), Figures())}")
    for name, each in sets.items():
        print(f"{name}: shifts found", {by: shift_of(each, by) for by in (-90, -45, -15, 0, 15, 37, 90)})
    for talk, notes in (("bread", "german"), ("light", "bread"), ("maps", "light"), ("bread", "maps")):
        print(f"{notes} on {talk}: {figures_of(made_set(talk, notes))}")
