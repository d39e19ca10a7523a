"""The markup for where a note comes from is read as it was written."""

from hypothesis import example, given
from hypothesis import strategies as st

from cuedeck.rendering.literal import plain_to_html
from cuedeck.rendering.originmarkup import (
    MainSource,
    MomentLink,
    attributed,
    attribution,
    main_moment,
    main_source_in,
    main_title,
    moment_link,
    moment_links,
    without_main_source,
)
from cuedeck.rendering.plain import plain

LINKS = st.builds(
    MomentLink,
    st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=20).map("https://e.org/?a=1&b=".__add__),
    st.sampled_from("▶¶"),
    st.sampled_from(["00:46", "1:02:03", "{{Clock}}"]),
)


@given(st.lists(LINKS, max_size=3))
def test_what_is_written_is_read_again(links: list[MomentLink]) -> None:
    """Addresses come back unchanged, whatever characters they contain, and without the words around them."""
    html = " ".join(moment_link(each.address, each.mark, each.clock) for each in links)
    assert list(moment_links(f'{html} <span class="cue-source">A &lt;film&gt;</span>')) == links


TITLES = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20)


@given(TITLES, st.lists(LINKS, max_size=2))
@example(r"\[ and \(x\)", [])
def test_the_name_of_a_source_is_read_again(title: str, links: list[MomentLink]) -> None:
    """It comes back as plain text, whatever characters it contains, and is not read as a link."""
    html = plain_to_html(title)
    field = " ".join([*(moment_link(each.address, each.mark, each.clock) for each in links), attribution(html)])
    assert attributed(field) == plain(html)
    assert list(moment_links(field)) == links


@given(TITLES, LINKS)
@example(r"\[ and \(x\)", MomentLink("https://e.org", "▶", "00:46"))
def test_what_templates_say_of_the_main_source_is_read_again(title: str, link: MomentLink) -> None:
    """Its address, name and sign come back from whichever template has them, and can be removed from it."""
    html = plain_to_html(title)
    foot = f"<p>{main_moment(link.address, link.mark, link.clock)}</p>{main_title(html)}<hr>"
    found = main_source_in(["<p>{{Answer}}</p>", foot])
    assert found == MainSource(link.address, plain(html), link.mark)
    assert without_main_source(foot) == "<p></p><hr>"


def test_templates_without_a_main_source() -> None:
    """Without a main source, all values are empty."""
    assert main_source_in([main_title(""), "<p>{{Answer}}</p>"]) == MainSource()
