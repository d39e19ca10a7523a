"""Fields under other names: after an edit of our table, and after their owner renamed them in Anki."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cuedeck.package.container import archive
from cuedeck.package.contents import MANIFEST
from cuedeck.package.opening import read_members
from cuedeck.rendering.notefields import Field
from tests.anki.learner import collection, take

if TYPE_CHECKING:  # nothing else of it is needed here
    from anki.collection import Collection


def rename(monkeypatch: pytest.MonkeyPatch, field: Field, name: str) -> None:
    """Give a field another name until the end of the test, as an edit of the table does."""
    monkeypatch.setitem(vars(field), "name", name)


def exported(learner: "Collection", path: Path) -> Path:
    """Export everything a learner has as Anki does for older versions, without our manifest; return the path."""
    from anki.collection import ExportAnkiPackageOptions

    options = ExportAnkiPackageOptions(with_media=True, legacy=True)
    learner.export_anki_package(out_path=str(path), options=options, limit=None)
    return path


def renamed_in_anki(package: Path, names: Mapping[str, str], path: Path) -> Path:
    """Import a package into a new collection, rename fields there, and export it again; return the path."""
    with collection(path.with_suffix(".owner")) as owner:
        take(owner, package)
        for kind in owner.models.all():
            for field in kind["flds"]:
                field["name"] = names.get(field["name"], field["name"])
            owner.models.update_dict(kind)
        return exported(owner, path)


def with_manifest(package: Path, of: Path) -> Path:
    """Put the manifest of the package `of` into `package`; return that path."""
    package.write_bytes(archive({**read_members(package), MANIFEST: read_members(of)[MANIFEST]}))
    return package
