"""The work on which every tool is measured: N notes, the same on every machine and in every run.

Half of them are cloze notes with one to three deletions, half are questions. A field has about 40 words, and a third of
the fields have markup. Each note has three tags, a moment and a source. As people write decks, the ten notes of a
concept have these in common; `notes_apart` gives each note its own.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter

TITLE = "Benchmark"
ADDRESS = "https://example.org/talk.mp3"
_SEED = 20251221
_NOTES_PER_CONCEPT = 10
_COMMON = """
    the of and to in a is that it was for on are as with they be at this from have or by one had not but what all
    were when we there can an your which their said if will each about how up out them then she many some so these
""".split()  # noqa: SIM905  a list of as many literals is harder to read
_SYLLABLES = "ba den fi gor hul ka lem mi nor po qua ris sel ta ven wo yal zer sti tra".split()  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Note:
    """One note as an author would write it, in Markdown; `cloze` is empty for a question. `at` is in seconds."""

    id: str
    concept: str
    at: int
    tags: tuple[str, str, str]
    q: str = ""
    a: str = ""
    cloze: str = ""


def notes(count: int) -> Iterator[Note]:
    """Yield this number of notes; those of one concept have the same moment and tags."""
    for _, group in groupby(notes_apart(count), attrgetter("concept")):
        first, *others = group
        yield from (first, *(replace(note, at=first.at, tags=first.tags) for note in others))


def notes_apart(count: int) -> Iterator[Note]:
    """Yield the same notes, each with its own moment and tags."""
    chance = random.Random(_SEED)
    vocabulary = _vocabulary(chance)
    for number in range(count):
        concept = number // _NOTES_PER_CONCEPT
        about = {
            "id": f"note-{number}",
            "concept": f"concept-{concept}",
            "at": 10 * concept % 18_000 + number % _NOTES_PER_CONCEPT,
            "tags": (f"part-{concept % 40}", f"theme-{number % 25}", f"level-{number % 3}"),
        }
        if number % 2:
            yield Note(**about, q=f"{_field(chance, vocabulary)}?", a=_field(chance, vocabulary))
        else:
            yield Note(**about, cloze=_with_deletions(chance, _words(chance, vocabulary)))


def _vocabulary(chance: random.Random) -> list[str]:
    """Return words, the most common first."""
    made = {"".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))): None for _ in range(4000)}
    return [*_COMMON, *made]


def _words(chance: random.Random, vocabulary: list[str]) -> list[str]:
    count = chance.randint(30, 50)
    # Zipf's law: the second word is used half as often as the first, the third a third as often.
    chosen = [vocabulary[int(len(vocabulary) ** chance.random()) - 1] for _ in range(count)]
    chosen[0] = chosen[0].capitalize()
    if chance.random() < 1 / 3:
        place = chance.randrange(count - 1)
        chosen[place] = chance.choice(_MARKUP)(chosen[place])
    return chosen


_MARKUP: tuple[Callable[[str], str], ...] = (
    "**{}**".format,
    "*{}*".format,
    "`{}`".format,
    r"\(x^2 + {}\)".format,
    "[{}](https://example.org/page)".format,
)


def _field(chance: random.Random, vocabulary: list[str]) -> str:
    return " ".join(_words(chance, vocabulary))


def _with_deletions(chance: random.Random, words: list[str]) -> str:
    for number, place in enumerate(chance.sample(range(len(words)), chance.randint(1, 3)), 1):
        words[place] = f"{{{{c{number}::{words[place]}}}}}"
    return " ".join(words)
