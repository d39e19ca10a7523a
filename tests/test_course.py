"""The course in `examples/course`: three lectures in files of their own, without mistakes and with some in several."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from cuedeck.reading.schema import json_schema
from cuedeck.usecases.build import build
from cuedeck.usecases.fix import fix, write
from cuedeck.usecases.release import release
from tests.making import FIRST
from tests.making import write as write_deck
from tests.needing import needed
from tests.running import output_of

COURSE = Path(__file__).parent / "examples" / "course"
FAULTS = yaml.safe_load((COURSE / "faults.yaml").read_text(encoding="utf-8"))
PARTS = ("lectures/lecture-1.yaml", "lectures/lecture-2.yaml", "lectures/lecture-3.yaml")


@pytest.fixture
def course(folder: Path) -> Path:
    """Return the cards.yaml of the course in the current folder, which is a new one."""
    return copied(Path())


def copied(folder: Path) -> Path:
    for name in ("cards.yaml", *PARTS):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(COURSE / name, folder / name)
    return folder / "cards.yaml"


def spoil() -> None:
    for name, edits in FAULTS.items():
        text = Path(name).read_text(encoding="utf-8")
        for old, new in edits:
            assert text.count(old) == 1, (name, old)
            text = text.replace(old, new)
        Path(name).write_text(text, encoding="utf-8")


def test_the_course_has_no_problems(course: Path) -> None:
    """It is an example of how to write one."""
    assert output_of("check", "--strict") == (0, "cards.yaml is valid: 52 notes, 55 cards\n", "")


def test_mistakes_are_reported_in_their_own_files(course: Path) -> None:
    """All of them in one run, in the order of the files, and what two files have twice with both places."""
    spoil()
    code, said, problems = output_of("check")
    assert (code, said) == (1, "")
    *lines, last = problems.splitlines(keepends=True)
    assert "".join(lines) == (COURSE / "faults.txt").read_text(encoding="utf-8")
    assert last == '"cuedeck check --fix" can fix 3 of these, and "cuedeck check --diff" shows how\n'
    _, data, _ = output_of("check", "--format", "json")
    assert {each["file"] for each in json.loads(data)["problems"]} == {"cards.yaml", *PARTS}


def test_mistakes_in_several_files_are_fixed_at_once(course: Path) -> None:
    """What is certain is fixed in each file, and everything else in them stays as it is."""
    before = {name: Path(name).read_text(encoding="utf-8") for name in PARTS}
    spoil()
    fixed = fix(course)
    assert [(change.place.file, change.new) for change in fixed.changes] == [
        ("lectures/lecture-1.yaml", "why-knead"),
        ("lectures/lecture-1.yaml", r"\(CO_2\)"),
        ("lectures/lecture-2.yaml", "'What is the sugar in milk called: a name'"),
    ]
    write(fixed)
    assert Path(PARTS[0]).read_text(encoding="utf-8") == (
        before[PARTS[0]]
        .replace("    title: Yeast\n    source: bread", "    title: Yeast\n    source: baking")
        .replace("a: Carbon dioxide\n        at: 17:30", "a: \\(CO_2\\)\n        at: 17:30")
    )
    assert fix(course).changes == ()


@pytest.mark.parametrize("name", ["cards.yaml", *PARTS])
def test_editors_accept_every_file_of_a_course(name: str) -> None:
    """One schema is for the cards.yaml and its parts."""
    check = needed("jsonschema").Draft7Validator(json_schema())
    data = loaded(name)
    assert [*check.iter_errors(data)] == []
    for more in ({"media": {}}, {"deck": {"title": "x"}}):
        if name != "cards.yaml":  # only a cards.yaml may have these
            assert [*check.iter_errors({**data, **more})]
    if name == "cards.yaml":
        del data["deck"]["parts"]
        assert [error.message for error in check.iter_errors(data)] == ["'concepts' is a required property"]


def loaded(name: str) -> Any:
    return yaml.load((COURSE / name).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


CONCEPTS = {id: concept for name in PARTS for id, concept in loaded(name)["concepts"].items()}
SOURCES = {id: source for name in PARTS for id, source in loaded(name)["sources"].items()}


@settings(max_examples=20)
@given(
    st.lists(st.sampled_from(["cards.yaml", *(f"parts/{name}.yaml" for name in ("a", "B2", "b10"))]), min_size=9),
    st.permutations([*CONCEPTS]),
    st.booleans(),
)
def test_it_makes_no_difference_where_a_concept_is(
    tmp_path_factory: pytest.TempPathFactory, homes: list[str], order: list[str], released: bool
) -> None:
    """After any moves between files, a build has nothing to write: no note changes, and no new card its place."""
    folder = tmp_path_factory.mktemp("course")
    cards = copied(folder)
    if released:
        release(cards, "1.0.0", at=FIRST)
    else:
        build(cards, at=FIRST)
    done = {path: path.read_bytes() for path in (folder / "cards.lock", folder / "decks" / "fermentation.apkg")}

    shutil.rmtree(folder / "lectures")
    data: dict[str, Any] = {"deck": {**loaded("cards.yaml")["deck"]}, "sources": SOURCES, "files": {}}
    for id, home in zip(order, homes, strict=False):
        file = data if home == "cards.yaml" else data["files"].setdefault(home, {})
        file.setdefault("concepts", {})[id] = CONCEPTS[id]
    data["deck"]["parts"] = [*data["files"]]
    again = build(write_deck(folder, data), at=FIRST + 1)
    assert {path: path.read_bytes() for path in done} == done
    assert {note.status for note in again.build.notes} == {"unchanged"}


@pytest.mark.parametrize("command", ["check", "build", "coverage"])
@pytest.mark.usefixtures("course")
def test_a_part_that_is_named_instead_of_the_deck_says_which_deck_has_it(command: str) -> None:
    """Adding what a deck needs would make two decks of it."""
    assert output_of(command, PARTS[0]) == (
        1,
        "",
        f"{PARTS[0]}: error: this file is a part of cards.yaml [missing-key]\n    name the deck: cards.yaml\n",
    )


def test_a_part_of_a_deck_with_another_name_is_recognized(course: Path) -> None:
    """Several decks may share a folder."""
    course.rename("fermentation.yaml")
    (course.parent / "another.yaml").write_text("deck: {id: another, title: Another}\n", encoding="utf-8")
    said = output_of("check", PARTS[0])[2]
    assert said.endswith(
        "this file is a part of fermentation.yaml [missing-key]\n    name the deck: fermentation.yaml\n"
    )


@pytest.mark.usefixtures("course")
def test_a_command_in_the_folder_of_parts_says_where_the_deck_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second deck there would break the first."""
    monkeypatch.chdir("lectures")
    assert output_of("check")[2].endswith("run cuedeck in the folder of cards.yaml, or name it: ../cards.yaml\n")
    assert output_of("check", "../cards.yaml")[0] == 0
