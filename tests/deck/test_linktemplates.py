"""`link:` templates: an address and a template give the address of a moment, or an error."""

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cuedeck.deck.addresses import address
from cuedeck.deck.links import link_form
from cuedeck.deck.linktemplates import template
from cuedeck.problems import TextError

VIDEO = "aqz-KE-bpKQ"
PAGE = "https://e.org/talk"
ROUTE = "https://e.org/#/talk/5"
SECONDS = "{url}?t={seconds}"
TEXT = "{url}#:~:text={mm:ss}"
MORE_TEXT = "{url}:~:text={mm:ss}"

# url, link template -> address of 1:02:03 in it
TEMPLATES = [
    (PAGE, TEXT, "https://e.org/talk#:~:text=1:02:03"),
    (PAGE, "{url}#:~:text={hh:mm:ss}", "https://e.org/talk#:~:text=01:02:03"),
    (PAGE, SECONDS, "https://e.org/talk?t=3723"),
    (PAGE, "https://player.org/{seconds}/{mm:ss}", "https://player.org/3723/1:02:03"),
    (f"{PAGE}#top", "{url}#t={seconds}", "https://e.org/talk#t=3723"),
    (f"{PAGE}?a=1", "{url}&t={seconds}", "https://e.org/talk?a=1&t=3723"),
    (f"{PAGE}?a=1", SECONDS, "https://e.org/talk?a=1&t=3723"),
    (f"{PAGE}?a=1&", "{url}?t={seconds}&p=2", "https://e.org/talk?a=1&t=3723&p=2"),
    (f"{PAGE}?", SECONDS, "https://e.org/talk?t=3723"),
    (f"{PAGE}?a=1", "https://player.org/?u={url}&t={seconds}", "https://player.org/?u=https://e.org/talk?a=1&t=3723"),
    (PAGE, '{url}#"{mm:ss}"', "https://e.org/talk#%221:02:03%22"),
    (f"https://youtu.be/{VIDEO}", "{url}?start={seconds}", f"https://youtu.be/{VIDEO}?start=3723"),
    # A parameter goes before a fragment, with the "?" or "&" that it needs.
    (f"{PAGE}#section", SECONDS, "https://e.org/talk?t=3723#section"),
    (f"{PAGE}?a=1#section", "{url}&t={seconds}", "https://e.org/talk?a=1&t=3723#section"),
    (PAGE, "{url}&t={seconds}", "https://e.org/talk?t=3723"),
    (PAGE, "{url}?&t={seconds}", "https://e.org/talk?t=3723"),
    ("https://e.org", SECONDS, "https://e.org?t=3723"),
    ("https://e.org/", SECONDS, "https://e.org/?t=3723"),
    (f"{PAGE}?a=1", "{url}?t={seconds}#player", "https://e.org/talk?a=1&t=3723#player"),
    (f"{PAGE}#section", "{url}?t={seconds}#player", "https://e.org/talk?t=3723#player"),
    # A time that the address already has is removed.
    ("https://open.spotify.com/episode/abc?si=x&t=120", SECONDS, "https://open.spotify.com/episode/abc?si=x&t=3723"),
    ("https://e.org/v/1?t=1h2m3s", "{url}?t={seconds}s", "https://e.org/v/1?t=3723s"),
    (f"{PAGE}?start=12&b", "{url}?start={seconds}", "https://e.org/talk?b&start=3723"),
    (f"{PAGE}?start=90s", SECONDS, "https://e.org/talk?t=3723"),
    (f"{PAGE}?t=1:02:03", "{url}?start={seconds}", "https://e.org/talk?start=3723"),
    (f"{PAGE}?t=1%3A02%3A03", "{url}?start={seconds}", "https://e.org/talk?start=3723"),
    (f"{PAGE}?time_continue=3&time=4.5", SECONDS, "https://e.org/talk?t=3723"),
    (f"{PAGE}?wtime=30", "{url}?wtime={seconds}", "https://e.org/talk?wtime=3723"),
    (f"{PAGE}?t=12", "{url}#t={seconds}", "https://e.org/talk#t=3723"),
    (f"{PAGE}?t=12#t=12", SECONDS, "https://e.org/talk?t=3723"),
    ("https://e.org/talks/x?language=en#t-61234", SECONDS, "https://e.org/talks/x?language=en&t=3723"),
    *((f"{PAGE}#{time}", SECONDS, "https://e.org/talk?t=3723") for time in ("t=12", "t12", "12:34", "1:02:03", "1m2s")),
    *((f"{PAGE}#{time}", SECONDS, "https://e.org/talk?t=3723") for time in ("t=npt:12", "t=10,20", "t=0:12,0:20.5")),
    (f"{PAGE}#:~:text=00:12", SECONDS, "https://e.org/talk?t=3723"),
    (f"{PAGE}#section:~:text=00:12", SECONDS, "https://e.org/talk?t=3723#section"),
    (f"{PAGE}#t=12&view=full", SECONDS, "https://e.org/talk?t=3723#view=full"),
    # What only looks like a time stays, and so does everything else, byte for byte.
    (f"{PAGE}?t=talk&start=page", "{url}?wtime={seconds}", "https://e.org/talk?t=talk&start=page&wtime=3723"),
    (f"{PAGE}?b=%20&&a=+&c", SECONDS, "https://e.org/talk?b=%20&&a=+&c&t=3723"),
    (f"{PAGE}?T=5&at=6", SECONDS, "https://e.org/talk?T=5&at=6&t=3723"),
    (f"{PAGE}?a=1&", "{url}#t={seconds}", "https://e.org/talk?a=1&#t=3723"),
    (f"{PAGE}?", TEXT, "https://e.org/talk?#:~:text=1:02:03"),
    (f"{PAGE}#123", SECONDS, "https://e.org/talk?t=3723#123"),
    ("https://e.org/topic?t=12345", TEXT, "https://e.org/topic?t=12345#:~:text=1:02:03"),
    # Pieces of a path go to the end of the path, and replace a time of the same form.
    ("https://overcast.fm/+ABC", "{url}/{mm:ss}", "https://overcast.fm/+ABC/1:02:03"),
    ("https://overcast.fm/+ABC/12:34", "{url}/{mm:ss}", "https://overcast.fm/+ABC/1:02:03"),
    ("https://overcast.fm/+ABC/12%3A34/", "{url}/{mm:ss}", "https://overcast.fm/+ABC/1:02:03"),
    ("https://e.org/details/x/start/123", "{url}/start/{seconds}", "https://e.org/details/x/start/3723"),
    (f"{PAGE}/?a=1#section", "{url}/start/{seconds}", "https://e.org/talk/start/3723?a=1#section"),
    ("https://e.org/123", "{url}/{seconds}", "https://e.org/123/3723"),
    ("https://e.org", "{url}/{seconds}", "https://e.org/3723"),
    ("https://e.org/+ABC/2:34", "{url}/{m:ss}", "https://e.org/+ABC/62:03"),
    ("https://e.org/123", "{url}/{milliseconds}", "https://e.org/123/3723000"),
    ("https://e.org/video/1h2m3s", "{url}/{h}h{m}m{s}s", "https://e.org/video/1h2m3s"),
    (f"{PAGE}?t=1h2m4s", "{url}?t={h}h{m}m{s}s", "https://e.org/talk?t=1h2m3s"),
    ("https://bible.org/john/3:16", SECONDS, "https://bible.org/john/3:16?t=3723"),
    (PAGE, "{url}.html?t={seconds}", "https://e.org/talk.html?t=3723"),
    (f"{PAGE}?a=1", "{url}.html?t={seconds}", "https://e.org/talk.html?a=1&t=3723"),
    # Anything else goes to the very end.
    (f"{PAGE}?t=", "{url}{seconds}", "https://e.org/talk?t=3723"),
    (f"{PAGE}#t=", "{url}{seconds}", "https://e.org/talk#t=3723"),
    (f"{PAGE}#", "{url}{seconds}", "https://e.org/talk#3723"),
    (f"{PAGE}?a=1", "{url};t={seconds}", "https://e.org/talk?a=1;t=3723"),
    (f"{PAGE}#t=12", "{url};t={seconds}", "https://e.org/talk;t=3723"),
    (PAGE, "{url}{seconds}", "https://e.org/talk3723"),
    # Words to search the page for follow a fragment that leads there, or replace it.
    (PAGE, MORE_TEXT, "https://e.org/talk#:~:text=1:02:03"),
    (f"{PAGE}#section", MORE_TEXT, "https://e.org/talk#section:~:text=1:02:03"),
    (f"{PAGE}#section:~:text=a", MORE_TEXT, "https://e.org/talk#section:~:text=1:02:03"),
    (f"{PAGE}#section", TEXT, "https://e.org/talk#:~:text=1:02:03"),
    (f"{PAGE}#section", "{url}?a=1:~:text={mm:ss}", "https://e.org/talk?a=1#section:~:text=1:02:03"),
    (ROUTE, TEXT, "https://e.org/#/talk/5:~:text=1:02:03"),
    (ROUTE, MORE_TEXT, "https://e.org/#/talk/5:~:text=1:02:03"),
    ("https://e.org/#!/talk/5", TEXT, "https://e.org/#!/talk/5:~:text=1:02:03"),
    (f"{ROUTE}:~:text=a", TEXT, "https://e.org/#/talk/5:~:text=1:02:03"),
    # A site that is a single page for its server reads everything after the "#".
    (ROUTE, SECONDS, "https://e.org/#/talk/5?t=3723"),
    (ROUTE, "{url}&t={seconds}", "https://e.org/#/talk/5?t=3723"),
    (f"{ROUTE}?t=12&a=1", SECONDS, "https://e.org/#/talk/5?a=1&t=3723"),
    ("https://e.org/?t=12&a=1#/talk/5", SECONDS, "https://e.org/?a=1#/talk/5?t=3723"),
    (f"{ROUTE}/12:34", "{url}/{mm:ss}", "https://e.org/#/talk/5/1:02:03"),
    (f"{ROUTE}?a=1", "{url}/start/{seconds}", "https://e.org/#/talk/5/start/3723?a=1"),
    (ROUTE, "{url}#/other/{seconds}", "https://e.org/#/other/3723"),
    (f"{ROUTE[:14]}#talk/5", SECONDS, "https://e.org/#talk/5?t=3723"),
    (f"{ROUTE[:14]}#talk/5", "{url}/{seconds}", "https://e.org/#talk/5/3723"),
    (f"{ROUTE[:14]}#!talk", SECONDS, "https://e.org/#!talk?t=3723"),
    # Parameters of a fragment stay, and a template may continue them.
    ("https://e.org/viewer#file=/a.mp4", "{url}&t={seconds}", "https://e.org/viewer#file=/a.mp4&t=3723"),
    ("https://e.org/viewer#file=/a.mp4&t=12", "{url}&t={seconds}", "https://e.org/viewer#file=/a.mp4&t=3723"),
    ("https://e.org/watch#!v=abc", "{url}&t={seconds}", "https://e.org/watch#!v=abc&t=3723"),
    ("https://e.org/viewer#file=/a.mp4", SECONDS, "https://e.org/viewer?t=3723#file=/a.mp4"),
    ("https://e.org/viewer#id=5", TEXT, "https://e.org/viewer#:~:text=1:02:03"),
    # A number that may name the recording stays.
    ("https://e.org/course/p/3", "{url}/p/{seconds}", "https://e.org/course/p/3/p/3723"),
    ("https://e.org/video/t3", "{url}/t{seconds}", "https://e.org/video/t3/t3723"),
    ("https://e.org/room/2h", "{url}/{seconds}", "https://e.org/room/2h/3723"),
    (f"{PAGE}?time=1000&room=2", "{url}&t={seconds}", "https://e.org/talk?time=1000&room=2&t=3723"),
    (f"{PAGE}?time=90s&room=2", "{url}&t={seconds}", "https://e.org/talk?room=2&t=3723"),
    # An address within another one is never cut off.
    (
        f"{PAGE}?a=1&b=2",
        "https://p.org/?u={url}&t={seconds}",
        "https://p.org/?u=https%3A%2F%2Fe.org%2Ftalk%3Fa%3D1%26b%3D2&t=3723",
    ),
    (f"{PAGE}#a", "https://p.org/?u={url}&t={seconds}", "https://p.org/?u=https%3A%2F%2Fe.org%2Ftalk%23a&t=3723"),
    (f"{PAGE}#a", "https://p.org/{url}#t={seconds}", "https://p.org/https%3A%2F%2Fe.org%2Ftalk%23a#t=3723"),
    (f"{PAGE}?a=1&b=2", "https://p.org/{url}#t={seconds}", "https://p.org/https://e.org/talk?a=1&b=2#t=3723"),
    (f"{PAGE}?a=1", "https://p.org/{url}?t={seconds}", "https://p.org/https://e.org/talk?a=1&t=3723"),
    (
        f"{PAGE}?a=1",
        "{url}?from={url}&t={seconds}",
        "https://e.org/talk?a=1&from=https%3A%2F%2Fe.org%2Ftalk%3Fa%3D1&t=3723",
    ),
]

