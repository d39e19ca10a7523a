"""A newer version of the program renders some marks differently: what an author reads of that."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from cuedeck.usecases.release import release
from tests.making import DAY, FIRST, build_deck, checked, cloze, deck, edit, question, write
from tests.rendering.rerendering import SOME, before_revisions, revise
from tests.running import output_of, run
from tests.sentences import to_learners

CARDS, LOCK = Path("cards.yaml"), Path("cards.lock")
ABOUT = {"author": "A. Writer", "license": "CC BY 4.0", "description": "About *this* deck."}
NOTES = {
    "soft": question("What is *soft*?", "Not hard"),
    "wet": cloze("Water is **{{c1::wet}}** and {{c2::clear}}."),
    "plain": question("What is hard?", "A stone"),
    "gap": cloze("The {{c1::Seine}} flows through Paris."),
}
SAID = r"2 notes .*\(soft, wet\).* \[rerendered\]\n"

pytestmark = pytest.mark.usefixtures("folder", "_revised")


@pytest.fixture
def _revised(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this version of the program render emphasis and code differently than the previous one."""
    revise(monkeypatch, SOME)


def hand_out(notes: dict[str, Any] | None = None, version: str = "1.0.0", at: int = FIRST) -> None:
    """Release a deck by an older version of the program."""
    with before_revisions():
        release(write(Path(), deck(notes or NOTES, **ABOUT)), version, at=at)


def day(number: int) -> int:
    return FIRST + number * DAY


def test_a_build_names_them_as_what_they_are() -> None:
    """What learners have to expect, in one warning; they do not count as edited."""
    hand_out()
    result = run("build", at=day(1))
    assert result.exit_code == 0
    assert re.search(f"warning: {SAID}    .*cuedeck preview", result.stderr)
    assert "add: --accept rerendered:deck" in result.stderr
    assert "4 notes, 5 cards (0 new, 0 changed, 2 rerendered, 2 unchanged)" in result.stdout
    again = run("build", at=day(2))
    assert "(0 new, 0 changed, 4 unchanged)" in again.stdout  # there is no column for what is rare
    assert re.search(SAID, again.stderr)  # until the release


def test_every_note_is_listed_that_a_build_stamps_anew() -> None:
    """With the word for what became of it."""
    hand_out()
    lines = run("build", "--verbose", at=day(1)).stdout.splitlines()
    assert lines[:2] == ["rerendered note soft", "rerendered note wet"]


def test_one_note_is_one() -> None:
    """The sentence is right for one note."""
    hand_out({"soft": NOTES["soft"], "plain": NOTES["plain"]})
    (hazard,) = checked(CARDS).hazards
    assert hazard.facts == {"count": "1 note", "names": "soft", "looks": "looks", "it": "it"}


def test_a_first_release_has_nothing_of_it() -> None:
    """Nobody has the notes of a draft."""
    with before_revisions():
        build_deck(Path(), deck(NOTES))
    for words in (("check",), ("build",), ("release", "1.0.0")):
        result = run(*words, at=day(1))
        assert result.exit_code == 0
        assert "[rerendered]" not in result.output
        assert "imported a draft" not in result.output


def test_a_draft_is_counted_all_the_same() -> None:
    """Its author did not edit anything."""
    with before_revisions():
        build_deck(Path(), deck(NOTES))
    assert "(0 new, 0 changed, 2 rerendered, 2 unchanged)" in run("build", at=day(1)).stdout


def test_a_note_that_was_also_edited_is_just_edited() -> None:
    """It is replaced for the author's own reason."""
    hand_out()
    edit(CARDS, "Not hard", "Not hard at all")
    result = run("build", at=day(1))
    assert "(0 new, 1 changed, 1 rerendered, 2 unchanged)" in result.stdout
    assert re.search(r"1 note .*\(wet\).* \[rerendered\]", result.stderr)


