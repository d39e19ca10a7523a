"""Which files a text can name, however they are called, and how all others are refused."""

import os
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from cuedeck.media.digests import Digests, sha256_of
from cuedeck.media.files import LARGEST, MediaFile, MediaFolder, as_written
from cuedeck.media.kinds import FORMATS, HEAD
from cuedeck.problems import Problems, TextError
from cuedeck.rendering.markdown import cloze_to_html, to_html
from cuedeck.rendering.results import Seen
from tests.tinymedia import BEGINNINGS, file, put

COMPOSED, DECOMPOSED = "media/\u00e9t\u00e9.png", "media/e\u0301te\u0301.png"
IN_ANKI = re.compile(r"cuedeck-[0-9a-f]{16}\.(?:png|jpg|gif|webp|mp3|m4a)")


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    """The folder of a deck, in a folder that has other things."""
    (tmp_path / "deck" / "media").mkdir(parents=True)
    return tmp_path / "deck"


def find(folder: Path, path: str) -> MediaFile:
    return MediaFolder(folder, Digests()).find(path)


def found_in(folder: Path, text: str) -> list[MediaFile]:
    """Return the files that a text shows or plays."""
    seen = Seen(find=MediaFolder(folder, Digests()).find)
    to_html(text, seen)
    assert not seen.misread
    return [each.file for each in seen.files]


def refused(folder: Path, path: str) -> TextError:
    with pytest.raises(TextError) as caught:
        find(folder, path)
    assert caught.value.hint
    return caught.value


# Name of a file: how a text writes it.
NAMES = {
    "a.png": "a.png",
    "A.PNG": "A.PNG",
    "photo.JPEG": "photo.JPEG",
    "a b.png": "<a b.png>",
    " a.png": "< a.png>",
    "a (1).png": "<a (1).png>",
    "a(1).png": "<a(1).png>",
    "a%20b.png": "a%20b.png",
    "100%.png": "100%.png",
    "a#b.png": "a#b.png",
    "a?b.png": "a?b.png",
    "a&b.png": "a&b.png",
    "a&amp;b.png": "a&amp;amp;b.png",
    "a&copy.png": "a&copy.png",
    "a+b.png": "a+b.png",
    "a;b,c=d~e@f!$.png": "a;b,c=d~e@f!$.png",
    "a'b.png": "a'b.png",
    'a"b.png': 'a"b.png',
    "a<b>.png": r"a\<b\>.png",
    "a:b.png": "a:b.png",
    "a|b*c^d`e.png": "a|b*c^d`e.png",
    "[a].png": "[a].png",
    "{{a}}.png": "{{a}}.png",
    "a::b.png": "a::b.png",
    "\U0001f600.png": "\U0001f600.png",
    ".hidden.png": ".hidden.png",
    "_a.png": "_a.png",
    "a..png": "a..png",
    "\u202egnp.png": "\u202egnp.png",
    f"{'n' * 196}.png": f"{'n' * 196}.png",
    "con.png": "con.png",
    "NUL.mp3": "NUL.mp3",
    "lpt1.gif": "lpt1.gif",
    "cuedeck-0123456789abcdef.png": "cuedeck-0123456789abcdef.png",
}


@pytest.mark.skipif(os.name == "nt", reason="Windows allows few of these names")
@pytest.mark.parametrize(("name", "written"), NAMES.items(), ids=[*map(ascii, NAMES)])
def test_any_name_can_be_written(deck: Path, name: str, written: str) -> None:
    """In Anki each has a name of lowercase letters, digits and one hyphen, which every system and device can have."""
    data = file(name.rpartition(".")[2].lower(), name)
    (deck / "media" / name).write_bytes(data)
    markup = f"![x]({written.replace('<', '<media/', 1) if written.startswith('<') else f'media/{written}'})"
    (found,) = found_in(deck, markup)
    assert found.where.read_bytes() == data
    assert IN_ANKI.fullmatch(found.name)
    seen = Seen(find=MediaFolder(deck, Digests()).find)
    if found.kind == "picture":
        shown = f'<img src="{found.name}" alt="x">'
        assert cloze_to_html(f"{{{{c1::{markup}::hint}}}}", seen).html == f"{{{{c1::{shown}::hint}}}}"
    if name.isprintable():
        assert as_written(f"media/{name}") in markup


@pytest.mark.parametrize("text", [COMPOSED, DECOMPOSED], ids=["text in NFC", "text in NFD"])
@pytest.mark.parametrize("name", [COMPOSED, DECOMPOSED], ids=["file in NFC", "file in NFD"])
def test_accents_may_be_composed_or_not(deck: Path, name: str, text: str) -> None:
    """Systems and programs write a name in one form or the other, and people see no difference."""
    (deck / name).write_bytes(file("png"))
    assert find(deck, text).where.read_bytes() == file("png")
    assert found_in(deck, f"![x]({text})")[0].path == COMPOSED


