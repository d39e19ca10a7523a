"""Prints the lowest versions of the libraries that pyproject.toml allows with this Python, as pip takes them.

`make test-lowest` installs them. A bound that is too low would fail there, rather than at an author's.
"""

import re
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

PYPROJECT = Path(__file__).parent.parent / "pyproject.toml"


def lowest(requirements: list[str]) -> dict[str, Version]:
    """Return the lowest version of each library, by name. Each must have one, but where it is for another Python."""
    found: dict[str, Version] = {}
    for requirement in map(Requirement, requirements):
        bounds = [Version(each.version) for each in requirement.specifier if each.operator in (">=", "==")]
        if not requirement.marker or requirement.marker.evaluate():
            found[requirement.name] = max([*bounds, *([found[requirement.name]] if requirement.name in found else [])])
    return found


def main() -> None:
    """Print a line for each library, and tell where this is not the oldest Python, for which the bounds are."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    print(*(f"{name}=={version}" for name, version in lowest(project["dependencies"]).items()), sep="\n")
    oldest = re.sub(r"[^\d.]", "", project["requires-python"])
    if (this := f"{sys.version_info.major}.{sys.version_info.minor}") != oldest:
        print(f"This is Python {this}: with {oldest}, lower versions may be allowed.", file=sys.stderr)


if __name__ == "__main__":
    main()
