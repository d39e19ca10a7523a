"""Which media files of a package its cards use: those named as a whole, in any spelling."""

import json
import time
from typing import Any

import pytest

from cuedeck.bridging.usedmedia import used_media

NAMES = [
    *("a.png", "data.png", "a b.png", "ä.png", "a&b.png", "a'b.png", "100%.png", "a(1).png", "s.mp3", "v.mp4"),
    *("_f.ttf", "_f.ttf.bak", "_x.js", "_xx.js", "_my font.woff", "src", "A.png"),
]

# Name: a field, and the media files that it uses.
FIELDS: dict[str, tuple[str, list[str]]] = {
    "a picture": ('<img src="a.png">', ["a.png"]),
    "the end of another name": ('<img src="data.png">', ["data.png"]),
    "a folder": ('<img src="x/a.png"><img src="https://example.org/a.png">', []),
    "single quotes": ("<IMG alt='' SRC = 'a.png'>", ["a.png"]),
    "no quotes": ("<img src=a.png><img src=A.png/>", ["a.png"]),
    "spaces": ('<img src="a b.png">', ["a b.png"]),
    "percent signs": ('<img src="a%20b.png">', ["a b.png"]),
    "a bare percent sign": ('<img src="100%.png">', ["100%.png"]),
    "its percent sign encoded": ('<img src="100%25.png">', ["100%.png"]),
    "an umlaut encoded": ('<img src="%C3%A4.png">', ["ä.png"]),
    "an umlaut of two parts": ('<img src="a\u0308.png">', ["ä.png"]),
    "entities": ('<img src="a&amp;b.png"><img src="&#97;.png">', ["a&b.png", "a.png"]),
    "an apostrophe": ('<img src="a\'b.png">', ["a'b.png"]),
    "another apostrophe": ("<img src='a&#39;b.png'>", ["a'b.png"]),
    "sound": ("[sound:s.mp3] [sound:a&amp;b.png]", ["a&b.png", "s.mp3"]),
    "video": ('<video poster="a.png"><source src="v.mp4"></video>', ["a.png", "v.mp4"]),
    "an object": ('<object data="a.png"></object>', ["a.png"]),
    "a link": ('<a href="data.png#page=2">x</a>', ["data.png"]),
    "an attribute of style": ("<b style='background: url(a.png)'>", ["a.png"]),
    "quotes in it": ('<b style="background: url(&quot;a.png&quot;)">', ["a.png"]),
    "a bracket in it": ("<b style='background: url(\"a(1).png\")'>", ["a(1).png"]),
    "a script": (r'<script>x = "<img src=\"a.png\">"</script>', ["a.png"]),
    "words": ("The file a.png, or _x.js; src = data.", []),
    "nothing": ("", []),
    "no end": ('<img src="a.png [sound:s.mp3 url(', []),
}

# Name: a template or a style, and the media files that it uses.
LOOKS: dict[str, tuple[str, list[str]]] = {
    "a font": ("@font-face { src: url('_f.ttf') }", ["_f.ttf"]),
    "a font for old browsers": ('src: url("_f.ttf?#iefix") format("x")', ["_f.ttf"]),
    "a font without quotes": ("src: url( _f.ttf )", ["_f.ttf"]),
    "an imported style": ("@import '_f.ttf';", ["_f.ttf"]),
    "a script": ('<script src="_x.js"></script>', ["_x.js"]),
    "a name in a script": ("load('_x.js'); // as _f.ttf.", ["_f.ttf", "_x.js"]),
    "a longer name": ("load('_f.ttf.bak'); load('__x.js'); load('a_x.js'); load('_x.json')", ["_f.ttf.bak"]),
    "a name with a space": ("load('_my font.woff')", ["_my font.woff"]),
    "a name without its sign": ("load('a.png')", []),
}


def used(field: str = "", look: str = "") -> list[str]:
    files = {str(number): b"" for number in range(len(NAMES))}
    listed = json.dumps(dict(enumerate(NAMES))).encode()
    return sorted(used_media({**files, "media": listed}, [field], [look]))


@pytest.mark.parametrize(("field", "names"), FIELDS.values(), ids=FIELDS)
def test_what_a_field_names_is_used(field: str, names: list[str]) -> None:
    """By the whole name, and only where a file is meant, not in words."""
    assert used(field) == names


@pytest.mark.parametrize(("look", "names"), LOOKS.values(), ids=LOOKS)
def test_what_a_template_or_a_style_names_is_used(look: str, names: list[str]) -> None:
    """There, a name that begins with "_" may be anywhere, as in Anki."""
    assert used(look=look) == names


@pytest.mark.parametrize(
    "part", ['src="', "src= ", "url( ", 'url("', "@import ", "[sound:", "src=\\", "&amp;", "data=x?#", "_x.js_x.js"]
)
def test_no_text_takes_long(part: str) -> None:
    """A stranger's field of megabytes, full of unfinished references, is read quickly."""
    text = part * (200_000 // len(part))
    before = time.process_time()
    used(text, text)
    assert time.process_time() - before < 5


# Name: the list of media files, and the names of those that are copied if a field names all of them.
LISTS: dict[str, tuple[Any, list[str]]] = {
    "an honest one": ({"0": "a.png", "1": "x.png"}, ["a.png", "x.png"]),
    "dots in a name": ({"0": "wait ... what.mp3"}, ["wait ... what.mp3"]),
    "a path": ({"0": "../a.png", "1": "a/a.png", "2": "a\\a.png", "3": "..", "4": "/a.png"}, []),
    "names of several lines": ({"0": "a.png\n", "1": "\0a.png", "2": "a.png\r", "3": "a\n.png"}, []),
    "half a character": ({"0": "\ud800a.png"}, []),
    "no file there": ({"7": "a.png"}, []),
    "the database": ({"collection.anki2": "a.png", "media": "_x.js", "-1": "b.png"}, []),
    "no name": ({"0": None, "1": ["a.png"], "2": "", "3": {"a.png": "a.png"}}, []),
    "one name twice": ({"0": "a.png", "1": "a.png"}, ["a.png"]),
    "none": ({}, []),
}


@pytest.mark.parametrize(("listed", "names"), LISTS.values(), ids=LISTS)
def test_only_valid_names_are_copied(listed: dict[str, Any], names: list[str]) -> None:
    """A stranger's list may name paths, or pass off the database as a picture."""
    files = {
        **dict.fromkeys(["0", "1", "2", "3", "4", "-1", "collection.anki2"], b""),
        "media": json.dumps(listed).encode(),
    }
    texts = [f'<img src="{name}">' for name in listed.values()]
    assert list(used_media(files, texts, texts)) == names
