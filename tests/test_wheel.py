"""The Python package: it installs into an empty environment and does its main work there."""

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from cuedeck import __version__
from tests.making import FIRST, ROOT, SOURCE
from tests.needing import needed


def _run(*words: str | Path, cwd: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(list(map(str, words)), cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_wheel_builds_the_deck_from_another_folder(tmp_path: Path) -> None:
    """Source package, wheel from it, an empty environment, another folder: the talk's deck is the same."""
    needed("build")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment |= {"SOURCE_DATE_EPOCH": str(FIRST), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    _run(sys.executable, "-m", "build", "--outdir", tmp_path / "dist", ROOT, cwd=tmp_path, environment=environment)
    names = {path.name for path in (tmp_path / "dist").iterdir()}
    assert names == {f"cuedeck-{__version__}.tar.gz", f"cuedeck-{__version__}-py3-none-any.whl"}

    with zipfile.ZipFile(tmp_path / "dist" / f"cuedeck-{__version__}-py3-none-any.whl") as packed:
        tops = {name.partition("/")[0] for name in packed.namelist()}
    assert tops == {"cuedeck", f"cuedeck-{__version__}.dist-info"}  # nothing under a name that others may use

    venv.create(tmp_path / "venv")
    programs = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    wheel = tmp_path / "dist" / f"cuedeck-{__version__}-py3-none-any.whl"
    pip = [sys.executable, "-m", "pip", "--python", programs / "python"]
    _run(*pip, "install", "--quiet", wheel, cwd=tmp_path, environment=environment)

    folder = tmp_path / "an other folder"
    folder.mkdir()
    shutil.copy(ROOT / "cards.yaml", folder)
    cuedeck = programs / "cuedeck"
    assert _run(cuedeck, "--version", cwd=folder, environment=environment) == f"cuedeck {__version__}\n"
    assert _run(cuedeck, "build", cwd=folder, environment=environment).startswith("decks/soft-abandonment.apkg: ")
    assert _run(cuedeck, "verify", "decks/soft-abandonment.apkg", cwd=folder, environment=environment)
    assert _run(cuedeck, "schema", cwd=folder, environment=environment).startswith("{")
    assert _run(cuedeck, "preview", cwd=folder, environment=environment).startswith(".cuedeck/preview.html: ")
    here = {**environment, "PYTHONPATH": str(SOURCE)}
    elsewhere = folder / "elsewhere.apkg"
    _run(sys.executable, "-m", "cuedeck", "build", "-o", elsewhere, cwd=folder, environment=here)
    _run(cuedeck, "verify", elsewhere, cwd=folder, environment=environment)
