"""Hazards of one note: links that lead elsewhere, and another rendering, which is not an edit."""

from collections.abc import Collection

import pytest

from cuedeck.deck.kinds import Kind
from cuedeck.history.prompts import Asked
from cuedeck.rendering.originmarkup import moment_link
from cuedeck.updating.finding import hazards_between
from cuedeck.updating.holdings import HeldNote, Holding
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
        assert hazard.facts == {"old": f"{OLD}{clock}", "new": f"{NEW}{clock}"}


def asking(question: str, answer: str, content: str, earlier: tuple[str, ...] = (), cards: int = 1) -> HeldNote:
    """Return a question with its digest, and the digests that earlier versions of the program gave it."""
    asked = Asked(Kind.QA, tuple(range(cards)), {}, "")
    fields = {"Question": question, "Answer": answer}
    return HeldNote("one", "guid", Kind.QA, lambda: asked, lambda: fields, content, earlier, label="one")


BEFORE = asking("Who?", "Ann", "before")
RENDERINGS = {
    "known by a digest": (asking("Where does it rain?", "In Wales", "now", ("between", "before")), (), ["rerendered"]),
    "known by the packages": (asking("Where does it rain?", "In Wales", ""), ("guid",), ["rerendered"]),
    "edited": (asking("Where does it rain?", "In Wales", "now", ("between",)), (), ["question-replaced"]),
    "with another card": (
        asking("Where does it rain?", "In Wales", "now", ("before",), cards=2),
        (),
        ["card-added", "question-replaced"],
    ),
    "the same": (asking("Who?", "Ann", "before", ("earlier",)), (), []),
}


@pytest.mark.parametrize(("now", "same", "names"), RENDERINGS.values(), ids=RENDERINGS)
def test_another_rendering_is_no_edit(now: HeldNote, same: Collection[str], names: list[str]) -> None:
    """However different it looks, the author has not changed the text."""
    found = hazards_between(Holding({"guid": BEFORE}), Holding({"guid": now}), same=same)
    assert [hazard.name for hazard in found] == names
    assert not any(hazard.name == "rerendered" and (hazard.refused or hazard.costs_progress) for hazard in found)
