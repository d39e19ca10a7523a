"""Links in a note that lead to another address: which edits are named, by the fields before and now."""

import pytest

from cuedeck.deck.kinds import Kind
from cuedeck.history.prompts import Asked
from cuedeck.rendering.originmarkup import moment_link
from cuedeck.updating.holdings import HeldNote
from cuedeck.updating.note_hazards import link_hazards

OLD, NEW = "https://e.org/old?a=1&t=", "https://e.org/new?a=1&t="


def links(address: str, *clocks: str, mark: str = "▶") -> dict[str, str]:
    """Return the fields of a note with a link for each time."""
    return {"Links": " ".join(moment_link(f"{address}{clock}", mark, clock) for clock in clocks)}


def held(fields: dict[str, str]) -> HeldNote:
    """Return a note with these fields."""
    return HeldNote("one", "guid", Kind.QA, lambda: Asked(Kind.QA, (0,), {}, ""), lambda: fields)


EDITS = {
    "address": (links(OLD, "00:10"), links(NEW, "00:10"), "00:10"),
    "address and sign": (links(OLD, "00:10"), links(NEW, "00:10", mark="¶"), "00:10"),
    "address of several": (links(OLD, "00:10", "1:00:20"), links(NEW, "00:10", "1:00:20"), "00:10"),
    "sign": (links(OLD, "00:10"), links(OLD, "00:10", mark="¶"), ""),
    "moment": (links(OLD, "00:10"), links(OLD, "00:20"), ""),
    "moment and address": (links(OLD, "00:10"), links(NEW, "00:20"), ""),
    "moment more": (links(OLD, "00:10"), links(NEW, "00:10", "00:20"), ""),
    "first link": ({"Links": ""}, links(NEW, "00:10"), ""),
    "last link": (links(OLD, "00:10"), {}, ""),
    "attribution": (links(OLD, "00:10"), {"Links": links(OLD, "00:10")["Links"] + " <span>A film</span>"}, ""),
    "no links": ({}, {"Links": ""}, ""),
}


@pytest.mark.parametrize(("old", "new", "clock"), EDITS.values(), ids=EDITS)
def test_only_another_address_is_named(old: dict[str, str], new: dict[str, str], clock: str) -> None:
    """The same moments have to lead elsewhere; both addresses are named as an author knows them."""
    hazards = [*link_hazards(*map(held, (old, new)))]
    assert bool(hazards) == bool(clock)
    for hazard in hazards:
        assert hazard.key == "link-changed:one"
        assert f"{OLD}{clock} and leads to {NEW}{clock} now" in hazard.message
