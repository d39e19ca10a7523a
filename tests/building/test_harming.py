"""Drafts and releases in sequence: what happens to learners who have the releases, and what the author reads."""

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cuedeck.building.harming import Effects, hazards_of
from cuedeck.building.loading import load
from cuedeck.disk.workspace import Workspace
from cuedeck.history.lock import guid
from cuedeck.history.lockfile import from_text
from cuedeck.package.database import read_snapshot
from cuedeck.package.opening import read_members
from cuedeck.problems import Problems
from cuedeck.updating.harms import HARMS
from cuedeck.usecases.adopt import adopt
from tests.earlier import in_first_form
from tests.making import DAY, FIRST, TALK, build_deck, cloze, deck, question, release_deck, write
from tests.running import output_of
from tests.sentences import for_draft_users

pytestmark = pytest.mark.usefixtures("folder")

Data = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """A version of the deck, and whether it was handed out."""

    data: Data
    is_release: bool = False


def draft(notes: Data, **more: Any) -> Step:
    return Step(deck(notes, **more))


def release(notes: Data, **more: Any) -> Step:
    return Step(deck(notes, **more), is_release=True)


def live(*steps: Step) -> None:
    """Build all but the last of these, and write the last to cards.yaml. Every hazard on the way is accepted."""
    *built, last = steps
    for day, step in enumerate(built):
        if step.is_release:
            release_deck(Path(), step.data, FIRST + day * DAY, f"{day + 1}.0.0")
        else:
            build_deck(Path(), step.data, FIRST + day * DAY, accept_all=True)
    write(Path(), last.data)


def met() -> Effects:
    return hazards_of(load(Workspace(Path("cards.yaml"))))


HARD = question("What is hard abandonment?", "An open breakup.")
NEAR = question("What is hard abandonment called?", "An open breakup.")
LION = question("Which colour does a lion have?", "Sand.")
MOON = question("How far away is the moon?", "A light second.")
BOTH = cloze("{{c1::Hard}} is over; {{c2::soft}} goes on.")
GONE = cloze("{{c1::Hard}} is over; soft goes on.")
ANEW = cloze("{{c1::Hard}} is over; {{c2::grief}} begins at once.")
GAP = cloze("It is {{c1::so}}.")
OTHER = question("Who spoke?", "A lecturer.")
TWO = {"one": HARD, "two": OTHER}
FILM = {"talk": TALK, "film": {**TALK, "title": "A film", "url": "https://example.org/film"}}


def with_film(name: str) -> Data:
    return {"sources": {**FILM, "film": {**FILM["film"], "deck": name}}}


FILMED = {"one": {**HARD, "source": "film"}, "two": {**OTHER, "source": "talk"}}

