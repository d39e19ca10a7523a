"""Hosts of recordings, and how each of them opens a recording at a moment.

To add a host: write a function that returns the address of a moment for its addresses of a recording, with a place such
as `{seconds}` in it, and None for all others; add a row to `HOSTS`, and rows to the table in its test. What is not
surely a recording gets no link: its author is asked for a `link:` template.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs

Form = Callable[[SplitResult], str | None]


@dataclass(frozen=True)
class Host:
    """A site of recordings: its name, its domains, and what makes an address of a moment from one of a recording."""

    name: str
    domains: tuple[str, ...]
    form: Form

    def has(self, host: str) -> bool:
        """Return whether a host name is one of its domains, or lies in one."""
        return any(host == domain or host.endswith(f".{domain}") for domain in self.domains)


def plain_host(parts: SplitResult) -> str:
    """Return the name of the host, without what only says which form of a site it is."""
    return re.sub(r"^(?:www|m|music)\.", "", parts.hostname or "")


_YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")
# Words that stand where an id does, and are as long as one.
_NO_YOUTUBE_IDS = frozenset({"videoseries", "live_stream"})


def youtube(parts: SplitResult) -> str | None:
    """YouTube: watch, youtu.be, shorts, live and embed addresses; other parameters are left out."""
    first, _, rest = parts.path.strip("/").partition("/")
    match plain_host(parts), first:
        case "youtu.be", video:
            pass
        case "youtube.com" | "youtube-nocookie.com", "watch":
            video = parse_qs(parts.query).get("v", [""])[0]
        case "youtube.com" | "youtube-nocookie.com", "shorts" | "live" | "embed" | "v":
            video = rest.partition("/")[0]
        case _:
            return None
    if not _YOUTUBE_ID.fullmatch(video) or video in _NO_YOUTUBE_IDS:
        return None
    return f"https://www.youtube.com/watch?v={video}&t={{seconds}}s"


# The whole path of a video: by itself, or in a channel, a group, a showcase, an event. Their own pages have numbers,
# too, which as those of videos would lead to somebody else's.
_VIMEO_VIDEO = re.compile(
    r"/(?:video/|manage/videos/|channels/[^/]+/(?:videos/)?|groups/[^/]+/videos/"
    r"|(?:showcase|album)/[0-9]+/video/|event/[0-9]+/videos/)?([0-9]{5,})(?:/([0-9a-f]{6,}))?/?"
)
_VIMEO_FILE = re.compile(r"/(?:external|progressive_redirect)/")


def vimeo(parts: SplitResult) -> str | None:
    """Vimeo: a video's page, its player, or its page in a channel or the like; the key of an unlisted video is kept."""
    host = plain_host(parts)
    if host == "player.vimeo.com" and _VIMEO_FILE.match(parts.path):
        return _fragment(parts) if _MEDIA_FILE.search(parts.path) else None
    found = _VIMEO_VIDEO.fullmatch(parts.path) if host in ("vimeo.com", "player.vimeo.com") else None
    if not found:
        return None
    key = found[2] or parse_qs(parts.query).get("h", [""])[0]
    return f"https://vimeo.com/{found[1]}" + (f"/{key}" if key else "") + "#t={seconds}s"


_TWITCH_VIDEO = re.compile(r"/(?:videos|[^/]+/v|[^/]+/video)/([0-9]+)/?")
_TWITCH_ID = re.compile(r"v?([0-9]+)")


def twitch(parts: SplitResult) -> str | None:
    """Twitch: a recording's page, or its player; channels, which are live, and clips have no moments to link to."""
    match plain_host(parts):
        case "twitch.tv":
            found = _TWITCH_VIDEO.fullmatch(parts.path)
        case "player.twitch.tv":
            found = _TWITCH_ID.fullmatch(parse_qs(parts.query).get("video", [""])[0])
        case _:
            return None
    return f"https://www.twitch.tv/videos/{found[1]}?t={{seconds}}s" if found else None


HOSTS = (
    Host("YouTube", ("youtube.com", "youtu.be", "youtube-nocookie.com", "youtubekids.com"), youtube),
    Host("Vimeo", ("vimeo.com",), vimeo),
    Host("Twitch", ("twitch.tv",), twitch),
)
"""All sites of recordings that need no `link:` template. Schema, messages and README take their names from here."""

NAMES = ", ".join(host.name for host in HOSTS)


