"""What stops a build: harm that an edit would do to learners and that the author has not accepted."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from cuedeck.building.harming import Effects, hazards_of
from cuedeck.building.loading import Checked, Loaded
from cuedeck.building.lostlocks import how_to_adopt_theirs
from cuedeck.history.lock import Accepted, Lock
from cuedeck.problems import Place, Problem
from cuedeck.records import dataclass
from cuedeck.updating.hazards import Accepting, Hazard, outcomes
from cuedeck.wording import did_you_mean, listed, nearest


@dataclass(frozen=True)
class Judged:
    """What the edits of a deck do, and which of their hazards the author accepts.

    `fresh` are the outcomes of the hazards that are accepted now, by their keys. `standing` is what was accepted since
    the last release and still has the same outcome. `open` are all other hazards.
    """

    effects: Effects
    fresh: Mapping[str, str]
    standing: tuple[Accepted, ...]
    open: tuple[Hazard, ...]

    def on(self, checked: Checked) -> Checked:
        """Return a deck with what was found out about its edits: hazards, drafts, and what is accepted."""
        return replace(
            checked,
            hazards=self.effects.hazards,
            drafts=self.effects.drafts,
            accepted=self.fresh,
            standing=tuple(each for each in self.standing if each.hazard not in self.fresh),
        )


def judge(loaded: Loaded, accept: Collection[str] = ()) -> Judged:
    """Return what the edits of a deck do; `accept` is as for `Accepting`."""
    effects = hazards_of(loaded)
    outcome = outcomes(effects.hazards)
    standing = tuple(each for each in loaded.lock.pending if _still_applies(each, outcome, loaded.lock))
    accepting = Accepting(accept)
    fresh = {hazard.key: outcome[hazard.key] for hazard in effects.hazards if hazard in accepting}
    covered = {*(each.hazard for each in standing), *fresh}
    return Judged(effects, fresh, standing, tuple(each for each in effects.hazards if each.key not in covered))


def gated(loaded: Loaded, accept: Collection[str] = (), building: bool = False) -> Checked:
    """Return a deck that may be built: it has no errors, and the author accepts whatever harm it does to learners.

    `accept` is as for `Accepting`, such as `cloze-moved:hard-and-soft`. What was accepted since the last release need
    not be accepted again, as long as its outcome is the same. Raises `Problems` with everything that is wrong, hazards
    included; those that stop only a release are warnings. So is a package that is yet to be adopted, unless `building`.
    """
    judged = judge(loaded, accept)
    is_next = not (building or loaded.workspace.lock.exists())
    loaded.report.problems += [replace(each, level="warning") if is_next else each for each in not_adopted(loaded)]
    for hazard in judged.open:
        loaded.report.problems.append(hazard.as_problem(loaded.locate, "error" if hazard.refused else "warning"))
    loaded.report.problems += unmatched(accept, judged.effects.hazards, loaded.workspace.cards)
    return judged.on(loaded.sound())


def not_adopted(loaded: Loaded) -> list[Problem]:
    """Return an error if tags are to be those of a package that was adopted, and none was."""
    if not loaded.deck.about.tags_as_written or loaded.lock.has_adopted:
        return []
    remove = 'remove "tags_as_written: true"'
    message = "tags stay as they are written only in a deck that was adopted from another tool, and no package has been"
    if loaded.lock.is_handed_out:
        hint = f"{remove}: learners have the tags with the id of the deck before them"
    else:
        hint = f"{how_to_adopt_theirs(loaded.workspace)}; if nobody has the deck yet, {remove}"
    place = loaded.locate(("deck", "tags_as_written"), "value", "")
    return [Problem(place, f"{message} adopted yet", "tags-not-adopted", hint, keys=("deck", "tags_as_written"))]


def _still_applies(accepted: Accepted, outcome: Mapping[str, str], lock: Lock) -> bool:
    """Return whether what an author accepted still has the same outcome. Version 1.0.0 did not record outcomes."""
    if accepted.outcome:
        return outcome.get(accepted.hazard) == accepted.outcome
    note = lock.found(accepted.hazard.partition(":")[2])
    return lock.is_handed_out and (note is None or note.handed_out is not None)


def unmatched(accept: Collection[str], met: Collection[Hazard], cards: Path) -> list[Problem]:
    """Return a problem for each entry of `accept` that matches none of the hazards that were found."""
    keys = sorted({hazard.key for hazard in met})
    return [
        Problem(
            Place(cards.as_posix()),
            f'there is no hazard "{each}" to accept',
            "no-hazard",
            did_you_mean(*nearest(each, keys))
            or (f"you can accept {listed(keys)}" if keys else "there are no hazards: leave --accept out"),
        )
        for each in Accepting(accept).slips(met)
    ]
