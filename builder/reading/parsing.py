"""The events of YAML's parser to plain data and the places of all of it. The only module that knows `yaml`.

Every scalar is text: YAML 1.1 would turn `12:45` into 765 and `no` into False. The events of libyaml's parser are used
where it is installed, those of the pure Python one otherwise, with the same result.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from builder.problems import Keys, Place, Problem, Problems

Data = dict[str, "Data"] | list["Data"] | str

_DEEPEST = 30

# Anki would drop these characters, or the whole file. YAML's escapes can bring them into a value, too.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
# What looks like text and is a comment to YAML, such as "rule #1": where one may be, and where one is.
_PERHAPS_COMMENT = re.compile(r"#(?<=[ \t\"'].)[^\s#]")
_COMMENT = re.compile(r"[ \t]*(#[^\s#]\S*)")


class PureLoader(yaml.SafeLoader):
    """PyYAML's own parser, made to read a "?" inside [] and {} as text, as libyaml does."""

    _in_text = False

    def scan_plain(self) -> Any:
        """Read an unquoted text."""
        self._in_text = True
        try:
            return super().scan_plain()
        finally:
            self._in_text = False

    def peek(self, index: int = 0) -> str:
        """Return a character further on. In a text, any letter does for "?", for only signs are looked for."""
        character: str = super().peek(index)
        return "x" if self._in_text and character == "?" else character


NoYaml = yaml.YAMLError
LOADERS: tuple[Any, ...] = (yaml.CSafeLoader, PureLoader) if yaml.__with_libyaml__ else (PureLoader,)


@dataclass(frozen=True)
class Marks:
    """Where a value and its key stand: (line, column) from 0, and the range of the value in the text."""

    key: tuple[int, int]
    value: tuple[int, int]
    start: int
    end: int


def swallowed_texts(name: str, text: str, loader: Any) -> Iterator[Problem]:
    """Yield a problem for each comment that looks like a part of the text before it."""
    if not _PERHAPS_COMMENT.search(text):
        return
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.ScalarEvent) and event.style not in ("|", ">"):
            end: Any = event.end_mark
            if found := _COMMENT.match(text, end.index):
                yield Problem(
                    Place(name, end.line + 1, end.column + found.start(1) - end.index + 1),
                    f'"{found[1]}" begins a comment to YAML, which swallows it and all behind it',
                    "text-hash",
                    'text with " #" in it goes into quotes or behind a |; a comment has a space behind its #',
                )


def error_position(text: str, error: yaml.YAMLError) -> tuple[int, int]:
    """Return (line, column) from 0 of where the text stops being YAML, as the pure Python parser sees it.

    A quote that was left open ends at the next quote, or nowhere: then the place is where it was opened.
    """
    last: Any = None
    try:
        for event in yaml.parse(text, Loader=PureLoader):
            last = event
    except yaml.MarkedYAMLError as found:
        error = found
        opened = found.context_mark if "quoted scalar" in (found.context or "") else getattr(last, "start_mark", None)
        quoted = "quoted scalar" in (found.context or "") or getattr(last, "style", None) in ("'", '"')
        if quoted and opened and found.problem_mark and opened.line < found.problem_mark.line:
            return opened.line, opened.column
    except yaml.reader.ReaderError as found:
        position = found.position
        return text.count("\n", 0, position), position - text.rfind("\n", 0, position) - 1
    mark = getattr(error, "problem_mark", None)
    return (mark.line, mark.column) if mark else (0, 0)


