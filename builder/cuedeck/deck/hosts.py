"""Hosts of recordings whose addresses are known: which ones lead to a recording, and how to link to its moments.

To add a host: write one small function that returns the link form of a recording's address and None for any other
address, and add it to `HOSTS` with its domains. Its docstring says where the form comes from. All texts that name the
hosts take them from there, the manual included.
"""

import re
from collections.abc import Callable
from urllib.parse import SplitResult, parse_qs, unquote

from cuedeck.patterns import regex
from cuedeck.records import dataclass

_YOUTUBE_ID = regex(r"[A-Za-z0-9_-]{11}")
# YouTube puts these where a video's id would be: the first plays a list, the second what a channel is streaming.
_NO_YOUTUBE_IDS = ("videoseries", "live_stream")
_VIMEO_KEY = regex(r"[0-9a-f]{6,}")
# Whole paths only: the number of a showcase, an event or a channel is not the number of a video.
_VIMEO = regex(
    r"/(?:channels/[^/]+/|groups/[^/]+/videos/|(?:showcase|album)/[0-9]+/video/|event/[0-9]+/videos/|manage/videos/)?"
    r"(?P<id>[0-9]{5,})(?:/(?P<key>[0-9a-f]{6,}))?/?"
)
_VIMEO_PLAYER = regex(r"/video/(?P<id>[0-9]{5,})(?P<key>)/?")
_VIMEO_FILE = regex(r"/(?:external|progressive_redirect)/.+\.mp4")
_VIMEO_PAGES = ("vimeo.com", "www.vimeo.com", "m.vimeo.com")
_TWITCH = regex(r"/(?:videos|[^/]+/v|[^/]+/video)/(?P<id>[0-9]+)/?")


_BILIBILI = regex(r"/video/(?P<id>BV[0-9A-Za-z]{10}|av[0-9]+)/?", re.IGNORECASE)
_DAILYMOTION = regex(r"/(?:embed/)?video/(?P<id>[a-z0-9]+)(?:_[^/]*)?/?", re.IGNORECASE)
_RUMBLE = regex(r"/(?P<page>v(?!ideos?\b)[0-9a-z]{4,}(?:-[^/]+)?)/?", re.IGNORECASE)
_ODYSEE = regex(r"/(?:@[^/:@$]+:[0-9a-f]+/)?[^/:@$]+:[0-9a-f]+/?")
_SOUNDCLOUD = regex(r"(?P<track>/(?P<who>[\w-]+)/(?P<what>[\w-]+)(?:/s-\w+)?)/?")
# Pages of SoundCloud that are not a track of somebody: by the first part of the path, and by the second one.
_SOUNDCLOUD_PAGES = regex("discover|stations|charts|search|you|tags|pages|people|settings|player")
_SOUNDCLOUD_LISTS = regex("sets|tracks|albums|popular-tracks|reposts|likes|spotlight|comments|followers|following")
_WISTIA = regex(r"/(?:medias|embed/iframe)/[a-z0-9]{10}/?")
_ARCHIVE = regex(r"/(?:details|embed)/(?P<id>[A-Za-z0-9][\w.-]*)(?:/start/[0-9.]+(?:/end/[0-9.]+)?)?/?")
_OVERCAST = regex(r"/(?P<id>\+[\w-]+)(?:/[0-9:]+)?/?")
_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_POCKET_CASTS = regex(rf"/(?:[a-z0-9]{{6,10}}|episode/{_UUID})/?")
_POCKET_CASTS_PAGE = regex(rf"/podcast/[^/]+/{_UUID}/[^/]+/{_UUID}/?")
_NICONICO = regex(r"(?:/watch|/shorts)?/(?P<id>(?:sm|so|nm)?[0-9]+)/?")
_PEERTUBE = regex(rf"/(?P<form>w|videos/watch|videos/embed)/(?P<id>{_UUID}|[1-9A-HJ-NP-Za-km-z]{{22}})/?")
_OPENCAST = regex(r"/(?:paella7?/ui/watch|engage/(?:ui/watch|theodul/ui/core))\.html")


