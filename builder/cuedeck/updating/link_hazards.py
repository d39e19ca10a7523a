"""Links in a note itself that lead to another address: it is replaced for them, though its moments are the same."""

from collections.abc import Mapping

from cuedeck.problems import Keys
from cuedeck.rendering.momentlinks import moment_links
from cuedeck.rendering.notefields import LINKS
from cuedeck.updating.hazards import Hazard


def link_hazard(id: str, old: Mapping[str, str], new: Mapping[str, str], keys: Keys = ()) -> Hazard | None:
    """Return the hazard of a note whose links lead elsewhere; None where they do not, or its moments are others.

    `old` and `new` are its fields, `keys` is its place. Links that the note type makes touch no note.
    """
    before, after = ([*moment_links(fields.get(LINKS.key, ""))] for fields in (old, new))
    if [link.clock for link in before] != [link.clock for link in after]:
        return None
    pairs = ((was.address, now.address) for was, now in zip(before, after, strict=True))
    changed = next((pair for pair in pairs if pair[0] != pair[1]), None)
    if changed is None:
        return None
    return Hazard(
        "link-changed",
        id,
        f'a link of "{id}" led to {changed[0]} and leads to {changed[1]} now: the note is replaced as a whole, and '
        "with it learners' own edits and tags on it",
        "open both to see which is right; to keep the old one, write it under link:, with {seconds} for the time",
        keys,
        "key",
    )
