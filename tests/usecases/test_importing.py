"""Decks of other tools and lists become a cards.yaml that builds, and what is lost is named."""

import itertools
import json
import os
import re
import shlex
import shutil
import sqlite3
import sys
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cuedeck.building.loading import load
from cuedeck.deck.moments import clock
from cuedeck.disk.workspace import Workspace
from cuedeck.history.snapshot import PackedNote
from cuedeck.importing.blocks import shown
from cuedeck.importing.fieldmaps import parsed
from cuedeck.importing.reading import Wanted
from cuedeck.importing.richtext import read_html
from cuedeck.media.clips import wanted_clip
from cuedeck.package.database import read_snapshot
from cuedeck.package.opening import read_members
from cuedeck.problems import Problems
from cuedeck.rendering.notefields import CLIP
from cuedeck.usecases.adopt import adopt
from cuedeck.usecases.build import build
from cuedeck.usecases.diff import diff
from cuedeck.usecases.importing import Imported, Options, import_deck
from tests.anki.packages import CLOZE, Kind, Row, pack
from tests.making import FIRST, cloze, deck, edit, placed_notes, question, write
from tests.pictures import drawing, mp3, put
from tests.running import output_of

AS_WRITTEN = "  tags_as_written: true  # as learners have them already: run cuedeck adopt before the first build\n"
TALK = "https://www.youtube.com/watch?v=jNQXAC9IVRw"


def imported(path: Path, **wanted: Any) -> Imported:
    """Import a file into the folder `out` beside it, whatever is lost."""
    source, maps = wanted.pop("source", ""), wanted.pop("maps", None)
    return import_deck(path, path.parent / "out", Options(Wanted(**wanted), maps, source), lossy=True)


def notes_in(done: Imported) -> dict[str, Any]:
    """Return the notes of an imported deck as data, by id, as their file has them."""
    assert done.folder is not None
    cards = done.folder / "cards.yaml"
    data = yaml.load(cards.read_text(encoding="utf-8"), yaml.BaseLoader)
    if (
        data["deck"].get("tags_as_written") and not cards.with_suffix(".lock").exists()
    ):  # what comes before the first build if nobody has the deck
        edit(cards, AS_WRITTEN, "")
    build(cards)
    notes = {id: note for concept in data["concepts"].values() for id, note in concept["notes"].items()}
    return {
        id: {key: value.strip("\n") if isinstance(value, str) else value for key, value in note.items()}
        for id, note in notes.items()
    }


def listed(folder: Path, name: str, text: str, **wanted: Any) -> dict[str, Any]:
    """Return the notes of a list with this text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return notes_in(imported(path, **wanted))


LISTS: Mapping[str, tuple[str, str, dict[str, Any], dict[str, Any]]] = {
    "CSV with a header": (
        "f.csv",
        'question, answer\n"Fast, or slow?", It depends\nWhat is *it*?,That\n',
        {},
        {
            "fast-or-slow": {"q": "Fast, or slow?", "a": "It depends"},
            "what-is-it": {"q": "What is \\*it\\*?", "a": "That"},
        },
    ),
    "columns in any order": (
        "f.csv",
        "tags,back,front\na b,Back,Front\n",
        {},
        {"front": {"q": "Front", "a": "Back", "tags": ["a", "b"]}},
    ),
    "times": (
        "f.csv",
        "time,question,answer\n0:05,What?,That\n00:12-00:19,Where?,There\n",
        {"source": TALK},
        {
            "what": {"at": "00:05", "q": "What?", "a": "That"},
            "where": {"at": "00:12-00:19", "q": "Where?", "a": "There"},
        },
    ),
    "times that no header names": (
        "f.csv",
        "0:05,What?,That,ab\n00:12 - 00:19,Where?,There,\n",
        {"source": TALK},
        {
            "what": {"at": "00:05", "q": "What?", "a": "That", "tags": ["ab"]},
            "where": {"at": "00:12-00:19", "q": "Where?", "a": "There"},
        },
    ),
    "times at the end of each line": (
        "f.csv",
        "What?,That,0:05\nWhere?,There,1:02:03\n",
        {"source": TALK},
        {"what": {"at": "00:05", "q": "What?", "a": "That"}, "where": {"at": "1:02:03", "q": "Where?", "a": "There"}},
    ),
    "times that are asked": (
        "f.csv",
        "Half past one,1:30,german\nHalf past two,2:30,german\n",
        {},
        {
            "half-past-one": {"q": "Half past one", "a": "1:30", "tags": ["german"]},
            "half-past-two": {"q": "Half past two", "a": "2:30", "tags": ["german"]},
        },
    ),
    "an export of Quizlet, with a line end in an answer": (
        "f.txt",
        "Review\tthe authority\nStare decisis\ta previous\ndecision",
        {},
        {
            "review": {"q": "Review", "a": "the authority"},
            "stare-decisis": {"q": "Stare decisis", "a": "a previous\\\ndecision"},
        },
    ),
    "separators of its own": (
        "f.txt",
        "Libel---a lie\n\nin print\n===\nSlander---a spoken lie",
        {"between": "---", "rows": "==="},
        {"libel": {"q": "Libel", "a": "a lie\n\nin print"}, "slander": {"q": "Slander", "a": "a spoken lie"}},
    ),
    "semicolons, with tags": (
        "f.txt",
        "Term; the bundling of: 1. data; js120\n\nMethod; behaviour; js120\n",
        {},
        {
            "term": {"q": "Term", "a": "the bundling of: 1. data", "tags": ["js120"]},
            "method": {"q": "Method", "a": "behaviour", "tags": ["js120"]},
        },
    ),
    "notes in plain text": (
        "f.txt",
        "#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:6\n"
        'A,-C@6\tBasic\tZoo\t<b>What</b>?\t"That ""one"""\ta Z::b\n"#7yxz:a"\tCloze\tZoo\tA {{c1::b}}&nbsp;.\t\t\n',
        {},
        {
            "what": {"q": "**What**?", "a": 'That "one"', "tags": ["a", "Z::b"], "guid": "A,-C@6"},
            "a-b": {"cloze": "A {{c1::b}} .", "guid": "#7yxz:a"},
        },
    ),
    "Obsidian": (
        "f.md",
        "#flashcards/a/b\n\n# Part\n\nWhat is $x$?::It is [[y|z]].\n<!--SR:!2025-05-01,65,316-->\n\n"
        "How $1+1$?\n?\nSo:\n"
        "- **a**\n- $b$\n\nTerm:::Meaning\n\nA ==regular== word.\n\nNo question: none\n",
        {},
        {
            "what-is": {"q": "What is \\(x\\)?", "a": "It is z."},
            "how": {"q": "How \\(1+1\\)?", "a": "So:\n\n- **a**\n- \\(b\\)"},
            "term": {"q": "Term", "a": "Meaning", "reverse": "true"},
            "a-regular-word": {"cloze": "A {{c1::regular}} word."},
        },
    ),
    "headings": (
        "f.md",
        "# Part\n## Term\n#### A meaning.\n## Other\n    - one\n    - two\n",
        {"level": 2},
        {"term": {"q": "Term", "a": "A meaning."}, "other": {"q": "Other", "a": "- one\n- two"}},
    ),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_becomes_notes(name: str, folder: Path) -> None:
    file, text, wanted, notes = LISTS[name]
    assert listed(folder, file, text, **wanted) == notes