@dataclass(frozen=True)
class Host:
    """A host by its name, with its domains, whose subdomains all count.

    `moment` returns the address of a recording with a placeholder for the moment, and None for an address of none.
    Software that runs on anybody's server has no domains: `moment` recognizes its addresses, and `paths` says in words
    what they look like. Unless `has_files` is false, audio and video files on these domains are linked to as files
    elsewhere are.
    """

    name: str
    domains: tuple[str, ...]
    moment: Callable[[SplitResult], str | None]
    paths: str = ""
    has_files: bool = True


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


def bilibili(parts: SplitResult) -> str | None:
    """Bilibili: the page of a video or its player; `p` is the part of a video in several parts.

    `t` in seconds: PipePipe's issue 2459.
    """
    given = parse_qs(parts.query)
    if is_in(parts, "player.bilibili.com"):
        found, part = _BILIBILI.fullmatch(f"/video/{given.get('bvid', [''])[0]}"), given.get("page", [""])[0]
    else:
        found, part = _BILIBILI.fullmatch(parts.path), given.get("p", [""])[0]
    which = f"p={part}&" if part.isdecimal() else ""
    return f"https://www.bilibili.com/video/{found['id']}?{which}t={{seconds}}" if found else None


def dailymotion(parts: SplitResult) -> str | None:
    """Dailymotion: the page of a video, its player or its short address.

    `start` in seconds: lib/provider/dailymotion.js of jsVideoUrlParser.
    """
    if is_in(parts, "dai.ly"):
        found = re.fullmatch(r"/(?P<id>[a-zA-Z0-9]+)/?", parts.path)
    elif is_in(parts, "geo.dailymotion.com"):
        found = re.fullmatch(r"(?P<id>[a-zA-Z0-9]+)", parse_qs(parts.query).get("video", [""])[0])
    else:
        found = _DAILYMOTION.fullmatch(parts.path)
    return f"https://www.dailymotion.com/video/{found['id']}?start={{seconds}}" if found else None


def rumble(parts: SplitResult) -> str | None:
    """Rumble: the page of a video. Its player has another id, which does not show where the page is.

    `start` in seconds: auto-tab-discard's issue 412.
    """
    found = _RUMBLE.fullmatch(parts.path)
    return f"https://rumble.com/{found['page']}?start={{seconds}}" if found else None


def odysee(parts: SplitResult) -> str | None:
    """Odysee: the page of a video, with or without its channel.

    `t` in seconds: lbry-desktop's issue 3122.
    """
    path = unquote(parts.path)
    return f"https://odysee.com{parts.path.rstrip('/')}?t={{seconds}}" if _ODYSEE.fullmatch(path) else None


def niconico(parts: SplitResult) -> str | None:
    """Niconico: the page of a video, or its short address.

    `from` in seconds: PipePipe's issue 2459.
    """
    found = _NICONICO.fullmatch(parts.path)
    is_video = found and (is_in(parts, "nico.ms") or parts.path.startswith(("/watch/", "/shorts/")))
    return f"https://www.nicovideo.jp/watch/{found['id']}?from={{seconds}}" if found and is_video else None


def soundcloud(parts: SplitResult) -> str | None:
    """SoundCloud: the page of a track; a private one keeps its key.

    `#t` as a clock, such as 1:02:03: what *Share* gives; also lib/provider/soundcloud.js of jsVideoUrlParser.
    """
    found = _SOUNDCLOUD.fullmatch(parts.path)
    if not found or parts.hostname not in ("soundcloud.com", "www.soundcloud.com", "m.soundcloud.com"):
        return None
    if _SOUNDCLOUD_PAGES.fullmatch(found["who"]) or _SOUNDCLOUD_LISTS.fullmatch(found["what"]):
        return None
    return f"https://soundcloud.com{found['track']}#t={{mm:ss}}"


def wistia(parts: SplitResult) -> str | None:
    """Wistia: the page of a video, or its player.

    `wtime` in seconds: lib/provider/wistia.js of jsVideoUrlParser.
    """
    found = _WISTIA.fullmatch(parts.path)
    return f"{_origin(parts)}{found[0].rstrip('/')}?wtime={{seconds}}" if found else None


