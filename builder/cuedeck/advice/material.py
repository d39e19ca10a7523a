"""Notes as learners see them, without markup and with gaps instead of deletions; every rule looks at these."""

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from cuedeck.deck.deck import Deck, QuestionNote
from cuedeck.deck.placement import PlacedNote, note_at
from cuedeck.media.inspecting import Inspected, inspect
from cuedeck.patterns import regex
from cuedeck.problems import Keys, Place, TextError
from cuedeck.recording.finding import Shift, Spoken, Wanted, shift, wanted
from cuedeck.recording.listening import Heard, Transcripts
from cuedeck.records import dataclass
from cuedeck.remembering import remembered_of
from cuedeck.rendering.fields import RenderedNote
from cuedeck.rendering.notefields import ANSWER, QUESTION, REVERSE, TEXT, Field, further_texts, place_of
from cuedeck.rendering.ownreverse import texts_of_reverse
from cuedeck.rendering.plain import Gap, Run, plain, runs_and_gaps, tidy
from cuedeck.rendering.usedfiles import UsedFile, used_files

GAP = "[…]"
ANEW = (
    "learners have this note, so do not change what it asks: write a better one under a new id, and retire this one "
    'with "retired:" and the reason'
)
"""What to do about a note that could be better, but whose question learners already know."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What a rule has to say: where, what, and what to do about it.

    `fragment` is the part of the text that is meant; `others` are the ids of further notes that it is about, and
    `also` leads to the value that this one is compared with. If following the hint would turn the note into another
    question or another kind, `kept` is the hint for a note that learners have. `file` is the path of the picture or
    sound that it is about; "" for none. `place` is where it is if that is in no file of the deck.
    """

    at: Keys
    message: str
    hint: str = ""
    fragment: str = ""
    others: tuple[str, ...] = ()
    kept: str = ""
    file: str = ""
    place: Place | None = None
    also: Keys = ()

    @property
    def note(self) -> str:
        """The id of the note that it is about; "" if it is not about a note."""
        return note_at(self.at)


@dataclass(frozen=True, slots=True)
class Card:
    """One card of a note in plain text; `keys` leads to the text in cards.yaml that is its front."""

    note: str
    keys: Keys
    front: str
    answer: str


@dataclass(frozen=True)
class Question:
    """A note with a question and its answer, or its second card with its own question and answer.

    `more` are its other texts by the keys that authors write, such as `extra`; `html` are all texts by their keys,
    with their markup. `reverse` says whether a second card swaps the two; `own_reverse` is a second card with its own
    texts. `inside` are the keys that lead to the texts from the note: none, or `reverse`.
    """

    placed: PlacedNote
    question: str
    answer: str
    more: Mapping[str, str]
    html: Mapping[str, str]
    reverse: bool = False
    own_reverse: "Question | None" = None
    inside: Keys = ()

    @property
    def items(self) -> int:
        """How many list items the answer has."""
        return len(_LIST_ITEM.findall(self.html["a"]))

    @property
    def is_code(self) -> bool:
        """Whether the answer is one piece of code."""
        return "<code>" in self.html["a"] and _ONE_CODE.fullmatch(self.html["a"]) is not None

    @property
    def exhibits(self) -> bool:
        """Whether the question shows something, such as code or a picture, that a word in it may refer to."""
        return _EXHIBIT.search(self.html["q"]) is not None

    @property
    def keys(self) -> Keys:
        """The keys that lead to its texts in cards.yaml."""
        return (*self.placed.keys, *self.inside)

    @cached_property
    def cards(self) -> tuple[Card, ...]:
        """The card, and the reverse card if there is one that swaps its sides."""
        forth = Card(self.placed.note.id, (*self.keys, "q"), self.question, self.answer)
        back = Card(self.placed.note.id, (*self.keys, "a"), self.answer, self.question)
        return (forth, back) if self.reverse else (forth,)

    @property
    def text(self) -> str:
        """All that its cards show."""
        return "\n".join((self.question, self.answer, *self.more.values()))


