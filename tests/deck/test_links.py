"""Links to a moment, one row for each form of address."""

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.deck.deck import Source
from builder.deck.hosts import HOSTS, Host, host_of
from builder.deck.keys import declared_keys
from builder.deck.links import address, feedback, link_form, template
from builder.problems import TextError
from tests.making import ROOT

VIDEO = "aqz-KE-bpKQ"
WATCH = f"https://www.youtube.com/watch?v={VIDEO}&t=3723s"

# address of the recording -> address of 1:02:03 in it
PLAYERS = [
    (f"https://www.youtube.com/watch?v={VIDEO}", WATCH),
    (f"http://youtube.com/watch?v={VIDEO}", WATCH),
    (f"https://m.youtube.com/watch?v={VIDEO}", WATCH),
    (f"https://music.youtube.com/watch?v={VIDEO}&si=abc", WATCH),
    (f"https://www.youtube.com/watch?list=PL123&index=4&v={VIDEO}", WATCH),
    (f"https://www.youtube.com/watch?t=46&v={VIDEO}", WATCH),
    (f"https://www.youtube.com/watch?v={VIDEO}&t=46s", WATCH),
    (f"https://www.youtube.com/watch?v={VIDEO}#t=46", WATCH),
    (f"https://www.youtube.com/watch/?v={VIDEO}", WATCH),
    (f"https://WWW.YouTube.com/watch?v={VIDEO}", WATCH),
    (f"https://youtu.be/{VIDEO}", WATCH),
    (f"https://youtu.be/{VIDEO}?si=abc&t=46", WATCH),
    (f"https://www.youtube.com/shorts/{VIDEO}", WATCH),
    (f"https://www.youtube.com/shorts/{VIDEO}?feature=share", WATCH),
    (f"https://www.youtube.com/live/{VIDEO}?si=abc", WATCH),
    (f"https://www.youtube.com/embed/{VIDEO}?start=46", WATCH),
    (f"https://www.youtube.com/v/{VIDEO}", WATCH),
    (f"https://www.youtube-nocookie.com/embed/{VIDEO}", WATCH),
    ("https://vimeo.com/76979871", "https://vimeo.com/76979871#t=3723s"),
    ("https://www.vimeo.com/76979871/", "https://vimeo.com/76979871#t=3723s"),
    ("https://vimeo.com/76979871#t=46s", "https://vimeo.com/76979871#t=3723s"),
    ("https://vimeo.com/76979871?share=copy", "https://vimeo.com/76979871#t=3723s"),
    ("https://vimeo.com/76979871/8272103f6e", "https://vimeo.com/76979871/8272103f6e#t=3723s"),
    ("https://vimeo.com/76979871?h=8272103f6e", "https://vimeo.com/76979871/8272103f6e#t=3723s"),
    ("https://player.vimeo.com/video/76979871?h=8272103f6e", "https://vimeo.com/76979871/8272103f6e#t=3723s"),
    ("https://player.vimeo.com/video/76979871", "https://vimeo.com/76979871#t=3723s"),
    ("https://vimeo.com/channels/staffpicks/76979871", "https://vimeo.com/76979871#t=3723s"),
    ("https://vimeo.com/groups/shortfilms/videos/76979871", "https://vimeo.com/76979871#t=3723s"),
    ("https://vimeo.com/channels/123456/76979871", "https://vimeo.com/76979871#t=3723s"),
    ("https://vimeo.com/showcase/7654321/video/76979871", "https://vimeo.com/76979871#t=3723s"),
    ("https://vimeo.com/album/7654321/video/76979871?h=8272103f6e", "https://vimeo.com/76979871/8272103f6e#t=3723s"),
    ("https://vimeo.com/event/4154130/videos/76979871/", "https://vimeo.com/76979871#t=3723s"),
    ("https://vimeo.com/manage/videos/76979871/8272103f6e", "https://vimeo.com/76979871/8272103f6e#t=3723s"),
    (
        "https://player.vimeo.com/external/76979871.hd.mp4?s=abc",
        "https://player.vimeo.com/external/76979871.hd.mp4?s=abc#t=3723",
    ),
    ("https://www.twitch.tv/videos/1234567890", "https://www.twitch.tv/videos/1234567890?t=3723s"),
    ("https://twitch.tv/videos/1234567890/?t=1h2m3s", "https://www.twitch.tv/videos/1234567890?t=3723s"),
    ("https://m.twitch.tv/videos/1234567890?filter=all", "https://www.twitch.tv/videos/1234567890?t=3723s"),
    ("https://www.twitch.tv/speaker/video/1234567890", "https://www.twitch.tv/videos/1234567890?t=3723s"),
    ("https://www.twitch.tv/speaker/v/1234567890", "https://www.twitch.tv/videos/1234567890?t=3723s"),
    ("https://player.twitch.tv/?video=v1234567890&parent=e.org", "https://www.twitch.tv/videos/1234567890?t=3723s"),
    ("https://player.twitch.tv/?video=1234567890", "https://www.twitch.tv/videos/1234567890?t=3723s"),
    ("https://archive.org/download/MyTalk/talk.mp3", "https://archive.org/download/MyTalk/talk.mp3#t=3723"),
    (
        "https://ia800.us.archive.org/1/items/MyTalk/talk.mp3",
        "https://ia800.us.archive.org/1/items/MyTalk/talk.mp3#t=3723",
    ),
    ("https://www.dropbox.com/s/x/talk.mp4?raw=1", "https://www.dropbox.com/s/x/talk.mp4?raw=1#t=3723"),
    ("https://dl.dropboxusercontent.com/s/x/talk.mp4", "https://dl.dropboxusercontent.com/s/x/talk.mp4#t=3723"),
    ("https://github.com/u/r/raw/main/talk.mp4", "https://github.com/u/r/raw/main/talk.mp4#t=3723"),
    ("https://github.com/u/r/blob/main/talk.mp4?raw=true", "https://github.com/u/r/blob/main/talk.mp4?raw=true#t=3723"),
    (
        "https://github.com/u/r/releases/download/1/talk.mp4",
        "https://github.com/u/r/releases/download/1/talk.mp4#t=3723",
    ),
    ("https://raw.githubusercontent.com/u/r/main/t.mp4", "https://raw.githubusercontent.com/u/r/main/t.mp4#t=3723"),
    ("https://gitlab.com/u/r/-/raw/main/talk.mp4", "https://gitlab.com/u/r/-/raw/main/talk.mp4#t=3723"),
    ("https://codeberg.org/u/r/raw/branch/main/talk.mp4", "https://codeberg.org/u/r/raw/branch/main/talk.mp4#t=3723"),
    ("https://git.sr.ht/~u/r/blob/main/talk.mp4", "https://git.sr.ht/~u/r/blob/main/talk.mp4#t=3723"),
    ("https://huggingface.co/d/r/resolve/main/talk.mp3", "https://huggingface.co/d/r/resolve/main/talk.mp3#t=3723"),
    (
        "https://upload.wikimedia.org/wikipedia/commons/a/ab/T.ogg",
        "https://upload.wikimedia.org/wikipedia/commons/a/ab/T.ogg#t=3723",
    ),
    (
        "https://commons.wikimedia.org/wiki/Special:FilePath/T.ogg",
        "https://commons.wikimedia.org/wiki/Special:FilePath/T.ogg#t=3723",
    ),
    (
        "https://anchor.fm/s/1/play/2/https%3A%2F%2Fd3.e.net%2Fep.mp3",
        "https://anchor.fm/s/1/play/2/https%3A%2F%2Fd3.e.net%2Fep.mp3#t=3723",
    ),
    (
        "https://dts.podtrac.com/redirect.mp3/e.org/ep.mp3?dest-id=1",
        "https://dts.podtrac.com/redirect.mp3/e.org/ep.mp3?dest-id=1#t=3723",
    ),
    ("https://e.org/talks/2020-01-01T10:00:00.mp3", "https://e.org/talks/2020-01-01T10:00:00.mp3#t=3723"),
    ("https://x.blob.core.windows.net/blob/talk.mp4", "https://x.blob.core.windows.net/blob/talk.mp4#t=3723"),
    ("https://u.sharepoint.com/s/talk.mp4?download=1", "https://u.sharepoint.com/s/talk.mp4?download=1#t=3723"),
    ("https://e.org/talk.mp3", "https://e.org/talk.mp3#t=3723"),
    ("https://e.org/talk.MP4", "https://e.org/talk.MP4#t=3723"),
    ("https://e.org/a/talk.webm?key=1&x=2", "https://e.org/a/talk.webm?key=1&x=2#t=3723"),
    ("https://e.org/talk.m4a#t=46", "https://e.org/talk.m4a#t=3723"),
    ("https://e.org/talk%20one.ogg", "https://e.org/talk%20one.ogg#t=3723"),
    *((f"https://e.org/talk.{ending}", f"https://e.org/talk.{ending}#t=3723") for ending in ("opus", "flac", "wav")),
    *((f"https://e.org/talk.{ending}", f"https://e.org/talk.{ending}#t=3723") for ending in ("mkv", "mov", "ogv")),
]

