"""Handing out a deck: what prevents it, what is written, and that the next build is that release."""

import json
import re
import subprocess
import zipfile
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from cuedeck.problems import Problems
from cuedeck.usecases.adopt import adopt
from cuedeck.usecases.build import build
from cuedeck.usecases.release import Released, release
from cuedeck.usecases.share import share
from tests.anki.learner import collection, note_of, take, touch
from tests.making import DAY, FIRST, TALK, build_deck, cloze, deck, question, release_deck, spread, write
from tests.running import git, output_of, run
from tests.sentences import to_learners

ONE = {"one": question("What is hard abandonment?", "An open breakup.")}
SIGNED = {"author": "A. Writer", "license": "CC BY 4.0"}
TWO = {**ONE, "two": question("Who spoke?", "A lecturer.")}


pytestmark = pytest.mark.usefixtures("folder")


def hand_out(data: dict[str, Any], version: str, day: int, *accept: str) -> Released:
    return release(write(Path(), data), version, accept, FIRST + day * DAY)


def refused(data: dict[str, Any], version: str, day: int, *accept: str) -> list[str]:
    """Return the rules that a release is refused by, and make sure that nothing was written."""
    write(Path(), data)
    before = contents()
    with pytest.raises(Problems) as caught:
        hand_out(data, version, day, *accept)
    assert contents() == before
    return [problem.rule for problem in caught.value.problems if problem.level == "error"]


def contents() -> dict[str, bytes]:
    files = (path for path in Path().rglob("*") if path.is_file() and ".git" not in path.parts)
    return {path.as_posix(): path.read_bytes() for path in files if path.parent.name != ".cuedeck"}


def manifest(package: Path) -> dict[str, Any]:
    with zipfile.ZipFile(package) as archive:
        return dict(json.loads(archive.read("cuedeck.json")))


def test_everything_that_belongs_to_a_release_is_written(folder: Path) -> None:
    """Lock, package, its copy under the version and the changelog name the version and its day."""
    hand_out(deck(TWO), "1.0.0", 0)
    assert set(contents()) == {"cards.yaml", "cards.lock", "decks/small.apkg", "decks/small-1.0.0.apkg", "CHANGELOG.md"}
    package = Path("decks/small.apkg")
    assert package.read_bytes() == Path("decks/small-1.0.0.apkg").read_bytes()
    found = manifest(package)
    assert (found["version"], found["date"], found["draft"]) == ("1.0.0", "2023-11-14", False)
    with zipfile.ZipFile(package) as archive:
        assert b"Version 1.0.0, 2023-11-14." in archive.read("collection.anki2")
    assert (
        Path("CHANGELOG.md")
        .read_text(encoding="utf-8")
        .endswith("## 1.0.0 - 2023-11-14\n\n### Cards\n\n* First release, with 2 notes and 2 cards.\n")
    )


def test_the_next_build_is_the_release_until_something_changes(folder: Path) -> None:
    """Byte for byte the same on any later day; an edit makes it a draft after that version."""
    hand_out(deck(TWO), "1.0.0", 0)
    before = contents()
    build(Path("cards.yaml"), at=FIRST + 9 * DAY)
    assert contents() == before
    build_deck(Path(), deck({**TWO, "one": question("What is hard abandonment?", "A breakup.")}), FIRST + 9 * DAY)
    found = manifest(Path("decks/small.apkg"))
    assert (found["version"], found["draft"]) == (None, True)
    with zipfile.ZipFile("decks/small.apkg") as archive:
        assert b"Draft after version 1.0.0." in archive.read("collection.anki2")
    assert Path("decks/small-1.0.0.apkg").read_bytes() == before["decks/small-1.0.0.apkg"]


def test_what_changed_since_the_last_release_gets_its_time(folder: Path) -> None:
    """Drafts are stamped anew; one that was taken back keeps the time of the release, and learners keep their tags."""
    three = {**TWO, "three": question("Where was it said?", "In a talk.")}
    hand_out(deck(three), "1.0.0", 0)
    first = FIRST
    build_deck(Path(), deck({**three, "one": question("What is it?", "Draft.")}), FIRST + DAY)
    build_deck(Path(), deck({**three, "two": question("Who was it that spoke?", "He.")}), FIRST + 2 * DAY)
    built = hand_out(deck({**three, "two": question("Who was it that spoke?", "He.")}), "1.0.1", 31).build
    times = {each.known.id: each.known.time - first for each in built.notes}
    assert times == {"one": 0, "two": 31 * DAY, "three": 0}
    assert all(each.known.released == each.known.time for each in built.notes)