def test_the_accents_of_folders_count_no_more(deck: Path) -> None:
    """One part of a path may be in one form, and another in the other."""
    there = deck / unicodedata.normalize("NFD", "é") / "é"
    there.mkdir(parents=True)
    (there / unicodedata.normalize("NFD", "é.png")).write_bytes(file("png"))
    assert find(deck, "é/é/é.png").path == "é/é/é.png"
    assert refused(deck, "é/é/e.png").hint == 'did you mean "é/é/é.png"?'


@pytest.mark.parametrize("path", ["./media/a.png", "media//a.png", "media/./a.png", "media/x/../a.png", "media/a.png/"])
def test_one_file_has_one_path(deck: Path, path: str) -> None:
    """However many dots and slashes are in it."""
    put(deck, a_png="a")
    assert find(deck, path) == find(deck, "media/a.png")


@pytest.mark.parametrize("path", ["media", "media/", "./media", ".", "media/a.png", "./media//a.png"])
def test_folders_may_be_named_for_all_in_them(deck: Path, path: str) -> None:
    """Below `media:`, the deck's own folder is one of them."""
    put(deck, a_png="a")
    MediaFolder(deck, Digests()).check_is_there(path)


def test_the_name_comes_from_the_bytes(deck: Path) -> None:
    """The same bytes have the same name, whatever the file is called, and other bytes have another."""
    put(deck, a_jpg="one", b_jpeg="one", c_jpg="two")
    first, again, other = (find(deck, f"media/{name}") for name in ("a.jpg", "b.jpeg", "c.jpg"))
    assert first.sha256 == sha256_of(deck / "media" / "a.jpg")
    assert first.name == again.name == f"cuedeck-{first.sha256[:16]}.jpg"
    assert other.name != first.name


@pytest.mark.parametrize("is_there", [True, False], ids=["changed", "gone"])
def test_other_bytes_are_never_taken_for_those_of_a_name(deck: Path, is_there: bool) -> None:
    """A message says that another program changed the file."""
    put(deck, a_png="one")
    found = find(deck, "media/a.png")
    assert found.read() == file("png", "one")
    found.where.unlink()
    if is_there:
        put(deck, a_png="two")
    with pytest.raises(Problems, match="changed-meanwhile"):
        found.read()


# Path: the code, and a part of what the author reads.
PATHS = {
    "": ("media-format", "no ending"),
    ".": ("media-format", "no ending"),
    "media": ("media-format", "no ending"),
    "media/": ("media-format", "no ending"),
    ".png": ("media-format", "no ending"),
    "media/a.": ("media-format", "no ending"),
    "media/a.exe": ("media-format", '".exe"'),
    "media/a.png.exe": ("media-format", '".exe"'),
    "media/a.png?v=2": ("media-format", '".png?v=2"'),
    "media/a.mp3#t=3,9": ("media-format", '".mp3#t=3,9"'),
    "media/a.svg": ("media-format", "may contain a program"),
    "media/a.opus": ("media-format", "not every device"),
    "../a.png": ("media-outside", "outside"),
    "media/../../a.png": ("media-outside", "outside"),
    "/etc/a.png": ("media-outside", "outside"),
    "C:/a.png": ("media-outside", "outside"),
    "c:a.png": ("media-outside", "outside"),
    "..\\a.png": ("media-outside", "backslash"),
    "media\\a.png": ("media-outside", "backslash"),
    "\\\\host\\a.png": ("media-outside", "backslash"),
    "//host/a.png": ("media-outside", "another site"),
    "https://example.org/a.png": ("media-outside", "another site"),
    "HTTP://example.org/a.png": ("media-outside", "another site"),
    "www.example.org/a.png": ("media-outside", "another site"),
    "file:///etc/a.png": ("media-outside", "another site"),
    "javascript:a.png": ("media-outside", "another site"),
    "data:image/png;base64,AAAA": ("media-outside", "picture itself"),
    "media/none.png": ("no-media-file", "no file"),
    "media/\0.png": ("no-media-file", r"\x00.png"),
    "me\0dia/a.png": ("no-media-file", "no message can show"),
    "media/a\nb.png": ("no-media-file", r"a\nb.png"),
    "media/a\tb.png": ("no-media-file", r"a\tb.png"),
    "media/\x1b]0;owned\x07.png": ("no-media-file", r"\x1b]0;owned"),
    "media/\u2028.png": ("no-media-file", "no message can show"),
    f"media/{'n' * 300}.png": ("no-media-file", "no file"),
    f"{'n' * 300}/a.png": ("no-media-file", "no file"),
    f"{'n/' * 5000}a.png": ("no-media-file", "no file"),
    "media/real.png/a.png": ("no-media-file", "no file"),
    "media/\ud800.png": ("no-media-file", "no file"),
}