UNKNOWN = [
    "https://e.org/talk",
    "https://e.org/talk.mp3.html",
    "https://e.org/talk?file=talk.mp3",
    "https://www.youtube.com/",
    "https://www.youtube.com/@channel",
    "https://www.youtube.com/watch",
    "https://www.youtube.com/watch?v=short",
    "https://www.youtube.com/playlist?list=PL123",
    "https://youtu.be/",
    "https://youtube.com.evil.org/watch?v=aqz-KE-bpKQ",
    "https://notyoutube.com/watch?v=aqz-KE-bpKQ",
    "https://vimeo.com/",
    "https://vimeo.com/user",
    "https://vimeo.com/event/12",
    "https://www.youtube.com/embed/videoseries?list=PL123",
    "https://www.youtube.com/embed/live_stream?channel=UC123",
    "https://www.youtube.com/v/videoseries",
    "https://youtu.be/videoseries",
    "https://www.youtube.com/watch?v=live_stream",
    "https://www.youtube-nocookie.com/embed/videoseries?list=PL123",
    "https://gaming.youtube.com/watch?v=aqz-KE-bpKQ",
    "https://studio.youtube.com/video/aqz-KE-bpKQ/edit",
    "https://www.youtube.com/clip/aqz-KE-bpKQ",
    "https://vimeo.com/event/4154130",
    "https://vimeo.com/event/4154130/embed/0a1b2c3d4e",
    "https://vimeo.com/showcase/7654321",
    "https://vimeo.com/album/7654321",
    "https://vimeo.com/channels/123456",
    "https://vimeo.com/groups/123456",
    "https://vimeo.com/ondemand/thefilm/76979871",
    "https://vimeo.com/user1234567/review/76979871/0a1b2c3d4e",
    "https://vimeo.com/folder/1234567",
    "https://vimeo.com/tag/1234567",
    "https://vimeo.com/user1234567",
    "https://player.vimeo.com/external/76979871",
    "https://vimeo.com/talk.mp4",
    "https://www.twitch.tv/speaker",
    "https://www.twitch.tv/speaker/clip/Abc",
    "https://clips.twitch.tv/Abc",
    "https://www.twitch.tv/directory/category/123",
    "https://player.twitch.tv/?channel=speaker",
    "https://nottwitch.tv/videos/1234567890",
    "https://e.org/twitch.tv/videos/1234567890",
]

