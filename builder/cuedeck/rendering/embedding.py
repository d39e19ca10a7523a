"""Pictures and sounds in Markdown: `![what it shows](media/file.png)`, also with `{width=50%}` after it.

In a field, a picture is an `<img>` and a sound is Anki's `[sound:...]`, both under the name that the file has in Anki.
These are the only two forms that every version of Anki finds when it imports a package.
"""

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from cuedeck.media.files import Find, MediaFile
from cuedeck.media.kinds import looks_like_sound
from cuedeck.patterns import regex
from cuedeck.problems import TextError
from cuedeck.rendering.embedded import Embedded
from cuedeck.rendering.mistakes import keep_fatal, shortened

_WIDTH = regex(r"\{ *width *= *\"?(?P<percent>[1-9][0-9]?|100)%\"? *\}")
_BRACES = regex(r"\{[^{}\n]*\}")
_SPACE = " \t\n"
PICTURE = "image"
SOUND = "sound"


def add_embedded(parser: MarkdownIt, cloze: bool) -> None:
    """Teach a parser about pictures and sounds; a text with deletions cannot have sounds."""
    parser.inline.ruler.at("image", _in_cloze if cloze else _in_text)
    parser.add_render_rule(PICTURE, _picture)
    parser.add_render_rule(SOUND, lambda self, tokens, at, *_: f"[sound:{tokens[at].meta['embedded'].file.name}]")


def refuse_embedded(found: str, is_sound: bool) -> TextError:
    """Return the error for a picture or sound in a text that cannot have any: the description of the deck."""
    what = "a sound" if is_sound else "a picture"
    return TextError(
        f"the description of a deck cannot have {what}, because Anki imports only the files of notes",
        "put it on a card, or link to it: [words](https://...)",
        found,
        "no-media",
    )


def embedded_in(tokens: Iterable[Token]) -> Iterator[Embedded]:
    """Yield the pictures and sounds of a text in their order."""
    for token in tokens:
        yield from (each.meta["embedded"] for each in (token, *(token.children or ())) if each.type in (PICTURE, SOUND))


def _in_text(state: StateInline, silent: bool) -> bool:
    return _embedded(state, silent, cloze=False)


def _in_cloze(state: StateInline, silent: bool) -> bool:
    return _embedded(state, silent, cloze=True)


def _embedded(state: StateInline, silent: bool, cloze: bool) -> bool:
    """Turn a picture or sound into a token, or keep the reason why it cannot be on a card."""
    begin = state.pos
    if not state.src.startswith("![", begin, state.posMax):
        return False
    label_end = state.md.helpers.parseLinkLabel(state, begin + 1, False)
    if label_end < 0:
        return False
    if not state.src.startswith("(", label_end + 1, state.posMax):
        if not silent and _is_reference(state, state.src[begin + 2 : label_end], label_end + 1):
            _keep(
                state,
                "a picture cannot be named by a reference",
                "write its path in parentheses: ![what it shows](media/file.png)",
                state.src[begin : label_end + 1],
            )
        return False
    place = _after_space(state, label_end + 2)
    target = state.md.helpers.parseLinkDestination(state.src, place, state.posMax)
    if not target.ok or not target.str:
        return False
    end = _after_space(state, target.pos)
    title = state.md.helpers.parseLinkTitle(state.src, end, state.posMax)
    if end > target.pos and title.ok:
        end = _after_space(state, title.pos)
    if not state.src.startswith(")", end, state.posMax):
        return False
    width = _WIDTH.match(state.src, end + 1, state.posMax)
    whole = width.end() if width else end + 1
    if not silent:
        markup = state.src[begin:whole]
        label = state.src[begin + 2 : label_end]
        alt = _words(state, label)
        if title.ok and title.str:
            _keep(state, f'"{title.str}" in quotes would not be shown', "put these words into the brackets", title.str)
        if not width and (braces := _BRACES.match(state.src, whole, state.posMax)) and "=" in braces[0]:
            _keep(
                state,
                f'"{braces[0]}" after a picture is not a width',
                "write it as {width=50%}, or leave it out",
                braces[0],
            )
        percent = width["percent"] if width else ""
        if file := _found(state, markup, target.str, cloze):
            token = state.push(SOUND if file.kind == "sound" else PICTURE, "", 0)
            token.content = alt
            named = f"![{label}]({file.name})" + f"{{width={percent}%}}" * bool(percent)
            token.meta = {
                "embedded": Embedded(markup, named, state.src[place : target.pos], file, alt),
                "width": percent,
            }
    state.pos = whole
    return True


def _is_reference(state: StateInline, label: str, end: int) -> bool:
    """Return whether "![label]" refers to an address elsewhere in the text."""
    known = state.env.get("references", {})
    return bool(known) and (state.src.startswith("[", end, state.posMax) or normalizeReference(label) in known)


def _after_space(state: StateInline, place: int) -> int:
    while place < state.posMax and state.src[place] in _SPACE:
        place += 1
    return place


def _keep(state: StateInline, message: str, hint: str, fragment: str) -> None:
    keep_fatal(state.env, TextError(message, hint, fragment, "media-markup"))


def _words(state: StateInline, label: str) -> str:
    """Return the plain text of what is between the brackets."""
    env: dict[str, Any] = {}
    tokens: list[Token] = []
    state.md.inline.parse(label, state.md, env, tokens)
    if any(each.type.startswith("cloze_") for each in tokens):
        _keep(
            state,
            f'a deletion in "![{shortened(label)}]" would not be shown',
            "put the whole picture into the deletion: {{c1::![words](media/file.png)}}",
            label,
        )
    return " ".join(
        "".join(" " if each.type in ("softbreak", "hardbreak") else each.content for each in tokens).split()
    )


def _found(state: StateInline, markup: str, path: str, cloze: bool) -> MediaFile | None:
    """Return the file of a picture or sound, or keep the reason why it cannot be on a card and return None."""
    find: Find | None = state.env.get("find")
    is_sound = looks_like_sound(path)
    if find is None:
        keep_fatal(state.env, refuse_embedded(markup, is_sound))
        return None
    if is_sound and cloze:
        keep_fatal(
            state.env,
            TextError(
                "a sound in a cloze text would play on the wrong cards: Anki plays it on the front of every other card "
                "of the note, and again on each back",
                "put it into extra, which is shown and played on the back",
                markup,
                "sound-in-cloze",
            ),
        )
        return None
    if state.linkLevel:
        _keep(
            state,
            "a picture or sound inside a link would open the browser when it is tapped",
            "put the picture before or after the link",
            markup,
        )
    try:
        return find(path)
    except TextError as error:
        keep_fatal(state.env, error)
        return None


def _picture(_: Any, tokens: list[Token], at: int, *__: Any) -> str:
    token = tokens[at]
    width = f' style="width: {token.meta["width"]}%"' if token.meta["width"] else ""
    # Anki looks for its own marks everywhere in a field, even inside a tag.
    alt = escape(token.content).replace("[", "&#91;")
    return f'<img src="{token.meta["embedded"].file.name}" alt="{alt}"{width}>'
