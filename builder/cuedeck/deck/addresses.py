"""Web addresses that an author writes: which ones are valid, and what must be encoded in them."""

import re
from urllib.parse import quote, urlsplit

from cuedeck.deck.hosts import host_of
from cuedeck.patterns import regex
from cuedeck.problems import TextError

PLACEHOLDER = regex(r"\{([^{}]*)\}")
# The id goes into the subject or the text; before the "?" it would be part of somebody's address.
_HOST = r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?::[0-9]+)?"
_WITHOUT_SCHEME = regex(rf"www\.{_HOST}(?:[/?#]\S*)?|{_HOST}/\S*", re.IGNORECASE)
# A path, or the name of a recording, rather than a host and what follows it.
_ON_A_DISK = regex(
    r"file:.*|(?:[/\\~]|\.{1,2}[/\\]|[a-z]:[/\\]).*|(?!www\.)[^/\\?#:]+\.(?:mp[34]|m4[abv]|aac|og[agv]|opus|wav|flac|mov|webm|mkv|"
    r"avi|pdf|html?)",
    re.IGNORECASE | re.DOTALL,
)
_NOT_ON_A_DISK = (
    "learners need an address on the web, to which cards link; put the file online, and write its address here; "
    '"recording:" names a file on your disk, from which cuedeck clips cuts passages'
)
_OPENED = regex(r"(?:https?|mailto):", re.IGNORECASE)
_MAIL = regex(r"mailto:[^\s@{}?]+@[^\s@{}?]+\?.+")

# Characters that an address may contain as they are. A brace would begin an Anki field, a quote end an attribute.
_SAFE = "%/:?#[]@!$&()*+,;=~-._"


def is_safe_link(url: str) -> bool:
    """Return whether a browser or mail program opens an address; what else looks like a link stays text."""
    return _OPENED.match(url) is not None


def encoded(text: str) -> str:
    """Return a piece of an address with every character percent-encoded that an address may not contain."""
    return quote(text, safe=_SAFE)


def address(text: str) -> str:
    """Return a web address with every character percent-encoded that an address may not contain.

    Raises ValueError if it is not a complete http or https address.
    """
    text = text.strip()
    _check(text, text)
    return encoded(text)


def _check(text: str, written: str) -> None:
    """Raise ValueError if a text is not a complete http or https address; `written` is what the author wrote."""
    try:
        parts = urlsplit(text)
        host = parts.hostname
        parts.port  # noqa: B018  raises ValueError if the port is not valid
    except ValueError:
        raise ValueError(f'"{text}" is not a valid web address: copy it from the address bar of a browser') from None
    if parts.scheme in ("http", "https") and host and not re.search(r"\s", text):
        return
    message = f'"{text}" is not a valid web address: it must begin with https:// or http:// and contain no spaces'
    if _ON_A_DISK.fullmatch(written):
        raise TextError(message, _NOT_ON_A_DISK, written)
    if not _WITHOUT_SCHEME.fullmatch(written):
        raise ValueError(message)
    whole = f"https://{written}"
    is_certain = written.lower().startswith("www.") or host_of(urlsplit(whole)) is not None
    raise TextError(message, f'did you mean "{whole}"?', written, instead=whole if is_certain else "")


def feedback(text: str) -> str:
    """Return a `feedback:` template: a web or mail address that contains {note}, percent-encoded but for that.

    Raises ValueError if it is not such an address, contains another placeholder, or has {note} in the host name.
    """
    text = text.strip()
    names = PLACEHOLDER.findall(text)
    for name in names:
        if name != "note":
            raise ValueError(f'"{{{name}}}" is not a placeholder: the only one is {{note}}')
    if not names:
        raise ValueError("the address does not say which note is meant: put {note} where the note's id belongs")
    if text.startswith("mailto:"):
        if not _MAIL.fullmatch(text):
            raise ValueError(
                f'"{text}" is not a mail address with a subject: write mailto:me@example.org?subject={{note}}'
            )
    else:
        base = re.split(r"[/?#]", text.partition("://")[2], maxsplit=1)[0]
        if "{note}" in base:
            raise ValueError("{note} is in the name of the host: put it after that, as in https://host/?{note}")
        _check(text.replace("{note}", "note"), text)
    return "{note}".join(encoded(piece) for piece in text.split("{note}"))
