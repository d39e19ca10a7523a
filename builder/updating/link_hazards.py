"""Links in notes themselves that lead to another address, though the moments are the same."""

from collections.abc import Iterator, Mapping

from builder.problems import Keys
from builder.rendering.fields import linked_moments
from builder.updating.hazards import Hazard
from builder.wording import counted, listed


def links_changed(links: Mapping[str, tuple[str, str]], places: Mapping[str, Keys] | None = None) -> Iterator[Hazard]:
    """Yield one hazard that names all notes whose links lead elsewhere now.

    `links` are the HTML of the field that holds them, before and now, by the note's id; `places` are those of the notes
    in cards.yaml. Such a field holds the links to all sources but the main one, and to a note's further moments.
    """
    found = {id: pair for id, (old, new) in links.items() if (pair := _changed(old, new))}
    if not found:
        return
    id, (old, new) = next(iter(found.items()))
    notes = f"the link of {counted(1, 'note')} leads" if len(found) == 1 else f"the links of {len(found):,} notes lead"
    yield Hazard(
        "link-changed",
        id,
        f"{notes} to another address now, to {new} instead of {old}: {listed(list(found))}. Learners get "
        f"{'this note' if len(found) == 1 else 'these notes'} anew, and their own edits and tags there are replaced",
        "open the new address to see that it is right",
        (places or {}).get(id, ()),
        "key",
        tuple(found),
    )


def _changed(old: str, new: str) -> tuple[str, str] | None:
    """Return the first address that is another one now, before and now; None where moments differ, or nothing does."""
    before, now = linked_moments(old), linked_moments(new)
    if [each.clock for each in before] != [each.clock for each in now]:
        return None
    pairs = ((one.address, other.address) for one, other in zip(before, now, strict=True))
    return next((pair for pair in pairs if pair[0] != pair[1]), None)
