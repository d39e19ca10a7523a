"""Known hosts: one row for each form of an address that leads to a video, and for each that does not."""

import re
from urllib.parse import urlsplit

import pytest

from cuedeck.deck.addresses import address
from cuedeck.deck.hosts import HOSTS, UNSURE, Unsure, host_of
from cuedeck.deck.links import link_form
from cuedeck.deck.linktemplates import template
from cuedeck.problems import TextError

VIDEO = "aqz-KE-bpKQ"
WATCH = f"https://www.youtube.com/watch?v={VIDEO}&t=3723s"
VIMEO = "https://vimeo.com/76979871#t=3723s"
UNLISTED = "https://vimeo.com/76979871/8272103f6e#t=3723s"
DAILYMOTION = "https://www.dailymotion.com/video/x5kesuj?start=3723"
BILIBILI = "https://www.bilibili.com/video/BV13x41117TL?t=3723"
NICONICO = "https://www.nicovideo.jp/watch/sm22312215?from=3723"
ARCHIVE = "https://archive.org/embed/MyTalk_2019.03?start=3723"
SOUNDCLOUD = "https://soundcloud.com/spak/melodias-de-los-bosques#t=1:02:03"
UUID = "52a10666-3a18-4e73-93da-e8d3c12c305a"
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
    "Dailymotion": [
        ("https://www.dailymotion.com/video/x5kesuj", DAILYMOTION),
        ("https://www.dailymotion.com/video/x5kesuj_office-christmas-party_news?start=12", DAILYMOTION),
        ("https://www.dailymotion.com/video/x5kesuj?playlist=x6hzwx", DAILYMOTION),
        ("https://www.dailymotion.com/embed/video/x5kesuj", DAILYMOTION),
        ("https://geo.dailymotion.com/player/x86gw.html?video=x5kesuj", DAILYMOTION),
        ("https://dai.ly/x5kesuj", DAILYMOTION),
    ],
    "Bilibili": [
        ("https://www.bilibili.com/video/BV13x41117TL", BILIBILI),
        ("https://www.bilibili.com/video/BV13x41117TL/?spm_id_from=333.788&vd_source=a1&t=12.5", BILIBILI),
        ("https://m.bilibili.com/video/BV13x41117TL", BILIBILI),
        ("https://player.bilibili.com/player.html?bvid=BV13x41117TL&autoplay=0", BILIBILI),
        (
            "https://www.bilibili.com/video/BV13x41117TL?t=12&p=2",
            "https://www.bilibili.com/video/BV13x41117TL?p=2&t=3723",
        ),
        (
            "https://player.bilibili.com/player.html?bvid=BV13x41117TL&page=3",
            "https://www.bilibili.com/video/BV13x41117TL?p=3&t=3723",
        ),
        ("https://www.bilibili.com/video/av8903802", "https://www.bilibili.com/video/av8903802?t=3723"),
    ],
    "Niconico": [
        ("https://www.nicovideo.jp/watch/sm22312215", NICONICO),
        ("https://www.nicovideo.jp/watch/sm22312215?from=12", NICONICO),
        ("https://sp.nicovideo.jp/watch/sm22312215", NICONICO),
        ("https://embed.nicovideo.jp/watch/sm22312215", NICONICO),
        ("https://nico.ms/sm22312215?ref=share", NICONICO),
        ("https://www.nicovideo.jp/watch/1459841700", "https://www.nicovideo.jp/watch/1459841700?from=3723"),
    ],
    "Rumble": [
        (
            "https://rumble.com/v6mqm1r-doge-pop-some-popcorn.html?start=8",
            "https://rumble.com/v6mqm1r-doge-pop-some-popcorn.html?start=3723",
        ),
        (
            "https://www.rumble.com/vdmum1-a-snow.fort.html?e9s=x",
            "https://rumble.com/vdmum1-a-snow.fort.html?start=3723",
        ),
        ("https://rumble.com/v731j4o", "https://rumble.com/v731j4o?start=3723"),
    ],
    "Odysee": [
        ("https://odysee.com/@Mantega:1/First-day-LBRY:1", "https://odysee.com/@Mantega:1/First-day-LBRY:1?t=3723"),
        (
            "https://odysee.com/@Mantega%3A1/First-day-LBRY%3A1?t=12",
            "https://odysee.com/@Mantega%3A1/First-day-LBRY%3A1?t=3723",
        ),
        ("https://odysee.com/First-day-LBRY:17f983b61f53/", "https://odysee.com/First-day-LBRY:17f983b61f53?t=3723"),
    ],
    "Wistia": [
        (
            "https://support.wistia.com/medias/h1z3uqsoal?wtime=1m3s",
            "https://support.wistia.com/medias/h1z3uqsoal?wtime=3723",
        ),
        (
            "https://fast.wistia.net/embed/iframe/h1z3uqsoal",
            "https://fast.wistia.net/embed/iframe/h1z3uqsoal?wtime=3723",
        ),
        (
            "https://embed-ssl.wistia.com/deliveries/0a1b2c3d/file.mp4",
            "https://embed-ssl.wistia.com/deliveries/0a1b2c3d/file.mp4#t=3723",
        ),
    ],
    "Internet Archive": [
        ("https://archive.org/details/MyTalk_2019.03", ARCHIVE),
        ("https://archive.org/details/MyTalk_2019.03?q=talk", ARCHIVE),
        ("https://www.archive.org/details/MyTalk_2019.03/", ARCHIVE),
        ("https://archive.org/embed/MyTalk_2019.03?start=12&end=30", ARCHIVE),
        ("https://archive.org/details/MyTalk_2019.03/start/35.1/end/101", ARCHIVE),
        ("https://archive.org/download/MyTalk/talk.mp3", "https://archive.org/download/MyTalk/talk.mp3#t=3723"),
    ],
    "media.ccc.de": [
        ("https://media.ccc.de/v/30C3_-_5443_-_en_-_saal_g", "https://media.ccc.de/v/30C3_-_5443_-_en_-_saal_g#t=3723"),
        ("https://media.ccc.de/v/38c3-a-talk#t=12", "https://media.ccc.de/v/38c3-a-talk#t=3723"),
        (
            "https://cdn.media.ccc.de/congress/2013/mp4/30c3-5443-h264-hq.mp4",
            "https://cdn.media.ccc.de/congress/2013/mp4/30c3-5443-h264-hq.mp4#t=3723",
        ),
    ],
    "SoundCloud": [
        ("https://soundcloud.com/spak/melodias-de-los-bosques", SOUNDCLOUD),
        ("https://soundcloud.com/spak/melodias-de-los-bosques#t=25:51", SOUNDCLOUD),
        ("https://m.soundcloud.com/spak/melodias-de-los-bosques?utm_source=clipboard&si=0a", SOUNDCLOUD),
        (
            "https://soundcloud.com/spak/melodias-de-los-bosques/s-a1B2c",
            "https://soundcloud.com/spak/melodias-de-los-bosques/s-a1B2c#t=1:02:03",
        ),
    ],
    "Overcast": [
        ("https://overcast.fm/+CdSv9LfI", "https://overcast.fm/+CdSv9LfI/1:02:03"),
        ("https://overcast.fm/+CdSv9LfI/12:34", "https://overcast.fm/+CdSv9LfI/1:02:03"),
    ],
    "Pocket Casts": [
        ("https://pca.st/9mjo6ijv", "https://pca.st/9mjo6ijv?t=3723"),
        (f"https://pca.st/episode/{UUID}?t=1327", f"https://pca.st/episode/{UUID}?t=3723"),
        (
            f"https://pocketcasts.com/podcast/all-the-hacks/{UUID}/i-built-an-assistant/{UUID}?t=627,687",
            f"https://pocketcasts.com/podcast/all-the-hacks/{UUID}/i-built-an-assistant/{UUID}?t=3723",
        ),
    ],
    "Fireside": [
        (
            "https://worknotwork.fireside.fm/003-thomas-pragmatic-3?t=1065",
            "https://worknotwork.fireside.fm/003-thomas-pragmatic-3?t=3723",
        ),
        ("https://rgba.fireside.fm/21", "https://rgba.fireside.fm/21?t=3723"),
    ],
    "Podigee": [
        ("https://show.podigee.io/1-episode#t=123", "https://show.podigee.io/1-episode#t=3723"),
        ("https://show.podigee.io/s2e12-a-talk", "https://show.podigee.io/s2e12-a-talk#t=3723"),
    ],
    "PeerTube": [
        ("https://toobnix.org/w/5jBegFpNbffA1nhmp32kqR", "https://toobnix.org/w/5jBegFpNbffA1nhmp32kqR?start=3723"),
        (
            f"https://framatube.org/videos/watch/{UUID}?start=3m4s",
            f"https://framatube.org/videos/watch/{UUID}?start=3723",
        ),
        (
            f"https://tube.e.org:8443/videos/embed/{UUID}?api=1",
            f"https://tube.e.org:8443/videos/watch/{UUID}?start=3723",
        ),
    ],
    "Opencast": [
        (
            f"https://engage.e.org/paella7/ui/watch.html?id={UUID}&time=10m20s",
            f"https://engage.e.org/paella7/ui/watch.html?id={UUID}&time=3723s",
        ),
        (f"https://e.org/paella/ui/watch.html?id={UUID}", f"https://e.org/paella/ui/watch.html?id={UUID}&time=3723s"),
        (
            f"https://e.org/engage/theodul/ui/core.html?id={UUID}",
            f"https://e.org/engage/theodul/ui/core.html?id={UUID}&time=3723s",
        ),
    ],
    "Invidious": [
        (f"https://yewtu.be/watch?v={VIDEO}&t=12", f"https://yewtu.be/watch?v={VIDEO}&t=3723"),
        (f"https://invidious.e.org/watch?v={VIDEO}", f"https://invidious.e.org/watch?v={VIDEO}&t=3723"),
        (f"https://inv.e.org/watch?v={VIDEO}", f"https://inv.e.org/watch?v={VIDEO}&t=3723"),
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
    "Dailymotion": [
        "https://www.dailymotion.com/",
        "https://www.dailymotion.com/somebody",
        "https://www.dailymotion.com/playlist/x6hzwx",
        "https://geo.dailymotion.com/player.html?playlist=x6hzwx",
        "https://dai.ly/",
    ],
    "Bilibili": [
        "https://www.bilibili.com/",
        "https://www.bilibili.com/bangumi/play/ep21495",
        "https://space.bilibili.com/883968",
        "https://live.bilibili.com/196",
        "https://www.bilibili.com/video/BV13",
    ],
    "Niconico": [
        "https://www.nicovideo.jp/",
        "https://www.nicovideo.jp/user/805442",
        "https://www.nicovideo.jp/mylist/27411728",
        "https://www.nicovideo.jp/27411728",
        "https://live.nicovideo.jp/watch/lv1234567",
        "https://nico.ms/mylist/27411728",
    ],
    "Rumble": [
        "https://rumble.com/",
        "https://rumble.com/c/WMAR",
        "https://rumble.com/videos",
        "https://rumble.com/video/abc",
        "https://rumble.com/embed/v5pv5f",
        "https://rumble.com/playlists/abc",
    ],
    "Odysee": [
        "https://odysee.com/",
        "https://odysee.com/@LBRYFoundation:0",
        "https://odysee.com/$/embed/@Mantega:1/First-day-LBRY:1",
        "https://odysee.com/$/playlist/ffef782f27486f0ac138bde8777f72ebdd0548c2",
    ],
    "Wistia": [
        "https://wistia.com/",
        "https://support.wistia.com/projects/h1z3uqsoal",
        "https://fast.wistia.net/embed/playlists/aodt9etokc",
        "https://fast.wistia.net/embed/channel/yvyvu7wjbg",
    ],
    "Internet Archive": [
        "https://archive.org/",
        "https://archive.org/details/@somebody",
        "https://archive.org/search?query=talk",
        "https://blog.archive.org/details/2019",
        "https://web.archive.org/web/2020/https://e.org/talk",
    ],
    "media.ccc.de": [
        "https://media.ccc.de/",
        "https://media.ccc.de/c/30c3",
        "https://media.ccc.de/v/38c3-a-talk/related",
        "https://streaming.media.ccc.de/38c3/one",
    ],
    "SoundCloud": [
        "https://soundcloud.com/",
        "https://soundcloud.com/spak",
        "https://soundcloud.com/spak/sets/melodias",
        "https://soundcloud.com/spak/tracks",
        "https://soundcloud.com/spak/likes",
        "https://soundcloud.com/discover/sets",
        "https://soundcloud.com/you/library",
        "https://on.soundcloud.com/aBc12",
        "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/1464676342",
        "https://api.soundcloud.com/tracks/1464676342",
    ],
    "Overcast": [
        "https://overcast.fm/",
        "https://overcast.fm/podcasts",
        "https://overcast.fm/itunes809264944/criminal",
    ],
    "Pocket Casts": [
        "https://pca.st/",
        f"https://pca.st/podcast/{UUID}",
        "https://pocketcasts.com/discover",
        f"https://pocketcasts.com/podcast/all-the-hacks/{UUID}",
        f"https://play.pocketcasts.com/podcasts/{UUID}",
    ],
    "Fireside": [
        "https://fireside.fm/",
        "https://rgba.fireside.fm/",
        "https://rgba.fireside.fm/articles/21",
        "https://rgba.fireside.fm/hosts",
    ],
    "Podigee": [
        "https://show.podigee.io/",
        "https://show.podigee.io/episodes",
        "https://show.podigee.io/feed/mp3",
    ],
    "PeerTube": [],
    "Opencast": [],
    "Invidious": [],
}

