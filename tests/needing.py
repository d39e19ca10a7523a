"""Libraries that only some tests need: if one is missing, those tests are skipped, or fail in CI."""

import importlib
import os
from typing import Any

import pytest


def needed(name: str) -> Any:
    """Return a library. If it is missing, the test that asks for it is skipped, or fails if CI is set."""
    if os.environ.get("CI"):
        return importlib.import_module(name)
    return pytest.importorskip(name, reason=f"{name} is missing: it comes with the extra dev")
