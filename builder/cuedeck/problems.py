"""What is wrong in an author's files: where it is, what it is, and what to do about it.

Every room uses these types, so this module imports none of them.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import field
from typing import Any, Literal, NamedTuple, NoReturn

from cuedeck.patterns import regex
from cuedeck.records import dataclass
from cuedeck.wording import by_number

Keys = tuple[str | int, ...]
"""The way from the top of a file to a value in it: mapping keys and list positions."""

Part = Literal["key", "value"]
"""Which half of a `key: value` line a problem is about."""

Level = Literal["error", "warning", "advice"]
"""An error stops the build; a warning is worth a look; advice would make a card better."""

_CONTROL = regex("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# These change the direction of text, so that a line would not read as what it is.
_TURNING = regex("[\u202a-\u202e\u2066-\u2069]")


def visible(line: str) -> str:
    """Return a line in which control characters, including line ends, and those of direction are written as escapes.

    Messages quote other people's files and file names, whose control characters must not reach the terminal.
    """
    return _TURNING.sub(_escape, _CONTROL.sub(_escape, line))


def is_one_line(text: str) -> bool:
    """Return whether a text has no control characters, and so can be a line as it is."""
    return not _CONTROL.search(text)


def is_text(name: str) -> bool:
    """Return whether a word or file name has only text, and no bytes in another encoding."""
    return not any("\ud800" <= each <= "\udfff" for each in name)


def _escape(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()


class Place(NamedTuple):  # since thousands of problems are sorted by place
    """A place in a file. Lines and columns count from 1; 0 means the whole file or the whole line."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        numbers = [str(number) for number in (self.line, self.column) if number]
        return ":".join([self.file, *numbers])


@dataclass(frozen=True)
class Fix:
    """How to fix a problem when it is certain what was meant: by writing `new` instead of `old` at `place`.

    With `in_text`, both are parts of a value of the file, and are written as the quotes around it require. Otherwise
    they are parts of the file itself.
    """

    place: Place
    old: str
    new: str
    in_text: bool = False

    def as_json(self) -> dict[str, Any]:
        """The fix as plain data for `--format json`."""
        return {"line": self.place.line, "column": self.place.column, "old": self.old, "new": self.new}


@dataclass(frozen=True)
class Problem:
    """One thing that an author should know, with the name of the rule that found it.

    hint         what to do; lines of it that are indented are lines of the file, as they have to be written there
    keys         the way to the value that it is about, also to one that is missing; empty if it is about a whole file
    accept       what the author passes to `--accept` to continue despite it; "" if that is not possible
    fix          the change that certainly fixes it; None if there is none
    can_be_made  whether a card can be made in spite of it, though not as meant; it is a warning on notes that learners
                 already have
    is_local     whether it comes from a file that only the author may have, so that it must not decide anything, nor
                 reach anybody else
    """

    place: Place
    message: str
    rule: str
    hint: str = ""
    level: Level = "error"
    keys: Keys = field(default=(), compare=False)
    accept: str = field(default="", compare=False)
    fix: Fix | None = field(default=None, compare=False)
    can_be_made: bool = field(default=False, compare=False)
    is_local: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        """The problem as a terminal shows it: one line, and the hint indented below.

        Lines of the hint that are indented stay as they are: they can be pasted into the file.
        """
        lines = [f"{self.place}: {self.level}: {self.message} [{self.rule}]"]
        lines += [line if line.startswith(" ") else f"    {line}" for line in self.hint.split("\n") if self.hint]
        return "\n".join(map(visible, lines))

    def as_json(self) -> dict[str, Any]:
        """The problem as plain data for `--format json`."""
        return {
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "level": self.level,
            "rule": self.rule,
            "message": self.message,
            "hint": self.hint,
            "accept": self.accept,
            "fix": self.fix.as_json() if self.fix else None,
        }


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems sorted by place, each once; numbers in the names of files count as numbers."""
    found = set(problems)
    files = {file: by_number(file) for file in {each.place.file for each in found}}

    def key(each: Problem) -> tuple[object, ...]:
        return files[each.place.file], each.place, each.message, each.rule, each.hint, each.level

    return tuple(sorted(found, key=key))


def are_decisive(problems: Iterable[Problem]) -> bool:
    """Whether problems without errors make a strict run fail: not if all come from files that only the author has."""
    return not all(problem.is_local for problem in problems)


def can_be_fixed(problem: Problem) -> bool:
    """Whether `cuedeck check --fix` fixes a problem: not if it is a warning, since learners have that note already."""
    return problem.fix is not None and problem.level != "warning"


def how_to_fix(problems: Iterable[Problem]) -> str:
    """Return a sentence on the problems that can be fixed automatically; "" if there are none."""
    count = sum(map(can_be_fixed, problems))
    return f'"cuedeck check --fix" can fix {count} of these, and "cuedeck check --diff" shows how' if count else ""


class Problems(Exception):
    """Everything found wrong in one run, sorted by place unless `sort` is false. At least one problem is an error."""

    def __init__(self, problems: Iterable[Problem], sort: bool = True) -> None:
        self.problems = in_order(problems) if sort else tuple(dict.fromkeys(problems))
        super().__init__("\n".join(map(str, self.problems)))


class Gathered:
    """Collects the problems that several steps raise, each in its own `with`, so that all are reported at once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def __enter__(self) -> "Gathered":
        return self

    def __exit__(self, _: object, raised: BaseException | None, __: object) -> bool:
        if isinstance(raised, Problems):
            self.problems += raised.problems
            return True
        return False


