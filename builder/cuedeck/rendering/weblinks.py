"""Make links of bare web addresses, such as https://example.org/a_b, whose signs are then not read as markup."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from cuedeck.patterns import regex
from cuedeck.rendering.cloze import MARKER

BARE_LINK = "bare_link"
"""The mark of an address that is linked as it is."""


_SCHEME = regex(r"(?<![a-z0-9.+-])https?\Z", re.IGNORECASE)
_LONGEST_SCHEME = len("https")
# As far as an address may reach: emphasis and deletions around it, and the text after it, do not belong to it.
_LONGEST = 3000
_REACH = regex(rf"://[^\s<>`\\|\u3000-\u3002\u3008-\u3011\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f]{{1,{_LONGEST}}}")
_END_IN_DELETION = regex(r"::|\}\}")
_CLOSING = "*_~"


def add_bare_links(parser: MarkdownIt) -> None:
    """Teach a parser to link the addresses that begin with http:// or https://."""
    parser.inline.ruler.at("linkify", _bare_link)
    parser.inline.ruler.enable("linkify")


def _bare_link(state: StateInline, silent: bool) -> bool:
    """Link the address at whose colon the parser is. linkify-it finds its end, but does not know other markup."""
    source, at = state.src, state.pos
    if source[at] != ":" or state.linkLevel:
        return False
    scheme = _SCHEME.search(source, max(at - _LONGEST_SCHEME - 1, 0), at)
    reach = scheme and _REACH.match(source, at, state.posMax)
    if not scheme or not reach or MARKER.search(reach[0]):  # an address with a deletion in it is not a link
        return False
    end = at + len(reach[0].rstrip(_CLOSING))
    if state.env.get("deletions") and (closing := _END_IN_DELETION.search(source, at + 3, end)):
        end = closing.start()
    assert state.md.linkify
    found = state.md.linkify.match_at_start(source[scheme.start() : end])
    address = found and state.md.normalizeLink(found.url)
    if not found or not address or not state.md.validateLink(address):
        return False
    if not silent:
        if not state.pending.endswith(scheme[0]):
            return False
        state.pending = state.pending[: -len(scheme[0])]
        _push(state, address, found.url)
    state.pos = scheme.start() + len(found.url)
    return True


def _push(state: StateInline, address: str, shown: str) -> None:
    token = state.push("link_open", "a", 1)
    token.attrs = {"href": address}
    token.markup = BARE_LINK
    token.info = "auto"
    state.push("text", "", 0).content = state.md.normalizeLinkText(shown)
    state.push("link_close", "a", -1).markup = BARE_LINK
