"""Pictures and sounds in Markdown, and what they are in a field and in the digest of a note."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuedeck.media.digests import Digests, sha256_of
from cuedeck.media.files import MediaFile, MediaFolder
from cuedeck.problems import Problems, TextError
from cuedeck.rendering.embedded import Embedded, renamed
from cuedeck.rendering.markdown import cloze_to_html, to_html
from cuedeck.rendering.plain import plain
from cuedeck.rendering.results import Seen
from tests.making import ROOT, checked, cloze, deck, question, write

MEDIA = ROOT / "tests" / "examples" / "media"
FOLDER = MediaFolder(MEDIA.parent, Digests())


def name(file: str, ending: str) -> str:
    return f"cuedeck-{sha256_of(MEDIA / file)[:16]}.{ending}"


FIELD, DOT, WORD = name("field.jpg", "jpg"), name("dot.gif", "gif"), name("word.mp3", "mp3")
SHOWN = [
    ("picture", "![a field](media/field.jpg)", f'<img src="{FIELD}" alt="a field">'),
    ("in-words", "A ![dot](media/dot.gif) here", f'A <img src="{DOT}" alt="dot"> here'),
    ("no-words", "![](media/dot.gif)", f'<img src="{DOT}" alt="">'),
    ("width", "![x](media/dot.gif){width=50%}", f'<img src="{DOT}" alt="x" style="width: 50%">'),
    ("width-with-spaces", '![x](media/dot.gif){ width = "5%" }', f'<img src="{DOT}" alt="x" style="width: 5%">'),
    ("no-width", "![x](media/dot.gif) {width=50%}", f'<img src="{DOT}" alt="x"> {{width=50%}}'),
    ("markup-in-words", "![*a* `b` \\* & <c>](media/dot.gif)", f'<img src="{DOT}" alt="a b * &amp; &lt;c&gt;">'),
    ("quotes-in-words", '![a "b"](media/dot.gif)', f'<img src="{DOT}" alt="a &quot;b&quot;">'),
    ("brackets-in-words", "![a [b]](media/dot.gif)", f'<img src="{DOT}" alt="a &#91;b]">'),
    ("lines-in-words", "![a\nb](media/dot.gif)", f'<img src="{DOT}" alt="a b">'),
    ("angle-brackets", "![x](<media/dot.gif>)", f'<img src="{DOT}" alt="x">'),
    ("roundabout", "![x](./media/../media/dot.gif)", f'<img src="{DOT}" alt="x">'),
    ("sound", "![said](media/word.mp3)", f"[sound:{WORD}]"),
    ("sound-in-words", "so: ![said](media/word.mp3).", f"so: [sound:{WORD}]."),
    ("bold", "**![x](media/dot.gif)**", f'<strong><img src="{DOT}" alt="x"></strong>'),
    ("code", "`![x](media/none.gif)`", "<code>![x](media/none.gif)</code>"),
    ("escaped", "\\![x](https://e.org/a.png)", '!<a href="https://e.org/a.png">x</a>'),
    (
        "paragraphs",
        "See:\n\n![x](media/dot.gif)",
        f'<p>See:</p>\n<p><img src="{DOT}" alt="x"></p>',
    ),
]


@pytest.mark.parametrize(("text", "html"), [row[1:] for row in SHOWN], ids=[row[0] for row in SHOWN])
def test_markup_becomes_what_anki_imports(text: str, html: str) -> None:
    """A picture is an `<img>` whose source comes first, and a sound is Anki's tag; both have the name in Anki."""
    assert to_html(text, Seen(find=FOLDER.find)) == html


def test_a_picture_may_be_a_deletion_or_beside_one() -> None:
    """Its markup stays whole inside the deletion, and what it shows is the answer."""
    found = cloze_to_html("{{c1::![a :: b}](media/dot.gif)::what?}} ![x](media/dot.gif)", Seen(find=FOLDER.find))
    inside = f'<img src="{DOT}" alt="a :&#58; b&#125;">'
    assert found.html == f'{{{{c1::{inside}::what?}}}} <img src="{DOT}" alt="x">'


