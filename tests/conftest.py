"""What all tests share: they build at one fixed time in the past, unless they name another."""

import gc
import os
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.making import FIRST, ROOT, SOURCE
from tests.needing import needed

# A time limit would make correct tests fail on a busy machine. If CI is set, every run tries the same examples, so that
# no change fails for an example that the previous one was just lucky not to meet. Developers' machines try new ones.
UNHURRIED = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=bool(os.environ.get("CI")), print_blob=True
)
settings.register_profile("unhurried", UNHURRIED)
settings.register_profile("brief", UNHURRIED, max_examples=10)  # for `make test-fast`
settings.load_profile("unhurried")


def pytest_collection_finish() -> None:
    """Let the garbage collector ignore the thousands of tests, which it would otherwise search again and again."""
    gc.collect()
    gc.freeze()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Ask for the libraries that a test needs according to its mark."""
    for marker in item.iter_markers("needs"):
        for name in marker.args:
            needed(name)


@pytest.fixture(autouse=True)
def _fixed_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(FIRST))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder outside any git repository, and git without the settings of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    return tmp_path


@pytest.fixture
def sketched(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Replace the picture for other sites, which takes longer than the rest of a site, by bytes that depend on it.

    Returns the function that really draws it.
    """
    library = needed("resvg_py")
    draw: Callable[..., Any] = library.svg_to_bytes
    monkeypatch.setattr(library, "svg_to_bytes", lambda svg_string: b"\x89PNG" + sha256(svg_string.encode()).digest())
    return draw


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    """The cards.yaml of this repository's talk, in a folder where nothing was ever built."""
    return Path(shutil.copy(ROOT / "cards.yaml", tmp_path / "cards.yaml"))


@pytest.fixture(scope="session")
def plain_environment() -> dict[str, str]:
    """The environment for a separate process, which finds the builder and builds at the fixed time."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return {**others, "PYTHONPATH": str(SOURCE), "SOURCE_DATE_EPOCH": str(FIRST), "PYTHONWARNINGS": "error"}
