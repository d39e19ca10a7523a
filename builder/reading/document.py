"""YAML text to plain data whose every value has a place.

Where the text is no YAML, the place always comes from the pure Python parser, and the words are ours, so that
installations with and without libyaml say the same.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from builder.problems import Keys, Part, Place, Problem, Problems
from builder.reading.parsing import (
    CONTROL,
    LOADERS,
    Builder,
    Data,
    Marks,
    NoYaml,
    PureLoader,
    control_character,
    error_position,
    swallowed_texts,
)
from builder.reading.syntax import syntax_problem

_LARGEST = 64 * 1024 * 1024
_MOST_RAW = 20  # a file of another kind holds thousands, and twenty tell as much

# In the raw, rare line ends and byte order marks as well: editors do not show them, and parsers differ on them.
_CONTROL_RAW = re.compile(CONTROL.pattern.replace("[", "[\x85\u2028\u2029\ufeff"))
# What libyaml reads otherwise than the pure Python parser: where it may be, and where it is. Patterns for what may be
# begin with a sign and look behind it, since a search for one sign is many times as fast.
_PERHAPS_OTHERWISE = tuple(map(re.compile, (r"\t", r"%(?<=\n.)", r"\?(?<=[\s\[{,].)", r"#(?<=[|>+\-0-9].)", r"\A[%?]")))
_READ_OTHERWISE = re.compile(r"\t|^%|^ *(?:- +)*\?(?: |$)|[\[{,] *\? |[|>][-+0-9]*#", re.MULTILINE)


@dataclass(frozen=True)
class Document:
    """A parsed file: its name for messages, its text and its data."""

    name: str
    text: str
    data: Data
    loader: Any

    @cached_property
    def _marks(self) -> dict[Keys, Marks]:
        builder = Builder(self.name, self.loader, self.text, with_marks=True)
        builder.document()
        return builder.marks

    def place(self, keys: Keys, part: Part = "value", fragment: str = "") -> Place:
        """Return where a key or its value stands, or where `fragment` first stands in the value.

        What is not in the file stands where the nearest thing around it does.
        """
        marks = self._marks.get(keys)
        if marks is None:
            return self.place(keys[:-1], "key") if keys else Place(self.name)
        if fragment:
            found = self.text.find(fragment, marks.start, marks.end)
            if found >= 0:
                return _place_at(self.name, self.text, found)
        line, column = marks.key if part == "key" else marks.value
        return Place(self.name, line + 1, column + 1)


def parse(text: str, name: str, loader: Any = LOADERS[0]) -> Document:
    """Return the data of a YAML text. Raises `Problems` with all that stands in the way of reading it.

    `name` is what messages call the file.
    """
    if len(text) > _LARGEST:
        _refuse(
            name,
            "too-large",
            f"the file has more than {_LARGEST // 1024 // 1024} million characters",
            "split it into several decks",
        )
    if raw := list(islice(_CONTROL_RAW.finditer(text), _MOST_RAW)):
        raise Problems(control_character(_place_at(name, text, found.start()), found[0]) for found in raw)
    if any(sign.search(text) for sign in _PERHAPS_OTHERWISE) and _READ_OTHERWISE.search(text):
        loader = PureLoader
    builder = Builder(name, loader, text)
    try:
        data = builder.document()
    except NoYaml as error:
        if loader is not PureLoader:
            return parse(text, name, PureLoader)
        broken = syntax_problem(name, text, *error_position(text, error))
        # What was found on the broken line itself is a consequence of the break.
        raise Problems([*(p for p in builder.problems if p.place.line < broken.place.line), broken]) from None
    if problems := [*builder.problems, *swallowed_texts(name, text, loader)]:
        if loader is not PureLoader:
            return parse(text, name, PureLoader)
        raise Problems(problems)
    return Document(name, text, data, loader)


def _refuse(name: str, rule: str, message: str, hint: str) -> None:
    raise Problems([Problem(Place(name), message, rule, hint)])


def _place_at(name: str, text: str, index: int) -> Place:
    return Place(name, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))
