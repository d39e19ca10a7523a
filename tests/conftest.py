"""What all tests share: they build at one fixed past time, unless they say another."""

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

# A time limit would make a busy machine fail tests that are right. Where CI is set, the same examples are tried in each
# run, so that a change never fails there for an example that the change before it was only lucky not to meet; new ones
# are met wherever somebody develops.
UNHURRIED = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=bool(os.environ.get("CI")), print_blob=True
)
settings.register_profile("unhurried", UNHURRIED)
settings.register_profile("brief", UNHURRIED, max_examples=10)  # for `make test-fast`
settings.load_profile("unhurried")


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over the thousands of tests, among which it would look again and again."""
    gc.collect()
    gc.freeze()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Ask for the libraries that a test is marked to need."""
    for marker in item.iter_markers("needs"):
        for name in marker.args:
            needed(name)


@pytest.fixture(autouse=True)
def _fixed_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(FIRST))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, in no git repository, and git without the settings of whoever runs this."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    return tmp_path


@pytest.fixture
def sketched(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Draw no picture for other sites, which takes longer than all else that is on one: only tell pictures apart.

    Returns what draws them.
    """
    library = needed("resvg_py")
    draw: Callable[..., Any] = library.svg_to_bytes
    monkeypatch.setattr(library, "svg_to_bytes", lambda svg_string: b"\x89PNG" + sha256(svg_string.encode()).digest())
    return draw


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    """The talk's own cards.yaml in a folder where nothing was ever built."""
    return Path(shutil.copy(ROOT / "cards.yaml", tmp_path / "cards.yaml"))


@pytest.fixture(scope="session")
def plain_environment() -> dict[str, str]:
    """The environment for a process of its own: it finds the builder, and builds at the fixed time."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return {**others, "PYTHONPATH": str(SOURCE), "SOURCE_DATE_EPOCH": str(FIRST), "PYTHONWARNINGS": "error"}
