import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from cuedeck.cli import cuedeck
from cuedeck.unchanged import Outcome, digests, remember, seen, unchanged
from cuedeck.usecases.build import build
from tests.making import DAY, FIRST, ROOT, cloze, deck, edit, question, write

CARDS = Path("cards.yaml")
LOCK = Path("cards.lock")
PACKAGE = Path("decks/small.apkg")
RECORD = Path(".cuedeck/cards.yaml.built")
TWO = {"one": question(reverse=True), "two": cloze("{{c1::A}} and {{c2::B}}.")}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An author's folder, in which the commands run."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(cuedeck, words, catch_exceptions=False)


def said(result: Result) -> tuple[int, str, str]:
    return result.exit_code, result.stdout, result.stderr


def in_full(*words: str) -> tuple[int, str, str]:
    """Return what a build says that knows nothing of the last one."""
    RECORD.unlink(missing_ok=True)
    return said(run("build", *words))


def files() -> dict[Path, tuple[bytes, int]]:
    """Return all that a build may write, with the times of it."""
    found = [*Path().glob("*.lock"), *Path().rglob("*.apkg")]
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in found}


def holds_what_it_says() -> bool:
    """Whether it is said that nothing changed; a build in full must then say the same, and write nothing."""
    if unchanged(CARDS, None) is None:
        return False
    before, at_once = files(), said(run("build"))
    assert in_full() == at_once
    assert files() == before
    return unchanged(CARDS, None) is not None


def test_building_again_says_the_same_at_once(folder: Path) -> None:
    """The first repetition is told without building, in the words of a build."""
    write(folder, deck(TWO))
    run("build")
    before = files()
    size = PACKAGE.stat().st_size
    assert unchanged(CARDS, None) == Outcome("decks/small.apkg", size, 2, 4)
    result = run("build")
    assert result.stdout.startswith("decks/small.apkg: 2 notes, 4 cards (0 new, 0 changed, 2 unchanged), ")
    assert run("build", "-v").stdout == result.stdout
    assert run("build", "-q").stdout == ""
    assert files() == before
    assert holds_what_it_says()


def test_nothing_heavy_is_loaded(folder: Path, plain_environment: dict[str, str]) -> None:
    """That nothing changed is told before anything is loaded that only building needs."""
    write(folder, deck(TWO))
    code = (
        "import sys\nfrom cuedeck.cli import main\ntry:\n    main()\nfinally:\n"
        "    print(sorted({'yaml', 'genanki', 'markdown_it', 'filelock', 'cuedeck.usecases.build'}"
        " & sys.modules.keys()))\n"
    )
    words = [sys.executable, "-c", code, "build", "-q"]
    for heavy in ("'cuedeck.usecases.build', 'filelock', 'genanki', 'markdown_it', 'yaml'", ""):
        done = subprocess.run(words, env=plain_environment, capture_output=True, text=True, check=True)
        assert done.stdout == f"[{heavy}]\n", done.stderr


def flip(path: Path, place: int = -1) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