def test_rows_that_make_no_note_are_listed(folder: Path) -> None:
    """Doubles, and rows without an answer or a time, stay as comments."""
    path = folder / "f.csv"
    path.write_text(
        "time,q,a\n0:05,What?,That\n0:05,What?,That\n0:07,Why?,\n,Who?,She\n0:75,When?,Now\n", encoding="utf-8"
    )
    done = imported(path, source=TALK)
    assert [(left.place, left.reason.split(":")[0]) for left in done.left_out] == [
        ("line 3", "it is the same as line 2"),
        ("line 4", "its answer is empty"),
        ("line 5", "it has no time, which every note of a deck with a recording needs"),
        ("line 6", '"0'),
    ]
    assert "  #   question: Who?" in done.text
    assert done.is_lossy


def test_links_out_of_a_folder_are_named(folder: Path) -> None:
    """They are not followed, neither files nor folders; those within the folder are read once."""
    for name, text in {
        "vault/a.md": "What?::That\n",
        "vault/sub/b.md": "Who?::She\n",
        "away/c.md": "Why?::So\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    try:
        (folder / "vault/c.md").symlink_to(folder / "away/c.md")
        (folder / "vault/away").symlink_to(folder / "away", target_is_directory=True)
        (folder / "vault/d.md").symlink_to(folder / "nowhere.md")
        (folder / "vault/e.md").symlink_to(folder / "vault/a.md")
    except OSError:
        pytest.skip("this system makes no links")
    done = imported(folder / "vault")
    assert {*notes_in(done)} == {"what", "who"}
    assert done.remarks == ("links that lead out of the folder were not followed: away, c.md, d.md",)


def test_crowdanki_and_its_files(folder: Path) -> None:
    """The folder of CrowdAnki: subdecks, note types with their fields, and files beside them."""
    front_back = {"qfmt": "{{Front}}", "afmt": "{{FrontSide}}<hr>{{Back}}<br>{{Source}}", "name": "Card 1"}
    model = {
        "__type__": "NoteModel",
        "crowdanki_uuid": "m",
        "name": "Mine",
        "type": 0,
        "flds": [{"name": each} for each in ("Number", "Front", "Back", "Source")],
        "tmpls": [front_back],
    }
    note = {
        "note_model_uuid": "m",
        "guid": "g1",
        "fields": ["12", 'What? <img src="a.png">', "That", "A book"],
        "tags": ["t"],
    }
    data = {
        "__type__": "Deck",
        "name": "Top",
        "desc": "All of it.<br>By <b>me</b>",
        "note_models": [model],
        "notes": [],
        "children": [{"__type__": "Deck", "name": "Sub", "notes": [note], "children": []}],
    }
    source = folder / "crowd"
    put(source, a_png=drawing(2, 2))
    (source / "deck.json").write_text(json.dumps(data), encoding="utf-8")
    done = imported(source)
    assert notes_in(done) == {
        "what": {"q": "What? ![](media/a.png)", "a": "That", "extra": "A book", "tags": ["t"], "guid": "g1"}
    }
    assert "      # Number: 12" in done.text
    assert "  description: |\n    All of it.\\\n    By **me**\n" in done.text
    assert (folder / "out" / "media" / "a.png").read_bytes() == drawing(2, 2)
    assert not done.is_lossy


@pytest.mark.parametrize(
    "name", ["my (pic) é.png", "a&b <c>.png", "con.png", "x" * 200 + ".png", "_p[1]*.png", "100%.png"]
)
def test_files_of_any_name_come_along(name: str, folder: Path) -> None:
    """Under a name that every system accepts; the text says what it is called now."""
    (folder / "source.png").write_bytes(drawing(3, 3))
    path = pack(
        folder / "x.apkg", [Row("g", (f'What? <img src="{escape(name)}">', "That"))], media=[folder / "source.png"]
    )
    with zipfile.ZipFile(path) as old:
        members = {each: old.read(each) for each in old.namelist()}
    with zipfile.ZipFile(path, "w") as new:
        for each, data in {**members, "media": json.dumps({"0": name}).encode()}.items():
            new.writestr(each, data)
    done = imported(path)
    assert not done.is_lossy
    assert "![](" in notes_in(done)["what"]["q"]


def test_fields_are_mapped_as_the_author_says(folder: Path) -> None:
    """--map wins over the guess from the templates, and names what does not exist."""
    kind = Kind(("A", "B", "C"), {"Card 1": ("{{A}}", "{{A}}<hr>{{B}}{{C}}")}, name="Mine")
    path = pack(folder / "x.apkg", [Row("g", ("a", "b", "c"))], kind)
    name, map = parsed("Mine: q=C, a=A+B")
    assert notes_in(imported(path, maps={name: map})) == {"c": {"q": "c", "a": "a\n\nb", "guid": "g"}}
    for wrong in ("Other: q=A, a=B", "Mine: q=X, a=B"):
        name, map = parsed(wrong)
        with pytest.raises(Problems, match="no-note-type"):
            imported(path, maps={name: map})


def test_notes_that_must_stay_behind_are_named(folder: Path) -> None:
    """A note type that Anki cannot move gets no guid; the deck can be built, and adopted for the others."""
    three = Kind(
        ("A", "B", "C"),
        {f"Card {n}": (f"{{{{{n}}}}}", "{{FrontSide}}<hr>{{A}}{{B}}{{C}}") for n in "ABC"},
        id=1_600_000_000_003,
        name="Three",
    )
    occlusion = Kind(("Text",), {"Cloze": ("{{cloze:Text}}", "")}, cloze=True, id=1_600_000_000_004, name="Hidden")
    rows = [
        Row("g1", ("Front", "Back")),
        Row("g2", ("a1", "b1", "c1"), kind=three),
        Row("g3", ("{{c1::image-occlusion:rect:left=.3}}",), kind=occlusion),
        Row("g4", ("no deletion", ""), kind=replace(CLOZE, id=1_600_000_000_005, name="Cloze")),
        Row("g1x", ("Front 2", "Back 2"), tags=("a:b", "ok")),
    ]
    path = pack(folder / "x.apkg", rows, Kind())
    done = imported(path)
    assert adopt(path, folder / "out" / "cards.yaml", at=FIRST).new == ("a1", "b1", "c1")
    notes = notes_in(done)
    assert {id: note.get("guid") for id, note in notes.items()} == {
        "front": "g1",
        "a1": None,
        "b1": None,
        "c1": None,
        "front-2": "g1x",
    }
    assert [left.reason.split(",")[0] for left in done.left_out] == [
        "it asks what is under a part of a picture",
        "it has no cloze deletion",
    ]
    assert {note.reason for note in done.notes} == {"", "it has 3 card types, and Cuedeck's note type only 2"}
    assert notes["front-2"]["tags"] == ["a:b", "ok"]


TIMED: tuple[tuple[str, list[tuple[str, str]], str, list[str]], ...] = (
    ("addresses", [("a", f"b {TALK}&amp;t=1m5s"), ("c", f'<a href="{TALK}&t=70">d</a>')], "", ["01:05", "01:10"]),
    ("a field", [("a", "0:05"), ("c", "0:07-0:09")], TALK, ["00:05", "00:07-00:09"]),
    ("not all", [("a", f"b {TALK}&t=5s"), ("c", "d")], "", []),
    ("free text", [("a", "at 12:30"), ("c", "um 18:00")], "", []),
    ("several", [("a", f"{TALK}&t=5s {TALK}&t=9s"), ("c", f"{TALK}&t=5s")], "", []),
    ("another site", [("a", "https://example.org/?t=5"), ("c", "https://example.org/?t=9")], "", []),
)


@pytest.mark.parametrize(("name", "rows", "source", "moments"), TIMED, ids=[each[0] for each in TIMED])
def test_moments_come_from_addresses_and_fields(
    name: str, rows: list[tuple[str, str]], source: str, moments: list[str], folder: Path
) -> None:
    """Only if every note has exactly one; the address of the recording loses its time."""
    kind = Kind(("Front", "Time" if name == "a field" else "Back"), {"Card 1": ("{{Front}}", "{{Time}}{{Back}}")})
    path = pack(folder / "x.apkg", [Row(f"g{at}", each) for at, each in enumerate(rows)], kind)
    done = imported(path, source=source)
    assert [note["at"] for note in notes_in(done).values() if "at" in note] == moments
    assert (f"url: {TALK}\n" in done.text) == bool(moments)


BY_TAG = """question,answer,tags
One?,1,all numbers
Two?,2,all numbers even
Red?,r,all Colours
Blue?,b,all colours even
Why?,y,all
"""


def test_concepts_are_made_from_tags_if_the_author_asks(folder: Path) -> None:
    """A note goes to the tag that most notes have, but not to one that all have; a concept has its tag only once."""
    (folder / "x.csv").write_text(BY_TAG, encoding="utf-8")
    done = import_deck(folder / "x.csv", folder / "out", Options(Wanted(), by_tag=True))
    notes = {group.title: {note.id: note.tags for note in group.notes} for group in done.groups}
    assert notes == {
        "numbers": {"one": ("all",), "two": ("all", "even")},
        "Colours": {"red": ("all", "Colours"), "blue": ("all", "colours", "even")},
        "x": {"why": ("all",)},
    }
    assert [group.tags for group in done.groups] == [("numbers",), (), ()]
    assert {note.rendered.id: {*note.rendered.tags} for note in build(folder / "out" / "cards.yaml").build.notes} == {
        "one": {"x::all", "x::numbers"},
        "two": {"x::all", "x::numbers", "x::even"},
        "red": {"x::all", "x::Colours"},
        "blue": {"x::all", "x::colours", "x::even"},
        "why": {"x::all"},
    }
    code, shown, _ = output_of("import", "x.csv", "--concepts", "tag", "--dry-run")
    assert (code, "    title: numbers\n    tags: [numbers]\n    notes:\n      one:\n" in shown) == (0, True)
    assert "concepts and how many notes they have: numbers (2), Colours (2), x (1)\n" in shown


def test_a_concept_of_several_decks_is_told(folder: Path) -> None:
    """It cannot keep them apart: their notes go to the deck around them. A nested tag names a concept by its parts."""
    rows = [Row("g1", ("A?", "a"), tags=("x::y",), deck="Top::One"), Row("g2", ("B?", "b"), tags=("x::y",), deck="Top")]
    pack(folder / "x.apkg", [*rows, Row("g3", ("C?", "c"), deck="Top::Two")], Kind())
    done = import_deck(folder / "x.apkg", folder / "out", Options(Wanted(), by_tag=True))
    assert [(group.id, group.title, group.deck) for group in done.groups] == [("y", "x: y", ""), ("two", "Two", "Two")]
    assert done.remarks == ('the concept "x: y" puts notes of several decks into "Top": "Top::One", "Top"',)


@pytest.mark.hostile
@pytest.mark.parametrize("sign", ["\ufeff", "\ufffe", "\uffff", "\t", '"'])
def test_names_lose_what_no_text_can_have(folder: Path, sign: str) -> None:
    """The decks are the same without it. A tag with it is not the same, so a comment has that tag."""
    tags = () if sign == "\t" else (f"x{sign}y", "z")  # no tag has a tab
    rows = [
        Row("g1", ("A?", "a"), tags=tags, deck=f"Top{sign}::One{sign}"),
        Row("g2", ("B?", "b"), deck=f"Top{sign}::Two"),
    ]
    pack(folder / "x.apkg", rows, Kind())
    done = import_deck(folder / "x.apkg", folder / "out", Options(Wanted()), lossy=True)
    assert [group.deck.strip("'") for group in done.groups] == ["One", "Two"]
    found = load(Workspace(folder / "out" / "cards.yaml"))
    assert (found.deck.about.title.strip("'"), found.report.problems) == ("Top", [])


def test_losses_need_a_word_from_the_author(folder: Path) -> None:
    """Without --lossy nothing is written and the exit code is 1; a dry run writes nothing either."""
    pack(folder / "x.apkg", [Row("g", ('<span style="color:red">a</span>', "b"))])
    code, printed, problems = output_of("import", "x.apkg", "out")
    assert (code, "lost: colour: a" in printed, "add --lossy" in problems) == (1, True, True)
    assert not (folder / "out").exists()
    assert output_of("import", "x.apkg", "out", "--dry-run")[0] == 1
    assert sorted(each.name for each in folder.iterdir()) == ["x.apkg"]
    assert output_of("import", "x.apkg", "out", "--lossy", "-q") == (0, "", "")
    code, _, problems = output_of("import", "x.apkg", "out", "--lossy")
    assert (code, "there-already" in problems) == (1, True)


@pytest.mark.parametrize(
    ("named", "proposed"),
    [
        ([], "old-2"),
        (["out"], "out-3"),
        (["my deck/"], "my deck-2"),
        (["a.file"], "a.file-2"),
        ([".."], "../deck"),
        (["."], "./deck-2"),
    ],
)
def test_a_folder_that_exists_is_left_alone(
    folder: Path, named: list[str], proposed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hint names one that does not exist, and with this one it works."""
    (folder / "inside").mkdir()
    monkeypatch.chdir("inside")
    for name in ("old", "out", "out-2", "my deck", "deck"):
        Path(name).mkdir()
    Path("a.file").touch()
    pack(Path("old.apkg"), [Row("g", ("What?", "That"), deck="Old")], Kind())
    problems = output_of("import", "old.apkg", *named)[2]
    (said,) = re.findall(r"name another folder, such as (.*), or move this one away", problems)
    assert Path(*shlex.split(said)) == Path(proposed)
    assert output_of("import", "old.apkg", *shlex.split(said))[0] == 0


@pytest.mark.parametrize(
    ("name", "decks", "named", "picked"),
    [
        ("me.colpkg", ["Uni Work::Logic"], [], ["Uni Work"]),
        (
            "me.colpkg",
            ["Uni::Logic", "Uni::Maths", "Diary"],
            ["Uni::Logic", "uni::maths"],
            ["Uni::Logic", "uni::maths"],
        ),
        ("me.apkg", ["Uni", "Diary"], ["Uni"], ["Uni"]),
        ("me.apkg", ["Uni::Logic", "Uni"], [], []),
        ("me.apkg", ["Uni::Logic", "Uni::Maths"], ["Uni::Logic"], ["Uni::Logic"]),
        ("me.zip", ["Uni"], [], []),
    ],
)
def test_the_command_that_brings_learners_along_works_as_it_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, decks: list[str], named: list[str], picked: list[str]
) -> None:
    """If there may be decks of somebody else in the package, it names those that were imported."""
    rows = [Row(f"g{number}", (f"What is {deck}?", "That"), deck=deck) for number, deck in enumerate(decks)]
    pack(folder / name, rows, Kind())
    words = [word for deck in named for word in ("--deck", deck)]
    printed = output_of("import", name, "out", *words)[1]
    (command,) = re.findall(r"before the first build: (?:export .*, and run )?cuedeck (adopt .*)", printed)
    package, *rest = shlex.split(command)[1:]
    assert rest == [word for deck in picked for word in ("--deck", deck)]
    monkeypatch.chdir("out")
    if not Path(package).exists():
        shutil.copy(folder / name, package)
    code, _, problems = output_of("adopt", package, *rest)
    assert (code, problems) == (0, "")
    assert len(load(Workspace(Path("cards.yaml"))).known) == len(named or decks)


def test_diff_and_release_notes_know_the_bridge(folder: Path) -> None:
    """After import and adopt nothing is harmful, and the first release says how learners get it."""
    rows = [Row("g1", ("What?", "That")), Row("g2", ("Who is <b>she</b>?", "Ada"), tags=("t",))]
    old = pack(folder / "old.apkg", rows, Kind())
    import_deck(old, folder / "out", Options(Wanted()))
    cards = folder / "out" / "cards.yaml"
    assert "learners keep all tags as they are" in output_of("adopt", old, cards)[1]
    compared = diff(old, cards)
    assert (compared.is_bridged, compared.hazards) == (True, ())
    assert {note.fate for note in compared.changes.notes} <= {"updated", "touched"}
    edit(cards, "q: What?", "q: What is it?")
    edit(cards, "  id: facts\n", "  id: facts\n  license: CC0\n")
    code, notes, problems = output_of("release", "1.0.0", cards, "--since", old)
    assert code == 0, problems
    assert "* First import the bridge" in notes
    assert "corrected (`what`)" in notes
    assert "does not reach" not in notes


# HTML with a word at each place where one can be.
WORDED = (
    *("{}", "<b>{}</b>{}", "<div>{}</div>", "{}<br>{}", "<ul><li>{}<li>{}</ul>", "<ol type=a><li>{}</ol>", "&nbsp;{}"),
    *("<span style='color:red'>{}</span>", "<mark>{}</mark>", "<p hidden>{}</p>", "<a href='x:{}'>{}</a>", "{}*{}_"),
    *("<table><tr><td>{}</td><td><pre>{}</pre></td></tr></table>", "<h1>{}<br>{}</h1>", "<h2>{}", "<style>{}</style>"),
    *("\\({}\\)", "[latex]{}[/latex]", "[$]{}[/$]", "<iframe src='https://a.org/{}'>{}</iframe>", "<pre>{}</pre>"),
    *("<img src='{}.png' alt='{}'>", "[sound:{}.mp3]", "<script>{}</script>", "<i title='{}'>{}</i>", "<q>{}</q>"),
    *("{{{{c1::{}}}}}", "{{{{c2::{}::{}}}}}", "<blockquote>{}</blockquote>", "<ruby>{}<rt>{}</rt></ruby>", "</div>{}"),
    *(
        "<video src='{}.mp4'>{}</video>",
        "{{{{c1::[sound:{}.mp3]}}}}",
        "{{{{{}}}}}",
        "<!-- {} -->{}",
        "<svg><text>{}</text></svg>",
    ),
)
TYPES = (
    Kind(),
    replace(CLOZE, id=1_600_000_000_001, name="Cloze"),
    Kind(
        ("A", "B", "C", "D", "E"),
        {
            "one": ("Name {{A}}", "{{FrontSide}}{{hint:D}}<hr>{{B}} by {{C}}"),
            "two": ("{{#E}}Who {{B}}?{{/E}}", "{{FrontSide}}<hr>{{A}}"),
        },
        id=1_600_000_000_002,
        name="Worded",
    ),
    Kind(
        ("A", "B", "C"),
        {each: (f"{{{{#{each}}}}}{{{{{each}}}}}{{{{/{each}}}}}", "{{FrontSide}}{{A}}{{B}}{{C}}") for each in "ABC"},
        id=1_600_000_000_003,
        name="Three",
    ),
)
fields = st.lists(st.sampled_from(WORDED), max_size=4).map("".join)
rows = st.lists(st.tuples(st.sampled_from(TYPES), st.lists(fields, min_size=5, max_size=5)), min_size=1, max_size=3)


@pytest.mark.random
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(rows=rows)
@example(rows=[(TYPES[0], ["{}<!-- {} -->", "{}"])])
@example(rows=[(TYPES[2], ["{}", "", "{}", "<p hidden>{}</p>", ""])])
def test_no_word_of_a_field_is_lost(
    rows: list[tuple[Kind, list[str]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Each word of each field is in the file: in a text, or in a comment."""
    root = tmp_path_factory.mktemp("words")
    count = itertools.count()

    def worded(html: str) -> str:
        return re.sub(r"\{\}", lambda _: f"w{next(count)}x", html).replace("{{", "{").replace("}}", "}")

    packed = [
        Row(f"guid{at}", [*map(worded, htmls[: len(kind.fields)])], tags=[worded("{}:tag"), worded("{}")], kind=kind)
        for at, (kind, htmls) in enumerate(rows)
    ]
    description = worded("<p hidden>{}</p>{}")
    path = pack(root / "x.apkg", [*packed, Row("last", ("q", "a"))], Kind(), description=description)
    done = import_deck(path, None, Options(Wanted()), dry_run=True)
    words = {*re.findall(r"w[0-9]+x", done.text)}
    assert {f"w{number}x" for number in range(next(count))} <= words


def test_an_adoption_of_many_notes_is_no_mass_update(folder: Path) -> None:
    """All notes are replaced in any case, which learners read once; there are no corrections from the old package."""
    tags = ("t", "a:b")
    rows = [Row(f"g{at}", (f"What is number {at}?", "That"), tags=tags[: at % 3]) for at in range(9)]
    old = pack(folder / "old.apkg", rows, Kind())
    for name, as_written in (("kept", True), ("named", False)):
        import_deck(old, folder / name, Options(Wanted()))
        cards = folder / name / "cards.yaml"
        edit(cards, "  id: facts\n", "  id: facts\n  license: CC0\n")
        edit(cards, "What is number 3?", "What is the number 3?")
        if not as_written:
            cards.write_text(cards.read_text(encoding="utf-8").replace(AS_WRITTEN, "").replace(', "a:b"', ""))
        adopt(old, cards, at=FIRST)
        assert diff(old, cards).hazards == ()
        code, notes, problems = output_of("release", "1.0.0", cards, "--since", old)
        assert (code, "import the corrections" in notes) == (0, False), problems
        assert "\n* This version replaces the notes that you have, this once, which overwrites your own edits" in notes
        assert ("corrected (tags)" in notes) != as_written


def test_adopt_needs_a_package_of_a_crowdanki_deck(folder: Path) -> None:
    """Its own export does not say which note types learners have; the message says how to get what does."""
    (folder / "crowd").mkdir()
    (folder / "crowd" / "deck.json").write_text("{}", encoding="utf-8")
    (folder / "cards.yaml").write_text("", encoding="utf-8")
    for name in ("crowd", "crowd/deck.json"):
        code, _, problems = output_of("adopt", name)
        assert code == 1
        assert f"{name}: error: an export of CrowdAnki does not contain the numbers" in problems
        assert '"Anki Deck Package (.apkg)", and name that file\n' in problems


_MODEL = {
    "crowdanki_uuid": "m",
    "name": "Basic",
    "flds": [{"name": "Front"}],
    "tmpls": [{"name": "Card 1", "qfmt": "{{Front}}", "afmt": ""}],
}


def _crowdanki(name: str = "Facts", **model: object) -> bytes:
    """Return a deck.json with one note; `model` is what its note type has otherwise."""
    notes = [{"note_model_uuid": "m", "fields": ["What?"]}]
    deck = {"__type__": "Deck", "name": name, "note_models": [{**_MODEL, **model}], "notes": notes}
    return json.dumps(deck).encode()


REFUSED = {
    "missing": ("missing.apkg", None, "no-file"),
    "empty": ("a.txt", b"", "empty-file"),
    "not a package": ("a.apkg", b"x", "no-package"),
    "no text": ("a.csv", b"\xff\xfe\x00", "not-utf-8"),
    "no separator": ("a.txt", b"word\nword\n", "no-columns"),
    "half a header": ("a.csv", b"question,tags\nx,y\n", "no-columns"),
    "an open quote": ("a.csv", b'q,a\n"x,y\n' + b"z" * 20_000_000, "no-columns"),
    "other JSON": ("a.json", b"{}", "not-a-deck"),
    "deep JSON": ("a.json", b"[" * 100_000, "not-a-deck"),
    "half a sign": ("a.json", _crowdanki("\ud800"), "not-a-deck"),
    "a note type without cards": ("a.json", _crowdanki(tmpls=[]), "not-a-deck"),
    "a note type without fields": ("a.json", _crowdanki(flds=[]), "not-a-deck"),
    "no fields": ("a.txt", b"#separator:tab\n#guid column:1\n#tags column:2\na\tb\n", "no-notes"),
    "ours": ("a.yaml", b"deck: x", "not-a-deck"),
    "no questions": ("a.md", b"# Only\n\nwords\n", "no-questions"),
    "nothing but refused": ("a.csv", b"q,a\nWhat?,\n", "no-notes"),
}


@pytest.mark.hostile
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_deck_is_refused_in_a_sentence(name: str, folder: Path) -> None:
    """One problem with its code; nothing is left behind."""
    file, data, rule = REFUSED[name]
    if data is not None:
        (folder / file).write_bytes(data)
    before = {*folder.iterdir()}
    code, printed, problems = output_of("import", file, "out")
    assert (code, printed) == (1, "")
    assert f"[{rule}]" in problems
    assert {*folder.iterdir()} == before


# Files by their names, where X is a byte that is not UTF-8.
ODDLY_NAMED = {
    "JX.csv": "question,answer\nWhat?,That\n",
    "JX.txt": "#separator:tab\nWhat?\tThat\n",
    "JX.md": "What?::That\n",
    "JX/JX.md": "What?::That\n",
    "JX/a.md": "What?::That\n",
}


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="on this system all file names are text")
@pytest.mark.parametrize("name", ODDLY_NAMED)
def test_a_name_that_is_not_text_gives_a_title(name: str, folder: Path) -> None:
    """Decks and concepts are called after files, with a question mark for what is not text."""
    path = folder / os.fsdecode(name.encode().replace(b"X", b"\xf6"))
    path.parent.mkdir(exist_ok=True)
    path.write_text(ODDLY_NAMED[name], encoding="utf-8")
    code, _, problems = output_of("import", path if path.parent == folder else path.parent, "out")
    assert (code, problems) == (0, "")
    assert load(Workspace(Path("out/cards.yaml"))).deck.about.title == "J?"


@pytest.mark.hostile
@pytest.mark.needs("backports.zstd")
@pytest.mark.parametrize("damage", ["bomb", "half", "not zstd", "no tables", "endless number"])
def test_a_damaged_package_of_the_newer_format_is_refused(damage: str, folder: Path) -> None:
    """Whatever is wrong with it, the author gets a sentence."""
    from tests.needing import needed

    compress = needed("backports.zstd").compress
    made = sqlite3.connect(":memory:")
    made.execute("create table notes (id)")
    data = {
        "bomb": compress(bytes(600 * 1024 * 1024)) if damage == "bomb" else b"",
        "half": compress(b"SQLite format 3\0" + bytes(1000))[:-3],
        "not zstd": b"SQLite format 3\0",
        "no tables": compress(made.serialize()),
        "endless number": compress(made.serialize()),
    }[damage]
    with zipfile.ZipFile(folder / "x.apkg", "w") as package:
        package.writestr("collection.anki21b", data)
        package.writestr("media", compress(b"\xff" * 20) if damage == "endless number" else compress(b""))
    code, _, problems = output_of("import", "x.apkg", "out")
    assert (code, "[no-package]" in problems, "Traceback" in problems) == (1, True, False)


words = st.text("ab *_`<>|é漢.-#1:[]\\", min_size=1, max_size=12).map("x{}x".format)
texts = st.one_of(
    words, st.sampled_from(["**a** b", "- a\n- b", "`c` \\(x^2\\)", "a\\\nb", "a\n\nb", "H<sub>2</sub>O"])
)
extras = st.fixed_dictionaries({}, optional={"extra": texts, "tags": st.just(["one", "two::three"])})
ours = st.one_of(
    st.builds(lambda q, a, more: question(q, a, **more), texts, texts, extras),
    st.builds(lambda q, a, more: question(q, a, reverse=True, **more), texts, texts, extras),
    st.builds(lambda q, a, b: question(q, a, reverse={"q": b, "a": q}), texts, texts, words),
    st.builds(lambda text, more: cloze("{{c1::b}} " + text, **more), texts, extras),
)


SOURCES: Mapping[str, dict[str, Any]] = {
    "talk": {"title": "A talk", "author": "She", "published": "2025-12-21", "url": TALK},
    "text": {"title": "A text", "url": "https://example.org/text", "link": "{url}#:~:text={mm:ss}", "deck": "Texts"},
    "page": {"title": "A page", "url": "https://example.org/page", "link": "{url}?t={seconds}", "opens": "page"},
    "same": {"title": "A talk", "author": "She", "url": "https://vimeo.com/76979871", "deck": "More::Talks"},
}
ABOUT: Mapping[str, str] = {
    "author": "She",
    "license": "CC BY 4.0",
    "description": "All **of** it.\n\nAnd more.",
    "feedback": "https://example.org/report?note={note}",
    "tags": "whole",
}
moments = st.one_of(
    st.integers(0, 7000).map(clock), st.lists(st.integers(0, 7000).map(clock), min_size=2, max_size=3, unique=True)
)
concepts = st.builds(
    lambda notes, source, at, more: {"notes": notes, "source": source, "at": at, **more},
    st.lists(ours, min_size=1, max_size=3),
    st.sampled_from([*SOURCES]),
    moments,
    st.fixed_dictionaries({}, optional={"deck": st.just("Own::Part"), "tags": st.just(["of-all"])}),
)


def deck_of(
    concepts: Sequence[Mapping[str, Any]], sources: Collection[str], about: Mapping[str, str]
) -> dict[str, Any]:
    """Return a deck with these concepts, each with its own title; without sources, it has no moments."""
    data: dict[str, Any] = {"deck": {"id": "small", "namespace": "tests123", "title": "Top::Small", **about}}
    if sources:
        data["sources"] = {id: SOURCES[id] for id in sources}
    data["media"] = {"media/a.png": {"license": "CC0", "author": "He", "url": "https://example.org/a"}}
    data["concepts"] = {}
    for number, concept in enumerate(concepts, 1):
        notes = {f"n{number}-{at}": note for at, note in enumerate(concept["notes"])}
        placed = {key: concept[key] for key in ("source", "at") if sources}
        more = {key: concept[key] for key in ("deck", "tags") if key in concept}
        data["concepts"][f"c{number}"] = {"title": f"Concept {number}", **placed, **more, "notes": notes}
    first = next(iter(data["concepts"].values()))
    first["notes"]["pictured"] = question("See ![it](media/a.png){width=50%}", "![said](media/b.mp3)")
    return data


@pytest.mark.random
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    concepts=st.lists(concepts, min_size=1, max_size=3),
    has_sources=st.booleans(),
    about=st.fixed_dictionaries({}, optional={key: st.just(value) for key, value in ABOUT.items()}),
)
@example(
    concepts=[{"notes": [question()], "source": id, "at": "00:00"} for id in ("talk", "same")],
    has_sources=True,
    about={},
)
def test_a_deck_of_ours_comes_back(
    concepts: list[dict[str, Any]], has_sources: bool, about: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Any deck of ours, built, imported and built again, is the same deck for all learners."""
    root = tmp_path_factory.mktemp("ours")
    sources = list(dict.fromkeys(each["source"] for each in concepts)) if has_sources else []
    put(root / "first", a_png=drawing(2, 2), b_mp3=mp3())
    cards = write(root / "first", deck_of(concepts, sources, about))
    try:
        first = build(cards, at=FIRST).package
    except Problems:
        return  # a text of no valid note
    done = import_deck(first, root / "second", Options(Wanted()))
    assert done.folder is not None, (done.left_out, [(note.id, note.losses) for note in done.notes])
    second = build(done.folder / "cards.yaml", at=FIRST).package
    before, after = (read_snapshot(read_members(path), path) for path in (first, second))
    assert before.notes.keys() == after.notes.keys()
    for guid, note in before.notes.items():
        assert _as_shown(after.notes[guid]) == _as_shown(note)
        for each in ("tags", "deck", "due"):
            assert getattr(after.notes[guid], each) == getattr(note, each)
        assert after.notes[guid].cards.keys() == note.cards.keys()
    assert {type.look for type in before.types.values()} == {type.look for type in after.types.values()}
    assert before.decks == after.decks
    old, new = before.manifest, after.manifest
    assert ({*old.sources}, old.media, old.author, old.license) == ({*new.sources}, new.media, new.author, new.license)


def test_what_only_the_author_had_does_not_come_back(folder: Path) -> None:
    """Clips and the ends of passages: the report says so, and all else is the same."""
    talk = {"title": "A talk", "url": TALK, "clips": True, "recording": "talk.mp4"}
    data = deck({"one": question(at="0:05-0:09")}, sources={"talk": talk})
    cards = write(folder / "first", data)
    clip = wanted_clip(next(iter(placed_notes(load(Workspace(cards)).deck))))
    assert clip
    (folder / "first" / clip).parent.mkdir(parents=True)
    (folder / "first" / clip).write_bytes(mp3())
    first = build(cards, at=FIRST).package
    done = import_deck(first, folder / "out", Options(Wanted()))
    assert any("clips" in remark for remark in done.remarks)
    assert done.lossless == 1
    assert not (folder / "out" / "media").exists()
    before, after = (
        next(iter(read_snapshot(read_members(path), path).notes.values())).fields
        for path in (first, build(folder / "out" / "cards.yaml", at=FIRST).package)
    )
    assert before.pop(CLIP.key)
    assert not after.pop(CLIP.key)
    assert before == after


def _as_shown(note: PackedNote) -> dict[str, Any]:
    """Return the fields of a note as they are shown: spaces and marks side by side count as one."""
    return {key: shown(read_html(html).blocks, str) for key, html in note.fields.items()}


@pytest.mark.hostile
@pytest.mark.parametrize(
    "setting", ["tags column:\u0661", f"tags column:{'9' * 5000}", "tags column:0", 'separator:"', "x:y"]
)
def test_settings_that_anki_never_writes_are_passed_over(folder: Path, setting: str) -> None:
    """A file is read as if they were not there."""
    lines = f"#separator:tab\n#{setting}\n#notetype:Basic\nWhat?\tThat.\n"
    (folder / "a.txt").write_text(lines, encoding="utf-8")
    assert output_of("import", "a.txt", "out", "--lossy")[0] == 0
    assert "q: What?" in (folder / "out" / "cards.yaml").read_text(encoding="utf-8")


@pytest.mark.hostile
@pytest.mark.parametrize("cells", ["\t" * 1_000_000, "\t" * 20_000 + "x"], ids=["empty", "filled"])
def test_endless_rows_end(folder: Path, cells: str) -> None:
    """However many cells a row has."""
    (folder / "a.txt").write_text(f"#separator:tab\n#html:true\nWhat?\tThat.{cells}\n", encoding="utf-8")
    assert output_of("import", "a.txt", "out", "--lossy")[0] == 0
