"""Corrections as an author gets them: beside each release, by the command, and on the page."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cuedeck.updating.corrections import guids_in
from cuedeck.usecases.release import Released, release
from tests.making import DAY, FIRST, EveryKey, checked, cloze, deck, keys_met, question, write
from tests.running import git, output_of
from tests.tinymedia import put

AUTHOR = {"author": "An Author", "license": "CC0"}
ONE: dict[str, Any] = {
    "a": question("What is it?", "That", extra="More"),
    "b": cloze("It is {{c1::so}}"),
    "c": question("Who?", "He"),
}
# What each release changes: a fix, a note more, and a fix of that.
TWO = {**ONE, "a": question("What is it?", "That one", extra="More"), "d": question("Why?", "So", extra="Aside")}
THREE = {**TWO, "d": question("Why?", "So it is", extra="Aside"), "b": cloze("It is {{c1::so}}, he says")}
VERSIONS = {"1.0.0": ONE, "1.1.0": TWO, "1.2.0": THREE}


def hand_out(version: str, notes: dict[str, Any], day: int, **about: Any) -> Released:
    """Release a deck with these notes, whatever hazards it has."""
    cards = write(Path(), deck(notes, **AUTHOR, **about))
    return release(cards, version, keys_met(checked(cards, EveryKey())), at=FIRST + day * DAY)


@pytest.fixture
def home(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with three releases, some days later."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(FIRST + 9 * DAY))
    for day, (version, notes) in enumerate(VERSIONS.items()):
        hand_out(version, notes, day)
    return folder


def releases_in_git(folder: Path) -> None:
    """Commit the same three releases."""
    git("init", "-q")
    git("config", "user.name", "Test")
    git("config", "user.email", "test@example.org")
    for day, (version, notes) in enumerate(VERSIONS.items()):
        cards = write(folder, deck(notes, **AUTHOR))
        git("add", ".")
        git("commit", "-q", "-m", "Edit")
        release(cards, version, at=FIRST + day * DAY, commit=True)


def files() -> list[str]:
    return sorted(path.name for path in Path("decks").glob("*.tsv"))


def test_a_release_writes_them_from_each_earlier_one(home: Path) -> None:
    """One file for each kind of note that was corrected."""
    assert files() == [
        "small-1.1.0-corrections-from-1.0.0-questions.tsv",
        "small-1.2.0-corrections-from-1.0.0-cloze.tsv",
        "small-1.2.0-corrections-from-1.0.0-questions.tsv",
        "small-1.2.0-corrections-from-1.1.0-cloze.tsv",
        "small-1.2.0-corrections-from-1.1.0-questions.tsv",
    ]
    assert Path("decks/small-1.1.0-corrections-from-1.0.0-questions.tsv").read_text(encoding="utf-8") == (
        "#separator:tab\n#html:true\n#notetype column:2\n#notetype:1403230920396\n#guid column:3\n#tags column:99\n"
        "#if matches:update current\n#match scope:notetype\n#deck:Small\n"
        "#columns:(leave empty)\tnote type\tguid\tQuestion\tAnswer\tConcept\tSeconds\tClock\tTimecode\tLinks\tNote ID"
        "\tReverse\tExtra\n"
        '\t1403230920396\t"dfb9ff98817f32aa516b"\t"What is it?"\t"That one"\t"Idea"\t"92"\t"01:32"\t"00:01:32"\t""\t"a"'
        '\t""\n'
    )


def test_a_row_is_complete_if_another_release_lacks_the_note(home: Path) -> None:
    """The file from 1.1.0 has Extra of the note that 1.0.0 lacks, and that of 1.0.0 lacks the note."""
    rows = Path("decks/small-1.2.0-corrections-from-1.1.0-questions.tsv").read_text(encoding="utf-8")
    assert rows.endswith('\t"d"\t""\t"Aside"\n')
    older = Path("decks/small-1.2.0-corrections-from-1.0.0-questions.tsv").read_bytes()
    assert (b"Aside" in older, len(guids_in(older))) == (False, 1)


def test_the_command_writes_the_same_again(home: Path) -> None:
    """For any two releases; by default up to the last."""
    before = {name: Path("decks", name).read_bytes() for name in files()}
    for name in before:
        Path("decks", name).unlink()
    assert output_of("corrections", "--from", "1.0.0", "--to", "v1.1.0")[:2] == (
        0,
        "decks/small-1.1.0-corrections-from-1.0.0-questions.tsv: 1 note, to import before the package of 1.1.0\n",
    )
    assert output_of("corrections", "--from", "1.0.0")[0] == 0
    assert output_of("corrections", "--from", "1.1.0", "-q") == (0, "", "")
    assert {name: Path("decks", name).read_bytes() for name in files()} == before


def test_nothing_is_written_if_no_text_was_corrected(folder: Path) -> None:
    """New notes and other tags come with the package."""
    hand_out("1.0.0", ONE, 0)
    hand_out("1.1.0", {**ONE, "a": {**ONE["a"], "tags": "new"}, "e": question("More?")}, 1)
    assert files() == []
    assert output_of("corrections", "--from", "1.0.0") == (
        0,
        "learners of 1.0.0 have nothing to import before the package of 1.1.0\nonly in the package: a (its tags)\n",
        "",
    )


def test_only_the_package_brings_new_pictures(folder: Path) -> None:
    """Such a note is not in the file. Release notes and diff name it, and those whose tags only the package brings."""
    put(folder, a_png="first", b_png="second")
    hand_out("1.0.0", {**ONE, "p": question("What? ![it](media/a.png)", "That")}, 0)
    notes = {
        "a": {**TWO["a"], "tags": "new"},
        "b": ONE["b"],
        "c": question("Who? ![it](media/a.png)", "He"),
        "p": question("What? ![it](media/b.png)", "That"),
    }
    write(folder, deck(notes, **AUTHOR))
    told = output_of("diff")[1]
    assert told.endswith(
        "in the corrections, which keep learners' tags and own fields: a, c\n"
        "only in the package: a (its tags), p (a picture, sound or clip that learners do not have)\n"
    )
    found = json.loads(output_of("diff", "--format", "json")[1])["corrections"]
    assert found == {
        "notes": ["a", "c"],
        "only_in_package": [{"id": "a", "reason": "tags"}, {"id": "p", "reason": "files"}],
    }
    assert (
        "* If you import the corrections before the deck, you keep your own tags and fields on the 2 corrected notes.\n"
        "* New pictures, sounds or clips in `p`: only the deck itself brings this, and replaces your own tags and "
        "words on them.\n"
        "* Other tags on `a`: you do not get them if you import the corrections first.\n"
    ) in hand_out("1.1.0", notes, 1).notes


def test_what_was_taken_back_is_named(folder: Path) -> None:
    """No text can bring what reads as before, but the package replaces the note, with a learner's tags."""
    for day, (version, notes) in enumerate((("1.0.0", ONE), ("1.1.0", TWO), ("1.2.0", ONE))):
        hand_out(version, notes, day)
    assert output_of("corrections", "--from", "1.0.0") == (
        0,
        "learners of 1.0.0 have nothing to import before the package of 1.2.0\n"
        "only in the package: a (it reads as before, but is replaced)\n",
        "",
    )


