"""The target of the fuzzer, on its seeds alone."""

from pathlib import Path

import pytest

from tests.fuzzing.road import SEEDS, follow


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_each_seed_ends_well(seed: Path, tmp_path: Path) -> None:
    """A good example makes a package, a bad one is refused, and nothing else happens."""
    assert follow(seed.read_bytes(), tmp_path) == (seed.parent.name == "good")
