"""Whose pictures and sounds are: entries below `media:`, and what becomes of them."""

from pathlib import Path
from typing import Any

import pytest

from cuedeck.deck.deck import Credit
from cuedeck.media.credits import credit_of
from cuedeck.package.database import read_snapshot
from cuedeck.package.opening import read_members
from tests.making import DAY, FIRST, build_deck, checked, deck, question, release_deck, write
from tests.mediafiles import put_files
from tests.running import git, run

NOTES = {"one": question("What is it? ![a dot](media/dot.gif)"), "two": question("Which? ![a field](media/field.jpg)")}
PLAIN = deck(NOTES, sources={}, author="A. Writer", license="CC BY 4.0")
DRAWER = {"author": "A. Drawer", "license": "CC0", "url": "https://example.org/dots"}


def with_media(**entries: Any) -> dict[str, Any]:
    """Return the deck with entries whose keys are paths in which "__" stands for a slash."""
    return {**PLAIN, "media": {path.replace("__", "/").replace("_DOT_", "."): each for path, each in entries.items()}}


@pytest.fixture
def files(folder: Path) -> Path:
    """A folder with the pictures of the deck."""
    put_files("dot.gif field.jpg", folder)
    return folder


@pytest.mark.parametrize(
    ("path", "entries", "found"),
    [
        ("media/x/a.png", ["media/x/a.png", "media/x", "media"], "media/x/a.png"),
        ("media/x/a.png", ["media", "media/x/"], "media/x/"),
        ("media/x/a.png", ["media/./x"], "media/./x"),
        ("media/xy/a.png", ["media/x"], None),
        ("media/x.png", ["media/x"], None),
        ("media/a.png", ["."], "."),
        ("media/u\u0308.png", ["media/\u00fc.png"], "media/\u00fc.png"),
        ("media/a.png", [], None),
    ],
)
def test_the_most_specific_entry_counts(path: str, entries: list[str], found: str | None) -> None:
    """A file's own before its folder's, and that before those further up; spelling in Unicode makes no difference."""
    credit = credit_of(path, {each: Credit(id=each, license="CC0") for each in entries})
    assert (credit.id if credit else None) == found


@pytest.mark.usefixtures("files")
def test_an_entry_that_no_note_needs_is_a_warning() -> None:
    """It may be about a file that no note uses, or about a folder whose files all have their own."""
    data = with_media(media={"license": "CC0"}, media__dot_DOT_gif=DRAWER, media__field_DOT_jpg={"license": "CC0"})
    (warning,) = checked(write(Path(), data)).warnings
    assert str(warning).splitlines() == [
        'cards.yaml:18:3: warning: no note uses a file that this entry is about: "media" [unused-credit]',
        "    delete the entry, or correct its path; the entry of a file replaces that of its folder",
    ]


@pytest.mark.usefixtures("files")
def test_a_credit_is_in_the_package_and_on_no_card() -> None:
    """Notes, their times and their digests stay. The manifest says whose the file is, and it can be released."""
    before = build_deck(Path(), PLAIN, FIRST).build
    built = build_deck(Path(), with_media(media__dot_DOT_gif=DRAWER), FIRST + DAY).build
    assert [each.known for each in built.notes] == [each.known for each in before.notes]
    assert built.contents.digest != before.contents.digest
    path = Path("decks/small.apkg")
    listed = read_snapshot(read_members(path), path).manifest.media
    assert {(each.path, each.author, each.license, each.url) for each in listed.values()} == {
        ("media/dot.gif", *DRAWER.values()),
        ("media/field.jpg", "", "", ""),
    }
    assert run("verify", path).exit_code == 0


@pytest.mark.usefixtures("files")
def test_a_new_credit_alone_can_be_released() -> None:
    """Without that, it would reach nobody before the next note."""
    release_deck(Path(), PLAIN, FIRST)
    write(Path(), with_media(media__dot_DOT_gif=DRAWER))
    assert run("release", "1.0.1", at=FIRST + DAY).exit_code == 0
    result = run("release", "1.0.2", at=FIRST + 2 * DAY)
    assert "[nothing-new]" in result.stderr


