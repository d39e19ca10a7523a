"""How `verify`, `diff` and `adopt` refuse packages from strangers: one sentence, and nothing is written."""

import json
import os
import sqlite3
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cuedeck.package import database, opening
from cuedeck.package.container import archive
from cuedeck.package.opening import read_members
from cuedeck.usecases.release import release
from tests.making import FIRST, build_deck, cloze, deck, question, release_deck, write
from tests.running import on_terminal, run
from tests.tinymedia import file, put

pytestmark = pytest.mark.hostile

MEMBERS = dict[str, bytes]
ENDED = "-- ended --"
# A program that runs many commands, since starting Python takes longer than a command does.
ONE_AFTER_ANOTHER = f"""
import json, sys
from cuedeck.cli import main
for words in json.loads(sys.argv[1]):
    sys.argv = ["cuedeck", *words]
    try:
        main()
    except SystemExit:
        print(end={ENDED!r}, flush=True)
"""


@pytest.fixture(autouse=True)
def around(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder around the working folder, to see what gets out of that; with lower bounds for packages."""
    (folder / "deck").mkdir()
    monkeypatch.chdir(folder / "deck")
    monkeypatch.setattr(opening, "_LARGEST", 10_000_000)
    monkeypatch.setattr(database, "LONGEST", 1_000_000)
    return folder


def with_database(*statements: str) -> Callable[[MEMBERS], bytes]:
    """Return a function that makes a package whose database was changed by some SQL."""

    def made(members: MEMBERS) -> bytes:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.deserialize(members["collection.anki2"])
            for statement in statements:
                connection.execute(statement)
            connection.commit()
            return archive({**members, "collection.anki2": connection.serialize()})

    return made


def with_manifest(**changed: object) -> Callable[[MEMBERS], bytes]:
    """Return a function that makes a package whose manifest says something else."""

    def made(members: MEMBERS) -> bytes:
        manifest = {**json.loads(members["cuedeck.json"]), **changed}
        return archive({**members, "cuedeck.json": json.dumps(manifest).encode()})

    return made


def bomb(members: MEMBERS) -> bytes:
    """Return a package of some kilobytes that unpacks to many megabytes, and contains another one that does."""
    inner = archive({"zeros": bytes(9_000_000)})
    return archive({**members, "inner.apkg": inner, "zeros": bytes(20_000_000)})


# Name: how to spoil the members of a valid package, and the code of the message.
HOSTILE: dict[str, tuple[Callable[[MEMBERS], bytes], str]] = {
    "not a zip": (lambda _: b"deck: {}\n", "no-package"),
    "truncated": (lambda members: archive(members)[:-100], "no-package"),
    "junk after it": (lambda members: archive(members) + b"junk", "no-package"),
    "a bomb": (bomb, "package-too-large"),
    "no database": (lambda members: archive({"media": members["media"]}), "no-package"),
    "a newer form": (lambda members: archive({**members, "collection.anki21b": b"(\xb5/\xfd"}), "no-package"),
    "a truncated database": (
        lambda members: archive({**members, "collection.anki2": members["collection.anki2"][:5000]}),
        "no-package",
    ),
    "a view": (
        with_database("alter table notes rename to other", "create view notes as select * from other"),
        "no-package",
    ),
    "a virtual table": (
        with_database("drop table cards", "create virtual table cards using fts5(id, nid, ord, did, due)"),
        "no-package",
    ),
    "a generated column": (
        with_database(
            "alter table cards rename to other",
            "create table cards (id, nid, ord, did, due as (length(hex(zeroblob(1000000)))))",
            "insert into cards (id, nid, ord, did) select id, nid, ord, did from other",
        ),
        "no-package",
    ),
    "another schema": (with_database("drop table col", "create table col (id)"), "no-package"),
    "a huge blob": (with_database("update notes set flds = zeroblob(2000000)"), "no-package"),
}


RELEASE = {"release": "1.0.0", "time": 5, "content": "c", "deck": "small"}
LINE = {"note": "old", "kind": "qa", "guid": "g", "nid": 1, "cards": {"0": 2}, "time": 5, "content": "c"}
FUTURE = 4_102_444_800  # the year 2100
_WITHOUT = "(select json_group_object(key, json_set(value, '$.{}', json('[]'))) from json_each(models))"

# The same for packages that can be read, but contain values that no deck can have.
IMPOSSIBLE: dict[str, tuple[Callable[[MEMBERS], bytes], str]] = {
    "a time past all dates": (with_database("update notes set mod = 9223372036854775807"), "no-package"),
    "a time before all dates": (with_database("update notes set mod = -9223372036854775808"), "no-package"),
    "a time that is a fraction": (with_database("update notes set mod = 5.5"), "no-package"),
    "a time that is a text": (with_database("update notes set mod = 'soon'"), "no-package"),
    "a time without end": (with_database("update notes set mod = 9e999"), "no-package"),
    "a note's id without end": (with_database("update cards set nid = 9e999"), "no-package"),
    "a note's id past all numbers": (with_database("update notes set id = 9223372036854775807"), "no-package"),
    "a card's id below zero": (with_database("update cards set id = -5"), "no-package"),
    "a card's place without end": (with_database("update cards set due = -9e999"), "no-package"),
    "a deck without end": (with_database("update cards set did = 9e999"), "no-package"),
    "an ordinal past all numbers": (with_database("update cards set ord = 9223372036854775807"), "no-package"),
    "an ordinal below zero": (with_database("update cards set ord = -1"), "no-package"),
    "a note type without end": (
        with_database("""update col set models = replace(models, '"type":', '"mod": 1e999, "type":')"""),
        "no-package",
    ),
    "a guid of two lines": (with_database("update notes set guid = guid || char(10) || 'sound'"), "no-package"),
    "a guid with a NUL": (with_database("update notes set guid = cast(x'610062' as text)"), "no-package"),
    "a deck of two lines": (
        with_database("update col set decks = replace(decks, 'Small', 'Sm\\nall')"),
        "no-package",
    ),
    "a deck with a NUL": (
        with_database("update col set decks = replace(decks, 'Small', 'Sm\\u0000all')"),
        "no-package",
    ),
    "half a sign in a deck": (
        with_database("update col set decks = replace(decks, 'Small', 'Sm\\ud800all')"),
        "no-package",
    ),
    "a field of two lines": (
        with_database("""update col set models = replace(models, '"Extra"', '"Ex\\ntra"')"""),
        "no-package",
    ),
    "a note type without cards": (
        with_database(f"update col set models = {_WITHOUT.format('tmpls')}"),
        "no-package",
    ),
    "a note type without fields": (
        with_database(f"update col set models = {_WITHOUT.format('flds')}"),
        "no-package",
    ),
    "a note from the future": (with_database(f"update notes set mod = {FUTURE}"), "time-ahead"),
    "news from the future": (with_manifest(newest=FUTURE), "time-ahead"),
    "a release from the future": (with_manifest(releases=[{**RELEASE, "time": FUTURE}]), "time-ahead"),
    "a memory from the future": (with_manifest(remembered={"old": {**LINE, "time": FUTURE}}), "time-ahead"),
    "a version that is a number": (with_manifest(version=7), "no-package"),
    "a version that is a path": (with_manifest(version="../../owned"), "no-package"),
    "a release that is a path": (with_manifest(releases=[{**RELEASE, "release": "../../owned"}]), "no-package"),
    "a release of a path": (with_manifest(releases=[{**RELEASE, "deck": "../x"}]), "no-package"),
    "a release without a time": (with_manifest(releases=[{**RELEASE, "time": None}]), "no-package"),
    "releases that are a text": (with_manifest(releases="1.0.0"), "no-package"),
    "a memory that is a text": (with_manifest(remembered={"old": "x"}), "no-package"),
    "a memory of a path": (with_manifest(remembered={"../x": LINE}), "no-package"),
    "a deck that is a path": (with_manifest(deck="../small"), "no-package"),
    "a deck that is a list": (with_manifest(deck=["small"]), "no-package"),
    "a title of two lines": (with_manifest(title="Small\nsound"), "no-package"),
    "half a sign in an author": (with_manifest(author="\ud800"), "no-package"),
    "a source that is a script": (with_manifest(sources=[{"url": "javascript:alert(1)"}]), "no-package"),
    "a source from no day": (with_manifest(sources=[{"published": "2025-02-31"}]), "no-package"),
    "reports to a script": (with_manifest(feedback="javascript:alert('{note}')"), "no-package"),
    "reports to nowhere": (with_manifest(feedback=["mailto:me@example.org"]), "no-package"),
    "a number past all bounds": (
        lambda members: archive({**members, "cuedeck.json": b'{"newest": ' + b"9" * 5000 + b"}"}),
        "no-package",
    ),
    "an infinity": (lambda members: archive({**members, "cuedeck.json": b'{"newest": Infinity}'}), "no-package"),
}


@pytest.mark.parametrize(("spoil", "rule"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_values_that_no_deck_has_are_refused_by_every_command(
    around: Path, spoil: Callable[[MEMBERS], bytes], rule: str
) -> None:
    """A rehearsal refuses them before Anki sees them, a build replaces its package, and no site is made."""
    data = deck({"one": question("What is hard abandonment?", "An open breakup.")}, author="A. Writer", license="CC0")
    built = release(write(Path(), data), "1.0.0", at=FIRST).build
    hostile = spoil(dict(built.members))
    Path("hostile.apkg").write_bytes(hostile)
    for words in (["verify", "hostile.apkg"], ["diff", "hostile.apkg"], ["rehearse", "hostile.apkg"]):
        refused(words, rule)
    lock = Path("cards.lock").read_bytes()
    kept = Path("decks/small-1.0.0.apkg")
    kept.write_bytes(hostile)
    shared = run("share")
    assert (shared.exit_code, shared.stderr.count(": error: ")) == (1, 1)
    assert not Path(".cuedeck/site").exists()
    kept.write_bytes(Path("decks/small.apkg").read_bytes())
    Path("decks/small.apkg").write_bytes(hostile)
    assert run("build").exit_code == 0
    assert Path("decks/small.apkg").read_bytes() == kept.read_bytes()
    assert Path("cards.lock").read_bytes() == lock
    Path("cards.lock").unlink()
    before = contents(around)
    refused(["adopt", "hostile.apkg"], rule)
    assert contents(around) == before


# Packages that Anki imports, but cannot work with afterwards.
STRANDED: dict[str, Callable[[MEMBERS], bytes]] = {
    "in a deck below zero": with_database("update cards set did = -1650000000002"),
    "in a deck that is not in it": with_database("update cards set did = 1650000000002"),
}


@pytest.mark.needs("anki")
@pytest.mark.parametrize("spoil", STRANDED.values(), ids=STRANDED)
def test_cards_without_a_deck_cannot_be_rehearsed(around: Path, spoil: Callable[[MEMBERS], bytes]) -> None:
    """Anki imports cards whose deck is not in the package, and then cannot study them, which is said in its words."""
    built = build_deck(Path(), deck({"one": question(), "two": question("Why?", "So.")})).build
    Path("hostile.apkg").write_bytes(spoil(dict(built.members)))
    refused(["rehearse", "hostile.apkg"], "anki-fails")


@pytest.mark.parametrize("id", ["No id", "a/../b", "x" * 101, "ü"])
def test_what_is_adopted_can_be_read_again(around: Path, id: str) -> None:
    """A forged package of ours never leads to a lock that the next command would call damaged."""
    built = build_deck(Path(), deck({"one": question()})).build
    forged = with_database(f"update notes set flds = replace(flds, char(31) || 'one' || char(31), '\x1f{id}\x1f')")
    Path("hostile.apkg").write_bytes(forged(dict(built.members)))
    Path("cards.lock").unlink()
    refused(["adopt", "hostile.apkg"], "no-package")
    assert not Path("cards.lock").exists()


@pytest.mark.parametrize("time", ["soon", "\u202e01:32", "9" * 5000, "-1", ""])
def test_a_moment_in_a_package_of_ours_may_be_none(around: Path, time: str) -> None:
    """Without it, the note comes back when the package is imported, and a remark says so."""
    built = build_deck(Path(), deck({"one": question()})).build
    spoilt = with_database(f"update notes set flds = replace(flds, '01:32', '{time}')")(dict(built.members))
    Path("hostile.apkg").write_bytes(spoilt)
    result = run("import", "hostile.apkg", "out")
    assert result.exit_code == 0, result.output
    assert not time or "the moments of the notes do not come back" in result.output
    assert "at: " not in Path("out/cards.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(("spoil", "rule"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_package_is_refused_by_every_command(
    around: Path, spoil: Callable[[MEMBERS], bytes], rule: str
) -> None:
    """Whichever command opens it, the author gets one sentence, and no file is written anywhere."""
    built = build_deck(Path(), deck({"one": question(), "two": cloze("It is {{c1::x}}.")})).build
    hostile = Path("hostile.apkg")
    hostile.write_bytes(spoil(dict(built.members)))
    before = contents(around)
    for words in (["verify", "hostile.apkg"], ["diff", "hostile.apkg", "cards.yaml"]):
        refused(words, rule)
        assert contents(around) == before
    Path("cards.lock").unlink()
    Path("decks/small.apkg").unlink()
    refused(["adopt", "hostile.apkg"], rule)
    assert contents(around) == {name: before[name] for name in ("deck/cards.yaml", "deck/hostile.apkg")}


def refused(words: list[str], rule: str) -> None:
    result = run(*words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("hostile.apkg: error: ")
    assert f"[{rule}]\n" in result.stderr
    assert result.stderr.count(": error: ") == 1


def contents(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file() and path.parent.name != ".cuedeck")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def with_list(change: Callable[[dict[str, Any], MEMBERS], Any]) -> Callable[[MEMBERS], bytes]:
    """Return a function that makes a package with another list of media files, and perhaps other files."""

    def made(members: MEMBERS) -> bytes:
        members = dict(members)
        listed = change(json.loads(members["media"]), members)
        return archive({**members, "media": listed if isinstance(listed, bytes) else json.dumps(listed).encode()})

    return made


def _swapped(listed: dict[str, Any], members: MEMBERS) -> dict[str, Any]:
    return {**listed, "1": listed["2"], "2": listed["1"]}


def _other_bytes(listed: dict[str, Any], members: MEMBERS) -> dict[str, Any]:
    members["1"] = file("png", "evil")
    return listed


def _one_more(listed: dict[str, Any], members: MEMBERS) -> dict[str, Any]:
    members["7"] = b"#!/bin/sh"
    return {**listed, "7": "more.sh"}


def _unlisted(listed: dict[str, Any], members: MEMBERS) -> dict[str, Any]:
    members["7"] = b"#!/bin/sh"
    return listed


def _without_member(listed: dict[str, Any], members: MEMBERS) -> dict[str, Any]:
    del members["1"]
    return listed


# Name: what is done to the list of media files, a part of what `verify` says, and the code with which `adopt` ends.
LYING: dict[str, tuple[Callable[[dict[str, Any], MEMBERS], Any], str, str]] = {
    "other bytes": (_other_bytes, "1 media file has other contents than its file: media/", "no-package"),
    "swapped": (_swapped, "2 media files have other contents than their files: media/a.png, media/b.png", "no-package"),
    "a name twice": (lambda listed, _: {**listed, "1": listed["2"]}, "2 times", "no-package"),
    "an entry too many": (
        lambda listed, _: {**listed, "7": "more.png"},
        "1 media file does not belong in it: more.png",
        "",
    ),
    "a file too many": (_one_more, "1 media file does not belong in it: more.sh", ""),
    "a file without an entry": (_unlisted, 'the file "7" is not in its list', ""),
    "an entry without a file": (_without_member, "1 media file is missing: media/", "file-not-packed"),
    "the database": (
        lambda listed, _: {"collection.anki2" if member == "1" else member: name for member, name in listed.items()},
        'the file "1" is not in its list of media files',
        "file-not-packed",
    ),
    "a path": (
        lambda listed, _: {**listed, "1": f"../../{listed['1']}"},
        "does not belong in it: ../../cuedeck-",
        "file-not-packed",
    ),
    "a name of two lines": (
        lambda listed, _: {**listed, "1": "a\nb\x1b]0;owned\x07"},
        "is missing: media/",
        "file-not-packed",
    ),
    "half a sign": (lambda listed, _: {**listed, "1": "\ud800.png"}, "is missing: media/", "file-not-packed"),
    "a number for a name": (lambda listed, _: {**listed, "1": 7}, 'the file "1" is not in its list', "file-not-packed"),
    "a list": (lambda listed, _: [*listed.values()], "its list of media files cannot be read", "no-package"),
    "nothing": (lambda *_: b"", "3 media files are missing", "file-not-packed"),
    "no JSON": (lambda *_: b"\x08\x03", "its list of media files cannot be read", "no-package"),
    "no end": (lambda *_: b"[" * 100_000, "its list of media files cannot be read", "no-package"),
    "no list at all": (lambda _, members: b" " * 2_000_000, "its list of media files cannot be read", "no-package"),
}


@pytest.mark.needs("anki", "nh3", "resvg_py")
@pytest.mark.usefixtures("sketched")
@pytest.mark.parametrize(("change", "said", "adopted"), LYING.values(), ids=LYING)
def test_a_list_of_media_files_that_lies(
    around: Path, change: Callable[[dict[str, Any], MEMBERS], Any], said: str, adopted: str
) -> None:
    """`verify` and `share` refuse it, and every other command ends as it should, without a traceback."""
    put(Path(), a_png="a", b_png="b")
    texts = {"one": "What is hard abandonment? ![a](media/a.png)", "two": "What is it? ![b](media/b.png)"}
    notes = {id: question(text, "An open breakup.") for id, text in texts.items()}
    data = deck(notes, author="A. Writer", license="CC0")
    release(write(Path(), data), "1.0.0", at=FIRST)
    hostile = with_list(change)(dict(read_members(Path("decks/small.apkg"))))
    Path("hostile.apkg").write_bytes(hostile)
    verified = run("verify", "hostile.apkg")
    assert verified.exit_code == 1
    assert said in verified.stderr
    assert not {"\x1b", "\x07"} & set(verified.output)
    assert run("diff", "hostile.apkg").exit_code == 0
    assert run("rehearse", "hostile.apkg").exit_code in (0, 1)
    kept = Path("decks/small-1.0.0.apkg")
    kept.write_bytes(hostile)
    assert "[release-changed]" in run("share").stderr
    assert not Path(".cuedeck/site").exists()
    Path("decks/small.apkg").write_bytes(hostile)
    assert run("build").exit_code == 0
    assert run("verify", "decks/small.apkg").exit_code == 0
    Path("cards.lock").unlink()
    result = run("adopt", "hostile.apkg")
    assert (f"[{adopted}]" in result.stderr) is bool(adopted)
    assert Path("cards.lock").exists() is (result.exit_code == 0) is (adopted != "no-package")
    assert not {"\x1b", "\x07"} & set(result.output)


def test_names_in_a_package_lead_nowhere(around: Path) -> None:
    """Names that lead out of the folder are reported as not belonging in the package, and are not followed."""
    built = build_deck(Path(), deck({"one": question()})).build
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile("hostile.apkg", "w") as package:
        for name, data in built.members.items():
            package.writestr(name, data)
        for name in ("../outside", f"{around.as_posix()}/absolute", link):
            package.writestr(name, b"/etc/passwd")
    before = contents(around)
    result = run("verify", "hostile.apkg")
    assert result.exit_code == 1
    assert 'the file "../outside" does not belong in the package' in result.stderr
    assert run("diff", "hostile.apkg", "cards.yaml").exit_code == 0
    assert contents(around) == before


@pytest.mark.parametrize("sign", ["\x1b", "\x9b", "\x07", "\u202e", "\u2066"])
def test_texts_in_a_package_do_not_steer_the_terminal(around: Path, sign: str) -> None:
    """Control characters are not sent to the terminal, whichever of a package's texts they are in."""
    built = release_deck(Path(), deck({"one": question(), "two": question("Why?", "So.")})).build
    steered = with_database(
        f"update notes set flds = replace(flds, 'That.', '{sign}owned'), tags = ' {sign}owned '",
        f"update notes set guid = guid || '{sign}owned' where flds like '%Why?%'",
        f"update col set decks = replace(decks, 'Small', 'Sm\\u{ord(sign):04x}owned')",
    )
    members = {**built.members, f"name{sign}owned": b""}
    Path("hostile.apkg").write_bytes(steered(members))
    for words in (["diff", "hostile.apkg"], ["verify", "hostile.apkg"], ["import", "--dry-run", "hostile.apkg"]):
        result = run(*words)
        assert result.exit_code == (words[0] != "import")
        assert "owned" in result.output
        assert sign not in result.output
    Path("cards.lock").unlink()
    assert sign not in run("adopt", "hostile.apkg").output


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.needs("nh3", "resvg_py")
@pytest.mark.parametrize("sign", ["\x1b]0;owned\x07", "\ncards.yaml: sound: 1 note, 1 card", "\x9b31m", "\u202elmay"])
def test_file_names_do_not_steer_the_terminal(around: Path, sign: str, plain_environment: dict[str, str]) -> None:
    """Neither with a problem nor without one: the folder of a stranger may have any name."""
    home = around / f"deck{sign}"
    cards = write(
        home, deck({"one": question("What is hard abandonment?", "An open breakup.")}, author="A", license="B")
    )
    (around / "bad.yaml").write_text("deck: {}\n", encoding="utf-8")
    bad = (around / "bad.yaml").rename(home / "bad.yaml")
    package = home / "decks" / "small.apkg"
    again = write(home / "again", deck({"one": question("What is hard abandonment?", "An open breakup.")}))
    commands = [
        ["check", str(cards)],
        ["build", "-v", str(cards)],
        ["verify", str(package), str(cards)],
        ["release", "1.0.0", str(cards)],
        ["diff", str(package), str(cards)],
        ["share", "-o", str(home / "site"), str(cards)],
        ["adopt", str(package), str(again)],
        ["preview", str(cards)],
        ["coverage", str(cards), "-o", str(home / "c.svg")],
        ["init", str(home / "new")],
        ["check", str(bad)],
        ["check", str(home / "missing.yaml")],
        ["check", str(bad), str(home)],
        ["coverage", "-o", str(home / "c.png"), str(cards)],
        ["preview", "--port", f"1{sign}", str(cards)],
        ["explain", f"deck{sign}"],
        ["check", f"--deck{sign}"],
    ]
    said = on_terminal([sys.executable, "-c", ONE_AFTER_ANOTHER, json.dumps(commands)], around, plain_environment)
    *each, rest = said.split(ENDED)
    assert ["deck" in words for words in each] == [True] * len(commands)
    assert rest == ""
    assert sign not in said


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize("sign", ["\x1b]0;owned\x07", "\x9b31m", "\x7f", "\u2028", "\u202elmay"])
def test_data_does_not_steer_the_terminal(around: Path, sign: str, plain_environment: dict[str, str]) -> None:
    """JSON and Markdown are for programs, but a person may look at them. What programs read is the same."""
    built = release_deck(Path(), deck({"one": question()})).build
    steered = with_database(f"update notes set flds = replace(flds, 'That.', 'That{sign}.')")
    Path("hostile.apkg").write_bytes(steered(built.members))
    put(Path(), picture_png="a picture")
    name = f"media/a{sign}.png"
    Path("media/picture.png").rename(name)
    commands = [
        ["media", "--prune"],
        ["media", "--format", "json"],
        ["diff", "hostile.apkg", "--format", "json"],
        ["diff", "hostile.apkg", "--format", "markdown"],
    ]
    said = on_terminal([sys.executable, "-c", ONE_AFTER_ANOTHER, json.dumps(commands)], Path.cwd(), plain_environment)
    assert said.count(ENDED) == len(commands)
    assert "That" in said
    assert sign not in said
    assert json.loads(run("media", "--prune", "--format", "json").stdout) == {"unused": [name]}


# What is beside a cards.yaml, by name: a pipe in its place, and the exit code of a build.
PIPES = {"cards.lock": 1, "another.lock": 0, "other.yaml": 0, "lectures/1.yaml": 0, ".cuedeck/.gitignore": 0}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize(("name", "code"), PIPES.items(), ids=PIPES)
def test_a_pipe_beside_a_deck_is_not_waited_for(around: Path, name: str, code: int) -> None:
    """Nobody is at its other end, so a command that read from it or wrote to it would wait forever."""
    write(Path(), deck({"one": question("What is hard abandonment?", "An open breakup.")}))
    for folder in ("lectures", ".cuedeck"):
        Path(folder).mkdir()
    Path("decks.yml").write_text("deck: {parts: [lectures/*.yaml]}", encoding="utf-8")
    put(Path(), unused_png="a picture")
    os.mkfifo(name)
    for command in ("check", "build"):
        result = run(command)
        assert result.exit_code == code
        assert ("this is a pipe or a device, not a file [unreadable]" in result.output) == (code == 1)


COMMANDS = (["check"], ["build"], ["preview"], ["release", "1.0.0"], ["share"])


@pytest.mark.parametrize("name", ["build.lock", ".gitignore", "preview.html", "media.json", "site"])
def test_links_in_the_state_folder_are_not_followed(around: Path, name: str) -> None:
    """A stranger's folder may have any there, and what they lead to would be overwritten."""
    put(Path(), a_png="a picture")
    question_with_picture = question("What is hard abandonment? ![](media/a.png)", "An open breakup.")
    write(Path(), deck({"one": question_with_picture}, license="CC BY 4.0", author="Ada"))
    victim = around / "victim"
    if name == "site":
        victim.mkdir()
    else:
        victim.write_text("precious", encoding="utf-8")
    Path(".cuedeck").mkdir()
    Path(".cuedeck", name).symlink_to(victim)
    for command in COMMANDS:
        assert run(*command).exit_code == 0, command
    if name == "site":
        assert not [*victim.iterdir()]
    else:
        assert victim.read_text(encoding="utf-8") == "precious"


def test_a_state_folder_that_is_a_link_is_refused(around: Path) -> None:
    """Nothing is written where it leads."""
    write(Path(), deck({"one": question("What is hard abandonment?", "An open breakup.")}))
    victim = around / "victim"
    victim.mkdir()
    Path(".cuedeck").symlink_to(victim)
    for command in COMMANDS[1:4]:
        result = run(*command)
        assert result.exit_code == 1
        assert ".cuedeck: error: this is a link, and files could be overwritten there [unwritable]\n" in result.stderr
    assert run("check").exit_code == 0
    assert not [*victim.iterdir()]