# Addresses that end as a file's, of pages that show it.
FILE_PAGES = [
    "https://archive.org/details/MyTalk/talk.mp3",
    "https://www.archive.org/details/MyTalk/disc1/02.talk.mp3",
    "https://archive.org/embed/MyTalk/talk.mp4",
    "https://archive.org/stream/MyTalk/talk.mp4",
    "https://www.dropbox.com/s/x/talk.mp4?dl=0",
    "https://www.dropbox.com/s/x/talk.mp4",
    "https://www.dropbox.com/scl/fi/x/talk.mp4?rlkey=y&dl=0",
    "https://files.e.org/s/x/talk.mp4?dl=0",
    "https://github.com/u/r/blob/main/talk.mp4",
    "https://github.com/u/r/blame/main/talks/talk.mp4",
    "https://git.e.org/u/r/blob/main/talk.mp4",
    "https://gitlab.com/u/r/-/blob/main/talk.mp4",
    "https://gitlab.e.org/g/s/r/-/tree/main/talk.mp4",
    "https://codeberg.org/u/r/src/branch/main/talk.mp4",
    "https://git.e.org/u/r/src/tag/v1/talk.mp4",
    "https://bitbucket.org/u/r/src/main/talk.mp4",
    "https://huggingface.co/datasets/u/r/blob/main/talk.mp3",
    "https://commons.wikimedia.org/wiki/File:Talk.webm",
    "https://de.wikipedia.org/wiki/Datei:Talk.ogg",
    "https://de.wikipedia.org/wiki/Datei%3ATalk.ogg",
    "https://ru.wikipedia.org/wiki/%D0%A4%D0%B0%D0%B9%D0%BB:Talk.ogg",
    "https://wiki.e.org/index.php/Bestand:Talk.ogg",
    "https://wiki.e.org/File:Talk.ogg",
    "https://u-my.sharepoint.com/personal/u/Documents/talk.mp4",
    "https://u.sharepoint.com/:v:/s/site/talk.mp4?web=1",
    "https://onedrive.live.com/embed/talk.mp4",
    "https://disk.yandex.ru/d/x/talk.mp4",
    "https://cloud.mail.ru/public/x/talk.mp4",
    "https://www.mediafire.com/file/x/talk.mp4",
    "https://app.box.com/file/talk.mp4",
    "https://mega.nz/file/talk.mp4",
]

