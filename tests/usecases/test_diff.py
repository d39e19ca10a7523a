"""`cuedeck diff`: what is compared when nothing is named, its three forms, and its exit code."""

import hashlib
import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cuedeck.usecases.adopt import adopt
from cuedeck.usecases.build import build
from cuedeck.usecases.fork import fork
from cuedeck.usecases.release import release
from tests.anki.packages import CLOZE, Row, pack
from tests.making import DAY, FIRST, TALK, build_deck, cloze, deck, question, release_deck, write
from tests.running import git, output_of
from tests.sentences import to_learners

pytestmark = pytest.mark.usefixtures("folder")


OLD = deck(
    {"one": question("What is it?", "An open breakup.", at="12:50"), "two": question("Why?"), "x": question("X?")}
)
NEW = deck(
    {
        "one": question("What is it?", "An open and final breakup.", at="12:50", tags=["t"]),
        "two": question("Why?", retired="Doubtful"),
        "three": question("Who *is* it?", at="13:00"),
        "y": question("X?", was="x"),
    }
)


def diff(*words: str) -> tuple[int, str, str]:
    return output_of("diff", *words)


def two_packages() -> None:
    build_deck(Path(), OLD).package.rename("old.apkg")
    build_deck(Path(), NEW, FIRST + DAY).package.rename("new.apkg")


def test_text(folder: Path) -> None:
    """An author reads each note's fate by concept, the edit word by word, and the counts at the end."""
    two_packages()
    assert diff("old.apkg", "new.apkg") == (
        0,
        "old.apkg -> new.apkg\n"
        "Idea\n"
        "  01:32 two: retired (Doubtful)\n"
        "  01:32 y: unchanged, renamed from x\n"
        "  12:50 one: updated\n"
        "    Answer: An open {+and final+} breakup.\n"
        "    Tags: +small::t\n"
        "  13:00 three: new\n"
        "1 updated, 1 new, 1 retired, 1 unchanged, 1 renamed\n",
        "",
    )


def test_markdown(folder: Path) -> None:
    """Learners read what changed, by concept and moment, and how to find what they keep."""
    two_packages()
    assert diff("old.apkg", "new.apkg", "--format", "markdown")[1] == (
        "* **Idea**\n"
        "  * 12:50 corrected (`one`)\n"
        "    * Answer: An open **and final** breakup.\n"
        "  * 13:00 new (`three`): Who is it?\n"
        "* No longer part of the deck; you keep them:\n"
        "  * `two`: Doubtful\n"
        '  * To find them in Anki\'s browser, and suspend or delete them: `"note:Cuedeck small (*)" "Note ID:two"`\n'
    )


def test_json(folder: Path) -> None:
    """A program reads the same, each note with its fields before and after."""
    two_packages()
    data = json.loads(diff("old.apkg", "new.apkg", "--format", "json")[1])
    assert data["counts"]["updated"] == 1
    (one,) = (note for note in data["notes"] if note["id"] == "one")
    assert one["fields"] == [
        {"name": "Answer", "before": "An open breakup.", "after": "An open and final breakup.", "said": []}
    ]
    assert (one["moment"], one["concept"], one["tags_added"]) == ("12:50", "Idea", ["small::t"])
    assert data["hazards"] == []
    assert data["old"] == {"name": "old.apkg", "version": None}


def test_problems_are_json_as_well(folder: Path) -> None:
    """A program that asked for data gets data even if a file has errors."""
    build_deck(Path(), OLD)
    write(Path(), deck({"one": question("")}))
    code, out, err = diff("decks/small.apkg", "--format", "json")
    assert (code, err) == (1, "")
    assert json.loads(out)["problems"][0]["rule"] == "empty"
    Path("bytes.dat").write_bytes(b"\0\1")
    assert json.loads(diff("bytes.dat", "--format", "json")[1])["problems"][0]["rule"] == "no-package"


HAZARD = deck({"one": cloze("It is {{c1::x}}."), "two": question("Why?"), "x": question("X?")})


def test_a_loss_of_progress_shows_in_the_exit_code(folder: Path) -> None:
    """A script sees by the exit code whether learners would lose progress; nothing is built."""
    release_deck(Path(), OLD)
    write(Path(), HAZARD)
    before = Path("cards.lock").read_bytes()
    code, text, errors = diff()
    assert (code, errors) == (1, "")
    assert re.search(r"^learners lose progress: .* \[kind-changed:one\]$", text, re.M)
    assert Path("cards.lock").read_bytes() == before