NO_TEMPLATES = [
    ("{url}", "has no place for the time"),
    ("https://e.org", "has no place for the time"),
    ("{url}#t={sec}", "is not a placeholder"),
    ("{url}#t={}", "is not a placeholder"),
    ("{url}#t={Seconds}", "is not a placeholder"),
    ("{url} {seconds}", "not a valid web address"),
    ("javascript:{seconds}", "not a valid web address"),
    ("ftp://e.org/{seconds}", "not a valid web address"),
    ("#t={seconds}", "not a valid web address"),
    ("{seconds}", "not a valid web address"),
    ("{url}#a#t={seconds}", 'two "#"'),
    ("https://p.org/#{url}#t={seconds}", 'two "#"'),
    ("{url}?a=1?t={seconds}", 'two "?"'),
    ("https://{url}?t={seconds}", "name of the host"),
    ("https://{seconds}.e.org/", "name of the host"),
]

# url, link template -> what is wrong with the two
MISFITS = [
    (ROUTE, "{url}#t={seconds}", 'would lose "#/talk/5"'),
    (ROUTE, "{url}?a=1#t={seconds}", 'would lose "#/talk/5"'),
    ("https://e.org/#!/talk/5", "{url}#{mm:ss}", 'would lose "#!/talk/5"'),
    ("https://e.org/viewer#file=/a.mp4", "{url}#t={seconds}", 'would lose "#file=/a.mp4"'),
    ("https://e.org/viewer#id=5", "{url}?a=1#t={seconds}", 'would lose "#id=5"'),
    ("https://e.org", "{url}.{seconds}", 'another host: "https://e.org.{seconds}"'),
    ("https://e.org", "{url}:{seconds}", 'another host: "https://e.org:{seconds}"'),
    ("https://e.org", "{url}{seconds}", 'another host: "https://e.org{seconds}"'),
    ("https://e.org", "{url}@evil.org/{seconds}", 'another host: "https://e.org@evil.org"'),
    ("https://e.org", "{url}.evil.org/?t={seconds}", 'another host: "https://e.org.evil.org"'),
    ("https://e.org", "{url}[{seconds}", "another host"),
    ("https://e.org/123", "{url}{seconds}", '"https://e.org/123{seconds}"'),
    ("https://e.org/123", "{url}{mm:ss}?a=1", '"https://e.org/123{mm:ss}"'),
    ("https://e.org/talk?t=12", "{url}{seconds}", '"https://e.org/talk?t=12{seconds}"'),
    ("https://e.org/talk#t=12", "{url}{seconds}", '"https://e.org/talk#t=12{seconds}"'),
]