PAGE = "https://e.org/talk"

# url, link template -> address of 1:02:03 in it
TEMPLATES = [
    (PAGE, "{url}#:~:text={mm:ss}", "https://e.org/talk#:~:text=1:02:03"),
    (PAGE, "{url}#:~:text={hh:mm:ss}", "https://e.org/talk#:~:text=01:02:03"),
    (PAGE, "{url}?t={seconds}", "https://e.org/talk?t=3723"),
    (PAGE, "https://player.org/{seconds}/{mm:ss}", "https://player.org/3723/1:02:03"),
    (f"{PAGE}#top", "{url}#t={seconds}", "https://e.org/talk#t=3723"),
    (f"{PAGE}?a=1", "{url}&t={seconds}", "https://e.org/talk?a=1&t=3723"),
    (f"{PAGE}?a=1", "{url}?t={seconds}", "https://e.org/talk?a=1&t=3723"),
    (f"{PAGE}?a=1&", "{url}?t={seconds}&p=2", "https://e.org/talk?a=1&t=3723&p=2"),
    (f"{PAGE}?", "{url}?t={seconds}", "https://e.org/talk?t=3723"),
    (f"{PAGE}?a=1", "https://player.org/?u={url}&t={seconds}", "https://player.org/?u=https://e.org/talk?a=1&t=3723"),
    (PAGE, '{url}#"{mm:ss}"', "https://e.org/talk#%221:02:03%22"),
    (f"https://youtu.be/{VIDEO}", "{url}?start={seconds}", f"https://youtu.be/{VIDEO}?start=3723"),
    # A query goes before a fragment, which stays.
    (f"{PAGE}#section", "{url}?t={seconds}", "https://e.org/talk?t=3723#section"),
    (f"{PAGE}?a=1#section", "{url}&t={seconds}s", "https://e.org/talk?a=1&t=3723s#section"),
    (PAGE, "{url}&t={seconds}", "https://e.org/talk?t=3723"),
    ("https://e.org", "{url}?t={seconds}", "https://e.org?t=3723"),
    # A time that is there already gives way.
    (f"{PAGE}?si=x&t=120", "{url}?t={seconds}", "https://e.org/talk?si=x&t=3723"),
    (f"{PAGE}?t=1h2m3s&b", "{url}?t={seconds}s", "https://e.org/talk?b&t=3723s"),
    (f"{PAGE}?start=12&list=a%20b", "{url}?start={seconds}", "https://e.org/talk?list=a%20b&start=3723"),
    (f"{PAGE}?start=12&x=%2F", "{url}?t={seconds}", "https://e.org/talk?x=%2F&t=3723"),
    (f"{PAGE}?t=0:46", "{url}?start={seconds}", "https://e.org/talk?start=3723"),
    (f"{PAGE}?t=token1&start=page", "{url}?from={seconds}", "https://e.org/talk?t=token1&start=page&from=3723"),
    (f"{PAGE}?t=120", "{url}#t={seconds}", "https://e.org/talk#t=3723"),
    (f"{PAGE}?start=10", "{url}#:~:text={mm:ss}", "https://e.org/talk?start=10#:~:text=1:02:03"),
    (f"{PAGE}?language=en#t-61234", "{url}?t={seconds}", "https://e.org/talk?language=en&t=3723"),
    (f"{PAGE}#t=12", "{url}?t={seconds}", "https://e.org/talk?t=3723"),
    (f"{PAGE}#t=npt:10,20", "{url}?t={seconds}", "https://e.org/talk?t=3723"),
    (f"{PAGE}#t12m", "{url}?t={seconds}", "https://e.org/talk?t=3723"),
    (f"{PAGE}#12:34", "{url}?t={seconds}", "https://e.org/talk?t=3723"),
    (f"{PAGE}#5", "{url}?t={seconds}", "https://e.org/talk?t=3723#5"),
    (f"{PAGE}#:~:text=00:46", "{url}?t={seconds}", "https://e.org/talk?t=3723"),
    (f"{PAGE}#part:~:text=00:46", "{url}?t={seconds}", "https://e.org/talk?t=3723#part"),
    ("https://overcast.fm/+ABC/12:34", "{url}/{mm:ss}", "https://overcast.fm/+ABC/1:02:03"),
    ("https://overcast.fm/+ABC/1:12:34", "{url}/{mm:ss}", "https://overcast.fm/+ABC/1:02:03"),
    ("https://overcast.fm/+ABC", "{url}/{mm:ss}", "https://overcast.fm/+ABC/1:02:03"),
    ("https://e.org/item/start/120?a=1", "{url}/start/{seconds}", "https://e.org/item/start/3723?a=1"),
    ("https://e.org/item/123", "{url}/{seconds}", "https://e.org/item/123/3723"),
    ("https://bible.org/john/3:16", "{url}?t={seconds}", "https://bible.org/john/3:16?t=3723"),
    (f"{PAGE}?a=1#b", "{url}/{mm:ss}", "https://e.org/talk/1:02:03?a=1#b"),
    # The page of a program that is one page is behind a "#".
    ("https://e.org/#/talk/5", "{url}#:~:text={mm:ss}", "https://e.org/#/talk/5:~:text=1:02:03"),
    ("https://e.org/#!/talk/5", "{url}:~:text={mm:ss}", "https://e.org/#!/talk/5:~:text=1:02:03"),
    ("https://e.org/?a=1#/talk/5:~:text=x", "{url}#:~:text={mm:ss}", "https://e.org/?a=1#/talk/5:~:text=1:02:03"),
    ("https://e.org/#/talk/5", "{url}?t={seconds}", "https://e.org/#/talk/5?t=3723"),
    ("https://e.org/#/talk/5?t=12&x=1", "{url}?t={seconds}", "https://e.org/#/talk/5?x=1&t=3723"),
    ("https://e.org/#/talk/5/12:34", "{url}/{mm:ss}", "https://e.org/#/talk/5/1:02:03"),
    # A text directive goes on with the fragment.
    (f"{PAGE}#intro", "{url}:~:text={mm:ss}", "https://e.org/talk#intro:~:text=1:02:03"),
    (PAGE, "{url}:~:text={mm:ss}", "https://e.org/talk#:~:text=1:02:03"),
    (f"{PAGE}#intro", "{url}#:~:text={mm:ss}", "https://e.org/talk#:~:text=1:02:03"),
    # An address in another one.
    (
        f"{PAGE}?a=1&b=2",
        "https://p.org/?u={url}&t={seconds}",
        "https://p.org/?u=https%3A%2F%2Fe.org%2Ftalk%3Fa%3D1%26b%3D2&t=3723",
    ),
    (f"{PAGE}#b", "https://p.org/?u={url}&t={seconds}", "https://p.org/?u=https%3A%2F%2Fe.org%2Ftalk%23b&t=3723"),
    (f"{PAGE}?a=1", "https://p.org/v/{url}?t={seconds}", "https://p.org/v/https://e.org/talk?a=1&t=3723"),
    # The end of the address goes on.
    (f"{PAGE}?t=", "{url}{seconds}", "https://e.org/talk?t=3723"),
    (f"{PAGE}#t=", "{url}{seconds}", "https://e.org/talk#t=3723"),
    (f"{PAGE}?v=1", "{url};t={seconds}", "https://e.org/talk?v=1;t=3723"),
]

