"""Known hosts: one row for each form of an address that leads to a video, and for each that does not."""

import pytest

from cuedeck.deck.addresses import address
from cuedeck.deck.hosts import HOSTS
from cuedeck.deck.links import link_form
from cuedeck.problems import TextError

VIDEO = "aqz-KE-bpKQ"
WATCH = f"https://www.youtube.com/watch?v={VIDEO}&t=3723s"
VIMEO = "https://vimeo.com/76979871#t=3723s"
UNLISTED = "https://vimeo.com/76979871/8272103f6e#t=3723s"
TWITCH = "https://www.twitch.tv/videos/1234567890?t=3723s"

# host: address of a recording -> address of 1:02:03 in it
FOUND = {
    "YouTube": [
        (f"https://www.youtube.com/watch?v={VIDEO}", WATCH),
        (f"http://youtube.com/watch?v={VIDEO}", WATCH),
        (f"https://m.youtube.com/watch?v={VIDEO}", WATCH),
        (f"https://music.youtube.com/watch?v={VIDEO}&si=abc", WATCH),
        (f"https://gaming.youtube.com/watch?v={VIDEO}", WATCH),
        (f"https://www.youtubekids.com/watch?v={VIDEO}", WATCH),
        (f"https://youtube.googleapis.com/v/{VIDEO}", WATCH),
        (f"https://www.youtube.com/watch?list=PL123&index=4&v={VIDEO}", WATCH),
        (f"https://www.youtube.com/watch?t=46&v={VIDEO}", WATCH),
        (f"https://www.youtube.com/watch?v={VIDEO}&t=46s", WATCH),
        (f"https://www.youtube.com/watch?v={VIDEO}#t=46", WATCH),
        (f"https://www.youtube.com/watch/?v={VIDEO}", WATCH),
        (f"https://WWW.YouTube.com/watch?v={VIDEO}", WATCH),
        (f"https://www.youtube.com./watch?v={VIDEO}", WATCH),
        (f"https://youtu.be/{VIDEO}", WATCH),
        (f"https://youtu.be/{VIDEO}?si=abc&t=46", WATCH),
        (f"https://www.youtube.com/shorts/{VIDEO}", WATCH),
        (f"https://www.youtube.com/shorts/{VIDEO}?feature=share", WATCH),
        (f"https://www.youtube.com/live/{VIDEO}?si=abc", WATCH),
        (f"https://www.youtube.com/embed/{VIDEO}?start=46", WATCH),
        (f"https://www.youtube.com/embed/{VIDEO}?list=PL123", WATCH),
        (f"https://www.youtube.com/v/{VIDEO}", WATCH),
        (f"https://www.youtube-nocookie.com/embed/{VIDEO}", WATCH),
    ],
    "Vimeo": [
        ("https://vimeo.com/76979871", VIMEO),
        ("https://www.vimeo.com/76979871/", VIMEO),
        ("https://m.vimeo.com/76979871", VIMEO),
        ("https://vimeo.com/76979871#t=46s", VIMEO),
        ("https://vimeo.com/76979871?share=copy", VIMEO),
        ("https://vimeo.com/76979871/8272103f6e", UNLISTED),
        ("https://vimeo.com/76979871?h=8272103f6e", UNLISTED),
        ("https://vimeo.com/76979871/8272103f6e?share=copy", UNLISTED),
        ("https://player.vimeo.com/video/76979871?h=8272103f6e", UNLISTED),
        ("https://player.vimeo.com/video/76979871", VIMEO),
        ("https://player.vimeo.com/video/76979871#t=1m", VIMEO),
        ("https://vimeo.com/channels/staffpicks/76979871", VIMEO),
        ("https://vimeo.com/channels/123456/76979871", VIMEO),
        ("https://vimeo.com/groups/shortfilms/videos/76979871", VIMEO),
        ("https://vimeo.com/showcase/7654321/video/76979871", VIMEO),
        ("https://vimeo.com/album/7654321/video/76979871", VIMEO),
        ("https://vimeo.com/event/4154130/videos/76979871", VIMEO),
        ("https://vimeo.com/manage/videos/76979871", VIMEO),
        ("https://vimeo.com/manage/videos/76979871/8272103f6e", UNLISTED),
        (
            "https://player.vimeo.com/external/76979871.hd.mp4?s=abc&profile_id=1",
            "https://player.vimeo.com/external/76979871.hd.mp4?s=abc&profile_id=1#t=3723",
        ),
    ],
    "Twitch": [
        ("https://www.twitch.tv/videos/1234567890", TWITCH),
        ("https://twitch.tv/videos/1234567890/", TWITCH),
        ("https://m.twitch.tv/videos/1234567890?t=1h2m3s", TWITCH),
        ("https://www.twitch.tv/videos/1234567890?filter=archives&sort=time", TWITCH),
        ("https://www.twitch.tv/somebody/v/1234567890", TWITCH),
        ("https://www.twitch.tv/somebody/video/1234567890", TWITCH),
        ("https://player.twitch.tv/?video=1234567890&parent=e.org", TWITCH),
        ("https://player.twitch.tv/?video=v1234567890&time=46s", TWITCH),
    ],
}

