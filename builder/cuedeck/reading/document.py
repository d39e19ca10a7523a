"""Turn YAML text into plain data in which every value has a place.

If the text is not valid YAML, the place always comes from the pure Python parser, and the words are ours, so that
installations with and without libyaml report the same.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import islice
from typing import Any

from cuedeck.disk.text import stop_if_too_large
from cuedeck.patterns import regex
from cuedeck.problems import Keys, Part, Place, Problem, Problems
from cuedeck.reading.data import Data
from cuedeck.reading.lookalikes import LOOK_ALIKE
from cuedeck.reading.parsing import (
    CONTROL_RAW,
    LOADERS,
    Builder,
    Marks,
    NoYaml,
    PureLoader,
    TooDeep,
    find_break,
)
from cuedeck.reading.recovery import Recovery
from cuedeck.reading.refusals import control_character
from cuedeck.reading.spaces import MISSING_SPACE
from cuedeck.reading.syntax import syntax_problem
from cuedeck.records import dataclass

_MOST_RAW = 20  # a file of another kind has thousands, and twenty say as much
_MOST_PARSED = 8_000_000  # characters, over all attempts to get past what is broken
_MOST_ATTEMPTS = 50
_CORRECTED = (LOOK_ALIKE, MISSING_SPACE)  # problems that are put right, so that the rest of the text can be read

# What libyaml reads differently from the pure Python parser: where it may be, and where it is. The patterns for where
# it may be begin with a character and look behind it, since a search for one character is many times faster.
_PERHAPS_OTHERWISE = tuple(map(regex, (r"\t", r"%(?<=\n.)", r"\?(?<=[\s\[{,].)", r"#(?<=[|>+\-0-9].)", r"\A[%?]")))
_READ_OTHERWISE = regex(r"\t|^%|^ *(?:- +)*\?(?: |$)|[\[{,] *\? |[|>][-+0-9]*#", re.MULTILINE)


@dataclass(frozen=True)
class Places:
    """The places of everything in a file, which messages call `name`.

    If something was wrong, `text` has stand-ins for what could not be read. `kept` are the marks that were kept while
    the file was read; without them, the first request for a place costs a second pass over the file.
    """

    name: str
    text: str
    loader: Any
    stand_ins: Collection[tuple[int, int]] = ()
    kept: Mapping[Keys, Marks] | None = None

    @cached_property
    def _marks(self) -> Mapping[Keys, Marks]:
        if self.kept is not None:
            return self.kept
        builder = Builder(self.name, self.loader, self.text, self.stand_ins, with_marks=True)
        builder.document()
        return builder.marks

    @cached_property
    def _line_starts(self) -> list[int]:
        return line_starts(self.text)

    def find(self, keys: Keys, part: Part = "value", fragment: str = "") -> Place:
        """Return the place of a key or of its value, or of the first `fragment` in the value.

        For something that is not in the file, this is the place of the nearest thing around it.
        """
        marks = self._marks.get(keys)
        if marks is None:
            return self.find(keys[:-1], "key") if keys else Place(self.name)
        if fragment:
            # The lines of a longer fragment are indented in the file, so its first line is searched for.
            found = self.text.find(fragment.partition("\n")[0], marks.start.index, self._end(keys, marks))
            if found >= 0:
                return place_at(self.name, self._line_starts, found)
        mark = marks.key if part == "key" else marks.start
        return Place(self.name, mark.line + 1, mark.column + 1)

    def marks(self, keys: Keys) -> Marks | None:
        """Return where a key and its value begin and end; None if they are not in the file."""
        return self._marks.get(keys)

    def _end(self, keys: Keys, marks: Marks) -> int:
        """Return where a value ends, in characters. For a text, as for most values with fragments, the mark says so."""
        is_text = marks.end.index - marks.start.index > 1
        return int(marks.end.index) if is_text else self._ends.get(keys, marks.end.index)

    @cached_property
    def _ends(self) -> Mapping[Keys, int]:
        """Where each mapping and list ends, in characters, since their own marks are only of their first character."""
        ends: dict[Keys, int] = {}
        for keys, marks in self._marks.items():
            for length in range(len(keys)):
                around = keys[:length]
                ends[around] = max(ends.get(around, 0), marks.end.index)
        return ends


@dataclass(frozen=True)
class Document:
    """A parsed file: its data, all their places, what is wrong with it as YAML, and what was given up because of that.

    The places do not keep the data, which is as large as the deck that is read from it and of no use afterwards.
    """

    data: Data
    places: Places
    problems: tuple[Problem, ...] = ()
    given_up: tuple[str, ...] = ()


def parse(text: str, name: str, loader: Any = LOADERS[0], keep_places: bool = False) -> Document:
    """Return the data of a YAML text, as far as it can be read, and what is wrong with the rest.

    `name` is what messages call the file. With `keep_places`, a text without problems is read together with its places,
    which is faster if some will be asked for. Raises `Problems` if no part of the text can be read reliably.
    """
    stop_if_too_large(len(text), name)
    raw = [found.start() for found in islice(CONTROL_RAW.finditer(text), _MOST_RAW)]
    if not raw and loader is not PureLoader and not _read_otherwise(text):
        builder = Builder(name, loader, text, with_marks=keep_places)
        try:
            data = builder.document()
        except (NoYaml, TooDeep):
            pass
        else:
            if not builder.problems:
                return Document(data, Places(name, text, loader, kept=builder.marks if keep_places else None))
    starts = line_starts(text) if raw else []
    problems = [control_character(place_at(name, starts, index), text[index]) for index in raw]
    if len(raw) == _MOST_RAW:
        raise Problems(problems)
    return _parse_broken(text, name, problems)


def _read_otherwise(text: str) -> bool:
    return any(sign.search(text) for sign in _PERHAPS_OTHERWISE) and bool(_READ_OTHERWISE.search(text))


def _parse_broken(text: str, name: str, problems: list[Problem]) -> Document:
    """Return the data of a text, in which every entry that breaks it is given up and reported."""
    recovery = Recovery(CONTROL_RAW.sub(" ", text))
    unchecked: dict[int, str] = {}  # position of a problem: what cannot be checked because of it
    attempts = min(_MOST_ATTEMPTS, 1 + _MOST_PARSED // (len(text) + 1))
    for _ in range(attempts):
        builder = Builder(name, PureLoader, recovery.text, recovery.stand_ins)
        try:
            data = builder.document()
        except TooDeep:
            problems += builder.problems
            break
        except NoYaml:
            found = syntax_problem(name, recovery.text, find_break(recovery.text))
            line = found.place.line - 1
            if found.rule in _CORRECTED and found.fix and recovery.correct(found.fix):
                problems.append(found)
                continue
            if not recovery.touched(line):
                problems.append(found)
            given_up = recovery.give_up(line)
            if given_up is None:
                break
            if given_up.more:
                unchecked[len(problems) - 1] = f'everything in "{given_up.key}"'
        else:
            alike = [found for found in builder.problems if found.rule in _CORRECTED]
            if [found for found in alike if found.fix and recovery.correct(found.fix)]:
                problems += alike
                continue
            if builder.second is None or not recovery.join_documents(builder.second):
                reported = tuple(_reported([*problems, *builder.problems], unchecked, text))
                places = Places(name, recovery.text, PureLoader, recovery.stand_ins)
                return Document(data, places, reported, tuple(recovery.given_up))
            problems += [problem for problem in builder.problems if problem.rule == "second-document"]
    unchecked[len(problems) - 1] = "everything below"
    raise Problems(_reported(problems, unchecked, text))


def _reported(problems: list[Problem], unchecked: dict[int, str], text: str) -> Iterator[Problem]:
    """Yield problems. If a problem keeps something from being checked, its hint says so.

    A fix is left out if the file differs at its place, for example by an invisible character that was taken out.
    """
    starts = line_starts(text) if any(problem.fix for problem in problems) else []
    for number, problem in enumerate(problems):
        reported = problem
        if what := unchecked.get(number):
            reported = replace(reported, hint=f"{reported.hint}\n{what} will be checked once this is fixed")
        fix = reported.fix
        if fix and not text.startswith(fix.old, starts[fix.place.line - 1] + fix.place.column - 1):
            reported = replace(reported, fix=None)
        yield reported


def line_starts(text: str) -> list[int]:
    """Return the index of the first character of each line."""
    return [0, *(found.end() for found in re.finditer("\n", text))]


def place_at(name: str, line_starts: list[int], index: int) -> Place:
    """Return the place of a character of the file `name` whose lines begin at these indexes."""
    line = bisect_right(line_starts, index)
    return Place(name, line, index - line_starts[line - 1] + 1)
