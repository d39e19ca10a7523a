"""The events of YAML's parser to plain data and the places of all of it. The only module that knows `yaml`.

Every scalar is text: YAML 1.1 would turn `12:45` into 765 and `no` into False. The events of libyaml's parser are used
where it is installed, those of the pure Python one otherwise, with the same result.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

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

from cuedeck.problems import Keys, Place, Problem
from cuedeck.reading.data import NO_VALUE, UNREAD, Data, Unread
from cuedeck.reading.refusals import control_character, refusal
from cuedeck.reading.scalars import Mark, folded_problem, quoted_problem

_DEEPEST = 30
_DEEPEST_SKIPPED = 100  # the pure Python parser takes more time for each sign the deeper it stands

# Anki would drop these characters, or the whole file. YAML's escapes can bring them into a value, too.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# In the raw, rare line ends as well: editors do not show them, and parsers differ on them.
CONTROL_RAW = re.compile(_CONTROL.pattern.replace("[", "[\u2028\u2029"))
# What looks like text and is a comment to YAML, such as "rule #1": where one may be, and where one is.
_PERHAPS_COMMENT = re.compile(r"#(?<=[ \t\"'].)")
_COMMENT = re.compile(r"[ \t]*(#[^\s#]\S*)")
_COMMENT_ALONE = re.compile(r"[ \t]+(#[^\n]*)")


_UNKNOWN_ESCAPE = "escape"
_IN_BRACKETS = ("while parsing a flow mapping", "while parsing a flow sequence")


class PureLoader(yaml.SafeLoader):
    """PyYAML's own parser, made to read a "?" inside [] and {}, and a tab between words, as libyaml does: as text."""

    _in_text = False
    _line_of_spaces = -1

    def scan_plain(self) -> Any:
        """Read an unquoted text."""
        self._in_text = True
        try:
            return super().scan_plain()
        finally:
            self._in_text = False

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
ESCAPES: Mapping[str, str] = yaml.scanner.Scanner.ESCAPE_REPLACEMENTS
"""What a letter or sign after a backslash stands for in double quotes."""
LOADERS: tuple[Any, ...] = (yaml.CSafeLoader, PureLoader) if yaml.__with_libyaml__ else (PureLoader,)


class TooDeep(Exception):
    """The text is nested so deep that it is no use to read on; the builder's last problem says so."""


@dataclass(frozen=True)
class Break:
    """Where a text stops being YAML, and the bracket that is open there, if any: lines and columns from 0.

    Where it is an escape in double quotes that YAML does not know, `quote` is where these begin.
    """

    line: int
    column: int
    bracket: tuple[int, int] | None = None
    quote: tuple[int, int] | None = None


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
        if mark and found.context_mark and _UNKNOWN_ESCAPE in (found.problem or "") and "double-quoted" in context:
            return Break(mark.line, mark.column, quote=(found.context_mark.line, found.context_mark.column))
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
            self._problem(event, "yaml-alias", event.anchor)
            return UNREAD
        swallowed = event.anchor is not None or event.tag is not None
        if swallowed:
            self._swallowed_word(event)
        if kind is ScalarEvent:
            text = self._scalar(event)
            return UNREAD if swallowed else text
        if len(keys) >= _DEEPEST:
            self._problem(event, "too-deep", str(_DEEPEST))
            self._skip()
            return UNREAD
        return self._mapping(event, keys) if kind is MappingStartEvent else self._list(keys)

    def _swallowed_word(self, event: Any) -> None:
        if event.anchor is not None:
            self._problem(event, "yaml-anchor", event.anchor)
        if event.tag is not None:
            tag = _short_tag(event.tag)
            self._problem(event, "no-media" if tag.startswith("![") else "yaml-tag", tag)

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

    def _scalar(self, event: Any) -> str | Unread:
        value: str = event.value
        if self._stand_ins and (event.start_mark.line, event.start_mark.column) in self._stand_ins:
            return UNREAD
        # A text as long as what stands between its quotes has no escapes.
        if event.style == '"' and event.end_mark.index - event.start_mark.index != len(value) + 2:
            if problem := quoted_problem(self._name, self._text, event.start_mark):
                self.problems.append(problem)
                return UNREAD
            value = _with_pairs_joined(value)
            # The text was searched before: what is in a value and not in it is an escape, as double quotes have them.
            if found := _CONTROL.search(value):
                mark = event.start_mark
                self.problems.append(control_character(Place(self._name, mark.line + 1, mark.column + 1), found[0]))
                return UNREAD
        if event.style != "|" and event.end_mark.line - event.start_mark.line > 1 - (event.style != ">"):
            end = event.end_mark.index
            if problem := folded_problem(self._name, self._text, event.start_mark, end, event.style or None):
                self.problems.append(problem)
                return UNREAD
        if self._has_comments and event.style not in ("|", ">") and self._swallowed(event):
            return UNREAD
        return value

    def _swallowed(self, event: Any) -> bool:
        """Report a comment that looks like a part of the text before it, or that leaves a key without any text."""
        end = event.end_mark
        pattern = _COMMENT if event.value or event.style else _COMMENT_ALONE
        found = pattern.match(self._text, end.index)
        if not found:
            return False
        place = Place(self._name, end.line + 1, end.column + found.start(1) - end.index + 1)
        self.problems.append(refusal("text-hash", place, found[1]))
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
            self._value(key, keys)
            name: str = key.value
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

    def _problem(self, event: Any, rule: str, word: str = "") -> None:
        mark = event.start_mark
        self.problems.append(refusal(rule, Place(self._name, mark.line + 1, mark.column + 1), word))


def _with_pairs_joined(text: str) -> str:
    """Return a text in which two escapes that together are one character, as JSON writes it, are that character."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _short_tag(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")