def test_without_git_the_package_in_the_folder_is_compared(folder: Path) -> None:
    """What was built last is the old one, and the current source the new one."""
    build_deck(Path(), OLD)
    write(Path(), NEW)
    assert diff()[1].startswith("decks/small.apkg -> cards.yaml\n")
    assert diff("cards.yaml") == diff()


def test_the_committed_package_goes_before_the_one_in_the_folder(folder: Path) -> None:
    """An author who has built already still sees what others will get."""
    build_deck(Path(), OLD)
    git("init")
    git("add", ".")
    git("commit", "-m", "first")
    build_deck(Path(), NEW, FIRST + DAY)
    code, text, _ = diff()
    assert text.startswith("decks/small.apkg as committed -> cards.yaml\n")
    assert text.endswith("1 updated, 1 new, 1 retired, 1 unchanged, 1 renamed\n")
    assert code == 0


WRONG: dict[str, tuple[list[str], str]] = {
    "no package": (
        ["ald.apkg"],
        'ald.apkg: error: there is no such file [no-file]\n    did you mean "old.apkg"?\n',
    ),
    "nothing like it": (
        ["missing-at-all.apkg"],
        "missing-at-all.apkg: error: there is no such file [no-file]\n    name a package that exists\n",
    ),
    "no deck at all": (
        ["old.apkg", "picture.bin"],
        "picture.bin: error: this is neither a package nor a cards.yaml [no-package]\n    name an .apkg file\n",
    ),
    "a broken package in capitals": (
        ["old.apkg", "BROKEN.APKG"],
        "BROKEN.APKG: error: this is not a complete .apkg file [no-package]",
    ),
    "only the new one": (["x.apkg", "y.apkg"], "x.apkg: error: there is no such file [no-file]"),
    "no source": (["old.apkg", "other.yaml"], "other.yaml: error: there is no such file [no-file]"),
    "another deck": (
        ["old.apkg", "strange.apkg"],
        "strange.apkg: error: this has no note in common with old.apkg: for Anki, they are two decks [another-deck]",
    ),
}


