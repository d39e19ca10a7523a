"""Compare two states of a deck: a package that learners have, and another package or the current cards.yaml."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from cuedeck.bridging.arrived import with_bridges
from cuedeck.building.assembling import stamp_as_next
from cuedeck.building.gates import judge
from cuedeck.building.loading import Checked, load
from cuedeck.building.released import (
    Comparison,
    HandedOut,
    committed_package,
    is_package,
    last_released,
    read_package,
    side_by_side,
)
from cuedeck.disk.workspace import Workspace
from cuedeck.history.snapshot import Snapshot
from cuedeck.package.database import read_snapshot
from cuedeck.problems import stop
from cuedeck.updating.changes import search_of
from cuedeck.updating.hazards import Hazard

_TO_NAME_ONE = "name the package that learners have: cuedeck diff OLD.apkg"


def diff(old: Path | None, new: Path) -> Comparison:
    """Return what a learner who has the package `old` gets from `new`, a package or a cards.yaml.

    If `old` is None, it is what was handed out last: the package of the last release, else the one in git, else the
    one in the folder. Raises `Problems` if one of them cannot be read.
    """
    if is_package(new):
        if old is None:
            stop(
                new.as_posix(),
                "no-package",
                "there is nothing to compare this with",
                "name the older package before it",
            )
        both = _both(old, new)
        return side_by_side(HandedOut(old.as_posix(), both[0]), new.as_posix(), both[1])
    loaded = load(Workspace(new))
    sound, judged = loaded.sound(), judge(loaded)
    checked = judged.on(sound)
    hazards, accepted = judged.effects.hazards, frozenset(each.hazard for each in judged.standing)
    namespace = checked.deck.about.namespace
    before = HandedOut(old.as_posix(), read_package(old, namespace)) if old else _handed_out(checked)
    built = stamp_as_next(checked)
    after = read_snapshot(built.members, new)
    found = side_by_side(with_bridges(before, after, checked), new.as_posix(), after, checked)
    if before.snapshot.namespace == namespace and not before.snapshot.version:
        found = _since_a_draft(found, hazards)
    return replace(found, hazards=(*found.hazards, *_refused_besides(hazards, found.hazards)), accepted=accepted)


def _since_a_draft(found: Comparison, hazards: Iterable[Hazard]) -> Comparison:
    """Return a comparison with a draft, which learners do not have: only what also concerns them is a hazard."""
    keys = {hazard.key for hazard in hazards}
    changes = found.changes
    told = [each for each in found.hazards if each.key not in keys and each.harm.for_draft_users]
    by_name = ([changes.by_name[each.subject]] if each.subject in changes.by_name else [] for each in told)
    return replace(
        found,
        hazards=tuple(each for each in found.hazards if each.key in keys),
        drafts=tuple(each.for_draft_users(search_of(of, changes)) for each, of in zip(told, by_name, strict=True)),
    )


def _refused_besides(hazards: Iterable[Hazard], told: Collection[Hazard]) -> Iterator[Hazard]:
    """Yield what a build refuses because of what learners kept from releases, which two packages do not show."""
    keys, names = {each.key for each in told}, {each.name for each in told}
    for hazard in hazards:
        if hazard.refused and hazard.key not in keys and not (hazard.harm.as_a_whole and hazard.name in names):
            yield hazard


def _both(old: Path, new: Path) -> tuple[Snapshot, Snapshot]:
    """Return the contents of two packages. One without a namespace is read with that of the other."""
    before, after = read_package(old), read_package(new)
    if after.namespace and not before.namespace:
        return read_package(old, after.namespace), after
    if before.namespace and not after.namespace:
        return before, read_package(new, before.namespace)
    return before, after


def _handed_out(checked: Checked) -> HandedOut:
    """Return what learners have, as far as the folder and git show it."""
    release, workspace = checked.lock.last_release, checked.workspace
    if release and (found := last_released(checked, release)):
        return found
    # The deck may have had another id at its last build, and the package another name.
    path = next(
        filter(Path.is_file, (checked.package_path, workspace.package(checked.lock.deck))), checked.package_path
    )
    if in_git := committed_package(path):
        found = in_git
    elif path.is_file():
        found = HandedOut(path.as_posix(), read_package(path))
    else:
        _stop_at_nothing(checked, f"there is no package of this deck yet: {path.as_posix()}")
    if found.snapshot.namespace != checked.deck.about.namespace:
        _stop_at_nothing(checked, f"there is no package of this deck yet: {path.as_posix()} belongs to another deck")
    remark = ""
    if release:
        copy = checked.release_path(release).as_posix()
        remark = f"the package of version {release.version}, {copy}, is missing: comparing with {found.name} instead"
    return replace(found, remark=remark)


def _stop_at_nothing(checked: Checked, message: str) -> NoReturn:
    hint = _TO_NAME_ONE if checked.workspace.lock.exists() else f"build it with: cuedeck build; or {_TO_NAME_ONE}"
    stop(checked.workspace.cards.as_posix(), "nothing-to-compare", message, hint)
