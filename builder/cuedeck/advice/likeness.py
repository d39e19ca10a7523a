"""Rules on cards that are too much like one another.

Comparing all pairs of ten thousand cards would take minutes. Two fronts that differ in at most one word agree in all
the others, so each front is filed under its words, and under its words less each one of them: only those that meet
under a key are compared. Most meet none, which a few keys tell sooner: a third of their words is all the same, too.
"""

import difflib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import combinations, pairwise
from operator import itemgetter, xor

from cuedeck.advice.english import content_stems, content_words
from cuedeck.advice.material import Advice, Card, Material
from cuedeck.advice.words import folded, has_formula, same_word

_ALIKE = 0.8
_SHORTEST_ALIKE = 5
_ENOUGH_SHARED = 3

# More fronts than this that differ in one word only are a series, such as all capitals of a continent, and meant so.
_LARGEST_BLOCK = 20


def same_question(material: Material) -> Iterator[Advice]:
    """Two cards ask exactly the same.

    Why: with one answer, the learner reviews the same thing twice; with two, whatever they answer is wrong half of the
    time. Anki too checks the first field for duplicates (manual, "Duplicate Check"), but only of one note type, and
    compares neither cloze notes nor reverse cards.

    How it is found: the fronts are the same but for capitals, spaces and closing marks. Fronts are questions, cloze
    texts with their gaps, and the answers of notes that are asked in reverse too.

    Way out: retire one of the two, or say in each question what sets it apart.

    Bad:

        first-note:
          q: What is a dyad?
          a: Two people regarded as one unit
        second-note:
          q: What is a Dyad?
          a: A couple, for instance

    Good:

        first-note:
          q: What is a dyad?
          a: Two people regarded as one unit
        second-note:
          q: Which word means two people regarded as one unit?
          a: Dyad
    """
    first: dict[str, Card] = {}
    for card in _cards(material):
        known = first.setdefault(folded(card.front), card)
        if known.note != card.note and folded(card.front):
            yield Advice(
                card.keys,
                f'this asks the same as "{known.note}"',
                "take one of the two out, or ask each for something of its own",
                others=(known.note,),
                kept="say in each what sets it apart, or retire one of the two with the reason",
            )


def similar_questions(material: Material) -> Iterator[Advice]:
    """Two questions can hardly be told apart, but want different answers.

    Why: two memories that are called up by the same cue get mixed up however often they are repeated. Wozniak's
    eleventh rule, combat interference, calls that one of the main causes of forgetting.

    How it is found: words such as "the" or "does" aside, the fronts have the same words, or one has a single word more
    and three or more in common, or they differ in one word that looks alike, such as "afferent" and "efferent".
    Two fronts that differ in a word of their own ("the capital of France", "the capital of Spain") are told apart by
    it, and not reported.

    Limit: two words look alike where Python's difflib finds four fifths of their letters in common. In series of more
    than twenty fronts that differ in one word, only neighbors in the alphabet are compared.

    Way out: put what sets each apart into its question, or ask for both in one note.

    Bad:

        first-note:
          q: What does distancing signal?
          a: A wish for a life of one's own
        second-note:
          q: What do signals of distancing do?
          a: They foster anxiety

    Good:

        first-note:
          q: Which wish does distancing signal?
          a: A life of one's own
        second-note:
          q: Which anxiety does distancing foster in the partner?
          a: Separation insecurity
    """
    fronts = (front for place, card in enumerate(_cards(material)) if (front := _front(place, card)))
    reported: set[tuple[str, str]] = set()
    for one, other in _near_pairs(fronts):
        first, second = sorted((one, other), key=lambda front: front.place)
        pair = (first.card.note, second.card.note)
        if pair[0] != pair[1] and pair not in reported and _interfere(first, second):
            reported.add(pair)
            yield Advice(
                second.card.keys,
                f'this is hard to tell from "{pair[0]}", which wants another answer: "{first.card.answer}"',
                "put into each what sets it apart, or ask for both in one note",
                others=(pair[0],),
                kept="put into each what sets it apart",
            )


