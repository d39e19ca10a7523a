"""What a check makes of a transcript: places to look for, and nothing that anything depends on."""

import os
import time
from pathlib import Path

import pytest

from tests.making import edit, question
from tests.recording.talks import BEAVERS, SAID, SPIDERS, srt, talk_deck
from tests.running import output_of

WRONG = {**SPIDERS, "at": "0:00"}
COPIED = {
    "q": "What do moles keep?",
    "a": "A larder of living worms down there, moles dig tunnels, and keep a larder of living",
    "at": "3:20",
}


def codes(*words: str) -> list[str]:
    """Return the codes of all problems that a check prints."""
    return [
        line.rpartition("[")[2].strip("]") for line in output_of("check", *words)[2].splitlines() if line[:1] != " "
    ]


def test_a_wrong_moment_is_advised_against(folder: Path) -> None:
    """The message says where little is said, where much, and the hint what to write."""
    talk_deck(folder, {"one": WRONG, "two": BEAVERS})
    assert output_of("check")[2].splitlines() == [
        'cards.yaml:21:13: advice: little of this note is said at 00:00, much at 02:00: "Spiders weave webs, and some '
        'of them eat the web" [moment-elsewhere]',
        "    listen there; if the talk says it there, correct the moment: at: 02:00",
    ]
    edit(folder / "cards.yaml", "at: 0:00", "at: 02:00")
    assert codes() == []


def test_a_note_without_a_moment_gets_proposals(folder: Path) -> None:
    """They are in its message; one for all notes of a concept has them for each."""
    cards = talk_deck(folder, {"one": question(SPIDERS["q"], SPIDERS["a"]), "two": BEAVERS})
    assert output_of("check")[2].splitlines() == [
        'cards.yaml:18:7: error: the note "one" has no moment, and neither does its concept; most like it: 02:00 '
        "[no-moment]",
        "    listen at the first of these; if the talk says it there, add to the note: at: 02:00",
    ]
    edit(cards, "at: 0:30\n", "")
    assert [line.strip() for line in output_of("check")[2].splitlines()[2:]] == [
        'most like "one": 02:00',
        'most like "two": 00:30, 00:00, 04:40',
    ]
    without = output_of("check")[0]
    (folder / "talk.srt").unlink()
    assert (without, output_of("check")[0]) == (1, 1)
    assert "most like" not in output_of("check")[2]


@pytest.mark.parametrize("words", [(), ("--strict",)], ids=["", "strict"])
def test_the_exit_code_is_the_same_without_the_file(folder: Path, words: tuple[str, ...]) -> None:
    """Nothing that is found with a transcript, nor its absence, decides anything."""
    cards = talk_deck(folder, {"one": WRONG, "two": COPIED})
    edit(cards, "concepts:", "check:\n  ignore:\n    copied-words in two: It is so well said.\nconcepts:")
    assert codes() == ["moment-elsewhere"]
    assert output_of("check", *words)[0] == 0
    for data in (None, b"", bytes(9), b"no times", "caf\xe9".encode("latin-1")):
        (folder / "talk.srt").unlink()
        if data is not None:
            (folder / "talk.srt").write_bytes(data)
        assert output_of("check", *words)[0] == 0
        assert codes() == ["transcript-missing" if data is None else "transcript-unread"]
        (folder / "talk.srt").touch()


def test_strict_still_counts_other_advice(folder: Path) -> None:
    """What everybody can see decides."""
    talk_deck(folder, {"one": {**WRONG, "tags": ["once"]}})
    assert codes() == ["moment-elsewhere", "tag-used-once"]
    assert output_of("check", "--strict")[0] == 1


def test_a_release_is_not_stopped_by_a_transcript(folder: Path) -> None:
    """--strict of a release counts as that of a check does."""
    talk_deck(folder, {"one": WRONG})
    assert output_of("release", "1.0.0", "--strict")[0] == 0


BAD = {
    "nothing": (b"", "talk.srt: advice: it is empty, so it is not used [transcript-unread]"),
    "zeros": (bytes(2000), "talk.srt: advice: it is not a text, so it is not used [transcript-unread]"),
    "picture": (
        b"\x89PNG\r\n\x1a\n" + os.urandom(200),
        "talk.srt: advice: it is not a text, so it is not used [transcript-unread]",
    ),
    "half a JSON": (
        b'{"segments": [{"start": 0, "text": "a',
        "talk.srt: advice: it begins like JSON, but is not valid JSON, so it is not used [transcript-unread]",
    ),
    "deep JSON": (
        b"[" * 100_000,
        "talk.srt: advice: no times with words could be found in it, so it is not used [transcript-unread]",
    ),
    "numbers that are none": (
        b'[{"start": NaN, "text": "a"}, {"start": 1e999, "text": "b"}, {"start": -1, "text": "c"}, {"start": 1'
        + b"0" * 400
        + b', "text": "d"}]',
        "talk.srt: advice: no times with words could be found in it, so it is not used [transcript-unread]",
    ),
    "far away": (
        b"999:00:00,000 --> 999:00:01,000\nBeavers build dams.\n\n00:00:30,000 --> 00:00:38,000\nBeavers build dams.\n",
        "talk.srt:1: advice: 1 cue is after a hundred hours, and not read [transcript-damaged]",
    ),
    "backwards": (
        srt({30: SAID[30], 0: SAID[0], 10: "A word."}).encode(),
        "talk.srt:6: advice: 1 cue is earlier than the one before, and was put in order [transcript-damaged]",
    ),
    "an end before its start": (
        srt({30: SAID[30]}).replace("--> 00:00:38", "--> 00:00:08").encode(),
        "talk.srt:2: advice: 1 cue ends before it begins; such ends are left out [transcript-damaged]",
    ),
    "past the end": (
        srt({30: SAID[30], 700: "The end.", 800: "Really."}).encode(),
        'talk.srt:6: advice: 2 cues begin after the end of "talk", which is 10:00 long [transcript-damaged]',
    ),
    "another encoding": (
        srt({30: f"{SAID[30]} À bientôt."}).encode("latin-1"),
        "talk.srt:3: advice: it is not UTF-8, so it was read as windows-1252, which is a guess [transcript-encoding]",
    ),
}


