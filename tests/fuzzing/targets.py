"""What is fuzzed: each target takes any bytes, and ends well whatever they are."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.fuzzing import locks, manifests, packages, road

LONGEST = 10
"""Seconds of processor time that one input may take. libFuzzer's own limit also counts those of other programs."""


@dataclass(frozen=True)
class Target:
    """A function that takes bytes and a folder of its own, and the inputs that libFuzzer starts from, by name.

    No input that libFuzzer makes has more than `most` bytes.
    """

    follow: Callable[[bytes, Path], object]
    seeds: Callable[[], Mapping[str, bytes]]
    most: int = 200

    def try_in_time(self, data: bytes, folder: Path, longest: float = LONGEST) -> None:
        """Try one input. Raises TimeoutError if that takes too long."""
        begun = time.process_time()
        self.follow(data, folder)
        if (taken := time.process_time() - begun) > longest:
            raise TimeoutError(f"one input took {taken:.0f} seconds")


TARGETS: Mapping[str, Target] = {
    "texts": Target(road.follow, road.seeds, most=5000),
    "packages": Target(packages.follow, packages.seeds),
    "manifests": Target(manifests.follow, manifests.seeds),
    "locks": Target(locks.follow, locks.seeds),
}
