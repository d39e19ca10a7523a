"""Several texts as one, so that a fix that needs changes in several files is tried, and made, as a whole.

In the joined text, each text begins on a line of its own. The data of all is a mapping with their names, so the keys of
a value begin with the name of its text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

from cuedeck.problems import Keys, Place, Problem
from cuedeck.reading.data import UNREAD, Data
from cuedeck.reading.document import Document
from cuedeck.reading.parsing import Mark, Marks

# No file contains this character, since UTF-8 cannot express it.
_BETWEEN = "\n\ud800\n"
_LINES_BETWEEN = _BETWEEN.count("\n")


@dataclass(frozen=True, slots=True)
class _Moved(Mark):
    """A mark, moved from a text into the joined one."""

    line: int
    column: int
    index: int


@dataclass(frozen=True)
class JoinedText:
    """Texts by the names of their files, and the one that is made of them."""

    texts: Mapping[str, str]

    def with_text(self, text: str) -> "JoinedText":
        """Return the texts of the same files in another joined text."""
        return JoinedText(dict(zip(self.texts, text.split(_BETWEEN), strict=True)))

    @property
    def text(self) -> str:
        """The joined text."""
        return _BETWEEN.join(self.texts.values())

    def line_ends(self, ends: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
        """Return the line ends of the joined text, from those of the texts. What is between two texts has some, too."""
        joined: list[str] = []
        for name in self.texts:
            joined += [*ends[name], *[next(iter(ends[name]), "\n")] * _LINES_BETWEEN]
        return tuple(joined[:-_LINES_BETWEEN])

    def line_ends_of(self, ends: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Return the line ends of each text, from those of the joined one."""
        firsts = self._lines_before
        return {name: tuple(ends[firsts[name] : firsts[name] + text.count("\n")]) for name, text in self.texts.items()}

    def document(self, documents: Mapping[str, Document]) -> "JoinedDocument":
        """Return what the texts contain, from what each contains; those that could not be read are not in it."""
        data: dict[str, Data] = {name: documents[name].data if name in documents else UNREAD for name in self.texts}
        return JoinedDocument(data, JoinedPlaces(self, documents))

    def problem(self, problem: Problem) -> Problem:
        """Return a problem of one of the texts as one of the joined text; one in any other file gets no line."""
        name, fix = problem.place.file, problem.fix
        if name not in self.texts:
            return replace(problem, place=Place(name), keys=(name, *problem.keys), fix=None)
        return replace(
            problem,
            place=self.joined(problem.place),
            keys=(name, *problem.keys) if problem.keys else (),
            fix=replace(fix, place=self.joined(fix.place)) if fix else None,
        )

    def joined(self, place: Place) -> Place:
        """Return where a place in one of the texts is in the joined text."""
        return place._replace(line=place.line + self._lines_before[place.file]) if place.line else place

    def apart(self, place: Place) -> Place:
        """Return where a place in the joined text is in the text that it names."""
        return place._replace(line=place.line - self._lines_before[place.file])

    def marks(self, name: str, marks: Marks) -> Marks:
        """Return marks in one of the texts as marks in the joined text."""
        lines, characters = self._lines_before[name], self._characters_before[name]
        key, start, end = (_Moved(mark.line + lines, mark.column, mark.index + characters) for mark in marks)
        return Marks(key, start, end)

    @cached_property
    def _lines_before(self) -> Mapping[str, int]:
        counts = (text.count("\n") + _LINES_BETWEEN for text in self.texts.values())
        return dict(zip(self.texts, accumulate(counts, initial=0), strict=False))

    @cached_property
    def _characters_before(self) -> Mapping[str, int]:
        counts = (len(text) + len(_BETWEEN) for text in self.texts.values())
        return dict(zip(self.texts, accumulate(counts, initial=0), strict=False))


@dataclass(frozen=True)
class JoinedPlaces:
    """The places of everything in the documents that texts contain, in the joined text."""

    joined: JoinedText
    documents: Mapping[str, Document]

    def find(self, keys: Keys) -> Place:
        """Return the place of a value."""
        name, *rest = keys
        return self.joined.joined(self.documents[str(name)].places.find(tuple(rest)))

    def marks(self, keys: Keys) -> Marks | None:
        """Return where a key and its value begin and end; None if they are not there."""
        name, *rest = keys or ("",)
        document = self.documents.get(str(name))
        marks = document.places.marks(tuple(rest)) if document else None
        return self.joined.marks(str(name), marks) if marks else None


@dataclass(frozen=True)
class JoinedDocument:
    """What texts contain, as one document, with the places in the joined text."""

    data: Data
    places: JoinedPlaces