# url, link template that cannot be right for it, what is said
UNFIT = [
    ("https://e.org/#/talk/5", "{url}#t={seconds}", "which page is meant"),
    ("https://e.org/#!/talk/5", "{url}#{mm:ss}", "which page is meant"),
    ("https://e.org", "{url}.{seconds}", "leads to another host"),
    ("https://e.org", "{url}:{seconds}", "leads to another host"),
    ("https://e.org", "{url}@{seconds}", "leads to another host"),
    ("https://e.org/123", "{url}{seconds}", "ends in a number"),
    ("https://e.org/?t=0", "{url}{seconds}", "ends in a number"),
]

ADDRESSES = [
    ("https://e.org", "https://e.org"),
    ("  https://e.org/a  ", "https://e.org/a"),
    ("http://e.org:8080/a?b=c&d=%20#e", "http://e.org:8080/a?b=c&d=%20#e"),
    ("https://e.org/{Seconds}", "https://e.org/%7BSeconds%7D"),
    ('https://e.org/"a"', "https://e.org/%22a%22"),
    ("https://e.org/<a>", "https://e.org/%3Ca%3E"),
    ("https://e.org/é", "https://e.org/%C3%A9"),
    ("HTTPS://e.org", "HTTPS://e.org"),
]

NO_ADDRESSES = [
    "",
    "e.org",
    "youtu.be/aqz-KE-bpKQ",
    "//e.org/a",
    "/a",
    "a.mp3",
    "ftp://e.org/a",
    "javascript:alert(1)",
    "data:text/html,a",
    "file:///a.mp3",
    "https:",
    "https://",
    "https:///a",
    "https://?a",
    "https://e.org/a b",
    "https://e.org/a\nb",
    "https://e.org:port/",
    "https://[::1/",
    "https//e.org",
]

