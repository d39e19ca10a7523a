"""What a click on a link opens: a player, or a page of text. A card shows it by the sign before the time."""

import re
from urllib.parse import SplitResult, urlsplit

from cuedeck.deck.files import ends_like_a_file
from cuedeck.deck.hosts import youtube_id

_VIMEO_BEFORE = re.compile(r".*/[0-9]{5,}(?:/[0-9a-f]{6,})?/?")
_SUBDOMAIN = re.compile(r"^(?:www|m|music)\.")
_YOUTUBE_BEFORE = ("youtu.be", "youtube.com", "youtube-nocookie.com")


def opens_player(link: str, opens: str, is_known: bool) -> bool:
    """Return whether a link opens a player; `is_known` tells whether its address is a known video or a file.

    What the author says in `opens` wins. A player takes seconds, and a page of text shows times.
    """
    if opens:
        return opens == "player"
    return ":~:" not in link and (is_known or "{seconds}" in link)


def opened_player(url: str, opens: str) -> bool:
    """Return what `opens_player` said before it went by the template: a player where the host was known.

    Notes that learners have show the sign of that time, and are not touched for it.
    """
    return opens == "player" if opens else _was_known(urlsplit(url))


def _was_known(parts: SplitResult) -> bool:
    host = _SUBDOMAIN.sub("", parts.hostname or "")
    if host in _YOUTUBE_BEFORE and youtube_id(parts):
        return True
    if host in ("vimeo.com", "player.vimeo.com") and _VIMEO_BEFORE.fullmatch(parts.path):
        return True
    return ends_like_a_file(parts)