@dataclass(frozen=True, slots=True)
class _Front:
    place: int
    card: Card
    stems: tuple[str, ...]


def _cards(material: Material) -> Iterator[Card]:
    return (card for note in material.notes for card in note.cards)


def _front(place: int, card: Card) -> _Front | None:
    """Return a front that can be compared by its words, or None: formulas and bare signs have none."""
    if has_formula(card.front):
        return None
    stems = content_stems(card.front)
    # A tuple, since sets of them all would take six times the room.
    return _Front(place, card, tuple(stems)) if any(len(each) > 1 and each.isalpha() for each in stems) else None


def _near_pairs(fronts: Iterable[_Front]) -> Iterator[tuple[_Front, _Front]]:
    """Yield the pairs that share all stems but at most one on each side, some of them more than once."""
    for block in _blocks(fronts):
        is_series = len(block) > _LARGEST_BLOCK
        pairs = pairwise(sorted(block, key=itemgetter(0))) if is_series else combinations(block, 2)
        for (one, first), (other, second) in pairs:
            same = {*first.stems} - {one} == {*second.stems} - {other}
            if same and _close(one, other, shared=len(first.stems) - bool(one)):
                yield first, second


def _blocks(fronts: Iterable[_Front]) -> Iterable[list[tuple[str, _Front]]]:
    """Return the fronts that meet under each key, with the stem that is left out of each, or "" where none is.

    Cards of one note have much in common, and are meant so: a key of theirs alone is of no interest.
    """
    candidates, _ = _sharing(fronts, _thirds)
    alike, shared = _sharing(candidates, _keys)
    blocks: dict[int, list[tuple[str, _Front]]] = defaultdict(list)
    for front in alike:
        stems = sorted(front.stems)
        for left_out, key in zip(("", *stems), _keys(stems), strict=False):
            if key in shared:
                blocks[key].append((left_out, front))
    return blocks.values()


def _sharing(
    fronts: Iterable[_Front], keys_of: Callable[[Collection[str]], Collection[int]]
) -> tuple[list[_Front], set[int]]:
    """Return the fronts that have a key in common with one of another note, and all such keys."""
    filed = [(front, keys_of(front.stems)) for front in fronts]
    first: dict[int, str] = {}  # the first note with each key
    shared = {key for front, keys in filed for key in keys if first.setdefault(key, front.card.note) != front.card.note}
    return [front for front, keys in filed if not shared.isdisjoint(keys)], shared


def _thirds(stems: Collection[str]) -> Collection[int]:
    """Return a key for each third of the stems. Two fronts that differ in one stem each have a third in common.

    Hashes choose the thirds, and make all keys, since tuples of words would take ten times as long.
    """
    thirds = [0, 0, 0]
    for each in map(hash, stems):
        thirds[each % 3] ^= each
    return thirds


def _keys(stems: Collection[str]) -> Collection[int]:
    """Return a key for all the stems, and one for all but each of them if there are more than one."""
    hashes = list(map(hash, stems))
    whole = reduce(xor, hashes)
    return [whole, *map(whole.__xor__, hashes)] if len(hashes) > 1 else [whole]


def _close(one: str, other: str, shared: int) -> bool:
    """Return whether two fronts that share all but these two words, or none where it is "", are hard to tell apart."""
    if not one or not other:
        return one == other or shared >= _ENOUGH_SHARED
    return _alike(*sorted((one, other)))


@lru_cache(maxsize=100_000)
def _alike(one: str, other: str) -> bool:
    if min(len(one), len(other)) < _SHORTEST_ALIKE or not (one.isalpha() and other.isalpha()):
        return False
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _interfere(one: _Front, other: _Front) -> bool:
    """Return whether the answers differ, and the fronts are not the very same, which is another rule's business."""
    answers = [list(content_words(front.card.answer)) or [folded(front.card.answer)] for front in (one, other)]
    same_answer = len(answers[0]) == len(answers[1]) and all(map(same_word, *map(sorted, answers)))
    return not same_answer and folded(one.card.front) != folded(other.card.front)