# Software that runs on anybody's server: addresses that are not recognized, since another site may have them, or since
# they lead to something else.
ELSEWHERE = [
    f"https://framatube.org/videos/watch/playlist/{UUID}",
    "https://peertube.debian.social/w/p/hFdJoTuyhNJVa1cDWd1d12",
    "https://e.org/w/5jBegFpNbffA1nhmp32kq",
    "https://e.org/w/5jBegFpNbffA1nhmp32kO0",
    "https://e.org/w/Main_Page",
    f"https://e.org/videos/{UUID}",
    "https://e.org/paella/ui/watch.html",
    "https://e.org/paella/ui/watch.html?id=",
    f"https://e.org/play/{UUID}",
    f"https://e.org/ui/watch.html?id={UUID}",
    f"https://e.org/watch?v={VIDEO}",
    f"https://piped.video/watch?v={VIDEO}",
    "https://invidious.e.org/watch?v=videoseries",
    "https://invidious.e.org/playlist?list=PL123",
    f"https://invidious/watch?v={VIDEO}",
]

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
    assert [name for name, urls in REFUSED.items() if not urls] == [host.name for host in HOSTS if not host.domains]
    assert [host.name for host in HOSTS if host.paths] == [host.name for host in HOSTS if not host.domains]


@pytest.mark.parametrize(("url", "expected"), [row for rows in FOUND.values() for row in rows])
def test_a_known_host_needs_no_template(url: str, expected: str) -> None:
    """The address of a video, in any of its forms, leads to the moment in a player."""
    form = link_form(address(url))
    assert form.at(3723) == expected
    assert form.mark == "▶"


