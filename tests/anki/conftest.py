"""What the tests with Anki's own library share."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.anki.learner import collection
from tests.needing import needed

if TYPE_CHECKING:
    from anki.collection import Collection


def pytest_collect_file(file_path: Path) -> None:
    """Leave out the whole folder if Anki is missing: all its modules need it."""
    if file_path.name.startswith("test_"):
        needed("anki.collection")


@pytest.fixture
def learner(tmp_path: Path) -> Iterator["Collection"]:
    """A new collection."""
    with collection(tmp_path / "profile") as opened:
        yield opened
