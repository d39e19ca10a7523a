"""Links in notes that were built before: a new sign alone changes no note, and a new address is reported."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cuedeck.package.contents import DATABASE
from cuedeck.package.opening import read_members
from cuedeck.usecases.adopt import adopt
from cuedeck.usecases.build import build
from tests.making import DAY, FIRST, TALK, build_deck, deck, edit, question, release_deck
from tests.running import run

PLAYER = {"title": "A film", "author": "A. Maker", "url": "https://e.org/film", "link": "{url}?t={seconds}"}
NOTES: dict[str, Any] = {
    "main": question("What is first?", "One.", source="talk"),
    "several": question("What is second?", "Two.", source="talk", at=["0:10", "0:20"]),
    "film": question("What is third?", "Three.", source="film", at="0:46"),
    "both": question("What is fourth?", "Four.", source="film", at=["0:50", "1:02:03"]),
}


pytestmark = pytest.mark.usefixtures("folder")


def sources(talk: dict[str, str], film: dict[str, str]) -> dict[str, Any]:
    return {"talk": talk, "film": film}


def built_formerly(talk: dict[str, str], film: dict[str, str]) -> None:
    """Build as version 1.0.0 did: it took every page with a template for a page of text."""
    former = sources(*({**each, "opens": "page"} for each in (talk, film)))
    build_deck(Path(), deck(NOTES, sources=former))
    cards = Path("cards.yaml")
    text = cards.read_text(encoding="utf-8")
    assert text.count("    opens: page\n") == 2
    cards.write_text(text.replace("    opens: page\n", ""), encoding="utf-8")


def rows() -> dict[str, tuple[Any, ...]]:
    """Return the notes of the package by id."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(read_members(Path("decks/small.apkg"))[DATABASE])
        found = connection.execute("select guid, id, mod, flds, tags from notes").fetchall()
    return {next(id for id in NOTES if f"\x1f{id}\x1f" in row[3]): row for row in found}


def test_a_sign_alone_touches_no_note() -> None:
    """Neither of another source nor of a further moment; the package is the same, byte for byte."""
    built_formerly(TALK, PLAYER)
    before, lock = Path("decks/small.apkg").read_bytes(), Path("cards.lock").read_bytes()
    assert "¶ 00:46" in rows()["film"][3]
    written = build(Path("cards.yaml"), at=FIRST + DAY)
    assert (dict(written.build.counts), written.warnings) == ({"unchanged": 4}, ())
    assert (Path("decks/small.apkg").read_bytes(), Path("cards.lock").read_bytes()) == (before, lock)
    assert run("verify", "decks/small.apkg").exit_code == 0


def test_the_sign_of_the_main_source_is_that_of_the_note_type() -> None:
    """It changes there, and the notes stay as they are, further moments included."""
    built_formerly(PLAYER, {**TALK, "title": "Another"})
    before = rows()
    written = build(Path("cards.yaml"), at=FIRST + DAY)
    assert dict(written.build.counts) == {"unchanged": 4}
    assert {each.status for each in written.build.types} == {"changed"}
    assert "▶ {{Clock}}" in written.build.types[0].type.templates[0].back
    assert rows() == before


def test_an_edit_brings_the_new_sign_to_its_note_alone() -> None:
    """A note that is delivered anyway gets the new sign; the others wait until they are edited."""
    built_formerly(TALK, PLAYER)
    before = rows()
    edit(Path("cards.yaml"), "Three.", "A third.")
    written = build(Path("cards.yaml"), at=FIRST + DAY)
    assert dict(written.build.counts) == {"changed": 1, "unchanged": 3}
    after = rows()
    assert "▶ 00:46" in after.pop("film")[3]
    assert after == {id: row for id, row in before.items() if id != "film"}
    assert dict(build(Path("cards.yaml"), at=FIRST + 2 * DAY).build.counts) == {"unchanged": 4}


def test_an_adopted_package_keeps_its_signs() -> None:
    """A lock that was lost comes back, and the next build is the package."""
    built_formerly(TALK, PLAYER)
    before = Path("decks/small.apkg").read_bytes()
    Path("cards.lock").unlink()
    done = adopt(Path("decks/small.apkg"), Path("cards.yaml"))
    assert (done.unchanged, done.changed) == (4, ())
    assert dict(build(Path("cards.yaml"), at=FIRST + DAY).build.counts) == {"unchanged": 4}
    assert Path("decks/small.apkg").read_bytes() == before


