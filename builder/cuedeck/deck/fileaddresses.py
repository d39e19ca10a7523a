"""Tell the addresses of audio and video files from those of pages that show a file and are named like it.

Such a page does not accept a moment in its address, or accepts it in another form. So an address that may be a page is
refused; the problem names the address of the file if it is known.
"""

import re
from collections.abc import Callable
from urllib.parse import SplitResult, parse_qs, unquote

from cuedeck.patterns import regex
from cuedeck.records import dataclass

ENDINGS = (
    *("mp3", "m4a", "aac", "oga", "ogg", "opus", "wav", "flac"),
    *("mp4", "m4v", "mov", "webm", "ogv", "mkv"),
)
"""How the names of audio and video files end, after a dot."""

_ENDING = regex(rf"\.(?:{'|'.join(ENDINGS)})$", re.IGNORECASE)

Test = Callable[[SplitResult], bool]
Way = Callable[[SplitResult], SplitResult]


@dataclass(frozen=True)
class Pages:
    """Pages that show a file under its name: where they are, and which addresses there are files after all.

    `way` turns the address of a page into that of its file; if that is not known, it returns the address as it is.
    """

    here: Test
    is_file: Test
    way: Way = lambda parts: parts


def ends_like_a_file(parts: SplitResult) -> bool:
    """Return whether the path of an address ends like the name of an audio or video file."""
    return bool(_ENDING.search(parts.path))


def media_file(parts: SplitResult) -> str | None:
    """An audio or video file anywhere: the media fragment of W3C's Media Fragments URI 1.0."""
    return _without_fragment(parts).geturl() + "#t={seconds}" if _is_file(parts) else None


def file_on_page(parts: SplitResult) -> str:
    """Return the address of the file that a page shows; "" if it is not known."""
    found = next((pages.way(parts) for pages in PAGES if pages.here(parts)), parts)
    return _without_fragment(found).geturl() if found != parts and _is_file(found) else ""


def _is_file(parts: SplitResult) -> bool:
    pages = next((pages for pages in PAGES if pages.here(parts)), None)
    return ends_like_a_file(parts) and (pages is None or pages.is_file(parts))


def _without_fragment(parts: SplitResult) -> SplitResult:
    return parts._replace(fragment="")


def _on(*domains: str) -> Test:
    """Return a test for the host of an address: one of these domains, or a subdomain; "*" is any top-level domain."""
    names = "|".join(re.escape(domain).replace(r"\*", r"[a-z.]+") for domain in domains)
    pattern = regex(rf"(?:.+\.)?(?:{names})\.?")
    return lambda parts: bool(pattern.fullmatch(parts.hostname or ""))


def _never(parts: SplitResult) -> bool:
    return False


def _always(parts: SplitResult) -> bool:
    return True


def _path(pattern: str) -> Test:
    """Return a test for the beginning of a path."""
    compiled = regex(pattern)
    return lambda parts: bool(compiled.match(parts.path))


def _asks(*names: str) -> Test:
    """Return a test for whether a parameter with one of these names is switched on."""

    def test(parts: SplitResult) -> bool:
        given = parse_qs(parts.query)
        return any(value in ("1", "true") for name in names for value in given.get(name, ()))

    return test


def _any(*tests: Test) -> Test:
    return lambda parts: any(test(parts) for test in tests)


def _replacing(pattern: str, by: str) -> Way:
    """Return a way that replaces a part of the path."""
    compiled = regex(pattern)
    return lambda parts: parts._replace(path=compiled.sub(by, parts.path, count=1))


def _asking(parameter: str, *instead: str) -> Way:
    """Return a way that adds a parameter, such as "raw=1", and removes those with the names `instead`."""

    def way(parts: SplitResult) -> SplitResult:
        kept = [each for each in parts.query.split("&") if each and each.partition("=")[0] not in instead]
        return parts._replace(query="&".join([*kept, parameter]))

    return way


def _switched_off(parts: SplitResult) -> bool:
    return "0" in parse_qs(parts.query).get("dl", ())


