"""From cards.yaml, lock and clock to files: times, several builds at once, and what heals."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cuedeck.building import loading
from cuedeck.building.assembling import now, stamp
from cuedeck.package import opening
from cuedeck.package.contents import MOST_MEDIA, MOST_MEMBERS
from cuedeck.package.database import read_snapshot
from cuedeck.package.opening import read_members
from cuedeck.problems import Problems
from cuedeck.usecases.build import build
from cuedeck.usecases.fork import fork
from cuedeck.usecases.release import release
from tests.making import DAY, FIRST, TALK, build_deck, checked, deck, edit, question, release_deck, write
from tests.running import PATIENCE, git, run
from tests.tinymedia import put

SMALL = deck({"one": question()})


def rules(caught: "pytest.ExceptionInfo[Problems]") -> list[str]:
    return [problem.rule for problem in caught.value.problems]


# Name: SOURCE_DATE_EPOCH, and the rule that refuses it, or none.
TIMES = {
    "a day": (str(FIRST), ""),
    "with spaces around it": (f" {FIRST} ", "bad-time"),
    "zero": ("0", "clock-behind"),
    "negative": ("-1", "bad-time"),
    "far future": ("99999999999", "clock-ahead"),
    "beyond every number": ("9" * 30, "clock-ahead"),
    "a word": ("today", "bad-time"),
    "a date": ("2023-11-14", "bad-time"),
    "a fraction": ("1700000000.5", "bad-time"),
    "a sign": ("+1700000000", "bad-time"),
    "digits of another script": ("\u0661\u0662", "bad-time"),
    "thousands of digits": ("9" * 5000, "bad-time"),
}


@pytest.mark.parametrize(("given", "rule"), TIMES.values(), ids=TIMES)
def test_the_time_that_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, rule: str) -> None:
    """SOURCE_DATE_EPOCH is the time of a build; one that would spoil updates is refused and nothing is written."""
    cards = write(tmp_path, SMALL)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    if not rule:
        assert build(cards).build.notes[0].known.time == FIRST
        return
    with pytest.raises(Problems) as caught:
        build(cards)
    assert rules(caught) == [rule]
    assert not (tmp_path / "cards.lock").exists()
    assert not (tmp_path / "decks").exists()


@pytest.mark.parametrize("given", [None, ""], ids=["unset", "empty"])
def test_without_a_given_time_the_clock_counts(monkeypatch: pytest.MonkeyPatch, given: str | None) -> None:
    """An unset or empty SOURCE_DATE_EPOCH means now."""
    if given is None:
        monkeypatch.delenv("SOURCE_DATE_EPOCH")
    else:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    assert now() > FIRST


def test_an_edit_on_a_machine_with_a_wrong_clock_is_refused(tmp_path: Path) -> None:
    """With a slow clock, nobody would get the update, so nothing is written."""
    cards = build_deck(tmp_path, SMALL).build.checked.workspace.cards
    before = (tmp_path / "cards.lock").read_bytes()
    edit(cards, "That.", "This.")
    with pytest.raises(Problems) as caught:
        build(cards, at=FIRST - DAY)
    assert rules(caught) == ["clock-behind"]
    assert (tmp_path / "cards.lock").read_bytes() == before


def test_counts(tmp_path: Path) -> None:
    """A build distinguishes new, changed and unchanged notes, and counts the cards."""
    build_deck(tmp_path, deck({"one": question(), "two": question("Two?")}))
    notes = {"one": question(), "two": question("Two?", reverse="true"), "three": question("Three?")}
    built = build_deck(tmp_path, deck(notes), FIRST + DAY).build
    assert built.counts == {"unchanged": 1, "changed": 1, "new": 1}
    assert built.card_count == 4


def test_building_twice_writes_nothing_the_second_time(tmp_path: Path) -> None:
    """With nothing edited, not even the files' own times change."""
    written = build_deck(tmp_path, SMALL)
    paths = (written.package, tmp_path / "cards.lock")
    for path in paths:
        os.utime(path, (1, 1))
    build(written.build.checked.workspace.cards, at=FIRST + DAY)
    assert [path.stat().st_mtime for path in paths] == [1, 1]


