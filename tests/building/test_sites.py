"""A site of several decks: each is shared by itself, a page lists all, and nothing that is there is trusted or lost."""

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cuedeck.pages.decklist import ENTRY, LARGEST_ENTRY, Entry, entry_as_json, entry_from
from cuedeck.usecases.release import release
from cuedeck.usecases.share import Shared, share
from tests.making import DAY, FIRST, deck, question, write
from tests.running import run

pytestmark = [pytest.mark.usefixtures("folder", "sketched"), pytest.mark.needs("nh3", "resvg_py")]

ABOUT = {"author": "A. Writer", "license": "CC BY-SA 4.0"}
NAMES = {"ants": "Insects::Ants", "bees": "Bees & <b>wasps</b>", "cows": "Cows"}
SITE = Path("site")


def hand_out(id: str, /, version: str = "1.0.0", day: int = 0, **about: Any) -> Path:
    """Release a deck in a folder of its own, with a note for each number in its version; return its cards.yaml."""
    notes = {f"{id}-{number}": question(f"What of {id} {number}?") for number in range(1 + day)}
    more: dict[str, Any] = {"id": id, "namespace": f"tests{id}", "title": NAMES[id], **ABOUT, **about}
    cards = write(Path(id), deck(notes, **more))
    release(cards, version, at=FIRST + day * DAY)
    return cards


def among(id: str, site: Path = SITE, **options: Any) -> Shared:
    return share(Path(id) / "cards.yaml", among=site, **options)


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def listed(page: Path = SITE / "index.html") -> list[str]:
    """Return the links of a list."""
    return [part.split('"')[0] for part in page.read_text(encoding="utf-8").split('<h2 dir="auto"><a href="')[1:]]


def test_each_deck_has_a_folder_and_the_list_has_all() -> None:
    """The list is sorted by title, and says how much is in each, its version and its day; each page leads back."""
    hand_out("ants")
    hand_out("bees", "2.1.0", day=3)
    result = run("share", "bees", "--site", "site")
    assert result.stdout == (
        "site/bees: Bees & <b>wasps</b> 2.1.0, 4 notes and 4 cards\nsite/index.html lists the decks of this site\n"
    )
    assert run("share", "ants", "--site", "site").exit_code == 0
    assert listed() == ["bees/index.html", "ants/index.html"]
    page = (SITE / "index.html").read_text(encoding="utf-8")
    for words in (
        "2 decks",
        "Bees &amp; &lt;b&gt;wasps&lt;/b&gt;",
        "4 notes and 4 cards",
        'Version 2.1.0, <time datetime="2023-11-17">17 November 2023</time>',
        '<p class="kicker" dir="auto">Insects</p>',
        '<a href="ants/ants.apkg" download>ants.apkg</a>',
    ):
        assert words in page
    assert '<a href="../index.html">All decks</a>' in (SITE / "ants" / "index.html").read_text(encoding="utf-8")
    assert {path.name for path in SITE.iterdir()} == {"ants", "bees", "index.html"}


def test_the_order_does_not_matter_and_repeats_change_nothing() -> None:
    """Whichever deck is shared first or again, the same decks give the same bytes, on any day."""
    for id in NAMES:
        hand_out(id)
    for id in ("ants", "bees", "cows", "ants", "cows"):
        among(id)
    for id in ("cows", "bees", "ants"):
        among(id, Path("other"))
    assert files(SITE) == files(Path("other"))


def test_a_later_release_of_one_leaves_the_others_alone() -> None:
    """Their files are not even written again, whatever has become of their decks; the list has the new version."""
    for id in ("ants", "bees"):
        hand_out(id)
        among(id)
    before = {path: path.stat().st_mtime_ns for path in (SITE / "bees").iterdir()}
    shutil.rmtree("bees")
    hand_out("ants", "1.1.0", day=1)
    among("ants")
    assert {path: path.stat().st_mtime_ns for path in (SITE / "bees").iterdir()} == before
    assert (SITE / "ants" / "ants-1.0.0.apkg").is_file()
    page = (SITE / "index.html").read_text(encoding="utf-8")
    assert "Version 1.1.0" in page
    assert "Version 1.0.0" in page