def test_the_last_three_releases_and_named_ones_count(folder: Path) -> None:
    """The key in cards.yaml names older releases from which there are corrections, too."""
    for day, version in enumerate(("1.0.0", "1.1.0", "1.2.0", "1.3.0")):
        hand_out(version, {**ONE, "a": question("What is it?", f"That {version}")}, day)
    hand_out("1.4.0", ONE, 4)
    assert [name for name in files() if name.startswith("small-1.4.0") and "from-1.0.0" in name] == []
    hand_out("1.5.0", TWO, 5, supports=["1.0.0"])
    bases = {name.split("-")[4] for name in files() if name.startswith("small-1.5.0")}
    assert bases == {"1.0.0", "1.2.0", "1.3.0", "1.4.0"}


def test_a_hazard_that_nobody_accepted_is_not_carried(folder: Path) -> None:
    """A package with it would be refused. Without the lock, nothing shows that a release accepted it."""
    swap = cloze("It is {{c1::hard}}, or {{c2::soft}}"), cloze("It is {{c2::hard}}, or {{c1::soft}}")
    hand_out("1.0.0", {**ONE, "b": swap[0]}, 0)
    hand_out("2.0.0", {**TWO, "b": swap[1]}, 1)
    assert files() == [f"small-2.0.0-corrections-from-1.0.0-{kind}.tsv" for kind in ("cloze", "questions")]
    for path in (Path("cards.lock"), *Path("decks").glob("*.tsv")):
        path.unlink()
    assert output_of("adopt", "decks/small-2.0.0.apkg")[0] == 0
    told = output_of("corrections", "--from", "1.0.0")[1]
    assert told.endswith("only in the package: b (a hazard that was not accepted)\n")
    assert files() == ["small-2.0.0-corrections-from-1.0.0-questions.tsv"]


