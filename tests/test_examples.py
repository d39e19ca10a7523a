"""The examples: what is wrong in a cards.yaml, with the exact message, and what must be accepted."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from cuedeck.deck.deck import About, ClozeNote, Concept, Deck, QuestionNote, Source
from cuedeck.deck.keys import declared_keys
from cuedeck.deck.values import line
from cuedeck.problems import Keys, Problems
from cuedeck.reading.cardsfile import cards_from_text
from cuedeck.reading.data import Data
from cuedeck.reading.document import parse
from cuedeck.reading.parsing import LOADERS
from tests.making import checked

EXAMPLES = Path(__file__).parent / "examples"
SOURCE = Path(__file__).parents[1] / "builder" / "cuedeck"
FIXED = sorted(path.stem for path in (EXAMPLES / "bad").glob("*.fixed.yaml"))
BAD = sorted({path.stem for path in (EXAMPLES / "bad").glob("*.yaml")}.difference(FIXED))
GOOD = sorted(path.stem for path in (EXAMPLES / "good").glob("*.yaml"))

# Words in the source code that look like rules but are not.
NO_RULES = {"utf-8", "utf-8-sig", "utf-16-le", "anki-mathjax", "double-quoted"}
# Rules that no example shows, and why.
ELSEWHERE = {
    "no-file": "there is no file; see test_cards.py",
    "not-utf-8": "not a text file; see test_cards.py",
    "unreadable": "a matter of permissions; see test_cards.py",
    "empty-file": "see test_cards.py",
    "too-large": "the example would be too large; see test_document.py",
    "media-too-large": "the same; see tests/media/test_inspecting.py",
    "example-namespace": "a warning; see tests/building/test_examplenames.py",
    "unused-credit": "a warning; see tests/media/test_credits.py",
    "changed-meanwhile": "takes another program; see tests/package/test_container.py",
    "too-long": "the same; see test_cards.py",
    "too-many-notes": "the same; see test_cards.py",
    "bad-parts": "takes several files; see tests/usecases/test_parts.py",
    "part-with-deck": "the same",
    "bad-text": "the name for errors without their own rule; so far all have one",
}


def problems_of(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return what `cuedeck check` prints for a cards.yaml with this text, beside a folder of pictures and sounds."""
    monkeypatch.chdir(folder)
    shutil.copytree(EXAMPLES / "media", "media", dirs_exist_ok=True)
    Path("cards.yaml").write_text(text, encoding="utf-8", newline="")
    try:
        checked(Path("cards.yaml"))
    except Problems as found:
        printed = "".join(f"{problem}\n" for problem in found.problems)
        return re.sub(r"(drawn for this deck: namespace:) [a-z0-9]{8}\b", r"\1 tests123", printed)
    return ""