def test_a_note_taken_back_is_not_edited() -> None:
    """A draft edited it, and then it was put back: learners get it only because of the rendering."""
    hand_out()
    edit(CARDS, "Not hard", "Not hard at all")
    with before_revisions():
        run("build", at=day(1))
    edit(CARDS, "Not hard at all", "Not hard")
    result = run("build", at=day(2))
    assert "(soft, wet)" in result.stderr


def test_a_release_wants_it_accepted_and_tells_learners() -> None:
    """Once for all notes; it costs no progress, so the version may be a minor one."""
    hand_out()
    code, printed, said = output_of("release", "1.1.0")
    assert (code, printed) == (1, "")
    assert re.search(f"error: {SAID}", said)
    assert said.count("error:") == 1
    edit(CARDS, "A stone", "A stone, or a rock")
    result = run("release", "1.1.0", "--accept", "rerendered", at=day(1))
    assert result.exit_code == 0, result.output
    changelog = Path("CHANGELOG.md").read_text(encoding="utf-8")
    told_of = changelog.partition("## 1.0.0")[0]
    assert "* Shown differently by a new version of the tool that makes this deck: `soft`, `wet`\n" in told_of
    assert f"* {to_learners('rerendered')}\n" in told_of
    assert "corrected (`plain`)" in told_of
    assert "corrected (`soft`)" not in told_of
    after = run("build", at=day(2))
    assert "(0 new, 0 changed, 4 unchanged)" in after.stdout
    assert "[rerendered]" not in after.stderr


def test_what_was_accepted_at_a_build_is_not_asked_for_again() -> None:
    """But a note more is, as after another update of the program."""
    hand_out({**NOTES, "code": question("What is `x`?", "A letter")})
    with before_revisions(em_open=2, strong_open=2):
        revised = run("build", "--accept", "rerendered:deck", at=day(1))
        assert revised.exit_code == 0
        assert "[rerendered]" not in run("build", at=day(2)).stderr
    assert "[rerendered]" in run("build", at=day(3)).stderr
    assert run("release", "1.1.0", "--accept", "rerendered:deck", at=day(4)).exit_code == 0


def test_one_of_two_marks_was_revised_before() -> None:
    """A note with both is known by the digest that the version in between gave it."""
    with before_revisions(em_open=2):
        release(write(Path(), deck({**NOTES, "both": question("*One*, `two`?", "Both")})), "1.0.0", at=FIRST)
    assert "(wet, both)" in run("check", at=day(1)).stderr


def test_diff_names_them_apart_from_edits() -> None:
    """With what their cards show; a program reads the same."""
    hand_out()
    edit(CARDS, "A stone", "A rock")
    result = run("diff", at=day(1))
    assert result.exit_code == 0
    assert "01:32 soft: not edited, but rendered differently by this version of Cuedeck\n" in result.stdout
    assert "01:32 wet: not edited, but rendered differently by this version of Cuedeck\n" in result.stdout
    assert "01:32 plain: updated\n" in result.stdout
    assert re.search(r"^learners notice: 2 notes .*\(soft, wet\).* \[rerendered:deck\]$", result.stdout, re.M)
    assert "1 updated, 2 rerendered, 1 unchanged\n" in result.stdout
    data = json.loads(run("diff", "--format", "json", at=day(1)).stdout)
    assert {note["id"]: note["fate"] for note in data["notes"]} == {
        "soft": "rerendered",
        "wet": "rerendered",
        "plain": "updated",
    }
    assert [(hazard["name"], hazard["notes"]) for hazard in data["hazards"]] == [("rerendered", ["soft", "wet"])]
    assert "`soft`, `wet`" in run("diff", "--format", "markdown", at=day(1)).stdout


