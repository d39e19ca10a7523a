"""From a package of another tool to the bridge that takes its learners over to the note types of a deck."""

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

from cuedeck.bridging.choosing import OldPackage
from cuedeck.bridging.extract import Ids, LeftOut, bridged, kept
from cuedeck.bridging.fieldmap import Bridge, bridge
from cuedeck.building.loading import Checked
from cuedeck.building.released import stop_at_another_deck
from cuedeck.history.snapshot import PackedNote
from cuedeck.package.container import archive
from cuedeck.package.contents import MANIFEST
from cuedeck.package.opening import read_members
from cuedeck.problems import Place, Problem, Problems, Report, stop
from cuedeck.rendering.notetypes import note_types
from cuedeck.wording import listed

# A note type arrives only where it is newer than the learner's own, which an edit of its templates, or an import of it
# under a name that is taken, makes as new as that day: in seconds, so long after the bridge is made such days may lie.
_LEAD = 10 * 365 * 86_400


def bridges_from(old: OldPackage, notes: Mapping[str, PackedNote], checked: Checked) -> tuple[Bridge, ...]:
    """Return how the note types of the notes that go on become those of the deck; nothing where they are those.

    `notes` are these notes by the author's id. Raises `Problems` with all that cannot go over soundly.
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
                    f'the notes of its note type "{type.name}" cannot go over to this deck: {error}',
                    "no-bridge",
                    f'take "guid:" out of these, and learners get them as new notes: {listed(ids)}',
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
                f'"{note.id}" is {note.kind.noun}, but {packed[note.id].kind.noun} in the package: Anki makes no '
                "note of the one kind from one of the other",
                at=(*note.keys, "guid"),
                hint='write it as what it was; or take "guid:" out, and learners get it as a new note',
            )
    report.stop_if_unsound()


def bridge_packages(
    old: OldPackage, notes: Mapping[str, PackedNote], bridges: Sequence[Bridge], checked: Checked, at: int
) -> tuple[dict[Path, bytes], LeftOut | None]:
    """Return the packages that take learners over, by their paths, in the order in which they are imported.

    They hold the notes that go on and what these need; the second value is how much else the old package holds. `at` is
    the time in seconds since 1970. Where the old note types have ids, as those made in Anki do, a first package takes
    them off: Anki never takes two parts with different ids for one, but goes by the names where one has none. Raises
    `Problems` where they cannot be made.
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
            checked.workspace.bridge(deck, number): archive(bridged(chosen, ids, deck, time + later))
            for later, (number, ids) in enumerate(steps.items())
        }
    except (sqlite3.Error, LookupError, ValueError, TypeError, OverflowError):
        stop(
            old.path.as_posix(),
            "no-package",
            "the package is not whole: its notes, or its list of media files, cannot be copied",
            "fetch it again, or export it from Anki once more",
        )
    _stop_at_decks(packages)
    return packages, chosen.left_out


def _stop_at_decks(targets: Mapping[Path, bytes]) -> None:
    """Raise `Problems` where a bridge would take the place of a deck's package."""
    for path in targets:
        if path.exists() and MANIFEST in read_members(path):
            stop_at_another_deck(path)