class TextError(ValueError):
    """A sentence on what is wrong in a text, with a hint, and the fragment of the text that it is about.

    `instead` is what to write instead of the fragment, if that is certain.
    """

    def __init__(self, message: str, hint: str = "", fragment: str = "", rule: str = "", instead: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.fragment = fragment
        self.rule = rule
        self.instead = instead


Locate = Callable[[Keys, Part, str], Place]
"""Returns the place of a key, of its value, or of a fragment in the value."""


class Report:
    """Collects the problems of a deck, or of one file.

    It asks for a place only when a problem is added, because finding places may cost a second pass over the file.
    """

    def __init__(self, locate: Locate, problems: Iterable[Problem] = ()) -> None:
        self._locate = locate
        self.problems = list(problems)

    def error(
        self,
        rule: str,
        message: str,
        *,
        at: Keys,
        hint: str = "",
        on: Part = "value",
        fragment: str = "",
        instead: str = "",
        can_be_made: bool = False,
    ) -> None:
        """Add something that stops the build; `instead` is what to write for the fragment, if that is certain."""
        place = self._locate(at, on, fragment)
        fix = Fix(place, fragment, instead, in_text=True) if instead else None
        self.problems.append(Problem(place, message, rule, hint, keys=at, fix=fix, can_be_made=can_be_made))

    def warning(self, rule: str, message: str, *, at: Keys, hint: str = "", on: Part = "value") -> None:
        """Add something that is worth a look but does not stop a build."""
        self.problems.append(Problem(self._locate(at, on, ""), message, rule, hint, "warning", at))

    def advice(
        self,
        rule: str,
        message: str,
        *,
        at: Keys,
        hint: str = "",
        fragment: str = "",
        place: Place | None = None,
        is_local: bool = False,
    ) -> None:
        """Add something that would make a card better; `place` is where it is if that is in another file."""
        place = place or self._locate(at, "value", fragment)
        self.problems.append(Problem(place, message, rule, hint, "advice", at, is_local=is_local))

    def text_error(
        self, rule: str, error: ValueError, *, at: Keys, on: Part = "value", can_be_made: bool = False
    ) -> None:
        """Add what a check of one text found; a `TextError` may have its own rule, hint and fragment."""
        if isinstance(error, TextError):
            self.error(
                error.rule or rule,
                error.message,
                at=at,
                hint=error.hint,
                on=on,
                fragment=error.fragment,
                instead=error.instead,
                can_be_made=can_be_made,
            )
        else:
            self.error(rule, str(error), at=at, on=on)

    def place(self, at: Keys, on: Part = "key") -> Place:
        """Return the place of a key or value."""
        return self._locate(at, on, "")

    def elsewhere(self, locate: Locate) -> "Report":
        """Return a report that adds to the same problems, but finds places in its own way."""
        report = Report(locate)
        report.problems = self.problems
        return report

    @property
    def sound(self) -> bool:
        """Whether no error has been found so far."""
        return not any(problem.level == "error" for problem in self.problems)

    def stop_if_unsound(self) -> None:
        """Raise `Problems` with everything that was found, if any of it is an error."""
        if not self.sound:
            raise Problems(self.problems)


def in_another_file(place: Place, seen_from: Place) -> str:
    """Return words about where something is, to be added to a sentence; "" if it is in the same file."""
    return "" if place.file == seen_from.file else f" in line {place.line} of {visible(place.file)}"


def stop(file: str, rule: str, message: str, hint: str = "", line: int = 0) -> NoReturn:
    """Raise `Problems` with one error about a whole file, or about a line of it."""
    raise Problems([Problem(Place(file, line), message, rule, hint)])
