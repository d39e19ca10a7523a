"""Find everything that can be known about a cards.yaml without building it."""

from dataclasses import replace
from pathlib import Path

from cuedeck.building.examplenames import namespace_of_an_example
from cuedeck.building.gates import gated
from cuedeck.building.loading import Checked, load
from cuedeck.building.mediagates import with_pictures_checked
from cuedeck.building.proposing import with_moments_proposed
from cuedeck.disk.workspace import Workspace
from cuedeck.problems import in_order


def check(cards: Path) -> Checked:
    """Return the deck of a cards.yaml, with warnings on what an update would do, and with advice on its cards.

    Raises `Problems` with all that is wrong. Writes nothing.
    """
    loaded = with_moments_proposed(with_pictures_checked(load(Workspace(cards), keep_places=True)))
    checked = gated(loaded).with_advice()
    return replace(checked, warnings=in_order([*checked.warnings, *namespace_of_an_example(checked, "warning")]))