def test_a_deck_that_had_the_site_keeps_its_address() -> None:
    """The second deck goes beside it, and the list gets a page of its own; the first deck is listed from then on."""
    hand_out("ants")
    hand_out("bees")
    share(Path("ants/cards.yaml"), SITE)
    before = files(SITE)
    second = among("bees")
    assert [(each.rule, each.level, each.place.file) for each in second.remarks] == [("not-listed", "warning", "site")]
    assert {name: data for name, data in files(SITE).items() if name in before} == before
    assert listed(SITE / "decks.html") == ["bees/index.html"]
    assert among("ants").remarks == ()
    assert listed(SITE / "decks.html") == ["bees/index.html", "index.html"]
    assert before.keys() - files(SITE).keys() == set()
    assert (SITE / "ants").exists() is False
    assert b'<a href="decks.html">All decks</a>' in files(SITE)["index.html"]
    assert b'<a href="../decks.html">All decks</a>' in files(SITE)["bees/index.html"]
    together = files(SITE)
    share(Path("ants/cards.yaml"), SITE)
    share(Path("bees/cards.yaml"), SITE / "bees")
    assert files(SITE) == together, "the commands from before give the same"


def test_addresses_are_those_of_each_deck() -> None:
    """The address that is given is that of the whole site."""
    hand_out("ants")
    shared = among("ants", address="https://example.org/decks")
    assert shared.edition.address == "https://example.org/decks/ants/"
    assert b"https://example.org/decks/ants/feed.xml" in (SITE / "ants" / "feed.xml").read_bytes()
    alone = share(Path("ants/cards.yaml"), SITE / "ants", "https://example.org/decks/ants")
    assert alone.edition.address == "https://example.org/decks/ants/"


@pytest.mark.parametrize("name", ["index.html", "decks.html"])
def test_a_page_of_the_author_is_not_overwritten(name: str) -> None:
    """Neither where the list goes, nor if it goes beside the page of a deck; nothing is written then."""
    hand_out("ants")
    hand_out("bees")
    if name == "decks.html":
        share(Path("ants/cards.yaml"), SITE)
    SITE.mkdir(exist_ok=True)
    (SITE / name).write_text("<!DOCTYPE html>\n<title>Mine</title>", encoding="utf-8")
    before = files(SITE)
    result = run("share", "bees", "--site", "site")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"site/{name}: error: this already exists")
    assert "[not-ours]" in result.stderr
    assert files(SITE) == before


def test_a_list_is_not_overwritten_by_a_deck() -> None:
    """The hint says how the deck gets into the site."""
    hand_out("ants")
    hand_out("bees")
    among("ants")
    before = files(SITE)
    result = run("share", "bees", "-o", "site")
    assert result.exit_code == 1
    assert (
        "this is the list of the decks of a site [not-ours]\n    add the deck to that site: cuedeck share --site site"
        in (result.stderr)
    )
    assert files(SITE) == before


def test_another_deck_with_the_same_id_is_not_overwritten() -> None:
    """It may be a fork, whose learners are others."""
    hand_out("ants")
    among("ants")
    shutil.rmtree("ants")
    hand_out("ants", namespace="anotherone")
    before = files(SITE)
    result = run("share", "ants", "--site", "site")
    assert result.exit_code == 1
    assert result.stderr == (
        'site/ants/ants-1.0.0.apkg: error: another deck with the id "ants" has its site in this folder [not-ours]\n'
        "    name another folder for this deck\n"
    )
    assert files(SITE) == before


