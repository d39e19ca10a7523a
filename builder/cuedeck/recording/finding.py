"""Find the places of a transcript that are most like some words, and judge whether a moment fits them.

What is said in 15 seconds, every 3 seconds anew, is ranked by BM25 on stems (Robertson and Zaragoza, "The Probabilistic
Relevance Framework: BM25 and Beyond", 2009). `tests/recording/test_measured.py` measures how well that works.
"""

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from cuedeck.deck.moments import Span
from cuedeck.recording.transcripts.cues import Cue, Transcript
from cuedeck.records import dataclass
from cuedeck.stems import content_stems, content_stems_of_piece, words

SLOT = 3
"""Seconds from the start of one window to that of the next."""

_SLOTS = 5  # in a window
_SATURATION, _LENGTH = 1.2, 0.75  # k1 and b of BM25
_ANSWER, _EXTRA, _CONCEPT = 1.5, 0.5, 0.5  # how much a word counts there, compared with one of the question

BEFORE, AFTER = 20, 60
"""Seconds before a moment and after it in which what a note says should be said."""

_KNOWN, _KNOWN_AMONG_OTHERS, _MOST = 1 / 2, 1 / 3, 2 / 3
_FITS = 0.4
PLACES = 3
"""How many places are proposed for a note."""

_ENOUGH_NOTES, _LARGEST_SHIFT, _SMALLEST_SHIFT = 20, 150, 20
# In seconds around a moment. They are fewer than those of `near`, so that a shift is found more exactly.
_CLOSE = (-5, 10)
_GOOD_PART = 0.5  # of what the best cue of a window has
_LINE, _LEAD = 10, 3  # words of the transcript that a message quotes: from the first one that fits, and before it


class Wanted(NamedTuple):
    """What is looked for: stems with their weights, and those of them by which it is judged whether it can be found."""

    weights: Mapping[str, float]
    decisive: frozenset[str]


def wanted(asked: str, answer: str = "", extra: str = "", concept: str = "", speaker: str = "") -> Wanted:
    """Return what to look for to find where a note comes from, or simply some words.

    `extra` and the title of the concept also count, but whether they are said at all does not matter. `speaker` is who
    says it all, so his or her name is hardly ever said.
    """
    names = content_stems(speaker)
    asks, answers = content_stems(asked) - names, content_stems(answer) - names
    weights = (
        dict.fromkeys(content_stems(extra) - names, _EXTRA)
        | dict.fromkeys(content_stems(concept) - names, _CONCEPT)
        | dict.fromkeys(asks, 1.0)
        | dict.fromkeys(answers, _ANSWER)
    )
    return Wanted(weights, frozenset(asks | answers))


class Place(NamedTuple):
    """A place in a recording: the second at which a cue begins, some words from there on, and how well it fits."""

    second: int
    words: str
    score: float


