"""Manifests in packages that say something odd, in whatever reads packages of ours."""

import json
from pathlib import Path

from cuedeck.package.container import archive
from tests.fuzzing.bases import packages
from tests.fuzzing.choices import Choices, as_json
from tests.fuzzing.packages import ROADS, take

_MANIFEST = "cuedeck.json"


def follow(data: bytes, folder: Path) -> bool:
    """Make a manifest by the decisions in some bytes, and take one of the roads with its package, as `take` does."""
    choices = Choices(data)
    road, base, package = choices.of([*ROADS]), choices.of(("draft", "released")), choices.of(("draft", "ours"))
    files = packages()[package]
    text = as_json(choices.spoiled(json.loads(files[_MANIFEST])), ensure_ascii=choices.below(2) == 0)
    manifest = text.encode("utf-8", "surrogatepass")
    if choices.seldom():
        manifest = choices.edited(manifest)
    return take(archive({**files, _MANIFEST: manifest}), road, folder, base)


def seeds() -> dict[str, bytes]:
    """Return decisions for each road with some keys of each package."""
    return {
        f"{road}-{key}": bytes([road, key // 2 % 2, key % 2, 0, 3, key, 5])
        for road in range(len(ROADS))
        for key in range(4)
    }