@pytest.mark.parametrize(("data", "line"), BAD.values(), ids=BAD)
def test_what_cannot_be_read_is_remarked(folder: Path, data: bytes, line: str) -> None:
    """One remark, at its place in the file, and the rest is used."""
    talk_deck(folder, {"one": BEAVERS}, data, length="10:00")
    code, _, errors = output_of("check")
    assert (code, errors.splitlines()[0]) == (0, line)
    assert errors.count("[transcript-") == 1


def test_an_offset_that_leaves_nothing_is_remarked(folder: Path) -> None:
    """Otherwise, it would look as if there were nothing to say about the moments."""
    talk_deck(folder, {"one": BEAVERS}, offset="-1:30:00")
    problem = "with the offset of the source, all of it would be before the recording begins, so it is not used"
    assert output_of("check")[2].splitlines()[0] == f"talk.srt: advice: {problem} [transcript-unread]"
    assert output_of("find", "dams")[2].splitlines()[0] == f"talk.srt: error: {problem} [transcript-unread]"


def test_overlapping_cues_are_no_fault(folder: Path) -> None:
    """Two people may speak at once."""
    said = "00:25.000 --> 00:40.000\nBeavers build\n\n00:30.000 --> 00:35.000\ndams, they do\n"
    talk_deck(folder, {"one": BEAVERS}, f"WEBVTT\n\n{said}")
    assert codes() == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has neither")
def test_only_a_file_of_the_folder_is_read(folder: Path) -> None:
    """Neither a pipe, which may never end, nor a file elsewhere, nor a folder."""
    cards = talk_deck(folder / "deck", {"one": BEAVERS})
    transcript = folder / "deck" / "talk.srt"
    (folder / "other.srt").write_text(srt(SAID), encoding="utf-8")
    messages = []
    transcript.unlink()
    transcript.symlink_to(folder / "other.srt")
    messages.append(output_of("check", cards)[2])
    transcript.unlink()
    os.mkfifo(transcript)
    messages.append(output_of("check", cards)[2])
    transcript.unlink()
    transcript.mkdir()
    messages.append(output_of("check", cards)[2])
    assert [each.splitlines()[0].partition(" advice: ")[2] for each in messages] == [
        "it is a link that leads out of the folder of the deck, so it is not used [transcript-unread]",
        "it is not an ordinary file, so it is not used [transcript-unread]",
        "it is not an ordinary file, so it is not used [transcript-unread]",
    ]


def nonsense(kind: str) -> bytes:
    """Return a file of nonsense, just small enough to be looked at."""
    size = 15_500_000
    piece = {
        "letters": b"lorem ipsum dolor sit amet ",
        "one line": b"[" * 50 + b"<" * 50 + b"1:00 ",
        "brackets": b"[(0:00 [0:01](x) **\n",
        "times": b"0:00:01,000 --> 0:00:02,000\nword word word\n",
        "crowd": b"0:00:30,000 --> 0:00:40,000\nBeavers build dams of wood.\n",
        "tags": b"<p><b <i><!-- 0:01\n",
        "braces": b'{"a": [',
        "backwards": b"".join(b"%d:%02d a b c\n" % divmod(second, 60) for second in range(3000, 0, -1)),
    }[kind]
    return (piece * (size // len(piece) + 1))[:size]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["letters", "one line", "brackets", "times", "crowd", "tags", "braces", "backwards"])
def test_nonsense_takes_bounded_time(folder: Path, kind: str) -> None:
    """The largest file that is read at all takes seconds of processor time, not minutes, and memory in proportion."""
    talk_deck(folder, {"one": BEAVERS}, nonsense(kind))
    begun = time.process_time()
    assert output_of("check")[0] == 0
    assert time.process_time() - begun < 30


def test_a_larger_file_is_not_read(folder: Path) -> None:
    """Fifty megabytes are not a transcript."""
    talk_deck(folder, {"one": BEAVERS})
    os.truncate(folder / "talk.srt", 50_000_000)
    assert output_of("check")[2].splitlines()[0] == (
        "talk.srt: advice: it has more than 16.0 MB, so it is not used [transcript-unread]"
    )
