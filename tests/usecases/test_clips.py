"""`cuedeck clips`: each clip is cut once, and stays as it is whatever is added around it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cuedeck.problems import Problems
from cuedeck.usecases.build import build
from cuedeck.usecases.clips import Clips, clips
from cuedeck.usecases.diff import diff
from cuedeck.usecases.media import media, prunable
from cuedeck.usecases.release import release
from tests.making import DAY, FIRST, TALK, build_deck, checked, cloze, deck, edit, question, write
from tests.recordings import needed_ffmpeg, recording, seconds_in
from tests.running import run
from tests.tinymedia import BEGINNINGS

NOTES = {
    "one": question("One?", at="0:10"),
    "two": question("Two?", at="0:20-0:25"),
    "three": cloze("{{c1::Three}}.", at="0:20-0:25"),
}
CREDIT = {"media/clips/talk": {"author": "A. Speaker", "license": "CC BY 4.0"}}


def talk(notes: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a deck as data whose talk has a recording, and further keys."""
    source = {**TALK, "recording": "talk.mp4", "clips": "true", **more}
    return {**deck(notes, sources={"talk": source}, license="CC0"), "media": CREDIT}


@pytest.fixture
def home(folder: Path) -> Path:
    """A folder with a recording."""
    recording(folder / "talk.mp4", 40)
    return folder


def files(home: Path) -> dict[str, bytes]:
    """Return the clips in a folder by their paths."""
    below = home / "media" / "clips"
    return {path.relative_to(below).as_posix(): path.read_bytes() for path in below.rglob("*") if path.is_file()}


def cut_in(home: Path, data: dict[str, Any], *again: str) -> tuple[Clips, dict[str, bytes]]:
    needed_ffmpeg()
    return clips(write(home, data), again), files(home)


def refused(home: Path, *again: str) -> list[tuple[str, str]]:
    """Return the codes and the messages of what keeps clips from being cut."""
    with pytest.raises(Problems) as raised:
        clips(home / "cards.yaml", again)
    return [(each.rule, each.message) for each in raised.value.problems]


def test_each_passage_is_cut_once(home: Path) -> None:
    """Notes with the same span share a clip, and a second run cuts nothing."""
    made, found = cut_in(home, talk(NOTES, chapters={"0:00": "One", "0:14": "Two"}))
    assert {path: seconds_in(data) for path, data in found.items()} == {
        "talk/00.10.mp3": [8, 9, 10, 11, 12, 13],
        "talk/00.20-00.25.mp3": [18, 19, 20, 21, 22, 23, 24],
    }
    assert (len(made.all), len(made.cut), made.size) == (2, 2, sum(map(len, found.values())))
    (home / "talk.mp4").unlink()
    assert len(clips(home / "cards.yaml").cut) == 0
    assert files(home) == found


def test_what_is_added_around_it_changes_no_clip(home: Path) -> None:
    """Neither a note between two others nor a chapter; only another moment has another clip."""
    _, before = cut_in(home, talk(NOTES))
    added = {**NOTES, "between": question("Between?", at="0:15")}
    _, after = cut_in(home, talk(added, chapters={"0:00": "One", "0:12": "Two", "0:17": "Three"}))
    assert {path: after[path] for path in before} == before
    assert after.keys() - before.keys() == {"talk/00.15.mp3"}
    moved = {**NOTES, "one": question("One?", at="0:11")}
    _, after = cut_in(home, talk(moved))
    assert {path: after[path] for path in before} == before
    assert "talk/00.11.mp3" in after
    assert prunable(home / "cards.yaml") == [home / "media/clips/talk" / name for name in ("00.10.mp3", "00.15.mp3")]


def test_a_clip_is_cut_again_on_request(home: Path) -> None:
    """That of the note that is named, and no other; another chapter then ends it."""
    _, before = cut_in(home, talk(NOTES))
    made, after = cut_in(home, talk(NOTES, chapters={"0:00": "One", "0:12": "Two"}), "one")
    assert [each.path for each in made.cut] == ["media/clips/talk/00.10.mp3"]
    assert {path for path in after if after[path] != before[path]} == {"talk/00.10.mp3"}
    assert seconds_in(after["talk/00.10.mp3"]) == [8, 9, 10, 11]


def test_a_note_keeps_its_clip_under_another_id(home: Path) -> None:
    """Nothing is cut, and the note is unchanged."""
    cut_in(home, talk(NOTES))
    build(home / "cards.yaml", at=FIRST)
    renamed = {"uno": {**NOTES["one"], "was": "one"}, "two": NOTES["two"], "three": NOTES["three"]}
    made, _ = cut_in(home, talk(renamed))
    assert made.cut == ()
    assert build(home / "cards.yaml", at=FIRST + DAY).build.counts == {"unchanged": 3}


