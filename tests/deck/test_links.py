"""Links to a moment: the sign before them, and the fields that they are filled with."""

import pytest

from cuedeck.deck.addresses import address
from cuedeck.deck.links import link_form

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
    form = link_form(VIDEO)
    assert form.fill("{{Seconds}}", "{{Clock}}", "{{Timecode}}").endswith("&t={{Seconds}}s")
    page = link_form(PAGE, "{url}#:~:text={mm:ss},{hh:mm:ss}")
    assert page.fill("{{Seconds}}", "{{Clock}}", "{{Timecode}}") == f"{PAGE}#:~:text={{{{Clock}}}},{{{{Timecode}}}}"
