"""A deck of several files, in every command that reads it."""

import errno
import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from cuedeck.building.loading import Inputs, load
from cuedeck.disk.workspace import Workspace
from cuedeck.pages.preview import Preview
from cuedeck.problems import Problems
from cuedeck.reading.cardsfile import read_cards
from cuedeck.usecases.build import build
from cuedeck.usecases.find import find
from cuedeck.usecases.release import release
from tests.making import DAY, FIRST, ROOT, TALK, cloze, deck, edit, question, spread, write
from tests.recording.talks import SAID, srt
from tests.running import git, output_of, run

pytestmark = pytest.mark.usefixtures("folder")

CARDS = Path("cards.yaml")
ONE, TWO = Path("lectures/1.yaml"), Path("lectures/2.yaml")


CONFLICT = "<<<<<<< HEAD\nconcepts: {}\n=======\nsources: {}\n>>>>>>> other\n"


def course(**notes: Any) -> dict[str, Any]:
    """Return a deck with a talk in its cards.yaml, and a concept with a note in each of two parts."""
    data = deck({}, license="CC0", author="A. Writer")
    idea = {"source": "talk", "at": "01:32"}
    data["concepts"] = {
        "first": {"title": "First idea", **idea, "notes": {"one": question("What is one?"), **notes}},
        "second": {"title": "Second idea", **idea, "notes": {"two": question("What is two?")}},
    }
    return spread(data, ["first"], ["second"])


def built(at: int = FIRST) -> tuple[bytes, bytes]:
    """Build the deck and return its lock and its package."""
    build(CARDS, at=at)
    return Path("cards.lock").read_bytes(), Path("decks/small.apkg").read_bytes()


def committed() -> None:
    """Make a repository with all files in it."""
    git("init")
    git("config", "user.name", "Test")
    git("config", "user.email", "test@example.org")
    git("add", "--all")
    git("commit", "--message", "Add")


def problems(read: Callable[[], object]) -> list[str]:
    """Return the problems that something stops at, with their places and rules."""
    with pytest.raises(Problems) as found:
        read()
    return [f"{problem.place}: [{problem.rule}]" for problem in found.value.problems]


