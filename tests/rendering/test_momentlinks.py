"""Links to moments: what is written is read again."""

from hypothesis import given
from hypothesis import strategies as st

from cuedeck.rendering.momentlinks import MomentLink, moment_link, moment_links

LINKS = st.builds(
    MomentLink,
    st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=20).map("https://e.org/?a=1&b=".__add__),
    st.sampled_from("▶¶"),
    st.sampled_from(["00:46", "1:02:03", "{{Clock}}"]),
)


@given(st.lists(LINKS, max_size=3))
def test_what_is_written_is_read_again(links: list[MomentLink]) -> None:
    """Addresses come back as they were, whatever signs are in them, with the words around them left out."""
    html = " ".join(moment_link(each.address, each.mark, each.clock) for each in links)
    assert list(moment_links(f'{html} <span class="cue-source">A &lt;film&gt;</span>')) == links
