"""What keeps a build from going on: harm that an edit does to learners, and that the author has not accepted."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from cuedeck.building.harming import Met, hazards_of
from cuedeck.building.loading import Checked, Loaded
from cuedeck.history.lock import Accepted, Lock
from cuedeck.problems import stop
from cuedeck.updating.hazards import outcomes, unknown_keys
from cuedeck.wording import did_you_mean, nearest


def gated(loaded: Loaded, accept: Collection[str] = ()) -> Checked:
    """Return a deck that may be built: it is sound, and nothing in it harms learners that the author did not accept.

    `accept` are the keys of accepted hazards, such as `cloze-moved:hard-and-soft`; those that were accepted since the
    last release are not asked for again, as long as they come to the same. Raises `Problems` with all that is wrong,
    hazards included; those that stop only a release are warnings.
    """
    met = hazards_of(loaded)
    outcome = outcomes(met.hazards)
    standing = _standing(outcome, loaded.lock)
    accepted = {each.hazard for each in standing}
    for hazard in met.hazards:
        if hazard.key in accepted or hazard.accepted_by(accept):
            continue
        add, doing = (loaded.report.error, "build") if hazard.refused else (loaded.report.warning, "release")
        add(hazard.name, hazard.message, at=hazard.at, hint=hazard.way_out(doing), on=hazard.on)
    fresh = {hazard.key: outcome[hazard.key] for hazard in met.hazards if hazard.accepted_by(accept)}
    return replace(
        loaded.sound(),
        hazards=met.hazards,
        drafts=met.drafts,
        accepted=fresh,
        standing=tuple(each for each in standing if each.hazard not in fresh),
    )


def accepted_before(met: Met, lock: Lock) -> list[Accepted]:
    """Return what was accepted since the last release, and still comes to the same."""
    return _standing(outcomes(met.hazards), lock)


def _standing(outcome: Mapping[str, str], lock: Lock) -> list[Accepted]:
    return [each for each in lock.pending if _stands(each, outcome, lock)]


def _stands(accepted: Accepted, outcome: Mapping[str, str], lock: Lock) -> bool:
    """Return whether what an author accepted is still so. Version 1.0.0 did not note what it came to."""
    if accepted.outcome:
        return outcome.get(accepted.hazard) == accepted.outcome
    note = lock.found(accepted.hazard.partition(":")[2])
    return lock.is_handed_out and (note is None or note.handed_out is not None)


def stop_at_unknown(accept: Collection[str], met: Collection[str], cards: Path) -> None:
    """Raise `Problems` where a key of `accept` is none of the hazards that were met."""
    if unknown := unknown_keys(accept, met):
        hint = did_you_mean(*nearest(unknown[0], met)) or f"there is {', '.join(sorted(met)) or 'none'}"
        stop(cards.as_posix(), "no-hazard", f'there is no hazard "{unknown[0]}" to accept', hint)