# What cannot be used.


def test_a_release_that_is_not_known(home: Path) -> None:
    """The message names those that are, and the way out if the lock was lost."""
    for words in (("--from", "9.0.0"), ("--from", "1.0.0", "--to", "9.0.0")):
        code, _, said = output_of("corrections", *words)
        assert (code, said) == (
            1,
            "cards.lock: error: cards.lock does not know a release 9.0.0, so there are no corrections from it or to it "
            "[corrections]\n    name one that it knows: 1.0.0, 1.1.0, 1.2.0; if the lock was lost, restore it from "
            "git, or recreate it with: cuedeck adopt decks/small.apkg\n",
        )


@pytest.mark.parametrize("word", ["", "1.0", "x", "1.0.0\n"])
def test_a_version_that_cannot_be_one(home: Path, word: str) -> None:
    """It is wrong use of the command."""
    assert output_of("corrections", "--from", word)[0] == 2


def test_the_wrong_order(home: Path) -> None:
    """Corrections never lead back."""
    for words in (("--from", "1.2.0"), ("--from", "1.1.0", "--to", "1.0.0")):
        code, _, said = output_of("corrections", *words)
        assert code == 1
        assert "would bring back what was wrong [corrections]" in said


def test_a_lost_lock(home: Path) -> None:
    """Recreated as the message says, it knows the releases again."""
    before = Path("decks/small-1.2.0-corrections-from-1.0.0-questions.tsv").read_bytes()
    Path("cards.lock").unlink()
    code, _, said = output_of("corrections", "--from", "1.2.0")
    assert code == 1
    assert "cuedeck adopt decks/small.apkg\n" in said
    assert output_of("adopt", "decks/small.apkg")[0] == 0
    assert output_of("corrections", "--from", "1.0.0", "--to", "1.2.0")[0] == 0
    assert Path("decks/small-1.2.0-corrections-from-1.0.0-questions.tsv").read_bytes() == before


def test_an_unknown_release_in_the_key(home: Path) -> None:
    """The message is at its place, also before the first release; followed, it helps."""
    data = deck(THREE, **AUTHOR, supports=["0.9.0"])
    write(home, {**data, "concepts": {"idea": {**data["concepts"]["idea"], "title": "Another"}}})
    code, _, said = output_of("release", "1.3.0")
    assert code == 1
    assert said.startswith("cards.yaml:8:5: error: cards.lock does not know a release 0.9.0, ")
    assert "    name one that it knows: 1.0.0, 1.1.0, 1.2.0\n" in said


def test_a_version_that_two_branches_released(home: Path) -> None:
    """Git joins both lines of the lock; learners of either would take the file with that version in its name."""
    lock = home / "cards.lock"
    lines = lock.read_text(encoding="utf-8").splitlines(keepends=True)
    first = next(number for number, line in enumerate(lines) if '"release": "1.1.0"' in line)
    line = json.loads(lines[first])
    other = {**line, "time": line["time"] + 1, "content": "0" * 20, "members": "0" * 64}
    lines.insert(first, json.dumps(other) + "\n")
    lock.write_text("".join(lines), encoding="utf-8")
    write(home, deck({**THREE, "c": question("Who?", "She")}, **AUTHOR))
    code, _, said = output_of("release", "1.3.0")
    assert (code, said.count("two branches released 1.1.0")) == (0, 1)
    names = {path.name for path in (home / "decks").glob("small-1.3.0-*.tsv")}
    assert {name.partition("-from-")[2][:5] for name in names} == {"1.0.0", "1.2.0"}
    assert output_of("corrections", "--from", "1.1.0")[0] == 1