def test_a_learner_who_had_the_draft_gets_the_fix(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A draft on day 1, the learner's leech tag on day 15, the release on day 31: the corrected text arrives."""
    hand_out(deck(ONE), "1.0.0", 0)
    draft = build_deck(Path(), deck({"one": question("What is hard abandonment?", "A fixed answer.")}), FIRST + DAY)
    with collection(tmp_path_factory.mktemp("learner")) as learner:
        take(learner, Path("decks/small-1.0.0.apkg"))
        touch(learner, "one", FIRST + 15 * DAY)
        assert take(learner, draft.package) == {"duplicate": 1}
        hand_out(deck({"one": question("What is hard abandonment?", "A fixed answer.")}), "1.0.1", 31)
        assert take(learner, Path("decks/small.apkg")) == {"updated": 1}
        assert note_of(learner, "one")["Answer"] == "A fixed answer."


def test_the_release_notes_tell_what_learners_get(folder: Path) -> None:
    """They come from the comparison with the last release, whatever drafts there were in between."""
    hand_out(deck(TWO), "1.0.0", 0)
    build_deck(Path(), deck({**TWO, "one": question("What?", "Draft.")}), FIRST + DAY)
    done = hand_out(
        deck({**TWO, "one": question("What is hard abandonment?", "An open and final breakup.")}), "1.0.1", 2
    )
    assert done.notes == (
        "* **Idea**\n  * 01:32 corrected (`one`)\n    * Answer: An open **and final** breakup.\n"
        "* If you import the corrections before the deck, you keep your own tags and fields on the corrected note.\n"
    )
    text = Path("CHANGELOG.md").read_text(encoding="utf-8")
    assert text.index("## 1.0.1 - 2023-11-16") < text.index("## 1.0.0 - 2023-11-14")


MOVED = deck({"one": cloze("{{c1::Hard}} abandonment ends; {{c2::soft}} abandonment goes on.")})
SWAPPED = deck({"one": cloze("{{c2::Hard}} abandonment ends; {{c1::soft}} abandonment goes on.")})


def test_progress_is_lost_only_with_consent_and_a_major_version(folder: Path) -> None:
    """The hazard is accepted by name, the version is major, and learners read what they can do."""
    hand_out(MOVED, "1.0.0", 0)
    assert refused(SWAPPED, "1.1.0", 1) == ["needs-major", "cloze-moved"]
    assert refused(SWAPPED, "1.1.0", 1, "cloze-moved:one") == ["needs-major"]
    done = hand_out(SWAPPED, "2.0.0", 1, "cloze-moved:one")
    assert to_learners("cloze-moved") in done.notes
    assert done.build.lock.pending == ()


def test_what_a_draft_accepted_need_not_be_accepted_again(folder: Path) -> None:
    """The lock remembers it, and the release still says that it is a major one."""
    hand_out(MOVED, "1.0.0", 0)
    build(write(Path(), SWAPPED), at=FIRST + DAY, accept=["cloze-moved:one"])
    assert refused(SWAPPED, "1.0.1", 2) == ["needs-major"]
    hand_out(SWAPPED, "2.0.0", 2)


def test_what_learners_would_only_notice_is_accepted_too(folder: Path) -> None:
    """A card that drafts added is still news to those who have the last release."""
    hand_out(deck(ONE), "1.0.0", 0)
    reversed_ = deck({"one": {**ONE["one"], "reverse": "true"}})
    build_deck(Path(), reversed_, FIRST + DAY)
    assert refused(reversed_, "1.1.0", 2) == ["card-added"]
    hand_out(reversed_, "1.1.0", 2, "card-added:one")


@pytest.mark.parametrize("built_before", [False, True], ids=["at once", "after a draft"])
def test_links_that_lead_elsewhere_are_accepted_once(folder: Path, built_before: bool) -> None:
    """One edit moves them all, so one key accepts it, before and after a draft of it; learners read what it means."""
    notes = {
        "one": question("What is hard abandonment?", "An open breakup.", at=["1:32", "1:33"]),
        "two": question("Who spoke?", "A lecturer.", at=["1:32", "1:33"]),
    }
    before = deck(notes)
    moved = deck(notes, sources={"talk": {**TALK, "url": "https://example.org/new"}})
    for each in (before, moved):
        each["concepts"]["idea"]["at"] = "1:32-1:33"
    hand_out(before, "1.0.0", 0)
    if built_before:
        build_deck(Path(), moved, FIRST + DAY)
    assert refused(moved, "1.0.1", 2) == ["link-changed", "link-changed"]
    done = hand_out(moved, "1.0.1", 2, "link-changed:one")
    assert done.notes.count(to_learners("link-changed")) == 1


# Name: the deck and the version that are handed out after 1.0.0, what is accepted, and the rules that refuse it.
REFUSED: dict[str, tuple[dict[str, Any], str, tuple[str, ...], list[str]]] = {
    "same version": (deck(ONE), "1.0.0", (), ["bad-version", "vanished"]),
    "lower version": (deck(ONE), "0.9.9", (), ["bad-version", "vanished"]),
    "two numbers": (deck(ONE), "1.1", (), ["bad-version", "vanished"]),
    "a word": (deck(ONE), "version1.1.0", (), ["bad-version", "vanished"]),
    "a path": (deck(ONE), "../1.1.0", (), ["bad-version", "vanished"]),
    "longer than a file name": (deck(ONE), "9" * 250 + ".0.0", (), ["bad-version", "vanished"]),
    "thousands of digits": (deck(ONE), "9" * 5000 + ".0.0", (), ["bad-version", "vanished"]),
    "nothing new": (deck(TWO), "1.0.1", (), ["nothing-new"]),
    "vanished": (deck(ONE), "1.0.1", (), ["vanished"]),
    "unsound": (deck({"one": {"q": "What?"}}), "1.0.1", (), ["vanished", "missing-key"]),
    "nothing to accept": (
        deck({**TWO, "three": question("Where was it said?", "In a talk.")}),
        "1.0.1",
        ("vanished:one",),
        ["no-hazard"],
    ),
}


@pytest.mark.parametrize(("data", "version", "accept", "rules"), REFUSED.values(), ids=REFUSED)
def test_what_stands_in_the_way_is_told_and_nothing_is_written(
    folder: Path, data: dict[str, Any], version: str, accept: tuple[str, ...], rules: list[str]
) -> None:
    """Versions rise, checks are strict, and nothing is half released."""
    hand_out(deck(TWO), "1.0.0", 0)
    assert refused(data, version, 1, *accept) == rules


def test_a_clock_that_is_behind_is_told(folder: Path) -> None:
    """A release must be newer than all that was built before."""
    build_deck(Path(), deck(ONE), FIRST + 9 * DAY)
    assert refused(deck(ONE), "1.0.0", 0) == ["clock-behind"]


def test_the_package_of_the_last_release_is_needed(folder: Path) -> None:
    """Without it, nothing shows what has changed for learners."""
    hand_out(deck(ONE), "1.0.0", 0)
    Path("decks/small-1.0.0.apkg").unlink()
    assert refused(deck(TWO), "1.1.0", 1) == ["release-missing"]
    build(write(Path(), deck(ONE)), at=FIRST + DAY)
    hand_out(deck(TWO), "1.1.0", 1)


@pytest.mark.parametrize("target", ["CHANGELOG.md", "decks/small-1.1.0.apkg"])
def test_nothing_is_half_released(folder: Path, target: str) -> None:
    """If one of the files cannot be written, none is."""
    hand_out(deck(ONE), "1.0.0", 0)
    Path(target).unlink(missing_ok=True)
    Path(target).mkdir()
    assert refused(deck(TWO), "1.1.0", 1) == ["unwritable"]


@pytest.mark.parametrize("build_first", [False, True], ids=["release again", "build, then release again"])
@pytest.mark.parametrize("written", [1, 2, 3])
def test_a_release_that_was_broken_off_is_finished_by_repeating_it(
    folder: Path, written: int, build_first: bool
) -> None:
    """Lock, package, changelog and copy are written in this order; whatever is missing comes with the second try.

    A build in between brings the package and its copy, and says that the changelog may be missing. Afterwards the
    version is handed out, and is refused once more.
    """
    hand_out(deck(ONE), "1.0.0", 0)
    before = contents()
    done = hand_out(deck(TWO), "1.1.0", 1)
    whole = contents()
    for path in done.files[written:]:
        old = before.get(path.as_posix())
        path.write_bytes(old) if old is not None else path.unlink()
    if build_first:
        built = build(Path("cards.yaml"), at=FIRST + 2 * DAY)
        assert [str(problem) for problem in built.warnings] == [
            "decks/small-1.1.0.apkg: warning: this copy of version 1.1.0 was missing, as after an interrupted release; "
            "it was written again [release-mended]\n"
            "    if CHANGELOG.md does not mention 1.1.0, run again: cuedeck release 1.1.0"
        ]
        assert {**whole, "CHANGELOG.md": b""} == {**contents(), "CHANGELOG.md": b""}
    if not build_first or contents() != whole:
        again = hand_out(deck(TWO), "1.1.0", 3)
        assert (again.notes, again.files) == (done.notes, done.files)
    assert contents() == whole
    assert refused(deck(TWO), "1.1.0", 4) == ["nothing-new"]


def test_a_deck_that_was_edited_is_not_taken_for_the_release(folder: Path) -> None:
    """What was changed after an interrupted release is released under another version."""
    hand_out(deck(ONE), "1.0.0", 0)
    Path("CHANGELOG.md").unlink()
    assert refused(deck(TWO), "1.0.0", 1) == ["bad-version"]


def test_a_release_can_be_told_from_its_commit(folder: Path) -> None:
    """In a git repository nothing may lie about uncommitted; the command says what to commit afterwards."""
    git("init")
    build_deck(Path(), deck(TWO, **SIGNED))
    assert refused(deck(TWO, **SIGNED), "1.0.0", 1) == ["uncommitted"]
    git("add", ".")
    git("commit", "-m", "first")
    result = run("release", "1.0.0")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "decks/small-1.0.0.apkg: version 1.0.0, 2 notes, 2 cards, the file to give away\n"
        "* First release, with 2 notes and 2 cards.\n"
        "commit to git: cards.lock, decks/small.apkg, CHANGELOG.md, decks/small-1.0.0.apkg\n"
    )