def test_a_lost_package_is_built_again(tmp_path: Path) -> None:
    """The package comes from source and lock alone: deleted or damaged, it comes back as it was."""
    written = build_deck(tmp_path, SMALL)
    sound = written.package.read_bytes()
    for damage in (None, b"", b"garbage", sound[:100]):
        if damage is None:
            written.package.unlink()
        else:
            written.package.write_bytes(damage)
        build(written.build.checked.workspace.cards, at=FIRST + DAY)
        assert written.package.read_bytes() == sound


def test_an_unsound_deck_leaves_everything_as_it_was(tmp_path: Path) -> None:
    """Nothing is written if the file has any error."""
    written = build_deck(tmp_path, SMALL)
    files = {path: path.read_bytes() for path in (written.package, tmp_path / "cards.lock")}
    edit(written.build.checked.workspace.cards, "q: What?", "qq: What?")
    with pytest.raises(Problems):
        build(written.build.checked.workspace.cards, at=FIRST + DAY)
    assert {path: path.read_bytes() for path in files} == files


def test_a_build_in_memory_writes_nothing(tmp_path: Path) -> None:
    """Checking and stamping are pure: what is on disk comes from `build` alone."""
    cards = write(tmp_path, SMALL)
    assert stamp(checked(cards), FIRST).members
    assert [path.name for path in tmp_path.iterdir()] == ["cards.yaml"]


def test_a_build_says_draft_until_it_is_released(tmp_path: Path) -> None:
    """A package that is no release says so in the deck's page."""
    members = build_deck(tmp_path, SMALL).build.members
    assert b'"draft": true' in members["cuedeck.json"]
    assert b"Draft: not released." in members["collection.anki2"]


def test_the_main_sources_address_is_in_no_note(tmp_path: Path) -> None:
    """If the recording gets a new address, no note changes: only the note types contain the address."""
    built = build_deck(tmp_path, SMALL).build
    assert not any(TALK["url"] in field for note in built.notes for field in note.rendered.fields)
    assert all(any(TALK["url"] in each.back for each in stamped.type.templates) for stamped in built.types)


@pytest.mark.parametrize(
    ("name", "lock"),
    [
        ("cards.yaml", "cards.lock"),
        ("./cards.yaml", "cards.lock"),
        ("other.yaml", "other.lock"),
        ("other.yml", "other.yml.lock"),
    ],
)
def test_the_lock_stands_beside_the_cards(folder: Path, name: str, lock: str) -> None:
    """Lock and package go to the folder of the cards, wherever the command runs; each cards file has its own lock."""
    write(folder, SMALL).rename(folder / name)
    build(Path(name), at=FIRST)
    assert (folder / lock).is_file()
    assert (folder / "decks" / "small.apkg").is_file()


@pytest.mark.parametrize("output", ["cards.yaml", "cards.lock", "decks/../cards.yaml", "link.apkg"])
def test_a_package_never_takes_the_place_of_the_source(folder: Path, output: str) -> None:
    """A wrong name after -o overwrites nobody's cards."""
    cards = write(Path(), SMALL)
    Path("decks").mkdir()
    Path("link.apkg").symlink_to("cards.yaml")
    before = cards.read_bytes()
    with pytest.raises(Problems) as caught:
        build(cards, Path(output), at=FIRST)
    assert caught.value.problems[0].message == "the package would overwrite this file"
    assert cards.read_bytes() == before
    assert not Path("cards.lock").exists()