def host_of(parts: SplitResult) -> Host | None:
    """Return the site of recordings that an address belongs to, None where it is none that is known."""
    return next((host for host in HOSTS if host.has(parts.hostname or "")), None)


_MEDIA_FILE = re.compile(r"\.(?:mp3|m4a|aac|oga|ogg|opus|wav|flac|mp4|m4v|mov|webm|ogv|mkv)$", re.IGNORECASE)


@dataclass(frozen=True)
class FileHost:
    """A host that shows files on pages of its own, whose addresses end as a file's does.

    `host` matches its whole name, `file` is found in path and query where an address is that of the file itself ("" for
    one that has no such addresses), `way` says how an author comes to that address.
    """

    host: str
    file: str = ""
    way: str = ""


_RAW = r"/raw/|[?&]raw=(?:1|true)(?:&|$)"
_FILE_HOSTS = (
    FileHost(r"archive\.org", r"^/(?:download|serve)/", "the file's own address has /download/ for /details/"),
    FileHost(r"dropbox\.com", r"[?&](?:raw|dl)=1(?:&|$)", "the file's own address ends in raw=1, not in dl=0"),
    FileHost(
        r"(?:gist\.)?github\.com",
        rf"{_RAW}|/releases/download/",
        "the file's own address has /raw/ for /blob/",
    ),
    FileHost(r"bitbucket\.org", rf"{_RAW}|/downloads/", "the file's own address has /raw/ for /src/"),
    FileHost(r"huggingface\.co", r"/resolve/", "the file's own address has /resolve/ for /blob/"),
    FileHost(r"(?:[^.]+\.)+sharepoint\.com", r"[?&]download=1(?:&|$)", "the file's own address ends in download=1"),
    FileHost(r"(?:[^.]+\.)?box\.com", r"^/shared/static/"),
    FileHost(r"mediafire\.com"),
    FileHost(r"onedrive\.live\.com|1drv\.ms"),
    FileHost(r"(?:drive|docs|photos)\.google\.com"),
    FileHost(r"disk\.yandex\.[a-z.]+|yadi\.sk"),
    FileHost(r"cloud\.mail\.ru"),
    FileHost(r"mega\.(?:nz|io)"),
    FileHost(r"(?:[^.]+\.)?pcloud\.(?:com|link)"),
    FileHost(r"icloud\.com"),
)
# Paths of programs that many hosts run, and that show a file on a page: repositories of code, of which one has the file
# itself under such an address, and wikis, in whose own language a file may be "Datei:".
_CODE = re.compile(r"^/(?:[^/]+/){2,}(?:-/)?(?:blob|blame)/[^/]+/|/-/(?:blob|blame|tree)/|/src/(?:branch|tag|commit)/")
_SHOWS_BLOBS = "git.sr.ht"
_WIKI = re.compile(
    r"/(?:wiki|index\.php)/(?:.*/)?[^/]*(?::|%3A)(?!//|%2F%2F)[^/]*$|/(?:File|Image|Media)(?::|%3A)[^/]*$",
    re.IGNORECASE,
)
_ASKS_FOR_PAGE = re.compile(r"(?:^|&)(?:dl=0|raw=(?:0|false)|web=1)(?:&|$)")


def media_file(parts: SplitResult) -> str | None:
    """An audio or video file anywhere: the media fragment of W3C's Media Fragments URI 1.0."""
    if not names_file(parts) or file_page(parts):
        return None
    return _fragment(parts)


def _fragment(parts: SplitResult) -> str:
    return parts._replace(fragment="").geturl() + "#t={seconds}"


def names_file(parts: SplitResult) -> bool:
    """Return whether an address ends as that of an audio or video file does."""
    return bool(_MEDIA_FILE.search(parts.path))


def file_page(parts: SplitResult) -> FileHost | None:
    """Return what shows a file at an address that ends as a file's does; None where that is surely the file itself."""
    host, there = plain_host(parts), f"{parts.path}?{parts.query}"
    for known in _FILE_HOSTS:
        if re.fullmatch(known.host, host):
            return None if known.file and re.search(known.file, there) else known
    is_code = host != _SHOWS_BLOBS and _CODE.search(parts.path) and not re.search(_RAW, there)
    if is_code or _WIKI.search(parts.path) or _ASKS_FOR_PAGE.search(parts.query):
        return FileHost(re.escape(host))
    return None


def player_form(parts: SplitResult) -> str | None:
    """Return the address of a moment, with a place for it, in what an address opens by itself; None for all others."""
    host = host_of(parts)
    return host.form(parts) if host else media_file(parts)
