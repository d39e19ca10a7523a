"""Rules on cards that are too much like one another.

Comparing all pairs of ten thousand cards would take minutes. Two fronts that differ in at most one word agree in all
the others. So each front is filed under all of its words and, for each of its words, under all the others; only fronts
that meet under such a key are compared. Most fronts meet no other. To leave these out early, each front is first filed
under each third of its words, since two fronts that differ in one word agree in one of the thirds.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import lru_cache, reduce
from itertools import combinations, pairwise
from operator import attrgetter, itemgetter, xor

from cuedeck.advice.material import Advice, Card, Material, all_shown
from cuedeck.advice.words import folded, has_formula, same_word
from cuedeck.records import dataclass
from cuedeck.remembering import remembered
from cuedeck.stems import content_stems, content_words

_ALIKE = 0.8
_SHORTEST_ALIKE = 5
_ENOUGH_SHARED = 3

# If more fronts than this differ in one word only, they are a series on purpose, such as all capitals of a continent.
_LARGEST_BLOCK = 20


def same_question(material: Material) -> Iterator[Advice]:
    """Two cards ask exactly the same thing.

    Why: if the answers are the same, learners review one thing twice; if they are not, half of the time learners are
    wrong, whatever they answer. Anki also checks the first field for duplicates (manual, "Duplicate Check"), but only
    within one note type, and compares neither cloze notes nor reverse cards.

    How it is found: the fronts are the same except for capitals, spaces and the punctuation at their ends. Fronts are
    questions, also those of `reverse`, cloze texts with their gaps, and the answers of notes with `reverse: true`.

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
                "take one of the two out, or let each ask for something else",
                others=(known.note,),
                also=known.keys,
                kept='say in each what sets it apart, or retire one of the two with "retired:" and the reason',
            )


def similar_questions(material: Material) -> Iterator[Advice]:
    """Two questions can hardly be told apart, but have different answers.

    Why: two memories with the same cue get mixed up, however often they are repeated. Wozniak's eleventh rule, combat
    interference, calls that one of the main causes of forgetting.

    How it is found: leaving aside words such as "the" or "does", the fronts have the same words; or they have three or
    more words in common, and one of the fronts has one word more; or they differ in one word, and the two words look
    alike, such as "afferent" and "efferent". Two fronts are not reported if they differ in words that do not look alike
    ("the capital of France", "the capital of Spain"), since learners can tell them apart by these words.

    Limit: two words look alike if Python's difflib finds four fifths of their letters in common. In series of more than
    twenty fronts that differ in one word, only neighbours in the alphabet are compared.

    Way out: say in each question what sets it apart, or ask for both in one note.

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
                f'this is hard to tell from "{pair[0]}", which has a different answer: "{first.card.answer}"',
                "say in each what sets it apart, or ask for both in one note",
                others=(pair[0],),
                also=first.card.keys,
                kept="say in each what sets it apart",
            )


@dataclass(frozen=True, slots=True)
class _Front:
    """A card with its place among all cards, the stems of its front, and their thirds."""

    place: int
    card: Card
    stems: tuple[str, ...]
    thirds: Collection[int]


def _cards(material: Material) -> Iterator[Card]:
    return (card for shown in all_shown(material) for card in shown.cards)


def _front(place: int, card: Card) -> _Front | None:
    """Return a front that can be compared by its words, or None for a formula or a text without words."""
    compared = _compared(card.front)
    return _Front(place, card, *compared) if compared else None


@remembered
def _compared(text: str) -> tuple[tuple[str, ...], Collection[int]] | None:
    """Return the stems of a front and their thirds; None if it cannot be compared."""
    if has_formula(text):
        return None
    stems = content_stems(text)
    # A tuple, since sets would take six times the memory.
    return (tuple(stems), _thirds(stems)) if any(len(each) > 1 and each.isalpha() for each in stems) else None


def _near_pairs(fronts: Iterable[_Front]) -> Iterator[tuple[_Front, _Front]]:
    """Yield the pairs that share all stems except at most one on each side; some pairs come more than once."""
    for block in _blocks(fronts):
        is_series = len(block) > _LARGEST_BLOCK
        pairs = pairwise(sorted(block, key=itemgetter(0))) if is_series else combinations(block, 2)
        for (one, first), (other, second) in pairs:
            same = {*first.stems} - {one} == {*second.stems} - {other}
            if same and _close(one, other, shared=len(first.stems) - bool(one)):
                yield first, second


def _blocks(fronts: Iterable[_Front]) -> Iterable[list[tuple[str, _Front]]]:
    """Return the fronts that meet under each key, with the stem that is left out of each, or "" if none is.

    Cards of one note have much in common on purpose, so a key that only they have does not matter.
    """
    candidates, _ = _sharing(fronts, attrgetter("thirds"))
    alike, shared = _sharing(candidates, lambda front: _keys(front.stems))
    blocks: dict[int, list[tuple[str, _Front]]] = defaultdict(list)
    for front in alike:
        stems = sorted(front.stems)
        for left_out, key in zip(("", *stems), _keys(stems), strict=False):
            if key in shared:
                blocks[key].append((left_out, front))
    return blocks.values()


def _sharing(fronts: Iterable[_Front], keys_of: Callable[[_Front], Collection[int]]) -> tuple[list[_Front], set[int]]:
    """Return the fronts that have a key in common with a front of another note, and all such keys."""
    filed = [(front, keys_of(front)) for front in fronts]
    first: dict[int, str] = {}  # the first note with each key
    shared = {key for front, keys in filed for key in keys if first.setdefault(key, front.card.note) != front.card.note}
    return [front for front, keys in filed if not shared.isdisjoint(keys)], shared


def _thirds(stems: Collection[str]) -> Collection[int]:
    """Return a key for each third of the stems. Two fronts that differ in one stem each have a third in common.

    The thirds are chosen by hashes, and keys are made of hashes, since tuples of words would take ten times as long.
    """
    thirds = [0, 0, 0]
    for each in map(hash, stems):
        thirds[each % 3] ^= each
    return thirds


def _keys(stems: Collection[str]) -> Collection[int]:
    """Return a key for all stems and, if there are several, one for all stems without each of them."""
    hashes = list(map(hash, stems))
    whole = reduce(xor, hashes)
    return [whole, *map(whole.__xor__, hashes)] if len(hashes) > 1 else [whole]


def _close(one: str, other: str, shared: int) -> bool:
    """Return whether two fronts that differ only in these words are hard to tell apart; "" stands for no word."""
    if not one or not other:
        return one == other or shared >= _ENOUGH_SHARED
    return _alike(*sorted((one, other)))


@lru_cache(maxsize=100_000)
def _alike(one: str, other: str) -> bool:
    if min(len(one), len(other)) < _SHORTEST_ALIKE or not (one.isalpha() and other.isalpha()):
        return False
    from difflib import SequenceMatcher  # here because few checks compare letters

    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _interfere(one: _Front, other: _Front) -> bool:
    """Return whether the answers differ, and the fronts are not the same, which another rule reports."""
    answers = [list(content_words(front.card.answer)) or [folded(front.card.answer)] for front in (one, other)]
    same_answer = len(answers[0]) == len(answers[1]) and all(map(same_word, *map(sorted, answers)))
    return not same_answer and folded(one.card.front) != folded(other.card.front)