@pytest.mark.parametrize(("url", "link", "expected"), TEMPLATES)
def test_a_template_is_filled(url: str, link: str, expected: str) -> None:
    """Each piece of a template goes to its part of the address, and replaces a time there."""
    form = link_form(address(url), template(link))
    assert form.at(3723) == expected
    assert template(f" {link} ") == link


@pytest.mark.parametrize(("text", "words"), NO_TEMPLATES)
def test_an_invalid_template_is_refused(text: str, words: str) -> None:
    """A template has a moment and only known placeholders, and makes a web address; the error quotes only its text."""
    with pytest.raises(ValueError, match=words) as found:
        template(text)
    assert "example.org" not in str(found.value)


@pytest.mark.parametrize(("url", "link", "words"), MISFITS)
def test_a_template_that_cannot_be_right_is_refused(url: str, link: str, words: str) -> None:
    """A link that would lead elsewhere is a problem of the template; each line of the hint corrects it."""
    with pytest.raises(TextError, match=re.escape(words)) as found:
        link_form(address(url), template(link))
    assert found.value.rule == "bad-link"
    for hint in re.findall('^link: "(.*?)"', found.value.hint, re.MULTILINE):
        assert link_form(address(url), template(hint)).at(3723)


NAMES = st.sampled_from(["a", "id", "v", "list", "p", "t", "start", "time", "T", "at"])
TIMES = st.sampled_from(["12", "90s", "1h2m3s", "1:02:03", "12.5", "1%3A02"])
VALUES = st.one_of(TIMES, st.sampled_from(["", "x", "abc-1", "%20", "1x", "a=b"]))
QUERIES = st.lists(st.tuples(NAMES, VALUES).map("=".join), max_size=4)
FRAGMENTS = st.sampled_from(["", "section", "t=12", "t-61234", "12:34", ":~:text=a", "s:~:text=a", "/talk/5", "!/talk"])
LINKS = st.sampled_from(
    [
        *(SECONDS, TEXT, MORE_TEXT, "{url}&t={seconds}s", "{url}?start={seconds}", "{url}/{mm:ss}"),
        *("{url}/start/{seconds}", "{url}#t={seconds}", "{url}?p=1&t={hh:mm:ss}", "{url}?a=2#t={mm:ss}"),
    ]
)
PATHS = st.sampled_from(["", "/", "/talk", "/talk/", "/a/3:16", "/start/7", "/12"])


