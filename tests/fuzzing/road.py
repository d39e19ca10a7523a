"""Random texts on the whole way from cards.yaml to a package, seeded with all examples: `make fuzz`.

Whatever a text contains, it becomes a package or is refused with `Problems`. It may show the pictures and play the
sounds of the examples. The options are those of libFuzzer. Texts
that fail are written to the folder .fuzzing; `python tests/fuzzing/road.py .fuzzing/crash-...` tries one again.
"""

import os
import shutil
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOUND = ROOT / ".fuzzing"
EXAMPLES = ROOT / "tests" / "examples"
SEEDS = sorted(EXAMPLES.glob("*/*.yaml"))
TIME = 1_700_000_000
LONGEST = 10
"""Seconds of processor time that one text may take. libFuzzer's own limit also counts those of other programs."""


def follow(data: bytes, folder: Path) -> bool:
    """Take the bytes of a cards.yaml all the way; return whether they made a package.

    The folder is empty, or has the pictures and sounds of the examples from an earlier text.
    """
    from cuedeck.building.assembling import stamp
    from cuedeck.package.container import write_archive
    from cuedeck.problems import Problems
    from tests.making import checked

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


def follow_in_time(data: bytes, folder: Path, longest: float = LONGEST) -> None:
    """Take the bytes of a cards.yaml all the way. Raises TimeoutError if that takes too long."""
    begun = time.process_time()
    follow(data, folder)
    if (taken := time.process_time() - begun) > longest:
        raise TimeoutError(f"one text took {taken:.0f} seconds")


def main() -> None:
    """Run libFuzzer."""
    import atheris

    sys.path.insert(0, str(ROOT))
    with atheris.instrument_imports(include=["cuedeck"], enable_loader_override=False):
        pass

    folder = Path(tempfile.mkdtemp())
    shutil.copytree(ROOT / "tests" / "examples" / "media", folder / "media")
    seeds = Path(tempfile.mkdtemp())
    for seed in SEEDS:
        (seeds / f"{seed.parent.name}-{seed.stem}").write_bytes(seed.read_bytes())
    FOUND.mkdir(exist_ok=True)
    options = ["-timeout=120", "-rss_limit_mb=2048", "-max_len=5000", f"-artifact_prefix={FOUND}{os.sep}"]
    again = any(not option.startswith("-") for option in sys.argv[1:])
    atheris.Setup([*sys.argv, *options, *([] if again else [str(seeds)])], lambda data: follow_in_time(data, folder))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