@dataclass(frozen=True)
class Cloze:
    """A note with a text that has deletions; `more` and `html` are as in `Question`."""

    placed: PlacedNote
    runs: tuple[Run, ...]
    gaps: tuple[Gap, ...]
    more: Mapping[str, str]
    html: Mapping[str, str]

    @property
    def exhibits(self) -> bool:
        """Whether the text shows something, such as code or a picture, that a word in it may refer to."""
        return _EXHIBIT.search(self.html["cloze"]) is not None

    @property
    def keys(self) -> Keys:
        """The keys that lead to the note in cards.yaml."""
        return self.placed.keys

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of its cards."""
        return tuple(sorted({number for gap in self.gaps for number in gap.numbers}))

    @cached_property
    def whole(self) -> str:
        """The text with everything filled in."""
        return tidy("".join(run.text for run in self.runs))

    @property
    def text(self) -> str:
        """All that its cards show."""
        return "\n".join((self.whole, *self.more.values()))

    def hidden(self, number: int) -> tuple[Gap, ...]:
        """Return the deletions that the card of a number asks for."""
        return tuple(gap for gap in self.gaps if number in gap.numbers)

    def hidden_text(self, number: int) -> str:
        """Return all that the card of a number hides."""
        asked = self._asked(number)
        return " ".join(run.text for run in self.runs if not asked.isdisjoint(run.gaps))

    def front(self, number: int) -> str:
        """Return what the card of a number shows, with its hints."""
        pieces: list[str] = []
        asked = self._asked(number)
        filled: set[int] = set()
        for run in self.runs:
            inside = asked.intersection(run.gaps)
            if not inside:
                pieces.append(run.text)
            elif (outermost := min(inside)) not in filled:
                filled.add(outermost)
                hint = self.gaps[outermost].hint
                pieces.append(f"[{hint}]" if hint else GAP)
        return tidy("".join(pieces))

    def _asked(self, number: int) -> set[int]:
        """Return the positions of the deletions that the card of a number asks for."""
        return {place for place, gap in enumerate(self.gaps) if number in gap.numbers}

    @cached_property
    def cards(self) -> tuple[Card, ...]:
        """One card for each number."""
        return tuple(
            Card(
                self.placed.note.id,
                (*self.keys, "cloze"),
                self.front(number),
                " … ".join(gap.answer for gap in self.hidden(number)),
            )
            for number in self.numbers
        )


Shown = Question | Cloze


class Compared(NamedTuple):
    """A note with what to look for in the recording, and how well each window of that fits.

    `is_like` says whether enough of its words are said to judge that; if not, there are no scores.
    """

    note: Shown
    wanted: Wanted
    is_like: bool
    scores: Mapping[int, float]


@dataclass(frozen=True)
class Talk:
    """A recording whose transcript could be read, and its notes, at least one."""

    heard: Heard
    spoken: Spoken
    notes: Sequence[Compared]

    @cached_property
    def shift(self) -> Shift | None:
        """By how much the transcript is shifted against the moments of the notes; None if it is not."""
        return shift([(each.scores, each.note.placed.moments) for each in self.notes if each.is_like])


def wanted_of(note: Shown) -> Wanted:
    """Return what to look for to find where a note comes from."""
    asked, answer = (
        (note.question, note.answer)
        if isinstance(note, Question)
        else (note.whole, " ".join(gap.answer for gap in note.gaps))
    )
    source = note.placed.source
    speaker = source.author if source else ""
    return wanted(asked, answer, " ".join(note.more.values()), note.placed.concept.title, speaker)


def _talk(heard: Heard, spoken: Spoken, notes: Sequence[Shown]) -> Talk:
    looked_for = list(map(wanted_of, notes))
    are_like = spoken.comparable(looked_for)
    scores = (spoken.scores(each) if is_like else {} for each, is_like in zip(looked_for, are_like, strict=True))
    return Talk(heard, spoken, list(map(Compared, notes, looked_for, are_like, scores)))


@dataclass(frozen=True)
class Material:
    """A deck without errors, and its notes as learners see them, in the order of the file.

    `files` are its pictures and sounds, and `cards` is the path of its cards.yaml; None if it comes from no file.
    `transcripts` are those of its sources.
    """

    deck: Deck
    notes: tuple[Shown, ...]
    files: tuple[UsedFile, ...] = ()
    cards: Path | None = None
    transcripts: Transcripts = field(default_factory=lambda: Transcripts(None))

    @cached_property
    def talks(self) -> tuple[Talk, ...]:
        """Its recordings whose transcripts could be read, as far as notes come from them."""
        notes: dict[str, list[Shown]] = {}
        for note in self.notes:
            if note.placed.source:
                notes.setdefault(note.placed.source.id, []).append(note)
        return tuple(
            _talk(heard, heard.spoken, notes[heard.source.id])
            for heard in self.transcripts.all(self.deck)
            if heard.spoken and heard.source.id in notes
        )

    @cached_property
    def pictures(self) -> Mapping[str, Inspected]:
        """What its pictures say about themselves, by path; without those that cannot be opened."""
        found = {}
        for used in self.files:
            if used.file.kind == "picture":
                with contextlib.suppress(TextError, OSError):
                    found[used.path] = inspect(used.file)
        return found


def all_shown(material: Material) -> Iterator[Shown]:
    """Yield all notes, and after each note its second card if that has its own texts."""
    for note in material.notes:
        yield note
        if isinstance(note, Question) and note.own_reverse:
            yield note.own_reverse


def questions_of(material: Material) -> Iterator[Question]:
    """Yield the notes with a question, and the second cards with their own texts."""
    return (each for each in all_shown(material) if isinstance(each, Question))


def clozes_of(material: Material) -> Iterator[Cloze]:
    """Yield the notes with deletions."""
    return (note for note in material.notes if isinstance(note, Cloze))


_CODE = regex(r"<code>.*?</code>", re.DOTALL)


def without_code(html: str) -> str:
    """Return HTML without the code in it."""
    return _CODE.sub(" ", html) if "<code>" in html else html


_LIST_ITEM = regex(r"<li\b")
_EXHIBIT = regex(r"<(?:code|pre|table|blockquote|li|img)\b|\[sound:")
_ONE_CODE = regex(r"(?:<pre>)?<code>(?:(?!</code>).)*</code>(?:</pre>)?", re.DOTALL)


def show(
    deck: Deck, notes: Sequence[RenderedNote], cards: Path | None = None, transcripts: Transcripts | None = None
) -> Material:
    """Return what the rules look at. `notes` are all notes of the deck, rendered, in the order of the file.

    `cards` is the path of its cards.yaml, beside which there may be files. `transcripts` are those in its folder, for
    callers who need them as well.
    """
    transcripts = transcripts or Transcripts(cards.parent if cards else None)
    return Material(deck, tuple(map(shown, notes)), used_files(notes), cards, transcripts)


@remembered_of
def shown(rendered: RenderedNote) -> Shown:
    """Return a note as learners see it."""
    placed = rendered.placed
    note = placed.note
    html = {each.filled_by: _field(rendered, each) for each in further_texts(rendered.kind)}
    more = {key: plain(text) for key, text in html.items()}
    if isinstance(note, QuestionNote):
        own = texts_of_reverse(_field(rendered, REVERSE))
        html |= {"q": _field(rendered, QUESTION), "a": _field(rendered, ANSWER)}
        second = _question(placed, {}, dict(zip("qa", own, strict=True)), inside=("reverse",)) if own else None
        return _question(placed, more, html, reverse=bool(note.reverse) and own is None, own_reverse=second)
    html |= {"cloze": _field(rendered, TEXT)}
    return Cloze(placed, *runs_and_gaps(html["cloze"]), more, html)


def _question(placed: PlacedNote, more: Mapping[str, str], html: Mapping[str, str], **about: Any) -> Question:
    return Question(placed, plain(html["q"]), plain(html["a"]), more, html, **about)


def _field(rendered: RenderedNote, field: Field) -> str:
    return rendered.fields[place_of(field, rendered.kind)]
