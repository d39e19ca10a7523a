"""Sharing a release: what the folder contains, what prevents it, and what in the folder is left alone."""

import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import astuple, replace
from functools import partial
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import pytest

from cuedeck.building.assembling import stamp
from cuedeck.building.loading import load
from cuedeck.building.packing import contents
from cuedeck.disk import storing
from cuedeck.disk.workspace import Workspace
from cuedeck.history.lockfile import to_text
from cuedeck.history.stamping import StampedType
from cuedeck.package.container import archive, members
from cuedeck.package.contents import digests, fingerprint
from cuedeck.package.opening import read_members
from cuedeck.problems import Problems
from cuedeck.rendering.fields import digest
from cuedeck.usecases.release import release
from cuedeck.usecases.share import share
from tests.earlier import first_version
from tests.making import DAY, FIRST, TALK, build_deck, cloze, deck, edit, question, write
from tests.pictures import drawing, mp3, name_of, photo, put
from tests.running import run

ATOM = "{http://www.w3.org/2005/Atom}"
ABOUT = {"author": "A. Writer", "license": "CC BY-SA 4.0", "description": "About **this**.", "tags": ["talks"]}
NOTES = {"one": question("What is hard abandonment?", "An open breakup."), "two": cloze("Said by {{c1::a lecturer}}.")}
CARDS = Path("cards.yaml")
NAMES = {"index.html", "small.apkg", "SHA256SUMS", "feed.xml", "ankiweb.md", "social.png"}


pytestmark = [pytest.mark.usefixtures("folder", "sketched"), pytest.mark.needs("nh3", "resvg_py")]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch, sketched: Callable[..., Any]) -> None:
    """Draw the picture for other sites, as the command does."""
    monkeypatch.setattr("resvg_py.svg_to_bytes", sketched)


def hand_out(data: dict[str, Any], version: str = "1.0.0", day: int = 0) -> None:
    release(write(Path(), data), version, at=FIRST + day * DAY)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def refused(*words: str) -> str:
    """Return the message if nothing is shared, and check that nothing was written."""
    result = run("share", *words or ["-o", "site"])
    assert result.exit_code == 1
    if not words:
        assert not Path("site").exists()
    return result.stderr


@pytest.mark.usefixtures("drawn")
def test_the_folder_holds_all_that_a_learner_needs() -> None:
    """Page, package under two names, checksums, feed, listing and picture; the command prints what it shared."""
    hand_out(deck(NOTES, **ABOUT))
    result = run("share", "-o", "site")
    assert (result.exit_code, result.stdout) == (0, "site: Small 1.0.0, 2 notes and 2 cards\n")
    found = files(Path("site"))
    assert set(found) == {*NAMES, "small-1.0.0.apkg"}
    assert found["small.apkg"] == found["small-1.0.0.apkg"] == Path("decks/small-1.0.0.apkg").read_bytes()
    sums = dict(reversed(line.split("  ")) for line in found.pop("SHA256SUMS").decode().splitlines())
    assert sums == {name: hashlib.sha256(data).hexdigest() for name, data in found.items()}
    page = found["index.html"].decode()
    assert sums["small.apkg"] in page
    assert found["social.png"].startswith(b"\x89PNG")
    assert found["social.png"][16:24] == (1200).to_bytes(4) + (630).to_bytes(4)


def test_the_bare_word_writes_where_git_does_not_see_it() -> None:
    """A folder that git sees would prevent the next release."""
    hand_out(deck(NOTES, **ABOUT))
    assert run("share", "-q").output == ""
    assert (Path(".cuedeck") / "site" / "index.html").is_file()