def test_diff_with_an_older_release() -> None:
    """What was edited since then is an edit for its learners."""
    hand_out()
    edit(CARDS, "Not hard", "Not hard at all")
    with before_revisions():
        release(CARDS, "1.1.0", at=day(1))
    result = run("diff", "decks/small-1.0.0.apkg", "cards.yaml", at=day(2))
    assert "1 updated, 1 rerendered, 2 unchanged\n" in result.stdout
    assert "(wet)" in result.stdout


def test_diff_with_a_draft_says_no_hazard() -> None:
    """Its author sees what becomes of each note; learners have nothing."""
    with before_revisions():
        build_deck(Path(), deck(NOTES))
    result = run("diff", at=day(1))
    assert "2 rerendered, 2 unchanged\n" in result.stdout
    assert "[rerendered" not in result.stdout


def test_what_looks_quite_different_is_no_other_question(monkeypatch: pytest.MonkeyPatch) -> None:
    """The author's text is the same, so there is no hazard of another text, however different its rendering is."""
    revise(monkeypatch, {"em_open": 2, "link_open": 2})
    far, further = "https://example.org/one/two/three/four", "https://example.org/five/six/seven/eight"
    hand_out(
        {
            "asked": question(f"[Where]({far})?", f"[There]({further})"),
            "gap": cloze(f"It *lies* {{{{c1::[there]({further})}}}} *somewhere*"),
        }
    )
    result = run("check", at=day(1))
    assert result.exit_code == 0, result.stderr
    assert result.stderr.count("warning:") == result.stderr.count("[rerendered]") == 1
    assert run("build", at=day(2)).exit_code == 0
    assert run("release", "1.1.0", "--accept", "rerendered", at=day(3)).exit_code == 0


def test_a_later_correction_is_one() -> None:
    """After a build of the newer version, an answer is compared with what it was, in words rendered alike."""
    hand_out({"wet": cloze("Water **boils** at {{c1::90}} degrees.")})
    run("build", at=day(1))
    edit(CARDS, "90", "100")
    result = run("build", at=day(2))
    assert result.exit_code == 0, result.stderr
    assert "(0 new, 1 changed, 0 unchanged)" in result.stdout


def test_a_note_that_was_renamed_goes_on() -> None:
    """Under its new id it is the same note, rendered differently; without `was` it is reported as usual."""
    hand_out()
    renamed = {("softly" if id == "soft" else id): note for id, note in NOTES.items()}
    write(Path(), deck(renamed, **ABOUT))
    assert re.search('"softly" .*"soft".* \\[looks-renamed\\]', run("check", at=day(1)).stderr)
    write(Path(), deck({**renamed, "softly": {**NOTES["soft"], "was": "soft"}}, **ABOUT))
    result = run("build", at=day(1))
    assert result.exit_code == 0
    assert "(softly, wet)" in result.stderr


def test_many_notes_are_one_hazard() -> None:
    """No mass update is reported in addition, and one key accepts all."""
    hand_out({f"n{number}": question(f"*{number}*?", "A number") for number in range(40)})
    code, _, said = output_of("release", "1.1.0")
    assert code == 1
    assert said.count("error:") == 1
    assert re.search(r"40 notes .*\(n0, n1, .* n9 and 30 more\)", said)
    assert run("release", "1.1.0", "--accept", "rerendered:deck", at=day(1)).exit_code == 0


def test_the_preview_shows_them_alone() -> None:
    """They have their own state."""
    hand_out()
    run("preview", "-o", "preview.html", at=day(1))
    page = Path("preview.html").read_text(encoding="utf-8")
    assert "Since the last package: 2 rerendered, 2 unchanged." in page
    assert page.count('"status":"rerendered"') == 2


def test_a_release_that_nobody_edited_stays_the_package_of_before() -> None:
    """If no note uses such a mark, a build writes nothing at all."""
    with before_revisions():
        release(write(Path(), deck({"plain": NOTES["plain"], "gap": NOTES["gap"]})), "1.0.0", at=FIRST)
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    result = run("build", at=day(1))
    assert (result.exit_code, result.stderr) == (0, "")
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before
