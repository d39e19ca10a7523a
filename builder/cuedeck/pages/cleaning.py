"""HTML of a package made harmless for a page: what cards are made of stays, and nothing else does.

A package may have been made by anyone, whatever its lock says. The only module that knows `nh3`, the Python form of
Ammonia, which parses as browsers do.
"""

from cuedeck.problems import stop
from cuedeck.rendering.markdown import is_safe_link

# What Markdown and our templates make. Without "id", which could take the place of one of the page's own.
_TAGS = {
    *("a", "blockquote", "br", "code", "del", "div", "em", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li"),
    *("ol", "p", "pre", "rp", "rt", "ruby", "s", "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead"),
    *("tr", "u", "ul"),
}
_ATTRIBUTES = {"*": {"class", "dir"}, "a": {"href", "title"}, "ol": {"start"}, "span": {"data-ordinal"}}
# Of these not even the words are left.
_DROPPED = {"script", "style", "template", "title", "noscript", "iframe", "object", "textarea", "select", "svg", "math"}


def cleaned(html: str) -> str:
    """Return HTML with the elements and attributes of cards only, and links to http, https and mailto only.

    Raises `Problems` where the library that cleans is missing.
    """
    try:
        import nh3  # here because nothing but a site has need of it
    except ImportError:
        stop(
            "cuedeck share",
            "not-installed",
            "the library that makes the HTML of a package harmless is not installed",
            'install it with: python -m pip install "cuedeck[share]"',
        )
    return nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_DROPPED,
        attributes=_ATTRIBUTES,
        attribute_filter=_only_safe_links,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


def _only_safe_links(tag: str, attribute: str, value: str) -> str | None:
    return value if attribute != "href" or is_safe_link(value) else None
