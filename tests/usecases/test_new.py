"""`cuedeck new`: the part that it writes belongs to the deck, and no file that exists is changed."""

import json
import os
import shlex
from pathlib import Path
from typing import Any

import pytest

from cuedeck.building.released import read_package
from cuedeck.deck.moments import Span
from cuedeck.disk.workspace import Workspace
from cuedeck.reading.cardsfile import read_cards
from cuedeck.usecases.preview import preview_of
from cuedeck.usecases.release import release
from tests.making import FIRST, TALK, checked, deck, edit, question, write
from tests.recording.talks import SAID, srt
from tests.running import output_of
from tests.usecases.test_init import INFO, LINK

URL = "https://example.org/new.mp3"


def new(*words: str) -> tuple[int, str, str]:
    return output_of("new", *words)


@pytest.fixture
def course(folder: Path) -> Path:
    """A course with one part, and the schema for editors."""
    assert output_of("init", ".", "--course", "--id", "small")[0] == 0
    return folder


def test_a_lecture_is_added(course: Path) -> None:
    """It is a valid part, whose concepts name its source, and its notes come after those of the other lectures."""
    code, said, errors = new("lecture-03", "--url", URL, "--title", '3: The "last"')
    assert (code, errors) == (0, "")
    path = "lectures/lecture-03.yaml"
    assert said == f"{path}\nnext: write notes below the concepts in {path}, then: cuedeck check\n"
    text = Path(path).read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=../cards.schema.json\nsources:\n  lecture-03:\n")
    assert output_of("check")[0] == 0
    edit(
        Path(path),
        "    source: lecture-03\n",
        "    source: lecture-03\n    at: 0:10\n    notes: {new: {q: What?, a: So}}\n",
    )
    found = checked(Path("cards.yaml"))
    assert [*found.deck.sources] == ["lecture-01", "lecture-02", "lecture-03"]
    assert (found.deck.sources["lecture-03"].title, found.deck.sources["lecture-03"].url) == ('3: The "last"', URL)
    assert found.notes[-1].id == "new"


def test_a_lecture_begins_with_what_is_known(course: Path) -> None:
    """As a new deck does, with ids of concepts that no other part has, and a copy of the transcript under its name."""
    outside = course.parent / "elsewhere"
    outside.mkdir()
    (outside / "talk.info.json").write_text(json.dumps(INFO), encoding="utf-8")
    (outside / "talk.en.srt").write_text(srt(SAID), encoding="utf-8")
    edit(Path("lectures/lecture-01.yaml"), "  trunk:", "  yeast:")
    files = [word for name in ("talk.info.json", "talk.en.srt") for word in ("--from", str(outside / name))]
    code, said, errors = new("lecture-03", "--title", "Bread", *files)
    assert (code, errors) == (0, "")
    assert said.splitlines()[:2] == ["lectures/lecture-03.srt", "lectures/lecture-03.yaml"]
    source = read_cards(Path("cards.yaml")).deck.sources["lecture-03"]
    assert (source.title, source.url, source.length) == ("Bread", LINK, 183), "an option counts more than a file"
    assert source.transcript == "lectures/lecture-03.srt"
    concepts = [*read_cards(Path("cards.yaml")).deck.concepts.values()][2:]
    assert [(each.id, each.source, each.at) for each in concepts] == [
        ("flour", "lecture-03", (Span(5),)),
        ("yeast-2", "lecture-03", (Span(62),)),
    ]


# The parts that a cards.yaml names, the name, where the file goes, and the line that is missing in cards.yaml.
PLACES: dict[str, tuple[Any, str, str, str]] = {
    "a pattern": ("talks/*.yaml", "third", "talks/third.yaml", ""),
    "the first pattern that fits": (["a/x-*.yaml", "b/t*.yaml"], "third", "b/third.yaml", ""),
    "with its folder": (["a/*.yaml", "b/*.yaml"], "b/third", "b/third.yaml", ""),
    "with its ending": ("a/*.yaml", "a/third.yaml", "a/third.yaml", ""),
    "named in advance": (["a/third.yaml"], "third", "a/third.yaml", ""),
    "beside the cards.yaml": (["p-*.yaml"], "p-three", "p-three.yaml", ""),
    "a pattern that does not fit": (
        ["a/x-*.yaml"],
        "third",
        "a/third.yaml",
        "parts: [a/x-*.yaml, a/third.yaml]",
    ),
    "names": (["*-talk.yaml"], "third", "third.yaml", 'parts: ["*-talk.yaml", third.yaml]'),
    "another folder": (["a/*.yaml"], "b/third", "b/third.yaml", "parts: [a/*.yaml, b/third.yaml]"),
    "no parts": ((), "third", "lectures/third.yaml", "parts: [lectures/*.yaml]"),
}