@pytest.mark.parametrize("text", ["![x](media/dot.gif)", "![x](media/word.mp3)"])
def test_a_text_without_files_refuses_them(text: str) -> None:
    """The description of a deck has none."""
    with pytest.raises(TextError, match="the description of a deck"):
        to_html(text)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (f'A <img src="{DOT}" alt="red &amp; round"> dot', "A red & round dot"),
        (f'<img src="{DOT}" alt="">', DOT),
    ],
)
def test_in_plain_text_a_picture_is_what_it_shows(html: str, text: str) -> None:
    """Or else its name, so that two pictures without words are not the same answer."""
    assert plain(html) == text


# Digests


def contents(folder: Path) -> dict[str, str]:
    """Return the digests of the notes of a deck by their ids."""
    return {note.id: note.content for note in checked(folder / "cards.yaml").notes}


NOTES = {
    "plain": question("What is a dot?"),
    "dot": question("What is this? ![a dot](media/dot.gif)"),
    "both": question("Which word?", "A dot ![said](media/word.mp3)", extra="![a dot](media/dot.gif)"),
    "gap": cloze("It is {{c1::![a field](media/field.jpg)}}."),
    "quoted": question("Who?", "> ![a\n> dot](media/dot.gif)"),
}


@pytest.fixture
def pictured(tmp_path: Path) -> Path:
    """A folder with a deck that has pictures and sounds."""
    shutil.copytree(MEDIA, tmp_path / "media")
    write(tmp_path, deck(NOTES))
    return tmp_path


def test_digests_of_notes_with_files_never_change(pictured: Path) -> None:
    """Learners have notes under these digests. A change would replace all of them, with learners' own edits."""
    assert contents(pictured) == {
        "plain": "bb9e2529f67478c84eca",
        "dot": "ea66325b138b8aa28056",
        "both": "1b066c99fb9de6f30bd7",
        "gap": "e704c86a6533b90787e7",
        "quoted": "e473b8fef2fdaf74b1a2",
    }


def test_other_bytes_change_the_notes_that_show_them(pictured: Path) -> None:
    """And no others."""
    before = contents(pictured)
    shutil.copy(MEDIA / "dot.webp", pictured / "media" / "dot.gif")
    with pytest.raises(Problems, match="is not a GIF file"):
        contents(pictured)
    (pictured / "media" / "dot.gif").write_bytes((MEDIA / "dot.gif").read_bytes() + b"\0")
    after = contents(pictured)
    assert {id for id in before if before[id] != after[id]} == {"dot", "both", "quoted"}


def test_a_moved_file_changes_nothing(pictured: Path) -> None:
    """Whatever it is called, and whichever folder it is in, as long as its bytes and its format are the same."""
    before = contents(pictured)
    (pictured / "slides").mkdir()
    (pictured / "media" / "dot.gif").rename(pictured / "slides" / "a dot.gif")
    text = (pictured / "cards.yaml").read_text(encoding="utf-8")
    (pictured / "cards.yaml").write_text(text.replace("media/dot.gif", "<slides/a dot.gif>"), encoding="utf-8")
    assert {id for id, content in contents(pictured).items() if content != before[id]} <= {"quoted"}


def test_what_a_picture_is_said_to_show_is_text(pictured: Path) -> None:
    """An edit of it changes the note."""
    before = contents(pictured)
    text = (pictured / "cards.yaml").read_text(encoding="utf-8")
    (pictured / "cards.yaml").write_text(text.replace("[a field]", "[a meadow]"), encoding="utf-8")
    assert {id for id, content in contents(pictured).items() if content != before[id]} == {"gap"}


@given(st.lists(st.sampled_from(["![x](a.png)", "![y](<a b.png>)", "`![x](a.png)`", "a.png", " ", "\n"]), max_size=8))
def test_names_replace_paths_and_nothing_else(pieces: list[str]) -> None:
    """Whatever is around them, other bytes give another text."""
    pictures = ("![x](a.png)", "![y](<a b.png>)")

    def text_with(sha256: str) -> str:
        file = MediaFile("", Path(), f"{sha256}.png", sha256, 1, "picture")
        return renamed(
            "".join(pieces), [Embedded(each, f"![]({file.name})", each, file) for each in pieces if each in pictures]
        )

    assert (text_with("1") == text_with("2")) is not any(each in pictures for each in pieces)
    assert text_with("1").replace("1.png", "2.png") == text_with("2")