def archive(parts: SplitResult) -> str | None:
    """Internet Archive: the page of an item, linked to in its player. A single file has an address of its own.

    `start` in seconds: the embed addresses of hypothesis/client's pull request 554.
    """
    found = parts.hostname in ("archive.org", "www.archive.org") and _ARCHIVE.fullmatch(parts.path)
    return f"https://archive.org/embed/{found['id']}?start={{seconds}}" if found else None


def overcast(parts: SplitResult) -> str | None:
    """Overcast: the page of an episode, with the moment at the end of its path, as *Share* gives it."""
    found = _OVERCAST.fullmatch(parts.path)
    return f"https://overcast.fm/{found['id']}/{{mm:ss}}" if found else None


def pocket_casts(parts: SplitResult) -> str | None:
    """Pocket Casts: the page of an episode, or its short address.

    `t` in seconds: pocket-casts-android's issue 2405, pocket-casts-ios's pull request 3937.
    """
    form = _POCKET_CASTS if is_in(parts, "pca.st") else _POCKET_CASTS_PAGE
    return f"{_origin(parts)}{parts.path.rstrip('/')}?t={{seconds}}" if form.fullmatch(parts.path) else None


def fireside(parts: SplitResult) -> str | None:
    """Fireside: the page of an episode, which begins with its number.

    `t` in seconds: firesidelabs/fireside's issue 47.
    """
    found = re.fullmatch(r"/[0-9]+(?:-[\w-]+)?/?", parts.path)
    return f"{_origin(parts)}{found[0].rstrip('/')}?t={{seconds}}" if found else None


def podigee(parts: SplitResult) -> str | None:
    """Podigee: the page of an episode, which begins with its number.

    `#t` in seconds: podigee-podcast-player's issue 5.
    """
    found = re.fullmatch(r"/(?:[0-9]+|[a-z][0-9]+(?:e[0-9]+)?)-[\w-]+/?", parts.path)
    return f"{_origin(parts)}{found[0].rstrip('/')}#t={{seconds}}" if found else None


def ccc(parts: SplitResult) -> str | None:
    """media.ccc.de: the page of a talk.

    `#t` in seconds: voctoweb's issue 18.
    """
    found = parts.hostname in ("media.ccc.de", "www.media.ccc.de") and re.fullmatch("/v/[^/]+/?", parts.path)
    return f"https://media.ccc.de{found[0].rstrip('/')}#t={{seconds}}" if found else None


def peertube(parts: SplitResult) -> str | None:
    """PeerTube, on anybody's server: the page of a video, or its player.

    `start` in seconds: support/doc/api/embeds.md of PeerTube. The ids are so long that no other site has such paths.
    """
    found = _PEERTUBE.fullmatch(parts.path)
    if not found:
        return None
    return f"{_origin(parts)}/{found['form'].replace('embed', 'watch')}/{found['id']}?start={{seconds}}"


def opencast(parts: SplitResult) -> str | None:
    """Opencast, on anybody's server: the page of a recording in its players, Paella and Theodul.

    `time` as 3723s: "URL Parameters" in Opencast's guide for each of its players.
    """
    id = parse_qs(parts.query).get("id", [""])[0]
    is_player = _OPENCAST.fullmatch(parts.path) and re.fullmatch(r"[\w.-]+", id)
    return f"{_origin(parts)}{parts.path}?id={id}&time={{seconds}}s" if is_player else None


def invidious(parts: SplitResult) -> str | None:
    """Invidious, on anybody's server: the page of a video, if the name of the server says that it is Invidious.

    Other sites have the same paths, and another parameter or none. `t` in seconds: iv-org/invidious's issue 1283.
    """
    labels = (parts.hostname or "").split(".")
    is_invidious = is_in(parts, "yewtu.be") or not {"invidious", "inv"}.isdisjoint(labels[:-1])
    video = youtube_id(parts) if is_invidious and parts.path == "/watch" else ""
    return f"{_origin(parts)}/watch?v={video}&t={{seconds}}" if video and video not in _NO_YOUTUBE_IDS else None


def _origin(parts: SplitResult) -> str:
    return f"{parts.scheme}://{parts.netloc}"