def test_the_talk_of_this_repository_in_parts_is_the_same_deck(folder: Path) -> None:
    """Split into several files, it has the same lock and the same package, byte for byte."""
    shutil.copytree(ROOT / "decks", "decks")
    for name in ("cards.yaml", "cards.lock"):
        shutil.copy(ROOT / name, name)
    build(CARDS)
    before = {path: path.read_bytes() for path in (Path("cards.lock"), *Path("decks").iterdir())}
    assert Path("cards.lock").read_bytes() == (ROOT / "cards.lock").read_bytes()
    data = yaml.load(CARDS.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    ids = [*data["concepts"]]
    write(folder, spread(data, [*data["sources"], *ids[:7]], ids[7:12], ids[12:]))
    build(CARDS)
    assert {path: path.read_bytes() for path in before} == before

    shutil.rmtree("decks")
    Path("cards.lock").unlink()
    build(CARDS, at=FIRST)
    anew = Path("cards.lock").read_bytes(), Path("decks/soft-abandonment.apkg").read_bytes()
    (folder / "one").mkdir()
    shutil.copy(ROOT / "cards.yaml", "one/cards.yaml")
    build(Path("one/cards.yaml"), at=FIRST)
    whole = Path("one/cards.lock").read_bytes(), Path("one/decks/soft-abandonment.apkg").read_bytes()
    assert anew == whole


def test_moves_between_parts_and_new_names_change_nothing(folder: Path) -> None:
    """A concept that moves to another file, and files with other names, leave nothing to build."""
    data = course()
    write(folder, data)
    before = built()
    data["files"]["lectures/1.yaml"]["concepts"] |= data["files"]["lectures/2.yaml"].pop("concepts")
    data["files"]["lectures/2.yaml"] = {"sources": data.pop("sources")}
    write(folder, data)
    assert built(FIRST + 1) == before
    ONE.rename("lectures/last.yaml")
    assert built(FIRST + 2) == before


def test_the_notes_of_a_deleted_part_are_missed(folder: Path) -> None:
    """They were released, so a build stops and names them, at the place that says which parts there are."""
    write(folder, course())
    release(CARDS, "1.0.0", at=FIRST)
    TWO.unlink()
    (gone,) = build(CARDS, at=FIRST + DAY).build.checked.warnings
    assert (gone.rule, str(gone.place)) == ("vanished", "cards.yaml:7:3")
    assert '"two"' in gone.message
    assert CARDS.read_text(encoding="utf-8").splitlines()[6] == "  parts: lectures/*.yaml"


def test_what_only_packages_show_is_at_the_note_that_is_named(folder: Path) -> None:
    """Packages have no places, but the files do."""
    data = deck({"zero": question()}, license="CC0", author="A. Writer")
    idea = {"title": "Idea", "source": "talk", "at": "01:32", "notes": {"zero": question()}}
    data["concepts"] = {"first": idea, "second": {**idea, "deck": "More", "notes": {"two": question()}}}
    release(write(folder, spread(data, ["first"], ["second"])), "1.0.0", at=FIRST)
    data["concepts"]["second"]["notes"]["zero"] = data["concepts"]["first"]["notes"].pop("zero")
    data["concepts"]["first"]["notes"]["new"] = question()
    write(folder, spread(data, ["first"], ["second"]))
    (line,) = (each for each in problems(lambda: release(CARDS, "1.1.0", at=FIRST + DAY)) if "cards-stay" in each)
    assert re.fullmatch(r"lectures/2\.yaml:\d+:\d+: \[cards-stay\]", line)


def test_nothing_is_missed_while_a_part_cannot_be_read(folder: Path) -> None:
    """Notes and sources may be in it, so only the part itself is reported, and what is wrong elsewhere."""
    data = course()
    data["files"]["lectures/2.yaml"]["sources"] = {"film": {**TALK, "url": "https://example.org/film"}}
    data["files"]["lectures/2.yaml"]["concepts"]["second"]["source"] = "film"
    data["files"]["lectures/1.yaml"]["concepts"]["first"]["notes"]["one"]["source"] = "film"
    write(folder, data)
    release(CARDS, "1.0.0", at=FIRST)
    edit(ONE, "What is one?", "What is $x^2$?")
    TWO.write_bytes(b"concepts: caf\xe9")
    expected = ["lectures/1.yaml:8:12: [foreign-formula]", "lectures/2.yaml:1: [not-utf-8]"]
    assert [re.sub(r":\d+:\d+:", ":8:12:", each) for each in problems(lambda: build(CARDS))] == expected
    edit(CARDS, "lectures/*.yaml", "[lectures/1.yaml, lectures/3.yaml]")
    assert [each.partition(" ")[2] for each in problems(lambda: build(CARDS))] == ["[no-part]", "[foreign-formula]"]


@pytest.mark.parametrize(
    "text", ["", "# to be written\n", "- a list", "a text", "concepts: [", "sources: {talk", "\0", CONFLICT]
)
def test_every_part_is_read_even_if_one_is_broken(folder: Path, text: str) -> None:
    """What is wrong in the others is reported in the same run."""
    write(folder, course())
    edit(ONE, "q: What is one?", "q: What is $x^2$?")
    TWO.write_text(text, encoding="utf-8")
    code, _, printed = output_of("check")
    assert code == 1
    places = {line.partition(":")[0] for line in printed.splitlines() if re.match(r"\S+\.yaml:", line)}
    assert places == {"lectures/1.yaml", "lectures/2.yaml"}


def test_links_out_of_the_folder_are_refused(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """So are links to another file of the deck, and links that lead nowhere; a link within the folder is read."""
    write(folder, course())
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "2.yaml"
    TWO.rename(elsewhere)
    for target, rule in ((elsewhere, "bad-parts"), (ONE.absolute(), "doubled"), (folder / "gone.yaml", "no-part")):
        TWO.symlink_to(target)
        assert problems(lambda: build(CARDS)) == [f"cards.yaml:7:10: [{rule}]"]
        TWO.unlink()
    (folder / "kept").mkdir()
    elsewhere.rename("kept/2.yaml")
    TWO.symlink_to(folder / "kept" / "2.yaml")
    assert read_cards(CARDS).deck.notes.keys() == {"one", "two"}


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
@pytest.mark.parametrize(
    ("link", "target", "parts", "pair"),
    [
        ("lectures/2.yaml", "1.yaml", "lectures/*.yaml", ("lectures/2.yaml", "lectures/1.yaml")),
        ("lectures/0.yaml", "1.yaml", "lectures/*.yaml", ("lectures/1.yaml", "lectures/0.yaml")),
        ("a", "lectures", "[a/*.yaml, lectures/*.yaml]", ("lectures/1.yaml", "a/1.yaml")),
        ("lectures/2.yaml", "../cards.yaml", "lectures/*.yaml", ("lectures/2.yaml", "cards.yaml")),
    ],
)
def test_of_two_names_of_one_file_the_link_is_named(
    folder: Path, link: str, target: str, parts: str, pair: tuple[str, str]
) -> None:
    """Whichever comes first: to delete the file itself would lose its notes."""
    write(folder, course())
    edit(CARDS, "lectures/*.yaml", parts)
    TWO.unlink()
    Path(link).symlink_to(target)
    with pytest.raises(Problems) as found:
        build(CARDS)
    problem = found.value.problems[0]
    assert problem.message == f'"{pair[0]}" and "{pair[1]}" are one file, so its notes would be read twice'
    assert (problem.rule, problem.hint) == ("doubled", f'delete "{link}", which is only a link')


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
@pytest.mark.parametrize(
    ("link", "parts", "named"),
    [
        ("lectures/2.yaml", "lectures/*.yaml", "lectures/2.yaml"),
        ("lectures/2.yaml", "[lectures/1.yaml, lectures/2.yaml]", "lectures/2.yaml"),
        ("more", "[lectures/*.yaml, more/*.yaml]", "more"),
        ("more", "[lectures/*.yaml, more/3.yaml]", "more"),
        ("lectures/more", "[lectures/*.yaml, lectures/*/*.yaml]", "lectures/more"),
    ],
)
def test_links_that_lead_back_to_themselves_are_named(folder: Path, link: str, parts: str, named: str) -> None:
    """Whether they are files or folders, nobody can know; what is beside them is found."""
    write(folder, course())
    edit(CARDS, "lectures/*.yaml", parts)
    Path(link).unlink(missing_ok=True)
    Path(link).symlink_to(Path(link).absolute())
    with pytest.raises(Problems) as found:
        build(CARDS)
    (problem,) = found.value.problems
    assert (problem.rule, problem.place.line) == ("unreadable", 7)
    assert problem.message == f'"{named}" cannot be read: {os.strerror(errno.ELOOP)}'
    assert problem.hint == "the link leads back to itself: delete it"


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_in_a_circle_that_no_path_means_is_no_obstacle(folder: Path) -> None:
    """It hid all files beside it."""
    write(folder, course())
    Path("lectures/other.txt").symlink_to(Path("lectures/other.txt").absolute())
    assert read_cards(CARDS).deck.notes.keys() == {"one", "two"}


@pytest.mark.parametrize(
    ("parts", "places"),
    [
        ("[lectures/1.yaml, ./lectures/1.yaml, lectures/2.yaml]", ["7:28: [doubled]"]),
        ("[lectures/*.yaml, lectures//*.yaml]", ["7:28: [doubled]"]),
        ("[lectures/3.yaml, lectures/./3.yaml]", ["7:11: [no-part]", "7:28: [doubled]"]),
        ("[lectures/*.yaml, lectures/1.yaml]", ["7:28: [doubled]"]),
    ],
)
def test_a_part_that_is_named_twice_is_reported_once(folder: Path, parts: str, places: list[str]) -> None:
    """In whichever way it is written."""
    write(folder, course())
    edit(CARDS, "lectures/*.yaml", parts)
    assert problems(lambda: build(CARDS)) == [f"cards.yaml:{each}" for each in places]


def test_one_state_of_the_files_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If a concept moves to another file while these are read, the deck is as before the move or as after it."""
    data = course()
    write(folder, data)
    moved = {**data, "files": {"lectures/1.yaml": {}, "lectures/2.yaml": {"concepts": {}}}}
    for part in data["files"].values():
        moved["files"]["lectures/2.yaml"]["concepts"] |= part["concepts"]
    moved["files"]["lectures/1.yaml"] = {"sources": {"film": {**TALK, "url": "https://example.org/film"}}}
    read_bytes = Path.read_bytes
    saved: list[Path] = []

    def saving(path: Path) -> bytes:
        if path == TWO and not saved:  # the first part was read before
            saved.append(path)
            write(folder, moved)
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", saving)
    read = read_cards(CARDS)
    assert saved
    assert (read.problems, read.deck.notes.keys(), [*read.deck.sources]) == ((), {"one", "two"}, ["talk", "film"])


def test_files_that_never_come_to_rest_are_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program that saves them again and again must not make a command wait forever."""
    write(folder, course())
    read_bytes = Path.read_bytes

    def saving(path: Path) -> bytes:
        data = read_bytes(path)
        if path == ONE:
            path.write_bytes(data + b"#\n")
        return data

    monkeypatch.setattr(Path, "read_bytes", saving)
    assert problems(lambda: build(CARDS)) == ["cards.yaml: [changed-meanwhile]"]


def test_fixes_are_written_to_all_files_or_none(folder: Path) -> None:
    """A file that changes meanwhile stops them, and so does one that cannot be written."""
    from cuedeck.usecases.fix import fix
    from cuedeck.usecases.fix import write as write_fixed

    data = course()
    data["sources"] = {"The_Talk": data["sources"]["talk"]}
    for part in data["files"].values():
        next(iter(part["concepts"].values()))["source"] = "The_Talk"
    write(folder, data)
    fixed = fix(CARDS)
    assert {change.place.file for change in fixed.changes} == {"cards.yaml", "lectures/1.yaml", "lectures/2.yaml"}
    before = {path: path.read_bytes() for path in (CARDS, ONE)}
    TWO.write_text(TWO.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
    assert problems(lambda: write_fixed(fixed)) == ["lectures/2.yaml: [changed-meanwhile]"]
    assert {path: path.read_bytes() for path in before} == before
    assert output_of("check", "--fix")[0] == 0
    assert "source: the-talk" in TWO.read_text(encoding="utf-8")


def test_fixes_keep_the_line_ends_of_each_file(folder: Path) -> None:
    """A part of another system stays as that system writes files, with its byte order mark."""
    write(folder, course())
    for path, mark, end in ((ONE, "\ufeff", "\r\n"), (TWO, "", "\r")):
        text = path.read_text(encoding="utf-8").replace("q: What", "q: Is $x^2$ what")
        path.write_bytes((mark + text.replace("\n", end)).encode())
    before = {path: path.read_bytes() for path in (ONE, TWO)}
    assert output_of("check", "--fix", "--quiet")[0] == 0
    for path, data in before.items():
        assert path.read_bytes() == data.replace(b"$x^2$", rb"\(x^2\)")


def test_no_command_overwrites_a_part(folder: Path) -> None:
    """Neither a package nor a page takes the place of what an author wrote."""
    write(folder, course())
    before = ONE.read_bytes()
    for words in (("build", "--output"), ("preview", "--output"), ("coverage", "--output")):
        assert output_of(*words, ONE)[0] > 0
        assert ONE.read_bytes() == before


def test_a_release_needs_its_parts_in_git(folder: Path) -> None:
    """A part that git ignores would be missing in a clone."""
    write(folder, course())
    Path(".gitignore").write_text("2.yaml\n", encoding="utf-8")
    committed()
    assert problems(lambda: release(CARDS, "1.0.0", at=FIRST)) == ["lectures/2.yaml: [uncommitted]"]
    git("add", "--force", "lectures/2.yaml")
    git("commit", "--message", "Add the other part")
    edit(ONE, "What is one?", "What is the one?")
    assert problems(lambda: release(CARDS, "1.0.0", at=FIRST)) == [".: [uncommitted]"]
    git("commit", "--all", "--message", "Edit")
    assert release(CARDS, "1.0.0", at=FIRST, commit=True).commit


def test_an_old_release_is_confirmed_by_its_parts_in_git(folder: Path) -> None:
    """For a lock that does not record a release, the source in its commit is built: with the parts it had then."""
    write(folder, course())
    committed()
    release(CARDS, "1.0.0", at=FIRST)
    lock = Path("cards.lock")
    recorded = lock.read_text(encoding="utf-8")
    (digest,) = re.findall(r', "members": "[0-9a-f]{64}"', recorded)
    lock.write_text(recorded.replace(digest, ""), encoding="utf-8")
    git("add", "--all")
    git("commit", "--message", "Release, as if by an earlier version")
    TWO.rename("lectures/last.yaml")
    edit(ONE, "What is one?", "What is the one?")
    build(CARDS, at=FIRST + DAY)
    assert digest in lock.read_text(encoding="utf-8")


def test_branches_that_edit_different_parts_are_merged(folder: Path) -> None:
    """One adds a note, the other moves a concept to a new file; after the merge, a build changes no note of either."""
    write(folder, course())
    build(CARDS, at=FIRST)
    Path(".gitattributes").write_text("cards.lock merge=union\ndecks/* binary\n", encoding="utf-8")
    committed()
    git("switch", "--create", "other")
    TWO.rename("lectures/3.yaml")
    git("add", "--all")
    git("commit", "--message", "Rename")
    git("switch", "main")
    write(folder, course(three=cloze("It is {{c1::three}}.")))
    shutil.rmtree("decks")
    build(CARDS, at=FIRST + DAY)
    git("add", "--all")
    git(
        "commit",
        "--message",
        "Add a note",
    )
    before = Path("cards.lock").read_bytes()
    git("merge", "other", "--message", "Merge")
    assert sorted(path.name for path in Path("lectures").iterdir()) == ["1.yaml", "3.yaml"]
    done = build(CARDS, at=FIRST + 2 * DAY).build
    assert {note.rendered.id: note.status for note in done.notes} == dict.fromkeys(("one", "two", "three"), "unchanged")
    assert Path("cards.lock").read_bytes() == before


def test_new_cards_come_in_the_order_of_the_course(folder: Path) -> None:
    """The order of the sources over all files counts, and numbers in the names of the files count as numbers."""
    data = deck({}, sources={})
    data["concepts"] = {}
    files = {}
    for number in (10, 9, 2):
        source = {**TALK, "url": f"https://example.org/{number}"}
        concept = {"title": f"Idea {number}", "source": f"talk-{number}", "at": "0:10"}
        notes = {f"note-{number}": question(f"What is {number}?")}
        files[f"lectures/{number}.yaml"] = {
            "sources": {f"talk-{number}": source},
            "concepts": {f"idea-{number}": {**concept, "notes": notes}},
        }
    del data["concepts"]
    data["deck"]["parts"] = "lectures/*.yaml"
    write(folder, {**data, "files": files})
    done = build(CARDS, at=FIRST).build
    in_order = sorted(done.notes, key=lambda note: note.due)
    assert [note.rendered.id for note in in_order] == ["note-2", "note-9", "note-10"]
    assert done.checked.deck.main_source is done.checked.deck.sources["talk-2"]


def test_commands_that_read_sources_find_them_in_parts(folder: Path) -> None:
    """Transcripts and recordings are relative to the folder of the deck, as if all was in one file."""
    data = course()
    talk = data.pop("sources")["talk"]
    data["files"]["lectures/1.yaml"]["sources"] = {
        "talk": {**talk, "transcript": "talk.srt", "chapters": {"0:00": "A"}}
    }
    write(folder, data)
    Path("talk.srt").write_text(srt(SAID), encoding="utf-8")
    assert find(CARDS, "beavers").places
    Path("talk.srt").rename("other.srt")
    assert output_of("find", "beavers")[2].startswith("lectures/1.yaml:")
    assert output_of("chapters")[0] == 1
    assert output_of("chapters")[2].startswith("lectures/1.yaml:")
    assert output_of("fork")[0] == 0
    assert read_cards(CARDS).deck.about.namespace != "tests123"


def test_advice_compares_notes_of_several_files(folder: Path) -> None:
    """It is about one of them, and says where the other one is."""
    write(folder, course(three=question("What is the Zürich Zoo?")))
    edit(TWO, "What is two?", "What is one?")
    edit(TWO, "a: That.", "a: That, in the Zurich Zoo.")
    _, _, printed = output_of("check")
    assert printed == (
        'lectures/2.yaml:8:12: advice: this asks the same as "one" [same-question]\n'
        "    take one of the two out, or let each ask for something else\n"
        "    the other one is in line 8 of lectures/1.yaml\n"
        'lectures/2.yaml:9:25: advice: "Zurich" is spelled "Zürich" elsewhere [name-spelled-two-ways]\n'
        "    choose one of the two spellings\n"
        "    the other one is in line 11 of lectures/1.yaml\n"
    )


def test_a_note_that_was_renamed_in_a_part_is_known(folder: Path) -> None:
    """Learners keep their progress on it."""
    write(folder, course())
    release(CARDS, "1.0.0", at=FIRST)
    edit(TWO, "two:", "new-two:\n        was: two")
    assert {note.rendered.id for note in build(CARDS, at=FIRST + DAY).build.notes} == {"one", "new-two"}


@pytest.mark.needs("watchfiles")
def test_a_served_preview_follows_every_part(folder: Path) -> None:
    """An edit in a part is shown, a file that becomes a part, one that is broken, and one that is gone."""
    from cuedeck.pages.serving import serving
    from cuedeck.usecases.preview import follow

    write(folder, course())
    with serving(0) as server:
        outcomes = follow(CARDS, server)

        def shown() -> list[str]:
            outcome = next(outcomes)
            return [note.known.id for note in outcome.notes] if isinstance(outcome, Preview) else problems_of(outcome)

        def problems_of(found: Problems) -> list[str]:
            return [f"{problem.place.file} {problem.rule}" for problem in found.problems]

        assert shown() == ["one", "two"]
        edit(TWO, "two:", "two-a:")
        assert shown() == ["one", "two-a"]
        Path("lectures/3.yaml").write_text(
            TWO.read_text(encoding="utf-8").replace("two-a:", "three:"), encoding="utf-8"
        )
        assert shown() == ["lectures/3.yaml doubled-id"]
        edit(Path("lectures/3.yaml"), "second:", "third:")
        assert shown() == ["one", "two-a", "three"]
        TWO.unlink()
        assert shown() == ["one", "three"]
        edit(CARDS, "lectures/*.yaml", "lectures/1.yaml")
        assert shown() == ["one"]


def test_a_file_is_parsed_again_only_if_it_has_changed(folder: Path) -> None:
    """A served preview keeps what it read of the others."""
    from cuedeck.reading.files import Files

    write(folder, course())
    files = Files(keep_places=True)
    first = files.read(CARDS).parts
    assert [each is again for each, again in zip(first, files.read(CARDS).parts, strict=True)] == [True, True]
    edit(TWO, "What is two?", "What is the two?")
    assert files.have_changed(CARDS)
    second = files.read(CARDS).parts
    assert [each is again for each, again in zip(first, second, strict=True)] == [True, False]
    assert not files.have_changed(CARDS)
    assert {note.id for note in load(Workspace(CARDS), inputs=Inputs(files)).notes} == {"one", "two"}


def test_too_large_a_course_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound for one file holds for all files of a deck together."""
    from cuedeck.reading import files

    write(folder, course())
    monkeypatch.setattr(files, "LARGEST", 300)
    assert problems(lambda: build(CARDS)) == ["cards.yaml:7:3: [too-large]"]


def test_what_only_a_deck_has_is_refused_in_a_part(folder: Path) -> None:
    """Each key is reported with where it belongs."""
    write(folder, course())
    TWO.write_text(
        "deck: {id: other, parts: more.yaml}\nmedia: {media/a: {license: CC0}}\nconcept: {}\nparts: more.yaml\n",
        encoding="utf-8",
    )
    result = run("check")
    assert [line for line in result.stderr.splitlines() if line.startswith("lectures/2")] == [
        "lectures/2.yaml:1:1: error: this file is a part of cards.yaml, and a part cannot have parts [part-with-deck]",
        'lectures/2.yaml:2:1: error: a part cannot have "media:" [part-with-deck]',
        'lectures/2.yaml:3:1: error: unknown key "concept" [unknown-key]',
        "lectures/2.yaml:4:1: error: this file is a part of cards.yaml, and a part cannot have parts [part-with-deck]",
    ]


@pytest.mark.parametrize(
    ("old", "new", "place", "rule"),
    [
        ("  parts:", "parts:", "7:1", "unknown-key"),
        ("  parts:", "  part:", "7:3", "unknown-key"),
        ("  parts: lectures", "  parts:\n    - lectures/*.yaml\n   - lectures", "9:4", "yaml-syntax"),
    ],
)
def test_nothing_follows_from_parts_that_cannot_be_known(
    folder: Path, old: str, new: str, place: str, rule: str
) -> None:
    """Such as that the cards.yaml has no concepts."""
    write(folder, course())
    text = CARDS.read_text(encoding="utf-8").replace("parts:\n  - ", "parts: ")
    CARDS.write_text(text.replace(old, new), encoding="utf-8")
    assert problems(lambda: build(CARDS)) == [f"cards.yaml:{place}: [{rule}]"]


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="no file can have such a name there")
def test_a_part_whose_name_is_not_text_is_refused(folder: Path) -> None:
    """The preview, which names the file of each note, could not be written."""
    write(folder, course())
    TWO.rename(os.fsdecode(b"lectures/\xff.yaml"))
    assert problems(lambda: build(CARDS)) == ["cards.yaml:7:10: [bad-parts]"]


def test_a_part_that_is_not_text_is_to_be_taken_out(folder: Path) -> None:
    """The deck was named rightly."""
    write(folder, course())
    TWO.write_bytes(b"\x89PNG\0\0")
    assert output_of("check")[2] == (
        "lectures/2.yaml:1: error: this is not a text file [not-utf-8]\n"
        "    take it out of parts: in cards.yaml, or put the right file there\n"
    )
