"""Notes as learners see them: plain text without markup, which is what every rule looks at."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from builder.advice.english import content_words
from builder.deck.deck import Deck
from builder.deck.placing import PlacedNote
from builder.problems import Keys
from builder.rendering.plain import Gap, Run, tidy

GAP = "[…]"


@dataclass(frozen=True, slots=True)
class Advice:
    """What a rule has to say: where, what, and what to do about it.

    `fragment` is the part of the text that is meant; `others` are the ids of further notes that it is about.
    """

    at: Keys
    message: str
    hint: str = ""
    fragment: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Card:
    """One card of a note in plain text; `keys` is the way to the text of cards.yaml that its front is."""

    note: str
    keys: Keys
    front: str
    answer: str

    @cached_property
    def front_words(self) -> tuple[str, ...]:
        """The words of its front that carry meaning."""
        return tuple(content_words(self.front))

    @cached_property
    def answer_words(self) -> tuple[str, ...]:
        """The words of its answer that carry meaning."""
        return tuple(content_words(self.answer))


@dataclass(frozen=True)
class Question:
    """A note with a question and its answer."""

    placed: PlacedNote
    question: str
    answer: str
    extra: str
    items: int
    reverse: bool

    @property
    def keys(self) -> Keys:
        """The way to the note in cards.yaml."""
        return self.placed.keys

    @cached_property
    def cards(self) -> tuple[Card, ...]:
        """The card, and the reverse one where there is one."""
        forth = Card(self.placed.note.id, (*self.keys, "q"), self.question, self.answer)
        back = Card(self.placed.note.id, (*self.keys, "a"), self.answer, self.question)
        return (forth, back) if self.reverse else (forth,)

    @property
    def text(self) -> str:
        """All that its cards show."""
        return f"{self.question}\n{self.answer}\n{self.extra}"


@dataclass(frozen=True)
class Cloze:
    """A note with a text that has deletions."""

    placed: PlacedNote
    runs: tuple[Run, ...]
    gaps: tuple[Gap, ...]
    extra: str

    @property
    def keys(self) -> Keys:
        """The way to the note in cards.yaml."""
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
        return f"{self.whole}\n{self.extra}"

    def hidden(self, number: int) -> tuple[Gap, ...]:
        """Return the deletions that the card of a number asks for."""
        return tuple(gap for gap in self.gaps if number in gap.numbers)

    def hidden_text(self, number: int) -> str:
        """Return all that the card of a number hides."""
        runs = (run for run in self.runs if any(number in self.gaps[place].numbers for place in run.gaps))
        return " ".join(run.text for run in runs)

    def front(self, number: int) -> str:
        """Return what the card of a number shows, with its hints."""
        pieces: list[str] = []
        filled: set[int] = set()
        for run in self.runs:
            inside = next((each for each in run.gaps if number in self.gaps[each].numbers), None)
            if inside is None:
                pieces.append(run.text)
            elif inside not in filled:
                filled.add(inside)
                hint = self.gaps[inside].hint
                pieces.append(f"[{hint}]" if hint else GAP)
        return tidy("".join(pieces))

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


@dataclass(frozen=True)
class Material:
    """A sound deck, and its notes as learners see them, in the order of the file."""

    deck: Deck
    notes: tuple[Shown, ...]


def questions_of(material: Material) -> Iterator[Question]:
    """Yield the notes with a question."""
    return (note for note in material.notes if isinstance(note, Question))


def clozes_of(material: Material) -> Iterator[Cloze]:
    """Yield the notes with deletions."""
    return (note for note in material.notes if isinstance(note, Cloze))