# Name: the versions, the last of which is to be built, and the keys of the hazards for learners who have the releases.
LIVES: Mapping[str, tuple[list[Step], set[str]]] = {
    "a number given, removed, used again": (
        [release({"one": BOTH}), release({"one": GONE}), draft({"one": ANEW})],
        {"cloze-replaced:one"},
    ),
    "the same with drafts between": (
        [
            release({"one": BOTH}),
            draft({"one": GONE}),
            release({"one": GONE}),
            draft({"one": NEAR}),
            draft({"one": ANEW}),
        ],
        {"cloze-replaced:one"},
    ),
    "a number that only a draft gave": (
        [release({"one": GONE}), draft({"one": BOTH}), draft({"one": GONE}), draft({"one": ANEW})],
        {"card-added:one"},
    ),
    "the same, a release later": (
        [
            release({"one": GONE}),
            draft({"one": BOTH}),
            release({"one": GONE, "two": OTHER}),
            draft({"one": ANEW, "two": OTHER}),
        ],
        {"card-added:one"},
    ),
    "removed, and back as another kind": (
        [release(TWO), release({"one": HARD}), draft({"one": HARD, "two": GAP})],
        {"unretired:two", "kind-changed:two"},
    ),
    "retired, and back as another kind": (
        [release(TWO), release({"one": HARD, "two": {**OTHER, "retired": "Dull"}}), draft({"one": HARD, "two": GAP})],
        {"unretired:two", "kind-changed:two"},
    ),
    "only a draft had it, and it is back as another kind": (
        [release({"one": HARD}), draft(TWO), draft({"one": HARD}), draft({"one": HARD, "two": GAP})],
        set(),
    ),
    "a kind that a draft changed and changed back": (
        [release({"one": HARD}), draft({"one": GAP}), draft({"one": HARD})],
        set(),
    ),
    "a kind that a draft changed": (
        [release({"one": HARD}), draft({"one": GAP}), draft({"one": GAP})],
        {"kind-changed:one"},
    ),
    "another question, then the first": ([release({"one": HARD}), draft({"one": LION}), draft({"one": HARD})], set()),
    "another question, then nearly the first": (
        [release({"one": HARD}), draft({"one": LION}), draft({"one": NEAR})],
        set(),
    ),
    "another question, then a third": (
        [release({"one": HARD}), draft({"one": LION}), draft({"one": MOON})],
        {"question-replaced:one"},
    ),
    "step by step to another question": (
        [release({"one": HARD}), draft({"one": question("What is it?", "A lion.")}), draft({"one": LION})],
        {"question-replaced:one"},
    ),
    "a question that replaces one that a draft moved": (
        [release(TWO), draft({"one": LION, "two": MOON}), draft({"one": LION, "two": HARD})],
        {"question-replaced:one", "question-moved:two"},
    ),
    "retired in a draft, and back": (
        [release(TWO), draft({"one": HARD, "two": {**OTHER, "retired": "Dull"}}), draft(TWO)],
        set(),
    ),
    "vanished in a draft": ([release(TWO), draft({"one": HARD}), draft({"one": HARD})], {"vanished:two"}),
    "vanished in a draft, and back": ([release(TWO), draft({"one": HARD}), draft(TWO)], set()),
    "vanished in a draft, and back under another id": (
        [release(TWO), draft({"one": HARD}), draft({"one": HARD, "three": {**OTHER, "a": "A lecturer, then."}})],
        {"vanished:two", "looks-renamed:three"},
    ),
    "only drafts had it, and it is gone": ([release({"one": HARD}), draft(TWO), draft({"one": HARD})], set()),
    "only drafts had it under that name": (
        [release({"one": HARD}), draft(TWO), draft({"one": HARD, "three": OTHER})],
        set(),
    ),
    "renamed in a draft without `was`": (
        [release(TWO), draft({"one": HARD, "three": OTHER}), draft({"one": HARD, "three": OTHER})],
        {"vanished:two", "looks-renamed:three"},
    ),
    "renamed at last, after a draft had both": (
        [release(TWO), draft({"one": HARD, "three": OTHER}), draft({"one": HARD, "three": {**OTHER, "was": "two"}})],
        set(),
    ),
    "a title that a draft had": ([release(TWO), draft(TWO, title="Large"), draft(TWO)], set()),
    "a title that a draft changed": (
        [release(TWO), draft(TWO, title="Large"), draft(TWO, title="Huge")],
        {"title-changed:deck"},
    ),
    "a subdeck that only drafts had": (
        [release(TWO, sources={"talk": TALK}), *(draft(FILMED, **with_film(name)) for name in ("Films", "Movies"))],
        set(),
    ),
    "a subdeck that a release had": (
        [release(FILMED, **with_film("Films")), *(draft(FILMED, **with_film(name)) for name in ("Movies", "Movies"))],
        {"title-changed:film"},
    ),
    "the id of the deck, in a draft": ([release(TWO), draft(TWO, id="large"), draft(TWO)], set()),
    "a guid that a draft had": ([release({"one": HARD}), draft({"one": {**HARD, "guid": "other"}}), draft(TWO)], set()),
    "removed, and back as another question": (
        [release(TWO), release({"one": HARD}), draft({"one": HARD, "two": LION})],
        {"unretired:two", "question-replaced:two"},
    ),
    "retired, back in a draft, out again, and back as another question": (
        [
            release(TWO),
            release({"one": HARD}),
            draft(TWO),
            draft({"one": HARD}),
            release({"one": NEAR}),
            draft({"one": NEAR, "two": LION}),
        ],
        {"unretired:two", "question-replaced:two"},
    ),
    "everything, before any release": (
        [
            draft({"one": BOTH, "two": HARD, "three": OTHER}),
            draft({"one": HARD, "two": LION, "four": OTHER}, title="Large"),
        ],
        set(),
    ),
}


