"""What rendering a text gives: the HTML of one with deletions, and what is found in a text besides its HTML."""

from dataclasses import field

from cuedeck.media.files import Find
from cuedeck.problems import TextError
from cuedeck.records import dataclass
from cuedeck.rendering.embedded import Embedded
from cuedeck.rendering.unmarked import plain_marks


@dataclass(frozen=True, slots=True)
class ClozeText:
    """A text with deletions: its HTML with Anki's markers, and the set of the numbers in these."""

    html: str
    numbers: frozenset[int]


@dataclass(frozen=True, slots=True)
class Seen:
    """What is found in texts while they are rendered, one after the other.

    `marks` are the kinds of tokens in the texts; None if they are not needed. If `parsed_only`, those of texts that
    need no parser are left out. `misread` are errors about what cards would plainly not show as it was meant. `find`
    finds the file of a picture or sound; without it, a text cannot have any. `files` are the pictures and sounds of
    the last text, in their order.
    """

    marks: set[str] | None = None
    parsed_only: bool = False
    misread: list[TextError] = field(default_factory=list)
    find: Find | None = None
    files: list[Embedded] = field(default_factory=list)

    def add_unparsed(self, text: str) -> None:
        """Add the kinds of tokens in a `normal` text that needed no parser, if they are wanted."""
        if self.marks is not None and not self.parsed_only:
            self.marks.update(plain_marks(text))
