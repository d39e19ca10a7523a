"""Links to a moment of a recording.

A link form is an address with a place for the moment: `{seconds}`, `{mm:ss}` or `{hh:mm:ss}`. Known hosts give their
own form; for all others an author writes a `link:` template. To add a host: write one small function that returns
a form for its addresses and None for others, add it to `PLAYERS`, and add a row to the table in its test.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, quote, urlsplit

from builder.deck.moments import clock, timecode
from builder.problems import TextError

_MEDIA_FILE = re.compile(r"\.(?:mp3|m4a|aac|oga|ogg|opus|wav|flac|mp4|m4v|mov|webm|ogv|mkv)$", re.IGNORECASE)
_YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_SITES_OF_VIDEOS = {
    "youtu.be": "YouTube",
    "youtube.com": "YouTube",
    "youtube-nocookie.com": "YouTube",
    "vimeo.com": "Vimeo",
    "player.vimeo.com": "Vimeo",
}
_NOT_KNOWN = "it is not known how this address is linked to a moment"
_ADD_LINK = (
    "add a line such as one of these to the source:\n"
    'link: "{url}#:~:text={mm:ss}"     for a page of text that shows times\n'
    'link: "{url}?t={seconds}"         for a player that takes seconds; look up what your host takes'
)
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
# The id goes into the subject or the text; before the "?" it would be part of somebody's address.
_MAIL = re.compile(r"mailto:[^\s@{}?]+@[^\s@{}?]+\?.+")
_MOMENT_PLACEHOLDERS = ("seconds", "mm:ss", "hh:mm:ss")

# Characters that may stand in an address as they are. A brace would begin an Anki field, a quote end an attribute.
_ADDRESS_SAFE = "%/:?#[]@!$&()*+,;=~-._"


@dataclass(frozen=True)
class LinkForm:
    """An address that holds a moment's placeholders, and whether it opens a player or a page of text."""

    address: str
    player: bool

    @property
    def mark(self) -> str:
        """The sign before the time, which tells what a click does."""
        return "▶" if self.player else "¶"

    def fill(self, seconds: str, clock: str, timecode: str) -> str:
        """Return the address with the moment in its three spellings put in."""
        return self.address.replace("{seconds}", seconds).replace("{mm:ss}", clock).replace("{hh:mm:ss}", timecode)

    def at(self, seconds: int) -> str:
        """Return the address of one moment, in seconds."""
        return self.fill(str(seconds), clock(seconds), timecode(seconds))


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
    return quote(text, safe=_ADDRESS_SAFE)


def template(text: str) -> str:
    """Return a `link:` template. Raises ValueError where it holds an unknown placeholder or no moment at all."""
    names = _PLACEHOLDER.findall(text)
    for name in names:
        if name not in ("url", *_MOMENT_PLACEHOLDERS):
            raise ValueError(f'"{{{name}}}" is no placeholder: use {{url}}, {{seconds}}, {{mm:ss}} or {{hh:mm:ss}}')
    if not set(names) & set(_MOMENT_PLACEHOLDERS):
        raise ValueError("the link leads to no moment: put {seconds}, {mm:ss} or {hh:mm:ss} where its time belongs")
    address(_PLACEHOLDER.sub("0", text.replace("{url}", "https://example.org")))
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
    return "{note}".join(quote(piece, safe=_ADDRESS_SAFE) for piece in text.split("{note}"))


def link_form(url: str, link: str = "", opens: str = "") -> LinkForm:
    """Return how moments of the recording at `url` are linked.

    A `link` template wins over what is known of the host; `opens` says "player" or "page" where that is not known.
    Raises TextError, with a `link:` line to add, where nothing is known.
    """
    known = _known_player(url)
    if not link and not known:
        site = _SITES_OF_VIDEOS.get(_host(urlsplit(url)))
        raise TextError(
            f"this address names no video of {site}" if site else _NOT_KNOWN,
            f"copy the address of the video itself, or {_ADD_LINK}" if site else _ADD_LINK,
        )
    player = opens == "player" if opens else known is not None
    return LinkForm(_filled_template(link, url) if link else known or "", player)


def _filled_template(link: str, url: str) -> str:
    # Two fragments cannot follow one another: the template's own replaces the recording's.
    base = url.partition("#")[0] if "#" in link else url
    if "?" in base:  # nor can two queries: the template's own goes on where the recording's ends
        base = base.rstrip("?&") if "{url}?" in link else base
        link = link.replace("{url}?", "{url}&" if "?" in base else "{url}?")
    kept = {f"{{{name}}}": f"{{{name}}}" for name in _MOMENT_PLACEHOLDERS} | {"{url}": base}
    pieces = re.split(r"(\{[^{}]*\})", link)
    return "".join(kept.get(piece) or quote(piece, safe=_ADDRESS_SAFE) for piece in pieces)


def _known_player(url: str) -> str | None:
    parts = urlsplit(url)
    return next((form for player in PLAYERS if (form := player(parts))), None)


def _host(parts: SplitResult) -> str:
    return re.sub(r"^(?:www|m|music)\.", "", parts.hostname or "")


def youtube(parts: SplitResult) -> str | None:
    """YouTube: watch, youtu.be, shorts, live and embed addresses; other parameters are left out."""
    first, _, rest = parts.path.strip("/").partition("/")
    match _host(parts), first:
        case "youtu.be", video:
            pass
        case "youtube.com" | "youtube-nocookie.com", "watch":
            video = parse_qs(parts.query).get("v", [""])[0]
        case "youtube.com" | "youtube-nocookie.com", "shorts" | "live" | "embed" | "v":
            video = rest.partition("/")[0]
        case _:
            return None
    return f"https://www.youtube.com/watch?v={video}&t={{seconds}}s" if _YOUTUBE_ID.fullmatch(video) else None


def vimeo(parts: SplitResult) -> str | None:
    """Vimeo: a video's page, its player, or its page in a channel or group; the key of an unlisted video is kept."""
    if _host(parts) not in ("vimeo.com", "player.vimeo.com"):
        return None
    found = re.search(r"/([0-9]{5,})(?:/([0-9a-f]{6,}))?/?$", parts.path)
    if not found:
        return None
    key = found[2] or parse_qs(parts.query).get("h", [""])[0]
    return f"https://vimeo.com/{found[1]}" + (f"/{key}" if key else "") + "#t={seconds}s"


def media_file(parts: SplitResult) -> str | None:
    """An audio or video file anywhere: the media fragment of W3C's Media Fragments URI 1.0."""
    if not _MEDIA_FILE.search(parts.path):
        return None
    return parts._replace(fragment="").geturl() + "#t={seconds}"


PLAYERS: tuple[Callable[[SplitResult], str | None], ...] = (youtube, vimeo, media_file)
