"""Links to a moment: the sign before them, and the fields that they are filled with."""

import pytest

from cuedeck.deck.addresses import address
from cuedeck.deck.links import link_form
from cuedeck.deck.placeholders import PLACEHOLDERS

VIDEO = "https://youtu.be/aqz-KE-bpKQ"
PAGE = "https://e.org/talk"
FILE = "https://e.org/talk.mp3"
TWITCH = "https://www.twitch.tv/videos/1234567890"
IN_ARCHIVE = "https://archive.org/details/MyTalk/talk.mp3"
PLAYLIST = "https://www.youtube.com/embed/videoseries?list=PL123"
EVENT = "https://vimeo.com/event/4154130"

# url, link, opens -> the sign, and the sign from before a template's placeholders counted
SIGNS = [
    (PAGE, "{url}?t={seconds}", "", "▶", "¶"),
    (PAGE, "{url}?t={seconds}", "player", "▶", "▶"),
    (PAGE, "{url}?t={seconds}", "page", "¶", "¶"),
    (PAGE, "{url}/{mm:ss}", "", "¶", "¶"),
    (PAGE, "{url}?t={milliseconds}", "", "▶", "¶"),
    (PAGE, "{url}?t={h}h{m}m{s}s", "", "▶", "¶"),
    (PAGE, "{url}#:~:text={m:ss}", "", "¶", "¶"),
    (PAGE, "{url}/{short}", "", "¶", "¶"),
    (PAGE, "{url}/{hh:mm:ss}", "", "¶", "¶"),
    (PAGE, "{url}#t={mm:ss}", "player", "▶", "▶"),
    (PAGE, "{url}?t={seconds}#{mm:ss}", "", "▶", "¶"),
    (PAGE, "{url}#:~:text={mm:ss}", "", "¶", "¶"),
    (PAGE, "{url}#:~:text={seconds}", "", "¶", "¶"),
    (PAGE, "{url}:~:text={mm:ss}", "", "¶", "¶"),
    (VIDEO, "", "", "▶", "▶"),
    (VIDEO, "{url}?t={seconds}", "", "▶", "▶"),
    (VIDEO, "{url}#{mm:ss}", "", "▶", "▶"),
    (VIDEO, "{url}#:~:text={mm:ss}", "", "¶", "▶"),
    (VIDEO, "", "page", "¶", "¶"),
    (FILE, "", "", "▶", "▶"),
    (FILE, "", "page", "¶", "¶"),
    (FILE, "https://player.org/{mm:ss}", "", "▶", "▶"),
    # These were not known before, or known by mistake.
    (TWITCH, "{url}?t={seconds}s", "", "▶", "¶"),
    (TWITCH, "{url}?t={mm:ss}", "", "▶", "¶"),
    ("https://soundcloud.com/spak/melodias", "{url}#t={mm:ss}", "", "▶", "¶"),
    ("https://overcast.fm/+CdSv9LfI", "{url}/{mm:ss}", "", "▶", "¶"),
    ("https://toobnix.org/w/5jBegFpNbffA1nhmp32kqR", "{url}#{mm:ss}", "", "▶", "¶"),
    (IN_ARCHIVE, "{url}#{mm:ss}", "", "¶", "▶"),
    (PLAYLIST, "{url}#{mm:ss}", "", "¶", "▶"),
    (EVENT, "{url}#{mm:ss}", "", "¶", "▶"),
]


@pytest.mark.parametrize(("url", "link", "opens", "mark", "former"), SIGNS)
def test_the_sign_shows_what_a_click_opens(url: str, link: str, opens: str, mark: str, former: str) -> None:
    """Seconds, a known host or a file open a player, and anything else a page, unless the author says which."""
    form = link_form(address(url), link, opens)
    assert (form.mark, form.former_mark) == (mark, former)


def test_a_form_is_filled_with_fields() -> None:
    """In a note type's template, Anki's fields replace the moment."""
    assert link_form(VIDEO).fill(FIELDS.__getitem__).endswith("&t={{Seconds}}s")
    page = link_form(PAGE, "{url}#:~:text={mm:ss},{hh:mm:ss}")
    assert page.fill(FIELDS.__getitem__) == f"{PAGE}#:~:text={{{{Clock}}}},{{{{Timecode}}}}"


FIELDS = {"{seconds}": "{{Seconds}}", "{mm:ss}": "{{Clock}}", "{hh:mm:ss}": "{{Timecode}}"}


@pytest.mark.parametrize(
    ("link", "is_in_fields"),
    [
        ("", True),
        ("{url}?t={seconds}", True),
        ("{url}#:~:text={hh:mm:ss},{mm:ss}", True),
        ("{url}#:~:text={m:ss}", False),
        ("{url}?t={seconds}#{m:ss}", False),
        ("{url}?t={h}h{m}m{s}s", False),
        ("{url}?t={milliseconds}", False),
        ("{url}/{short}", False),
    ],
)
def test_fields_have_what_some_forms_need(link: str, is_in_fields: bool) -> None:
    """For the other forms, the links are in the notes."""
    assert link_form(VIDEO, link).is_in_fields is is_in_fields


# link -> the ends of links to 0:46, 62:03 and 2:00:05
FORMS = [
    ("{url}?t={seconds}", ("?t=46", "?t=3723", "?t=7205")),
    ("{url}?t={milliseconds}", ("?t=46000", "?t=3723000", "?t=7205000")),
    ("{url}?t={h}h{m}m{s}s", ("?t=0h0m46s", "?t=1h2m3s", "?t=2h0m5s")),
    ("{url}#:~:text={mm:ss}", ("#:~:text=00:46", "#:~:text=1:02:03", "#:~:text=2:00:05")),
    ("{url}#:~:text={hh:mm:ss}", ("#:~:text=00:00:46", "#:~:text=01:02:03", "#:~:text=02:00:05")),
    ("{url}#:~:text={m:ss}", ("#:~:text=0:46", "#:~:text=62:03", "#:~:text=120:05")),
    ("{url}#:~:text={short}", ("#:~:text=0:46", "#:~:text=1:02:03", "#:~:text=2:00:05")),
]


@pytest.mark.parametrize(("link", "ends"), FORMS)
def test_a_placeholder_writes_the_moment_as_a_site_does(link: str, ends: tuple[str, ...]) -> None:
    form = link_form(PAGE, link)
    assert tuple(form.at(seconds) for seconds in (46, 3723, 7205)) == tuple(f"{PAGE}{end}" for end in ends)


def test_every_placeholder_is_tried() -> None:
    assert {each for link, _ in FORMS for each in PLACEHOLDERS if each in link} == PLACEHOLDERS.keys()