def same_size_and_time(path: Path) -> None:
    """Edit a file so that neither its size nor its time tells."""
    before = path.stat()
    path.write_bytes(path.read_bytes().replace(b"What?", b"Whom?"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def empty_record() -> None:
    RECORD.write_bytes(hashlib.sha256(b"{}").hexdigest().encode() + b"\n{}")


def as_link(path: Path) -> None:
    """Put a link to the same bytes in place of a file."""
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


TOUCHES: dict[str, Callable[[], object]] = {
    "cards edited": lambda: edit(CARDS, "That.", "This."),
    "cards edited unseen": lambda: same_size_and_time(CARDS),
    "cards with a comment": lambda: CARDS.write_text(f"{CARDS.read_text()}# more\n"),
    "cards with other line ends": lambda: CARDS.write_bytes(CARDS.read_bytes().replace(b"\n", b"\r\n")),
    "cards broken": lambda: CARDS.write_text("{"),
    "cards gone": lambda: CARDS.unlink(),
    "cards a folder": lambda: (CARDS.unlink(), CARDS.mkdir()),
    "cards a link": lambda: as_link(CARDS),
    "lock with a blank line": lambda: LOCK.write_text(f"{LOCK.read_text()}\n"),
    "lock flipped": lambda: flip(LOCK, 3),
    "lock empty": lambda: LOCK.write_bytes(b""),
    "lock gone": lambda: LOCK.unlink(),
    "lock a link": lambda: as_link(LOCK),
    "package flipped": lambda: flip(PACKAGE, 40),
    "package cut": lambda: PACKAGE.write_bytes(PACKAGE.read_bytes()[:-9]),
    "package gone": lambda: PACKAGE.unlink(),
    "package a folder": lambda: (PACKAGE.unlink(), PACKAGE.mkdir()),
    "package a link": lambda: as_link(PACKAGE),
    "decks gone": lambda: shutil.rmtree(PACKAGE.parent),
    "record gone": lambda: RECORD.unlink(),
    "record flipped": lambda: flip(RECORD),
    "record cut": lambda: RECORD.write_bytes(RECORD.read_bytes()[:-9]),
    "record empty": lambda: RECORD.write_bytes(b""),
    "record of nothing": empty_record,
    "state gone": lambda: shutil.rmtree(RECORD.parent),
    "state not ignored": lambda: Path(".cuedeck/.gitignore").unlink(),
    "something half written": lambda: Path("decks/.cuedeck-0123-x.tmp").touch(),
    "build lock gone": lambda: Path(".cuedeck/build.lock").unlink(),
    "time that is none": lambda: os.environ.update(SOURCE_DATE_EPOCH="yesterday"),
    "time beyond measure": lambda: os.environ.update(SOURCE_DATE_EPOCH="9" * 5000),
    "other libraries": lambda: sys.path.append("/elsewhere"),
}


@pytest.mark.parametrize("touch", TOUCHES.values(), ids=TOUCHES)
def test_whatever_is_touched_is_built_in_full(
    folder: Path, monkeypatch: pytest.MonkeyPatch, touch: Callable[[], object]
) -> None:
    """A build does all of its work where any of its inputs, or what it has left, is not as it was."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(FIRST))  # and put back afterwards
    monkeypatch.setattr(sys, "path", [*sys.path])
    write(folder, deck(TWO))
    run("build")
    assert unchanged(CARDS, None)
    touch()
    assert unchanged(CARDS, None) is None


@pytest.mark.parametrize(
    ("cards", "output"), [("./other.yaml", None), ("cards.yaml", "other.apkg"), ("cards.yaml", "decks/small.apkg")]
)
def test_another_question_has_another_answer(folder: Path, cards: str, output: str | None) -> None:
    """What is known of one cards file and one package says nothing of others."""
    write(folder, deck(TWO))
    shutil.copy(CARDS, "other.yaml")
    run("build")
    assert unchanged(Path(cards), output and Path(output)) is None  # type: ignore[arg-type]


def test_a_build_elsewhere_is_remembered_too(folder: Path) -> None:
    """`-o` is told at once as well; what is accepted never is."""
    write(folder, deck(TWO))
    run("build", "-o", "a.apkg")
    assert unchanged(CARDS, Path("a.apkg"))
    assert said(run("build", "-o", "a.apkg")) == in_full("-o", "a.apkg")
    assert run("build", "-o", "a.apkg", "--accept", "vanished:one").exit_code == 1


@pytest.mark.parametrize("given", ["", str(FIRST - DAY), str(FIRST + DAY)])
def test_the_time_of_a_build_does_not_matter(folder: Path, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    """Where nothing changed, nothing takes the time of the build."""
    write(folder, deck(TWO))
    run("build")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    assert holds_what_it_says()


def test_warnings_come_again(folder: Path) -> None:
    """A warning that every build gives is given by each; one that only the edit brought is not repeated."""
    write(folder, deck({**TWO, "three": question("Three?")}))
    run("build")
    write(folder, deck({"one": TWO["one"], "two": cloze("{{c1::A}} and B.")}))
    first = run("build")
    assert "[vanished]" in first.stderr
    assert "[cloze-gone]" in first.stderr
    assert unchanged(CARDS, None) is None
    second = said(run("build"))
    assert unchanged(CARDS, None)
    assert said(run("build")) == second
    assert "[vanished]" in second[2]
    assert "[cloze-gone]" not in second[2]
    assert holds_what_it_says()


def test_packages_of_releases_count(folder: Path) -> None:
    """A package that is kept of a release is made again where it is gone, and never written over."""
    write(folder, deck(TWO, author="A. Writer", license="CC BY 4.0"))
    assert run("release", "1.0.0").exit_code == 0
    copy = Path("decks/small-1.0.0.apkg")
    run("build")
    assert holds_what_it_says()
    copy.unlink()
    assert unchanged(CARDS, None) is None
    run("build")
    assert copy.exists()
    assert unchanged(CARDS, None)
    copy.unlink()
    copy.symlink_to("small.apkg")
    assert unchanged(CARDS, None) is None
    assert run("build").exit_code == 1


def test_code_counts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that was loaded and is another now may build something else."""
    library = folder / "library.py"
    library.touch()
    module = ModuleType("library")
    module.__file__ = str(library)
    monkeypatch.setitem(sys.modules, "library", module)
    cards = write(folder, deck(TWO))
    written = build(cards)
    outcome = Outcome("small", 1, 2, 4)

    remember(cards, None, written.digests, (), outcome, begun=library.stat().st_ctime_ns)
    assert unchanged(cards, None) is None, "what was loaded may not be what is there"
    remember(cards, None, written.digests, (), outcome, begun=time.time_ns())
    assert unchanged(cards, None) == outcome
    library.write_text("changed = True\n")
    assert unchanged(cards, None) is None


def test_what_is_edited_during_a_build_is_built_again(folder: Path) -> None:
    """A record is of what the build has read, and not of what stands there afterwards."""
    write(folder, deck(TWO))
    before = seen(CARDS)
    assert digests({CARDS: before}, {}) == {CARDS: before.digest}
    text = CARDS.read_bytes()
    CARDS.write_bytes(b"")
    CARDS.write_bytes(text)
    assert digests({CARDS: before}, {LOCK: b""}) == {}


@pytest.mark.parametrize("cards", sorted((ROOT / "tests/examples/good").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_good_deck(folder: Path, cards: Path) -> None:
    """Whatever a deck holds, what is said at once is what a build says."""
    shutil.copy(cards, CARDS)
    run("build")
    run("build")
    assert holds_what_it_says()


NOTES = st.dictionaries(
    st.sampled_from(["one", "two", "three"]),
    st.one_of(
        st.builds(question, st.sampled_from(["What?", "Who?"]), reverse=st.booleans()),
        st.sampled_from([cloze("{{c1::A}}."), cloze("{{c1::A}} and {{c2::B}}."), cloze("{{c2::B}}.")]),
        st.just(question(retired="It is wrong.")),
    ),
    min_size=1,
)


@settings(max_examples=15)
@given(states=st.lists(st.tuples(NOTES, st.sampled_from(["Small", "Other"])), min_size=1, max_size=4))
def test_whatever_was_built_before(tmp_path_factory: pytest.TempPathFactory, states: "list[tuple[Any, str]]") -> None:
    """After any edits, said at once is only what a build in full would say, and where that writes nothing."""
    folder = tmp_path_factory.mktemp("edits")
    before = Path.cwd()
    os.chdir(folder)
    try:
        for notes, title in states:
            write(folder, deck(notes, title=title))
            for _ in range(2):
                is_built = run("build").exit_code == 0
                holds_what_it_says()
            assert unchanged(CARDS, None) or not is_built
    finally:
        os.chdir(before)