_REPOSITORY = r"/[^/]+/[^/]+/"
_RAW = r"(?:-/)?(?:raw|resolve|releases|downloads?)/"
# The first of these decides: after it, any folder may be called "blob" or "raw".
_VIEWED = rf"{_REPOSITORY}(?:(?!{_RAW})[^/]+/)*?(?:-/(?:blob|blame|tree|edit)/|(?:blob|blame)/[^/]+/)"
_VIEWED_AT = f"({_REPOSITORY})(?:src|blame|commits|_edit)/(branch|tag|commit)/"
_GITHUB_FILE = rf"{_REPOSITORY}(?:raw|files|releases/download|releases/latest/download)/|/user-attachments/"
# Where cgit, gitiles, an older GitLab and Trac show a file.
_BROWSED = rf"(?:/[^/]+)*?(?:\.git/tree/|/\+/)|{_REPOSITORY}tree/(?:master|main|HEAD)/|(?:/[^/]+)?/browser/"
_SEAFILE = r"(?:/[^/]+)?/lib/[0-9a-f-]{36}/file/"
_TO_RAW = _replacing(f"^({_REPOSITORY}(?:.*?/)?(?:-/)?)(?:blob|blame|tree|edit)/", r"\1raw/")


def _is_wiki_page(parts: SplitResult) -> bool:
    """Return whether the path ends in the name of a wiki page with a namespace, such as File:Talk.webm.

    The namespace has another name in every language. If a space follows the colon, it is an ordinary title.
    """
    return bool(re.match(r"[^\d.:/]{2,40}:(?![\s_/])", unquote(parts.path.rpartition("/")[2])))


def _to_file_path(parts: SplitResult) -> SplitResult:
    folder, _, page = parts.path.rpartition("/")
    name = re.split(":|%3A", page, maxsplit=1, flags=re.IGNORECASE)[1]
    return parts._replace(path=f"{folder}/Special:FilePath/{name}")


# The first match decides, so special cases come before general ones.
PAGES: tuple[Pages, ...] = (
    Pages(_on("us.archive.org"), _always),
    Pages(_on("web.archive.org"), _path(r"/web/[0-9]+(?:id|if|oe)_/")),
    Pages(_on("archive.org"), _path("/download/"), _replacing("^/(?:details|embed|stream)/", "/download/")),
    Pages(_on("dl.dropbox.com", "dropboxusercontent.com"), _always),
    Pages(
        _on("dropbox.com"),
        lambda parts: _asks("dl", "raw")(parts) and not _switched_off(parts),
        _asking("raw=1", "dl", "raw"),
    ),
    Pages(_on("sharepoint.*"), _asks("download"), _asking("download=1", "download", "web")),
    Pages(_on("box.com"), _path("/shared/static/")),
    Pages(_on("downloader.disk.yandex.*"), _always),
    Pages(lambda parts: bool(re.match(r"download[0-9]*\.mediafire\.com", parts.hostname or "")), _always),
    Pages(_on("sourceforge.net"), _on("dl.sourceforge.net", "downloads.sourceforge.net")),
    Pages(
        _on(
            *("onedrive.live.com", "1drv.ms", "drive.google.com", "docs.google.com", "icloud.com"),
            *("disk.yandex.*", "yadi.sk", "cloud.mail.ru", "mediafire.com", "mega.nz", "mega.io", "mega.co.nz"),
            *("pcloud.com", "pcloud.link", "wetransfer.com", "we.tl", "drive.proton.me"),
        ),
        _never,
    ),
    Pages(_switched_off, _never, _asking("dl=1", "dl")),
    Pages(_on("githubusercontent.com"), _always),
    Pages(_on("github.com"), _any(_path(_GITHUB_FILE), _asks("raw")), _TO_RAW),
    Pages(
        _on("huggingface.co", "hf.co"),
        _path(".*?/resolve/"),
        _replacing("/(?:blob|blame|raw|tree|edit)/", "/resolve/"),
    ),
    Pages(
        _on("bitbucket.org"),
        _path(rf"{_REPOSITORY}(?:raw|downloads)/"),
        _replacing(f"^({_REPOSITORY})(?:src|annotate)/", r"\1raw/"),
    ),
    Pages(_on("git.sr.ht"), _path(rf"{_REPOSITORY}(?:blob|refs/download)/")),
    Pages(_path(_VIEWED_AT), _asks("raw"), _replacing(f"^{_VIEWED_AT}", r"\1raw/\2/")),
    Pages(_path(_VIEWED), _asks("raw"), _TO_RAW),
    Pages(_on("notabug.org"), _path(rf"{_REPOSITORY}raw/"), _replacing(f"^({_REPOSITORY})src/", r"\1raw/")),
    Pages(_path(_BROWSED), _never),
    Pages(lambda parts: "view" in parse_qs(parts.query), _never),
    Pages(_path(_SEAFILE), _asks("dl", "raw"), _asking("raw=1", "dl", "raw")),
    Pages(_on("zenodo.org"), _path("/records?/[0-9]+/files/"), _replacing("/preview/", "/files/")),
    Pages(_is_wiki_page, _never, _to_file_path),
)
"""Sites and kinds of addresses that show files on pages. Any other address is what its name says."""
