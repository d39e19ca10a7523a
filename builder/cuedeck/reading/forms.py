"""How texts are written in a cards.yaml, and how to write them so that YAML reads them as they are."""

from collections.abc import Sequence

from cuedeck.deck.deck import About, ClozeNote, Concept, QuestionNote, Source
from cuedeck.deck.keys import declared_keys
from cuedeck.patterns import regex
from cuedeck.problems import Place
from cuedeck.records import dataclass

DECLARED = {
    name: key for kind in (About, Source, Concept, QuestionNote, ClozeNote) for name, key in declared_keys(kind).items()
}
"""All keys of mappings in a cards.yaml, by their names."""

_SHORT = 80  # characters that are easy to read in quotes
_LONGEST_SHOWN = 1000  # characters of a text that a hint writes out


@dataclass(frozen=True)
class Scalar:
    """A text as it is written in a file.

    text         the whole file
    start, end   where the text begins and ends in it, with its quotes
    place        where it begins, for messages
    style        what it begins with: a quote or ">"; "" if it is plain
    head         what comes before it on its line, such as "q: " or "- "; "" if it is itself a key
    in_brackets  whether it is between { and }, or [ and ]
    """

    text: str
    start: int
    end: int
    place: Place
    style: str
    head: str
    in_brackets: bool

    @property
    def source(self) -> str:
        """The text as it is written, with its quotes."""
        return self.text[self.start : self.end]

    def place_at(self, index: int) -> Place:
        """Return the place of the character at an index of the source."""
        at = self.start + index
        lines = self.text.count("\n", self.start, at)
        if not lines:
            return self.place._replace(column=self.place.column + index)
        return self.place._replace(line=self.place.line + lines, column=at - self.text.rfind("\n", 0, at))

    @property
    def shown_head(self) -> str:
        """The head with the indentation of its line, as a hint shows it."""
        return " " * margin_at(self.text, self.start) + self.head

    @property
    def is_in_block(self) -> bool:
        """Whether it may be written after a `|` here."""
        return bool(self.head) and not self.in_brackets


def margin_at(text: str, start: int) -> int:
    """Return how far the line is indented on which the entry begins whose value begins at an index."""
    line_start = start
    while True:
        line_end, line_start = line_start, text.rfind("\n", 0, line_start) + 1
        before = text[line_start:line_end]
        if before.strip() or not line_start:
            return len(before) - len(before.lstrip(" "))
        line_start -= 1


def single_quoted(text: str) -> str:
    """Return a text of one line in single quotes, where nothing but a quote means anything to YAML."""
    return "'" + text.replace("'", "''") + "'"


def double_quoted(text: str) -> str:
    """Return a text in double quotes on one line, its backslashes, quotes and line ends written as escapes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def in_quotes(head: str, text: str) -> str:
    """Return a text in quotes on one line, after its `head` with its indentation, as it must be in the file."""
    return f"{head}{double_quoted(text) if chr(10) in text else single_quoted(text)}"


def after_bar(head: str, text: str) -> str:
    """Return the same with the text after a `|`, each line indented. The text must not begin with white space."""
    margin = " " * (len(head) - len(head.lstrip(" ")) + 2)
    return "\n".join([f"{head}|", *(f"{margin}{line}".rstrip() for line in text.rstrip().split("\n"))])


def is_shown(text: str) -> bool:
    """Whether a text is short enough for a hint to write it out."""
    return len(text) <= _LONGEST_SHOWN


def quoted(text: str) -> str:
    """Return a text of one line in the kind of quotes that change the least in it."""
    return double_quoted(text) if "'" in text and '"' not in text and "\\" not in text else single_quoted(text)


def how_to_write(head: str, text: str) -> str:
    """Return the hint that shows how to write a text that YAML reads as something else.

    `head` is what comes before it on its line, with the indentation.
    """
    form = quoted(text)
    if "\n" not in text and "''" not in form and len(text) <= _SHORT:
        return f"put the text in {'single' if form[0] == chr(39) else 'double'} quotes:\n{head}{form}"
    return f'write the text after a "|", on lines of its own:\n{after_bar(head, text)}'


# Characters that Markdown would drop at the beginning of a text; and a "|" by which an author tried to write a block.
_LOST_SIGN = regex(r"(?:>(?=[>=\s]*(?:=|[-+−±~≈]?[$€£¥]?[.,]?[\d½¼¾∞]))|[-+](?= |$|\d)|#{1,6}(?= |$)|=+$)")
_BAR = regex(r"\|[ \t]+(?=\S)")
_ITEM = regex(r"[ \t]*(?:[-+*]|\d{1,9}[.)])(?: |$)")


def is_list(lines: Sequence[str]) -> bool:
    """Whether the first of some lines begins a list that continues in the others."""
    return bool(_ITEM.match(lines[0])) and any(map(_ITEM.match, lines[1:]))


def as_markdown(text: str, key: str, more: Sequence[str] = ()) -> str:
    """Return a text of a key, changed so that cards show the character at its beginning.

    `more` are its other lines. A dash is not changed if a list continues in them. If the text begins with a ">" that
    means "greater than", those in the other lines do, too.
    """
    if bar := _BAR.match(text):
        text = text[bar.end() :]
    is_markdown = key not in DECLARED or DECLARED[key].key.parse is str
    if not is_markdown or not _LOST_SIGN.match(text) or is_list([text, *more]):
        return "\n".join([text, *more])
    others = [f"\\{line}" if line[0] == text[0] == ">" and _LOST_SIGN.match(line) else line for line in more]
    return "\n".join([f"\\{text}", *others])
