"""Audio and video files, and pages that are named like files."""

import re

import pytest

from cuedeck.deck.addresses import address
from cuedeck.deck.links import link_form
from cuedeck.problems import TextError

ENDINGS = ("mp3", "m4a", "aac", "oga", "ogg", "opus", "wav", "flac", "mp4", "m4v", "mov", "webm", "ogv", "mkv")
IN_ANCHOR = "https%3A%2F%2Fd3ctxlq1ktw2nl.cloudfront.net%2Fstaging%2F2021-1-1%2Ftalk.mp3"

# All are linked as they are, with the moment instead of their fragment.
FILES = [
    *(f"https://e.org/talk.{ending}" for ending in ENDINGS),
    "https://e.org/talk.MP4",
    "https://e.org/a/talk.webm?key=1&x=2",
    "https://e.org/talk.m4a#t=46",
    "https://e.org/talk%20one.ogg",
    "https://e.org/talk.mp3?dl=1",
    "https://e.org/Talk:%20part%20one.mp3",
    "https://e.org/Talk%3A_part_one.mp3",
    "https://e.org/12:30.mp3",
    "https://e.org/blob/talk.mp3",
    "https://e.org/my/blob/talk.mp3",
    "https://e.org/src/talk.mp3",
    "https://e.org/tree/talk.mp3",
    "https://e.org/audio/tree/oak/talk.mp3",
    "https://dts.podtrac.com/redirect.mp3/traffic.megaphone.fm/talk.mp3?updated=1",
    f"https://anchor.fm/s/1/podcast/play/2/{IN_ANCHOR}",
    "https://archive.org/download/MyTalk/talk.mp3",
    "https://www.archive.org/download/MyTalk/disc1/02.x.mp3",
    "https://archive.org/download/MyTalk/File:x.mp3",
    "https://ia800100.us.archive.org/12/items/MyTalk/talk.mp3",
    "https://web.archive.org/web/20210101000000if_/https://e.org/talk.mp3",
    "https://upload.wikimedia.org/wikipedia/commons/a/ab/Talk.ogg",
    "https://commons.wikimedia.org/wiki/Special:FilePath/Talk.ogg",
    "https://de.wikipedia.org/wiki/Spezial:Dateipfad/Talk.ogg",
    "https://www.dropbox.com/s/abc/talk.mp4?dl=1",
    "https://www.dropbox.com/scl/fi/abc/talk.mp4?rlkey=x&raw=1",
    "https://dl.dropboxusercontent.com/s/abc/talk.mp4",
    "https://dl.dropbox.com/s/abc/talk.mp4",
    "https://github.com/u/r/raw/main/talk.mp4",
    "https://github.com/u/r/raw/refs/heads/main/blob/x/talk.mp4",
    "https://github.com/u/r/blob/main/talk.mp4?raw=true",
    "https://github.com/u/r/blob/main/talk.mp4?raw=1",
    "https://github.com/u/r/releases/download/v1/talk.mp4",
    "https://github.com/u/r/releases/latest/download/talk.mp4",
    "https://raw.githubusercontent.com/u/r/main/blob/x/talk.mp4",
    "https://gitlab.com/g/s/r/-/raw/main/talk.mp4",
    "https://gitlab.com/g/s/r/-/raw/main/-/blob/x/talk.mp4",
    "https://codeberg.org/u/r/raw/branch/main/talk.mp4",
    "https://bitbucket.org/u/r/raw/main/talk.mp4",
    "https://bitbucket.org/u/r/downloads/talk.mp4",
    "https://huggingface.co/datasets/u/r/resolve/main/talk.mp3",
    "https://git.sr.ht/~u/r/blob/main/talk.mp3",
    "https://cloud.e.org/s/X/download/talk.mp4",
    "https://downloader.disk.yandex.ru/disk/abc/talk.mp3",
    "https://download1234.mediafire.com/a/b/talk.mp3",
    "https://app.box.com/shared/static/abc.mp3",
    "https://t.sharepoint.com/sites/a/Documents/talk.mp4?download=1",
    "https://zenodo.org/records/123/files/talk.mp4?download=1",
    "https://seafile.e.org/lib/0a1b2c3d-0000-0000-0000-000000000000/file/talk.mp4?raw=1",
]