@pytest.mark.usefixtures("drawn")
def test_the_same_release_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """On any day, and into any folder."""
    hand_out(deck(NOTES, **ABOUT))
    share(CARDS, Path("one"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(FIRST + 99 * DAY))
    share(CARDS, Path("two"))
    assert files(Path("one")) == files(Path("two"))


def test_what_is_not_released_is_not_shared() -> None:
    """After edits of texts, moments, title, licence and description, the page is still that of the release."""
    source = {**TALK, "length": "10:00"}
    hand_out(deck({**NOTES, "old": question("Old?", "Gone")}, sources={"talk": source}, **ABOUT))
    share(CARDS, Path("before"))
    edited = deck(
        {**NOTES, "one": question("What is a draft?", "Not this."), "new": question("New?", "Yes", at="05:00")},
        sources={"talk": {**source, "title": "Another talk", "author": "B. Speaker"}},
        **{**ABOUT, "author": "B. Writer", "license": "CC0", "description": "Edited."},
    )
    build_deck(Path(), edited, FIRST + DAY, accept_all=True)
    share(CARDS, Path("after"))
    before, after = files(Path("before")), files(Path("after"))
    assert "Edited" not in after["ankiweb.md"].decode()
    assert "About this." in after.pop("ankiweb.md").decode()
    for name in ("ankiweb.md", "SHA256SUMS"):
        before.pop(name)
        after.pop(name, None)
    assert after == before


def test_every_release_is_told() -> None:
    """Page and feed list the releases, newest first, with what CHANGELOG.md says about the cards."""
    hand_out(deck(NOTES, **ABOUT))
    share(CARDS, Path("site"))
    first = ElementTree.parse("site/feed.xml").getroot()
    hand_out(deck({**NOTES, "three": question("And three?", "Trois")}, **ABOUT), "1.1.0", 31)
    share(CARDS, Path("site"))
    page = Path("site/index.html").read_text(encoding="utf-8")
    assert page.index('id="version-1.1.0"') < page.index('id="version-1.0.0"')
    assert "15 December 2023" in page
    assert "<li>First release, with 2 notes and 2 cards.</li>" in page
    second = ElementTree.parse("site/feed.xml").getroot()
    assert texts(second, "entry/id")[1:] == texts(first, "entry/id")
    assert texts(second, "id") == texts(first, "id")
    assert texts(second, "updated") == ["2023-12-15T22:13:20Z"]
    assert texts(second, "entry/updated") == ["2023-12-15T22:13:20Z", "2023-11-14T22:13:20Z"]
    # What has the address of the old version stays, since somebody may have linked to it.
    assert Path("site/small-1.0.0.apkg").read_bytes() == Path("decks/small-1.0.0.apkg").read_bytes()


def test_a_version_that_two_branches_made_is_told_once() -> None:
    """The newer one is shown: an id in a page or a feed stands for one thing."""
    hand_out(deck(NOTES, **ABOUT))
    lock = Path("cards.lock")
    (line,) = (line for line in lock.read_text(encoding="utf-8").splitlines() if '"release": ' in line)
    older = {**json.loads(line), "time": FIRST - DAY, "content": "0" * 20}
    lock.write_text(f"{lock.read_text(encoding='utf-8')}{json.dumps(older)}\n", encoding="utf-8")
    share(CARDS, Path("site"))
    assert texts(ElementTree.parse("site/feed.xml").getroot(), "entry/updated") == ["2023-11-14T22:13:20Z"]


def test_a_deck_among_several_has_its_own_notes() -> None:
    """If a folder contains several decks, the changelog names them."""
    hand_out(deck(NOTES, **ABOUT))
    other = write(Path("new"), deck({"a": question("A?", "1")}, **{**ABOUT, "id": "other", "namespace": "tests456"}))
    cards = other.rename("other.yaml")
    release(cards, "1.0.0", at=FIRST)
    share(cards, Path("site"))
    page = Path("site/index.html").read_text(encoding="utf-8")
    assert "First release, with 1 note and 1 card" in page
    assert "2 notes" not in page


LAKE, LINE, BELL = "![A <lake>](media/lake.png){width=50%}", "![A line](media/line.png)", "![a bell](media/bell.mp3)"
PICTURED = {"one": question(f"Where? {LAKE}", f"Here. {BELL}"), "two": cloze(f"Drawn as {{{{c1::{LINE}}}}}.")}


def hand_out_pictures(version: str = "1.0.0", day: int = 0, **more: Any) -> dict[str, str]:
    """Release a deck with two pictures and a sound; return their names in Anki by those of the files."""
    put(Path(), lake_png=photo(8, 6), line_png=drawing(8, 6), bell_mp3=mp3(1))
    hand_out(deck({**PICTURED, **more}, **ABOUT), version, day)
    return {name: name_of(Path("media", name)) for name in ("lake.png", "line.png", "bell.mp3")}


def test_pictures_and_sounds_of_the_samples_are_beside_the_page() -> None:
    """As they are in the package, under the names that their bytes give them, with their checksums."""
    names = hand_out_pictures()
    put(Path(), lake_png=drawing(3, 3), line_png=drawing(3, 3), bell_mp3=mp3(9))  # which no learner has
    share(CARDS, Path("site"))
    found = files(Path("site"))
    assert set(found) == {*NAMES, "small-1.0.0.apkg", *names.values()}
    assert found[names["lake.png"]] == photo(8, 6)
    sums = dict(reversed(line.split("  ")) for line in found.pop("SHA256SUMS").decode().splitlines())
    assert sums == {name: hashlib.sha256(data).hexdigest() for name, data in found.items()}
    page = found["index.html"].decode()
    # Older libraries write the attributes in another order, and do not escape what need not be escaped in them.
    (lake,) = re.findall(rf"<img (?=[^\n]*{names['lake.png']})[^\n]*", page)[:1]
    assert "A <lake>" in unescape(lake)
    assert 'width="50%"' in lake
    assert 'loading="lazy"' in lake
    assert f'<audio src="{names["bell.mp3"]}" aria-label="Sound" title="Sound" controls' in page
    assert ".cue-block img {\n  max-height" in page
    assert "img-src data: &#x27;self&#x27; file:; media-src &#x27;self&#x27; file:" in page
    assert "This page loads nothing from other sites." in page


def test_a_site_without_pictures_is_as_strict_as_ever() -> None:
    """Its page loads nothing at all, and has no style for pictures."""
    hand_out(deck(NOTES, **ABOUT))
    share(CARDS, Path("site"))
    page = Path("site/index.html").read_text(encoding="utf-8")
    assert "img-src data:; connect-src" in page
    assert "media-src" not in page
    assert ".cue-block img {\n  max-height" not in page
    assert "This page loads nothing from the network." in page


def test_pictures_of_an_earlier_site_leave_with_it() -> None:
    """Those that the samples no longer show are removed; files of others stay, whatever they are called."""
    names = hand_out_pictures()
    share(CARDS, Path("site"))
    strange = Path("site/cuedeck-0123456789abcdef.png")
    strange.write_bytes(b"mine")
    put(Path(), lake_png=photo(8, 6, blue=1))
    hand_out(deck(PICTURED, **ABOUT), "1.1.0", 1)
    share(CARDS, Path("site"))
    found = files(Path("site"))
    assert names["lake.png"] not in found
    assert found[name_of(Path("media/lake.png"))] == photo(8, 6, blue=1)
    assert strange.read_bytes() == b"mine"
    assert {names["line.png"], names["bell.mp3"], "small-1.0.0.apkg", "small-1.1.0.apkg"} <= set(found)


def test_only_the_pictures_of_samples_are_on_the_site() -> None:
    """The others are in the package, and nobody has to load them twice."""
    hand_out_pictures(**{f"n-{number}": question(f"Number {number}?", "So.") for number in range(30)})
    share(CARDS, Path("site"))
    page = Path("site/index.html").read_text(encoding="utf-8")
    there = {name for name in files(Path("site")) if name.startswith("cuedeck-")}
    assert there == set(re.findall(r'src="(cuedeck-[^"]*)"', page))
    assert len(there) < 3


def test_what_is_not_released_is_not_shared_of_pictures_either() -> None:
    """After the last picture has left the draft, the site still has those of the release, and their style."""
    hand_out_pictures()
    share(CARDS, Path("before"))
    build_deck(Path(), deck(NOTES, **ABOUT), FIRST + DAY, accept_all=True)
    share(CARDS, Path("after"))
    assert files(Path("after")) == files(Path("before"))


def test_a_package_that_is_there_already_is_taken_as_it_is() -> None:
    """The same bytes are not somebody else's file; other ones are."""
    hand_out_pictures()
    Path("site").mkdir()
    shutil.copy("decks/small-1.0.0.apkg", "site/small-1.0.0.apkg")
    assert run("share", "-o", "site").exit_code == 0
    shutil.rmtree("site")
    Path("site").mkdir()
    Path("site/small.apkg").write_bytes(bytes(Path("decks/small-1.0.0.apkg").stat().st_size))
    assert "[not-ours]" in refused("-o", "site")


def test_a_package_that_changes_meanwhile_is_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the page says about the download stays true; nothing is written."""
    hand_out_pictures()
    made = tempfile.mkstemp

    def make(**more: Any) -> tuple[int, str]:
        Path("decks/small-1.0.0.apkg").write_bytes(b"other")
        return made(**more)

    Path("site").mkdir()
    monkeypatch.setattr(storing.tempfile, "mkstemp", make)
    assert "[changed-meanwhile]" in refused("-o", "site")
    assert files(Path("site")) == {}


def texts(feed: ElementTree.Element, path: str) -> list[str]:
    return [each.text or "" for each in feed.findall("/".join(f"{ATOM}{name}" for name in path.split("/")))]


def test_the_feed_has_what_atom_asks_for() -> None:
    """RFC 4287: id, title and updated everywhere, an author, one alternate link each; ids are no addresses."""
    hand_out(deck(NOTES, **{**ABOUT, "title": "Talks::<Small> & \N{RIGHT-TO-LEFT OVERRIDE}odd"}))
    share(CARDS, Path("site"), "https://example.org/small")
    feed = ElementTree.parse("site/feed.xml").getroot()
    assert feed.tag == f"{ATOM}feed"
    for part in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(part.findall(f"{ATOM}{name}")) == 1
        assert UUID(part.findtext(f"{ATOM}id", "").removeprefix("urn:uuid:"))
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", part.findtext(f"{ATOM}updated", ""))
        links = [link.attrib for link in part.findall(f"{ATOM}link")]
        assert [link["rel"] for link in links].count("alternate") == 1
        assert all(link["href"].startswith("https://example.org/small/") for link in links)
    assert texts(feed, "author/name") == ["A. Writer"]
    assert texts(feed, "title") == ["<Small> & \N{RIGHT-TO-LEFT OVERRIDE}odd"]


def test_a_control_character_in_the_changelog_spoils_no_feed() -> None:
    """XML cannot contain it in any form."""
    hand_out(deck(NOTES, **ABOUT))
    edit(Path("CHANGELOG.md"), "First release", "\x1b[1mFirst \ufffe release {{c1::x}}")
    share(CARDS, Path("site"))
    (content,) = texts(ElementTree.parse("site/feed.xml").getroot(), "entry/content")
    assert content == "<ul>\n<li>\ufffd[1mFirst \ufffd release {{c1::x}}, with 2 notes and 2 cards.</li>\n</ul>"


def test_what_changed_is_told_as_it_reads() -> None:
    """Struck, bold, brackets and formulas; the feed leaves formulas as written, since few readers can set them."""
    first = {"one": question("Which?", r"This \(x_1 + 2\)."), "two": cloze("Said [here] by {{c1::a lecturer}}.")}
    hand_out(deck(first, **ABOUT))
    second = {"one": question("Which?", r"This \(x_1 + 3\)."), "two": cloze("Said [there] by {{c1::a lecturer}}.")}
    hand_out(deck(second, **ABOUT), "1.1.0", 1)
    share(CARDS, Path("site"))
    brackets = "<li>Text: Said <del>[here]</del> <strong>[there]</strong> by [a lecturer].</li>"
    page = Path("site/index.html").read_text(encoding="utf-8")
    assert brackets in page
    before, _, after = page.partition("<li>Answer: This <del><math ")[2].partition(".</del> <strong><math ")
    assert 'alttext="x_1 + 2"' in before
    assert 'alttext="x_1 + 3"' in after
    newest, _ = texts(ElementTree.parse("site/feed.xml").getroot(), "entry/content")
    assert brackets in newest
    assert r"<li>Answer: This <del>\(x_1 + 2\).</del> <strong>\(x_1 + 3\).</strong></li>" in newest


def test_links_are_whole_where_the_address_is_known() -> None:
    """With --url other sites can show the picture; without it everything is relative."""
    hand_out(deck(NOTES, **ABOUT))
    assert run("share", "-o", "site", "--url", "https://example.org/small").exit_code == 0
    page = Path("site/index.html").read_text(encoding="utf-8")
    assert '<meta property="og:image" content="https://example.org/small/social.png">' in page
    assert "https://example.org/small/" in Path("site/ankiweb.md").read_text(encoding="utf-8")
    share(CARDS, Path("site"))
    for name in ("index.html", "feed.xml", "ankiweb.md"):
        assert "example.org/small" not in Path("site", name).read_text(encoding="utf-8")
    assert run("share", "-o", "site", "--url", "small").exit_code == 2
    assert run("share", "-o", "site", "--url", "https://example.org/a?x=1").exit_code == 2
    assert run("share", "-o", "site", "--url", "https://example.org/a#y").exit_code == 2


def test_the_listing_keeps_within_its_limits() -> None:
    """Title, tags and description are cut between words; the author's Markdown stays as it is."""
    tags = [f"tag-{number}" for number in range(20)]
    long = "Long words " * 7_000
    hand_out(deck(NOTES, **{**ABOUT, "title": "A deck about " + "talks " * 20, "tags": tags, "description": long}))
    share(CARDS, Path("site"))
    parts = re.split(r"^## .*\n\n", Path("site/ankiweb.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    _, title, tags_line, _, description = (part.strip() for part in parts)
    assert 50 < len(title) <= 60
    assert title.endswith("talks…")
    assert tags_line == " ".join(sorted(tags)[:9])
    assert 64_000 < len(description) <= 65_000
    assert "words…\n\n" in description
    assert description.endswith("Version 1.0.0, 14 November 2023.")


@pytest.mark.parametrize(
    "markdown",
    ['He said "no".', "One\\\ntwo", "One\n\n---\n\ntwo", "\n\n| a |\n| -: |\n| b |", 'Code `a"b`', "a\u00a0b & c"],
)
def test_the_listing_has_the_description_as_it_was_written(markdown: str) -> None:
    """Whatever HTML is made of it on the page."""
    hand_out(deck(NOTES, **{**ABOUT, "description": f"**About** {markdown}"}))
    share(CARDS, Path("site"))
    assert f"**About** {markdown}" in Path("site/ankiweb.md").read_text(encoding="utf-8")


def test_nothing_in_the_listing_begins_an_element() -> None:
    """Titles and names are plain words to its readers, too."""
    source = {**TALK, "title": "A <script>talk</script>", "author": "<b>A</b>"}
    hand_out(deck(NOTES, sources={"talk": source}, **{**ABOUT, "title": "<meta>", "author": "<i>Me</i>"}))
    share(CARDS, Path("site"))
    assert not re.search("<(?!https?:)", Path("site/ankiweb.md").read_text(encoding="utf-8"))


def test_a_draft_is_refused() -> None:
    """Before the first release there is nothing to share."""
    build_deck(Path(), deck(NOTES, **ABOUT))
    assert refused() == (
        "cards.yaml: error: this deck has never been released, and drafts cannot be shared [not-released]\n"
        "    release it first: cuedeck release 1.0.0\n"
    )


def test_a_missing_release_is_refused() -> None:
    """The hint is right: following it helps."""
    hand_out(deck(NOTES, **ABOUT))
    Path("decks/small-1.0.0.apkg").unlink()
    assert "decks/small-1.0.0.apkg: error: the package of 1.0.0 is missing [release-missing]" in refused()
    run("build")
    assert run("share", "-o", "site").exit_code == 0


@pytest.mark.parametrize("kind", ["draft", "other version", "other deck", "cut off"])
def test_a_package_that_is_not_the_release_is_refused(kind: str, tmp_path: Path) -> None:
    """A draft, another version or another deck under its name, or one that is not whole."""
    hand_out(deck(NOTES, **ABOUT))
    kept = Path("decks/small-1.0.0.apkg")
    old = kept.read_bytes()
    more = {**NOTES, "three": question("Three?", "3")}
    if kind == "draft":
        shutil.copy(build_deck(Path(), deck(more, **ABOUT), FIRST + DAY).package, kept)
    elif kind == "other version":
        hand_out(deck(more, **ABOUT), "1.1.0", 1)
        kept = Path("decks/small-1.1.0.apkg")
        kept.write_bytes(old)
    elif kind == "other deck":
        cards = write(tmp_path / "other", deck(NOTES, **{**ABOUT, "namespace": "tests456"}))
        release(cards, "1.0.0", at=FIRST)
        shutil.copy(tmp_path / "other" / kept, kept)
    else:
        kept.write_bytes(old[:-100])
    assert ("no-package" if kind == "cut off" else "release-changed") in refused()


def forge(*statements: str, files: dict[str, bytes] | None = None, lock_too: bool = False, **told: Any) -> None:
    """Change the package that is kept of the release, and where `lock_too`, what the lock has recorded of it."""
    kept, lock = Path("decks/small-1.0.0.apkg"), Path("cards.lock")
    members = {**read_members(kept), **(files or {})}
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(members["collection.anki2"])
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        members["collection.anki2"] = connection.serialize()
    members["cuedeck.json"] = json.dumps({**json.loads(members["cuedeck.json"]), **told}).encode()
    text = lock.read_text(encoding="utf-8")
    if lock_too:
        text = text.replace(fingerprint(read_members(kept).digests()), fingerprint(digests(members)))
    lock.write_text(text, encoding="utf-8")
    kept.write_bytes(archive(members))


FORGED: dict[str, dict[str, Any]] = {
    "an answer": {"statements": ["update notes set flds = replace(flds, 'An open breakup.', 'Nothing.')"]},
    "a time": {"statements": ["update notes set mod = mod + 1"]},
    "a tag": {"statements": ["update notes set tags = ' spam '"]},
    "a template": {"statements": ["update col set models = replace(models, 'cue-rule', 'cue-rule x')"]},
    "the deck's page": {"statements": ["update col set decks = replace(decks, 'About', '<script></script>About')"]},
    "learners' own style": {"files": {"0": b"/* mine */"}},
    "a file more": {"files": {"more": b""}},
    "whose it is": {"author": "Somebody Else"},
    "where it is from": {"sources": [{"title": "A talk", "author": "A. Speaker", "url": "https://evil.example/"}]},
    "where mistakes go": {"feedback": "https://evil.example/{note}"},
}


@pytest.mark.hostile
@pytest.mark.parametrize("in_git", ["nowhere", "uncommitted", "committed"])
@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_a_package_that_was_tampered_with_is_refused(forged: dict[str, Any], in_git: str) -> None:
    """Whatever was changed, with a matching manifest, and even if the swap was committed."""
    hand_out(deck(NOTES, **ABOUT))
    if in_git != "nowhere":
        commit_all()
    forge(*forged.get("statements", ()), **{name: value for name, value in forged.items() if name != "statements"})
    if in_git == "committed":
        commit_all()
    message = refused()
    assert "this is not the package that was handed out as 1.0.0 [release-changed]" in message
    assert ("git checkout HEAD -- decks/small-1.0.0.apkg" in message) is (in_git == "uncommitted")


def commit_all() -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "core.autocrlf=false"]
    for words in (["init", "-q"], ["add", "."], [*who, "commit", "-q", "--allow-empty", "-m", "1.0.0"]):
        subprocess.run(["git", *words], check=True)


def test_what_a_manifest_says_of_a_release_is_not_recorded() -> None:
    """A forged draft would have adopt confirm a forged release: then only what the source gives is shared."""
    hand_out(deck(NOTES, **ABOUT))
    forge("update notes set flds = replace(flds, 'An open breakup.', 'Nothing.')")
    forged = fingerprint(read_members(Path("decks/small-1.0.0.apkg")).digests())
    draft = Path("decks/small.apkg")
    members = dict(read_members(draft))
    told = json.loads(members["cuedeck.json"])
    told["releases"][0]["members"] = forged
    draft.write_bytes(archive({**members, "cuedeck.json": json.dumps(told).encode()}))
    Path("cards.lock").unlink()
    assert run("adopt", "decks/small.apkg").exit_code == 0
    assert not recorded()
    assert "[release-unconfirmed]" in refused()


HOSTILE_HTML = (
    "<script>alert(1)</script><meta http-equiv=refresh content='0; url=https://evil.example/'>"
    "<form action=https://evil.example/><button>Get</button></form><iframe src=https://evil.example/></iframe>"
    "<frameset><frame src=https://evil.example/></frameset><base href=https://evil.example/>"
    "<a href=javascript:alert(1)>one</a><a href='//evil.example/zoo.apkg'>two</a><a href='evil.apkg'>three</a>"
    "<a href='data:text/html,x'>four</a><a href=' jAvA\nscript:alert(1)'>five</a>"
    "<img src=x onerror=alert(1)><object data=https://evil.example/></object><embed src=https://evil.example/>"
    "<svg onload=alert(1)><use href=https://evil.example/#x /></svg><math><mtext><style><img src=x></style></mtext>"
    "</math><link rel=stylesheet href=https://evil.example/><style>@import url(https://evil.example/)</style>"
    "<b style='position:fixed' onclick=alert(1) id=answer>bold</b><template><meta></template></div></div></body>"
)
_OURS = re.compile(r'<(?:meta|link) [^>]*>|<style>.*?</style>|<svg class="timeline.*?</svg>', re.DOTALL)


@pytest.mark.parametrize("where", ["field", "template", "description", "style"])
def test_no_html_of_a_package_acts_on_the_page(where: str) -> None:
    """Even if the lock was forged, too: only the markup of cards gets into the page, and links with known schemes."""
    hand_out(deck(NOTES, **ABOUT))
    share(CARDS, Path("clean"))
    html = HOSTILE_HTML.replace("'", "''")
    in_json = html.replace("\\", "").replace("\n", " ")
    forge(
        {
            "field": f"update notes set flds = replace(flds, 'An open breakup.', '{html}')",
            "template": f"update col set models = replace(models, '{{{{Question}}}}', '{{{{Question}}}}{in_json}')",
            "description": f"update col set decks = replace(decks, 'About <strong>', '{in_json}About <strong>')",
            "style": "update col set models = replace(models, '.card {', '</style><script>alert(1)</script>')",
        }[where],
        lock_too=True,
    )
    share(CARDS, Path("site"))
    page, clean = (Path(name, "index.html").read_text(encoding="utf-8") for name in ("site", "clean"))
    assert _OURS.findall(page)[:3] == _OURS.findall(clean)[:3]
    rest = _OURS.sub("", page)
    assert not re.search(r"<(?:script|meta|form|i?frame|base|object|embed|link|svg|button|img)\b", rest)
    assert not re.search(r"javascript:|data:text|@import|onerror=|onload=|onclick=", rest)
    for address in re.findall(r'href="([^"]*)"', rest):
        assert re.match(r"https?://(?!evil)|mailto:|#|[a-z0-9.-]+\Z", address, re.IGNORECASE), address
    for name in ("feed.xml", "ankiweb.md"):
        assert not re.search(r"<(?:script|meta|form|i?frame)", Path("site", name).read_text(encoding="utf-8"))


# What somebody who forges a package together with the lock may put in place of a picture or its words.
_NAME = "cuedeck-0123456789abcdef"
FORGED_MEDIA = {
    "an event": f'<img src="{_NAME}.png" alt="x" onerror=alert(1)>',
    "another style": f'<img src="{_NAME}.png" alt="x" style="position: fixed; width: 100%">',
    "another site": '<img src="https://evil.example/a.png" alt="x">',
    "a file beside the page": '<img src="small.apkg" alt="x">',
    "a picture that is not in the package": f'<img src="{_NAME}.png" alt="x">',
    "a page as a picture": f'<img src="{_NAME}.html" alt="x">',
    "more sources": f'<img src="{_NAME}.png" alt="x" srcset="https://evil.example/a.png 2x">',
    "a sound that is not in the package": f"[sound:{_NAME}.mp3]",
    "a sound of another site": "[sound:https://evil.example/a.mp3]",
    "a player": '<audio src="https://evil.example/a.mp3" autoplay></audio><video poster="https://evil.example/a"></video>',
    "a clip of another site": '<audio controls preload="none" src="https://evil.example/a.mp3"></audio>',
    "a clip that is not in the package": f'<audio controls preload="none" src="{_NAME}.mp3"></audio>',
    "a clip that plays by itself": f'<audio controls autoplay preload="none" src="{_NAME}.mp3"></audio>',
    "a clip in a clip": f'<audio src="x"><audio controls preload="none" src="{_NAME}.mp3"></audio></audio>',
    "a sound in a title": f'<a title="x > [sound:{_NAME}.mp3]" href="https://example.org">y</a>',
    "a picture in a title": '<a title="<img " href="https://example.org">y</a> onclick=alert(1) <a title="z">z</a>',
}


class _Shown(HTMLParser):
    """The names of the elements of a page, and of their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.names |= {tag, *(name for name, _ in attributes)}


@pytest.mark.parametrize("where", ["field", "description"])
@pytest.mark.parametrize("html", FORGED_MEDIA.values(), ids=FORGED_MEDIA)
def test_only_our_own_pictures_get_onto_the_page(html: str, where: str) -> None:
    """Anything else that looks like a picture or a sound is left out, and the rest is shown."""
    hand_out(deck(NOTES, **ABOUT))
    in_json = html.replace('"', r"\"")
    forge(
        f"update notes set flds = replace(flds, 'An open breakup.', '{html} Kept.')"
        if where == "field"
        else f"update col set decks = replace(decks, 'About <strong>', '{in_json} Kept. <strong>')",
        lock_too=True,
    )
    share(CARDS, Path("site"))
    page = _OURS.sub("", Path("site/index.html").read_text(encoding="utf-8"))
    assert "Kept." in page
    names = _Shown(page).names
    assert not names & {"img", "audio", "video", "source", "srcset", "style"}
    assert not [name for name in names if name.startswith("on")]
    assert {name for name in files(Path("site")) if "cuedeck-" in name} == set()


DISGUISED = {
    "other bytes": b"\x89PNG\r\n\x1a\n, but not that picture",
    "a page": b"<script>alert(1)</script>",
    "nothing": b"",
}


@pytest.mark.parametrize("data", DISGUISED.values(), ids=DISGUISED)
@pytest.mark.parametrize("is_named", [False, True], ids=["a name of other bytes", "its own name"])
def test_a_file_that_is_no_picture_gets_no_place_on_the_site(data: bytes, is_named: bool) -> None:
    """A name says which bytes it stands for, and its ending what they are; a package that lies is not believed."""
    hand_out(deck(NOTES, **ABOUT))
    name = f"cuedeck-{hashlib.sha256(data).hexdigest()[:16] if is_named else '0' * 16}.png"
    is_right = is_named and data.startswith(b"\x89PNG")
    members_ = {"media": json.dumps({"0": "_cuedeck.css", "1": name}).encode(), "1": data}
    html = f'<img src="{name}" alt="x"> So.'
    forge(f"update notes set flds = replace(flds, 'An open breakup.', '{html}')", files=members_, lock_too=True)
    share(CARDS, Path("site"))
    assert Path("site", name).exists() is is_right
    assert (f'src="{name}"' in Path("site/index.html").read_text(encoding="utf-8")) is is_right


@pytest.mark.hostile
@pytest.mark.parametrize("listed", [b"{", b"[]", b"\xff", b'{"9": "cuedeck-0000000000000000.png"}'])
def test_a_forged_list_of_files_is_told_or_left_alone(listed: bytes) -> None:
    """Never with a traceback."""
    hand_out(deck(NOTES, **ABOUT))
    forge(files={"media": listed}, lock_too=True)
    result = run("share", "-o", "site")
    assert result.exit_code == 0 or "[no-package]" in result.stderr


@pytest.mark.parametrize("template", ["{{#Answer}}", "{{/Answer}}", "{{Nothing}}"])
def test_a_template_that_cannot_be_shown_is_told(template: str) -> None:
    """There is a sentence about it if the lock was forged together with the package."""
    hand_out(deck(NOTES, **ABOUT))
    forge(f"update col set models = replace(models, '{{{{Answer}}}}', '{template}')", lock_too=True)
    assert "cards that no page can show [no-package]" in refused()


@pytest.mark.hostile
@pytest.mark.parametrize(
    "text",
    ["{{c1::" * 3000 + "x" + "}}" * 3000, "{{c,::x}}", f"{{{{c{'9' * 5000}::x}}}}", f"{{{{c1::&#{'9' * 5000};}}}}"],
    ids=len,
)
def test_deletions_of_any_kind_are_shown(text: str) -> None:
    """However deep they are inside one another, and whatever numbers they have."""
    hand_out(deck(NOTES, **ABOUT))
    forge(f"update notes set flds = replace(flds, '{{{{c1::a lecturer}}}}', '{text}')", lock_too=True)
    assert share(CARDS, Path("site")).folder.is_dir()


def before_records(source: dict[str, Any]) -> None:
    """Hand out a release as the first version did: the lock has no record of it, and is in the first format."""
    with first_version(Path("cards.lock")):
        hand_out(source)


def recorded() -> bool:
    return '"members": ' in Path("cards.lock").read_text(encoding="utf-8")


def test_a_release_from_before_is_shared_while_the_source_gives_it() -> None:
    """Its lock stays as it is; once the source gives another package, the author reads what to do, and that helps."""
    before_records(deck(NOTES, **ABOUT))
    lock = Path("cards.lock").read_bytes()
    assert run("share", "-o", "site").exit_code == 0
    assert run("build").exit_code == 0
    assert Path("cards.lock").read_bytes() == lock
    shutil.rmtree("site")
    edited = deck({**NOTES, "three": question("Three?", "3")}, **ABOUT)
    build_deck(Path(), edited, FIRST + DAY)
    assert not recorded()  # nobody confirms it: there is no git
    message = refused()
    assert "decks/small-1.0.0.apkg: error: nothing confirms that this is what was handed out as 1.0.0" in message
    assert "[release-unconfirmed]" in message
    assert "cuedeck release VERSION" in message
    hand_out(edited, "1.0.1", 2)
    assert run("share", "-o", "site").exit_code == 0


def test_a_release_from_before_is_recorded_by_the_next_build() -> None:
    """Where git has the source that gives its package, and the build writes the lock anyway."""
    before_records(deck(NOTES, **ABOUT))
    commit_all()
    for later in (1, 2):
        build_deck(Path(), deck({**NOTES, "three": question(f"Which of {later}?", "3")}, **ABOUT), FIRST + later * DAY)
        assert recorded()
        assert json.loads(Path("cards.lock").read_text(encoding="utf-8").partition("\n")[0])["cuedeck"] == 2
        commit_all()
    assert run("share", "-o", "site").exit_code == 0
    release_line = next(
        line for line in Path("cards.lock").read_text(encoding="utf-8").split("\n") if "members" in line
    )
    assert json.loads(release_line)["members"] == fingerprint(read_members(Path("decks/small-1.0.0.apkg")).digests())


@pytest.mark.parametrize("what", ["package", "package and source", "source is missing", "not whole", "no package"])
def test_what_nobody_confirms_is_not_recorded(what: str) -> None:
    """A package that was swapped in a separate commit, with another source or none, or that is incomplete."""
    before_records(deck(NOTES, **ABOUT))
    if what == "source is missing":
        Path(".gitignore").write_text("cards.yaml\n", encoding="utf-8")
    commit_all()
    kept = Path("decks/small-1.0.0.apkg")
    if what.startswith("package"):
        forge("update notes set flds = replace(flds, 'An open breakup.', 'Nothing.')")
    elif what == "not whole":
        kept.write_bytes(kept.read_bytes()[:-50])
    if what == "package and source":
        edit(CARDS, "An open breakup.", "Nothing.")
    commit_all()
    if what == "no package":
        shutil.rmtree(".git")
        kept.unlink()
    build_deck(Path(), deck({**NOTES, "three": question("Three?", "3")}, **ABOUT), FIRST + DAY)
    assert not recorded()


def test_the_look_of_before_confirms_a_release() -> None:
    """Its note types are taken as the lock knew them: a newer version of the program may give them another look."""
    before_records(deck(NOTES, **ABOUT))
    lock, kept = Path("cards.lock"), Path("decks/small-1.0.0.apkg")
    built = released_with_another_look(kept)
    lock.write_text(built, encoding="utf-8")
    commit_all()
    build_deck(Path(), deck({**NOTES, "three": question("Three?", "3")}, **ABOUT), FIRST + DAY)
    assert recorded()
    assert run("share", "-o", "site").exit_code == 0


def released_with_another_look(kept: Path) -> str:
    """Write a release whose note types look different, and return its lock."""
    sound = load(Workspace(CARDS)).sound()
    built = stamp(sound, FIRST)
    types = tuple(
        StampedType(type, replace(each.known, content=digest(astuple(type))), "unchanged")
        for each in built.types
        for type in [replace(each.type, css=each.type.css.replace("{", "{ /* as it was */ ", 1))]
    )
    known = replace(sound.lock, types={each.known.kind: each.known for each in types})
    last = sound.lock.releases[0]
    content = contents(sound.deck, built.notes, types, replace(known, releases=(replace(last, content=""),))).digest
    known = replace(known, releases=(replace(last, content=content),))
    files = members(contents(sound.deck, built.notes, types, known))
    assert files != read_members(kept)
    kept.write_bytes(archive(files))
    return to_text(known)


def test_a_package_that_git_has_otherwise_is_refused() -> None:
    """What was committed is what was handed out, even if only texts have changed."""
    hand_out(deck(NOTES, **ABOUT))
    for words in ("init -q", "add .", "-c user.name=A -c user.email=a@example.org commit -q -m 1.0.0"):
        subprocess.run(["git", *words.split()], check=True)
    share(CARDS, Path("elsewhere"))
    kept = Path("decks/small-1.0.0.apkg")
    kept.write_bytes(archive({**read_members(kept), "0": b"/* changed */"}))
    message = refused()
    assert "release-changed" in message
    assert "git checkout HEAD -- decks/small-1.0.0.apkg" in message
    kept.unlink()
    assert run("share", "-o", "elsewhere").exit_code == 0


@pytest.mark.parametrize(
    ("about", "sources", "expected"),
    [
        ({"license": ""}, None, "cards.yaml:1:1: error: the release 1.0.0 names no licence\n    license: CC BY 4.0"),
        ({"author": ""}, None, "cards.yaml:1:1: error: the release 1.0.0 names no author\n    author: Your Name"),
        ({}, {"talk": {**TALK, "author": ""}}, 'cards.yaml:11:3: error: the release 1.0.0 names no author of "A talk"'),
        ({}, {}, "cards.yaml: error: the release 1.0.0 names no source"),
    ],
    ids=["licence", "author", "speaker", "source"],
)
def test_missing_attribution_is_refused(about: dict[str, str], sources: dict[str, Any] | None, expected: str) -> None:
    """Each at its place in cards.yaml, with the line to add; once the line is there, it has to be released."""
    given = {key: value for key, value in {**ABOUT, **about}.items() if value}
    cleaned = {"talk": {key: value for key, value in sources["talk"].items() if value}} if sources else sources
    hand_out(deck(NOTES, sources=cleaned, **given))
    message = refused()
    place, _, line = expected.partition("\n")
    assert f"{place} [unattributed]" in message
    assert line in message
    write(Path(), deck(NOTES, **ABOUT))
    assert "release that under a higher version" in refused()


def test_what_a_recording_lacks_is_told_when_it_was_taken_out() -> None:
    """If cards.yaml no longer names it, the message has no place."""
    speechless = {key: value for key, value in TALK.items() if key != "author"}
    hand_out(deck(NOTES, sources={"talk": speechless}, **ABOUT))
    write(Path(), deck(NOTES, sources={}, **ABOUT))
    assert 'cards.yaml: error: the release 1.0.0 names no author of "A talk" [unattributed]' in refused()


def test_everything_missing_is_told_at_once() -> None:
    """One run reports all of it."""
    hand_out(deck(NOTES, sources={}))
    assert refused().count("[unattributed]") == 3


@pytest.mark.parametrize("name", ["index.html", "SHA256SUMS", "small.apkg"])
def test_files_of_others_are_not_replaced(name: str) -> None:
    """A file that no earlier site put there is in the way; nothing else is written then."""
    hand_out(deck(NOTES, **ABOUT))
    Path("site").mkdir()
    Path("site", name).write_text("mine", encoding="utf-8")
    Path("site/notes.txt").write_text("mine too", encoding="utf-8")
    assert re.match(f"site/{name}: error: .* \\[not-ours\\]\n", refused("-o", "site"))
    assert files(Path("site")) == {name: b"mine", "notes.txt": b"mine too"}


def test_the_site_of_another_deck_is_not_replaced(tmp_path: Path) -> None:
    """Two decks need two folders."""
    hand_out(deck(NOTES, **ABOUT))
    share(CARDS, Path("site"))
    other = write(tmp_path / "other", deck(NOTES, **{**ABOUT, "id": "other", "namespace": "tests456"}))
    release(other, "1.0.0", at=FIRST)
    before = files(Path("site"))
    with pytest.raises(Problems, match="not-ours"):
        share(other, Path("site"))
    assert files(Path("site")) == before


def test_other_files_in_the_folder_are_left_alone() -> None:
    """A later site takes the place of the earlier one, and of nothing else."""
    hand_out(deck(NOTES, **ABOUT))
    Path("site").mkdir()
    Path("site/CNAME").write_text("example.org", encoding="utf-8")
    share(CARDS, Path("site"))
    Path("site/index.html").write_text("edited by hand", encoding="utf-8")
    hand_out(deck({**NOTES, "three": question("Three?", "3")}, **ABOUT), "1.1.0", 1)
    share(CARDS, Path("site"))
    found = files(Path("site"))
    assert set(found) == {*NAMES, "CNAME", "small-1.0.0.apkg", "small-1.1.0.apkg"}
    assert found["CNAME"] == b"example.org"
    assert b"1.1.0" in found["index.html"]


def test_a_link_to_elsewhere_is_not_followed(tmp_path: Path) -> None:
    """Nothing is written outside of the folder."""
    hand_out(deck(NOTES, **ABOUT))
    Path("site").mkdir()
    Path("site/index.html").symlink_to(tmp_path / "elsewhere.html")
    assert "[not-ours]" in refused("-o", "site")
    assert not (tmp_path / "elsewhere.html").exists()


@pytest.mark.hostile
def test_a_link_in_an_earlier_site_is_not_followed(tmp_path: Path) -> None:
    """Its list of checksums says which files it has, but a stranger may have written it."""
    hand_out(deck(NOTES, **ABOUT))
    share(CARDS, Path("site"))
    (tmp_path / "precious.html").write_text("precious", encoding="utf-8")
    Path("site/index.html").unlink()
    Path("site/index.html").symlink_to(tmp_path / "precious.html")
    assert "[not-ours]" in refused("-o", "site")
    assert (tmp_path / "precious.html").read_text(encoding="utf-8") == "precious"


# What keeps a machine from drawing the picture for other sites, and the message.
UNDRAWN = {
    "no fonts at all": (lambda patch, draw: patch.setattr("resvg_py.svg_to_bytes", draw), "no-fonts"),
    "no library": (lambda patch, _: patch.setitem(sys.modules, "resvg_py", None), "not-installed"),
}


@pytest.mark.parametrize(("cannot", "code"), UNDRAWN.values(), ids=UNDRAWN)
def test_a_site_may_be_without_its_picture(
    monkeypatch: pytest.MonkeyPatch, sketched: Callable[..., Any], cannot: Callable[..., None], code: str
) -> None:
    """The site is made without any picture, even an earlier one, and says so; the next one may have it again."""
    address = ("--url", "https://example.org/deck/", "-o", "site")
    picture = Path("site/social.png")
    hand_out(deck(NOTES, **ABOUT))
    assert run("share", *address).exit_code == 0
    assert picture.exists()
    with monkeypatch.context() as patched:
        cannot(patched, partial(sketched, skip_system_fonts=True))
        without = run("share", *address)
    assert without.exit_code == 0
    assert re.match(rf"cuedeck share: warning: .*the site has no.*\[{code}\]\n", without.stderr)
    assert not picture.exists()
    assert "social.png" not in Path("site/index.html").read_text("utf-8") + Path("site/SHA256SUMS").read_text("utf-8")
    assert run("share", *address).stderr == ""
    assert picture.exists()


def test_a_site_needs_the_library_that_cleans(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of a package is shown that was not made harmless."""
    hand_out(deck(NOTES, **ABOUT))
    monkeypatch.setitem(sys.modules, "nh3", None)
    assert "-m pip install nh3 resvg-py" in refused()


@pytest.mark.parametrize("folder_", ["decks", "cards.yaml"])
def test_folders_that_are_no_place_for_a_site(folder_: str) -> None:
    """In the folder of the packages a draft would meet a release; a file is not a folder."""
    hand_out(deck(NOTES, **ABOUT))
    assert "[unwritable]" in refused("-o", folder_)


def test_an_empty_name_is_no_folder() -> None:
    """It is what a script gets of a variable that is not set, and would be the folder of the deck."""
    hand_out(deck(NOTES, **ABOUT))
    result = run("share", "-o", "")
    assert (result.exit_code, "the folder name is empty" in result.stderr) == (2, True)
    assert not Path("index.html").exists()


@pytest.mark.parametrize("fails_at", range(7))
def test_a_site_that_breaks_off_leaves_a_right_page(monkeypatch: pytest.MonkeyPatch, fails_at: int) -> None:
    """Wherever writing ends, the page names an existing package, with its right checksum."""
    hand_out(deck(NOTES, **ABOUT))
    share(CARDS, Path("site"))
    hand_out(deck({**NOTES, "three": question("Three?", "3")}, **ABOUT), "1.1.0", 1)
    replaced = os.replace
    left = fails_at

    def broken(*paths: Any) -> None:
        nonlocal left
        if left == 0:
            raise OSError(28, "No space left on device")
        left -= 1
        replaced(*paths)

    with monkeypatch.context() as patched:
        patched.setattr(storing.os, "replace", broken)
        with pytest.raises(Problems, match="cannot be written"):
            share(CARDS, Path("site"))
    page = Path("site/index.html").read_text(encoding="utf-8")
    name = re.search(r'class="download" href="([^"]*)"', page)
    assert name
    assert hashlib.sha256(Path("site", name[1]).read_bytes()).hexdigest() in page
    assert not list(Path("site").glob(".cuedeck-*"))
    share(CARDS, Path("site"))
    assert "1.1.0" in Path("site/index.html").read_text(encoding="utf-8")
