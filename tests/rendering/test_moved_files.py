"""A picture counts by its bytes: to move its file changes no note, and other bytes change every note that shows it."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cuedeck.media.digests import Digests
from cuedeck.media.files import MediaFolder, as_written
from cuedeck.problems import TextError
from cuedeck.rendering.embedded import renamed
from cuedeck.rendering.markdown import cloze_to_html, to_html
from cuedeck.rendering.results import Seen
from tests.tinymedia import file

# Files of the same bytes, under names that a text writes in different ways.
SAME = ("a.png", "media/slide one.png", "pictures/a&amp;b (2).png", "é/[x].png")
OTHER = ("b.png", "media/slide two.png", "pictures/c&lt;d.png", "é/x.png")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> MediaFolder:
    """A folder with both pictures under each of their names."""
    folder = tmp_path_factory.mktemp("deck")
    for paths, words in ((SAME, "same"), (OTHER, "other")):
        for path in paths:
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_bytes(file("png", words))
    return MediaFolder(folder, Digests())


def rendered(text: str, files: MediaFolder) -> tuple[str, str]:
    """Return the HTML of a text, and the text that counts in the digest of its note."""
    seen = Seen(set(), find=files.find)
    html = cloze_to_html(text, seen).html if "{{c1" in text else to_html(text, seen)
    return html, renamed(text, seen.files)


# Texts with places for pictures, in all kinds of surroundings, and what a second line there begins with.
SURROUNDINGS = {
    "{} {}": "",
    "Words {}, words {}": "",
    "* {}\n* {}": "  ",
    "> quoted\n> {}\n> {}": "> ",
    "> * {}\n> * {}": ">   ",
    "1. one\n   {}\n2. {}": "   ",
    "| a | {} |\n|---|---|\n| {} | b |": "",
    "{{{{c1::{}}}}} and {{{{c2::{}::hint}}}}": "",
    "**{}** _{}_": "",
    "`code` {} [words](https://example.org) {}": "",
}
MARKUPS = [
    "![]({})",
    "![what it shows]({})",
    "![what it shows]({}){{width=50%}}",
    "![a\nb]({})",
    "![*a* `b` \\[c\\]](  {}  )",
    "![x](\n{})",
    "![({})]({})",
]
surroundings = st.sampled_from([*SURROUNDINGS])
pictures = st.lists(st.tuples(st.sampled_from(MARKUPS), st.sampled_from(range(4))), min_size=2, max_size=2)


def text_of(around: str, chosen: list[tuple[str, int]], paths: tuple[str, ...]) -> str:
    each = [markup.format(*[as_written(paths[at])] * 2) for markup, at in chosen]
    return around.format(*(text.replace("\n", f"\n{SURROUNDINGS[around]}") for text in each))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(around=surroundings, chosen=pictures, moves=st.tuples(st.integers(0, 3), st.integers(0, 3)))
def test_a_moved_file_changes_nothing(
    files: MediaFolder, around: str, chosen: list[tuple[str, int]], moves: tuple[int, int]
) -> None:
    """Wherever a picture is in a text, and however its path has to be written before and after."""
    if any(markup.startswith("![({") for markup, _ in chosen):
        return  # that path is words, which learners read
    if around.startswith("|") and any("\n" in markup for markup, _ in chosen):
        return  # no cell has two lines
    moved = [(markup, at) for (markup, _), at in zip(chosen, moves, strict=True)]
    assert rendered(text_of(around, chosen, SAME), files) == rendered(text_of(around, moved, SAME), files)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(around=surroundings, chosen=pictures, others=pictures, change=st.booleans())
def test_what_looks_different_counts_differently(
    files: MediaFolder, around: str, chosen: list[tuple[str, int]], others: list[tuple[str, int]], change: bool
) -> None:
    """Two texts that are not the same on a card never count as the same, whichever files they name."""
    try:
        one = rendered(text_of(around, chosen, SAME), files)
        two = rendered(text_of(around, others, OTHER if change else SAME), files)
    except TextError:
        return
    assert one[0] == two[0] or one[1] != two[1]
    assert not change or one[1] != two[1]


@pytest.mark.parametrize(
    ("label", "alt"),
    [
        ("[sound:x.mp3]", "&#91;sound:x.mp3]"),
        (r"\[latex\]x\[/latex\]", r"\&#91;latex\]x\&#91;/latex\]"),
        ("[anki:play:q:0]", "&#91;anki:play:q:0]"),
        ("a < b & \"c\" > 'd'", "a &lt; b &amp; &quot;c&quot; &gt; &#x27;d&#x27;"),
    ],
)
def test_words_about_a_picture_are_only_words(files: MediaFolder, label: str, alt: str) -> None:
    """Anki looks for its own marks inside tags, too, and none of them may be in what describes a picture."""
    html, _ = rendered(f"![{label}](a.png)", files)
    assert re.sub(r"cuedeck-[0-9a-f]+", "name", html) == f'<img src="name.png" alt="{alt}">'
