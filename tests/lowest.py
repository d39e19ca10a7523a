"""Print the lowest versions of what Cuedeck and some extras need that pyproject.toml allows with this Python.

    python tests/lowest.py preview share

`make test-lowest` installs them: a bound that is too low fails there, instead of on an author's machine.
"""

import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

PYPROJECT = Path(__file__).parent.parent / "pyproject.toml"


def bound(specifier: SpecifierSet) -> Version:
    """Return the lowest allowed version."""
    return max(Version(each.version) for each in specifier if each.operator in (">=", "=="))


def lowest(requirements: list[str]) -> dict[str, Version]:
    """Return the lowest allowed version of each library with this Python, by name."""
    found: dict[str, Version] = {}
    for requirement in map(Requirement, requirements):
        if not requirement.marker or requirement.marker.evaluate():
            name = requirement.name
            found[name] = max(bound(requirement.specifier), found.get(name, Version("0")))
    return found


def main(*extras: str) -> None:
    """Print a line for each library. If this is not the oldest Python, say that the versions may be lower with that."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *(each for name in extras for each in project["optional-dependencies"][name])]
    print(*(f"{name}=={version}" for name, version in lowest(wanted).items()), sep="\n")
    oldest = bound(SpecifierSet(project["requires-python"]))
    if sys.version_info[:2] != oldest.release[:2]:
        print(f"These are for this Python; for {oldest} they may be lower.", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