HOSTS: tuple[Host, ...] = (
    Host(
        "YouTube",
        ("youtube.com", "youtu.be", "youtube-nocookie.com", "youtubekids.com", "youtube.googleapis.com"),
        youtube,
        has_files=False,
    ),
    Host("Vimeo", ("vimeo.com",), vimeo, has_files=False),
    Host("Twitch", ("twitch.tv",), twitch, has_files=False),
    Host("Dailymotion", ("dailymotion.com", "dai.ly"), dailymotion),
    Host("Bilibili", ("bilibili.com",), bilibili),
    Host("Niconico", ("nicovideo.jp", "nico.ms"), niconico),
    Host("Rumble", ("rumble.com",), rumble),
    Host("Odysee", ("odysee.com",), odysee),
    Host("Wistia", ("wistia.com", "wistia.net"), wistia),
    Host("Internet Archive", ("archive.org",), archive),
    Host("media.ccc.de", ("media.ccc.de",), ccc),
    Host("SoundCloud", ("soundcloud.com",), soundcloud),
    Host("Overcast", ("overcast.fm",), overcast),
    Host("Pocket Casts", ("pca.st", "pocketcasts.com"), pocket_casts),
    Host("Fireside", ("fireside.fm",), fireside),
    Host("Podigee", ("podigee.io",), podigee),
    Host("PeerTube", (), peertube, "any server: `/w/...`, `/videos/watch/...`, `/videos/embed/...`"),
    Host("Opencast", (), opencast, "any server: `/paella/ui/watch.html?id=...`, `/paella7/ui/watch.html?id=...`"),
    Host("Invidious", (), invidious, "`yewtu.be` and servers with `invidious` or `inv` in their names: `/watch?v=...`"),
)
NAMES = ", ".join(host.name for host in HOSTS)
"""The names of all hosts, with commas, for a sentence that continues with "and"."""


def host_of(parts: SplitResult) -> Host | None:
    """Return the host that an address belongs to; None if it is not a known one."""
    return next((host for host in HOSTS if (is_in(parts, *host.domains) if host.domains else host.moment(parts))), None)


def is_in(parts: SplitResult, *domains: str) -> bool:
    """Return whether the host of an address is one of these domains, or a subdomain of one."""
    name = (parts.hostname or "").rstrip(".")
    return any(name == domain or name.endswith(f".{domain}") for domain in domains)


@dataclass(frozen=True)
class Unsure:
    """A site that is not in `HOSTS`, because nothing that its makers published says how to link to a moment.

    `link` is the form that others use; "" if its addresses cannot name a moment.
    """

    name: str
    domains: tuple[str, ...]
    link: str = ""


UNSURE: tuple[Unsure, ...] = (
    Unsure("Spotify", ("open.spotify.com",), "{url}?t={seconds}"),
    Unsure("Apple Podcasts", ("podcasts.apple.com",), "{url}?t={seconds}"),
    Unsure("TED", ("ted.com",), "{url}?t={seconds}"),
    Unsure("Loom", ("loom.com",), "{url}?t={seconds}"),
    Unsure("Google Drive", ("drive.google.com",), "{url}?t={seconds}"),
    Unsure("Coursera", ("coursera.org",), "{url}?t={seconds}"),
    Unsure("Facebook", ("facebook.com", "fb.watch"), "{url}?t={seconds}"),
    Unsure("VK", ("vk.com", "vkvideo.ru"), "{url}?t={h}h{m}m{s}s"),
    Unsure("Aparat", ("aparat.com",), "{url}?t={seconds}"),
    Unsure("Crunchyroll", ("crunchyroll.com",), "{url}?t={seconds}"),
    Unsure("Panopto", ("panopto.com", "panopto.eu"), "{url}?start={seconds}"),
    Unsure("Echo360", ("echo360.org", "echo360.org.uk", "echo360.net.au"), "{url}?startTimeMillis={milliseconds}"),
    Unsure("Kaltura", ("kaltura.com",), "{url}?st={seconds}"),
    Unsure("Zoom", ("zoom.us",)),
    Unsure("SharePoint", ("sharepoint.com",)),
    Unsure("edX", ("edx.org",)),
)
"""Sites that authors often link to, with what is known about them."""


def unsure_of(parts: SplitResult) -> Unsure | None:
    """Return the site of an address if nobody can say for sure how to link to its moments; otherwise None."""
    return next((site for site in UNSURE if is_in(parts, *site.domains)), None)