@pytest.mark.parametrize(("steps", "keys"), LIVES.values(), ids=LIVES)
def test_hazards_are_those_of_releases(steps: list[Step], keys: set[str]) -> None:
    """Whatever drafts there were in between, an edit is judged by what learners have."""
    live(*steps)
    assert {hazard.key for hazard in met().hazards} == keys


# The cases in which there was a draft between the last release and the edit.
DRAFTED = {name: life for name, life in LIVES.items() if not life[0][-2].is_release}


@pytest.mark.parametrize(("steps", "keys"), DRAFTED.values(), ids=DRAFTED)
def test_the_lock_alone_is_enough(steps: list[Step], keys: set[str]) -> None:
    """If what is edited was in a draft, neither the package nor git is needed."""
    live(*steps)
    for path in Path("decks").iterdir():
        path.unlink()
    assert {hazard.key for hazard in met().hazards} == keys


# Name: the versions, the last but one of which version 1.0.0 built as a draft, and the hazards for learners.
FIRST_LIVES: Mapping[str, tuple[list[Step], set[str]]] = {
    "a number of a draft": (
        [release({"one": GONE}), draft({"one": BOTH}), draft({"one": ANEW})],
        {"cloze-replaced:one"},
    ),
    "a note of a draft": ([release({"one": HARD}), draft(TWO), draft({"one": HARD, "two": GAP})], {"kind-changed:two"}),
    "a note of a draft that is gone": ([release({"one": HARD}), draft(TWO), draft({"one": HARD})], {"vanished:two"}),
    "a question of a draft": (
        [release({"one": HARD}), draft({"one": LION}), draft({"one": MOON})],
        {"question-replaced:one"},
    ),
    "before any release": ([draft(TWO), draft({"one": GAP, "two": OTHER})], set()),
    "a note of another tool, before any release": (
        [draft({"one": {**HARD, "guid": "elsewhere"}}), draft({"one": GAP})],
        {"kind-changed:one"},
    ),
}


@pytest.mark.parametrize(("steps", "keys"), FIRST_LIVES.values(), ids=FIRST_LIVES)
def test_drafts_of_version_1_0_0_count_as_released(steps: list[Step], keys: set[str]) -> None:
    """That version did not distinguish drafts from releases: learners may have either."""
    *built, last = steps
    live(*built, built[-1])
    in_first_form(Path("cards.lock"))
    before = Path("cards.lock").read_bytes()
    assert output_of("build")[0] == 0
    assert Path("cards.lock").read_bytes() == before, "a newer program alone changes no lock"
    write(Path(), last.data)
    assert {hazard.key for hazard in met().hazards} == keys


def test_what_version_1_0_0_left_is_still_known_after_a_newer_build() -> None:
    """The first build that writes the lock marks what was handed out, in a form that the old version cannot read."""
    live(release({"one": GONE}), draft({"one": BOTH, "two": OTHER}), draft({"one": BOTH, "two": OTHER}))
    in_first_form(Path("cards.lock"))
    edited = {"one": BOTH, "two": {**OTHER, "a": "A lecturer, it seems."}}
    build_deck(Path(), deck(edited), FIRST + 5 * DAY)
    assert Path("cards.lock").read_text(encoding="utf-8").startswith('{"cuedeck": 2')
    write(Path(), deck({"one": ANEW, "two": GAP}))
    assert {hazard.key for hazard in met().hazards} == {"cloze-replaced:one", "kind-changed:two"}


