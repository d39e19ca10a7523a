"""What keeps a build from going on: harm that an edit does to learners, and that the author has not accepted."""

import json
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

from cuedeck.building.loading import Checked, Loaded
from cuedeck.history.lockfile import from_text
from cuedeck.package.contents import MANIFEST
from cuedeck.package.opening import read_member
from cuedeck.problems import Problems, stop
from cuedeck.updating.deck_hazards import main_source_gone
from cuedeck.updating.hazards import Hazard, unknown_keys
from cuedeck.updating.source_hazards import find_hazards
from cuedeck.wording import did_you_mean, for_a_shell, nearest


def hazards_of(loaded: Loaded) -> tuple[Hazard, ...]:
    """Return what the edits since the last build do to learners."""
    lock, package = loaded.lock, loaded.workspace.package(loaded.lock.deck)
    is_older = _newest_time(package) > lock.newest_time
    found = tuple(find_hazards(loaded.deck, loaded.notes, loaded.known, lock, loaded.last, loaded.kept, is_older))
    found += tuple(_another_main_source(loaded))
    is_told = any(hazard.name == "lock-lost" for hazard in found)
    return found if is_told or not _is_only_in_git(loaded) else (*found, _lock_left_in_git(loaded.workspace.lock))


def _another_main_source(loaded: Loaded) -> Iterator[Hazard]:
    """Yield a hazard where the main source of the last release is gone, and another with notes takes its place."""
    old, new = loaded.lock.main, loaded.deck.main_source
    # A source that cannot be read is none of the deck, but it is not gone.
    if old is None or new is None or old.id == new.id or not loaded.report.sound:
        return
    theirs = (note.id for note in loaded.notes if note.placed.source is new)
    handed_out = [id for id in theirs if id in loaded.known and loaded.known[id].released]
    if handed_out:
        yield replace(main_source_gone(old.id, new.id, handed_out), at=("sources",), on="key")


def _is_only_in_git(loaded: Loaded) -> bool:
    """Return whether the last commit has a lock of this deck, and the folder has none."""
    path = loaded.workspace.lock
    if path.exists():
        return False
    from cuedeck.git.committed import committed  # here because only a first build has need of it

    try:
        data = committed(path)
        return data is not None and from_text(data.decode(), path.as_posix()).namespace == loaded.lock.namespace
    except (Problems, ValueError):  # it is that of a newer version, or has a conflict: only its author can tell
        return True


def _lock_left_in_git(path: Path) -> Hazard:
    name = for_a_shell(path.name)
    at = "git" if path.parent == Path() else f"git -C {for_a_shell(path.parent.as_posix())}"
    return Hazard(
        "lock-lost",
        "deck",
        f"{path.name} is missing, though git has it: all notes would count as new, and learners' own edits and tags on "
        "them would be replaced",
        f"bring it back: {at} checkout HEAD -- {name}; if the deck is to begin anew, take it out of git, too "
        f"({at} rm --cached -- {name}), and commit that",
    )


def gated(loaded: Loaded, accept: Collection[str] = ()) -> Checked:
    """Return a deck that may be built: it is sound, and nothing in it harms learners that the author did not accept.

    `accept` are the keys of accepted hazards, such as `cloze-moved:hard-and-soft`. Raises `Problems` with all that
    is wrong, hazards included; those that stop only a release are warnings.
    """
    hazards = hazards_of(loaded)
    before = {each.hazard for each in loaded.lock.pending}
    for hazard in hazards:
        if hazard.accepted_by(accept) or (hazard.harm.lasting and hazard.key in before):
            continue
        add, doing = (loaded.report.error, "build") if hazard.refused else (loaded.report.warning, "release")
        add(hazard.name, hazard.message, at=hazard.at, hint=hazard.way_out(doing), on=hazard.on)
    accepted = sorted({hazard.key for hazard in hazards if hazard.accepted_by(accept)})
    return loaded.sound(hazards, tuple(accepted))


def stop_at_unknown(accept: Collection[str], met: Collection[str], cards: Path) -> None:
    """Raise `Problems` where a key of `accept` is none of the hazards that were met."""
    if unknown := unknown_keys(accept, met):
        hint = did_you_mean(*nearest(unknown[0], met)) or f"there is {', '.join(sorted(met)) or 'none'}"
        stop(cards.as_posix(), "no-hazard", f'there is no hazard "{unknown[0]}" to accept', hint)


def _newest_time(path: Path) -> float:
    """Return the newest time in a package, as its manifest tells; infinity where there is one that does not tell."""
    if not path.is_file():
        return 0
    try:
        newest = json.loads(read_member(path, MANIFEST) or b"{}").get("newest")
    except (Problems, ValueError, AttributeError, RecursionError):
        return 0  # a package that is broken is made anew
    return newest if isinstance(newest, int) else float("inf")
