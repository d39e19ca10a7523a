"""Notes under another id: what the author reads, and what happens to the identity that learners' progress needs."""

from pathlib import Path
from typing import Any

import pytest

from cuedeck.history.lock import KnownNote
from cuedeck.problems import Problems
from cuedeck.usecases.build import Written, build
from tests.making import DAY, FIRST, build_deck, cloze, deck, question, release_deck, write


def known(written: Written) -> dict[str, KnownNote]:
    return dict(written.build.lock.notes)


def problems(folder: Path, data: dict[str, Any]) -> list[str]:
    """Return the problems for which a build is refused, one per line, without places."""
    with pytest.raises(Problems) as caught:
        build_deck(folder, data, FIRST + 9 * DAY)
    return [f"{each.message} [{each.rule}]" for each in caught.value.problems]


def test_a_renamed_note_keeps_everything_that_anki_knows_it_by(tmp_path: Path) -> None:
    """Guid, ids and time stay, so that no learner's edits are touched; only the author's id changes."""
    old = known(build_deck(tmp_path, deck({"old": question(), "other": question("Why?")})))["old"]
    second = build_deck(tmp_path, deck({"new": question(was="old"), "other": question("Why?")}), FIRST + DAY)
    new = known(second)["new"]
    assert second.build.counts == {"unchanged": 2}
    assert (new.guid, new.note, new.cards, new.time) == (old.guid, old.note, old.cards, old.time)
    assert new.was == ("old",)
    assert "old" not in known(second)


def test_was_is_harmless_when_left_in_and_when_taken_out(tmp_path: Path) -> None:
    """The line may stay for years or be removed: the lock remembers. A second rename continues from there."""
    guid = known(build_deck(tmp_path, deck({"a": question()})))["a"].guid
    for day, data in enumerate(
        (
            deck({"b": question(was="a")}),
            deck({"b": question(was="a")}),
            deck({"b": question()}),
            deck({"c": question(was="b")}),
            deck({"c": question(was="a")}),
        ),
        1,
    ):
        written = build_deck(tmp_path, data, FIRST + day * DAY)
        assert written.build.counts == {"unchanged": 1}
        (note,) = known(written).values()
        assert note.guid == guid
    assert note.was == ("a", "b")


def test_was_is_believed_if_nothing_was_ever_built(tmp_path: Path) -> None:
    """A copy that starts over need not remove its renames."""
    assert known(build_deck(tmp_path, deck({"new": question(was="old")})))["new"].was == ("old",)


# Name: what is built after "old" and "other", and the message.
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a live note": (
        {"old": question(), "new": question("How?", was="old"), "other": question("Why?")},
        '"old" is still the id of a note in this deck [bad-was]',
    ),
    "each in the other's place": (
        {"old": question("Why?", was="other"), "other": question(was="old")},
        '"other" is still the id of a note in this deck [bad-was]',
    ),
    "itself": ({"old": question(was="old"), "other": question("Why?")}, "this is its own id [bad-was]"),
    "never seen": ({"old": question(), "new": question("How?", was="odl")}, 'there never was a note "odl" [bad-was]'),
    "two at once": (
        {"new": question(was="old"), "newer": question("How?", was="old"), "other": question("Why?")},
        'another note also says that it was "old" [bad-was]',
    ),
    "both were built": (
        {"other": question("Why?", was="old")},
        '"other" and "old" have both been released: learners have them as two notes [bad-was]',
    ),
    "the guid of another": (
        {"old": question(), "other": question("Why?"), "new": question("How?", guid="made-elsewhere")}
        | {"newer": question("Who?", guid="made-elsewhere")},
        'the notes "new" and "newer" have the same guid, so Anki would regard them as one note [doubled-guid]',
    ),
    "the guid of a note that is gone": (
        {"new": question("How?", guid="{old}"), "other": question("Why?")},
        '"new" has the guid of the note "old", so Anki would regard them as the same note [taken-guid]',
    ),
    "a live note, by a retired one": (
        {"old": question(), "gone": question("How?", was="old", retired="Doubtful"), "other": question("Why?")},
        '"old" is still the id of a note in this deck [bad-was]',
    ),
    "two at once, one of them retired": (
        {
            "new": question(was="old"),
            "gone": question("How?", was="old", retired="Doubtful"),
            "other": question("Why?"),
        },
        'another note also says that it was "old" [bad-was]',
    ),
    "another guid": (
        {"old": question(guid="made-elsewhere"), "other": question("Why?")},
        "[guid-changed]",
    ),
    "same words under a new id": (
        {"new": question(), "other": question("Why?")},
        "[looks-renamed]",
    ),
    "nearly the same words under a new id": (
        {"new": question("What ?", "That!"), "other": question("Why?")},
        "[looks-renamed]",
    ),
}