def test_what_the_command_prints(home: Path) -> None:
    """How many clips there are, how large, and what keeps cards from playing them."""
    needed_ffmpeg()
    write(home, talk({**NOTES, "long": question("Long?", at="0:05-2:00")}, clips="false"))
    result = run("clips")
    assert result.exit_code == 0
    size = round(sum(map(len, files(home).values())) / 1000)
    assert result.stdout.splitlines() == [
        f"media/clips: 3 clips (3 cut, 0 there before), {size} kB",
        "these spans are longer than a clip, which ends after a minute: long",
        'cards do not play them yet; add "clips: true" to: talk',
    ]
    assert run("clips", "-q").stdout == ""


def test_a_missing_recording_is_reported_at_its_place(home: Path) -> None:
    """So is a folder in its place, an unknown note, and a source without any."""
    cards = write(home, talk(NOTES))
    (home / "talk.mp4").unlink()
    assert refused(home) == [("no-recording", 'there is no file "talk.mp4"')]
    (home / "talk.mp4").mkdir()
    assert refused(home) == [("no-recording", 'there is no file "talk.mp4"')]
    assert refused(home, "oen") == [("unknown-note", 'there is no note "oen"')]
    write(home, deck(NOTES))
    assert refused(home) == [("no-recording", "no source with notes says where its recording is")]
    assert files(cards.parent) == {}


