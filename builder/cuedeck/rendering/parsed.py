"""Markdown that needs the parser: CommonMark and tables, and the rules by which texts differ from these here."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from functools import cache
from itertools import chain
from typing import Any, TypeVar

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from cuedeck.deck.addresses import is_safe_link
from cuedeck.media.files import Find
from cuedeck.patterns import regex
from cuedeck.problems import TextError
from cuedeck.remembering import remembered
from cuedeck.rendering.breaks import add_breaks
from cuedeck.rendering.cloze import (
    ANKIS_MARKER,
    add_cloze,
    check_nesting,
    check_none_empty,
    check_none_hidden,
    check_none_lost,
    mistyped_in,
    numbers_in,
    outside_cloze,
    refuse_cloze,
    render_deletions,
)
from cuedeck.rendering.colons import taken_for_hints
from cuedeck.rendering.embedding import add_embedded, embedded_in
from cuedeck.rendering.emphasis import DIFFERS, add_emphasis
from cuedeck.rendering.foreign import add_foreign
from cuedeck.rendering.htmltags import add_html_tags
from cuedeck.rendering.inside import (
    CODE_TEXT,
    DISPLAY_GAP,
    displays_in_words,
    displays_opened,
    has_deletion,
    mistyped_in_code,
    split_up,
)
from cuedeck.rendering.literal import without_marks
from cuedeck.rendering.losses import refuse_lost
from cuedeck.rendering.maths import add_math
from cuedeck.rendering.misread import joined_items, misread_lines
from cuedeck.rendering.mistakes import misread_in, raise_fatal
from cuedeck.rendering.plain import runs_and_gaps
from cuedeck.rendering.results import ClozeText, Seen
from cuedeck.rendering.tables import add_tables
from cuedeck.rendering.unnumbered import SOURCE
from cuedeck.rendering.weblinks import BARE_LINK, add_bare_links

_SOUND = regex(r"\[sound:[^\]]*\]?", re.IGNORECASE)
_WIDE_MARKER = regex(r"｛{1,2} ?[cC][0-9]+")
_MATH = frozenset({"math", "math_block"})
_CODE = frozenset({"code_inline", "code_block", "fence"})

# The tokens of a text that is one short item of a list, and the sign that is then not meant to begin a list.
_LONE_ITEMS = tuple(
    [
        f"{kind}_open",
        "list_item_open",
        "paragraph_open",
        "inline",
        "paragraph_close",
        "list_item_close",
        f"{kind}_close",
    ]
    for kind in ("bullet_list", "ordered_list")
)
_NO_DASH = regex(r"^([ \n]*[0-9]*)([+.)]|[-*](?= +[0-9]))")

WIDER_EMPHASIS = "wider_emphasis"
"""The mark of a text with more emphasis than version 1.0.0 found in it."""
_NAMED_MARKS = frozenset({BARE_LINK, DISPLAY_GAP})

# Without this, no text has a picture or sound: `![words](media/file.png)`, or `![words][reference]`.
_PICTURE = "!["
_DEEPEST = 20
_CONTAINERS = frozenset({"blockquote_open", "list_item_open"})

Shown = TypeVar("Shown")
Parse = Callable[[str, bool, Find | None], tuple[Shown, Seen]]


def parsed_to_html(text: str, one_paragraph: bool = False, seen: Seen | None = None) -> str:
    """Return the same as `to_html` for a `normal` text, with the parser: only half of it if it is `one_paragraph`."""
    return _adding_to(seen, _parsed_html, _parsed_html_once, text, one_paragraph)


def _parsed_html(text: str, one_paragraph: bool, find: Find | None = None) -> tuple[str, Seen]:
    """Return the HTML of a text without deletions, and what was found in it."""
    parser = _parser(cloze=False)
    tokens, env, found = _tokens(parser, text, one_paragraph, cloze=False, find=find)
    check_none_hidden(text, (token.content for token in _every(tokens) if token.type in _CODE))
    return _render(parser, tokens, env), found


_parsed_html_once = remembered(_parsed_html)


def parsed_cloze_to_html(text: str, one_paragraph: bool = False, seen: Seen | None = None) -> ClozeText:
    """Return the same as `cloze_to_html` for a `normal` text, with the parser."""
    return _adding_to(seen, _parsed_cloze, _parsed_cloze_once, text, one_paragraph)


def _parsed_cloze(text: str, one_paragraph: bool, find: Find | None = None) -> tuple[ClozeText, Seen]:
    """Return the HTML and the numbers of a text with deletions, and what was found in it."""
    parser = _parser(cloze=True)
    tokens, env, found = _tokens(parser, text, one_paragraph, cloze=True, find=find)
    numbers: set[int] = set()
    opened: list[Token] = []
    tokens = _with_all_deletions(tokens)
    for token in tokens:
        if token.type == "inline":
            children = token.children or []
            opened += [child for child in children if child.type == "cloze_open"]
            check_nesting(children)
            numbers.update(numbers_in(children))
            found.misread.extend(taken_for_hints(text, children))
            token.children = [Token("html_inline", "", 0, content=render_deletions(parser, children, env))]
    check_none_lost(text, (token.markup for token in opened))
    if not numbers:
        misspelled = (error for error in found.misread if error.rule == "cloze-marker")
        none = "the text has no cloze deletion, so it makes no card"
        raise next(misspelled, TextError(none, "mark an answer: {{c1::answer}}", "", "cloze-none"))
    html = _render(parser, tokens, env)
    check_none_empty(opened, runs_and_gaps(html)[1])
    return ClozeText(html, frozenset(numbers)), found


_parsed_cloze_once = remembered(_parsed_cloze)


def _with_all_deletions(tokens: list[Token]) -> list[Token]:
    """Return the tokens of a text, in which deletions inside code and formulas become tokens too."""
    whole: list[Token] = []
    for token in tokens:
        if has_deletion(token):
            token = Token("inline", "", 0, children=[token])
        if token.children:
            parts = (split_up(child) if has_deletion(child) else (child,) for child in token.children)
            token.children = [*chain.from_iterable(parts)]
        whole.append(token)
    return whole


def _adding_to(seen: Seen | None, parse: Parse[Shown], once: Parse[Shown], text: str, one_paragraph: bool) -> Shown:
    """Return what `parse` makes of a text, and add to `seen` what was found in it.

    `once` is the same, but remembers its results. They must not depend on a picture, which may change on the disk.
    """
    if _PICTURE in text:
        shown, found = parse(text, one_paragraph, seen.find if seen else None)
    else:
        shown, found = once(text, one_paragraph, None)
    _add(found, seen)
    return shown


def _add(found: Seen, seen: Seen | None) -> None:
    """Add what was found in one text, from which a card can be made, to what was found in others."""
    if seen is None:
        if found.misread:
            raise found.misread[0].with_traceback(None)  # it may be remembered, and raised again
        return
    seen.misread.extend(found.misread)
    seen.files.extend(found.files)
    if seen.marks is not None and found.marks:
        seen.marks.update(found.marks)


def _tokens(
    parser: MarkdownIt, source: str, one_paragraph: bool, cloze: bool, find: Find | None
) -> tuple[list[Token], dict[str, Any], Seen]:
    tokens, env = _parsed(parser, source, one_paragraph, find)
    raise_fatal(env)
    refuse_lost(tokens, env)
    for token in tokens:
        token.info = ""  # a fence's language, which nothing uses
        if cloze and token.children:
            token.children = displays_opened(token.children)
        if token.type in _CONTAINERS and token.level >= _DEEPEST - 1:
            raise TextError("lists or quotations are nested too deeply to show", "use fewer levels", "", "text-deep")
        for each in (token, *(token.children or ())):
            _refuse_unfit(each, cloze)
    lines = joined_items(source.split("\n")) if one_paragraph else misread_lines(tokens, source)
    misread = [*misread_in(env), *lines, *(_misread_deletions(tokens) if cloze else ())]
    marks = _marks_of(source, one_paragraph, tokens, env, cloze)
    return tokens, env, Seen(marks, misread=misread, files=[*embedded_in(tokens)])


def _misread_deletions(tokens: list[Token]) -> Iterator[TextError]:
    yield from displays_in_words(tokens)
    for each in _every(tokens):
        if each.type in _MATH:
            yield from mistyped_in(each.content)
        elif each.type in _CODE:
            yield from mistyped_in_code(each.content)


def _parsed(
    parser: MarkdownIt, source: str, one_paragraph: bool, find: Find | None
) -> tuple[list[Token], dict[str, Any]]:
    env: dict[str, Any] = {SOURCE: source, "find": find}
    tokens = parser.parseInline(source, env) if one_paragraph else parser.parse(source, env)
    if [token.type for token in tokens] in _LONE_ITEMS and _NO_DASH.match(source):
        # Nobody numbers a list of one item: "12. July", "+ 5" and "- 5" are meant as written.
        env = {SOURCE: source, "find": find}
        tokens = parser.parse(_NO_DASH.sub(r"\1\\\2", source), env)
    return tokens, env


def _refuse_unfit(token: Token, cloze: bool) -> None:
    """Raise TextError for what a field cannot contain. Code in a text without deletions may show a marker as it is."""
    if token.type == "text" and (found := _SOUND.search(token.content)):
        name = found[0][7:].strip(" ]")
        raise TextError(
            f'"{found[0]}" is how Anki writes a sound, and learners would not get the file',
            f"put the file into the folder of the deck, and write ![how it sounds](media/{name or 'file.mp3'})",
            found[0],
            "no-media",
        )
    if token.type == "text" and (found := _WIDE_MARKER.search(token.content)):
        raise TextError(
            f'"{found[0]}" has full-width braces, which Anki does not read as a cloze deletion',
            "write {{c1::answer}}",
            found[0],
            "cloze-marker",
        )
    if not cloze and token.type in _MATH and (found := ANKIS_MARKER.search(token.content)):
        raise outside_cloze(found[0])


def _render(parser: MarkdownIt, tokens: list[Token], env: MutableMapping[str, Any]) -> str:
    html: str = parser.renderer.render(_rendered(tokens), parser.options, env)
    return html.strip()


def _rendered(tokens: list[Token]) -> list[Token]:
    """Return the tokens from which HTML is made: a single paragraph loses the tokens for itself."""
    return tokens[1:2] if len(tokens) == 3 and tokens[0].type == "paragraph_open" else tokens


def _marks_of(source: str, one_paragraph: bool, tokens: list[Token], env: Mapping[str, Any], cloze: bool) -> set[str]:
    """Return the marks that a text uses, named as in `REVISIONS` in content.py; `plain_marks` finds the same ones."""
    marks = set(_marks_in(tokens))
    if env.get(DIFFERS):
        before, _ = _parsed(_parser(cloze, as_before=True), source, one_paragraph, env["find"])
        if _outline(before) != _outline(tokens):
            marks.add(WIDER_EMPHASIS)
    return marks


def _marks_in(tokens: list[Token]) -> Iterator[str]:
    """Yield the kinds of the tokens of a text.

    To distinguish only some tokens of a kind, add a line here that yields a name for these, and one in `plain_marks` if
    they need no parser. More names do not change any digest.
    """
    for each in _every(_rendered(tokens)):
        if each.type != "inline" and not each.hidden and (each.content or each.type != "text"):
            yield each.type
            if each.markup in _NAMED_MARKS:
                yield each.markup


def _outline(tokens: list[Token]) -> list[tuple[str, str]]:
    return [(each.type, each.content) for each in _every(tokens)]


def _every(tokens: Iterable[Token]) -> Iterator[Token]:
    """Yield the tokens of blocks, each before those within its lines."""
    return (each for token in tokens for each in (token, *(token.children or ())))


@cache
def _parser(cloze: bool, as_before: bool = False) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST})
    parser.validateLink = is_safe_link  # type: ignore[method-assign]
    add_tables(parser)
    add_math(parser)
    add_emphasis(parser, as_before)
    add_breaks(parser)
    add_html_tags(parser)
    add_bare_links(parser)
    add_foreign(parser)
    (add_cloze if cloze else refuse_cloze)(parser)
    add_embedded(parser, cloze)
    for name in ("text", *_CODE):
        parser.add_render_rule(name, _literal(getattr(RendererHTML, name)))
    parser.add_render_rule(CODE_TEXT, _literal(RendererHTML.text))
    return parser


def _literal(rule: Callable[..., str]) -> Callable[..., str]:
    """Return a rendering rule like this one, whose result Anki shows as it is."""

    def rendered(self: RendererHTML, *token: Any) -> str:
        return without_marks(rule(self, *token))

    return rendered
