"""Links to a moment, one row for each form of address."""

import pytest

from builder.deck.links import address, feedback, link_form, template
from builder.problems import TextError

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
]


@pytest.mark.parametrize(("url", "expected"), PLAYERS)
def test_a_known_host_needs_no_template(url: str, expected: str) -> None:
    """The address of a video or a media file, in any of its forms, leads to the moment in a player."""
    form = link_form(address(url))
    assert form.at(3723) == expected
    assert form.mark == "▶"


@pytest.mark.parametrize("url", UNKNOWN)
def test_an_unknown_host_is_no_dead_link(url: str) -> None:
    """Where no moment can be linked, the error shows a line to add."""
    with pytest.raises(TextError) as found:
        link_form(address(url))
    assert 'link: "{url}' in found.value.hint


@pytest.mark.parametrize(
    "url", [url for url in UNKNOWN if "e.org/" not in url and "evil" not in url and "not" not in url]
)
def test_a_site_of_videos_is_known_by_name(url: str) -> None:
    """An address of YouTube or Vimeo that is none of a video is told in these words."""
    with pytest.raises(TextError, match=r"names no video of (YouTube|Vimeo)"):
        link_form(address(url))


@pytest.mark.parametrize(("url", "link", "expected"), TEMPLATES)
def test_a_template_is_filled(url: str, link: str, expected: str) -> None:
    """A template wins over what is known of the host; a fragment of its own replaces the recording's."""
    form = link_form(address(url), template(link))
    assert form.at(3723) == expected
    assert template(f" {link} ") == link


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
        (PAGE, "{url}?t={seconds}", "", "¶"),
        (PAGE, "{url}?t={seconds}", "player", "▶"),
        (PAGE, "{url}?t={seconds}", "page", "¶"),
        (f"https://youtu.be/{VIDEO}", "", "", "▶"),
        (f"https://youtu.be/{VIDEO}", "{url}?t={seconds}", "", "▶"),
        ("https://e.org/talk.mp3", "", "page", "¶"),
    ],
)
def test_the_sign_tells_what_a_click_opens(url: str, link: str, opens: str, mark: str) -> None:
    """A known host opens a player and any other a page, unless the author says which."""
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
