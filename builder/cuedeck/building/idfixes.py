"""How to correct invalid ids that nothing depends on yet."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from cuedeck.deck.values import identifier
from cuedeck.history.lock import Lock
from cuedeck.patterns import regex
from cuedeck.problems import Fix, Keys, Problem, Report
from cuedeck.reading.cardsfile import Cards

_BETWEEN_WORDS = regex(r"[\s_]+")

Kind = str
"""What has an id, which must be unique among the ids of the same kind: "deck", "sources", "concepts" or "notes"."""


def fix_ids(cards: Cards, lock: Lock | None, report: Report) -> None:
    """Give each problem of an invalid id its fix: the id in lowercase, with hyphens between words.

    There is no fix if the old or the new id is known elsewhere: in the lock, as another id, or in a text that refers
    to it. But if the new one is in the lock, and nothing else in the files has it, a hint says so. References to a
    source are treated in the same way. `lock` is None if the deck has none.
    """
    if not any(problem.rule in ("bad-id", "bad-source") for problem in report.problems):
        return
    ids = _Ids(cards, lock, report.problems)
    report.problems = [_fixed(problem, *ids.pair(problem), ids.lost(problem)) for problem in report.problems]


def _fixed(problem: Problem, old: str, new: str, lost: str) -> Problem:
    if new:
        fix = Fix(problem.place, old, new, in_text=True)
        return replace(problem, fix=fix, hint=problem.hint or f'write "{new}"')
    if lost:
        hint = f'write "{lost}" if this is what has that id in the lock; if it is new, choose another id'
        return replace(problem, hint=problem.hint or hint)
    return problem


class _Ids:
    """The ids of a deck, and everything that refers to them."""

    def __init__(self, cards: Cards, lock: Lock | None, problems: list[Problem]) -> None:
        self._cards = cards
        self._lock = lock
        named = {*_named(cards), *(problem.keys for problem in problems if _kind_of(problem) not in ("", "deck"))}
        self._wanted = Counter((keys[-2], _valid(str(keys[-1]))) for keys in named)
        notes = [note for concept in cards.deck.concepts.values() for note in concept.notes.values()]
        self._taken = {*cards.unread, *(note.was for note in notes)}
        self._referred = {str(problem.keys[2]).partition(" in ")[2] for problem in problems if _is_ignored(problem)}
        self._referred |= {self._written(problem) for problem in problems if problem.rule == "bad-was"}
        self._sources = {
            new for problem in problems if _kind_of(problem) == "sources" and (new := self.pair(problem)[1])
        }
        self._sources |= {id for id in cards.deck.sources if _valid(id) == id}
        self._lost_sources = {self.lost(problem) for problem in problems if _kind_of(problem) == "sources"}

    def pair(self, problem: Problem) -> tuple[str, str]:
        """Return the id that a problem is about, and what to write instead; "" if that is not certain."""
        kind = _kind_of(problem)
        if problem.rule == "bad-source":
            old = self._written(problem)
            new = _valid(old)
            return old, new if new in self._sources else ""
        if not kind:
            return "", ""
        old = self._written(problem) if kind == "deck" else str(problem.keys[-1])
        new = _valid(old)
        return old, new if new and self._is_free(kind, old, new) else ""

    def lost(self, problem: Problem) -> str:
        """Return the id in the lock that a problem is probably about, and that nothing has any more; "" if none."""
        if problem.rule == "bad-source":
            new = _valid(self._written(problem))
            return new if new in self._lost_sources else ""
        kind = _kind_of(problem)
        new = _valid(str(problem.keys[-1])) if kind else ""
        if self._wanted[kind, new] > 1 or new in self._taken or not self._lock:
            return ""
        match kind:
            case "notes":
                is_lost = new in self._lock.notes and not self._lock.notes[new].retired
            case "sources":
                is_lost = self._has_source(self._lock, new)
            case _:
                is_lost = False
        return new if is_lost else ""

    def _is_free(self, kind: Kind, old: str, new: str) -> bool:
        if self._wanted[kind, new] > 1 or old in self._referred:
            return False
        match kind:
            case "notes":
                return new not in self._taken and not (self._lock and self._lock.found(new))
            case "sources":
                return not (self._lock and self._has_source(self._lock, new))
            case _:
                return True

    @staticmethod
    def _has_source(lock: Lock, id: str) -> bool:
        return id in lock.titles or bool(lock.main and lock.main.id == id)

    def _written(self, problem: Problem) -> str:
        """Return a text of the file that was refused, if it is on one line."""
        text = self._cards.places.text(problem.keys)
        return text[1:-1] if text[:1] in ("'", '"') else text


def _named(cards: Cards) -> Iterator[Keys]:
    """Yield the ways to all ids of a deck."""
    deck = cards.deck
    yield from (("sources", id) for id in deck.sources)
    for concept in deck.concepts.values():
        yield "concepts", concept.id
        yield from (("concepts", concept.id, "notes", id) for id in concept.notes)


def _kind_of(problem: Problem) -> Kind:
    """Return the kind of an invalid id; "" for any other problem."""
    if problem.rule == "bad-id":
        match problem.keys:
            case ("deck", "id"):
                return "deck"
            case ("sources" | "concepts" as kind, _):
                return kind
            case ("concepts", _, "notes", _):
                return "notes"
    return ""


def _is_ignored(problem: Problem) -> bool:
    """Whether a problem is about an entry of `check: ignore:`."""
    return problem.keys[:2] == ("check", "ignore") and len(problem.keys) > 2


def _valid(id: str) -> str:
    """Return an id in lowercase, with hyphens between its words; "" if that is not a valid id either."""
    try:
        return identifier(_BETWEEN_WORDS.sub("-", id.lower()))
    except ValueError:
        return ""