NO_TEMPLATES = [
    ("{url}", "leads to no moment"),
    ("https://e.org", "leads to no moment"),
    ("{url}#t={sec}", "is no placeholder"),
    ("{url}#t={}", "is no placeholder"),
    ("{url}#t={Seconds}", "is no placeholder"),
    ("{url} {seconds}", "no web address"),
    ("javascript:{seconds}", "no web address"),
    ("ftp://e.org/{seconds}", "no web address"),
    ("#t={seconds}", "no web address"),
    ("{seconds}", "no web address"),
    ("{url}#a#t={seconds}", 'two "#"'),
    ("{url}#:~:text={mm:ss}#b", 'two "#"'),
    ("{url}?a=1?t={seconds}", 'two "?"'),
]


@pytest.mark.parametrize(("url", "expected"), PLAYERS)
def test_a_known_host_needs_no_template(url: str, expected: str) -> None:
    """The address of a video or a media file, in any of its forms, leads to the moment in a player."""
    form = link_form(address(url))
    assert form.at(3723) == expected
    assert form.mark == "▶"


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.name)
def test_every_host_is_tried(host: Host) -> None:
    """Each row of the table of hosts has addresses that are found in it, and some that are asked for."""
    found = [url for url, _ in PLAYERS if host_of(urlsplit(address(url))) == host]
    asked = [url for url in UNKNOWN if host_of(urlsplit(address(url))) == host]
    assert len(found) >= 3
    assert len(asked) >= 3


def test_hosts_are_named_wherever_a_link_is_explained() -> None:
    """In what editors show, and in the README."""
    names = ", ".join(host.name for host in HOSTS)
    assert f"Not needed for {names} and audio or video files." in declared_keys(Source)["link"].key.doc
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"Links into {names}, and any audio or video file" in " ".join(readme.split())


