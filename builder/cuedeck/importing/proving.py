"""Turn the HTML of a field into Markdown, and prove that a card shows the same: render it again and compare."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from cuedeck.importing.blocks import (
    PICTURE,
    SOUND,
    Read,
    changed,
    flat,
    is_empty,
    pieces_of,
    shown,
    trimmed,
    with_bare_punctuation,
    with_heads,
    without_marks,
)
from cuedeck.importing.markdown import Manner, fully, lightly, to_markdown, warily
from cuedeck.importing.richtext import read_html
from cuedeck.media.files import MediaFile
from cuedeck.problems import TextError
from cuedeck.records import dataclass
from cuedeck.rendering.markdown import cloze_to_html, to_html
from cuedeck.rendering.results import Seen

_LONGEST = 50_000
_LONGEST_HTML = 2_000_000


@dataclass(frozen=True)
class Proved:
    """A text as Markdown, and what it lost of the HTML that it was.

    `losses` are the names of marks and other style that are gone. `without` are the names of the pictures and sounds
    that are not in it, each with the reason. `sounds` are the names of sounds that moved out of a text with deletions.
    `reason` says why it cannot be written at all; "" if it can.
    """

    html: str = ""
    text: str = ""
    losses: frozenset[str] = frozenset()
    without: tuple[tuple[str, str], ...] = ()
    sounds: tuple[str, ...] = ()
    reason: str = ""

    @property
    def is_lossless(self) -> bool:
        """Whether it shows exactly what the original showed."""
        return not (self.losses or self.without or self.sounds or self.reason)


class Prover:
    """Turns the texts of a deck into Markdown, each with its proof."""

    def __init__(
        self, found: Mapping[str, MediaFile], refused: Callable[[str], str], written: Callable[[str], str]
    ) -> None:
        """`found` are the files that cards can have, by name, and `written` is how a path is written in Markdown."""
        self._found = found
        self._refused = refused
        self._written = written
        self._by_path = {file.path: file for file in found.values()}

    def markdown_of(self, html: str, is_cloze: bool = False) -> Proved:
        """Return the Markdown of a field, in the first form of which the proof succeeds."""
        if len(html) > _LONGEST_HTML:
            return Proved(html, reason=f"its HTML has more than {_LONGEST_HTML:,} characters")
        whole = read_html(html)
        read, without, sounds = self._with_files(whole, is_cloze)
        if sum(len(piece.text) for piece in pieces_of(read.blocks)) > _LONGEST:
            return Proved(html, reason=f"it has more than {_LONGEST:,} characters")
        if is_empty(read):
            if read.blocks and not without and not sounds:
                return Proved(html, losses=read.losses | {"line"})
            return Proved(html, losses=read.losses, without=without, sounds=sounds)
        reason = ""
        for form in _forms(read):
            text = to_markdown(form.blocks, self._path_of, form.manner, is_cloze)
            try:
                rendered = self._rendered(text, is_cloze)
            except TextError as error:
                reason = reason or error.message
                continue
            if rendered == html and form.blocks is whole.blocks:
                return Proved(html, text, read.losses, without, sounds)
            if self._shown(read_html(rendered).blocks) == self._shown(form.blocks):
                return Proved(html, text, read.losses | form.losses, without, sounds)
            reason = reason or "it would be shown differently"
        return Proved(html, reason=reason)

    def _rendered(self, text: str, is_cloze: bool) -> str:
        seen = Seen(find=self._find)
        html = cloze_to_html(text, seen).html if is_cloze else to_html(text, seen)
        if seen.misread:
            raise seen.misread[0]
        return html

    def _shown(self, blocks: tuple[object, ...]) -> tuple[object, ...]:
        return shown(blocks, lambda name: self._found[name].name if name in self._found else name)

    def _find(self, path: str) -> MediaFile:
        if path not in self._by_path:
            raise TextError(f'there is no file "{path}"')
        return self._by_path[path]

    def _path_of(self, name: str) -> str:
        return self._written(self._found[name].path)

    def _with_files(self, read: Read, is_cloze: bool) -> tuple[Read, tuple[tuple[str, str], ...], tuple[str, ...]]:
        """Return what a text shows without the files that it cannot have, the names of these, and sounds to move."""
        without: dict[str, str] = {}
        sounds: dict[str, None] = {}
        for piece in pieces_of(read.blocks):
            if piece.kind in (PICTURE, SOUND):
                if piece.text not in self._found:
                    without[piece.text] = self._refused(piece.text)
                elif is_cloze and self._found[piece.text].kind == "sound":
                    sounds[piece.text] = None
        if gone := {*without, *sounds}:
            left = changed(
                read.blocks,
                lambda pieces: trimmed(
                    each for each in pieces if each.kind not in (PICTURE, SOUND) or each.text not in gone
                ),
            )
            read = Read(left, read.losses)
        return read, tuple(without.items()), tuple(sounds)


class _Form(NamedTuple):
    """A form in which a text may be written: what it loses, what it shows, and how that is written."""

    losses: frozenset[str]
    blocks: tuple[object, ...]
    manner: Manner


def _forms(read: Read) -> Iterator[_Form]:
    """Yield the forms in which a text may be written, the most faithful first."""
    plain = (Manner(lightly), Manner(fully))
    apart = (Manner(lightly, apart=True), Manner(fully, apart=True))
    blocks = read.blocks
    lines = flat(blocks)
    marked = apart if any(piece.marks - {"code"} for piece in pieces_of(blocks)) else ()

    def forms(manners: Iterable[Manner], blocks: tuple[object, ...], *losses: str) -> Iterator[_Form]:
        return (_Form(frozenset(losses), blocks, manner) for manner in manners)

    yield from forms((Manner(lightly), Manner(warily), Manner(fully), *marked), blocks)
    if (headed := with_heads(blocks)) != blocks:
        blocks = headed
        yield from forms((*plain, *marked), blocks, "table without a head: its first row is the head now")
    if marked:
        yield from forms((*plain, *marked), changed(blocks, with_bare_punctuation), "marks of punctuation")
        yield from forms(plain, changed(blocks, without_marks), "marks such as bold")
    yield from forms((*plain, *marked), lines, "layout")
    if marked:
        yield from forms(plain, changed(lines, without_marks), "layout", "marks such as bold")
