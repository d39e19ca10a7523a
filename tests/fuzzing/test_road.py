"""The fuzzer's target, on its seeds and on what hypothesis makes of them: it ends in a package or in problems."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzzing.decks import PIECES, decks
from tests.fuzzing.road import SEEDS, follow
from tests.mediafiles import FILES

TEXTS = [seed.read_text(encoding="utf-8") for seed in SEEDS]
edits = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 30), st.sampled_from(PIECES) | st.text(max_size=5)),
    min_size=1,
    max_size=6,
)


def edited(text: str, changes: list[tuple[float, int, str]]) -> str:
    """Return a text with some pieces replaced by others."""
    for place, length, piece in changes:
        at = int(place * len(text))
        text = text[:at] + piece + text[at + length :]
    return text


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bool]:
    """A function that takes a text the whole way, in a folder that no other test uses."""
    folder = tmp_path_factory.mktemp("taken")
    shutil.copytree(FILES, folder / "media")
    return lambda text: follow(text.encode("utf-8", "surrogatepass"), folder)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_each_seed_ends_well(seed: Path, tmp_path: Path) -> None:
    """A good example makes a package, and so does a bad one once it is fixed; a bad one is refused."""
    shutil.copytree(FILES, tmp_path / "media")
    assert follow(seed.read_bytes(), tmp_path) == (seed.parent.name == "good" or seed.stem.endswith(".fixed"))


@pytest.mark.random
@given(text=st.sampled_from(TEXTS), changes=edits)
def test_an_edited_example_ends_well(text: str, changes: list[tuple[float, int, str]], taken: Any) -> None:
    """Whatever edits are made in a file, it becomes a package or is refused."""
    assert taken(edited(text, changes)) in (True, False)


@pytest.mark.random
@given(data=decks)
def test_any_deck_ends_well(data: Any, taken: Any) -> None:
    """Whatever the keys of a deck have as values, it becomes a package or is refused."""
    assert taken(yaml.safe_dump(data, allow_unicode=True, sort_keys=False)) in (True, False)
