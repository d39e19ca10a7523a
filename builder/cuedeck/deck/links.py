"""Links to a moment of a recording.

A link form is an address with a placeholder for the moment, such as `{seconds}`. For known hosts and for files, it is
known; for all others, an author writes a `link:` template. The sign before the time on a card shows what a click opens:
a player or a page of text.
"""

from collections.abc import Callable
from urllib.parse import SplitResult, urlsplit

from cuedeck.deck.addresstimes import DIRECTIVE
from cuedeck.deck.fileaddresses import ends_like_a_file, file_on_page, media_file
from cuedeck.deck.hosts import Unsure, host_of, unsure_of, youtube_id
from cuedeck.deck.linktemplates import filled
from cuedeck.deck.placeholders import IN_FIELDS, NUMBERS, PLACEHOLDERS, fill
from cuedeck.patterns import regex
from cuedeck.problems import TextError
from cuedeck.records import dataclass

_VIMEO_BEFORE = regex(r".*/[0-9]{5,}(?:/[0-9a-f]{6,})?/?")
_SUBDOMAIN = regex(r"^(?:www|m|music)\.")
_YOUTUBE_BEFORE = ("youtu.be", "youtube.com", "youtube-nocookie.com")


def opens_player(link: str, opens: str, is_known: bool) -> bool:
    """Return whether a link opens a player; `is_known` is whether its address is a known video or a file.

    What the author says in `opens` decides. Otherwise, links for players have numbers, and links for pages show times.
    """
    if opens:
        return opens == "player"
    return DIRECTIVE not in link and (is_known or any(each in link for each in NUMBERS))


def formerly_opened_player(url: str, opens: str) -> bool:
    """Return what `opens_player` returned before it considered the template: a player if the host was known.

    The notes that learners have show the sign of that time. They are not changed because of it.
    """
    return opens == "player" if opens else _was_known(urlsplit(url))


def _was_known(parts: SplitResult) -> bool:
    host = _SUBDOMAIN.sub("", parts.hostname or "")
    if host in _YOUTUBE_BEFORE and youtube_id(parts):
        return True
    if host in ("vimeo.com", "player.vimeo.com") and _VIMEO_BEFORE.fullmatch(parts.path):
        return True
    return ends_like_a_file(parts)


_FOR_A_PLAYER = 'link: "{url}?t={seconds}"         for a player; look up how your host writes the time'
_ADD_LINK = (
    "add a line such as one of these to the source:\n"
    'link: "{url}#:~:text={mm:ss}"     for a page of text that shows times\n'
    f"{_FOR_A_PLAYER}"
)
_WATCH = "https://www.youtube.com/watch?v="
_SIGNS = {True: "▶", False: "¶"}


@dataclass(frozen=True)
class LinkForm:
    """An address with placeholders for a moment, and whether it opens a player or a page of text.

    `former_player` is the answer to that from before a template's placeholders counted.
    """

    address: str
    player: bool
    former_player: bool

    @property
    def mark(self) -> str:
        """The sign before the time, which shows what a click does."""
        return _SIGNS[self.player]

    @property
    def former_mark(self) -> str:
        """The sign on notes that were made before the rule for it changed."""
        return _SIGNS[self.former_player]

    @property
    def is_in_fields(self) -> bool:
        """Whether fields of notes contain all that a template of Anki needs to make the links."""
        return all(each in IN_FIELDS for each in PLACEHOLDERS if each in self.address)

    def fill(self, text_of: Callable[[str], str]) -> str:
        """Return the address with each placeholder replaced by what `text_of` returns for it."""
        return fill(self.address, text_of)

    def at(self, seconds: int) -> str:
        """Return the address of one moment, in seconds."""
        return self.fill(lambda name: PLACEHOLDERS[name](seconds))


def link_form(url: str, link: str = "", opens: str = "") -> LinkForm:
    """Return how moments of the recording at `url` are linked.

    A `link` template overrides what is known about the host; `opens` is "player" or "page" if the sign would otherwise
    be wrong. Raises TextError, with a `link:` line to add, if nothing is known about the address, or if the template
    cannot be right for it.
    """
    known = known_form(url)
    if not link and not known:
        raise _not_known(url)
    is_player = opens_player(link, opens, known is not None)
    return LinkForm(filled(link, url) if link else known or "", is_player, formerly_opened_player(url, opens))


def known_form(url: str) -> str | None:
    """Return the form of links to the recording at an address, with a placeholder; None if it is not known."""
    parts = urlsplit(url)
    host = host_of(parts)
    file = media_file(parts) if host is None or host.has_files else None
    return file or (host.moment(parts) if host else None)


def _not_known(url: str) -> TextError:
    parts = urlsplit(url)
    host = host_of(parts)
    if ends_like_a_file(parts) and (host is None or host.has_files):
        return TextError("this address may lead to a file, or to a page that plays one", _which(file_on_page(parts)))
    if host:
        return TextError(
            f"this address does not lead to a recording on {host.name}",
            f"copy the address of the recording itself, or {_ADD_LINK}",
        )
    if site := unsure_of(parts):
        return _unsure(site)
    video = youtube_id(parts) if parts.path == "/watch" else ""
    front = f'if this site shows videos of YouTube, give the address there:\nurl: "{_WATCH}{video}"\notherwise '
    return TextError("Cuedeck does not know how to link to a moment at this address", front * bool(video) + _ADD_LINK)


def _unsure(site: Unsure) -> TextError:
    """Return the problem of an address of a site whose links to moments are not documented, or do not exist."""
    if site.link:
        return TextError(
            f"Cuedeck does not know for certain how to link to a moment on {site.name}",
            'others write it as below; add that to the source, and then try some links in "cuedeck preview":\n'
            f'link: "{site.link}"',
        )
    return TextError(
        f"an address on {site.name} cannot name a moment",
        "give the address of the recording on another site\n"
        "or add this to the source, so that links open its beginning and cards show the time:\n"
        'link: "{url}#t={seconds}"',
    )


def _which(file: str) -> str:
    """Return what to do about an address that may be a file; `file` is the address of the file on a page, or ""."""
    own = f'probably this one:\nurl: "{file}"' if file else "the one that downloads it"
    return (
        'if it is the file itself, add this line to the source:\nlink: "{url}#t={seconds}"\n'
        f"if it is a page, give the address of the file instead, {own}\n"
        f"or link to the page, with a line such as:\n{_FOR_A_PLAYER}"
    )
