"""Turn the events of a YAML parser into plain data with places. The only module that imports `yaml`.

Every scalar is text: YAML 1.1 would turn `12:45` into 765 and `no` into False. The events come from libyaml's parser if
it is installed, and otherwise from the pure Python one, with the same result.
"""

from collections.abc import Collection, Iterator
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

from cuedeck.patterns import regex
from cuedeck.problems import Fix, Keys, Place, Problem
from cuedeck.reading.bars import WITH_LINES, missing_bar
from cuedeck.reading.data import NO_VALUE, UNREAD, Data, Unread
from cuedeck.reading.escapes import PIECE, may_be_misread, unescaped
from cuedeck.reading.folded import folded_problem, may_be_folded
from cuedeck.reading.forms import DECLARED, Scalar, as_markdown, how_to_write, is_shown, margin_at, quoted
from cuedeck.reading.lookalikes import look_alike, look_alike_key, may_be_entries
from cuedeck.reading.quoted import escape_problem
from cuedeck.reading.refusals import UNSHOWN, refusal
from cuedeck.reading.spaces import may_lack_spaces, missing_spaces
from cuedeck.records import dataclass

_DEEPEST = 30
_DEEPEST_SKIPPED = 100  # the pure Python parser takes more time for each character the deeper it is nested

# Characters that no card can show, and rare line ends, which editors do not show and parsers treat differently.
CONTROL_RAW = regex(UNSHOWN.pattern.replace("[", "[\u2028\u2029"))
# A comment to YAML that looks like text, such as in "rule #1": where there may be one, and where there is one.
_PERHAPS_COMMENT = regex(r"#(?<=[ \t\"'].)")
_COMMENT = regex(r"[ \t]*(#[^\s#]\S*)")
_COMMENT_ALONE = regex(r"[ \t]+(#[^\n]*)")


_UNCLEAR: tuple[str, Fix | None] = ("", None)
_IN_BRACKETS = ("while parsing a flow mapping", "while parsing a flow sequence")


class PureLoader(yaml.SafeLoader):
    """PyYAML's own parser, changed to read a "?" inside [] and {}, and a tab between words, as text like libyaml does.

    It reads an escape that YAML does not know as it is written, and two halves of a character as one, as JSON does.
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
        """Read a quoted text up to white space or a quote."""
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
        """Return the character at an index from here on.

        In a text, it is a letter instead of "?", which then means nothing, and a space instead of a tab between words.
        """
        character: str = super().peek(index)
        if character == "\t" and self._line_of_spaces == self.line:
            return " "
        return "x" if self._in_text and character == "?" else character


NoYaml = yaml.YAMLError
LOADERS: tuple[Any, ...] = (yaml.CSafeLoader, PureLoader) if yaml.__with_libyaml__ else (PureLoader,)


class TooDeep(Exception):
    """The text is nested so deeply that it is pointless to read on; the builder's last problem says so."""


@dataclass(frozen=True)
class Break:
    """Where a text stops being valid YAML, and the bracket that is open there, if any: lines and columns from 0."""

    line: int
    column: int
    bracket: tuple[int, int] | None = None


