"""Which files a field shows or plays: what comes along with a note in Anki, and what does not."""

import pytest

from cuedeck.media.references import references, with_names

# Name: a field, and the files that it shows or plays.
FIELDS: dict[str, tuple[str, list[str]]] = {
    "a picture of ours": ('<img src="a.png" alt="x > y" style="width: 50%">', ["a.png"]),
    "a sound of ours": ("a [sound:a.mp3] b", ["a.mp3"]),
    "several": ('[sound:a.mp3]<img src="b.png">[sound:a.mp3]', ["a.mp3", "b.png", "a.mp3"]),
    "no quotes": ("<img src=a.png>", ["a.png"]),
    "single quotes and capitals": ("<IMG ALT='' SRC = 'a.png'>", ["a.png"]),
    "a line end": ('<img\nsrc="a.png">', ["a.png"]),
    "a sign of another tag in the words": ('<img alt="a > b" src="a.png">', ["a.png"]),
    "no space": ('<img class="x"src="a.png">', ["a.png"]),
    "entities": ('<img src="a&amp;b.png">[sound:c&amp;d.mp3]', ["a&b.png", "c&d.mp3"]),
    "spaces": ('<img src="a b.png">[sound:c d.mp3]', ["a b.png", "c d.mp3"]),
    "accents": ('<img src="e\u0301.png">', ["\u00e9.png"]),
    "other tags": (
        '<audio src="a.mp3"></audio><video><source src="b.mp4"></video><object data="c.png">',
        ["a.mp3", "b.mp4", "c.png"],
    ),
    "in a deletion": ('{{c1::<img src="a.png">::<img src="b.png">}}', ["a.png", "b.png"]),
    "percent signs are no spaces": ('<img src="a%20b.png">', ["a%20b.png"]),
    "other sites": ('<img src="https://example.org/a.png"><img src="//x/a.png">[sound:http://x/a.mp3]', []),
    "a picture in the text": ('<img src="data:image/png;base64,AAAA">', []),
    "other attributes": ('<img data-src="a.png"><img srcset="a.png"><video poster="a.png">', []),
    "a link": ('<a href="a.png">a</a>', []),
    "words": ("src=a.png, [sound: and &lt;img src=a.png&gt;", []),
    "no end": ('<img src="a.png', []),
    "nothing": ('<img src=""> [sound:]', []),
}


@pytest.mark.parametrize(("field", "names"), FIELDS.values(), ids=FIELDS)
def test_what_a_field_shows_or_plays(field: str, names: list[str]) -> None:
    """In its order, and each as often as it is there."""
    assert list(references(field)) == names


@pytest.mark.parametrize("field", [field for field, _ in FIELDS.values()], ids=FIELDS)
def test_other_names(field: str) -> None:
    """They replace nothing but names: the same ones change nothing, and others are found again."""
    assert with_names(field, lambda name: name) == field
    renamed = with_names(field, lambda name: f"new & {name}")
    if "src=a.png" not in field:
        assert list(references(renamed)) == [f"new & {name}" for name in references(field)]


@pytest.mark.parametrize("part", ["<img ", '<img src="', "<img ' \"", "[sound:", "<img src=a", '<img a="\'" ', '"src='])
def test_a_field_of_megabytes_is_read(part: str) -> None:
    """A stranger's field, full of tags without end, is read as quickly as any other."""
    times = 400_000 // len(part)
    assert len(references(part * times)) <= times