@pytest.mark.slow
def test_several_builds_at_once_give_one_result(tmp_path: Path, plain_environment: dict[str, str]) -> None:
    """Builds that start together in one folder take turns: each ends well, and lock and package fit together."""
    write(tmp_path, deck({f"n{number}": question(f"{number}?") for number in range(50)}))
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "cuedeck", "build"],
            cwd=tmp_path,
            env={**plain_environment, "SOURCE_DATE_EPOCH": str(FIRST + number)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(4)
    ]
    outputs = [process.communicate(timeout=PATIENCE) for process in running]
    assert [(process.returncode, errors) for process, (_, errors) in zip(running, outputs, strict=True)] == [
        (0, "")
    ] * 4
    assert sorted("50 new" in line for line, _ in outputs) == [False, False, False, True]
    package, lock = ((tmp_path / name).read_bytes() for name in ("decks/small.apkg", "cards.lock"))
    build(tmp_path / "cards.yaml", at=FIRST + DAY)
    assert ((tmp_path / "decks/small.apkg").read_bytes(), (tmp_path / "cards.lock").read_bytes()) == (package, lock)
    assert {path.name for path in tmp_path.iterdir()} == {"cards.yaml", "cards.lock", "decks", ".cuedeck"}
    assert [path.name for path in (tmp_path / "decks").iterdir()] == ["small.apkg"]


def test_a_note_that_is_wrong_has_not_vanished(tmp_path: Path) -> None:
    """Where notes cannot be read, the check says what is wrong with them, and not that they are gone."""
    notes = {"one": question(), "two": question("Two?"), "three": question("Three?"), "four": question("Four?")}
    cards = build_deck(tmp_path, deck(notes)).build.checked.workspace.cards
    edit(cards, "q: Two?", "q: *Two?")
    edit(cards, "q: Three?", "qu: Three?")
    edit(cards, "q: Four?", "q: \\(Four?")
    with pytest.raises(Problems) as caught:
        checked(cards)
    assert sorted(rules(caught)) == ["open-math", "text-sign", "unknown-key"]


def test_an_unsound_deck_is_compared_with_its_lock(tmp_path: Path) -> None:
    """Hazards are reported in the same run as the errors of the file."""
    cards = release_deck(
        tmp_path, deck({"one": question(), "two": question("Two?")}, title="Old")
    ).build.checked.workspace.cards
    edit(cards, "title: Old", "title: New\n  autor: x")
    edit(cards, "a: That.\n      two:\n        q: Two?\n        a: That.", "a: *b")
    with pytest.raises(Problems) as caught:
        checked(cards)
    assert rules(caught) == ["title-changed", "unknown-key", "vanished", "yaml-alias"]


def test_a_deck_without_a_name_is_checked_all_the_same(tmp_path: Path) -> None:
    """If `deck:` has errors, texts are still checked, and a lock that may be another deck's is not reported."""
    cards = build_deck(tmp_path, deck({"one": question(), "two": question("Two?")})).build.checked.workspace.cards
    edit(cards, "namespace: tests123", "namespace: t")
    edit(cards, "q: Two?", "q: \\(Two?")
    with pytest.raises(Problems) as caught:
        checked(cards)
    assert rules(caught) == ["bad-namespace", "open-math"]


@pytest.mark.hostile
def test_a_damaged_lock_hides_nothing(tmp_path: Path) -> None:
    """The problems of cards.yaml and of cards.lock are reported together."""
    cards = build_deck(tmp_path, SMALL).build.checked.workspace.cards
    edit(cards, "q: What?", "q: \\(What?")
    (tmp_path / "cards.lock").write_text("rubbish", encoding="utf-8")
    with pytest.raises(Problems) as caught:
        checked(cards)
    assert {problem.place.file.rpartition("/")[2] for problem in caught.value.problems} == {"cards.yaml", "cards.lock"}


