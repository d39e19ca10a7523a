"""`check: ignore:` of cards.yaml: which advice the author has decided against, and entries there that are useless."""

from collections.abc import Collection

from cuedeck.advice.material import Advice
from cuedeck.deck.deck import Deck
from cuedeck.deck.ignored import Ignored
from cuedeck.problems import Keys, Report
from cuedeck.wording import did_you_mean, nearest


class Ignoring:
    """Hides advice as the deck says, and remembers which entries hid something."""

    def __init__(self, deck: Deck, rules: Collection[str]) -> None:
        self._entries = tuple(deck.check.ignore)
        self._used: set[Ignored] = set()
        self._rules = rules
        notes = (note for concept in deck.concepts.values() for note in concept.notes)
        self._ids = {*deck.sources, *deck.concepts, *notes}

    def hides(self, rule: str, advice: Advice) -> bool:
        """Return whether the deck ignores this advice of a rule."""
        if not self._entries:
            return False
        ids = ("", *_ids(advice.at), *advice.others)
        hiding = {entry for entry in self._entries if entry.rule == rule and entry.where in ids}
        self._used |= hiding
        return bool(hiding)

    def report_needless(self, report: Report, local: Collection[str]) -> None:
        """Report the entries that name no rule, or nothing in the deck, or that hid nothing.

        Those for `local` rules hide nothing where the files are missing that only the author has, and may stay.
        """
        for entry in self._entries:
            at: Keys = ("check", "ignore", str(entry))
            if entry.rule not in self._rules:
                hint = (
                    _suggestion(entry.rule, self._rules)
                    or 'run "cuedeck explain", which lists all codes, those of advice last'
                )
                report.warning("unknown-rule", f'there is no advice "{entry.rule}"', at=at, hint=hint, on="key")
            elif entry.where and entry.where not in self._ids:
                words = f'there is no note, concept or source "{entry.where}"'
                report.warning("unknown-id", words, at=at, hint=_suggestion(entry.where, self._ids), on="key")
            elif entry not in self._used and entry.rule not in local:
                words = f'"{entry}" no longer hides anything'
                report.warning("needless-ignore", words, at=at, hint="delete the line", on="key")


def _ids(keys: Keys) -> tuple[str, ...]:
    """Return the ids on the way to a value: of its source, or of its concept and its note."""
    return tuple(str(key) for key in keys[1:4:2] if keys[0] in ("sources", "concepts"))


def _suggestion(name: str, known: Collection[str]) -> str:
    return did_you_mean(*nearest(name, sorted(known)))