def test_a_first_release_says_what_sharing_will_require(folder: Path) -> None:
    """As advice that stops nothing, not even a strict release; the author may not want to share it like that."""
    advice = "cards.yaml:1:1: advice: the deck has no {}; cuedeck share will require that [unattributed]\n"
    hint = "    before a release that you want to share, add below deck: {}\n"
    write(Path(), deck(TWO))
    code, _, problems = output_of("release", "1.0.0", "--strict")
    assert code == 0
    assert problems == advice.format('"author" and no "license"') + hint.format(
        "author: Your Name and license: CC BY 4.0"
    )
    write(Path(), deck({**TWO, "three": question("Who listened?", "Students.")}))
    assert output_of("release", "1.1.0")[::2] == (0, "")
    write(Path("other"), deck(TWO, author="A. Writer"))
    assert hint.format("license: CC BY 4.0") in output_of("release", "1.0.0", "other/cards.yaml")[2]


def test_without_git_a_release_says_what_to_keep(folder: Path) -> None:
    """The next release needs these files."""
    build_deck(Path(), deck(TWO))
    kept = "keep for the next release: cards.lock, decks/small.apkg, CHANGELOG.md, decks/small-1.0.0.apkg\n"
    assert run("release", "1.0.0").stdout.endswith(kept)


def test_a_release_commits_what_it_wrote_and_tags_it(folder: Path) -> None:
    """Only that, by the name in git's settings; the tag of a deck with another file has its name before it."""
    begin_repository()
    other = write(Path(), deck(ONE, id="zoo", namespace="zoo12345")).rename("zoo.yaml")
    commit_all()
    result = run("release", "v1.0.0", "--tag")
    assert (result.exit_code, re.findall(r"\[[a-z-]+\]", result.stderr)) == (0, ["[unattributed]"])
    assert re.search(r"^committed as [0-9a-f]{10}, tagged v1\.0\.0$", result.stdout, re.MULTILINE)
    assert said_by_git("status", "--porcelain") == ""
    assert said_by_git("log", "-1", "--format=%s %an <%ae>") == "Release 1.0.0 A. Writer <writer@example.org>\n"
    assert said_by_git("show", "--name-only", "--format=", "v1.0.0^{commit}").split() == [
        "CHANGELOG.md",
        "cards.lock",
        "decks/small-1.0.0.apkg",
        "decks/small.apkg",
    ]
    assert run("release", "1.0.0", str(other), "--tag").exit_code == 0
    assert said_by_git("tag").split() == ["v1.0.0", "zoo-v1.0.0"]