AS_RELEASED = '"one" is again as it was released'
# Name: the versions, and the sentences for those who imported the last draft: a hazard by its key, or the first words.
TOLD: Mapping[str, tuple[list[Step], list[str]]] = {
    "first build": ([draft(TWO)], []),
    "nothing": ([draft(TWO), draft(TWO)], []),
    "another kind": (
        [draft({"one": HARD}), draft({"one": GAP})],
        ["kind-changed:one"],
    ),
    "another title": ([draft(TWO), draft(TWO, title="Large")], ["title-changed:Large"]),
    "another question": ([draft({"one": HARD}), draft({"one": LION})], ["question-replaced:one"]),
    "gone": (
        [draft(TWO), draft({"one": HARD})],
        ['"two" is no longer in the deck: you keep it until you delete what '],
    ),
    "several gone": (
        [draft({**TWO, "three": GAP}), draft({"four": MOON})],
        ["3 notes are no longer in the deck: you keep them until you delete what "],
    ),
    "gone in the draft before": ([draft(TWO), draft({"one": HARD}), draft({"one": HARD})], []),
    "gone since a release": (
        [release({"one": HARD}), draft({"one": HARD, "two": OTHER}), draft({"one": HARD})],
        ['"two" is no longer in the deck: you keep it until you delete what '],
    ),
    "retired since a draft": ([draft(TWO), draft({"one": HARD, "two": {**OTHER, "retired": "Dull"}})], []),
    "renamed without `was`": (
        [draft(TWO), draft({"one": HARD, "three": OTHER})],
        ["looks-renamed:three"],
    ),
    "one more card": ([draft({"one": GONE}), draft({"one": BOTH})], []),
    "one card less": ([draft({"one": BOTH}), draft({"one": GONE})], ["cloze-gone:one"]),
    "what learners meet, too": ([release({"one": HARD}), draft({"one": GAP})], []),
    "taken back": ([release({"one": HARD}), draft({"one": NEAR}), draft({"one": HARD})], [AS_RELEASED]),
    "another question taken back": (
        [release({"one": HARD}), draft({"one": LION}), draft({"one": HARD})],
        [AS_RELEASED],
    ),
    "another kind taken back": (
        [release({"one": HARD}), draft({"one": GAP}), draft({"one": HARD})],
        [AS_RELEASED],
    ),
    "a card more taken back": (
        [release({"one": GONE}), draft({"one": BOTH}), draft({"one": GONE})],
        [AS_RELEASED],
    ),
    "a former id is used again": (
        [draft({"one": HARD}), draft({"two": {**HARD, "was": "one"}}), draft({"two": HARD, "one": LION})],
        ["question-replaced:one"],
    ),
}


