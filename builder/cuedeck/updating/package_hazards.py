"""Find the hazards of an update from two packages, also those that only a comparison of their times shows."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from cuedeck.rendering.notefields import CLIP, CONCEPT, LINKS
from cuedeck.updating.changes import Changes, NoteChange
from cuedeck.updating.clip_hazards import ABOUT_CLIPS, BECAUSE_OF_CLIPS
from cuedeck.updating.deck_hazards import tag_hazards
from cuedeck.updating.fieldchanges import SOURCE
from cuedeck.updating.finding import hazards_between
from cuedeck.updating.hazards import MANY, Hazard
from cuedeck.updating.holdings import in_package
from cuedeck.wording import counted


def update_hazards(changes: Changes) -> list[Hazard]:
    """Return what the update does to learners' progress, cards and own edits, in the order of the talk."""
    had, gets = in_package(changes.old, is_old=True), in_package(changes.new, is_old=False)
    updated = ((each.id, each.new) for each in changes.notes if each.fate == "updated" and each.tags_removed)
    tags = {id: new.tags for id, new in updated if new and new.tags}
    twins = {each.new.guid: each.old.guid for each in changes.notes if each.fate == "doubled" and each.old and each.new}
    same = {each.note.guid for each in changes.notes if each.fate == "rerendered"}
    found = [*tag_hazards(had, gets, tags), *hazards_between(had, gets, twins, same)]
    broken = {hazard.subject for hazard in found if hazard.name == "type-changed"}
    stale = [_stale(each, changes) for each in changes.notes if _never_arrives(each) and each.note.kind not in broken]
    late = {hazard.subject for hazard in stale}
    found = [*(hazard for hazard in found if hazard.subject not in late), *stale]
    reported = {"tags"} if any(hazard.name in ("deck-id-changed", "tags-renamed") for hazard in found) else set()
    reported |= {hazard.subject for hazard in found if hazard.name == "mass-update"}
    linked = {hazard.subject for hazard in found if hazard.name == "link-changed"}
    left = [change for change in changes.notes if not (change.id in linked and _cause(change) == "links")]
    return [*found, *_mass_updates(left, reported)]


def _never_arrives(change: NoteChange) -> bool:
    kinds = {each.kind for each in (change.old, change.new) if each}
    return (
        change.fate == "stale" and len(kinds) == 1
    )  # a note of another kind never arrives either, but that has its own hazard


def _stale(change: NoteChange, changes: Changes) -> Hazard:
    if changes.old.newest_time > changes.new.newest_time:
        hint = (
            "the package that you named as the old one was built later: if you named them in the wrong order, swap "
            "them; otherwise build the new package again, with the cards.lock that belongs to the old package"
        )
    else:
        hint = "build it with the lock that the older package was built with"
    return Hazard("stale", change.id, {"note": change.label, "rebuild": hint})


_CAUSES = {
    ABOUT_CLIPS: BECAUSE_OF_CLIPS,
    "concept": "because their concept has a new title",
    "tags": "because of their tags",
    "links": "because of links in them",
    "source": "because their source is called something else",
    "nothing": "although nothing in them has changed",
}

# The fields that may change although the note itself did not, and what they come from.
_CAUSED = {CONCEPT.name: "concept", SOURCE: "source", LINKS.name: "links", CLIP.name: ABOUT_CLIPS}


def _mass_updates(changes: Sequence[NoteChange], reported: Collection[str]) -> Iterator[Hazard]:
    """Yield a hazard for each cause that replaces many notes, except for those that were already `reported`."""
    groups: dict[str, list[NoteChange]] = defaultdict(list)
    for change in changes:
        if (cause := _cause(change)) and cause not in reported:
            groups[cause].append(change)
    for cause, notes in groups.items():
        if len(notes) >= MANY:
            facts = {"count": counted(len(notes), "note"), "cause": _CAUSES[cause], "first": notes[0].label}
            yield Hazard("mass-update", cause, facts, notes=tuple(change.id for change in notes))


def _cause(change: NoteChange) -> str:
    """Return why a note is replaced, if not because of its own text; "" otherwise."""
    if change.fate == "touched":
        return "nothing"
    names = {field.name for field in change.fields}
    if change.fate != "updated" or change.moved_from or names - _CAUSED.keys():
        return ""
    return next((cause for name, cause in _CAUSED.items() if name in names), "tags")