def test_a_commit_that_was_broken_off_is_finished_by_repeating_the_release(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by Ctrl-C between writing and committing; once it is committed, the version is taken."""
    begin_repository()
    commit_all()
    with monkeypatch.context() as patched:
        patched.setattr("cuedeck.git.committing.Committing.commit", interrupted)
        with pytest.raises(KeyboardInterrupt):
            release(Path("cards.yaml"), "1.0.0", tag=True)
    before = contents()
    assert run("release", "1.0.0", "--tag").exit_code == 0
    assert contents() == before
    assert said_by_git("status", "--porcelain") == ""
    assert said_by_git("tag").split() == ["v1.0.0"]
    assert codes(run("release", "1.0.0", "--tag").stderr) == ["nothing-new"]


def test_a_tag_that_is_missing_is_made_by_repeating_the_release(folder: Path) -> None:
    """As after a kill between commit and tag; but not if another commit came since, which might be tagged instead."""
    begin_repository()
    commit_all()
    assert run("release", "1.0.0", "--commit").exit_code == 0
    Path(".git/refs/tags/v1.0.0.lock").touch()
    held = run("release", "1.0.0", "--tag")
    assert (codes(held.stderr), "v1.0.0.lock" in held.stderr) == (["git-busy"], True)
    Path(".git/refs/tags/v1.0.0.lock").unlink()
    assert run("release", "1.0.0", "--tag").exit_code == 0
    assert said_by_git("tag").split() == ["v1.0.0"]
    git("tag", "-d", "v1.0.0")
    git("commit", "--allow-empty", "-m", "later")
    assert codes(run("release", "1.0.0", "--tag").stderr) == ["nothing-new"]


# What is in decks/ instead of the right file, and the codes of a release of 1.1.0 with another problem in the file.
IN_THE_WAY = {
    "the last release of another deck": ("small-1.0.0.apkg", True, ["not-that-release", "unknown-key"]),
    "junk for the last release": ("small-1.0.0.apkg", False, ["no-package", "unknown-key"]),
    "the package of another deck": ("small.apkg", True, ["package-of-another-deck", "unknown-key"]),
}


@pytest.mark.parametrize("is_in_git", [False, True])
@pytest.mark.parametrize(("name", "is_foreign", "rules"), IN_THE_WAY.values(), ids=IN_THE_WAY)
def test_a_package_in_the_way_is_reported_with_all_else(
    folder: Path, name: str, is_foreign: bool, rules: list[str], is_in_git: bool
) -> None:
    """The package of another deck is never overwritten, and what learners have is brought back by git if git has it."""
    other = release_deck(Path("other"), deck(ONE, namespace="other123")).package.read_bytes()
    hand_out(deck(TWO), "1.0.0", 0)
    if is_in_git:
        git("init")
        git("add", ".")
        git("commit", "--message", "Release")
        rules = ["uncommitted", *rules]
    Path("decks", name).write_bytes(other if is_foreign else b"junk")
    write(Path(), deck({**TWO, "two": {**TWO["two"], "mnemonics": "?"}}))
    result = run("release", "1.1.0")
    assert codes(result.stderr) == rules
    assert Path("decks", name).read_bytes() == (other if is_foreign else b"junk")
    assert (f"git checkout HEAD -- decks/{name}" in result.stderr) == (is_in_git and name != "small.apkg")


def begin_repository() -> None:
    git("init")
    git("config", "user.name", "A. Writer")
    git("config", "user.email", "writer@example.org")


def commit_all() -> None:
    write(Path(), deck(TWO))
    git("add", ".")
    git("commit", "-m", "first")


def interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def said_by_git(*words: str) -> str:
    return subprocess.run(["git", *words], check=True, capture_output=True, text=True).stdout


def no_name() -> None:
    git("config", "user.useConfigOnly", "true")


def a_filter() -> None:
    Path(".gitattributes").write_text("*.apkg filter=lfs\n", encoding="utf-8")


def the_tag() -> None:
    git("commit", "--allow-empty", "-m", "earlier")
    git("tag", "v1.0.0")


# What keeps a release from being committed, in a repository without changes, and the message.
NOT_COMMITTED = {
    "no name": (no_name, ["git-no-name"]),
    "a filter": (a_filter, ["git-filter", "git-filter"]),
    "the tag": (the_tag, ["tag-exists"]),
    "an ignored folder": (lambda: Path(".gitignore").write_text("decks\n"), ["git-ignored", "git-ignored"]),
}


@pytest.mark.parametrize(("prepare", "rules"), NOT_COMMITTED.values(), ids=NOT_COMMITTED)
def test_what_keeps_it_from_being_committed_is_reported_first(
    folder: Path, prepare: Callable[[], Any], rules: list[str]
) -> None:
    """Nothing is written then; without --commit, the release is made."""
    git("init")
    if prepare is not no_name:
        git("config", "user.name", "A. Writer")
        git("config", "user.email", "writer@example.org")
    prepare()
    commit_all()
    before = contents()
    result = run("release", "1.0.0", "--tag")
    assert (result.exit_code, codes(result.stderr)) == (1, rules)
    assert contents() == before
    assert run("release", "1.0.0").exit_code == 0


def test_a_lock_that_git_ignores_stops_a_release(folder: Path) -> None:
    """A clone would lack the record of what learners have; packages may be kept elsewhere."""
    git("init")
    Path(".gitignore").write_text("decks/\ncards.lock\n", encoding="utf-8")
    write(Path(), deck(TWO))
    git("add", ".")
    git("-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-m", "Start")
    result = run("release", "1.0.0")
    assert (result.exit_code, codes(result.stderr)) == (1, ["git-ignored"])
    assert "pattern cards.lock in .gitignore, line 2" in result.stderr
    assert set(contents()) == {".gitignore", "cards.yaml"}


@pytest.mark.parametrize("flag", ["assume-unchanged", "skip-worktree"])
@pytest.mark.parametrize("name", ["cards.yaml", "cards.lock", "lectures/1.yaml", "CHANGELOG.md"])
def test_changes_that_git_does_not_look_at_stop_a_release(folder: Path, name: str, flag: str) -> None:
    """The release could not be traced to a commit, or a clone would lack what learners have."""

    def data(answer: str) -> dict[str, Any]:
        concepts = deck({"one": question("Who says that so often?", answer)})["concepts"] | {
            "more": {"title": "M", "at": "1:00"}
        }
        return spread(
            {**deck(ONE), "concepts": concepts | {"more": {**concepts["more"], "notes": {"two": TWO["two"]}}}}, {"more"}
        )

    hand_out(data("Me"), "1.0.0", 0)
    git("init")
    git("add", ".")
    git("commit", "--message", "Release")
    git("update-index", f"--{flag}", "--", name)
    write(Path(), data("You"))
    if name != "cards.yaml":
        git("commit", "--all", "--message", "Edit")
    before = contents()
    result = run("release", "1.1.0")
    assert (result.exit_code, codes(result.stderr)[0]) == (1, "git-ignored")
    assert contents() == before
    command = re.search(r"git (update-index .*)", result.stderr)
    assert command
    git(*command[1].split())
    if name == "cards.yaml":
        assert "uncommitted" in codes(run("release", "1.1.0").stderr)
        git("commit", "--all", "--message", "Edit")
    assert run("release", "1.1.0").exit_code == 0


def test_outside_of_git_nothing_can_be_committed(folder: Path) -> None:
    """It is reported with all other problems."""
    write(Path(), deck(TWO))
    result = run("release", "one", "--commit")
    assert (result.exit_code, codes(result.stderr)) == (1, ["bad-version", "no-git"])
    assert "git init" in result.stderr


SHORT = {"one": cloze("{{c1::Hard}} is over.")}
LONG = {"one": cloze("{{c1::Hard}} is over; {{c2::soft}} goes on.")}
REUSED = {"one": cloze("{{c1::Hard}} is over; {{c2::grief}} begins then.")}


def draft(data: dict[str, Any], day: int, *accept: str) -> None:
    build(write(Path(), data), at=FIRST + day * DAY, accept=accept)


def test_a_number_that_drafts_used_anew_costs_a_major_version(folder: Path) -> None:
    """Two releases may not show it, but learners still have the card of a number that was gone for a while."""
    hand_out(deck(LONG), "1.0.0", 0)
    hand_out(deck(SHORT), "1.1.0", 1, "cloze-gone:one")
    draft(deck(REUSED), 2, "cloze-replaced:one")
    assert refused(deck(REUSED), "1.2.0", 3) == ["needs-major"]
    done = hand_out(deck(REUSED), "2.0.0", 3)
    assert to_learners("cloze-replaced") in done.notes


def test_a_number_that_the_release_itself_uses_anew_costs_a_major_version(folder: Path) -> None:
    """What is accepted for the release counts as what was accepted for a draft."""
    hand_out(deck(LONG), "1.0.0", 0)
    hand_out(deck(SHORT), "1.1.0", 1, "cloze-gone:one")
    assert refused(deck(REUSED), "1.2.0", 3, "cloze-replaced:one") == ["needs-major"]


def test_what_a_draft_accepted_and_took_back_costs_nothing(folder: Path) -> None:
    """It does not concern learners of the last release."""
    hand_out(MOVED, "1.0.0", 0)
    draft(SWAPPED, 1, "cloze-moved:one")
    draft(MOVED, 2)
    more = deck({**MOVED["concepts"]["idea"]["notes"], "two": question("Who spoke?", "A lecturer.")})
    done = hand_out(more, "1.0.1", 3)
    assert done.notes == "* **Idea**\n  * 01:32 new (`two`): Who spoke?\n"


def test_a_note_accepted_as_renamed_costs_a_major_version(folder: Path) -> None:
    """Progress stays with the old note, and learners are told, whatever else was accepted."""
    hand_out(deck(TWO), "1.0.0", 0)
    renamed = deck({"three": TWO["one"], "two": TWO["two"]})
    accept = ("looks-renamed:three", "vanished:one")
    assert refused(renamed, "1.0.1", 1, *accept) == ["needs-major"]
    assert to_learners("looks-renamed") in hand_out(renamed, "2.0.0", 1, *accept).notes


def test_a_note_accepted_under_another_guid_is_one_hazard(folder: Path) -> None:
    """It is neither a note that vanished nor one that looks renamed."""
    hand_out(deck(TWO), "1.0.0", 0)
    other = deck({"one": {**TWO["one"], "a": "A breakup.", "guid": "another"}, "two": TWO["two"]})
    draft(other, 1, "guid-changed:one")
    assert refused(other, "1.1.0", 2) == ["needs-major"]
    assert "comes as a new note beside yours (`one`)" in hand_out(other, "2.0.0", 2).notes


@pytest.mark.parametrize("retire", [True, False], ids=["retired", "accepted as vanished"])
def test_a_note_renamed_and_taken_out_since_is_no_news(folder: Path, retire: bool) -> None:
    """The last release has it under its old id; the reason is under the new one."""
    hand_out(deck(TWO), "1.0.0", 0)
    draft(deck({"one": ONE["one"], "three": {**TWO["two"], "was": "two"}}), 1)
    if retire:
        last = deck({**ONE, "three": {**TWO["two"], "was": "two", "retired": "Doubtful"}})
        draft(last, 2)
    else:
        last = deck(ONE)
        draft(last, 2, "vanished:three")
    notes = hand_out(last, "1.1.0", 3).notes
    assert ("`two`: Doubtful" if retire else "  * `two`\n") in notes
    assert "taken out" not in notes


def test_another_title_costs_no_progress(folder: Path) -> None:
    """It has to be accepted, because learners get a second deck; but all their cards keep their progress."""
    hand_out(deck(ONE), "1.0.0", 0)
    retitled = deck(ONE, title="Large")
    assert refused(retitled, "1.1.0", 1) == ["title-changed"]
    done = hand_out(retitled, "1.1.0", 1, "title-changed:deck")
    assert to_learners("title-changed") in done.notes


SUBDECKS = {
    "talk": {**TALK, "deck": "One"},
    "film": {"title": "F", "url": "https://youtu.be/abcdefghijk", "deck": "Two"},
}


def test_all_notes_of_a_subdeck_in_another_are_no_renamed_deck(folder: Path) -> None:
    """No deck was renamed: cards stay where they are, and that is what is reported and accepted."""
    apart = {"one": {**TWO["one"], "source": "talk"}, "two": {**TWO["two"], "source": "film"}}
    together = {"one": {**TWO["one"], "source": "film"}, "two": {**TWO["two"], "source": "film"}}
    hand_out(deck(apart, sources=SUBDECKS), "1.0.0", 0)
    quiet = {"ignore": {"chapter-without-notes": "All of it moves."}}
    moved = {**deck(together, sources=SUBDECKS), "check": quiet}
    assert refused(moved, "1.0.1", 1) == ["cards-stay"]
    done = hand_out(moved, "1.0.1", 1, "cards-stay:Small::Two")
    assert to_learners("cards-stay") in done.notes


ADVISED = deck({**TWO, "three": question("Where was it said?", "In a talk.", tags=["once"])})


def test_advice_is_reported_and_stops_only_a_strict_release(folder: Path) -> None:
    """A good card may break a rule; an author who does not want that says so."""
    hand_out(deck(TWO), "1.0.0", 0)
    write(Path(), ADVISED)
    strict = run("release", "1.1.0", "--strict")
    assert (strict.exit_code, codes(strict.stderr)) == (1, ["not-strict", "tag-used-once"])
    lax = run("release", "1.1.0")
    assert (lax.exit_code, codes(lax.stderr)) == (0, ["tag-used-once"])
    assert lax.stdout.startswith("decks/small-1.1.0.apkg: version 1.1.0, ")


SIX = {
    "one": cloze("{{c1::Hard}} abandonment ends; {{c2::soft}} abandonment goes on."),
    "two": question("Who spoke?", "A lecturer."),
    **{f"n{number}": question(f"What is number {number}?", f"The {number}th.") for number in range(5)},
}
# Six faults of different kinds at once, and what a release says of them, first of what concerns all.
SIX_FAULTS = {
    "sound": (
        {"one": SWAPPED["concepts"]["idea"]["notes"]["one"], "n0": SIX["n0"]},
        ["bad-version", "uncommitted", "needs-major", "mass-update", "cloze-moved", "vanished"],
    ),
    "not sound": (
        {"one": SWAPPED["concepts"]["idea"]["notes"]["one"], "n0": {**SIX["n0"], "mnemonics": "?"}},
        ["bad-version", "uncommitted", "needs-major", "mass-update", "cloze-moved", "vanished", "unknown-key"],
    ),
}


@pytest.mark.parametrize(("edits", "expected"), SIX_FAULTS.values(), ids=SIX_FAULTS)
def test_all_that_is_wrong_is_reported_in_one_run(folder: Path, edits: dict[str, Any], expected: list[str]) -> None:
    """No check hides what the next one reports, and mass updates come before other hazards."""
    hand_out(deck(SIX), "1.0.0", 0)
    git("init")
    git("add", ".")
    git("commit", "-m", "1.0.0")
    data = deck({**{id: note for id, note in SIX.items() if id != "two"}, **edits})
    data["concepts"]["idea"]["title"] = "Ideas"
    write(Path(), data)
    result = run("release", "1.1")
    assert (result.exit_code, sorted(codes(result.stderr))) == (1, sorted(expected))
    assert codes(result.stderr)[:4] == expected[:4]


def codes(printed: str) -> list[str]:
    """Return the codes of the problems that were printed, in their order."""
    return re.findall(r"\[([a-z-]+)\]$", printed, re.MULTILINE)


def test_one_line_accepts_just_what_was_met(folder: Path) -> None:
    """It is the last one, and repeating the command with it goes through; the lock records each hazard."""
    hand_out(deck(SIX), "1.0.0", 0)
    fewer = {id: note for id, note in SIX.items() if id not in ("n1", "n2")}
    write(Path(), deck({**fewer, "one": SWAPPED["concepts"]["idea"]["notes"]["one"]}))
    first = run("release", "v2.0.0")
    *_, line = first.stderr.splitlines()
    said, options = line.split(", add: ")
    assert said == "to build or release despite the effect on learners"
    assert options == "--accept vanished:n1 --accept vanished:n2 --accept cloze-moved:one"
    second = run("release", "v2.0.0", *options.split())
    assert (second.exit_code, second.stderr) == (0, "")
    accepted = [json.loads(line) for line in Path("cards.lock").read_text(encoding="utf-8").splitlines()]
    assert [line["accepted"] for line in accepted if "accepted" in line] == [
        "cloze-moved:one",
        "vanished:n1",
        "vanished:n2",
    ]


# What an author types after --accept, and the codes of the hazards that it does not cover.
ACCEPTED: dict[str, tuple[tuple[str, ...], list[str]]] = {
    "nothing": ((), ["vanished", "vanished", "cloze-moved"]),
    "one note": (("vanished:n1",), ["vanished", "cloze-moved"]),
    "all notes": (("vanished",), ["cloze-moved"]),
    "a pattern of notes": (("vanished:n*",), ["cloze-moved"]),
    "a pattern of names": (("cloze-*",), ["vanished", "vanished"]),
    "a note, whatever comes to it": (("*:n2",), ["vanished", "cloze-moved"]),
    "everything": (("*",), []),
    "a slip": (("vanished:n3", "*"), ["no-hazard"]),
    "two slips": (("vanished:n3", "title-changed", "*"), ["no-hazard", "no-hazard"]),
    "a sign that other patterns have": (("vanished:n?", "*"), ["no-hazard"]),
    "a slip in a name": (("vanish",), ["no-hazard", "vanished", "vanished", "cloze-moved"]),
    "a pattern of nothing": (("title-*", "*"), ["no-hazard"]),
    "a name without its note": (("vanished:", "*"), ["no-hazard"]),
}


@pytest.mark.parametrize(("accept", "left"), ACCEPTED.values(), ids=ACCEPTED)
def test_hazards_are_accepted_by_name_or_by_note(folder: Path, accept: tuple[str, ...], left: list[str]) -> None:
    """A name stands for all notes, and * for anything; a key that matches nothing is reported."""
    hand_out(deck(SIX), "1.0.0", 0)
    fewer = {id: note for id, note in SIX.items() if id not in ("n1", "n2")}
    write(Path(), deck({**fewer, "one": SWAPPED["concepts"]["idea"]["notes"]["one"]}))
    result = run("release", "2.0.0", *chain.from_iterable(("--accept", each) for each in accept))
    assert (result.exit_code, codes(result.stderr)) == (1 if left else 0, left)


def test_a_copy_that_is_there_is_not_overwritten(folder: Path) -> None:
    """A package of that version may have been handed out, before a fork or before the lock was lost."""
    Path("decks").mkdir()
    Path("decks/small-1.0.0.apkg").write_bytes(b"handed out")
    assert refused(deck(ONE), "1.0.0", 0) == ["version-exists"]
    hand_out(deck(ONE), "1.0.1", 0)


def test_a_version_that_the_changelog_has_already_is_refused(folder: Path) -> None:
    """Two sections of one version would contradict each other."""
    Path("CHANGELOG.md").write_text("# Changes\n\n## 1.0.0 - 2020-01-01\n\n* Old\n", encoding="utf-8")
    assert refused(deck(ONE), "1.0.0", 0) == ["version-exists"]
    hand_out(deck(ONE), "1.0.1", 0)


@pytest.mark.parametrize(
    ("headings", "version", "expected"),
    [
        pytest.param(["1.0.3", "1.0.0"], "1.0.1", ["version-exists"], id="higher than the new one"),
        pytest.param(["1.0.3", "1.0.0"], "1.0.4", ["version-exists"], id="higher than those of the lock"),
        pytest.param(["app 1.0.3", "1.0.0"], "1.0.1", [], id="of something else"),
        pytest.param(["1.0.0", "0.9.0"], "1.0.1", [], id="lower"),
        pytest.param(["1.0.9", "1.0.10", "1.0.0"], "1.0.9", ["version-exists"], id="numbers, not letters"),
    ],
)
def test_a_changelog_with_releases_that_the_lock_lost_stops_a_release(
    folder: Path, headings: list[str], version: str, expected: list[str]
) -> None:
    """Without those releases, the lock does not know what learners have."""
    hand_out(deck(ONE), "1.0.0", 0)
    text = "# Changes\n" + "".join(f"\n## {each} - 2020-01-01\n\n* Words\n" for each in headings)
    Path("CHANGELOG.md").write_text(text, encoding="utf-8")
    if expected:
        assert refused(deck(TWO), version, 10) == expected
    else:
        hand_out(deck(TWO), version, 10)


def test_a_merge_conflict_in_the_changelog_is_not_handed_out(folder: Path) -> None:
    """Markers that git left would be in the feed and on the page of the deck."""
    conflict = "# Changes\n\nAll\n=======\n\n<<<<<<< HEAD\n* Mine\n=======\n* Yours\n>>>>>>> other\n"
    Path("CHANGELOG.md").write_text(conflict, encoding="utf-8")
    assert refused(deck(ONE), "1.0.0", 0) == ["merge-conflict"]
    Path("CHANGELOG.md").write_text("# Changes\n", encoding="utf-8")
    hand_out(deck(ONE), "1.0.0", 0)
    Path("CHANGELOG.md").write_text(conflict, encoding="utf-8")
    with pytest.raises(Problems) as caught:
        share(Path("cards.yaml"))
    assert [problem.rule for problem in caught.value.problems] == ["merge-conflict"]


def test_the_changelog_keeps_its_line_ends(folder: Path) -> None:
    """A file of Windows stays one."""
    Path("CHANGELOG.md").write_bytes(b"# Changes\r\n\r\n## Unreleased\r\n\r\n* Mine\r\n")
    hand_out(deck(ONE), "1.0.0", 0)
    data = Path("CHANGELOG.md").read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n")
    assert data.endswith(b"* First release, with 1 note and 1 card.\r\n\r\n* Mine\r\n")


def test_two_decks_in_one_folder_can_be_told_apart(folder: Path) -> None:
    """The deck beside cards.yaml is named in the headings of the changelog that they share."""
    hand_out(deck(ONE), "1.0.0", 0)
    other = write(Path("aside"), deck(ONE, id="other", namespace="another1")).rename("other.yaml")
    release(other, "1.0.0", at=FIRST + DAY)
    headings = [
        line for line in Path("CHANGELOG.md").read_text(encoding="utf-8").splitlines() if line.startswith("## ")
    ]
    assert headings == ["## other 1.0.0 - 2023-11-15", "## 1.0.0 - 2023-11-14"]


def test_a_copy_that_is_another_package_is_noticed(folder: Path) -> None:
    """Somebody replaced what was handed out by a draft, which shows nothing about learners."""
    hand_out(deck(ONE), "1.0.0", 0)
    draft(deck(TWO), 1)
    Path("decks/small-1.0.0.apkg").write_bytes(Path("decks/small.apkg").read_bytes())
    assert refused(deck(TWO), "1.1.0", 2) == ["not-that-release"]


def test_a_missing_copy_can_be_named(folder: Path) -> None:
    """If it was never committed, only the package that learners got can replace it."""
    hand_out(deck(ONE), "1.0.0", 0)
    Path("decks/small-1.0.0.apkg").rename("download.apkg")
    draft(deck(TWO), 1)
    cards = Path("cards.yaml")
    with pytest.raises(Problems, match="not the package of version"):
        release(cards, "1.1.0", at=FIRST + 2 * DAY, since=Path("decks/small.apkg"))
    done = release(cards, "1.1.0", at=FIRST + 2 * DAY, since=Path("download.apkg"))
    assert "new (`two`)" in done.notes


def test_a_missing_copy_is_taken_from_git(folder: Path) -> None:
    """What was committed is as good as the file."""
    hand_out(deck(ONE), "1.0.0", 0)
    write(Path(), deck(TWO))
    git("init")
    git("add", ".")
    git("commit", "-m", "first")
    Path("decks/small-1.0.0.apkg").unlink()
    result = run("diff")
    assert result.stdout.startswith("decks/small-1.0.0.apkg as committed -> cards.yaml\n")


def test_the_first_release_of_an_adopted_deck_tells_what_its_learners_meet(folder: Path) -> None:
    """They have the deck from a package that no release of this lock knows."""
    strange = deck({"one": {**MOVED["concepts"]["idea"]["notes"]["one"], "guid": "made-elsewhere"}})
    old = build_deck(Path(), strange).package.rename("old.apkg")
    Path("cards.lock").unlink()
    adopt(old, Path("cards.yaml"))
    draft(SWAPPED, 1, "cloze-moved:one")
    told = to_learners("cloze-moved")
    assert f"* If you had the deck before:\n  * {told}\n" in hand_out(SWAPPED, "1.0.0", 2).notes


def test_the_first_release_of_an_adopted_deck_tells_all_since_its_package(folder: Path) -> None:
    """If the package that learners have is named, the notes list every edit since."""
    old = build_deck(Path(), deck(ONE)).package.rename("old.apkg")
    Path("cards.lock").unlink()
    adopt(old, Path("cards.yaml"))
    done = release(write(Path(), deck(TWO)), "1.0.0", at=FIRST + DAY, since=old)
    assert done.notes.startswith("* **Idea**\n  * 01:32 new (`two`): Who spoke?\n")


def test_a_hazard_of_another_version_of_the_builder_is_passed_over(folder: Path) -> None:
    """A lock may name what this version does not know."""
    draft(deck(ONE), 0)
    lock = Path("cards.lock")
    line = '{"accepted": "no-such-hazard:one", "time": 1700000000}\n'
    lock.write_text(lock.read_text(encoding="utf-8") + line, encoding="utf-8")
    assert hand_out(deck(TWO), "1.0.0", 1).notes == "* First release, with 2 notes and 2 cards.\n"


def test_a_deck_that_goes_elsewhere_is_no_release_of_before(folder: Path) -> None:
    """Learners are told of another deck for the same notes, although no text has changed."""
    sources = {"talk": {**TALK, "deck": "Part 1"}}
    two = {id: {**note, "source": "talk"} for id, note in TWO.items()}
    hand_out(deck(two, sources=sources), "1.0.0", 0)
    moved = deck(two, sources={"talk": {**TALK, "deck": "Part One"}})
    build(write(Path(), moved), at=FIRST + DAY, accept=["title-changed:talk"])
    assert manifest(Path("decks/small.apkg"))["draft"]


def test_the_deck_may_get_another_id(folder: Path) -> None:
    """The package of the last release is found under the id that it had then."""
    hand_out(deck(TWO), "1.0.0", 0)
    hand_out(deck(TWO, id="zoo"), "1.1.0", 1)
    assert Path("decks/small-1.0.0.apkg").exists()
    assert Path("decks/zoo-1.1.0.apkg").exists()


def test_what_stands_for_a_whole_edit_is_a_name_that_was_met(folder: Path) -> None:
    """Accepting one changed title accepts all, but not by a name that none of them has."""
    hand_out(deck(TWO), "1.0.0", 0)
    write(Path(), deck(TWO, title="Large"))
    for slip in ("title-changed:nosuch", "title-changed:"):
        assert "no-hazard" in codes(run("build", "--accept", slip).stderr)
    assert run("build", "--accept", "title-changed:deck").exit_code == 0


def test_links_that_lead_nowhere_are_none_of_the_kept_packages(folder: Path) -> None:
    """Tools for large files leave such links if a file was not fetched."""
    hand_out(deck(ONE), "1.0.0", 0)
    Path("decks/small-0.9.0.apkg").symlink_to("nowhere")
    write(Path(), deck(TWO))
    assert run("check").exit_code == 0


@pytest.mark.parametrize("words", [["release", "1.1.0"], ["diff"], ["share"], ["verify", "decks/small-1.0.0.apkg"]])
def test_a_package_that_was_not_fetched_is_to_be_fetched(folder: Path, words: list[str]) -> None:
    """Git could only restore the same address in Git LFS."""
    hand_out(deck(ONE, author="A", license="CC0"), "1.0.0", 0)
    write(Path(), deck(TWO, author="A", license="CC0"))
    Path("decks/small-1.0.0.apkg").write_bytes(b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n")
    result = run(*words)
    assert "decks/small-1.0.0.apkg: error: this is only the address of a package" in result.stderr
    assert "\n    fetch the file itself: git lfs pull\n" in result.stderr


@pytest.mark.parametrize("command", ["release", "build"])
@pytest.mark.parametrize(
    ("link", "to"),
    [
        ("decks/small.apkg", "small-1.0.0.apkg"),
        ("decks/small.apkg", "../cards.yaml"),
        ("decks/small.apkg", "../CHANGELOG.md"),
        ("CHANGELOG.md", "cards.yaml"),
    ],
)
def test_no_link_leads_to_a_file_that_is_overwritten(folder: Path, link: str, to: str, command: str) -> None:
    """A link with the name of the newest package may lead to the newest release, which never changes."""
    hand_out(deck(ONE), "1.0.0", 0)
    write(Path(), deck(TWO))
    Path(link).unlink()
    Path(link).symlink_to(to)
    other = Path(link).resolve()
    before = other.read_bytes()
    words = [command, *["1.1.0"] * (command == "release")]
    result = run(*words)
    assert other.read_bytes() == before
    if command == "release" or link.startswith("decks"):
        assert codes(result.stderr) == ["unwritable"]
        assert "delete th" in result.stderr
        Path(link).unlink()
        assert run(*words).exit_code == 0


@pytest.mark.parametrize("built_before", [False, True])
def test_another_id_of_a_deck_with_tags_is_accepted_by_one_name(folder: Path, built_before: bool) -> None:
    """A release asks to accept exactly what a check says it will, even if there was a build in between."""
    hand_out(deck(TWO, tags=["t"]), "1.0.0", 0)
    moved = deck(TWO, tags=["t"], id="zoo")
    if built_before:
        build_deck(Path(), moved, FIRST + DAY)
    with pytest.raises(Problems, match="deck-id-changed"):
        hand_out(moved, "1.1.0", 2)
    hand_out(moved, "1.1.0", 2, "deck-id-changed:deck")


def test_what_another_branch_added_before_a_release_gets_the_next_ones_time(folder: Path) -> None:
    """A note whose draft is older than the release that did not have it has not been handed out: it counts as new."""
    hand_out(deck(ONE), "1.0.0", 0)
    before = Path("cards.lock").read_text(encoding="utf-8")
    build_deck(Path(), deck(TWO), FIRST + DAY)
    left = Path("cards.lock").read_text(encoding="utf-8")
    Path("cards.lock").write_text(before, encoding="utf-8")
    Path("decks/small.apkg").unlink()
    hand_out(deck({"one": question("What is hard abandonment?", "A breakup.")}), "1.0.1", 2)
    right = Path("cards.lock").read_text(encoding="utf-8")
    Path("cards.lock").write_text("".join(dict.fromkeys((left + right).splitlines(keepends=True))), encoding="utf-8")
    merged = {"one": question("What is hard abandonment?", "A breakup."), "two": TWO["two"]}
    built = hand_out(deck(merged), "1.1.0", 3).build
    assert {each.known.id: each.known.time for each in built.notes}["two"] == FIRST + 3 * DAY


@pytest.mark.parametrize("later", [0, -90])
def test_what_is_accepted_in_the_second_of_a_release_is_pending(folder: Path, later: int) -> None:
    """An acceptance belongs to the next release, on whatever clock it was given."""
    hand_out(MOVED, "1.0.0", 0)
    built = build(write(Path(), SWAPPED), at=FIRST + later, accept=["cloze-moved:one"]).build
    assert [each.hazard for each in built.lock.pending] == ["cloze-moved:one"]


def test_a_first_release_with_a_note_retired_before_it_is_one(folder: Path) -> None:
    """Nobody has that note, so nothing is reported, and the release does not become a draft."""
    draft(deck(TWO), 0)
    hand_out(deck({**ONE, "two": {**TWO["two"], "retired": "Doubtful"}}), "1.0.0", 1)
    assert manifest(Path("decks/small-1.0.0.apkg"))["version"] == "1.0.0"
    before = contents()
    build(Path("cards.yaml"), at=FIRST + 9 * DAY)
    assert contents() == before