@pytest.mark.parametrize("name", BAD)
def test_a_bad_example_is_reported_in_these_words(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything wrong is printed at its place, in exactly the words beside the file, which is named after a rule."""
    printed = problems_of((EXAMPLES / "bad" / f"{name}.yaml").read_text(encoding="utf-8"), tmp_path, monkeypatch)
    assert printed == (EXAMPLES / "bad" / f"{name}.txt").read_text(encoding="utf-8")
    assert f"[{name.partition('.')[0]}]" in printed


# Where a key of `media:`, or the file as a whole, is wrong, a part is another matter.
NOT_IN_PARTS = {
    *("doubled.credits", "media-outside.credits", "no-media-file.credits", "unknown-key.beside-deck"),
    *("missing-key.top", "no-notes", "second-document", "second-document.doubled", "unknown-key.deck"),
    *("wrong-shape.list-at-top", "wrong-shape.text-at-top"),
}


@pytest.mark.parametrize("name", sorted({*BAD} - NOT_IN_PARTS))
def test_a_bad_example_is_reported_in_the_same_words_in_a_part(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If all but `deck:` is in a part, everything wrong in it is reported at its place there."""
    text = (EXAMPLES / "bad" / f"{name}.yaml").read_text(encoding="utf-8")
    head = re.match(r"(?:#.*\n)*deck:(?: \{.*\}\n|\n(?:  .*\n)+)", text)
    assert head
    lines = head[0].count("\n")
    (tmp_path / "part.yaml").write_text("#\n" * lines + text[head.end() :], encoding="utf-8")
    deck = head[0].replace("}\n", ", parts: part.yaml}\n") if "deck: {" in head[0] else f"{head[0]}  parts: part.yaml\n"
    printed = problems_of(deck, tmp_path, monkeypatch)
    wanted = (EXAMPLES / "bad" / f"{name}.txt").read_text(encoding="utf-8")
    assert printed == re.sub(
        r"^cards\.yaml(?=:(\d+))",
        lambda place: "part.yaml" if int(place[1]) > lines else "cards.yaml",
        wanted,
        flags=re.MULTILINE,
    )


@pytest.mark.parametrize("name", FIXED)
def test_following_the_hints_leaves_no_problem(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bad example in which only the hints were followed has no problems left."""
    assert problems_of((EXAMPLES / "bad" / f"{name}.yaml").read_text(encoding="utf-8"), tmp_path, monkeypatch) == ""


def test_every_bad_example_has_a_way_out() -> None:
    """Beside each is the file to which its hints lead."""
    assert {name.removesuffix(".fixed") for name in FIXED} == set(BAD)


@pytest.mark.parametrize("ends", ["\r\n", "\r"], ids=["windows", "old-mac"])
@pytest.mark.parametrize("name", ["past-end", "text-colon", "cloze-open.paragraph", "doubled-key"])
def test_line_ends_do_not_change_messages(
    name: str, ends: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file with the line ends of another system, and a byte order mark, has the same problems at the same places."""
    text = (EXAMPLES / "bad" / f"{name}.yaml").read_text(encoding="utf-8")
    printed = problems_of("\ufeff" + text.replace("\n", ends), tmp_path, monkeypatch)
    assert printed == (EXAMPLES / "bad" / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [f"bad/{name}" for name in BAD] + [f"good/{name}" for name in GOOD])
def test_both_parsers_read_the_same(name: str) -> None:
    """With and without libyaml, a file gives the same data at the same places, or the same problems."""
    text = (EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8")
    read = []
    for loader in LOADERS:
        try:
            document = parse(text, "cards.yaml", loader)
            places = [document.places.find(keys, part) for keys in ways(document.data) for part in ("key", "value")]
            kept = parse(text, "cards.yaml", loader, keep_places=True).places
            assert places == [kept.find(keys, part) for keys in ways(document.data) for part in ("key", "value")]
            read.append((document.data, places, document.problems, cards_from_text(text, loader=loader).problems))
        except Problems as found:
            read.append(found.problems)
    assert read == [read[0]] * len(LOADERS)


def ways(data: Data, keys: Keys = ()) -> Iterator[Keys]:
    """Yield the keys that lead to every value in the data."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield (*keys, key)
        yield from ways(value, (*keys, key))


@pytest.mark.skipif(not yaml.__with_libyaml__, reason="this PyYAML comes without libyaml")
def test_libyaml_is_used_if_it_is_installed() -> None:
    """The fast parser comes first."""
    assert LOADERS[0] is yaml.CSafeLoader


@pytest.mark.parametrize("name", GOOD)
def test_a_good_example_has_no_problems(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A good example gives no message."""
    assert problems_of((EXAMPLES / "good" / f"{name}.yaml").read_text(encoding="utf-8"), tmp_path, monkeypatch) == ""


@pytest.mark.parametrize(("before", "ends"), [("", "\r\n"), ("\ufeff", "\n"), ("\ufeff", "\r\n"), ("", "\r")])
@pytest.mark.parametrize("name", GOOD)
def test_a_good_example_has_no_problems_however_it_is_saved(
    name: str, before: str, ends: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A byte order mark and the line ends of other systems change nothing."""
    text = (EXAMPLES / "good" / f"{name}.yaml").read_text(encoding="utf-8")
    assert problems_of(before + text.replace("\n", ends), tmp_path, monkeypatch) == ""


def test_every_rule_has_an_example() -> None:
    """Each rule that reading or rendering can report is shown by an example, or is named above with the reason."""
    shown = {name.partition(".")[0] for name in BAD}
    assert rules_in_the_code() - NO_RULES - ELSEWHERE.keys() == shown


def rules_in_the_code() -> set[str]:
    files = [path for room in ("reading", "rendering", "deck", "media") for path in SOURCE.glob(f"{room}/*.py")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in files)
    named = set(re.findall(r'(?<!=)"([a-z0-9]+(?:-[a-z0-9]+)+)"', code)) | {"empty", "doubled", "blank"}
    kinds = (About, Source, QuestionNote, ClozeNote, Concept, Deck)
    keys = [key for kind in kinds for key in declared_keys(kind).values()]
    return named | {
        f"bad-{key.name}".replace("_", "-") for key in keys if key.key.parse not in (str, line) or key.key.parse_line
    }