@pytest.mark.usefixtures("course")
def test_what_nobody_has_said_is_left_to_the_author() -> None:
    """Without it, the check would have errors."""
    _, said, _ = new("lecture-03", "--url", URL)
    assert "next: write the title of the recording into lectures/lecture-03.yaml\n" in said


@pytest.mark.parametrize(("parts", "name", "path", "missing"), PLACES.values(), ids=PLACES)
def test_the_file_goes_where_the_parts_are(folder: Path, parts: Any, name: str, path: str, missing: str) -> None:
    """What has to be added to the cards.yaml is said; followed to the letter, it makes the file a part."""
    data = deck({"one": question(source="first")}, sources={"first": TALK}, **({"parts": parts} if parts else {}))
    write(folder, data)
    code, said, errors = new(name, "--url", URL, "--title", "Third")
    assert (code, errors) == (0, "")
    assert said.splitlines()[0] == path
    do = "write this in place of parts:" if parts else "write this line"
    line = f"next: {do} below deck: in cards.yaml, or the deck lacks the new file: {missing}\n"
    assert (line in said) == bool(missing)
    assert said.count("next:") == 1 + bool(missing)
    if missing:
        if parts:
            del data["deck"]["parts"]
            write(folder, data)
        edit(Path("cards.yaml"), "deck:\n", f"deck:\n  {missing}\n")
        for each in parts:
            Path(each.replace("*", "x-1")).parent.mkdir(exist_ok=True)
            Path(each.replace("*", "x-1")).write_text("sources: {}\nconcepts: {}\n", encoding="utf-8")
    assert (
        "third" in read_cards(Path("cards.yaml")).deck.sources
        or "p-three" in read_cards(Path("cards.yaml")).deck.sources
    )


@pytest.mark.parametrize("name", ["other.yaml", "my deck/cards.yaml"])
def test_the_deck_to_check_is_named_if_it_is_another(folder: Path, name: str) -> None:
    """A check without a name would be of the cards.yaml here."""
    write(folder, deck({"one": question(source="first")}, sources={"first": TALK}))
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / "cards.yaml").rename(folder / name)
    said = output_of("new", "third", name, "--url", URL, "--title", "Third")[1]
    words = shlex.split(said.rpartition(", then: cuedeck ")[2])
    assert words == ["check", name]
    assert output_of(*words)[0] == 0


def test_what_one_source_allowed_is_said(folder: Path) -> None:
    """Concepts need not name the only source; when there are two, they must."""
    write(folder, deck({"one": question()}))
    assert (
        "next: write source: talk below each concept that names no source, since there are two now\n"
        in new("second", "--url", URL)[1]
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["lecture-01", "--url", URL],
            'lectures/lecture-01.yaml:3:3: error: the deck has a source "lecture-01" already',
        ),
        (
            ["lecture-03", "--url", "https://example.org/elephants/2.mp3"],
            'lectures/lecture-02.yaml:6:5: error: the source "lecture-02" has this address already [source-there]',
        ),
        (["there", "--url", URL], "lectures/there.yaml: error: this file already exists [there-already]"),
        (["link", "--url", URL], "lectures/link.yaml: error: this file already exists [there-already]"),
        (["folder", "--url", URL], "lectures/folder.yaml: error: this file already exists [there-already]"),
        (["copy", "--from", "../talk.srt"], "lectures/copy.srt: error: this file already exists [there-already]"),
        (["none", "--from", "../gone.srt"], "../gone.srt: error: there is no such file [no-file]"),
        (["lecture-03", "gone.yaml", "--url", URL], "gone.yaml: error: there is no such file [no-file]"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_nothing_that_exists_is_changed(course: Path, words: list[str], message: str) -> None:
    """Neither a file nor a link, nor a source under another name; nothing is written then."""
    (course.parent / "talk.srt").write_text(srt(SAID), encoding="utf-8")
    Path("lectures/there.yaml").write_text("# mine\n", encoding="utf-8")
    Path("lectures/copy.srt").write_text("mine", encoding="utf-8")
    Path("lectures/folder.yaml").mkdir()
    if os.name != "nt":
        Path("lectures/link.yaml").symlink_to("nowhere.yaml")
    elif words[0] == "link":
        pytest.skip("not everyone may make links there")
    before = _contents(course)
    code, said, errors = new(*words)
    assert (code, said) == (1, "")
    assert errors.startswith(message)
    assert _contents(course) == before


def _contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() if path.is_file() else b"" for path in folder.rglob("*")}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["Lecture 3", "--url", URL], '"Lecture 3" is not a valid id'),
        (["../third", "--url", URL], "is not a path in the folder of the deck"),
        (["*", "--url", URL], '"*" is not the name of one file'),
        (["third"], "name the address of the recording with --url"),
        (["third", "--url", "new.mp3"], "new.mp3"),
    ],
)
def test_wrong_use(course: Path, words: list[str], message: str) -> None:
    """A name that cannot be an id, or a path that cannot be a part, is refused before anything else."""
    code, said, errors = new(*words)
    assert (code, said) == (2, "")
    assert message in errors