# Name: what is in the place of the package, given by -o or not, and the rule that stops the build.
IN_THE_WAY: dict[str, tuple[str, str | None, str]] = {
    "a text": ("notes.txt", "notes.txt", "unwritable"),
    "another cards file": ("birds.yaml", "birds.yaml", "unwritable"),
    "the package of a release": ("decks/small-1.0.0.apkg", "decks/small-1.0.0.apkg", "unwritable"),
    "the package of another deck": ("decks/small.apkg", None, "package-of-another-deck"),
    "the package of another deck by name": ("x.apkg", "x.apkg", "package-of-another-deck"),
}


@pytest.mark.parametrize(("name", "output", "rule"), IN_THE_WAY.values(), ids=IN_THE_WAY)
def test_nothing_but_a_package_of_this_deck_is_overwritten(
    folder: Path, name: str, output: str | None, rule: str
) -> None:
    """A wrong name after -o overwrites no released package, no package of another deck and no other file."""
    data = deck({"one": question("What is hard abandonment?", "An open breakup.")})
    release(write(Path(), data), "1.0.0", at=FIRST)
    stranger = build_deck(Path("strange"), deck({"one": question()}, namespace="stranger")).package
    if not name.endswith("1.0.0.apkg"):
        Path(name).write_bytes(stranger.read_bytes() if rule == "package-of-another-deck" else b"mine")
    before = Path(name).read_bytes()
    with pytest.raises(Problems) as caught:
        build(Path("cards.yaml"), Path(output) if output else None, at=FIRST + DAY)
    assert [problem.rule for problem in caught.value.problems] == [rule]
    assert Path(name).read_bytes() == before


@pytest.mark.hostile
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_in_the_place_of_the_package_is_replaced(folder: Path) -> None:
    """Nobody writes into it, so a build that read from it would wait forever."""
    write(folder, SMALL)
    Path("decks").mkdir()
    os.mkfifo("decks/small.apkg")
    for _ in range(2):  # with and without a lock
        assert run("build", "-q").exit_code == 0
        assert len(read_snapshot(read_members(Path("decks/small.apkg")), Path("small.apkg")).notes) == 1
        Path("decks/small.apkg").unlink()
        os.mkfifo("decks/small.apkg")


def test_a_lost_lock_is_noticed_by_a_release_that_is_kept(folder: Path) -> None:
    """Even if both the package and the lock are gone, nothing is stamped again without a message."""
    cards = write(Path(), deck({"one": question("What is hard abandonment?", "An open breakup.")}))
    release(cards, "1.0.0", at=FIRST)
    Path("cards.lock").unlink()
    Path("decks/small.apkg").unlink()
    with pytest.raises(Problems) as caught:
        checked(cards)
    assert [problem.rule for problem in caught.value.problems] == ["lock-lost"]
    command = caught.value.problems[0].hint.partition(" with: ")[2].partition(";")[0]
    assert run(*command.split()[1:]).exit_code == 0  # the hint, as it is written


@pytest.mark.parametrize(("lost", "is_noticed"), [("one", True), ("two", True), ("three", False)])
def test_each_released_note_that_the_lock_has_lost_is_noticed(folder: Path, lost: str, is_noticed: bool) -> None:
    """Even "two", which a draft has changed since: learners have it all the same. Only drafts had "three"."""
    notes = {"one": question("Who?", "Me"), "two": question("Where?", "Here")}
    release_deck(Path(), deck(notes))
    edited = {**notes, "two": question("Where?", "There"), "three": question("When?", "Now")}
    build_deck(Path(), deck(edited), FIRST + DAY)
    lines = Path("cards.lock").read_text(encoding="utf-8").splitlines(keepends=True)
    Path("cards.lock").write_text("".join(line for line in lines if f'"note": "{lost}"' not in line), encoding="utf-8")
    assert ("[lock-lost]" in run("build").stderr) == is_noticed


def committed(*names: str) -> None:
    """Begin a repository with these files in its first commit."""
    git("init")
    git("add", *names)
    git("commit", "-m", "first")