@given(path=PATHS, query=QUERIES, fragment=FRAGMENTS, link=LINKS)
def test_a_link_leads_to_the_same_page_and_to_one_moment(path: str, query: list[str], fragment: str, link: str) -> None:
    """The host stays, the moment is the only time and is there once, and other parameters keep order and spelling."""
    url = f"https://e.org{path}{'?' * bool(query)}{'&'.join(query)}{'#' * bool(fragment)}{fragment}"
    is_route = fragment[:1] in ("/", "!")
    assume(not (is_route and "#t=" in link))  # since it is refused
    made = link_form(address(url), template(link)).at(45_296)
    assert urlsplit(made).netloc == "e.org"
    assert len(re.findall("45296|12:34:56", made)) == 1
    own = set() if is_route else set(re.findall("[?&]([a-z]+)=", link))
    times = () if ":~:" in link else ("t", "start", "time")
    kept = [each for each in query if not _gives_way(each, own, times)]
    found = [each for each in urlsplit(made).query.split("&") if each]
    assert found[: len(kept)] == [each for each in kept if each]
    assert not is_route or f"#{fragment}" in made


def _gives_way(parameter: str, own: set[str], times: tuple[str, ...]) -> bool:
    name, _, value = parameter.partition("=")
    is_time = value in ("12", "90s", "1h2m3s", "1:02:03", "12.5", "1%3A02")
    may_be_another = name == "time" and value == "12"
    return name in own or (name in times and is_time and not may_be_another)
