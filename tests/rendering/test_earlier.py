"""What earlier versions made of a note: the digests that they gave it, and the HTML that they can have made."""

from collections.abc import Mapping

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cuedeck.problems import Place, Report
from cuedeck.reading.cardsfile import cards_from_text
from cuedeck.rendering import content
from cuedeck.rendering.content import renderings
from cuedeck.rendering.earlier import can_be_of, note_then
from cuedeck.rendering.fields import RenderedNote, render_notes
from cuedeck.rendering.markdown import cloze_to_html, to_html
from cuedeck.rendering.notefields import REVERSE
from tests.making import cloze, deck, question
from tests.rendering.rerendering import SAMPLES, SOME, is_gap, revise

NOTE = "*one* and **two** and `three`"


def rendered(text: str, revisions: Mapping[str, int]) -> RenderedNote:
    """Return a note with this text, as a version with these revisions renders it."""
    note = cloze(text) if is_gap(text) else question(text)
    cards = yaml.safe_dump(deck({"note": note}, sources={}), allow_unicode=True)
    with pytest.MonkeyPatch.context() as patch:
        revise(patch, revisions)
        (only,) = render_notes(cards_from_text(cards).deck, Report(lambda *_: Place("cards.yaml")))
    return only


@pytest.mark.parametrize(
    ("revisions", "marks", "found"),
    [
        ({}, {"a"}, [{}]),
        ({"a": 2}, {"b"}, [{}]),
        ({"a": 2}, {"a", "b"}, [{"a": 2}, {}]),
        ({"a": 2, "b": 2, "c": 2}, {"a", "c"}, [{"a": 2, "c": 2}, {"a": 2}, {}]),
        ({"a": 4}, {"a"}, [{"a": 4}, {"a": 3}, {"a": 2}, {}]),
        ({"b": 2, "a": 3}, {"a", "b"}, [{"a": 3, "b": 2}, {"a": 2, "b": 2}, {"b": 2}, {"a": 2}, {}]),
        ({"a": 1, "b": 2}, {"a", "b"}, [{"b": 2}, {}]),
    ],
)
def test_the_last_revision_is_undone_first(
    revisions: dict[str, int], marks: set[str], found: list[dict[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mark that was revised again moves to the end, so it is not known when it got its previous number."""
    revise(monkeypatch, revisions)
    assert list(renderings(marks)) == found


def test_each_revision_adds_one_earlier_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """There are no more of them, however many marks a note uses."""
    revise(monkeypatch, {str(number): 2 for number in range(200)})
    assert len(list(renderings({str(number) for number in range(200)}))) == 201


def test_the_texts_of_a_second_card_may_be_rendered_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are taken from an older package if they can come from their source, as those of the first card are."""
    data = deck({"note": question(reverse={"q": "Which *term*?", "a": "This *one*"})}, sources={})
    cards = cards_from_text(yaml.safe_dump(data))
    revise(monkeypatch, {"em_open": 2})
    (today,) = render_notes(cards.deck, Report(lambda *_: Place("cards.yaml")))
    html = today.fields_by_key[REVERSE.key]
    for then, kept in ((html.replace("em>", "i>"), True), (html.replace("term", "word"), False)):
        assert (note_then(today, "", {REVERSE.key: then}).fields_by_key[REVERSE.key] == then) == kept


def test_a_note_has_the_digests_of_earlier_versions() -> None:
    """It has those of every version between the first and this one, and none of another note."""
    on_the_way: list[dict[str, int]] = [{}, {"em_open": 2}, {"em_open": 2, "hr": 2}, {"em_open": 2, "strong_open": 2}]
    today = rendered(NOTE, {"em_open": 2, "hr": 2, "strong_open": 2})
    before = {rendered(NOTE, each).content for each in on_the_way}
    assert set(today.earlier) == before - {today.content}
    assert len(today.earlier) == 2
    assert not {rendered(f"{NOTE}.", each).content for each in on_the_way} & {*today.earlier}
    assert rendered("one", {"em_open": 2}).earlier == ()
    assert rendered(NOTE, {}).earlier == ()


def test_each_mark_has_a_sample() -> None:
    """Every revision is tested with a text that uses it: add one to SAMPLES in rerendering.py."""
    for mark in (*content.REVISIONS, *SOME):
        assert mark in SAMPLES
        assert rendered(SAMPLES[mark], {mark: 2}).earlier, mark


# A source, and the HTML that an earlier version may have made of it.
EARLIER = [
    ("~~no~~", "~~no~~"),
    ("*that*", "<em>that</em>"),
    ("*that*", "<i>that</i>"),
    ("*that*", "*that*"),
    ("H<sub>2</sub>O", "H&lt;sub&gt;2&lt;/sub&gt;O"),
    ("a &lt; b &eacute;", "a &lt; b é"),
    ("`&eacute;` is &eacute;", "<code>&amp;eacute;</code> is é"),
    ("see [there](https://example.org/a)", 'see <a href="https://example.org/a">there</a>'),
    ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
    ("one\\\ntwo", "one<br />\ntwo"),
    ("e\u0301", "é"),
    (r"\(a<b\)", r"\(a&lt;b\)"),
]


@pytest.mark.parametrize(("source", "html"), EARLIER)
def test_an_earlier_rendering_says_what_its_source_says(source: str, html: str) -> None:
    """It does so however its marks were rendered."""
    assert can_be_of(html, source, to_html(source))


def test_an_earlier_rendering_of_a_deletion_says_what_its_source_says() -> None:
    """A display formula used to be inside its deletion, and is now around it."""
    for source in (r"so {{c1::\[x^{2}\]}}", r"{{c1::\[x^{2}\]::which area?}}"):
        then = source.replace("{2}", "&#123;2&#125;")
        now = cloze_to_html(source).html
        assert then != now
        assert can_be_of(then, source, now)
        assert not can_be_of(then.replace("x", "y"), source, now)


# HTML that only a forger puts into a field whose source is "Water is ~~not~~ **wet**, 2 < 3".
FORGED = {
    "a missing word": "Water is <strong>wet</strong>, 2 &lt; 3",
    "one more word": "Water is ~~not~~ never <strong>wet</strong>, 2 &lt; 3",
    "another word": "Water is ~~hot~~ <strong>wet</strong>, 2 &lt; 3",
    "another sign": "Water is ~~not~~ <strong>wet</strong>, 2 &gt; 3",
    "another order": "Water <strong>wet</strong> is ~~not~~, 2 &lt; 3",
    "nothing": "",
    "a script": "Water is ~~not~~ <strong>wet</strong><script>alert(1)</script>, 2 &lt; 3",
    "an unclosed tag": "Water is ~~not~~ <strong>wet</strong>, 2 &lt; 3<img src=x onerror=alert(1)",
    "an event": "Water is ~~not~~ <strong onclick=alert(1)>wet</strong>, 2 &lt; 3",
    "a link": 'Water is ~~not~~ <a href="https://evil.example/">wet</a>, 2 &lt; 3',
    "a picture": "Water is ~~not~~ <strong>wet</strong><img src=x>, 2 &lt; 3",
    "a comment": "Water is ~~not~~ <strong>wet</strong><!-- -->, 2 &lt; 3",
    "a style": "Water is ~~not~~ <strong>wet</strong><style>p</style>, 2 &lt; 3",
    "a formula": r"Water is \(not\) <strong>wet</strong>, 2 &lt; 3",
}


@pytest.mark.hostile
@pytest.mark.parametrize("html", FORGED.values(), ids=FORGED)
def test_forged_html_is_recognised(html: str) -> None:
    """It says something else than its source, or does something more."""
    source = "Water is ~~not~~ **wet**, 2 < 3"
    assert can_be_of("Water is ~~not~~ <strong>wet</strong>, 2 &lt; 3", source, to_html(source))
    assert not can_be_of(html, source, to_html(source))


@given(st.text(alphabet="ab&<>;#x1é *_`[]()\\/", max_size=40), st.text(alphabet="ab&<>;/ ", max_size=40))
def test_any_html_gets_an_answer(html: str, source: str) -> None:
    """A package may contain anything."""
    assert can_be_of(html, source, source) in (True, False)


@pytest.mark.parametrize("html", ["<" * 50_000, "<a" * 50_000, "&" * 50_000, "&#1" * 50_000, "<>" * 50_000])
def test_no_html_takes_long(html: str) -> None:
    """The comparison reads each text only once."""
    can_be_of(html, html, html)
