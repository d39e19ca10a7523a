"""Make the HTML of a package harmless for a page: keep what cards are made of, and remove everything else.

Anyone may have made a package, whatever its lock says. This is the only module that knows `nh3`, the Python version of
Ammonia, which parses HTML as browsers do.
"""

import re

from cuedeck.deck.addresses import is_safe_link
from cuedeck.pages.media import CLIP, PICTURE
from cuedeck.patterns import regex
from cuedeck.problems import stop
from cuedeck.wording import how_to_install

# What Markdown and our templates produce. Without "id", since an id could replace one of the page's own.
_TAGS = {
    *("a", "audio", "blockquote", "br", "code", "del", "div", "em", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "hr"),
    *("img", "li"),
    *("ol", "p", "pre", "rp", "rt", "ruby", "s", "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead"),
    *("tr", "u", "ul"),
}
_ATTRIBUTES = {
    "*": {"class", "dir"},
    "a": {"href", "title"},
    "ol": {"start"},
    "span": {"data-ordinal"},
    "img": {"src", "alt", "style"},
    "audio": {"src", "controls", "preload"},
}
# Each tag as the library writes it. A value in a tag may contain "<" and ">", so tags are found only one after another.
_TAG = regex(r'<(?:[^<>"]|"[^"]*")*>')
_PLAYER = regex(r'<audio(?:[^<>"]|"[^"]*")*>.*?</audio>', re.DOTALL)
# Elements that are removed together with their text.
_DROPPED = {"script", "style", "template", "title", "noscript", "iframe", "object", "textarea", "select", "svg", "math"}


def cleaned(html: str) -> str:
    """Return HTML with only the elements and attributes of cards, and with links to http, https and mailto only.

    Pictures and clips are kept only in the form that this program gives them: a file of the package, and for a picture
    its words, and its width in percent. Raises `Problems` if the library that does this is missing.
    """
    try:
        import nh3  # here because only a site needs it
    except ImportError:
        stop(
            "cuedeck share",
            "not-installed",
            "the library that makes the HTML of a package harmless is not installed",
            f"install it: {how_to_install('nh3', 'resvg-py')}",
        )
    clean = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_DROPPED,
        attributes=_ATTRIBUTES,
        attribute_filter=_only_safe_links,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    if "<audio" in clean:
        clean = _PLAYER.sub(lambda found: found[0] if CLIP.fullmatch(found[0]) else "", clean)
    return _TAG.sub(_without_strange_pictures, clean) if "<img" in clean else clean


def _without_strange_pictures(found: "re.Match[str]") -> str:
    tag = found[0]
    return "" if tag.startswith("<img") and not PICTURE.fullmatch(tag) else tag


def _only_safe_links(tag: str, attribute: str, value: str) -> str | None:
    return value if attribute != "href" or is_safe_link(value) else None