class Builder:
    """Builds plain data from parser events, and the places of all of it where `with_marks` asks for them.

    Most files are sound, and places cost as much again as the data: so they are made in a second pass, when there is
    something to say.
    """

    def __init__(self, name: str, loader: Any, text: str, with_marks: bool = False) -> None:
        self.problems: list[Problem] = []
        self.marks: dict[Keys, Marks] = {}
        self._name = name
        self._with_marks = with_marks
        self._events: Iterator[Any] = iter(yaml.parse(text, Loader=loader))

    def document(self) -> Data:
        """Return the data of the one document in the text; an empty text is an empty text value."""
        events = self._events
        next(events)  # the start of the stream
        event = next(events)
        if isinstance(event, yaml.StreamEndEvent):
            return ""
        data = self._value(next(events), ())
        next(events)  # the end of the document
        event = next(events)
        if not isinstance(event, yaml.StreamEndEvent):
            self._problem(
                event,
                "second-document",
                "a second document begins here",
                'keep everything in one document: take the line "---" out',
            )
            for _ in events:
                pass
        return data

    def _value(self, event: Any, keys: Keys) -> Data:
        kind = type(event)
        if kind is yaml.AliasEvent:
            self._problem(
                event,
                "yaml-alias",
                f'"*{event.anchor}" is an alias in YAML, which cards.yaml does not use',
                "write the text out; text that begins with * goes into quotes or behind a |",
            )
            return ""
        if event.anchor is not None:
            self._problem(
                event,
                "yaml-anchor",
                f'"&{event.anchor}" is an anchor in YAML, which swallows the word',
                "text that begins with & goes into quotes or behind a |",
            )
        if event.tag is not None:
            self._problem(
                event,
                "yaml-tag",
                f'"{_short_tag(event.tag)}" is a tag in YAML, which swallows the word',
                "text that begins with ! goes into quotes or behind a |",
            )
        if kind is yaml.ScalarEvent:
            return self._text(event)
        if len(keys) >= _DEEPEST:
            self._problem(
                event,
                "too-deep",
                f"this is nested more than {_DEEPEST} levels deep",
                "cards.yaml needs at most six levels: check the brackets and the indentation",
            )
            raise Problems(self.problems)
        return self._mapping(keys) if kind is yaml.MappingStartEvent else self._list(keys)

    def _text(self, event: Any) -> str:
        value: str = event.value
        if found := CONTROL.search(value):
            mark = event.start_mark
            self.problems.append(control_character(Place(self._name, mark.line + 1, mark.column + 1), found[0]))
        return value

    def _list(self, keys: Keys) -> list[Data]:
        items: list[Data] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            child = (*keys, len(items))
            items.append(self._value(event, child))
            self._mark(child, event, event)
        return items

    def _mapping(self, keys: Keys) -> dict[str, Data]:
        items: dict[str, Data] = {}
        while type(key := next(self._events)) is not yaml.MappingEndEvent:
            if type(key) is not yaml.ScalarEvent:
                self._problem(
                    key,
                    "key-not-text",
                    "a key must be a text",
                    "text that begins with { or [ goes into quotes or behind a |",
                )
                self._value(key, (*keys, ""))
                self._value(next(self._events), (*keys, ""))
                continue
            name = str(self._value(key, keys))
            event = next(self._events)
            child = (*keys, name)
            value = self._value(event, child)
            if name == "<<" and not key.style:
                self._problem(
                    key,
                    "merge-key",
                    '"<<" merges mappings in YAML, which cards.yaml does not use',
                    "write the keys out",
                )
            elif name in items:
                self._problem(
                    key,
                    "doubled-key",
                    f'the key "{name}" stands here a second time',
                    "give one of the two another name, or take it out",
                )
            else:
                items[name] = value
                self._mark(child, key, event)
        return items

    def _mark(self, keys: Keys, key: Any, event: Any) -> None:
        if self._with_marks:
            # The parsers differ on where a value stands that is not there, so it stands where its key does.
            there = event if type(event) is not yaml.ScalarEvent or event.value or event.style else key
            first, last = there.start_mark, there.end_mark
            self.marks[keys] = Marks(
                (key.start_mark.line, key.start_mark.column), (first.line, first.column), first.index, last.index
            )

    def _problem(self, event: Any, rule: str, message: str, hint: str) -> None:
        mark = event.start_mark
        self.problems.append(Problem(Place(self._name, mark.line + 1, mark.column + 1), message, rule, hint))


def _short_tag(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")


def control_character(place: Place, character: str) -> Problem:
    """Return the problem of a character that does not come through to Anki."""
    return Problem(
        place,
        f"the text holds the invisible character U+{ord(character):04X}",
        "control-character",
        "take it out: it does not come through to Anki",
    )