def test_a_deck_with_errors_gets_its_lecture(course: Path) -> None:
    """They may be elsewhere, and even be that the new file is missing."""
    edit(Path("cards.yaml"), "[lectures/*.yaml]", "[lectures/*-*.yaml, lectures/third.yaml]")
    edit(Path("lectures/lecture-02.yaml"), "  herd-leader:", "  Herd Leader:")
    assert "[no-part]" in output_of("check")[2]
    assert new("third", "--url", URL, "--title", "Third")[0] == 0
    assert "[no-part]" not in output_of("check")[2]


def test_a_course_is_valid_and_can_be_built(course: Path) -> None:
    """What `init --course` writes passes all checks, advice included; each file is one lecture."""
    found = checked(Path("cards.yaml")).with_advice()
    assert found.warnings == ()
    assert [path.as_posix() for path in found.workspace.parts] == [
        "lectures/lecture-01.yaml",
        "lectures/lecture-02.yaml",
    ]
    assert output_of("build")[0] == 0
    assert Workspace(Path("cards.yaml")).package("small").is_file()
    assert output_of("init", "other", "--course", "--from", "talk.srt")[0] == 2


def positions() -> dict[str, int]:
    """Return the positions of new cards in the package, by the ids of notes."""
    return {note.id: note.due for note in read_package(Path("decks/small.apkg")).notes.values()}


def test_a_lecture_before_all_others_changes_no_note(course: Path) -> None:
    """After a release, it is not the main source, and its notes come first without moving those that learners have."""
    release(Path("cards.yaml"), "1.0.0", at=FIRST)
    before = positions()
    assert new("lecture-00", "--url", URL, "--title", "0: Before")[0] == 0
    edit(
        Path("lectures/lecture-00.yaml"),
        "    source: lecture-00\n",
        "    source: lecture-00\n    at: 0:10\n    notes: {zero: {q: What comes first?, a: This}}\n",
    )
    assert "1 new, 0 changed, 3 unchanged" in output_of("build")[1]
    found = checked(Path("cards.yaml"))
    assert [*found.deck.sources] == ["lecture-00", "lecture-01", "lecture-02"]
    assert found.deck.main_source == found.deck.sources["lecture-01"]
    after = positions()
    assert min(after, key=after.__getitem__) == "zero"
    assert {id: position for id, position in after.items() if id != "zero"} == before


@pytest.mark.parametrize("from_outside", [True, False])
def test_each_note_of_the_preview_names_its_own_file(course: Path, from_outside: bool) -> None:
    """From the folder of the deck, wherever the command runs; two files may have one name in different folders."""
    Path("more").mkdir()
    text = Path("lectures/lecture-02.yaml").read_text(encoding="utf-8")
    other = text.replace("lecture-02", "more").replace("matriarch", "other").replace("herd-leader", "bull")
    Path("more/lecture-02.yaml").write_text(other.replace("elephants/2", "elephants/9"), encoding="utf-8")
    edit(Path("cards.yaml"), "[lectures/*.yaml]", "[lectures/*.yaml, more/*.yaml]")
    cards = Path("cards.yaml")
    if from_outside:
        os.chdir(course.parent)
        cards = Path(course.name) / "cards.yaml"
    assert {id: f"{place.file}:{place.line}" for id, place in preview_of(cards).places.items()} == {
        "trunk-parts": "lectures/lecture-01.yaml:14",
        "trunk-drinking": "lectures/lecture-01.yaml:17",
        "herd-leader": "lectures/lecture-02.yaml:14",
        "bull": "more/lecture-02.yaml:14",
    }
    os.chdir(course)