@pytest.mark.parametrize(("steps", "lines"), TOLD.values(), ids=TOLD)
def test_what_people_who_imported_a_draft_read(
    steps: list[Step], lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Check, build and preview each say it in one line; after the build, there is nothing to say or to accept."""
    live(*steps)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(FIRST + 9 * DAY))
    found = met().drafts
    for said, line in zip(found, lines, strict=True):
        name, _, subject = line.partition(":")
        assert all(each in said for each in ([for_draft_users(name), f'"{subject}"'] if name in HARMS else [line]))
    for command in ("check", "preview", "build"):
        code, text, errors = output_of(command)
        if met().hazards:
            assert code == 1
            return
        assert code == 0, errors
        assert ("If you have imported a draft yourself (a build that was not released):\n" in text) == bool(lines), (
            command
        )
        assert all(f"  * {line}\n" in text for line in found), command
    assert met() == Effects(())


def test_the_sentence_on_another_kind_says_what_to_do() -> None:
    """Anki never accepts it: the note must be deleted, and the search finds it."""
    live(draft({"one": HARD}), draft({"one": GAP}))
    (said,) = met().drafts
    assert for_draft_users("kind-changed") in said
    assert '"note:Cuedeck small (*)" "Note ID:one"' in said


def test_the_sentence_on_notes_that_are_gone_says_what_finds_all_of_them() -> None:
    """One search finds them in Anki's browser, also under their former ids."""
    live(draft({"one": HARD, "two": OTHER}), draft({"new": {**HARD, "was": "one"}, "two": OTHER}), draft({"x": MOON}))
    (said,) = met().drafts
    assert 'delete what "note:Cuedeck small (*)" "Note ID:re:^(new|one|two)$" finds in Anki\'s browser' in said


def known(path: str = "cards.lock") -> Any:
    return from_text(Path(path).read_text(encoding="utf-8"), path).notes


def test_a_draft_taken_back_is_as_it_was_released() -> None:
    """Time, content, lock and package are those of the release, except for what distinguishes later drafts from it."""
    release_deck(Path(), deck(TWO))
    package, before = Path("decks/small.apkg").read_bytes(), known()
    build_deck(Path(), deck({**TWO, "one": NEAR}), FIRST + DAY)
    build_deck(Path(), deck(TWO), FIRST + 2 * DAY)
    assert Path("decks/small.apkg").read_bytes() == package
    assert known()["two"] == before["two"]
    assert (known()["one"].time, known()["one"].released, known()["one"].drafted) == (FIRST, FIRST, FIRST + DAY)
    later = build_deck(Path(), deck({**TWO, "one": LION}), FIRST + DAY - 100, accept_all=True)
    assert later.build.lock.notes["one"].time > FIRST + DAY, "whoever imported the draft gets the next change"


def test_note_types_taken_back_keep_their_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look that was only tried in a draft affects nobody."""
    from cuedeck.rendering import notetypes

    template = notetypes._file
    release_deck(Path(), deck(TWO))
    package = Path("decks/small.apkg").read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(notetypes, "_file", lambda name: template(name) + ("\n.x { }" if name == "card.css" else ""))
        assert build_deck(Path(), deck(TWO), FIRST + DAY).build.counts == {"unchanged": 2}
        assert Path("decks/small.apkg").read_bytes() != package
    assert [line.partition(":")[0] for line in met().drafts] == [
        f'the note type "Cuedeck small ({kind})" is again as it was released'
        for kind in ("question and answer", "cloze")
    ]
    build_deck(Path(), deck(TWO), FIRST + 2 * DAY)
    assert Path("decks/small.apkg").read_bytes() == package


# Name: what is accepted, its key, and later edits, each with whether its outcome is the same.
ACCEPTED: Mapping[str, tuple[Data, str, list[tuple[Data, bool]]]] = {
    "another kind": (
        {"one": GAP},
        "kind-changed:one",
        [({"one": GAP}, True), ({"one": {**GAP, "extra": "So."}}, True), ({"one": LION}, False)],
    ),
    "another question": (
        {"one": LION},
        "question-replaced:one",
        [
            ({"one": LION}, True),
            ({"one": {**LION, "q": "Which colour does a lion have!"}}, True),
            ({"one": MOON}, False),
        ],
    ),
}


@pytest.mark.parametrize(("notes", "key", "later"), ACCEPTED.values(), ids=ACCEPTED)
def test_an_accepted_hazard_must_be_accepted_again_only_if_its_outcome_changes(
    notes: Data, key: str, later: list[tuple[Data, bool]]
) -> None:
    """Check, build, preview and release agree on it."""
    release_deck(Path(), deck({"one": HARD}))
    write(Path(), deck(notes))
    assert output_of("build")[0] == 1
    assert output_of("build", "--accept", key)[0] == 0
    for data, is_accepted in later:
        write(Path(), deck(data))
        for command in ("check", "preview", "build"):
            code, _, errors = output_of(command)
            assert (code == 0) == is_accepted, (command, data)
            assert (
                f"--accept {key.replace('kind-changed', 'question-replaced') if not is_accepted else key}" in errors
            ) != is_accepted


def test_what_was_accepted_and_undone_is_forgotten() -> None:
    """An author who makes the same edit again must accept it again."""
    release_deck(Path(), deck({"one": HARD}))
    build_deck(Path(), deck({"one": LION}), FIRST + DAY, accept_all=True)
    assert '"accepted"' in Path("cards.lock").read_text(encoding="utf-8")
    build_deck(Path(), deck({"one": HARD}), FIRST + 2 * DAY)
    assert '"accepted"' not in Path("cards.lock").read_text(encoding="utf-8")
    with pytest.raises(Problems) as caught:
        build_deck(Path(), deck({"one": LION}), FIRST + 3 * DAY)
    assert [each.rule for each in caught.value.problems] == ["question-replaced"]


def test_an_adopted_deck_is_a_released_one() -> None:
    """Learners have everything in the package, whoever made it, but not what was only drafted here."""
    release_deck(Path(), deck({"one": HARD, "two": GONE}))
    build_deck(Path(), deck({"one": HARD, "two": BOTH, "three": OTHER}), FIRST + DAY)
    lock = known()
    Path("cards.lock").unlink()
    adopt(Path("decks/small.apkg"), Path("cards.yaml"))
    assert known() == lock, "a draft with a release behind it tells what that left"
    write(Path(), deck({"one": GAP, "two": ANEW, "three": GAP}))
    assert {hazard.key for hazard in met().hazards} == {"kind-changed:one", "card-added:two"}


def test_a_draft_without_a_release_may_be_adopted() -> None:
    """The deck continues seamlessly, and is a draft as before."""
    build_deck(Path(), deck(TWO))
    Path("cards.lock").unlink()
    adopt(Path("decks/small.apkg"), Path("cards.yaml"))
    write(Path(), deck({"one": GAP, "two": OTHER}))
    assert met().hazards == ()
    assert len(met().drafts) == 1


def test_an_id_that_a_draft_gave_up_stays_free() -> None:
    """The line of the note that had it is gone: the lock is the same after every build, and a release succeeds."""
    build_deck(Path(), deck({"two": HARD}))
    build_deck(Path(), deck({"five": {**HARD, "was": "two"}}), FIRST + DAY)
    build_deck(Path(), deck({"two": LION}), FIRST + 2 * DAY)
    lock = Path("cards.lock").read_bytes()
    assert build_deck(Path(), deck({"two": LION}), FIRST + 3 * DAY).build.counts == {"unchanged": 1}
    assert Path("cards.lock").read_bytes() == lock
    release_deck(Path(), deck({"two": LION}), FIRST + 4 * DAY)
    assert build_deck(Path(), deck({"two": LION}), FIRST + 5 * DAY).build.counts == {"unchanged": 1}


def test_a_draft_of_a_large_deck_can_be_read_again() -> None:
    """However much of it was edited, its manifest does not contain more than a reader accepts."""
    long = " ".join(f"word{number}" for number in range(2_000))
    notes = {f"n{number}": question(f"What is {number}?", f"{number}: {long}") for number in range(700)}
    release_deck(Path(), deck(notes))
    edited = {id: {**note, "extra": "More."} for id, note in notes.items()}
    package = build_deck(Path(), deck(edited), FIRST + DAY).package
    snapshot = read_snapshot(read_members(package), package)
    assert len(snapshot.remembered) == len(notes)
    assert snapshot.remembered["n1"].left
    assert snapshot.remembered["n1"].left.fields == {}


def test_the_texts_of_an_adopted_package_are_kept() -> None:
    """The package may be anywhere and gone tomorrow, but a question that replaces another is still found."""
    release_deck(Path(), deck(TWO))
    Path("decks/small-1.0.0.apkg").rename("given.apkg")
    Path("decks/small.apkg").unlink()
    Path("cards.lock").unlink()
    adopt(Path("given.apkg"), Path("cards.yaml"))
    write(Path(), deck({"one": OTHER, "two": LION}))
    assert {hazard.key for hazard in met().hazards} == {"question-moved:one", "question-replaced:two"}


def merged(base: Data, left: Step, right: Step, taken: Data) -> set[str]:
    """Return the hazards for learners of two branches whose locks git joined as lines, in either order."""
    release_deck(Path(), deck(base))
    locks = []
    for day, step in enumerate((left, right), 1):
        folder = Path(f"side-{day}")
        shutil.copytree("decks", folder / "decks")
        shutil.copy("cards.lock", folder)
        if step.is_release:
            release_deck(folder, step.data, FIRST + day * DAY, "1.0.1")
        else:
            build_deck(folder, step.data, FIRST + day * DAY, accept_all=True)
        locks.append((folder / "cards.lock").read_text(encoding="utf-8").splitlines(keepends=True))
    write(Path(), deck(taken))
    found = []
    for first, second in (locks, reversed(locks)):
        Path("cards.lock").write_text("".join(dict.fromkeys([*first, *second])), encoding="utf-8")
        found.append({hazard.key for hazard in met().hazards})
    assert found[0] == found[1], "the order of the lines tells"
    return found[0]


SOFT = cloze("{{c1::Hard}} is over; {{c2::soft}} lasts.")
GRIEF = cloze("{{c1::Hard}} is over; {{c2::grief}} begins at once.")
# Name: what was released before, what each branch made of it, what the merged file has, and the hazards for learners.
MERGES: Mapping[str, tuple[Data, Step, Step, Data, set[str]]] = {
    "a number for two answers": (
        {"one": GONE},
        release({"one": SOFT}),
        release({"one": GRIEF}),
        {"one": GRIEF},
        {"cloze-replaced:one"},
    ),
    "a note of two kinds": (
        {"one": HARD},
        release({"one": HARD, "two": GAP}),
        release({"one": HARD, "two": OTHER}),
        {"one": HARD, "two": OTHER},
        {"kind-changed:two"},
    ),
    "a note of two kinds, the other one": (
        {"one": HARD},
        release({"one": HARD, "two": GAP}),
        release({"one": HARD, "two": OTHER}),
        {"one": HARD, "two": GAP},
        {"kind-changed:two"},
    ),
    "retired in a release, edited in a draft": (
        TWO,
        release({"one": HARD, "two": {**OTHER, "retired": "Dull"}}),
        draft({"one": HARD, "two": {**OTHER, "extra": "So."}}),
        TWO,
        {"unretired:two"},
    ),
    "a draft of either": (
        {"one": HARD},
        draft({"one": LION}),
        draft({"one": MOON}),
        {"one": HARD},
        set(),
    ),
    "another title in a release": (
        {"one": HARD},
        release({"one": HARD}, title="Large"),
        draft({"one": NEAR}),
        {"one": HARD},
        {"title-changed:deck"},
    ),
}


@pytest.mark.parametrize(("base", "left", "right", "taken", "keys"), MERGES.values(), ids=MERGES)
def test_learners_of_both_branches_count(base: Data, left: Step, right: Step, taken: Data, keys: set[str]) -> None:
    """Somebody has what either branch released, in whichever order git left the lines."""
    assert merged(base, left, right, taken) == keys


STRANGE = {"one": {**HARD, "guid": "made-elsewhere"}, "two": OTHER}


def test_a_guid_that_was_not_adopted_is_reported_until_it_is() -> None:
    """Anki would refuse every learner's note: this is reported at its place before and after a first build."""
    write(Path(), deck(STRANGE))
    for command in ("check", "build", "check", "build"):
        code, _, errors = output_of(command)
        assert code == 0
        assert re.search(r'^cards\.yaml:18:15: warning: .*"one".* \[not-adopted\]\n.*cuedeck adopt', errors, re.M)
    assert "rename cards.lock to cards.lock.old" in errors
    assert output_of("adopt", "decks/small.apkg")[2].startswith(
        "cards.lock: error: there is already a lock; it records drafts"
    )


def test_a_guid_that_is_removed_again_is_gone() -> None:
    """The note has the guid of its id again, as the hint says; a guid that is added later is reported, too."""
    build_deck(Path(), deck(STRANGE))
    back = build_deck(Path(), deck(TWO), FIRST + DAY)
    assert back.build.lock.notes["one"].guid == guid("tests123", "one")
    assert met().hazards == ()
    write(Path(), deck(STRANGE))
    assert {hazard.key for hazard in met().hazards} == {"not-adopted:one"}


def test_a_note_of_a_live_deck_in_the_folder_is_named() -> None:
    """People who have that deck keep its note as it is, and get no edits of it from here."""
    folder = Path()
    (folder / "other.yaml").write_text(
        write(folder, deck({"two": OTHER}, id="other", namespace="other123")).read_text(encoding="utf-8"),
        encoding="utf-8",
    )
    assert output_of("build", "other.yaml")[0] == 0
    its = from_text(Path("other.lock").read_text(encoding="utf-8"), "other.lock").notes["two"].guid
    write(folder, deck({"one": HARD, "two": {**OTHER, "guid": its}}))
    code, _, errors = output_of("check")
    assert code == 0
    assert re.search(r'"two".*other\.lock.* \[not-adopted\]\n.*"guid:"', errors)
    assert "cuedeck adopt" not in errors