@pytest.mark.parametrize("url", FILE_PAGES)
def test_a_page_that_shows_a_file_is_none(url: str) -> None:
    """Its address ends as a file's does, but a player would not be told the time: the author says which it is."""
    with pytest.raises(TextError) as found:
        link_form(address(url))
    assert "whether this address is a file, or a page that shows one" in found.value.message
    for line in re.findall(r'link: "([^"]*)"', found.value.hint):
        assert link_form(address(url), template(line)).mark == "▶"


@pytest.mark.parametrize("url", [*UNKNOWN, *FILE_PAGES])
def test_the_lines_of_the_hint_are_sound(url: str) -> None:
    """Each line that is suggested can be added as it is, and has the sign that is meant."""
    with pytest.raises(TextError) as found:
        link_form(address(url))
    lines = re.findall(r'link: "([^"]*)" +for a (page|player)', found.value.hint)
    for line, opens in lines:
        assert link_form(address(url), template(line)).mark == {"page": "¶", "player": "▶"}[opens]
    assert lines or url in FILE_PAGES


@pytest.mark.parametrize("url", UNKNOWN)
def test_an_unknown_host_is_no_dead_link(url: str) -> None:
    """Where no moment can be linked, the error shows a line to add."""
    with pytest.raises(TextError) as found:
        link_form(address(url))
    assert 'link: "{url}' in found.value.hint


@pytest.mark.parametrize(
    "url", [url for url in UNKNOWN if "e.org/" not in url and "evil" not in url and "/not" not in url]
)
def test_a_site_of_videos_is_known_by_name(url: str) -> None:
    """An address of YouTube or Vimeo that is none of a video is told in these words."""
    with pytest.raises(TextError, match=r"names no video of (YouTube|Vimeo|Twitch)"):
        link_form(address(url))


@pytest.mark.parametrize(("url", "link", "expected"), TEMPLATES)
def test_a_template_is_filled(url: str, link: str, expected: str) -> None:
    """A template wins over what is known of the host; a fragment of its own replaces the recording's."""
    form = link_form(address(url), template(link))
    assert form.at(3723) == expected
    assert template(f" {link} ") == link


@pytest.mark.parametrize(("url", "link", "words"), UNFIT)
def test_a_template_that_cannot_be_right_is_told(url: str, link: str, words: str) -> None:
    """At the template's place, with a way out that leads out."""
    with pytest.raises(TextError, match=words) as found:
        link_form(address(url), template(link))
    assert found.value.rule == "bad-link"
    for better in re.findall(r"\{url\}\S*\}", found.value.hint):
        assert urlsplit(link_form(address(url), template(better)).at(3723)).netloc == urlsplit(url).netloc


PARAMETERS = st.lists(st.sampled_from(["a=1", "b=%2F", "t=12", "start=1h2m", "x=t=3", "flag", "list=PL"]), max_size=4)
FRAGMENTS = st.sampled_from(["", "#part", "#t=12", "#12:34", "#/route/5", "#!/route?x=1", "#:~:text=a"])
ENDINGS = st.sampled_from(["?t={seconds}", "&t={seconds}s", "?start={seconds}&q=1", "/{mm:ss}", "#:~:text={mm:ss}"])


@given(path=st.sampled_from(["", "/", "/talk", "/3:16", "/a/12:34"]), query=PARAMETERS, end=FRAGMENTS, link=ENDINGS)
def test_whatever_the_address_is_the_moment_is_in_it_once(path: str, query: list[str], end: str, link: str) -> None:
    """Host and all other parameters stay, a time that was there gives way, and no part is there twice."""
    url = f"https://e.org{path}{'?' * bool(query)}{'&'.join(query)}{end}"
    made = link_form(url, f"{{url}}{link}").at(3723)
    parts, before = urlsplit(made), urlsplit(url)
    assert (parts.scheme, parts.netloc) == ("https", "e.org")
    assert made.count("3723") + made.count("1:02:03") == 1
    assert made.count("#") <= 1
    asks = parts.fragment.partition("?")[2] if "/route" in end else parts.query
    if "=" in link and ":~:" not in link:
        assert [each for each in asks.split("&") if re.match("(?:t|start)=", each)] == [
            re.sub(r"\{seconds\}", "3723", link[1:].partition("&q")[0])
        ]
    kept = [each for each in before.query.split("&") if each and not each.startswith(("t=", "start="))]
    there = parts.query.split("&")
    assert [each for each in there if each in kept] == kept


