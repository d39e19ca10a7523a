"""`cuedeck init`: what it writes is valid, can be built, and can be changed by the author."""

from pathlib import Path

import pytest

from cuedeck.usecases.build import build
from tests.making import FIRST, checked
from tests.running import output_of


def init(*words: str) -> tuple[int, str, str]:
    return output_of("init", *words)


# Name: the folder and options, and the id and title of the deck.
BEGUN: dict[str, tuple[list[str], str, str]] = {
    "plain": (["zoo"], "zoo", "zoo"),
    "words": (["My Talk, part 2"], "my-talk-part-2", "My Talk, part 2"),
    "accents": (["Café"], "cafe", "Café"),
    "no letters": (["讲座"], "deck", "讲座"),
    "a name that no deck can have": (["default"], "default", "My deck"),
    "options": (["zoo", "--id", "me", "--title", 'Talks::Me: "zoo"'.replace('"', "'")], "me", "Talks::Me: 'zoo'"),
}


@pytest.mark.parametrize(("words", "id", "title"), BEGUN.values(), ids=BEGUN)
def test_what_is_begun_can_be_built(folder: Path, words: list[str], id: str, title: str) -> None:
    """The new cards.yaml passes all checks, advice included, and makes a package under the deck's id."""
    code, said, errors = init(*words)
    folder = Path(words[0])
    assert (code, errors) == (0, "")
    assert said.startswith(f"{folder.as_posix()}/cards.schema.json\n{folder.as_posix()}/cards.yaml\n")
    to_it = f'"{folder}"' if not words[0].isascii() or " " in words[0] else folder
    assert said.endswith(f"\nnext: cd {to_it}, write your cards into cards.yaml, then: cuedeck check\n")
    begun = checked(folder / "cards.yaml").with_advice()
    assert (begun.deck.about.id, begun.deck.about.title, begun.warnings) == (id, title, ())
    assert build(folder / "cards.yaml", at=FIRST).package == folder / "decks" / f"{id}.apkg"


def test_two_decks_have_two_namespaces(folder: Path) -> None:
    """No two decks have the same namespace by accident."""
    names = []
    for folder in ("one", "two"):
        init(folder)
        names.append(checked(Path(folder) / "cards.yaml").deck.about.namespace)
    assert len(set(names)) == 2


@pytest.mark.parametrize("words", [(), (".",)], ids=["none", "dot"])
def test_the_folder_is_named_where_none_was(folder: Path, words: tuple[str, ...]) -> None:
    """An author who begins in a wrong folder sees it."""
    said = init(*words)[1].splitlines()[-1]
    assert said == f"next: write your cards into cards.yaml in {folder.resolve()}, then: cuedeck check"


@pytest.mark.parametrize("name", ["cards.yaml", "cards.schema.json"])
def test_nothing_is_overwritten(folder: Path, name: str) -> None:
    """If one file exists already, neither is written."""
    Path(name).write_text("mine", encoding="utf-8")
    code, _, errors = init()
    assert code == 1
    assert errors.startswith(f"{name}: error: this file already exists [there-already]")
    assert [path.name for path in folder.iterdir()] == [name]
    assert Path(name).read_text(encoding="utf-8") == "mine"


def test_what_was_broken_off_is_begun_again(folder: Path) -> None:
    """The schema comes first, and alone it keeps nobody from beginning."""
    init()
    Path("cards.yaml").unlink()
    assert init()[0] == 0
    assert Path("cards.yaml").exists()
