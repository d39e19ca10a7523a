"""The events of YAML's parser to plain data and the places of all of it. The only module that knows `yaml`.

Every scalar is text: YAML 1.1 would turn `12:45` into 765 and `no` into False. The events of libyaml's parser are used
where it is installed, those of the pure Python one otherwise, with the same result.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from cuedeck.problems import Keys, Mend, Place, Problem
from cuedeck.reading.data import NO_VALUE, UNREAD, Data, Unread
from cuedeck.reading.escapes import PIECE, may_be_misread, unescaped
from cuedeck.reading.folded import folded_problem, may_be_folded
from cuedeck.reading.forms import DECLARED, Scalar, as_markdown, is_shown, quoted, way_out
from cuedeck.reading.lookalikes import look_alike, look_alike_key, may_be_entries
from cuedeck.reading.quoted import escape_problem
from cuedeck.reading.refusals import UNSHOWN, refusal

_DEEPEST = 30
_DEEPEST_SKIPPED = 100  # the pure Python parser takes more time for each sign the deeper it stands

# What no card can show, and rare line ends as well: editors do not show them, and parsers differ on them.
CONTROL_RAW = re.compile(UNSHOWN.pattern.replace("[", "[\u2028\u2029"))
# What looks like text and is a comment to YAML, such as "rule #1": where one may be, and where one is.
_PERHAPS_COMMENT = re.compile(r"#(?<=[ \t\"'].)")
_COMMENT = re.compile(r"[ \t]*(#[^\s#]\S*)")
_COMMENT_ALONE = re.compile(r"[ \t]+(#[^\n]*)")


_UNCLEAR: tuple[str, Mend | None] = ("", None)
_IN_BRACKETS = ("while parsing a flow mapping", "while parsing a flow sequence")


class PureLoader(yaml.SafeLoader):
    """PyYAML's own parser, made to read a "?" inside [] and {}, and a tab between words, as libyaml does: as text.

    It takes an escape that YAML does not know as it is written, and two halves of a character for one, as JSON does.
    """

    _in_text = False
    _line_of_spaces = -1

    def scan_plain(self) -> Any:
        """Read an unquoted text."""
        self._in_text = True
        try:
            return super().scan_plain()
        finally:
            self._in_text = False

    def scan_flow_scalar_non_spaces(self, double: Any, start_mark: Any) -> Any:
        """Read what stands in a quoted text up to white space or a quote."""
        if not double:
            return super().scan_flow_scalar_non_spaces(double, start_mark)
        chunks: list[str] = []
        while found := PIECE.match(self.buffer, self.pointer):
            self.forward(len(found[0]))
            if found["joined"]:
                chunks += self.scan_flow_scalar_breaks(double, start_mark)
            else:
                chunks.append(unescaped(found[0]) if found["known"] else found[0])
        return chunks

    def scan_plain_spaces(self, indent: Any, start_mark: Any) -> Any:
        """Read the white space between two words of an unquoted text."""
        self._line_of_spaces = self.line
        try:
            return super().scan_plain_spaces(indent, start_mark)
        finally:
            self._line_of_spaces = -1

    def peek(self, index: int = 0) -> str:
        """Return a character further on.

        In a text, any letter does for "?", for only signs are looked for, and a space for a tab between words.
        """
        character: str = super().peek(index)
        if character == "\t" and self._line_of_spaces == self.line:
            return " "
        return "x" if self._in_text and character == "?" else character


NoYaml = yaml.YAMLError
LOADERS: tuple[Any, ...] = (yaml.CSafeLoader, PureLoader) if yaml.__with_libyaml__ else (PureLoader,)


class TooDeep(Exception):
    """The text is nested so deep that it is no use to read on; the builder's last problem says so."""


@dataclass(frozen=True)
class Break:
    """Where a text stops being YAML, and the bracket that is open there, if any: lines and columns from 0."""

    line: int
    column: int
    bracket: tuple[int, int] | None = None


def find_break(text: str) -> Break:
    """Return where a text stops being YAML, as the pure Python parser sees it.

    A quote that was left open ends at the next quote, or nowhere: then the place is where it was opened.
    """
    last: Any = None
    try:
        for event in yaml.parse(text, Loader=PureLoader):
            last = event
    except yaml.MarkedYAMLError as found:
        context, mark = found.context or "", found.problem_mark or found.context_mark
        opened: Any = found.context_mark if "quoted scalar" in context else getattr(last, "start_mark", None)
        quoted = "quoted scalar" in context or getattr(last, "style", None) in ("'", '"')
        if quoted and opened and mark and opened.line < mark.line:
            return Break(opened.line, opened.column)
        start = found.context_mark
        bracket = (start.line, start.column) if start and context in _IN_BRACKETS else None
        return Break(mark.line, mark.column, bracket) if mark else Break(0, 0)
    except yaml.reader.ReaderError as found:
        position = found.position
        return Break(text.count("\n", 0, position), position - text.rfind("\n", 0, position) - 1)
    return Break(0, 0)


def is_yaml(text: str) -> bool:
    """Whether the pure Python parser takes a text that stands for itself."""
    try:
        return all(True for _ in yaml.parse(text, Loader=PureLoader))
    except NoYaml:
        return False


