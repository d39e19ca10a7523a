"""Which pictures and sounds a learner gets, and which ones the cards no longer use."""

import shutil
from pathlib import Path

import pytest

from cuedeck.history.manifest import ManifestFile
from cuedeck.updating.mediachanges import file_changes, in_words
from tests.making import ROOT, deck, question, release_deck, write
from tests.running import output_of
from tests.tinymedia import put

OLD = {"cuedeck-1.png": ManifestFile("media/a.png", 12_000, ""), "cuedeck-3.mp3": ManifestFile("media/s.mp3", 900, "")}
NEW = {"cuedeck-2.png": ManifestFile("media/a.png", 1_230_000, ""), "cuedeck-4.png": ManifestFile("media/b.png", 1, "")}
ONE, TWO, FOUR = (f'<img src="cuedeck-{number}.png" alt="">' for number in (1, 2, 4))
SOUND = "[sound:cuedeck-3.mp3]"
CLIP = '<audio controls preload="none" src="cuedeck-5.mp3"></audio>'
CLIPS = {"cuedeck-5.mp3": ManifestFile("media/clips/talk/00.46.mp3", 6_000, "")}
OLD, NEW = {**OLD, **CLIPS}, {**NEW, **CLIPS}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (ONE, ONE, ()),
        (ONE, TWO, ("the picture media/a.png has changed (1.2 MB; before, 12 kB)",)),
        (ONE, FOUR, ("the picture media/b.png replaces media/a.png",)),
        (ONE, FOUR + TWO, ("the picture media/b.png replaces media/a.png", "new picture media/a.png (1.2 MB)")),
        ("", TWO, ("new picture media/a.png (1.2 MB)",)),
        (ONE, "", ("no longer has the picture media/a.png",)),
        (ONE + TWO, TWO + ONE, ("the pictures and sounds are in another order",)),
        (SOUND, TWO, ("new picture media/a.png (1.2 MB)", "no longer has the sound media/s.mp3")),
        ("", CLIP, ("new clip media/clips/talk/00.46.mp3 (6 kB)",)),
        (CLIP, "", ("no longer has the clip media/clips/talk/00.46.mp3",)),
        ('<img src="x.jpg">', '<img class="y" src="z &amp; y.jpg">', ("the picture z & y.jpg replaces x.jpg",)),
    ],
)
def test_each_change_is_said(before: str, after: str, said: tuple[str, ...]) -> None:
    """With the author's paths, and with the sizes if they are known."""
    assert file_changes(before, after, (OLD, NEW)) == said


def test_clips_are_counted_separately() -> None:
    """They are many, and the author did not name them."""
    assert in_words(CLIPS) == "1 clip of the recording (6 kB)"
    assert in_words(OLD) == "2 pictures and sounds (13 kB) and 1 clip of the recording (6 kB)"
    assert in_words({}) == "0 pictures and sounds (1 kB)"


def test_a_changed_picture_is_shown_in_words(folder: Path) -> None:
    """The diff names it, and says what learners get and keep."""
    media = ROOT / "tests" / "examples" / "media"
    shutil.copytree(media, "media")
    data = deck({"dot": question("Which? ![a dot](media/dot.gif)"), "other": question("Who?")}, sources={})
    release_deck(folder, data)
    (folder / "media" / "dot.gif").write_bytes((media / "dot.gif").read_bytes() + bytes(2000))
    write(folder, data)
    code, printed, _ = output_of("diff")
    assert (code, printed) == (
        0,
        "decks/small-1.0.0.apkg -> cards.yaml\n"
        "Idea\n"
        "  dot: updated\n"
        "    Question: the picture media/dot.gif has changed (2 kB; before, 1 kB)\n"
        "new for learners: 1 picture or sound (2 kB)\n"
        "no longer used: 1 picture or sound (1 kB); learners keep it until they choose Tools > Check Media > "
        "Delete Unused in Anki\n"
        "1 updated, 1 unchanged\n"
        "only in the package: dot (a picture, sound or clip that learners do not have)\n",
    )
    _, notes, _ = output_of("diff", "--format", "markdown")
    assert "* New: 1 picture or sound (2 kB).\n" in notes


def test_the_name_of_a_sound_in_anki_is_not_shown(folder: Path) -> None:
    """In words that an author or a learner reads, a sound is a mark. What has become of it is said beside them."""
    put(folder, one_mp3="one", two_mp3="two")
    data = deck({"word": question("Which word? ![aloud](media/one.mp3)"), "other": question("Who?")}, sources={})
    release_deck(folder, data)
    notes = {"word": question("Which word is it? ![aloud](media/two.mp3)"), "new": question("![aloud](media/one.mp3)")}
    write(folder, deck({**notes, "other": question("Who?")}, sources={}))
    for style in ("text", "markdown"):
        code, printed, _ = output_of("diff", "--format", style)
        assert code == 0
        assert "the sound media/two.mp3 replaces media/one.mp3" in printed
        assert "sound:" not in printed
        assert "♪" in printed


def test_only_another_sound_is_no_other_text(folder: Path) -> None:
    """What is said of the file is enough."""
    put(folder, one_mp3="one", two_mp3="two")
    data = deck({"word": question("Which word? ![aloud](media/one.mp3)")}, sources={})
    release_deck(folder, data)
    write(folder, deck({"word": question("Which word? ![aloud](media/two.mp3)")}, sources={}))
    lines = [line.strip() for line in output_of("diff")[1].splitlines() if "Question" in line]
    assert lines == ["Question: the sound media/two.mp3 replaces media/one.mp3"]