@dataclass(frozen=True)
class Spoken:
    """What is said in a recording, to be searched."""

    cues: Sequence[Cue]

    @cached_property
    def pieces(self) -> list[tuple[str, float, int]]:
        """The words of all cues as they are written, with the second of each, and the position of its cue.

        The words of a cue are taken to be spread evenly over it, or up to the next one if that begins before its end.
        """
        pieces: list[tuple[str, float, int]] = []
        second = 0.0
        for place, cue in enumerate(self.cues):
            said = cue.text.split()
            after = self.cues[place + 1].start if place + 1 < len(self.cues) else cue.end
            step = (min(cue.end, max(after, cue.start)) - cue.start) / max(len(said), 1)
            for number, word in enumerate(said):
                second = max(second, cue.start + number * step)
                pieces.append((word, second, place))
        return pieces

    @cached_property
    def words(self) -> tuple[str, ...]:
        """All words in lowercase."""
        return tuple(chain.from_iterable(words(cue.text) for cue in self.cues))

    @cached_property
    def _slots(self) -> tuple[dict[str, dict[int, int]], dict[int, int]]:
        """How often each stem is said in each slot, and how many words are said in it."""
        stems: dict[str, dict[int, int]] = {}
        lengths: dict[int, int] = {}
        for word, second, _ in self.pieces:
            slot = int(second // SLOT)
            for stem in content_stems_of_piece(word):
                lengths[slot] = lengths.get(slot, 0) + 1
                said = stems.setdefault(stem, {})
                said[slot] = said.get(slot, 0) + 1
        return stems, lengths

    @cached_property
    def _norms(self) -> dict[int, float]:
        """The part of BM25 that depends on the length of a window, for each window with words."""
        lengths = _summed(self._slots[1])
        average = sum(lengths.values()) / max(len(lengths), 1)
        return {window: _SATURATION * (1 - _LENGTH + _LENGTH * length / average) for window, length in lengths.items()}

    @cached_property
    def _weights(self) -> dict[str, dict[int, float]]:
        return {}

    def _weighed(self, stem: str) -> Mapping[int, float]:
        """Return what a stem adds to the score of each window in which it is said."""
        if stem not in self._weights:
            windows = _summed(self._slots[0].get(stem, {}))
            norms = self._norms
            rarity = math.log(1 + (len(norms) - len(windows) + 0.5) / (len(windows) + 0.5))
            self._weights[stem] = {
                window: rarity * count * (_SATURATION + 1) / (count + norms[window])
                for window, count in windows.items()
            }
        return self._weights[stem]

    def known(self, looked_for: Wanted) -> float:
        """Return which part of the words that show where a note belongs is said at all; 0 for fewer than two words."""
        count = sum(1 for stem in looked_for.decisive if stem in self._slots[0])
        return count / len(looked_for.decisive) if count > 1 else 0.0

    def comparable(self, notes: Sequence[Wanted]) -> list[bool]:
        """Return for each note of a recording whether enough of its words are said to judge where it belongs.

        That is half of them, since notes of another language, or about something else, cannot be judged. Where most
        notes have as many, the others are of the same language and talk, and a third is enough.
        """
        known = list(map(self.known, notes))
        are_most = sum(1 for each in known if each >= _KNOWN) >= _MOST * len(known)
        enough = _KNOWN_AMONG_OTHERS if are_most else _KNOWN
        return [each >= enough for each in known]

    def scores(self, looked_for: Wanted) -> dict[int, float]:
        """Return how well each window fits, by the slot at which it begins; windows that do not fit are left out."""
        scores: dict[int, float] = {}
        for stem, weight in looked_for.weights.items():
            for window, score in self._weighed(stem).items():
                scores[window] = scores.get(window, 0.0) + weight * score
        return scores

    def places(self, looked_for: Wanted, most: int = PLACES) -> list[Place]:
        """Return the places that fit best, best first, and no two as close as a window is long."""
        scores = self.scores(looked_for)
        looked_at: list[int] = []
        places: list[Place] = []
        for window, score in sorted(scores.items(), key=lambda each: (-each[1], each[0])):
            if len(places) == most:
                break
            if all(abs(window - other) >= _SLOTS for other in looked_at):
                looked_at.append(window)
                place = self._place(window, score, looked_for.weights)
                if all(abs(place.second - other.second) >= _SLOTS * SLOT for other in places):
                    places.append(place)
        return places

    def between(self, start: int, end: int, looked_for: Wanted) -> list[tuple[str, bool]]:
        """Return the words from one second to another, each with whether it is among those that are looked for."""
        first, last = (bisect_left(self._seconds, second) for second in (start, end))
        return [
            (self.pieces[place][0], not looked_for.weights.keys().isdisjoint(self._stems_at(place)))
            for place in range(first, last)
        ]

    def count(self, start: int, end: int | None) -> int:
        """Return how many words are said from one second to another, or to the end."""
        last = len(self.pieces) if end is None else bisect_left(self._seconds, end)
        return max(last - bisect_left(self._seconds, start), 0)

    def _place(self, window: int, score: float, weights: Mapping[str, float]) -> Place:
        """Return a window as a place: the start of the first cue in it that has a good part of what was looked for."""
        start, end = (bisect_left(self._seconds, slot * SLOT) for slot in (window, window + _SLOTS))
        hits = [each for each in range(start, end) if not weights.keys().isdisjoint(self._stems_at(each))]
        parts: dict[int, float] = {}
        for hit in hits:
            cue = self.pieces[hit][2]
            parts[cue] = parts.get(cue, 0.0) + sum(
                weights[stem] * self._weighed(stem)[window] for stem in self._stems_at(hit) if stem in weights
            )
        begins = next(cue for cue, part in parts.items() if part >= _GOOD_PART * max(parts.values()))
        line = self._line([hit for hit in hits if self.pieces[hit][2] >= begins])
        return Place(int(self.cues[begins].start), line, score)

    def _line(self, hits: Sequence[int]) -> str:
        """Return a few words in a row that have as many of the hits as possible, with the words right before them."""
        counts = [bisect_left(hits, begin + _LINE) - place for place, begin in enumerate(hits)]
        best = hits[counts.index(max(counts))]
        cue, until = self.pieces[best][2], self.pieces[best][1] + _SLOTS * SLOT
        line = self.pieces[max(best - _LEAD, 0) : best + _LINE]
        return " ".join(word for word, second, of in line if of >= cue and second < until)

    def _stems_at(self, place: int) -> tuple[str, ...]:
        return content_stems_of_piece(self.pieces[place][0])

    @cached_property
    def _seconds(self) -> list[float]:
        return [second for _, second, _ in self.pieces]


def _summed(slots: Mapping[int, int]) -> dict[int, int]:
    """Return the sums of each window from those of its slots."""
    windows: dict[int, int] = {}
    for slot, count in slots.items():
        for window in range(slot - _SLOTS + 1, slot + 1):
            windows[window] = windows.get(window, 0) + count
    return windows


def near(scores: Mapping[int, float], moments: Iterable[Span]) -> float:
    """Return the best score of a window near one of the moments."""
    return max(_best(scores, span.start - BEFORE, max(span.start + AFTER, span.end or 0)) for span in moments)


def _best(scores: Mapping[int, float], start: int, end: int) -> float:
    near_by = range(start // SLOT, end // SLOT + 1)
    if len(near_by) > len(scores):  # a span may be as long as the recording
        return max((score for window, score in scores.items() if window in near_by), default=0.0)
    return max((scores.get(window, 0.0) for window in near_by), default=0.0)


def fits(scores: Mapping[int, float], moments: Iterable[Span]) -> bool:
    """Return whether what is said near the moments is not much less like a note than what is said elsewhere."""
    return near(scores, moments) >= _FITS * max(scores.values(), default=0.0)


def spoken(transcript: Transcript, offset: float = 0) -> Spoken:
    """Return what is said, with some seconds added to each time; what would be before the recording is left out."""
    if not offset:
        return Spoken(transcript.cues)
    moved = (cue._replace(start=cue.start + offset, end=cue.end + offset) for cue in transcript.cues)
    return Spoken([cue for cue in moved if cue.start >= 0])


class Shift(NamedTuple):
    """By how many seconds the transcript is later than the recording, and how many of the notes fit better then."""

    seconds: int
    better: int


def shift(notes: Sequence[tuple[Mapping[int, float], Sequence[Span]]]) -> Shift | None:
    """Return the shift of a transcript against the moments of notes, of which each has its scores.

    None if there are too few notes, or if no shift makes them fit clearly better.
    """
    if len(notes) < _ENOUGH_NOTES:
        return None
    parts = [_parts(scores, moments) for scores, moments in notes]
    sums = {by: sum(part.get(by, 0.0) for part in parts) for by in range(-_LARGEST_SHIFT, _LARGEST_SHIFT + 1, SLOT)}
    most = max(sums.values())
    highest = [by for by, total in sums.items() if total >= most - 1e-9]
    seconds = round(sum(highest) / len(highest))
    nearest = round(seconds / SLOT) * SLOT
    better = sum(1 for part in parts if part.get(nearest, 0.0) > part.get(0, 0.0))
    return Shift(seconds, better) if abs(seconds) > _SMALLEST_SHIFT and better * 2 > len(notes) else None


def _parts(scores: Mapping[int, float], moments: Iterable[Span]) -> dict[int, float]:
    """Return, for each shift, which part of the best score the windows close to the shifted moments have."""
    parts: dict[int, float] = {}
    best = max(scores.values(), default=0.0)
    before, after = _CLOSE
    for span in moments:
        for window in range((span.start - _LARGEST_SHIFT) // SLOT - 2, (span.start + _LARGEST_SHIFT) // SLOT + 6):
            if score := scores.get(window, 0.0):
                # All shifts, in steps of a slot, by which this window comes close to the moment.
                for by in _shifts(window, span.start, before, after):
                    parts[by] = max(parts.get(by, 0.0), score / best)
    return parts


def _shifts(window: int, start: int, before: int, after: int) -> range:
    """Return the shifts, as multiples of a slot, that bring a window close to a moment."""
    first = window * SLOT - start - after
    last = window * SLOT + SLOT - 1 - start - before
    return range(-(-first // SLOT) * SLOT, last + 1, SLOT)