REFUSED = {
    "YouTube": [
        "https://www.youtube.com/",
        "https://www.youtube.com/@channel",
        "https://www.youtube.com/@channel/live",
        "https://www.youtube.com/watch",
        "https://www.youtube.com/watch?v=short",
        f"https://www.youtube.com/watch?v={VIDEO}.",
        "https://www.youtube.com/playlist?list=PL123",
        "https://www.youtube.com/clip/UgkxAbc",
        "https://www.youtube.com/embed/videoseries?list=PL123",
        "https://www.youtube-nocookie.com/embed/videoseries?list=PL123",
        "https://www.youtube.com/watch?v=videoseries",
        "https://youtu.be/videoseries?list=PL123",
        "https://www.youtube.com/v/videoseries",
        "https://www.youtube.com/embed/live_stream?channel=UC123",
        "https://www.youtube.com/live/live_stream",
        "https://gaming.youtube.com/",
        f"https://studio.youtube.com/video/{VIDEO}/edit",
        f"https://consent.youtube.com/m?continue=https://www.youtube.com/watch?v={VIDEO}",
        "https://www.youtube.com/talk.mp4",
        "https://youtu.be/",
    ],
    "Vimeo": [
        "https://vimeo.com/",
        "https://vimeo.com/user",
        "https://vimeo.com/user1234567",
        "https://vimeo.com/event/12",
        "https://vimeo.com/event/4154130",
        "https://vimeo.com/event/4154130/embed/0a1b2c3d4e",
        "https://vimeo.com/showcase/7654321",
        "https://vimeo.com/album/7654321/",
        "https://vimeo.com/channels/123456",
        "https://vimeo.com/groups/123456",
        "https://vimeo.com/ondemand/thefilm/76979871",
        "https://vimeo.com/user1234567/review/76979871/0a1b2c3d4e",
        "https://vimeo.com/76979871/settings",
        "https://vimeo.com/76979871?h=secret",
        "https://player.vimeo.com/76979871",
        "https://livestream.vimeo.com/76979871",
        "https://vimeo.com/talk.mp4",
    ],
    "Twitch": [
        "https://www.twitch.tv/",
        "https://www.twitch.tv/somebody",
        "https://www.twitch.tv/somebody/videos",
        "https://www.twitch.tv/somebody/clip/FunnyName",
        "https://clips.twitch.tv/FunnyName",
        "https://www.twitch.tv/directory/category/chess",
        "https://www.twitch.tv/collections/abc",
        "https://player.twitch.tv/?channel=somebody",
        "https://player.twitch.tv/?video=abc",
    ],
}

STRANGERS = [
    f"https://youtube.com.evil.org/watch?v={VIDEO}",
    f"https://notyoutube.com/watch?v={VIDEO}",
    f"https://evil.org/youtube.com/watch?v={VIDEO}",
    f"https://youtube.com@evil.org/watch?v={VIDEO}",
    "https://notvimeo.com/76979871",
    "https://vimeopro.com/user/page/video/76979871",
    "https://twitch.tv.evil.org/videos/1234567890",
]


def test_every_host_has_its_rows() -> None:
    """Each host has addresses that lead to a video, and some that do not."""
    names = [host.name for host in HOSTS]
    assert [*FOUND] == [*REFUSED] == names
    assert all(FOUND.values())
    assert all(REFUSED.values())


@pytest.mark.parametrize(("url", "expected"), [row for rows in FOUND.values() for row in rows])
def test_a_known_host_needs_no_template(url: str, expected: str) -> None:
    """The address of a video, in any of its forms, leads to the moment in a player."""
    form = link_form(address(url))
    assert form.at(3723) == expected
    assert form.mark == "▶"


@pytest.mark.parametrize(("name", "url"), [(name, url) for name, urls in REFUSED.items() for url in urls])
def test_a_host_is_known_by_name(name: str, url: str) -> None:
    """An address of a known host that does not lead to a video is refused, and the error shows a line to add."""
    with pytest.raises(TextError, match=rf"does not lead to a video on {name}\Z") as found:
        link_form(address(url))
    assert 'link: "{url}' in found.value.hint


@pytest.mark.parametrize("url", STRANGERS)
def test_a_host_with_a_similar_name_is_not_known(url: str) -> None:
    """The complete name of the host counts."""
    with pytest.raises(TextError, match="does not know how to link to a moment"):
        link_form(address(url))