@pytest.mark.parametrize(("name", "url"), [(name, url) for name, urls in REFUSED.items() for url in urls])
def test_a_host_is_known_by_name(name: str, url: str) -> None:
    """An address of a known host that does not lead to a recording is refused, and the error shows a line to add."""
    with pytest.raises(TextError, match=rf"does not lead to a recording on {name}\Z") as found:
        link_form(address(url))
    assert 'link: "{url}' in found.value.hint


@pytest.mark.parametrize(
    "domain", [domain for host in HOSTS[3:] for domain in (*host.domains, *(f"cdn.{each}" for each in host.domains))]
)
def test_a_file_on_a_host_is_a_file(domain: str) -> None:
    """Only the first three hosts, which were always known, refuse files: they have none at such addresses."""
    url = f"https://{domain}/download/12345-a-talk.mp3"
    assert link_form(url).at(3723) == f"{url}#t=3723"
    assert [host.name for host in HOSTS if not host.has_files] == ["YouTube", "Vimeo", "Twitch"]


@pytest.mark.parametrize("url", ELSEWHERE)
def test_addresses_on_any_server_are_recognized_with_care(url: str) -> None:
    """Only what no other site has in this form; the rest gets a template from its author."""
    with pytest.raises(TextError, match="does not know how to link to a moment"):
        link_form(address(url))
    form = link_form(address(url), "{url}?t={seconds}")
    assert (form.mark, form.former_mark) == ("▶", "¶")