def test_a_link_that_leads_elsewhere_is_named() -> None:
    """By check, build and diff, with both addresses: exactly the notes that have it are delivered anew."""
    film = {**PLAYER, "opens": "player"}
    release_deck(Path(), deck(NOTES, sources=sources(TALK, film)))
    before = rows()
    edit(Path("cards.yaml"), "https://e.org/film", "https://e.org/moved?x=1")
    said = [
        r'"film" .*https://e\.org/film\?t=46 .*https://e\.org/moved\?x=1&t=46: .* \[link-changed',
        r'"both" .*https://e\.org/film\?t=50 .*https://e\.org/moved\?x=1&t=50: .* \[link-changed',
    ]
    for words in (["check"], ["diff", "decks/small.apkg", "cards.yaml"], ["build"]):
        result = run(*words)
        assert all(re.search(each, result.output) for each in said), words
        assert result.output.count("link-changed") in (2, 3)  # one in the line that accepts both
    after = rows()
    assert {id for id in NOTES if after[id] != before[id]} == {"film", "both"}
    # A release has to accept it, so it is reported until then.
    assert run("check").output.count("[link-changed]") == 2


def test_another_moment_is_no_other_address() -> None:
    """If the author edits a moment, diff shows that, and there is no hazard."""
    build_deck(Path(), deck(NOTES, sources=sources(TALK, PLAYER)))
    edit(Path("cards.yaml"), "at: 0:46", "at: 0:47")
    assert "link-changed" not in run("build").output


def test_a_moved_main_source_touches_no_note() -> None:
    """Its address is in the note type; a further moment in a note itself is another matter, and is named."""
    release_deck(Path(), deck(NOTES, sources=sources(TALK, PLAYER)))
    edit(Path("cards.yaml"), "https://example.org/talk", "https://example.org/moved")
    result = run("build")
    assert "(0 new, 1 changed, 3 unchanged)" in result.output
    assert re.search('"several" .*https://example.org/talk#:~:text=00:20 ', result.output)
    assert result.output.count("[link-changed]") == 1


def test_a_release_wants_it_accepted() -> None:
    """One acceptance is enough for all notes that it is about."""
    about = {"author": "A. Writer", "license": "CC0"}
    data = deck(NOTES, sources=sources(TALK, PLAYER), **about)
    data["check"] = {"ignore": {"note-outside-concept": "The moments matter here, and no concept's span does."}}
    build_deck(Path(), data)
    assert run("release", "1.0.0").output.count("error") == 0
    edit(Path("cards.yaml"), "https://e.org/film", "https://e.org/moved")
    refused = run("release", "1.0.1", at=FIRST + DAY)
    assert "link-changed" in refused.output
    words = ["release", "1.0.1", "--accept", "link-changed:film"]
    done = run(*words, at=FIRST + DAY)
    assert done.exit_code == 0, done.output


PRINTED = {**TALK, "link": "{url}#:~:text={m:ss}"}


def test_notes_contain_links_that_no_template_can_make() -> None:
    """Those of the main source, too. The note type then makes none, and still names the source."""
    build_deck(Path(), deck(NOTES, sources=sources(PRINTED, PLAYER)))
    assert "#:~:text=1:32" in rows()["main"][3]
    assert all(f"#:~:text={each}" in rows()["several"][3] for each in ("0:10", "0:20"))
    written = build(Path("cards.yaml"), at=FIRST + DAY)
    assert dict(written.build.counts) == {"unchanged": 4}
    back = written.build.types[0].type.templates[0].back
    assert 'cue-moment"' not in back
    assert "A talk" in back
    assert run("verify", "decks/small.apkg").exit_code == 0
    assert run("diff", "decks/small.apkg", "cards.yaml").exit_code == 0


@pytest.mark.parametrize(("before", "now"), [(TALK, PRINTED), (PRINTED, TALK)])
def test_another_maker_of_links_is_named(before: dict[str, str], now: dict[str, str]) -> None:
    """If links of the main source move into its notes, or out of them, these notes are delivered anew."""
    release_deck(Path(), deck(NOTES, sources=sources(before, PLAYER)))
    had = rows()
    edit(Path("cards.yaml"), before["link"], now["link"])
    for words in (["check"], ["diff", "decks/small.apkg", "cards.yaml"], ["build"], ["check"]):
        result = run(*words)
        for note in ("main", "several"):
            assert re.search(rf'"{note}" led to .*the address that the note type makes', result.output), words
    got = rows()
    assert {id for id in NOTES if had[id] != got[id]} == {"main", "several"}


def test_another_moment_in_such_a_note_is_no_other_address() -> None:
    """Before and after a draft, since the lock then has what the release left."""
    release_deck(Path(), deck(NOTES, sources=sources(PRINTED, PLAYER)))
    edit(Path("cards.yaml"), "0:10", "0:11")
    for words in (["check"], ["build"], ["check"], ["diff", "decks/small.apkg", "cards.yaml"]):
        assert "link-changed" not in run(*words).output, words


def test_such_a_link_that_leads_elsewhere_is_named() -> None:
    """As those of other sources are."""
    release_deck(Path(), deck(NOTES, sources=sources(PRINTED, PLAYER)))
    edit(Path("cards.yaml"), "{url}#:~:text={m:ss}", "{url}?t={h}h{m}m{s}s")
    for words in (["check"], ["build"], ["check"]):
        result = run(*words)
        assert re.search(r'"main" led to .*#:~:text=1:32 and now leads to .*\?t=0h1m32s', result.output), words
        assert result.output.count("[link-changed]") == 2