def find_break(text: str) -> Break:
    """Return where a text stops being valid YAML, according to the pure Python parser.

    If a quote is not closed, the parser stops at the next quote or at the end; this returns where the quote opens.
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
    """Whether the pure Python parser accepts a text by itself."""
    try:
        return all(True for _ in yaml.parse(text, Loader=PureLoader))
    except NoYaml:
        return False


class Mark(Protocol):
    """A place in the text as the parsers mark it: line and column from 0, and the index of the character there."""

    line: int
    column: int
    index: int


class Marks(NamedTuple):  # a light type, since there is one for every value of a file
    """Where a key begins, and where its value begins and ends."""

    key: Mark
    start: Mark
    end: Mark


class Builder:
    """Builds plain data from parser events, and their places if `with_marks` is true.

    Places cost half as much as the data, and most files have no problems. So places are made in a second pass when
    there is something to report, or at once if there certainly will be. `stand_ins` are the places, line and column
    from 0, of the texts that replace what was given up.
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
        """Return the data of the first document in the text; for an empty text, an empty text.

        Raises `NoYaml` if the text is not valid YAML, and `TooDeep`.
        """
        # Like yaml.parse(), which checks before each event whether there is one, and takes a third longer.
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
        self._brackets += bool(event.flow_style)  # None for a list that is not indented more than its key
        data = self._mapping(event, keys) if kind is MappingStartEvent else self._list(keys)
        self._brackets -= bool(event.flow_style)
        return data

    def _swallowed_word(self, event: Any, keys: Keys) -> None:
        start, end = event.start_mark, event.end_mark
        is_short = isinstance(event, ScalarEvent) and start.line == end.line
        how_to_write = self._without_comment(start, keys) if is_short else _UNCLEAR
        if event.anchor is not None:
            self._problem(event, "yaml-anchor", event.anchor, how_to_write)
        if event.tag is not None:
            self._problem(event, "yaml-tag", _short_tag(event.tag), how_to_write)

    def _to_the_end(self, start: Any, keys: Keys, index: int | None = None) -> tuple[str, Fix | None]:
        """Return a hint that shows how to write the rest of a line as it was meant, and the fix.

        The rest begins at a mark, or at an index of the same line. If it is not the text of a key, neither is known.
        """
        begin = start.index if index is None else index
        line_end = self._text.find("\n", begin)
        text = self._text[begin : line_end if line_end >= 0 else len(self._text)].rstrip()
        is_text = keys and (isinstance(keys[-1], int) or keys[-1] in DECLARED)
        if not is_text or self._brackets or not text or not is_shown(text):
            return "", None
        meant = as_markdown(text, str(keys[-1]))
        place = Place(self._name, start.line + 1, start.column + 1 + begin - start.index)
        head = " " * margin_at(self._text, start.index) + _head(keys)
        return how_to_write(head, meant), Fix(place, text, quoted(meant))

    def _without_comment(self, start: Any, keys: Keys) -> tuple[str, Fix | None]:
        """Return the same, but without the fix if the line may end in a comment."""
        hint, fix = self._to_the_end(start, keys)
        return hint, None if fix and " #" in fix.old else fix

    def _skip(self) -> None:
        """Skip the rest of a mapping or list, whatever it contains. Raises `TooDeep`."""
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
        is_likely = not event.style and (not value.isascii() or may_lack_spaces(value))
        if is_likely and (problems := self._as_entries(event, keys)):
            self.problems += problems
            return UNREAD
        if event.style == '"' and "\r" in value:
            value = value.replace("\r\n", "\n")  # as the line ends of the file itself are read
        if self._has_comments and event.style not in ("|", ">") and self._swallowed(event, keys):
            return UNREAD
        return value

    def _misread(self, event: Any, keys: Keys) -> Problem | None:
        """Return the problem of a text that YAML does not read as it was meant, or that no card can show."""
        start, end, style = event.start_mark.index, event.end_mark.index, event.style
        if not style and keys and keys[-1] in WITH_LINES:
            lines = self._text[:end].split("\n")
            if problem := missing_bar(self._name, lines, event.start_mark.line):
                return problem
        has_escapes = style == '"' and may_be_misread(self._text, start, end)
        if not has_escapes and not may_be_folded(self._text, start, end):
            return None
        written = Scalar(self._text, start, end, self._place(event), style or "", _head(keys), self._brackets > 0)
        return (escape_problem(written) if has_escapes else None) or folded_problem(written)

    def _as_entries(self, event: Any, keys: Keys) -> list[Problem]:
        """Return the problems of lines that were meant to have keys but are a text.

        They have look-alike characters, or no space after their colons.
        """
        declared = DECLARED.get(str(keys[-1])) if keys else None
        is_text = not keys or isinstance(keys[-1], int) or (declared and declared.key.shape in ("text", "texts"))
        lacks_spaces = may_lack_spaces(event.value)
        if is_text or not (lacks_spaces or may_be_entries(event.value)):
            return []
        first, last = event.start_mark, event.end_mark
        line_start = first.index - first.column
        lines = self._text[line_start : last.index].split("\n")
        lines[0] = " " * first.column + lines[0][first.column :]
        if lacks_spaces:
            return missing_spaces(Place(self._name, first.line + 1, 1), lines)
        found = (look_alike(Place(self._name, first.line + 1 + number, 1), line) for number, line in enumerate(lines))
        return [problem for problem in found if problem]

    def _swallowed(self, event: Any, keys: Keys) -> bool:
        """Report a comment that looks like part of the text before it, or that leaves a key without any text."""
        end = event.end_mark
        pattern = _COMMENT if event.value or event.style else _COMMENT_ALONE
        found = pattern.match(self._text, end.index)
        if not found:
            return False
        place = Place(self._name, end.line + 1, end.column + found.start(1) - end.index + 1)
        hint, fix = _UNCLEAR
        if end.line == event.start_mark.line:
            begin = event.start_mark.index if event.value or event.style else found.start(1)
            hint, fix = self._to_the_end(event.start_mark, keys, begin)
        # After a key without a text, a "#" that is followed by a space may be a comment after all.
        is_certain = fix is not None and fix.old.count("#") == 1 and not event.style and found[1][1:2].strip()
        self.problems.append(refusal("text-hash", place, found[1], hint, fix if is_certain else None))
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
            name: str = key.value
            # A key that is declared, and written as nearly all are, needs no closer look.
            if name not in DECLARED or key.style or key.anchor or key.tag or self._stand_ins:
                self._value(key, ())
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
        # Between { and }, a key that is not text was meant as text with braces in it.
        return items if whole or not start.flow_style else UNREAD

    def _mark(self, keys: Keys, key: Any, event: Any) -> None:
        # The parsers differ on the place of a missing value, so it gets the place of its key.
        there = event if type(event) is not ScalarEvent or event.value or event.style else key
        self.marks[keys] = Marks(key.start_mark, there.start_mark, there.end_mark)

    def _place(self, event: Any) -> Place:
        return Place(self._name, event.start_mark.line + 1, event.start_mark.column + 1)

    def _problem(self, event: Any, rule: str, word: str = "", how_to_write: tuple[str, Fix | None] = _UNCLEAR) -> None:
        self.problems.append(refusal(rule, self._place(event), word, *how_to_write))


def _head(keys: Keys) -> str:
    """Return what comes before a value on its line."""
    return f"{keys[-1]}: " if keys and isinstance(keys[-1], str) else "- " if keys else ""


def _short_tag(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")