@pytest.mark.parametrize(("words", "said"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_compared_is_told(folder: Path, words: list[str], said: str) -> None:
    """A sentence says what is missing, or that the two have nothing to do with one another."""
    build_deck(Path(), OLD).package.rename("old.apkg")
    Path("picture.bin").write_bytes(b"\x89PNG\0\xff")
    Path("BROKEN.APKG").write_bytes(b"PK\3\4")
    build_deck(Path("strange"), deck({"one": question()}, namespace="stranger")).package.rename("strange.apkg")
    code, text, errors = diff(*words)
    assert (code, text) == (1, "")
    assert errors.startswith(said)


def test_long_texts_are_shown_around_what_changed(folder: Path) -> None:
    """What stays is cut down to a few words, so that the change can be seen."""
    words = " ".join(["word"] * 100)
    packages: list[Any] = []
    for number, text in enumerate((f"{words} old {words}", f"{words} new {words}")):
        packages.append(f"{number}.apkg")
        build_deck(Path(), deck({"one": question(answer=text)}), FIRST + number).package.rename(packages[-1])
    (line,) = (line for line in diff(*packages)[1].splitlines() if "Answer" in line)
    assert "[-old-]{+new+}" in line
    assert len(line) < 130


# Name: what is compared, and the sentence that says what is wrong with the command.
MISUSED: dict[str, tuple[list[str], str]] = {
    "the wrong way round": (
        ["cards.yaml", "old.apkg"],
        "the package that learners have comes first: cuedeck diff old.apkg cards.yaml",
    ),
    "two sources": (
        ["cards.yaml", "other.yaml"],
        "OLD must be a package, but cards.yaml is not one: cuedeck diff OLD.apkg other.yaml",
    ),
}


@pytest.mark.parametrize(("words", "said"), MISUSED.values(), ids=MISUSED)
def test_a_command_that_means_something_else_is_told(folder: Path, words: list[str], said: str) -> None:
    """The message is about the order of the two, and not about what each of them is not."""
    build_deck(Path(), OLD).package.rename("old.apkg")
    code, _, errors = diff(*words)
    assert code == 2
    assert said in errors


def test_a_package_is_one_whatever_its_name(folder: Path) -> None:
    """In capitals, or under a name that a browser gave it."""
    two_packages()
    wanted = diff("old.apkg", "new.apkg")[1].splitlines()[1:]
    for name in ("OLD.APKG", "old.apkg.zip"):
        Path("old.apkg").rename(name)
        assert diff(name, "new.apkg")[1].splitlines()[1:] == wanted
        Path(name).rename("old.apkg")


def test_the_newer_package_first_is_told(folder: Path) -> None:
    """Nothing arrives from an older package: most likely the two are the wrong way round."""
    two_packages()
    code, text, _ = diff("new.apkg", "old.apkg")
    assert code == 1
    assert "[stale:one]\n" in text
    assert "if you named them in the wrong order, swap them" in text
    assert "1 never arriving" in text


def test_without_a_package_there_is_nothing_to_compare(folder: Path) -> None:
    """Before the first build, after a fork, and with a new lock, the hint says what to do."""
    write(Path(), OLD)
    first = "build it with: cuedeck build; or name the package that learners have: cuedeck diff OLD.apkg\n"
    nothing = "cards.yaml: error: there is no package of this deck yet: decks/small.apkg"
    assert diff() == (1, "", f"{nothing} [nothing-to-compare]\n    {first}")
    build_deck(Path(), OLD)
    fork(Path("cards.yaml"))
    assert diff() == (1, "", f"{nothing} belongs to another deck [nothing-to-compare]\n    {first}")
    write(Path(), OLD)
    old = Path("decks/small.apkg").rename("old.apkg")
    adopt(old, Path("cards.yaml"))
    named = "name the package that learners have: cuedeck diff OLD.apkg\n"
    assert diff() == (1, "", f"{nothing} [nothing-to-compare]\n    {named}")
    assert diff("old.apkg")[0] == 0


def test_a_missing_package_of_the_last_release_is_told(folder: Path) -> None:
    """Another one is compared in its place, and the author knows which."""
    cards = write(Path(), deck({"one": question("What is it?", "An open breakup.")}))
    release(cards, "1.0.0", at=FIRST)
    Path("decks/small-1.0.0.apkg").unlink()
    code, text, errors = diff()
    assert (code, text.splitlines()[0]) == (0, "decks/small.apkg -> cards.yaml")
    assert errors == (
        "the package of version 1.0.0, decks/small-1.0.0.apkg, is missing: comparing with decks/small.apkg instead\n"
    )


def test_what_drafts_accepted_is_told_of_the_source(folder: Path) -> None:
    """Before the release, an author sees what the hazards that were accepted on the way will do to learners."""
    cards = write(Path(), deck({"one": cloze("{{c1::Hard}} is over; {{c2::soft}} goes on.")}))
    release(cards, "1.0.0", at=FIRST)
    release(write(Path(), deck({"one": cloze("{{c1::Hard}} is over.")})), "1.1.0", ["cloze-gone:one"], FIRST + DAY)
    again = write(Path(), deck({"one": cloze("{{c1::Hard}} is over; {{c2::grief}} begins then.")}))
    build(again, at=FIRST + 2 * DAY, accept=["cloze-replaced:one"])
    code, text, _ = diff()
    assert code == 0, "a build goes on"
    assert re.search(r'^learners lose progress: .*"soft".*"grief".* \[cloze-replaced:one\]$', text, re.M)
    assert to_learners("cloze-replaced") in diff("--format", "markdown")[1]


TWO_NOTES = {"one": question("What is it?", "An open breakup."), "two": question("Who spoke?", "A lecturer.")}
MOVED = {"talk": {**TALK, "deck": "Lectures"}, "film": {**TALK, "title": "A film", "url": "https://example.org/film"}}
FILMS = {**MOVED, "talk": {**TALK, "deck": "Talks"}}
# Decks that are built one after the other, the last of which is not, and what a build refuses of it.
REFUSED: dict[str, tuple[list[dict[str, Any]], str]] = {
    "back": (
        [deck(TWO_NOTES), deck({**TWO_NOTES, "two": {**TWO_NOTES["two"], "retired": "Doubtful"}}), deck(TWO_NOTES)],
        "unretired:two",
    ),
    "a subdeck of another name": (
        [deck({"one": question(source="talk")}, sources=FILMS), deck({"one": question(source="talk")}, sources=MOVED)],
        "title-changed:Small::Lectures",
    ),
}


@pytest.mark.parametrize(("decks", "key"), REFUSED.values(), ids=REFUSED)
def test_what_a_build_refuses_is_told_before_it(folder: Path, decks: list[dict[str, Any]], key: str) -> None:
    """Everything that a build would refuse is reported, once, even if packages do not show it."""
    *built, last = decks
    for day, data in enumerate(built):
        release_deck(Path(), data, FIRST + day * DAY, f"1.{day}.0")
    write(Path(), last)
    code, text, _ = diff("decks/small.apkg")
    assert code == 1
    assert text.count("refused until accepted: ") == 1
    assert f"[{key}]\n" in text


def test_what_diff_calls_it_can_be_accepted(folder: Path) -> None:
    """One edit of decks' names has several subjects: whichever of them the author read accepts it."""
    release_deck(Path(), deck({"one": question(source="talk")}, sources=FILMS))
    cards = write(Path(), deck({"one": question(source="talk")}, sources=MOVED))
    built = build(cards, at=FIRST + DAY, accept=["title-changed:Small::Lectures"])
    assert built.build.lock.accepted[-1].hazard == "title-changed:talk"


def test_a_lost_lock_is_told_before_a_build(folder: Path) -> None:
    """Without its lock a build would replace notes of which nothing changed, and it is refused."""
    release_deck(Path(), deck(TWO_NOTES))
    Path("cards.lock").unlink()
    code, text, _ = diff("decks/small.apkg")
    assert code == 1
    assert "refused until accepted: cards.lock is missing" in text


def test_notes_of_another_tool_are_called_by_their_words(folder: Path) -> None:
    """They have no author's id, so they are called by their first words and found by Anki's ids."""
    pack(folder / "old.apkg", [Row("aB$d<", ("What is it?", "x")), Row("kept", ("Why?", "y"))])
    pack(folder / "new.apkg", [Row("kept", ("Why?", "z"), time=FIRST + DAY)])
    code, text, errors = diff("old.apkg", "new.apkg")
    assert (code, errors) == (0, "")
    assert "  What is it?: vanished without a reason\n" in text
    assert re.search(r'"What is it\?".*new package.* \[vanished:.*\n    .*\bnid:[0-9]+$', text, re.M)
    notes = diff("old.apkg", "new.apkg", "--format", "markdown")[1]
    assert "  * What is it?\n" in notes
    assert "  * corrected: Why?\n" in notes


def test_a_note_of_another_tool_under_another_guid_is_a_loss(folder: Path) -> None:
    """To people it is the same note, but to Anki a new one, so progress stays with the old one."""
    pack(folder / "old.apkg", [Row("g|1", ("What is cool?", "Their very long trunks")), Row("g2", ("Why?", "y"))])
    pack(folder / "new.apkg", [Row("g|3", ("What is cool?", "Their long trunks")), Row("g4", ("Who?", "z"))])
    code, text, errors = diff("old.apkg", "new.apkg")
    assert (code, errors) == (1, "")
    assert "  What is cool?: comes a second time\n    Back: Their [-very-] long trunks\n" in text
    assert re.search(r'^learners lose progress: .*"What is cool\?".* \[guid-changed:', text, re.M)
    assert "genanki.Note(guid=...)" in text
    assert text.endswith("\n1 new, 1 coming a second time, 1 vanished\n")
    notes = diff("old.apkg", "new.apkg", "--format", "markdown")[1]
    assert "  * comes as a new note beside yours: What is cool?\n" in notes
    assert to_learners("guid-changed").partition("`")[0] in notes
    data = json.loads(diff("old.apkg", "new.apkg", "--format", "json")[1])
    told = {note["fate"]: (note["guid"], note["label"]) for note in data["notes"]}
    assert told == {"doubled": ("g|3", "What is cool?"), "new": ("g4", "Who?"), "vanished": ("g2", "Why?")}


def test_another_tool_took_the_deck_over(folder: Path) -> None:
    """Without a bridge all notes come twice, whichever of both tools made the old ones."""
    pack(folder / "old.apkg", [Row("g|1", ("What?", "That.")), Row("g2", ("Why is it so?", "It was."))])
    notes = {"one": question(), "two": question("Why is it so?", "It just was.")}
    new = build_deck(Path(), deck(notes), FIRST + DAY).package.as_posix()
    code, text, errors = diff("old.apkg", new)
    assert (code, errors) == (1, "")
    assert text.endswith("\n2 coming a second time\n")
    assert re.search(r'^    .*"guid: g\|1" .*cuedeck adopt with the package that learners have$', text, re.M)
    code, text, _ = diff(new, "old.apkg")
    assert code == 1
    assert text.endswith("\n2 coming a second time\n")
    assert "genanki.Note(guid=...)" in text
    pack(folder / "strange.apkg", [Row("g|1", ("Where?", "There."))])
    assert "for Anki, they are two decks [another-deck]" in diff("strange.apkg", new)[2]


def test_a_note_that_was_retired_may_say_the_same(folder: Path) -> None:
    """Its author knows it, for example because a note of another tool was first taken over and then changed."""
    pack(folder / "old.apkg", [Row("g|1", ("What?", "That."))])
    notes = {"one": question(guid="g|1", retired="Dull"), "two": question()}
    build_deck(Path(), deck({"one": question(guid="g|1"), "x": question("X?")}))
    new = build_deck(Path(), deck({**notes, "x": question("X?")}), FIRST + DAY, accept_all=True).package
    assert "second time" not in diff("old.apkg", new.as_posix())[1]


def test_a_hazard_names_a_note_of_another_tool_by_its_words(folder: Path) -> None:
    """Nobody knows it by its guid."""
    pack(folder / "old.apkg", [Row("g|1", ("{{c1::Paris}} and {{c2::Rome}}", ""))], CLOZE)
    pack(folder / "new.apkg", [Row("g|1", ("Paris and {{c2::Rome}}", ""), FIRST + DAY)], CLOZE)
    text = diff("old.apkg", "new.apkg")[1]
    assert "Paris and Rome" in text
    assert '"g|1"' not in text


def test_a_note_taken_over_from_another_tool_is_not_renamed(folder: Path) -> None:
    """It had no id before, and authors need not read its guid."""
    pack(folder / "old.apkg", [Row("aB$d<", ("What?", "That."))])
    new = build_deck(Path(), deck({"one": question(guid="aB$d<")}), FIRST + DAY).package
    text = diff("old.apkg", new.as_posix())[1]
    assert "  01:32 one: changed, but never arrives\n" in text
    assert "renamed" not in text


@pytest.mark.hostile
def test_a_package_whose_contents_git_lacks_is_reported(folder: Path) -> None:
    """In a partial clone, git knows of the package without having it: that is said, not that there is none."""
    git("init")
    build_deck(Path(), OLD)
    git("add", ".")
    git("commit", "-m", "first")
    object = hashlib.sha1(b"blob %d\0" % len(data := Path("decks/small.apkg").read_bytes()) + data).hexdigest()
    Path(".git/objects", object[:2], object[2:]).unlink()
    Path("decks/small.apkg").unlink()
    code, printed, problems = diff()
    assert (code, printed) == (1, "")
    assert problems.startswith("decks/small.apkg: error: git has this file, but this copy of the repository lacks its")


def test_twice_the_notes_are_twice_the_work(folder: Path) -> None:
    """No note is compared with each other one, also where many of them changed, came and went."""
    calls = []
    for notes in (200, 400):
        rows = [Row(f"guid-{number}", (f"What is {number}?", f"It is {number}.")) for number in range(notes)]
        fewer, more = rows[: -notes // 4], rows[notes // 4 :]
        pack(folder / "old.apkg", fewer)
        pack(folder / "new.apkg", [replace(row, fields=(row.fields[0], "Other."), time=FIRST + DAY) for row in more])
        counted = 0

        def count(*_: object) -> None:
            nonlocal counted
            counted += 1

        sys.setprofile(count)
        try:
            diff("old.apkg", "new.apkg")
        finally:
            sys.setprofile(None)
        calls.append(counted)
    assert calls[1] < 2.2 * calls[0]