def test_another_front_end_of_youtube_has_a_hint() -> None:
    """The address at YouTube itself is certain."""
    with pytest.raises(TextError) as found:
        link_form(f"https://piped.video/watch?v={VIDEO}")
    assert f'url: "https://www.youtube.com/watch?v={VIDEO}"' in found.value.hint


def followed(site: Unsure) -> str:
    """Return the link to 1:02:03 that the hint for an address of a site leads to."""
    url = f"https://www.{site.domains[0]}/talk"
    with pytest.raises(TextError) as found:
        link_form(url)
    assert site.name in found.value.message
    line = found.value.hint.rpartition("\n")[2]
    return link_form(url, template(re.fullmatch('link: "(.*)"', line)[1])).at(3723)  # type: ignore[index]


@pytest.mark.parametrize("site", UNSURE, ids=lambda site: site.name)
def test_a_site_without_documentation_has_an_honest_hint(site: Unsure) -> None:
    """It names the site, and the line in it makes a link with the moment."""
    assert any(each in followed(site) for each in ("3723", "1h2m3s"))
    with pytest.raises(TextError) as found:
        link_form(f"https://{site.domains[-1]}/talk")
    assert ("certain" if site.link else "cannot name a moment") in found.value.message


def test_no_site_is_both_known_and_unknown() -> None:
    domains = [domain for site in UNSURE for domain in site.domains]
    assert len(domains) == len({*domains})
    assert not [domain for domain in domains if host_of(urlsplit(f"https://{domain}/"))]


@pytest.mark.parametrize("url", STRANGERS)
def test_a_host_with_a_similar_name_is_not_known(url: str) -> None:
    """The complete name of the host counts."""
    with pytest.raises(TextError, match="does not know how to link to a moment"):
        link_form(address(url))
