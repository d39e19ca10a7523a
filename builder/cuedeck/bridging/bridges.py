"""Turn a package of another tool into the bridge that moves its learners to the note types of a deck."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from cuedeck.bridging.choosing import OldPackage
from cuedeck.bridging.extract import Ids, LeftOut, bridged, kept
from cuedeck.bridging.fieldmap import Bridge, bridge
from cuedeck.building.loading import Checked
from cuedeck.building.released import stop_at_another_deck
from cuedeck.disk.storing import Data
from cuedeck.history.snapshot import PackedNote
from cuedeck.package.container import archived
from cuedeck.package.contents import MANIFEST
from cuedeck.package.opening import read_members
from cuedeck.problems import Place, Problem, Problems, Report, stop
from cuedeck.rendering.notetypes import note_types
from cuedeck.wording import listed

# A note type arrives only if it is newer than the learner's. But learners' note types get the current time when their
# templates are edited, or when they are imported under a name that is taken. So the bridge dates its note types so many
# seconds ahead.
_LEAD = 10 * 365 * 86_400


def bridges_from(old: OldPackage, notes: Mapping[str, PackedNote], checked: Checked) -> tuple[Bridge, ...]:
    """Return how the note types of the notes that continue become those of the deck; nothing if they are those already.

    `notes` are these notes by the author's id. Raises `Problems` with everything that cannot be moved safely.
    """
    if old.snapshot.namespace == checked.deck.about.namespace:
        return ()
    _stop_at_other_kinds(notes, checked)
    ours = {each.kind: each for each in note_types(checked.deck)}
    bridges, problems = [], []
    for number in dict.fromkeys(note.type for note in notes.values()):
        type = old.snapshot.types[number]
        if type.is_one_with(ours[type.kind]):  # as in what Anki exports of this deck
            continue
        try:
            bridges.append(bridge(type, ours[type.kind]))
        except ValueError as error:
            ids = [id for id, note in notes.items() if note.type == number]
            problems.append(
                Problem(
                    Place(old.path.as_posix()),
                    f'the notes of its note type "{type.name}" cannot be moved to this deck: {error}',
                    "no-bridge",
                    f'remove "guid:" from these, and learners get them as new notes: {listed(ids)}',
                )
            )
    if problems:
        raise Problems(problems)
    return tuple(bridges)


def _stop_at_other_kinds(packed: Mapping[str, PackedNote], checked: Checked) -> None:
    report = Report(checked.locate)
    for note in checked.notes:
        if note.id in packed and packed[note.id].kind != note.kind:
            report.error(
                "kind-changed",
                f'"{note.id}" is {note.kind.noun}, but {packed[note.id].kind.noun} in the package: Anki cannot turn '
                "a note of one kind into the other",
                at=(*note.keys, "guid"),
                hint='keep the kind that it has in the package; or remove "guid:", and learners get it as a new note',
            )
    report.stop_if_unsound()


def bridge_packages(
    old: OldPackage, notes: Mapping[str, PackedNote], bridges: Sequence[Bridge], checked: Checked, at: int
) -> tuple[dict[Path, Data], LeftOut | None]:
    """Return the packages that move learners to this deck, by their paths, in the order in which they are imported.

    They contain the notes that continue and what these need; the second value is how much else the old package
    contains. `at` is the time in seconds since 1970. If the parts of the old note types have ids, as those made in Anki
    do, a first package removes these ids: Anki never matches two parts with different ids, but compares their names if
    one of them has no id. Raises `Problems` if the packages cannot be made.
    """
    if not bridges:
        return {}, None
    ours: dict[int, Ids] = {
        each.old.number: ([field.id for field in each.fields], [template.id for template in each.templates])
        for each in bridges
    }
    none: dict[int, Ids] = dict.fromkeys(ours, ((), ()))
    steps = {"-1": none, "-2": ours} if any(each.old.numbered for each in bridges) else {"": ours}
    time = max(at, *(each.old.time for each in bridges)) + _LEAD
    deck = checked.deck.about.id
    try:
        chosen = kept(old.files, [note for note in notes.values() if note.type in ours])
        packages = {
            checked.workspace.bridge(deck, number): archived(bridged(chosen, old.files, ids, deck, time + later))
            for later, (number, ids) in enumerate(steps.items())
        }
    except (sqlite3.Error, LookupError, ValueError, TypeError, OverflowError):
        stop(
            old.path.as_posix(),
            "no-package",
            "the package is damaged: its notes, or its list of media files, cannot be copied",
            "download it again, or export it from Anki again",
        )
    _stop_at_decks(packages)
    return packages, chosen.left_out


def _stop_at_decks(targets: Iterable[Path]) -> None:
    """Raise `Problems` if a bridge would overwrite a deck's package."""
    for path in targets:
        if path.exists() and MANIFEST in read_members(path):
            stop_at_another_deck(path)
