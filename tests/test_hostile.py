"""Packages that come from anyone, as `verify`, `diff` and `adopt` meet them: one sentence, and nothing is written."""

import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from builder.cli import cuedeck
from builder.package import database, opening
from builder.package.container import archive
from tests.making import build_deck, cloze, deck, question

MEMBERS = dict[str, bytes]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in a folder, with a deck that was built in it, and no repository around it."""
    (tmp_path / "deck").mkdir()
    monkeypatch.chdir(tmp_path / "deck")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.setattr(opening, "_LARGEST", 10_000_000)
    monkeypatch.setattr(database, "_LONGEST", 1_000_000)
    return tmp_path


def with_database(*statements: str) -> Callable[[MEMBERS], bytes]:
    """Return what makes a package whose database was changed by some SQL."""

    def made(members: MEMBERS) -> bytes:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.deserialize(members["collection.anki2"])
            for statement in statements:
                connection.execute(statement)
            connection.commit()
            return archive({**members, "collection.anki2": connection.serialize()})

    return made


def bomb(members: MEMBERS) -> bytes:
    """Return a package of some kilobytes that unpacks to many megabytes, a package in it that does so again."""
    inner = archive({"zeros": bytes(9_000_000)})
    return archive({**members, "inner.apkg": inner, "zeros": bytes(20_000_000)})


# Name: what is made of the members of a sound package, and the rule of what is said.
HOSTILE: dict[str, tuple[Callable[[MEMBERS], bytes], str]] = {
    "not a zip": (lambda _: b"deck: {}\n", "no-package"),
    "truncated": (lambda members: archive(members)[:-100], "no-package"),
    "junk behind it": (lambda members: archive(members) + b"junk", "no-package"),
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


@pytest.mark.parametrize(("spoil", "rule"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_package_is_refused_by_every_command(
    folder: Path, spoil: Callable[[MEMBERS], bytes], rule: str
) -> None:
    """Whichever command opens it, the author reads one sentence, and no file is written anywhere."""
    built = build_deck(Path(), deck({"one": question(), "two": cloze("It is {{c1::x}}.")})).build
    hostile = Path("hostile.apkg")
    hostile.write_bytes(spoil(dict(built.members)))
    before = contents(folder)
    for words in (["verify", "hostile.apkg"], ["diff", "hostile.apkg", "cards.yaml"]):
        refused(words, rule)
        assert contents(folder) == before
    Path("cards.lock").unlink()
    Path("decks/small.apkg").unlink()
    refused(["adopt", "hostile.apkg"], rule)
    assert contents(folder) == {name: before[name] for name in ("deck/cards.yaml", "deck/hostile.apkg")}


def refused(words: list[str], rule: str) -> None:
    result = CliRunner().invoke(cuedeck, words, catch_exceptions=False)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("hostile.apkg: error: ")
    assert f"[{rule}]\n" in result.stderr
    assert result.stderr.count(": error: ") == 1


def contents(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file() and path.parent.name != ".cuedeck")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_what_a_package_is_called_leads_nowhere(folder: Path) -> None:
    """Names in a package that lead out of the folder are told as what does not belong in it, and are not followed."""
    built = build_deck(Path(), deck({"one": question()})).build
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile("hostile.apkg", "w") as package:
        for name, data in built.members.items():
            package.writestr(name, data)
        for name in ("../outside", f"{folder.as_posix()}/absolute", link):
            package.writestr(name, b"/etc/passwd")
    before = contents(folder)
    result = CliRunner().invoke(cuedeck, ["verify", "hostile.apkg"], catch_exceptions=False)
    assert result.exit_code == 1
    assert 'the file "../outside" does not belong in the package' in result.stderr
    assert CliRunner().invoke(cuedeck, ["diff", "hostile.apkg", "cards.yaml"], catch_exceptions=False).exit_code == 0
    assert contents(folder) == before


def test_what_a_package_holds_is_shown_without_effect(folder: Path) -> None:
    """Signs that would steer a terminal are not sent to it, whichever of a package's texts they stand in."""
    built = build_deck(Path(), deck({"one": question()})).build
    steered = with_database(
        "update notes set flds = replace(flds, 'That.', char(27) || ']0;owned' || char(7))",
        "update col set decks = replace(decks, 'Small', 'Sm\\u001b]0;owned\\u0007all')",
    )
    members = {**built.members, "name\x1b]0;owned\x07": b""}
    Path("hostile.apkg").write_bytes(steered(members))
    for words in (["diff", "hostile.apkg", "cards.yaml"], ["verify", "hostile.apkg"]):
        result = CliRunner().invoke(cuedeck, words, catch_exceptions=False)
        assert result.exit_code == 1
        assert "owned" in result.output
        assert not {"\x1b", "\x07"} & set(result.output)
