"""Links to a moment of a recording.

A link form is an address with a place for the moment: `{seconds}`, `{mm:ss}` or `{hh:mm:ss}`. Known hosts and files
give their own form; for all others an author writes a `link:` template.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from cuedeck.deck.files import ends_like_a_file, file_behind, media_file
from cuedeck.deck.hosts import host_of
from cuedeck.deck.linktemplates import filled
from cuedeck.deck.moments import clock, timecode
from cuedeck.deck.signs import opened_player, opens_player
from cuedeck.problems import TextError

_FOR_A_PLAYER = 'link: "{url}?t={seconds}"         for a player that takes seconds; look up what your host takes'
_ADD_LINK = (
    "add a line such as one of these to the source:\n"
    'link: "{url}#:~:text={mm:ss}"     for a page of text that shows times\n'
    f"{_FOR_A_PLAYER}"
)
_SIGNS = {True: "▶", False: "¶"}


@dataclass(frozen=True)
class LinkForm:
    """An address that holds a moment's placeholders, and whether it opens a player or a page of text.

    `former_player` is what was said of that before a template's placeholders counted.
    """

    address: str
    player: bool
    former_player: bool

    @property
    def mark(self) -> str:
        """The sign before the time, which tells what a click does."""
        return _SIGNS[self.player]

    @property
    def former_mark(self) -> str:
        """The sign that notes show which were made before the rule for it changed."""
        return _SIGNS[self.former_player]

    def fill(self, seconds: str, clock: str, timecode: str) -> str:
        """Return the address with the moment in its three spellings put in."""
        return self.address.replace("{seconds}", seconds).replace("{mm:ss}", clock).replace("{hh:mm:ss}", timecode)

    def at(self, seconds: int) -> str:
        """Return the address of one moment, in seconds."""
        return self.fill(str(seconds), clock(seconds), timecode(seconds))


def link_form(url: str, link: str = "", opens: str = "") -> LinkForm:
    """Return how moments of the recording at `url` are linked.

    A `link` template wins over what is known of the host; `opens` says "player" or "page" where the sign for it would
    be wrong. Raises TextError, with a `link:` line to add, where nothing is known, and where the template cannot be
    right for this address.
    """
    known = _known(url)
    if not link and not known:
        raise _not_known(url)
    is_player = opens_player(link, opens, known is not None)
    return LinkForm(filled(link, url) if link else known or "", is_player, opened_player(url, opens))


def _known(url: str) -> str | None:
    parts = urlsplit(url)
    host = host_of(parts)
    return host.moment(parts) if host else media_file(parts)


def _not_known(url: str) -> TextError:
    parts = urlsplit(url)
    if host := host_of(parts):
        return TextError(
            f"this address names no video of {host.name}", f"copy the address of the video itself, or {_ADD_LINK}"
        )
    if ends_like_a_file(parts):
        return TextError("it is not known whether this is a file or a page that shows one", _which(file_behind(parts)))
    return TextError("it is not known how this address is linked to a moment", _ADD_LINK)


def _which(file: str) -> str:
    """Return what to do about an address that may be a file; `file` is that of the file behind a page, or ""."""
    own = f'probably this one:\nurl: "{file}"' if file else "the one that downloads it"
    return (
        'if it is the file itself, add this line to the source:\nlink: "{url}#t={seconds}"\n'
        f"if it is a page, give the address of the file instead, {own}\n"
        f"or link to the page, with a line such as:\n{_FOR_A_PLAYER}"
    )