@pytest.mark.parametrize("is_named", [False, True])
def test_a_missing_package(home: Path, is_named: bool) -> None:
    """A release only warns, unless cards.yaml names the release; the command and that need it."""
    Path("decks/small-1.0.0.apkg").unlink()
    names = {"supports": ["1.0.0"]} if is_named else {}
    notes = {**THREE, "c": question("Who?", "She")}
    write(home, deck(notes, **AUTHOR, **names))
    code, _, said = output_of("release", "1.3.0")
    level = "error" if is_named else "warning"
    assert code == int(is_named)
    assert (
        f"decks/small-1.0.0.apkg: {level}: the package of version 1.0.0 is missing, so there are no corrections from "
        "it [release-missing]\n    restore it from an earlier commit: git checkout COMMIT -- decks/small-1.0.0.apkg, "
    ) in said
    assert "[release-missing]" in output_of("corrections", "--from", "1.0.0")[2]
    assert ("small-1.3.0-corrections-from-1.1.0-questions.tsv" in files()) is not is_named


def test_a_package_in_git_will_do(folder: Path) -> None:
    """It need not be in the folder."""
    releases_in_git(folder)
    before = files()
    shutil.rmtree("decks")
    assert output_of("corrections", "--from", "1.0.0")[0] == 0
    assert files() == [name for name in before if name.startswith("small-1.2.0-corrections-from-1.0.0")]


def test_a_package_that_left_git_is_restored_as_the_message_says(folder: Path) -> None:
    """The last commit lacks it, so only an earlier one can have it."""
    releases_in_git(folder)
    before = Path("decks/small-1.0.0.apkg").read_bytes()
    git("rm", "-q", "decks/small-1.0.0.apkg")
    git("commit", "-q", "-m", "Tidy up")
    code, _, said = output_of("corrections", "--from", "1.0.0")
    found = re.search(r"git (checkout) (COMMIT) (--) (\S+), where .*: git (log .*?); if", said)
    assert code == 1
    assert found
    asked = subprocess.run(["git", *found[5].split()], check=True, capture_output=True, text=True)
    git(found[1], asked.stdout.split()[0], found[3], found[4])
    assert Path("decks/small-1.0.0.apkg").read_bytes() == before
    assert output_of("corrections", "--from", "1.0.0")[0] == 0


def test_the_package_of_another_deck(home: Path) -> None:
    """Or of another version, or one that was changed: nothing is made from it."""
    good = Path("decks/small-1.0.0.apkg").read_bytes()
    kept = Path("kept.apkg")
    kept.write_bytes(good)
    write(home / "other", deck(ONE, namespace="others99"))
    release(home / "other" / "cards.yaml", "1.0.0", at=FIRST)
    for bad, code, hint in (
        (home / "other" / "decks" / "small-1.0.0.apkg", "not-that-release", "another deck"),
        (Path("decks/small-1.1.0.apkg"), "not-that-release", "version 1.1.0"),
    ):
        shutil.copy(bad, "decks/small-1.0.0.apkg")
        exit_code, _, said = output_of("corrections", "--from", "1.0.0")
        assert exit_code == 1
        assert f"[{code}]" in said
        assert hint in said
    for damaged in (b"PK", b"", good[:500]):
        Path("decks/small-1.0.0.apkg").write_bytes(damaged)
        code, _, said = output_of("corrections", "--from", "1.0.0")
        assert code == 1
        assert "    restore the package that was handed out; if it is lost, " in said
    write(home, deck({**THREE, "c": question("Who?", "She")}, **AUTHOR))
    assert output_of("release", "1.3.0")[0] == 1
    Path("decks/small-1.0.0.apkg").unlink()
    assert output_of("release", "1.3.0")[0] == 0
    Path("decks/small-1.0.0.apkg").write_bytes(good)
    assert output_of("corrections", "--from", "1.0.0")[0] == 0


def test_a_package_that_this_copy_of_git_lacks(home: Path) -> None:
    """As after a clone with --filter: only another clone, or git itself, can bring it."""
    git("init")
    git("add", ".")
    git("commit", "--message", "Release")
    kept = Path("decks/small-1.0.0.apkg")
    found = subprocess.run(["git", "rev-parse", f"HEAD:{kept}"], check=True, capture_output=True, text=True).stdout
    kept.unlink()
    Path(".git/objects", found[:2], found[2:].strip()).unlink()
    code, _, said = output_of("corrections", "--from", "1.0.0")
    assert (code, "[git-broken]\n    clone the repository again, without --filter" in said) == (1, True)


