"""What the tests with Anki's own library share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from anki.collection import Collection

from tests.anki.learner import collection


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Collection]:
    """A new collection."""
    with collection(tmp_path / "profile") as opened:
        yield opened