@pytest.mark.hostile
@pytest.mark.parametrize(("path", "said"), PATHS.items(), ids=[ascii(path)[:40] for path in PATHS])
def test_a_path_to_nowhere_is_refused(deck: Path, path: str, said: tuple[str, str]) -> None:
    """Whatever is there on this machine, nothing outside of the folder of the deck is looked at."""
    put(deck, real_png="x")
    (deck / "media" / "a\nb.png").write_bytes(file("png"))
    put(deck.parent, a_png="x")
    (deck.parent / "media" / "a.png").rename(deck.parent / "a.png")
    error = refused(deck, path)
    assert error.rule == said[0]
    assert said[1] in error.message
    assert error.fragment == path
    assert not re.search(r"[\x00-\x1f]", error.message + error.hint)


def _link(to: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(to)


def _sparse(path: Path) -> None:
    with path.open("wb") as whole:
        whole.write(file("png"))
        whole.truncate(LARGEST + 1)


# Name: what is at media/a.png, the code, and a part of what the author reads.
THERE: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "a folder": (Path.mkdir, "no-media-file", "not an ordinary file"),
    "a link to itself": (_link("a.png"), "no-media-file", "link that leads nowhere"),
    "a link to nothing": (_link("b.png"), "no-media-file", "link that leads nowhere"),
    "a link to a folder": (_link("."), "no-media-file", "not an ordinary file"),
    "a link out of the folder": (_link("../../outside.png"), "media-outside", "link that leads out"),
    "an absolute link": (_link("/etc/passwd"), "media-outside", "link that leads out"),
    "a link to another text": (_link("../cards.yaml"), "media-format", "not a PNG file"),
    "an empty file": (Path.touch, "media-format", "is empty"),
    "a sound": (lambda path: path.write_bytes(file("mp3")), "media-format", "but an MP3 file"),
    "a text": (lambda path: path.write_bytes(b"hello"), "media-format", "not a PNG file"),
    "an address in Git LFS": (
        lambda path: path.write_bytes(b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n"),
        "media-format",
        "Git Large File Storage",
    ),
    "a page": (lambda path: path.write_bytes(b"<html><script>x</script>"), "media-format", "not a PNG file"),
    "more than 100 MB": (_sparse, "media-too-large", "100 MB"),
}
if hasattr(os, "mkfifo"):
    THERE["a pipe"] = (os.mkfifo, "no-media-file", "not an ordinary file")


@pytest.mark.hostile
@pytest.mark.skipif(os.name == "nt", reason="Windows lets few users make links")
@pytest.mark.parametrize(("make", "rule", "said"), THERE.values(), ids=THERE)
def test_what_is_no_picture_is_refused(deck: Path, make: Callable[[Path], object], rule: str, said: str) -> None:
    """It is never followed out of the folder, waited for, or read as a whole."""
    (deck.parent / "outside.png").write_bytes(file("png"))
    (deck / "cards.yaml").write_text("deck:\n", encoding="utf-8")
    make(deck / "media" / "a.png")
    error = refused(deck, "media/a.png")
    assert error.rule == rule
    assert said in error.message


@pytest.mark.skipif(os.name == "nt", reason="Windows lets few users make links")
def test_links_within_the_folder_are_followed(deck: Path) -> None:
    """A link to a file or folder of the deck is as good as what it leads to, even if the deck itself is behind one."""
    put(deck, a_png="a")
    (deck / "media" / "b.png").symlink_to("a.png")
    (deck / "pictures").symlink_to("media")
    (deck.parent / "elsewhere").symlink_to(deck)
    (deck / "out").symlink_to("..")
    for path in ("media/b.png", "pictures/a.png", "pictures/b.png"):
        assert find(deck.parent / "elsewhere", path).name == find(deck, "media/a.png").name
    assert refused(deck, "out/deck/../a.png").rule == "no-media-file"
    put(deck.parent, a_png="a")
    assert refused(deck, "out/media/a.png").rule == "media-outside"


@pytest.mark.skipif(os.name == "nt", reason="Windows has its own rules on names")
def test_a_name_in_other_letters_is_refused_where_a_system_finds_it(
    deck: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows and macOS find it, and other systems do not. Accents in another form are another matter."""
    lexists = os.path.lexists

    def in_any_case(path: Path) -> Path | None:
        if lexists(path):
            return path
        parent = in_any_case(path.parent)
        there = parent.iterdir() if parent and parent.is_dir() else ()
        return next((each for each in there if folded(each) == folded(path)), None)

    def folded(path: Path) -> str:
        return unicodedata.normalize("NFC", path.name).casefold()

    names = ("Media/Aa.png", "Media/1.2.png", "Media/ß.png", unicodedata.normalize("NFD", "Media/é.png"))
    (deck / "media").rename(deck / "Media")
    for name in names:
        (deck / name).write_bytes(file("png"))
    monkeypatch.setattr(os.path, "lexists", lambda path: in_any_case(path) is not None)
    for path in names[:3]:
        assert find(deck, path).path == path
    for path, right in (
        ("Media/aA.png", "Media/Aa.png"),
        ("Media/AA.PNG", "Media/Aa.png"),
        ("MEDIA/1.2.png", "Media/1.2.png"),
    ):
        error = refused(deck, path)
        assert (error.rule, error.hint) == ("no-media-file", f'did you mean "{right}"?')
        assert "in other letters" in error.message


NAMED = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=12)


@pytest.mark.skipif(os.name == "nt", reason="Windows allows few of these names")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAMED, extra=NAMED, folder=st.sampled_from(["", "media/", "me dia/"]))
@example(name="a&lt;b", extra="c", folder="media/")
@example(name="&#39;<>()", extra="c", folder="media/")
@example(name="www.x", extra="y", folder="")
@example(name="a\nb", extra="y", folder="media/")
def test_a_file_that_is_suggested_can_be_named_so(tmp_path: Path, name: str, extra: str, folder: str) -> None:
    """Whoever writes what a hint asks for gets the file, whatever its name is."""
    for old in tmp_path.rglob("*.png"):
        old.unlink()
    (tmp_path / folder).mkdir(exist_ok=True)
    there = tmp_path / folder / f"{name}.png"
    try:
        there.write_bytes(file("png"))
    except OSError:  # such as a name that is too long in bytes
        assume(False)
    wanted = f"{folder}{name}{extra}.png"
    try:
        find(tmp_path, wanted)
    except TextError as error:
        suggested = re.search(r'did you mean "(.*)"\?', error.hint, re.DOTALL)
    else:
        return
    if suggested:
        assert [each.where for each in found_in(tmp_path, f"![x]({suggested[1]})")] == [there]


def test_no_name_is_suggested_that_a_message_cannot_show(deck: Path) -> None:
    """A stranger's folder may have files whose names would steer the terminal, or look like another name."""
    for name in ("aa\x1b]0;owned\x07.png", "aa\n.png", "a\u202ea.png", "a\\a.png"):
        (deck / "media" / name).write_bytes(file("png"))
    assert "did you mean" not in refused(deck, "media/aa.png").hint


@pytest.mark.hostile
@pytest.mark.parametrize("ending", FORMATS)
@given(data=st.binary(max_size=2 * HEAD) | st.sampled_from([*BEGINNINGS.values()]).flatmap(lambda head: more(head)))
def test_any_bytes_are_a_file_or_refused(tmp_path_factory: pytest.TempPathFactory, ending: str, data: bytes) -> None:
    """Whatever a file contains, the author gets it on the card, or reads a sentence."""
    folder = tmp_path_factory.getbasetemp() / "bytes"
    folder.mkdir(exist_ok=True)
    (folder / f"a.{ending}").write_bytes(data)
    if not FORMATS[ending].begins.match(data):
        assert refused(folder, f"a.{ending}").rule == "media-format"
        return
    found = find(folder, f"a.{ending}")
    assert (found.size, found.sha256) == (len(data), sha256_of(folder / f"a.{ending}"))
    assert IN_ANKI.fullmatch(found.name)


def more(head: bytes) -> st.SearchStrategy[bytes]:
    """Return a strategy for what begins with these bytes, or with some of them."""
    return st.tuples(st.integers(0, len(head)), st.binary(max_size=HEAD)).map(lambda pair: head[: pair[0]] + pair[1])


@pytest.mark.slow
def test_a_large_folder_is_looked_through_once(deck: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that no text names cost nothing. Those that are missing are compared with them, but not without end."""
    for number in range(20_000):
        (deck / "media" / f"slide-{number:05}.png").touch()
    put(deck, **{f"real-{number}_png": str(number) for number in range(100)})
    seen = []
    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: seen.append(path) or scandir(path))
    folder = MediaFolder(deck, Digests())
    for number in range(100):
        folder.find(f"media/real-{number}.png")
    assert seen == []
    hints = []
    for number in range(500):
        with pytest.raises(TextError) as caught:
            folder.find(f"media/real-{number}x.png")
        hints.append(caught.value.hint)
    assert seen == [deck / "media"]
    assert hints[0] == 'did you mean "media/real-0.png"?'
    assert sum("did you mean" in hint for hint in hints) == 4