def test_another_file_is_not_overwritten(home: Path) -> None:
    """A file of the same name that is not one of ours stays."""
    path = Path("decks/small-1.2.0-corrections-from-1.0.0-questions.tsv")
    path.write_text("mine\n", encoding="utf-8")
    code, _, said = output_of("corrections", "--from", "1.0.0")
    assert (code, path.read_text(encoding="utf-8")) == (1, "mine\n")
    assert "[unwritable]" in said


@pytest.mark.parametrize("is_folder", [False, True])
def test_a_release_does_not_overwrite_another_file(home: Path, is_folder: bool) -> None:
    """Nor does it stop halfway at a folder of that name; nothing is written."""
    path = Path("decks/small-1.3.0-corrections-from-1.2.0-questions.tsv")
    _ = path.mkdir() if is_folder else path.write_text("mine\n", encoding="utf-8")
    lock = Path("cards.lock").read_bytes()
    write(home, deck({**THREE, "c": question("Who?", "She")}, **AUTHOR))
    code, _, said = output_of("release", "1.3.0")
    assert code == 1
    assert f"{path.as_posix()}: error: " in said
    assert (Path("cards.lock").read_bytes(), Path("decks/small-1.3.0.apkg").exists()) == (lock, False)


def test_an_interrupted_release_gets_its_corrections(home: Path) -> None:
    """Repeating it writes them, also if a build has written the copy of the package meanwhile."""
    before = {name: Path("decks", name).read_bytes() for name in files()}
    for name in before:
        if name.startswith("small-1.2.0"):
            Path("decks", name).unlink()
    Path("decks/small-1.2.0.apkg").unlink()
    assert output_of("build", "-q")[0] == 0
    assert output_of("release", "1.2.0")[0] == 0
    assert {name: Path("decks", name).read_bytes() for name in files()} == before
    assert "[nothing-new]" in output_of("release", "1.2.0")[2]


# On the page.


@pytest.mark.needs("nh3")
def test_the_page_offers_them_by_version(home: Path) -> None:
    """With checksums and in the feed; those of an older release are removed from the folder."""
    assert output_of("share", "-q", "-o", "site")[0] == 0
    page, feed, sums = (
        Path("site", name).read_text(encoding="utf-8") for name in ("index.html", "feed.xml", "SHA256SUMS")
    )
    names = [name for name in files() if name.startswith("small-1.2.0")]
    for name in names:
        assert Path("site", name).read_bytes() == Path("decks", name).read_bytes()
        assert f'<a href="{name}" download>' in page
        assert f'href="{name}"' in feed
        assert f"  {name}\n" in sums
    assert page.index("If you have version 1.1.0, both files:") < page.index("If you have version 1.0.0, both files:")
    assert '<a href="#corrections">' in page
    hand_out("1.3.0", {**THREE, "c": question("Who?", "She")}, 3)
    assert output_of("share", "-q", "-o", "site")[0] == 0
    assert not any(Path("site", name).exists() for name in names)
    assert Path("site", "small-1.3.0-corrections-from-1.0.0-questions.tsv").exists()


@pytest.mark.needs("nh3")
def test_a_first_release_has_none_on_its_page(folder: Path) -> None:
    """Nobody has studied the deck before."""
    hand_out("1.0.0", ONE, 0)
    assert output_of("share", "-q", "-o", "site")[0] == 0
    assert "#corrections" not in Path("site/index.html").read_text(encoding="utf-8")
    assert "Have you studied this deck before?" not in Path("site/index.html").read_text(encoding="utf-8")


@pytest.mark.needs("nh3")
def test_the_page_claims_no_more_than_the_files_bring(folder: Path) -> None:
    """A note with another picture is corrected by the package alone, so its learners have nothing to import first."""
    put(folder, a_png="first", b_png="second")
    hand_out("1.0.0", {**ONE, "p": question("What? ![it](media/a.png)", "That")}, 0)
    hand_out("1.1.0", {**ONE, "p": question("What? ![it](media/a.png)", "This")}, 1)
    hand_out("1.2.0", {**ONE, "p": question("What? ![it](media/b.png)", "This")}, 2)
    hand_out("1.3.0", {**ONE, "p": question("What? ![it](media/b.png)", "It")}, 3)
    assert output_of("share", "-q", "-o", "site")[0] == 0
    page = Path("site/index.html").read_text(encoding="utf-8")
    assert "If you have version 1.2.0:" in page
    assert "Version 1.1.0: there are no corrections to import first, so import the deck alone." in page