@pytest.mark.parametrize("had_the_site", [False, True])
def test_a_deck_that_is_there_under_its_earlier_id_is_reported(had_the_site: bool) -> None:
    """Its old page would offer the old release forever. What the hint says makes the list right."""
    cards = hand_out("ants")
    if had_the_site:
        share(cards, SITE)
    among("ants")
    hand_out("ants", "1.1.0", day=1, id="emmets")
    (remark,) = among("ants").remarks
    place = "site" if had_the_site else "site/ants"
    assert (remark.rule, remark.level, remark.place.file) == ("shared-namespace", "warning", place)
    assert ("delete the folder, and share" in remark.hint) == (not had_the_site)
    if had_the_site:
        for line in (SITE / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
            (SITE / line.split("  ")[1]).unlink()
        (SITE / "SHA256SUMS").unlink()
    else:
        shutil.rmtree(SITE / "ants")
    assert among("ants").remarks == ()
    assert listed() == ["emmets/index.html"]


def test_one_folder_is_named_and_not_two() -> None:
    """`--output` and `--site` mean different folders."""
    result = run("share", "-o", "site", "--site", "site")
    assert (result.exit_code, "remove one of them" in result.stderr) == (2, True)


GOOD = Entry(
    deck="bees",
    namespace="testsbees",
    title="Insects::Bees",
    version="1.0.0",
    date="2023-11-14",
    license="CC0",
    notes=3,
    cards=4,
)


def _with(**changed: Any) -> bytes:
    return json.dumps({**json.loads(entry_as_json(GOOD)), **changed}).encode()


BAD: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"{",
    "not UTF-8": b"\xff",
    "a list": b"[]",
    "nested": b"[" * 15_000,
    "endless number": b"1" * 10_000,
    "too large": _with(title="x" * LARGEST_ENTRY),
    "another form": _with(cuedeck=2),
    "no form": entry_as_json(GOOD).replace(b'"cuedeck": 1', b'"other": 1'),
    "a key more": _with(url="https://evil.example/"),
    "a key less": entry_as_json(GOOD).replace(b'  "license": "CC0",\n', b""),
    "another deck": _with(deck="ants"),
    "a path": _with(deck="../bees"),
    "a link": _with(deck="https://evil.example/"),
    "a title that is not text": _with(title=["x"]),
    "a title of two lines": _with(title="x\ny"),
    "a title that steers": _with(title="x\x1b[2J"),
    "a title that cannot be written": _with(title="\ud83d"),
    "no title": _with(title=""),
    "a namespace that is none": _with(namespace="x"),
    "a version that is none": _with(version="1.0.0\n"),
    "markup in the version": _with(version="<b>"),
    "a day that is none": _with(date="2023-02-30"),
    "markup in the day": _with(date='"><script>'),
    "a truth value": _with(notes=True),
    "a fraction": _with(cards=1.5),
    "a negative number": _with(notes=-1),
    "a number that cannot be": _with(cards=10**12),
}


@pytest.mark.hostile
@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_what_is_not_exactly_an_entry_is_not_listed(data: bytes) -> None:
    """Whoever wrote it: the deck is left out, which a warning says, and everything else is shared."""
    for id in ("ants", "bees"):
        hand_out(id)
        among(id)
    (SITE / "bees" / ENTRY).write_bytes(data)
    result = run("share", "ants", "--site", "site")
    assert result.exit_code == 0
    assert result.stderr.startswith("site/bees: warning: the deck here is not in the list:")
    assert listed() == ["ants/index.html"]


def test_an_entry_is_read_as_it_was_written() -> None:
    """Every value, also letters of any kind."""
    other = replace(GOOD, title="Öl::Ölçü 油 <b>", license="", notes=0)
    assert entry_from(entry_as_json(other)) == other


@pytest.mark.hostile
@pytest.mark.skipif(os.name == "nt", reason="not everyone may make links and pipes there")
def test_links_and_pipes_are_no_decks() -> None:
    """A link may lead anywhere, and a pipe may never end."""
    for id in ("ants", "bees"):
        hand_out(id)
    among("ants")
    among("bees", Path("elsewhere"))
    (SITE / "link").symlink_to(Path("elsewhere/bees").resolve())
    (SITE / "loop").symlink_to("loop")
    for name, piped in (("pipes", "SHA256SUMS"), ("cows", ENTRY)):
        shutil.copytree("elsewhere/bees", SITE / name)
        (SITE / name / piped).unlink()
        os.mkfifo(SITE / name / piped)
    (SITE / "Not An Id").mkdir()
    (SITE / "file").write_text("x", encoding="utf-8")
    remarks = among("ants").remarks
    assert listed() == ["ants/index.html"]
    assert [each.place.file for each in remarks] == ["site/cows"]