def problems_of_release(data: dict[str, Any]) -> str:
    write(Path(), data)
    result = run("release", "1.0.0")
    assert Path("cards.lock").exists() == (result.exit_code == 0)
    return result.stderr if result.exit_code else ""  # a release also advises to name an author


@pytest.mark.usefixtures("files")
def test_a_file_without_a_licence_is_not_released() -> None:
    """All of them are named at once. Each way out that the hint names works."""
    bare = deck(NOTES, sources={})
    assert problems_of_release(bare).splitlines() == [
        "cards.yaml:1:1: error: 2 pictures and sounds have no licence: media/dot.gif, media/field.jpg [no-license]",
        "    add a line such as this below deck:, for the cards and all that is yours: license: CC BY 4.0",
        '    and for what others made: media: {"media/dot.gif": {author: Who made it, license: CC BY 4.0, '
        'url: "https://..."}}',
    ]
    half = {**bare, "media": {"media/dot.gif": {"license": "CC0"}}}
    said = problems_of_release(half)
    assert "1 picture or sound has no licence: media/field.jpg [no-license]" in said
    assert 'for what others made, below media:, "media/field.jpg": {author: Who made it' in said
    whole = {**bare, "media": {"media/dot.gif": {"license": "CC0"}, "media/field.jpg": {"license": "CC BY 4.0"}}}
    assert problems_of_release(whole) == ""


@pytest.mark.usefixtures("files")
def test_a_file_that_git_ignores_is_not_released() -> None:
    """A clone could not be built. Where git does not have the deck either, that does not matter."""
    write(Path(), PLAIN)
    Path(".gitignore").write_text("/media/*.gif\n", encoding="utf-8")
    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "Begin")
    refused = run("release", "1.0.0").stderr
    assert 'git does not have "media/dot.gif", so nobody could build a clone [uncommitted]' in refused
    assert "git check-ignore -v media/dot.gif" in refused
    assert "field.jpg" not in refused
    git("rm", "-q", "--cached", "cards.yaml")
    Path(".gitignore").write_text("*\n", encoding="utf-8")
    git("add", "-f", ".gitignore")
    git("commit", "-qm", "Hide all")
    assert run("release", "1.0.0").exit_code == 0


@pytest.mark.usefixtures("files")
def test_the_licence_of_the_deck_covers_its_files() -> None:
    """What has no entry is the author's own."""
    assert problems_of_release(PLAIN) == ""


def test_a_deck_without_files_needs_no_licence(folder: Path) -> None:
    """Nothing changes for decks without pictures and sounds."""
    assert problems_of_release(deck({"one": question("What is a dyad?", "Two people")}, sources={})) == ""


@pytest.mark.usefixtures("files", "sketched")
@pytest.mark.needs("nh3", "resvg_py")
def test_a_site_names_whose_the_pictures_are() -> None:
    """Those of one author are counted together; nothing in a name is HTML."""
    data = with_media(media={**DRAWER, "author": "<b>A. Drawer"}, media__field_DOT_jpg={"license": "CC BY 4.0"})
    release_deck(Path(), {**data, "sources": {"talk": TALK}, "concepts": AT_A_MOMENT}, FIRST)
    assert run("share", "-o", "site").exit_code == 0
    page, listing = (Path("site", name).read_text("utf-8") for name in ("index.html", "ankiweb.md"))
    assert (
        "<li>1 picture or sound by <bdi>&lt;b&gt;A. Drawer</bdi>, under "
        '<a rel="license" href="https://creativecommons.org/publicdomain/zero/1.0/">CC0</a>, from '
        '<a href="https://example.org/dots">https://example.org/dots</a>.</li>'
    ) in page
    assert "<li>1 picture or sound, under <a" in page
    assert "1 picture or sound by &lt;b>A. Drawer, under CC0, from <https://example.org/dots>." in listing


TALK = {"title": "A talk", "author": "A. Speaker", "url": "https://example.org/talk.mp3"}
AT_A_MOMENT = {"idea": {"title": "Idea", "at": "01:00", "notes": NOTES}}