# A page that may show a file -> the address of that file, "" if it is not known.
PAGES = [
    ("https://archive.org/details/MyTalk/talk.mp3", "https://archive.org/download/MyTalk/talk.mp3"),
    ("https://archive.org/details/MyTalk/disc1/02.x.mp3", "https://archive.org/download/MyTalk/disc1/02.x.mp3"),
    (
        "https://www.archive.org/embed/MyTalk/talk.mp4?start=3",
        "https://www.archive.org/download/MyTalk/talk.mp4?start=3",
    ),
    ("https://web.archive.org/web/20210101000000/https://e.org/talk.mp3", ""),
    ("https://www.dropbox.com/s/abc/talk.mp4", "https://www.dropbox.com/s/abc/talk.mp4?raw=1"),
    ("https://www.dropbox.com/s/abc/talk.mp4?dl=0", "https://www.dropbox.com/s/abc/talk.mp4?raw=1"),
    (
        "https://www.dropbox.com/scl/fi/abc/talk.mp4?rlkey=x&st=y&dl=0",
        "https://www.dropbox.com/scl/fi/abc/talk.mp4?rlkey=x&st=y&raw=1",
    ),
    ("https://files.e.org/talk.mp4?dl=0", "https://files.e.org/talk.mp4?dl=1"),
    ("https://github.com/u/r/blob/main/talk.mp4", "https://github.com/u/r/raw/main/talk.mp4"),
    ("https://github.com/u/r/blob/main/raw/talk.mp4#L1", "https://github.com/u/r/raw/main/raw/talk.mp4"),
    ("https://github.com/u/r/blame/main/talk.mp4", "https://github.com/u/r/raw/main/talk.mp4"),
    ("https://github.com/u/talk.mp4", ""),
    ("https://gitlab.com/g/s/r/-/blob/main/talk.mp4", "https://gitlab.com/g/s/r/-/raw/main/talk.mp4"),
    ("https://gitlab.e.org/g/r/-/blame/main/a/talk.mp4", "https://gitlab.e.org/g/r/-/raw/main/a/talk.mp4"),
    ("https://git.e.org/u/r/blob/main/talk.mp4", "https://git.e.org/u/r/raw/main/talk.mp4"),
    ("https://codeberg.org/u/r/src/branch/main/talk.mp4", "https://codeberg.org/u/r/raw/branch/main/talk.mp4"),
    ("https://git.e.org/u/r/src/tag/v1/talk.mp4", "https://git.e.org/u/r/raw/tag/v1/talk.mp4"),
    ("https://git.e.org/u/r/src/commit/abc/talk.mp4", "https://git.e.org/u/r/raw/commit/abc/talk.mp4"),
    ("https://git.e.org/u/r/blame/branch/main/talk.mp4", "https://git.e.org/u/r/raw/branch/main/talk.mp4"),
    ("https://bitbucket.org/u/r/src/main/talk.mp4", "https://bitbucket.org/u/r/raw/main/talk.mp4"),
    (
        "https://huggingface.co/datasets/u/r/blob/main/talk.mp3",
        "https://huggingface.co/datasets/u/r/resolve/main/talk.mp3",
    ),
    ("https://git.sr.ht/~u/r/tree/main/item/talk.mp3", ""),
    ("https://en.wikipedia.org/wiki/File:Talk.webm", "https://en.wikipedia.org/wiki/Special:FilePath/Talk.webm"),
    ("https://de.wikipedia.org/wiki/Datei%3ATalk.ogg", "https://de.wikipedia.org/wiki/Special:FilePath/Talk.ogg"),
    ("https://vi.wikipedia.org/wiki/Tập_tin:Talk.ogg", "https://vi.wikipedia.org/wiki/Special:FilePath/Talk.ogg"),
    ("https://hi.wikipedia.org/wiki/चित्र:Talk.ogg", "https://hi.wikipedia.org/wiki/Special:FilePath/Talk.ogg"),
    ("https://wiki.e.org/File:Talk.webm", "https://wiki.e.org/Special:FilePath/Talk.webm"),
    (
        "https://t.sharepoint.com/:v:/r/sites/a/talk.mp4?csf=1&web=1",
        "https://t.sharepoint.com/:v:/r/sites/a/talk.mp4?csf=1&download=1",
    ),
    (
        "https://seafile.e.org/lib/0a1b2c3d-0000-0000-0000-000000000000/file/talk.mp4",
        "https://seafile.e.org/lib/0a1b2c3d-0000-0000-0000-000000000000/file/talk.mp4?raw=1",
    ),
    ("https://zenodo.org/records/123/preview/talk.mp4", "https://zenodo.org/records/123/files/talk.mp4"),
    ("https://sourceforge.net/projects/p/files/talk.mp3", ""),
    ("https://git.e.org/r.git/tree/talks/talk.mp4", ""),
    ("https://git.e.org/cgit/r.git/tree/talk.mp4", ""),
    ("https://r.googlesource.com/p/+/refs/heads/main/talk.mp4", ""),
    ("https://notabug.org/u/r/src/master/talk.mp4", "https://notabug.org/u/r/raw/master/talk.mp4"),
    ("https://gitlab.e.org/u/r/tree/master/talk.mp4", ""),
    ("https://svn.e.org/viewvc/r/talk.mp4?view=markup", ""),
    ("https://trac.e.org/browser/trunk/talk.mp4", ""),
    ("https://uni.app.box.com/v/talk.mp4", ""),
    ("https://onedrive.live.com/x/talk.mp4", ""),
    ("https://1drv.ms/v/talk.mp4", ""),
    ("https://drive.google.com/talk.mp4", ""),
    ("https://disk.yandex.ru/d/abc/talk.mp3", ""),
    ("https://disk.yandex.com.tr/d/abc/talk.mp3", ""),
    ("https://cloud.mail.ru/public/a/b/talk.mp3", ""),
    ("https://www.mediafire.com/file/abc/talk.mp3", ""),
    ("https://app.box.com/s/abc/talk.mp3", ""),
    ("https://mega.nz/file/talk.mp4", ""),
    ("https://u.pcloud.link/publink/talk.mp3", ""),
]