class Mark(Protocol):
    """A place in the text as the parsers mark it: line and column from 0, and the index of the character there."""

    line: int
    column: int
    index: int


class Marks(NamedTuple):  # of the marks as they come, since there is one for every value of a file
    """Where a key begins, and where its value begins and ends."""

    key: Mark
    start: Mark
    end: Mark


class Builder:
    """Builds plain data from parser events, and the places of all of it where `with_marks` asks for them.

    Most files are sound, and places cost half as much again as the data: so they are made in a second pass, when there
    is something to say, or at once where there surely will be. `stand_ins` are the places, line and column from 0, of
    texts that stand for what was given up.
    """

    def __init__(
        self,
        name: str,
        loader: Any,
        text: str,
        stand_ins: Collection[tuple[int, int]] = (),
        with_marks: bool = False,
    ) -> None:
        self.problems: list[Problem] = []
        self.marks: dict[Keys, Marks] = {}
        self.second: int | None = None  # the line of a second document, from 0
        self._name = name
        self._text = text
        self._stand_ins = stand_ins
        self._with_marks = with_marks
        self._has_comments = bool(_PERHAPS_COMMENT.search(text))
        self._has_escapes = "\\" in text
        self._brackets = 0  # how many are open
        self._loader = loader
        self._events: Iterator[Any] = iter(())

    def document(self) -> Data:
        """Return the data of the first document in the text; an empty text is an empty text value.

        Raises `NoYaml` where the text is none, and `TooDeep`.
        """
        # As yaml.parse() does, which asks before each event whether there is one, and takes a third longer.
        events = self._events = iter(self._loader(self._text).get_event, None)
        next(events)  # the start of the stream
        event = next(events)
        if isinstance(event, StreamEndEvent):
            return ""
        data = self._value(next(events), ())
        next(events)  # the end of the document
        event = next(events)
        if not isinstance(event, StreamEndEvent):
            self.second = event.start_mark.line
            self._problem(event, "second-document")
        return data

    def _value(self, event: Any, keys: Keys) -> Data:
        kind = type(event)
        if kind is AliasEvent:
            self._problem(event, "yaml-alias", event.anchor, self._without_comment(event.start_mark, keys))
            return UNREAD
        swallowed = event.anchor is not None or event.tag is not None
        if swallowed:
            self._swallowed_word(event, keys)
        if kind is ScalarEvent:
            text = self._scalar(event, keys)
            return UNREAD if swallowed else text
        if len(keys) >= _DEEPEST:
            self._problem(event, "too-deep", str(_DEEPEST))
            self._skip()
            return UNREAD
        self._brackets += bool(event.flow_style)  # None for a list that is no further in than its key
        data = self._mapping(event, keys) if kind is MappingStartEvent else self._list(keys)
        self._brackets -= bool(event.flow_style)
        return data

    def _swallowed_word(self, event: Any, keys: Keys) -> None:
        start, end = event.start_mark, event.end_mark
        is_short = isinstance(event, ScalarEvent) and start.line == end.line
        way_out = self._without_comment(start, keys) if is_short else _UNCLEAR
        if event.anchor is not None:
            self._problem(event, "yaml-anchor", event.anchor, way_out)
        if event.tag is not None:
            tag = _short_tag(event.tag)
            if tag.startswith("!["):
                self._problem(event, "no-media", tag)
            else:
                self._problem(event, "yaml-tag", tag, way_out)

    def _to_the_end(self, start: Any, keys: Keys, index: int | None = None) -> tuple[str, Mend | None]:
        """Return the hint that shows how to write what the rest of a line was meant to be, and the mend.

        It begins at a mark, or else at an index of the same line. Where it is no text of a key, neither is known.
        """
        begin = start.index if index is None else index
        line_end = self._text.find("\n", begin)
        text = self._text[begin : line_end if line_end >= 0 else len(self._text)].rstrip()
        is_text = keys and (isinstance(keys[-1], int) or keys[-1] in DECLARED)
        if not is_text or self._brackets or not text or not is_shown(text):
            return "", None
        meant = as_markdown(text, str(keys[-1]))
        place = Place(self._name, start.line + 1, start.column + 1 + begin - start.index)
        return way_out(_head(keys), meant), Mend(place, text, quoted(meant))

    def _without_comment(self, start: Any, keys: Keys) -> tuple[str, Mend | None]:
        """Return the same, but no mend where the line may end in a comment."""
        hint, mend = self._to_the_end(start, keys)
        return hint, None if mend and " #" in mend.old else mend

    def _skip(self) -> None:
        """Pass over the rest of a mapping or list, whatever stands in it. Raises `TooDeep`."""
        depth = 1
        while depth:
            event = next(self._events)
            if isinstance(event, CollectionStartEvent):
                depth += 1
                if depth > _DEEPEST_SKIPPED:
                    raise TooDeep
            elif isinstance(event, CollectionEndEvent):
                depth -= 1

    def _scalar(self, event: Any, keys: Keys) -> str | Unread:
        value: str = event.value
        if self._stand_ins and (event.start_mark.line, event.start_mark.column) in self._stand_ins:
            return UNREAD
        if (
            (event.style == '"' and self._has_escapes)
            or (event.end_mark.line != event.start_mark.line and event.style != "|")
        ) and (problem := self._misread(event, keys)):
            self.problems.append(problem)
            return UNREAD
        if not event.style and not value.isascii() and (problems := self._alike(event, keys)):
            self.problems += problems
            return UNREAD
        if event.style == '"' and "\r" in value:
            value = value.replace("\r\n", "\n")  # as such line ends of the file itself are read
        if self._has_comments and event.style not in ("|", ">") and self._swallowed(event, keys):
            return UNREAD
        return value

    def _misread(self, event: Any, keys: Keys) -> Problem | None:
        """Return the problem of a text that YAML reads otherwise than it was meant, or that no card can show."""
        start, end, style = event.start_mark.index, event.end_mark.index, event.style
        has_escapes = style == '"' and may_be_misread(self._text, start, end)
        if not has_escapes and not may_be_folded(self._text, start, end):
            return None
        written = Scalar(self._text, start, end, self._place(event), style or "", _head(keys), self._brackets > 0)
        return (escape_problem(written) if has_escapes else None) or folded_problem(written)

    def _alike(self, event: Any, keys: Keys) -> list[Problem]:
        """Return the problems of lines that were meant to have keys, and are a text because of other signs in them."""
        declared = DECLARED.get(str(keys[-1])) if keys else None
        is_text = not keys or isinstance(keys[-1], int) or (declared and declared.key.shape in ("text", "texts"))
        if is_text or not may_be_entries(event.value):
            return []
        first, last = event.start_mark, event.end_mark
        line_start = first.index - first.column
        lines = self._text[line_start : last.index].split("\n")
        lines[0] = " " * first.column + lines[0][first.column :]
        found = (look_alike(Place(self._name, first.line + 1 + number, 1), line) for number, line in enumerate(lines))
        return [problem for problem in found if problem]

    def _swallowed(self, event: Any, keys: Keys) -> bool:
        """Report a comment that looks like a part of the text before it, or that leaves a key without any text."""
        end = event.end_mark
        pattern = _COMMENT if event.value or event.style else _COMMENT_ALONE
        found = pattern.match(self._text, end.index)
        if not found:
            return False
        place = Place(self._name, end.line + 1, end.column + found.start(1) - end.index + 1)
        hint, mend = _UNCLEAR
        if end.line == event.start_mark.line:
            begin = event.start_mark.index if event.value or event.style else found.start(1)
            hint, mend = self._to_the_end(event.start_mark, keys, begin)
        # What has a space behind its sign may be a comment all the same, if on a key without a text.
        is_certain = mend is not None and mend.old.count("#") == 1 and not event.style and found[1][1:2].strip()
        self.problems.append(refusal("text-hash", place, found[1], hint, mend if is_certain else None))
        return True

    def _list(self, keys: Keys) -> list[Data]:
        items: list[Data] = []
        while type(event := next(self._events)) is not SequenceEndEvent:
            child = (*keys, len(items))
            items.append(self._value(event, child))
            if self._with_marks:
                self._mark(child, event, event)
        return items

    def _mapping(self, start: Any, keys: Keys) -> dict[str, Data] | Unread:
        items: dict[str, Data] = {}
        whole = True
        while type(key := next(self._events)) is not MappingEndEvent:
            if type(key) is not ScalarEvent:
                self._problem(key, "key-not-text")
                self._value(key, (*keys, ""))
                self._value(next(self._events), (*keys, ""))
                whole = False
                continue
            self._value(key, ())
            name: str = key.value
            if not name.isascii() and not key.style and (problem := look_alike_key(self._place(key), name)):
                self.problems.append(problem)
            event = next(self._events)
            child = (*keys, name)
            value = self._value(event, child)
            if name == "<<" and not key.style:
                self._problem(key, "merge-key")
                items[name] = UNREAD
            elif name in items:
                self._problem(key, "doubled-key", name)
            else:
                items[name] = NO_VALUE if start.flow_style and value == "" and not event.style else value
                if self._with_marks:
                    self._mark(child, key, event)
        # Between { and }, a key that is no text is a text with braces in it.
        return items if whole or not start.flow_style else UNREAD

    def _mark(self, keys: Keys, key: Any, event: Any) -> None:
        # The parsers differ on where a value stands that is not there, so it stands where its key does.
        there = event if type(event) is not ScalarEvent or event.value or event.style else key
        self.marks[keys] = Marks(key.start_mark, there.start_mark, there.end_mark)

    def _place(self, event: Any) -> Place:
        return Place(self._name, event.start_mark.line + 1, event.start_mark.column + 1)

    def _problem(self, event: Any, rule: str, word: str = "", way_out: tuple[str, Mend | None] = _UNCLEAR) -> None:
        self.problems.append(refusal(rule, self._place(event), word, *way_out))


def _head(keys: Keys) -> str:
    """Return what stands before a value in its line."""
    return f"{keys[-1]}: " if keys and isinstance(keys[-1], str) else "- " if keys else ""


def _short_tag(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")
