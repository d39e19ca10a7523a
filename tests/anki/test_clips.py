"""Clips of the recording: learners have the bytes that were cut, and Anki plays none of them by itself."""

import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection

from cuedeck.deck.kinds import Kind
from cuedeck.media.references import references
from cuedeck.rendering.notefields import CLIP, place_of
from cuedeck.usecases.adopt import adopt
from cuedeck.usecases.build import Written
from cuedeck.usecases.clips import clips
from cuedeck.usecases.verify import verify
from tests.anki.learner import card_of, faults, note_of, schedules, study_all, take
from tests.making import DAY, FIRST, TALK, build_deck, cloze, deck, question, write
from tests.recordings import needed_ffmpeg, recording
from tests.tinymedia import BEGINNINGS

NOTES = {
    "one": question("One?", at="0:10", reverse="true"),
    "two": question("Two?", at="0:20-0:25"),
    "three": cloze("{{c1::Three}} or {{c2::four}}.", at="0:20-0:25"),
}
ADDED = {"one": NOTES["one"], "between": question("Between?", at="0:15"), "two": NOTES["two"], "three": NOTES["three"]}
PLAYER = re.compile(r'<audio controls preload="none" src="(cuedeck-[0-9a-f]{16}\.mp3)"></audio>')


def talk(notes: dict[str, Any], clips: str = "true") -> dict[str, Any]:
    return deck(notes, sources={"talk": {**TALK, "recording": "talk.wav", "clips": clips}})


def put_clips(home: Path, words: str = "", *names: str) -> None:
    """Write clips with these words in them, without cutting anything."""
    for name in names:
        path = home / "media" / "clips" / "talk" / f"{name}.mp3"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(BEGINNINGS["mp3"] + f"{words} {name}".encode())


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a clip for each moment."""
    put_clips(tmp_path / "home", "first", "00.10", "00.15", "00.20-00.25")
    return tmp_path / "home"


def has_all(learner: Collection, written: Written) -> None:
    """Assert that a learner has each file that a note refers to, byte for byte, and that Anki misses nothing."""
    files = {path.name: path.read_bytes() for path in Path(learner.media.dir()).iterdir()}
    for stamped in written.build.notes:
        note = note_of(learner, stamped.known.id)
        assert tuple(note.fields) == stamped.rendered.fields
        for name in (name for field in note.fields for name in references(field)):
            assert sha256(files[name]).hexdigest().startswith(name[len("cuedeck-") :].partition(".")[0])
    assert list(learner.media.check().missing) == []
    assert faults(learner) == ""


def clip_of(learner: Collection, id: str) -> str:
    note = note_of(learner, id)
    return note.fields[place_of(CLIP, Kind.CLOZE if id == "three" else Kind.QA)]


def test_every_reference_arrives_and_nothing_plays_by_itself(learner: Collection, home: Path) -> None:
    """The back of each card has the player of its note, and to Anki it is not one of the sounds that it plays."""
    built = build_deck(home, talk(NOTES))
    assert take(learner, built.package) == {"new": 3}
    has_all(learner, built)
    assert clip_of(learner, "two") == clip_of(learner, "three") != clip_of(learner, "one")
    for id, ordinal in (("one", 0), ("one", 1), ("two", 0), ("three", 0), ("three", 1)):
        card = card_of(learner, id, ordinal)
        assert PLAYER.findall(card.answer()) == PLAYER.findall(clip_of(learner, id))
        assert not PLAYER.findall(card.question())
        assert [*card.question_av_tags(), *card.answer_av_tags()] == []
    assert verify(built.package, home / "cards.yaml").notes == 3


def test_the_lock_is_recreated_from_a_package_with_clips(home: Path) -> None:
    """No note counts as changed."""
    built = build_deck(home, talk(NOTES))
    (home / "cards.lock").unlink()
    assert adopt(built.package, home / "cards.yaml").unchanged == 3


def test_a_note_between_two_others_changes_neither(learner: Collection, home: Path) -> None:
    """Clips that are turned on reach all learners, and a later one only its own note."""
    take(learner, build_deck(home, talk(NOTES, clips="false")).package)
    study_all(learner)
    learner.fix_integrity()
    before = schedules(learner)
    assert clip_of(learner, "one") == ""
    built = build_deck(home, talk(NOTES), FIRST + DAY)
    assert take(learner, built.package) == {"updated": 3}
    has_all(learner, built)
    built = build_deck(home, talk(ADDED), FIRST + 2 * DAY)
    assert take(learner, built.package) == {"new": 1, "duplicate": 3}
    has_all(learner, built)
    assert {card: schedules(learner)[card] for card in before} == before


def test_another_clip_is_another_file(learner: Collection, home: Path) -> None:
    """Of the notes that play it, and of no others; no file of a learner's is overwritten."""
    take(learner, build_deck(home, talk(NOTES)).package)
    put_clips(home, "second", "00.20-00.25")
    built = build_deck(home, talk(NOTES), FIRST + DAY)
    assert built.build.counts == {"changed": 2, "unchanged": 1}
    take(learner, built.package)
    assert PLAYER.search(clip_of(learner, "one"))
    assert len(learner.media.check().unused) == 1


def test_a_recording_is_cut_built_and_imported(learner: Collection, tmp_path: Path) -> None:
    """From the recording to the learner, with real sound."""
    needed_ffmpeg()
    cards = write(tmp_path, talk(NOTES))
    recording(tmp_path / "talk.wav", 40)
    clips(cards)
    built = build_deck(tmp_path, talk(NOTES))
    take(learner, built.package)
    has_all(learner, built)
    assert {path.name for path in Path(learner.media.dir()).iterdir()} >= set(PLAYER.findall(clip_of(learner, "one")))