NO_FILES = [
    "https://e.org/talk",
    "https://e.org/talk.mp3.html",
    "https://e.org/talk.mp3/",
    "https://e.org/talk.m3u8",
    "https://e.org/talk?file=talk.mp3",
    "https://e.org/talk#talk.mp3",
]


@pytest.mark.parametrize("url", FILES)
def test_a_file_needs_no_template(url: str) -> None:
    """Any audio or video file accepts the moment as a media fragment."""
    form = link_form(address(url))
    assert form.at(3723) == address(url).partition("#")[0] + "#t=3723"
    assert form.mark == "▶"


@pytest.mark.parametrize(("url", "file"), PAGES)
def test_what_may_be_a_page_is_refused(url: str, file: str) -> None:
    """There is no guess about a page that is named like a file; the hint has the address of the file if it is known."""
    with pytest.raises(TextError, match="this address may lead to a file, or to a page") as found:
        link_form(address(url))
    assert re.findall('^url: "(.*)"$', found.value.hint, re.MULTILINE) == ([file] if file else [])


@pytest.mark.parametrize(("url", "file"), PAGES)
def test_a_hint_that_is_followed_leads_to_a_link(url: str, file: str) -> None:
    """Whichever of its lines an author copies, the source is valid."""
    with pytest.raises(TextError) as found:
        link_form(address(url))
    links = re.findall('^link: "(.*?)"', found.value.hint, re.MULTILINE)
    assert [link_form(address(url), link).mark for link in links] == ["▶", "▶"]
    if file:
        assert link_form(address(file)).at(46) == f"{file}#t=46"


@pytest.mark.parametrize("url", NO_FILES)
def test_another_address_does_not_count_as_a_file(url: str) -> None:
    """If no moment can be linked, the error shows a line to add."""
    with pytest.raises(TextError, match="does not know how to link to a moment") as found:
        link_form(address(url))
    assert 'link: "{url}' in found.value.hint