def test_no_clip_is_written_outside_of_the_folder(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A link in a stranger's repository could lead anywhere."""
    outside = tmp_path_factory.mktemp("outside")
    (home / "media").mkdir()
    (home / "media" / "clips").symlink_to(outside)
    write(home, talk(NOTES))
    assert refused(home) == [("media-outside", "this is a link that leads out of the folder of the deck")]
    assert list(outside.iterdir()) == []


def test_what_can_be_cut_is_cut(home: Path) -> None:
    """The others are reported together, at their notes."""
    needed_ffmpeg()
    late = {**NOTES, "late": question("Late?", at="1:10"), "later": question("Later?", at="1:20")}
    write(home, talk(late))
    assert refused(home) == [("not-cut", "the recording has no sound there")] * 2
    assert files(home).keys() == {"talk/00.10.mp3", "talk/00.20-00.25.mp3"}


def test_what_is_wrong_with_a_recording_is_reported_once(home: Path) -> None:
    """Where its file is named, however many notes there are: it is one file that has to be corrected."""
    needed_ffmpeg()
    lines = write(home, talk(NOTES)).read_text(encoding="utf-8").splitlines()
    (home / "talk.mp4").write_text("This is not a recording.", encoding="utf-8")
    with pytest.raises(Problems) as raised:
        clips(home / "cards.yaml")
    (problem,) = raised.value.problems
    assert (problem.rule, problem.message[-9:]) == ("not-cut", "(2 clips)")
    assert "recording:" in lines[problem.place.line - 1]


def put_clips(home: Path, *names: str, words: str = "", of: str = "talk") -> None:
    """Write the clips of a source without cutting anything."""
    for name in names:
        path = home / "media" / "clips" / of / f"{name}.mp3"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(BEGINNINGS["mp3"] + f"{words}{name}".encode())


MANY = {f"n{number}": question(f"Question {number}?", f"Answer {number}.", at=f"0:{number}0") for number in range(6)}
MOMENTS = tuple(f"00.{number}0" for number in range(6))


def test_clips_that_are_missing_are_only_a_warning(home: Path) -> None:
    """Whoever works on the text has neither the recording nor ffmpeg."""
    cards = write(home, talk(MANY))
    put_clips(home, *MOMENTS[:3])
    (warning,) = checked(cards).warnings
    assert (warning.rule, warning.message) == (
        "no-clip",
        "3 notes have no clip of the recording yet: n3, n4, n5",
    )
    assert len({file for note in build(cards, at=FIRST).build.notes for file in note.rendered.files}) == 3


def test_the_clips_of_a_source_with_another_id_are_found(home: Path) -> None:
    """Another ffmpeg would cut other bytes, and each note would be updated. The hint is followed to the letter."""
    cards = write(home, talk(MANY))
    put_clips(home, *MOMENTS)
    before = checked(cards).notes
    for old in ("  talk:", "media/clips/talk"):
        edit(cards, old, old.replace("talk", "lecture"))
    (warning,) = checked(cards).warnings
    assert warning.hint == (
        "if the source had another id before, rename media/clips/talk to media/clips/lecture; "
        "otherwise run cuedeck clips"
    )
    (home / "media/clips/talk").rename(home / "media/clips/lecture")
    assert not checked(cards).warnings
    assert [note.content for note in checked(cards).notes] == [note.content for note in before]


def test_a_broken_clip_is_an_error(home: Path) -> None:
    """As any other file that learners could not hear."""
    cards = write(home, talk(NOTES))
    put_clips(home, "00.10", "00.20-00.25")
    (home / "media/clips/talk/00.10.mp3").write_bytes(b"version https://git-lfs.github.com/spec/v1\n")
    with pytest.raises(Problems) as raised:
        checked(cards)
    assert [(each.rule, each.place.line) for each in raised.value.problems] == [("media-format", 13)]


BROKEN: dict[str, Callable[[Path], None]] = {
    "empty": lambda clip: clip.write_bytes(b""),
    "a picture": lambda clip: clip.write_bytes(BEGINNINGS["png"]),
    "a link that leads nowhere": lambda clip: clip.symlink_to("gone.mp3"),
    "a link that leads outside": lambda clip: clip.symlink_to("/"),
}


@pytest.mark.skipif(os.name == "nt", reason="Windows lets few users make links")
@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_clip_is_cut_again_as_the_hint_says(home: Path, broken: Callable[[Path], None]) -> None:
    """Nobody can rename a clip, or write its path into a text, as the hints of other files say."""
    needed_ffmpeg()
    cards = write(home, talk({"one": question("One?", at="0:10")}))
    clip = home / "media/clips/talk/00.10.mp3"
    clip.parent.mkdir(parents=True)
    broken(clip)
    with pytest.raises(Problems) as raised:
        clips(cards)
    assert [each.hint.partition(",")[0] for each in raised.value.problems] == ["delete it"]
    clip.unlink()
    assert [each.path for each in clips(cards).cut] == ["media/clips/talk/00.10.mp3"]
    assert not checked(cards).warnings


def test_turning_clips_on_is_a_hazard_before_anything_is_built(home: Path) -> None:
    """A check and a build warn of it, and a release stops until it is accepted; a later clip touches only its note."""
    cards = write(home, talk(MANY, clips="false"))
    release(cards, "1.0.0", at=FIRST)
    put_clips(home, *MOMENTS)
    write(home, talk(MANY))
    assert [hazard.key for hazard in checked(cards).hazards] == ["mass-update:clips"]
    assert [each.key for each in diff(home / "decks/small-1.0.0.apkg", cards).hazards] == ["mass-update:clips"]
    with pytest.raises(Problems) as raised:
        release(cards, "1.1.0", at=FIRST + DAY)
    assert [each.accept for each in raised.value.problems if each.accept] == ["mass-update:clips"]
    done = release(cards, "1.1.0", ("mass-update:clips",), at=FIRST + DAY)
    assert done.build.counts == {"changed": 6}
    assert "* 6 notes have a new clip of the recording: " in done.notes
    assert "* New: 6 clips of the recording (1 kB).\n" in done.notes
    assert "`n1`" not in done.notes
    put_clips(home, "00.55")
    write(home, talk({**MANY, "new": question("New?", at="0:55")}))
    assert checked(cards).hazards == ()
    assert build(cards, at=FIRST + 2 * DAY).build.counts == {"new": 1, "unchanged": 6}


def test_only_the_package_brings_another_clip(home: Path) -> None:
    """A text brings no file, and after it the package would skip the note; a note whose clip stays is corrected so."""
    put_clips(home, *MOMENTS[:-1])
    cards = write(home, talk(MANY))
    release(cards, "1.0.0", at=FIRST)
    first, *_, last = MANY
    put_clips(home, *MOMENTS[-1:])
    edit(cards, MANY[first]["q"], "Corrected?")
    corrections = diff(home / "decks/small-1.0.0.apkg", cards).corrections
    assert [note.id for note in corrections.carried] == [first]
    assert [(note.id, reason) for note, reason in corrections.left] == [(last, "clip")]
    edit(cards, MANY[last]["q"], "Corrected as well?")
    corrections = diff(home / "decks/small-1.0.0.apkg", cards).corrections
    assert [note.id for note in corrections.carried] == [first]
    assert [(note.id, reason) for note, reason in corrections.left] == [(last, "files")]


def test_clips_that_are_lost_are_a_hazard_too(home: Path) -> None:
    """As on a machine where git ignores them: a release would take them from everybody."""
    put_clips(home, *MOMENTS)
    cards = write(home, talk(MANY))
    release(cards, "1.0.0", at=FIRST)
    for path in (home / "media" / "clips" / "talk").iterdir():
        path.unlink()
    assert [hazard.key for hazard in checked(cards).hazards] == ["mass-update:clips"]


def test_a_clip_needs_a_licence_of_its_own(home: Path) -> None:
    """It is a copy of what the speaker said, which the licence of the cards does not cover."""
    put_clips(home, "00.10", "00.20-00.25")
    data = talk(NOTES)
    cards = write(home, {key: value for key, value in data.items() if key != "media"})
    with pytest.raises(Problems) as raised:
        release(cards, "1.0.0", at=FIRST)
    (problem,) = (each for each in raised.value.problems if each.level == "error")
    assert (problem.rule, '"media/clips/talk"' in problem.hint) == ("no-license", True)
    with cards.open("a", encoding="utf-8") as file:
        file.write(problem.hint.partition("file: ")[2] + "\n")
    assert "* It contains 2 clips of the recording (1 kB).\n" in release(cards, "1.0.0", at=FIRST).notes


def test_the_licence_goes_to_those_of_other_files(home: Path) -> None:
    """A second `media:` would be an error."""
    put_clips(home, "00.10", "00.20-00.25")
    (home / "media" / "a.mp3").write_bytes(BEGINNINGS["mp3"])
    data = talk({**NOTES, "one": question("One? ![a](media/a.mp3)", at="0:10")})
    cards = write(home, {**data, "media": {"media/a.mp3": {"license": "CC0"}}})
    with pytest.raises(Problems) as raised:
        release(cards, "1.0.0", at=FIRST)
    (hint,) = (each.hint for each in raised.value.problems if each.level == "error")
    with cards.open("a", encoding="utf-8") as file:
        file.write(f"  {hint.partition('below media:, ')[2]}\n")
    assert release(cards, "1.0.0", at=FIRST).build.counts == {"new": 3}


@pytest.mark.parametrize(
    ("media", "before"),
    [({}, "at the end of the file: "), ({"media": {"media/a.mp3": {"license": "CC0"}}}, "below media:\n")],
    ids=["no media", "other media"],
)
def test_one_hint_names_the_clips_of_all_recordings(home: Path, media: dict[str, Any], before: str) -> None:
    """Following a hint for each would make a second `media:`."""
    put_clips(home, "00.10")
    put_clips(home, "00.20", of="other")
    (home / "media" / "a.mp3").write_bytes(BEGINNINGS["mp3"])
    data = talk({"one": question("One? ![a](media/a.mp3)", at="0:10"), "two": question(at="0:20", source="other")})
    data["concepts"]["idea"]["source"] = "talk"
    data["sources"]["other"] = {**data["sources"]["talk"], "url": "https://example.org/other"}
    cards = write(home, {**{key: value for key, value in data.items() if key != "media"}, **media})
    with pytest.raises(Problems) as raised:
        release(cards, "1.0.0", at=FIRST)
    (hint,) = (each.hint for each in raised.value.problems if each.level == "error")
    with cards.open("a", encoding="utf-8") as file:
        file.write(f"{hint.partition(before)[2]}\n")
    assert release(cards, "1.0.0", at=FIRST).build.counts == {"new": 2}


def test_clips_that_cards_play_are_used(home: Path) -> None:
    """`media` lists them with their notes, and no advice calls them unused or the same."""
    put_clips(home, "00.10")
    (home / "media/clips/talk/00.20-00.25.mp3").write_bytes((home / "media/clips/talk/00.10.mp3").read_bytes())
    cards = write(home, talk(NOTES))
    assert [(each.path, each.state, each.notes) for each in media(cards).files] == [
        ("media/clips/talk/00.10.mp3", "used", ("one",)),
        ("media/clips/talk/00.20-00.25.mp3", "used", ("two", "three")),
    ]
    assert prunable(cards) == []
    assert not {each.rule for each in checked(cards).with_advice().warnings} & {"unused-file", "same-file", "no-clip"}


def test_a_credit_may_be_there_before_the_clips(home: Path) -> None:
    """Nobody who has only the text is advised to delete it."""
    assert [each.rule for each in checked(write(home, talk(NOTES))).warnings] == ["no-clip"]
    assert [each.rule for each in checked(write(home, talk(NOTES, clips="false"))).warnings] == ["unused-credit"]


def test_a_note_without_a_clip_has_the_digest_that_it_had(home: Path) -> None:
    """The keys of the source touch no note, and neither does a clip that no card plays."""
    build_deck(home, deck(NOTES, license="CC0"), FIRST)
    put_clips(home, "00.10")
    found = build(write(home, talk(NOTES, clips="false")), at=FIRST + DAY).build
    assert (found.counts, {each.status for each in found.types}) == ({"unchanged": 3}, {"unchanged"})
    found = build(write(home, talk(NOTES)), at=FIRST + DAY).build
    assert (found.counts, {each.status for each in found.types}) == ({"changed": 1, "unchanged": 2}, {"changed"})
