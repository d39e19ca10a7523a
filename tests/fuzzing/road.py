"""Random texts on the whole way from cards.yaml to a package, seeded with all examples.

Whatever a text contains, it becomes a package or is refused with `Problems`. It may show the pictures and play the
sounds of the examples.
"""

import shutil
from io import BytesIO
from pathlib import Path

from cuedeck.building.assembling import stamp
from cuedeck.package.container import write_archive
from cuedeck.problems import Problems
from tests.making import ROOT, checked

EXAMPLES = ROOT / "tests" / "examples"
SEEDS = sorted(EXAMPLES.glob("*/*.yaml"))
TIME = 1_700_000_000


def seeds() -> dict[str, bytes]:
    """Return the bytes of all examples by name."""
    return {f"{seed.parent.name}-{seed.stem}": seed.read_bytes() for seed in SEEDS}


def follow(data: bytes, folder: Path) -> bool:
    """Take the bytes of a cards.yaml all the way; return whether they made a package.

    The folder is empty, or has the pictures and sounds of the examples from an earlier text.
    """
    if not (folder / "media").exists():
        shutil.copytree(EXAMPLES / "media", folder / "media")
    cards = folder / "cards.yaml"
    cards.write_bytes(data)
    try:
        members = stamp(checked(cards).with_advice(), TIME).members
        write_archive(members, BytesIO())
        return True
    except Problems:
        return False
