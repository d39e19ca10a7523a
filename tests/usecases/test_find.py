"""`cuedeck find`: where something is said, as it can be pasted below a note."""

import re
from pathlib import Path

import pytest

from tests.making import deck, edit, question, write
from tests.recording.talks import BEAVERS, SAID, SPIDERS, TALK, srt, talk_deck
from tests.running import output_of


def test_the_best_places_are_printed(folder: Path) -> None:
    """Best first, each with its moment and what is said from there on, up to three of them."""
    talk_deck(folder, {"one": BEAVERS})
    code, said, errors = output_of("find", "who builds a dam of water")
    assert (code, errors) == (0, "")
    assert said.splitlines() == [
        "00:30  … Beavers build dams, and the dams hold the water of a …",
        "00:00  … and what they build. …",
    ]


def test_a_deck_with_errors_is_searched(folder: Path) -> None:
    """Moments are looked for while notes still lack them."""
    cards = talk_deck(folder, {"one": {"q": "What do beavers build?", "anser": "dams"}})
    assert output_of("find", "webs", cards)[:2] == (
        0,
        "02:00  … Spiders weave webs, and some of them eat the web each evening. …\n",
    )


def test_the_offset_counts(folder: Path) -> None:
    """What is printed are times of the recording."""
    talk_deck(folder, {"one": BEAVERS}, offset="-0:20")
    assert output_of("find", "mussels")[1].startswith("00:40  … Otters crack mussels")


def test_all_transcripts_are_searched(folder: Path) -> None:
    """Each place is printed with its source; --source leaves the others out."""
    cards = talk_deck(folder, {"one": {**BEAVERS, "source": "talk"}})
    edit(
        cards,
        "concepts:",
        "  more:\n    title: More\n    url: https://example.org/b.mp3\n    transcript: b.srt\nconcepts:",
    )
    (folder / "b.srt").write_text(srt({5: "Nobody weaves webs like a spider, and no spiders weave better webs."}))
    said = output_of("find", "spiders weave webs")[1].splitlines()
    assert [line[:13] for line in said] == ["02:00  talk  ", "00:05  more  "]
    assert output_of("find", "spiders weave webs", "--source", "talk")[1].startswith("02:00  … Spiders")
    code, _, errors = output_of("find", "webs", "--source", "mor")
    assert (code, errors.splitlines()[0]) == (1, 'cards.yaml: error: there is no source "mor" [unknown-source]')
    assert errors.splitlines()[1].strip() == 'did you mean "more"?'


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["zebra"], "talk.srt: error: nothing like these words is said [not-said]"),
        (["the what"], "talk.srt: error: nothing like these words is said [not-said]"),
        ([""], "talk.srt: error: nothing like these words is said [not-said]"),
        (["webs", "no.yaml"], "no.yaml: error: there is no such file [no-file]"),
    ],
)
def test_what_is_not_found(folder: Path, words: list[str], line: str) -> None:
    """It is a problem like any other, with a hint."""
    talk_deck(folder, {"one": SPIDERS})
    code, said, errors = output_of("find", *words)
    assert (code, said, errors.splitlines()[0]) == (1, "", line)
    assert errors.count("\n") == 2


def test_words_without_quotes(folder: Path) -> None:
    """The second word would be taken for a file."""
    talk_deck(folder, {"one": SPIDERS})
    code, _, errors = output_of("find", "spiders", "weave")
    assert code == 2
    assert 'put the words in quotes: cuedeck find "spiders weave"' in errors


def test_without_a_transcript(folder: Path) -> None:
    """The hint says where to put one; if it is named but missing or unreadable, that is said."""
    write(folder, deck({"one": question()}, sources={"talk": TALK}))
    assert output_of("find", "webs")[2].startswith("cards.yaml: error: no source has a transcript [no-transcript]")
    cards = talk_deck(folder, {"one": SPIDERS})
    (folder / "talk.srt").unlink()
    missing = output_of("find", "webs", cards)[2]
    assert re.search(r"cards\.yaml:\d+:\d+: error: there is no file .talk.srt. \[transcript-missing\]\n", missing)
    (folder / "talk.srt").write_bytes(bytes(100))
    code, _, errors = output_of("find", "webs")
    assert (code, errors.splitlines()[0]) == (
        1,
        "talk.srt: error: it is not a text, so it is not used [transcript-unread]",
    )


def test_what_no_recording_says_is_not_laid_to_one(folder: Path) -> None:
    """All transcripts were searched."""
    for name in ("one", "two"):
        (folder / f"{name}.srt").write_text(srt(SAID), encoding="utf-8")
    sources = {
        name: {**TALK, "url": f"https://example.org/{name}.mp3", "transcript": f"{name}.srt"} for name in ("one", "two")
    }
    write(folder, deck({"one": question(source="one")}, sources=sources))
    assert output_of("find", "zebra")[2].startswith("cards.yaml: error: nothing like these words is said")
    assert output_of("find", "zebra", "--source", "two")[2].startswith("two.srt: error: nothing like")


def test_nothing_is_written(folder: Path) -> None:
    """It only reads."""
    talk_deck(folder, {"one": SPIDERS}, SAID)
    output_of("find", "webs")
    assert sorted(path.name for path in folder.iterdir()) == ["cards.yaml", "talk.srt"]