def test_a_lost_lock_is_noticed_by_git(folder: Path) -> None:
    """Where lock and packages are gone and git has the lock, a build is refused, and the hint brings it back."""
    cards = build_deck(Path(), SMALL).build.checked.workspace.cards
    committed("cards.yaml", "cards.lock")
    before = Path("cards.lock").read_bytes()
    Path("cards.lock").unlink()
    shutil.rmtree("decks")
    with pytest.raises(Problems) as caught:
        build(cards, at=FIRST + DAY)
    (problem,) = caught.value.problems
    assert (problem.rule, problem.message.partition(",")[0]) == ("lock-lost", "cards.lock is missing")
    assert not Path("cards.lock").exists()
    subprocess.run(problem.hint.partition("restore it: ")[2].partition(";")[0].split(), check=True)
    assert Path("cards.lock").read_bytes() == before
    assert build(cards, at=FIRST + DAY).build.counts["unchanged"] == 1


def test_a_lock_in_git_that_cannot_be_read_is_asked_after(folder: Path) -> None:
    """A newer version may have written it, so that the deck does not begin anew without a word."""
    cards = build_deck(Path(), SMALL).build.checked.workspace.cards
    Path("cards.lock").write_text(Path("cards.lock").read_text().replace('"cuedeck": 1', '"cuedeck": 99'))
    committed(".")
    Path("cards.lock").unlink()
    shutil.rmtree("decks")
    with pytest.raises(Problems) as caught:
        build(cards, at=FIRST + DAY)
    assert rules(caught) == ["lock-lost"]


def test_a_lock_in_git_of_another_deck_is_none_of_this(folder: Path) -> None:
    """A deck that took another namespace begins anew, though git still has the lock of the one before."""
    cards = build_deck(Path(), SMALL).build.checked.workspace.cards
    committed(".")
    fork(cards)
    Path("cards.lock.tests123").unlink()
    shutil.rmtree("decks")
    assert build(cards, at=FIRST + DAY).build.counts["new"] == 1


def test_two_decks_in_a_folder_have_two_namespaces(folder: Path) -> None:
    """A copy under another name would overwrite the notes of the first in Anki."""
    build_deck(Path(), SMALL)
    Path("cards.yaml").with_name("birds.yaml").write_bytes(Path("cards.yaml").read_bytes())
    with pytest.raises(Problems) as caught:
        checked(Path("birds.yaml"))
    assert [problem.rule for problem in caught.value.problems] == ["shared-namespace"]


def test_the_order_of_the_file_is_no_part_of_a_release(folder: Path) -> None:
    """Notes put in another order change nothing that a learner gets, and so nothing in the package."""
    first = question("What is hard abandonment?", "An open breakup.")
    notes = {"one": first, "two": question("What is soft abandonment?", "A silent one."), "three": question()}
    released = release(write(folder, deck(notes)), "1.0.0", at=FIRST).package.read_bytes()
    turned = build_deck(folder, deck(dict(reversed(notes.items()))), FIRST + DAY)
    assert turned.package.read_bytes() == released


def test_the_place_of_a_picture_is_no_part_of_a_release(folder: Path) -> None:
    """To move or rename a file makes no draft and nothing to release, and an edit that is undone leaves no trace."""
    put(folder, a_png="first", b_png="second")
    data = deck({"one": question("![a](media/a.png)"), "two": question("![b](media/b.png)")}, license="CC0")
    release_deck(folder, data)
    package, lock = folder / "decks" / "small.apkg", folder / "cards.lock"
    released, known = package.read_bytes(), lock.read_text()
    (folder / "slides").mkdir()
    (folder / "media" / "a.png").rename(folder / "slides" / "first.png")
    edit(folder / "cards.yaml", "media/a.png", "slides/first.png")
    assert run("build", at=FIRST + DAY).exit_code == 0
    assert (package.read_bytes(), lock.read_text()) == (released, known)
    assert "[nothing-new]" in run("release", "1.0.1", at=FIRST + DAY).stderr
    put(folder, b_png="another")
    assert run("build", at=FIRST + DAY).exit_code == 0
    assert package.read_bytes() != released
    put(folder, b_png="second")
    assert run("build", at=FIRST + 2 * DAY).exit_code == 0
    assert package.read_bytes() == released
    put(folder, b_png="third")
    assert run("release", "1.0.1", at=FIRST + 3 * DAY).exit_code == 0
    named = read_snapshot(read_members(package), package).manifest.media.values()
    assert {each.path for each in named} == {"slides/first.png", "media/b.png"}