@pytest.mark.parametrize(("notes", "said"), REFUSED.values(), ids=REFUSED)
def test_an_id_that_would_cost_progress_is_refused(tmp_path: Path, notes: dict[str, Any], said: str) -> None:
    """The author reads why, and lock and package stay as they were."""
    first = release_deck(tmp_path, deck({"old": question(), "other": question("Why?")}))
    before = (tmp_path / "cards.lock").read_bytes()
    guid = known(first)["old"].guid
    notes = {id: {key: value.replace("{old}", guid) for key, value in note.items()} for id, note in notes.items()}
    found = problems(tmp_path, deck(notes))
    assert any(each.endswith(said) for each in found)
    # A guid that nobody wrote is not reported as well.
    assert any("[doubled-guid]" in each for each in found) == ("[doubled-guid]" in said)
    assert (tmp_path / "cards.lock").read_bytes() == before


def test_a_similar_id_is_suggested(tmp_path: Path) -> None:
    """A slip in the former id is reported with the id that was probably meant."""
    build_deck(tmp_path, deck({"hard-definition": question()}))
    write(tmp_path, deck({"hard-term": question("How?", was="hard-definitoin")}))
    with pytest.raises(Problems) as caught:
        build(tmp_path / "cards.yaml", at=FIRST + DAY)
    assert caught.value.problems[-1].hint == 'did you mean "hard-definition"?'


def test_the_old_id_is_not_free_for_another_note(tmp_path: Path) -> None:
    """An id stays with its note, because learners' searches and links by it must not lead to another."""
    release_deck(tmp_path, deck({"old": question()}))
    build_deck(tmp_path, deck({"new": question(was="old")}), FIRST + DAY)
    assert problems(tmp_path, deck({"new": question(), "old": question("Something else?")})) == [
        '"old" was the id of the note that is now "new", so no other note can have it [taken-id]'
    ]


def test_a_new_note_that_says_something_else_is_no_rename(tmp_path: Path) -> None:
    """If one note is gone and another is new, the author reads only that the first is gone."""
    release_deck(tmp_path, deck({"old": question("What is hard abandonment?", "An open breakup.")}))
    second = build_deck(tmp_path, deck({"new": question("Who spoke?", "A lecturer.")}), FIRST + DAY)
    assert [problem.rule for problem in second.build.checked.warnings] == ["vanished"]
    assert second.build.counts == {"new": 1}


def test_a_note_that_another_tool_made_keeps_its_guid(tmp_path: Path) -> None:
    """The guid in cards.yaml is the one in the package, and the line may be removed later: the lock remembers."""
    first = release_deck(tmp_path, deck({"one": question(guid="made-elsewhere")}))
    assert known(first)["one"].guid == "made-elsewhere"
    second = build_deck(tmp_path, deck({"one": question()}), FIRST + DAY)
    assert known(second)["one"].guid == "made-elsewhere"


def test_a_retired_note_leaves_the_package_and_keeps_its_id(tmp_path: Path) -> None:
    """It is not built, not reported as vanished, and the lock keeps the reason, even once it is out of the file."""
    release_deck(tmp_path, deck({"one": question(), "two": cloze("It is {{c1::so}}.")}))
    retired = deck({"one": question(), "two": cloze("It is {{c1::so}}.", retired="The talk says otherwise")})
    for day, data in enumerate((retired, deck({"one": question()})), 1):
        written = build_deck(tmp_path, data, FIRST + day * DAY)
        assert [note.known.id for note in written.build.notes] == ["one"]
        assert written.build.checked.warnings == ()
        assert known(written)["two"].retired == "The talk says otherwise"
    release_deck(tmp_path, deck({"one": question()}), FIRST + 3 * DAY, "1.1.0")
    retired, replaced = problems(tmp_path, deck({"one": question(), "two": cloze("Now {{c1::this}}.")}))
    assert retired.endswith("[unretired]")
    assert "(The talk says otherwise)" in retired
    assert replaced.endswith("[cloze-replaced]")


