"""Links to a moment of a recording.

A link form is an address with a place for the moment: `{seconds}`, `{mm:ss}` or `{hh:mm:ss}`. Known hosts give their
own form (`hosts`); for all others an author writes a `link:` template (`linktemplates`).
"""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, quote, urlsplit

from builder.deck.hosts import file_page, host_of, names_file, plain_host, player_form
from builder.deck.linktemplates import ADDRESS_SAFE, DIRECTIVE, URL, check_parts, filled
from builder.deck.moments import clock, timecode
from builder.problems import TextError

_NOT_KNOWN = "it is not known how this address is linked to a moment"
_ADD_LINK = (
    "add a line such as one of these to the source:\n"
    'link: "{url}#:~:text={mm:ss}"     for a page of text that shows times\n'
    'link: "{url}?t={seconds}"         for a player that takes seconds; look up what your host takes'
)
_FILE_OR_PAGE = "it is not known whether this address is a file, or a page that shows one"
_FILE_LINK = (
    "add one of these lines to the source:\n"
    'link: "{url}#t={seconds}"         if it is the file itself\n'
    'link: "{url}?t={seconds}"         if it is a page with a player that takes seconds; look up what your host takes'
)
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
# The id goes into the subject or the text; before the "?" it would be part of somebody's address.
_MAIL = re.compile(r"mailto:[^\s@{}?]+@[^\s@{}?]+\?.+")
_MOMENT_PLACEHOLDERS = ("seconds", "mm:ss", "hh:mm:ss")
# What version 1.0.0 took for players, whose sign notes of then still show.
_FORMER_HOSTS = {
    "youtu.be": re.compile(r"/[A-Za-z0-9_-]{11}(?:/.*)?"),
    "youtube.com": re.compile(r"/(?:shorts|live|embed|v)/[A-Za-z0-9_-]{11}(?:/.*)?"),
    "youtube-nocookie.com": re.compile(r"/(?:shorts|live|embed|v)/[A-Za-z0-9_-]{11}(?:/.*)?"),
    "vimeo.com": re.compile(r".*/[0-9]{5,}(?:/[0-9a-f]{6,})?/?"),
    "player.vimeo.com": re.compile(r".*/[0-9]{5,}(?:/[0-9a-f]{6,})?/?"),
}


@dataclass(frozen=True)
class LinkForm:
    """An address that holds a moment's placeholders, and whether it opens a player or a page of text.

    `was_player` is what version 1.0.0 took it for.
    """

    address: str
    player: bool
    was_player: bool

    @property
    def mark(self) -> str:
        """The sign before the time, which tells what a click does."""
        return _mark(self.player)

    @property
    def former_mark(self) -> str:
        """The sign that version 1.0.0 put there."""
        return _mark(self.was_player)

    def fill(self, seconds: str, clock: str, timecode: str) -> str:
        """Return the address with the moment in its three spellings put in."""
        return self.address.replace("{seconds}", seconds).replace("{mm:ss}", clock).replace("{hh:mm:ss}", timecode)

    def at(self, seconds: int) -> str:
        """Return the address of one moment, in seconds."""
        return self.fill(str(seconds), clock(seconds), timecode(seconds))


def _mark(player: bool) -> str:
    return "▶" if player else "¶"


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
        raise ValueError(f'"{text}" is no web address') from None
    if parts.scheme not in ("http", "https") or not host or re.search(r"\s", text):
        raise ValueError(f'"{text}" is no web address: it must begin with https:// or http:// and hold no spaces')
    return quote(text, safe=ADDRESS_SAFE)


def template(text: str) -> str:
    """Return a `link:` template. Raises ValueError where it holds an unknown placeholder or no moment at all."""
    names = _PLACEHOLDER.findall(text)
    for name in names:
        if name not in ("url", *_MOMENT_PLACEHOLDERS):
            raise ValueError(f'"{{{name}}}" is no placeholder: use {{url}}, {{seconds}}, {{mm:ss}} or {{hh:mm:ss}}')
    if not set(names) & set(_MOMENT_PLACEHOLDERS):
        raise ValueError("the link leads to no moment: put {seconds}, {mm:ss} or {hh:mm:ss} where its time belongs")
    try:
        address(_PLACEHOLDER.sub("0", text.replace(URL, "https://example.org/")))
    except ValueError:
        raise ValueError(
            f'"{text}" is no web address: it must begin with {{url}}, https:// or http:// and hold no spaces'
        ) from None
    check_parts(text.strip())
    return text.strip()


def feedback(text: str) -> str:
    """Return a `feedback:` template, a web or mail address with {note} in it, with everything else percent-encoded.

    Raises ValueError where it is no such address, holds another placeholder, or has {note} where the host is named.
    """
    text = text.strip()
    names = _PLACEHOLDER.findall(text)
    for name in names:
        if name != "note":
            raise ValueError(f'"{{{name}}}" is no placeholder: the only one is {{note}}')
    if not names:
        raise ValueError("the address does not say which note is meant: put {note} where its id belongs")
    if text.startswith("mailto:"):
        if not _MAIL.fullmatch(text):
            raise ValueError(
                f'"{text}" is no mail address with a subject: write mailto:me@example.org?subject={{note}}'
            )
    else:
        base = re.split(r"[/?#]", text.partition("://")[2], maxsplit=1)[0]
        if "{note}" in base:
            raise ValueError("{note} stands in the name of the host: write it further on, as in https://host/?{note}")
        address(text.replace("{note}", "note"))
    return "{note}".join(quote(piece, safe=ADDRESS_SAFE) for piece in text.split("{note}"))


def link_form(url: str, link: str = "", opens: str = "") -> LinkForm:
    """Return how moments of the recording at `url` are linked.

    A `link` template wins over what is known of the host; `opens` says "player" or "page" where neither tells. Raises
    TextError where nothing is known, with a `link:` line to add, or where the template cannot be right.
    """
    parts = urlsplit(url)
    known = player_form(parts)
    if not link and known is None:
        raise _not_known(parts)
    return LinkForm(
        filled(link, url) if link else known or "",
        player=opens == "player" if opens else known is not None or _opens_player(link),
        was_player=opens == "player" if opens else _was_player(parts),
    )


def _opens_player(link: str) -> bool:
    """Return whether a template leads to a player, which counts seconds; a page of text shows times as a clock does."""
    return "{seconds}" in link and DIRECTIVE not in link


def _was_player(parts: SplitResult) -> bool:
    host = plain_host(parts)
    if host in ("youtube.com", "youtube-nocookie.com") and parts.path.strip("/") == "watch":
        return bool(re.fullmatch(r"[A-Za-z0-9_-]{11}", parse_qs(parts.query).get("v", [""])[0]))
    former = _FORMER_HOSTS.get(host)
    return bool(former and former.fullmatch(parts.path)) or names_file(parts)


def _not_known(parts: SplitResult) -> TextError:
    """Return what is wrong with an address that has no link form by itself, and the lines that give it one."""
    if host := host_of(parts):
        return TextError(
            f"this address names no video of {host.name}", f"copy the address of the video itself, or {_ADD_LINK}"
        )
    page = file_page(parts) if names_file(parts) else None
    if page is None:
        return TextError(_NOT_KNOWN, _ADD_LINK)
    return TextError(_FILE_OR_PAGE, f"{page.way}: use that, or {_FILE_LINK}" if page.way else _FILE_LINK)
