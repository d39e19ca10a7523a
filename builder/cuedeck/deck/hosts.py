"""Video hosts whose addresses are known: which ones lead to a video, and how to link to its moments.

To add a host: write one small function that returns the link form of a video's address and None for any other address,
and add it to `HOSTS` with its domains. All texts that name the hosts take them from there, the manual included.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs

_YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")
# YouTube puts these where a video's id would be: the first plays a list, the second what a channel is streaming.
_NO_YOUTUBE_IDS = ("videoseries", "live_stream")
_VIMEO_KEY = re.compile(r"[0-9a-f]{6,}")
# Whole paths only: the number of a showcase, an event or a channel is not the number of a video.
_VIMEO = re.compile(
    r"/(?:channels/[^/]+/|groups/[^/]+/videos/|(?:showcase|album)/[0-9]+/video/|event/[0-9]+/videos/|manage/videos/)?"
    r"(?P<id>[0-9]{5,})(?:/(?P<key>[0-9a-f]{6,}))?/?"
)
_VIMEO_PLAYER = re.compile(r"/video/(?P<id>[0-9]{5,})(?P<key>)/?")
_VIMEO_FILE = re.compile(r"/(?:external|progressive_redirect)/.+\.mp4")
_VIMEO_PAGES = ("vimeo.com", "www.vimeo.com", "m.vimeo.com")
_TWITCH = re.compile(r"/(?:videos|[^/]+/v|[^/]+/video)/(?P<id>[0-9]+)/?")


@dataclass(frozen=True)
class Host:
    """A video host by its name, with its domains, whose subdomains all count.

    `moment` returns the address of a video with a placeholder for the moment, and None for an address of no video.
    """

    name: str
    domains: tuple[str, ...]
    moment: Callable[[SplitResult], str | None]


def youtube(parts: SplitResult) -> str | None:
    """YouTube: watch, youtu.be, shorts, live and embed addresses; other parameters are left out."""
    video = youtube_id(parts)
    return None if video in ("", *_NO_YOUTUBE_IDS) else f"https://www.youtube.com/watch?v={video}&t={{seconds}}s"


def youtube_id(parts: SplitResult) -> str:
    """Return what looks like a video's id at the place where YouTube puts it in an address; "" if there is none."""
    first, _, rest = parts.path.strip("/").partition("/")
    if is_in(parts, "youtu.be"):
        video = first
    elif first == "watch":
        video = parse_qs(parts.query).get("v", [""])[0]
    else:
        video = rest.partition("/")[0] if first in ("shorts", "live", "embed", "v") else ""
    return video if _YOUTUBE_ID.fullmatch(video) else ""


def vimeo(parts: SplitResult) -> str | None:
    """Vimeo: a video's page, its player, or its page in a channel, group, showcase or event, and its file.

    The key of an unlisted video is kept.
    """
    is_player = is_in(parts, "player.vimeo.com")
    if is_player and _VIMEO_FILE.fullmatch(parts.path):
        return parts._replace(fragment="").geturl() + "#t={seconds}"
    forms = _VIMEO_PLAYER if is_player else _VIMEO if parts.hostname in _VIMEO_PAGES else None
    found = forms and forms.fullmatch(parts.path)
    key = (found and found["key"]) or parse_qs(parts.query).get("h", [""])[0]
    if not found or (key and not _VIMEO_KEY.fullmatch(key)):
        return None
    return f"https://vimeo.com/{found['id']}" + (f"/{key}" if key else "") + "#t={seconds}s"


def twitch(parts: SplitResult) -> str | None:
    """Twitch: the page of a recorded stream, or its player."""
    if is_in(parts, "player.twitch.tv"):
        found = re.fullmatch("v?(?P<id>[0-9]+)", parse_qs(parts.query).get("video", [""])[0])
    else:
        found = _TWITCH.fullmatch(parts.path)
    return f"https://www.twitch.tv/videos/{found['id']}?t={{seconds}}s" if found else None


HOSTS: tuple[Host, ...] = (
    Host(
        "YouTube",
        ("youtube.com", "youtu.be", "youtube-nocookie.com", "youtubekids.com", "youtube.googleapis.com"),
        youtube,
    ),
    Host("Vimeo", ("vimeo.com",), vimeo),
    Host("Twitch", ("twitch.tv",), twitch),
)
NAMES = ", ".join(host.name for host in HOSTS)
"""The names of all hosts, with commas, for a sentence that continues with "and"."""


def host_of(parts: SplitResult) -> Host | None:
    """Return the host that an address belongs to; None if it is not a known one."""
    return next((host for host in HOSTS if is_in(parts, *host.domains)), None)


def is_in(parts: SplitResult, *domains: str) -> bool:
    """Return whether the host of an address is one of these domains, or a subdomain of one."""
    name = (parts.hostname or "").rstrip(".")
    return any(name == domain or name.endswith(f".{domain}") for domain in domains)