def test_every_package_that_is_built_can_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A deck may have as many pictures as a reader accepts, and is refused if it has one more."""
    beside = MOST_MEMBERS - MOST_MEDIA
    monkeypatch.setattr(opening, "MOST_MEMBERS", 2 + beside)
    monkeypatch.setattr(loading, "MOST_MEDIA", 2)
    put(folder, a_png="first", b_png="second", c_png="third", d_png="third")
    notes = {name: question(f"![{name}](media/{name}.png)") for name in "abcd"}
    del notes["c"]
    write(folder, deck({**notes, "d": question("![d](media/a.png)")}))
    assert run("build").exit_code == 0
    assert run("verify", "decks/small.apkg").exit_code == 0
    write(folder, deck(notes))
    for command in ("check", "build"):
        result = run(command)
        assert result.exit_code == 1
        assert "cards.yaml:1:1: error: the deck has 3 pictures and sounds" in result.stderr
        assert "[package-too-large]" in result.stderr


@pytest.mark.parametrize("words", [["build"], ["release", "1.0.0"]], ids=" ".join)
def test_a_picture_that_is_not_what_was_remembered(folder: Path, words: list[str]) -> None:
    """A memory that says something else of a picture, whoever wrote it, stops one command, and not the next."""
    put(folder, a_png="first")
    notes = {"one": question("What is hard abandonment? ![a](media/a.png)", "An open breakup.")}
    write(folder, deck(notes, license="CC BY 4.0"))
    found = (folder / "media" / "a.png").stat()
    state = [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]
    memory = folder / ".cuedeck" / "media.json"
    memory.parent.mkdir()
    memory.write_text(json.dumps({"media/a.png": [*state, "0" * 64]}), encoding="utf-8")
    result = run(*words)
    assert result.exit_code == 1
    assert result.stderr == (
        "media/a.png: error: another program changed this file after it was found [changed-meanwhile]\n"
        "    run the command again\n"
    )
    assert not (folder / "cards.lock").exists()
    assert list((folder / "decks").iterdir()) == []
    assert run(*words).exit_code == 0
    assert run("verify", "decks/small.apkg").exit_code == 0


def test_an_edit_of_a_text_reads_no_picture_of_the_package_before(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What else is in the package shows already that it has to be written again."""
    put(folder, a_png="first")
    build_deck(folder, deck({"one": question("![a](media/a.png)")}))
    monkeypatch.setattr("cuedeck.usecases.build.fingerprint_of", lambda path: pytest.fail("it was read"))
    changed = build_deck(folder, deck({"one": question("What? ![a](media/a.png)")}), FIRST + DAY)
    assert changed.build.counts == {"changed": 1}
    assert run("verify", changed.package).exit_code == 0


def test_a_package_with_pictures_is_not_read_again_in_vain(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is in it is remembered, but a package that anything has changed since is written again."""
    put(folder, a_png="first")
    data = deck({"one": question("![a](media/a.png)")})
    package = build_deck(folder, data).package
    now = time.time_ns() + 10_000_000_000
    monkeypatch.setattr(time, "time_ns", lambda: now)
    build_deck(folder, data)  # which remembers
    good, before = package.read_bytes(), package.stat()
    build_deck(folder, data)
    assert package.stat() == before
    package.write_bytes(good.replace(b"first", b"other"))
    os.utime(package, ns=(before.st_atime_ns, before.st_mtime_ns))
    build_deck(folder, data)
    assert package.read_bytes() == good