@pytest.mark.parametrize(("text", "expected"), ADDRESSES)
def test_an_address_is_encoded(text: str, expected: str) -> None:
    """What has no business in an address is percent-encoded; what is encoded already stays as it is."""
    assert address(text) == address(expected) == expected


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_what_is_no_web_address_is_told(text: str) -> None:
    """Only a whole address with http or https is one."""
    with pytest.raises(ValueError, match="is no web address"):
        address(text)


@pytest.mark.parametrize(("text", "words"), NO_TEMPLATES)
def test_what_is_no_template_is_told(text: str, words: str) -> None:
    """A template has a moment in it, only known placeholders, and gives a web address."""
    with pytest.raises(ValueError, match=words):
        template(text)


@pytest.mark.parametrize(
    ("url", "link", "opens", "mark"),
    [
        (PAGE, "{url}?t={seconds}", "", "▶"),
        (PAGE, "{url}#t={mm:ss}", "", "¶"),
        (PAGE, "{url}/{hh:mm:ss}", "", "¶"),
        (PAGE, "{url}#:~:text={seconds}", "", "¶"),
        (f"https://youtu.be/{VIDEO}", "{url}#:~:text={mm:ss}", "", "▶"),
        (PAGE, "{url}?t={seconds}", "player", "▶"),
        (PAGE, "{url}?t={seconds}", "page", "¶"),
        (f"https://youtu.be/{VIDEO}", "", "", "▶"),
        (f"https://youtu.be/{VIDEO}", "{url}?t={seconds}", "", "▶"),
        ("https://e.org/talk.mp3", "", "page", "¶"),
    ],
)
def test_the_sign_tells_what_a_click_opens(url: str, link: str, opens: str, mark: str) -> None:
    """A known host, or a link with seconds, opens a player, and any other a page, unless the author says which."""
    assert link_form(url, link, opens).mark == mark


def test_a_form_is_filled_with_fields() -> None:
    """In a note type's template, Anki's fields stand where the moment goes."""
    form = link_form(f"https://youtu.be/{VIDEO}")
    assert form.fill("{{Seconds}}", "{{Clock}}", "{{Timecode}}").endswith("&t={{Seconds}}s")
    page = link_form(PAGE, "{url}#:~:text={mm:ss},{hh:mm:ss}")
    assert page.fill("{{Seconds}}", "{{Clock}}", "{{Timecode}}") == f"{PAGE}#:~:text={{{{Clock}}}},{{{{Timecode}}}}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" https://e.org/report?note={note} ", "https://e.org/report?note={note}"),
        ("https://e.org/{note}#{note}", "https://e.org/{note}#{note}"),
        ("mailto:me@e.org?subject=A mistake in {note}", "mailto:me@e.org?subject=A%20mistake%20in%20{note}"),
        ('https://e.org/?q="{note}"&x=<b>', "https://e.org/?q=%22{note}%22&x=%3Cb%3E"),
        ("https://e.org/?{{note}}", "https://e.org/?%7B{note}%7D"),
    ],
)
def test_where_mistakes_are_reported(text: str, expected: str) -> None:
    """A web or mail address with the note's id in it; what has no business in an address is encoded."""
    assert feedback(text) == feedback(expected) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("https://e.org/report", "which note is meant"),
        ("https://e.org/{id}", '"{id}" is no placeholder'),
        ("https://{note}.e.org/", "name of the host"),
        ("javascript:alert('{note}')", "is no web address"),
        ("me@e.org?{note}", "is no web address"),
        ("mailto:{note}@e.org?subject=x", "is no mail address with a subject"),
        ("mailto:me@e.org{note}", "is no mail address with a subject"),
    ],
)
def test_where_no_mistakes_are_reported(text: str, words: str) -> None:
    """Another scheme, another placeholder, or {note} where it would lead to somebody else, is told."""
    with pytest.raises(ValueError, match=words):
        feedback(text)