def test_a_retired_note_may_come_back_if_its_author_says_so(tmp_path: Path) -> None:
    """If its author accepts it by name, the same note is handed out again, under its old guid."""
    guid = known(release_deck(tmp_path, deck({"one": question(), "two": question("Why?")})))["two"].guid
    gone = deck({"one": question(), "two": question("Why?", retired="Doubtful")})
    release_deck(tmp_path, gone, FIRST + DAY, "1.1.0")
    write(tmp_path, deck({"one": question(), "two": question("Why?")}))
    back = known(build(tmp_path / "cards.yaml", at=FIRST + 2 * DAY, accept=["unretired:two"]))["two"]
    assert (back.guid, back.retired) == (guid, "")


def test_a_note_renamed_and_retired_at_once_is_remembered_under_its_new_id(tmp_path: Path) -> None:
    """Nothing is lost by which learners know it."""
    guid = known(build_deck(tmp_path, deck({"one": question(), "old": question("Why?")})))["old"].guid
    data = deck({"one": question(), "new": question("Why?", was="old", retired="Doubtful")})
    written = build_deck(tmp_path, data, FIRST + DAY)
    assert written.build.checked.warnings == ()
    new = known(written)["new"]
    assert (new.guid, new.was, new.retired) == (guid, ("old",), "Doubtful")
    assert "old" not in known(written)


def test_a_retired_note_that_nobody_had_does_not_matter(tmp_path: Path) -> None:
    """Whatever it says that it was, the second build reports what the first did."""
    data = deck({"one": question(), "new": question("Why?", was="old", retired="Doubtful")})
    for day in range(2):
        assert build_deck(tmp_path, data, FIRST + day * DAY).warnings == ()


def test_a_note_renamed_again_may_name_its_first_id(tmp_path: Path) -> None:
    """The line of the first rename may stay: the note is still found, and nothing is reported as vanished."""
    guid = known(build_deck(tmp_path, deck({"a": question()})))["a"].guid
    build_deck(tmp_path, deck({"b": question(was="a")}), FIRST + DAY)
    written = build_deck(tmp_path, deck({"c": question(was="a")}), FIRST + 2 * DAY)
    assert written.build.checked.warnings == ()
    assert {id: (note.guid, note.was) for id, note in known(written).items()} == {"c": (guid, ("a", "b"))}


@pytest.mark.parametrize("line", [{}, {"was": "new"}], ids=["without a word", "with the line"])
def test_a_rename_that_is_undone(tmp_path: Path, line: dict[str, str]) -> None:
    """It is the same note under its former id, with the line or without it; another note is refused."""
    release_deck(tmp_path, deck({"old": question()}))
    build_deck(tmp_path, deck({"new": question(was="old")}), FIRST + DAY)
    back = build_deck(tmp_path, deck({"old": question(**line)}), FIRST + 2 * DAY)
    assert back.build.counts == {"unchanged": 1}
    assert not back.build.checked.hazards
    assert any("[question-replaced]" in each for each in problems(tmp_path, deck({"old": question("Who?", "He.")})))


def test_a_note_may_be_retired_under_a_name_it_had_before(tmp_path: Path) -> None:
    """One branch renamed it and the other retired it: the lock has the new id, the file may have the old one."""
    other = {"other": question("Why?")}
    guid = known(build_deck(tmp_path, deck({"a": question(), **other})))["a"].guid
    build_deck(tmp_path, deck({"b": question(was="a"), **other}), FIRST + DAY)
    written = build_deck(tmp_path, deck({"a": question(retired="Doubtful"), **other}), FIRST + 2 * DAY)
    assert not written.build.checked.hazards
    assert "b" not in known(written)
    assert (known(written)["a"].guid, known(written)["a"].was, known(written)["a"].retired) == (
        guid,
        ("b",),
        "Doubtful",
    )


def test_retiring_an_old_name_retires_no_note_in_the_file(tmp_path: Path) -> None:
    """The renamed note is handed out as before."""
    build_deck(tmp_path, deck({"a": question()}))
    build_deck(tmp_path, deck({"b": question(was="a")}), FIRST + DAY)
    both = deck({"b": question(), "a": question("Why?", retired="Doubtful")})
    written = build_deck(tmp_path, both, FIRST + 2 * DAY)
    assert [note.known.id for note in written.build.notes] == ["b"]
    assert {id: note.retired for id, note in known(written).items()} == {"b": ""}
