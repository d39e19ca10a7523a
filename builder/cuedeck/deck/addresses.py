"""Web addresses that an author writes: what is one, and what has to be encoded in it."""

import re
from urllib.parse import quote, urlsplit

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
# The id goes into the subject or the text; before the "?" it would be part of somebody's address.
_MAIL = re.compile(r"mailto:[^\s@{}?]+@[^\s@{}?]+\?.+")

# Characters that may stand in an address as they are. A brace would begin an Anki field, a quote end an attribute.
_SAFE = "%/:?#[]@!$&()*+,;=~-._"


def encoded(text: str) -> str:
    """Return a piece of an address with everything percent-encoded that has no business in one."""
    return quote(text, safe=_SAFE)


def address(text: str) -> str:
    """Return a web address with everything percent-encoded that has no business in one.

    Raises ValueError where it is not a whole http or https address.
    """
    text = text.strip()
    try:
        parts = urlsplit(text)
        host = parts.hostname
        parts.port  # noqa: B018  raises ValueError where the port is none
    except ValueError:
        raise ValueError(f'"{text}" is not a valid web address: copy it from the address bar of a browser') from None
    if parts.scheme not in ("http", "https") or not host or re.search(r"\s", text):
        raise ValueError(
            f'"{text}" is not a valid web address: it must begin with https:// or http:// and hold no spaces'
        )
    return encoded(text)


def feedback(text: str) -> str:
    """Return a `feedback:` template, a web or mail address with {note} in it, with everything else percent-encoded.

    Raises ValueError where it is no such address, holds another placeholder, or has {note} where the host is named.
    """
    text = text.strip()
    names = PLACEHOLDER.findall(text)
    for name in names:
        if name != "note":
            raise ValueError(f'"{{{name}}}" is not a placeholder: the only one is {{note}}')
    if not names:
        raise ValueError("the address does not say which note is meant: put {note} where its id belongs")
    if text.startswith("mailto:"):
        if not _MAIL.fullmatch(text):
            raise ValueError(
                f'"{text}" is not a mail address with a subject: write mailto:me@example.org?subject={{note}}'
            )
    else:
        base = re.split(r"[/?#]", text.partition("://")[2], maxsplit=1)[0]
        if "{note}" in base:
            raise ValueError("{note} stands in the name of the host: write it further on, as in https://host/?{note}")
        address(text.replace("{note}", "note"))
    return "{note}".join(encoded(piece) for piece in text.split("{note}"))
