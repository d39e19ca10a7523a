"""Texts under another id than before: a note that was renamed without `was`, and an id that was used again."""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from cuedeck.deck.kinds import Kind
from cuedeck.patterns import regex
from cuedeck.rendering.notefields import ASKED, REVERSE
from cuedeck.rendering.ownreverse import texts_of_reverse
from cuedeck.rendering.plain import plain
from cuedeck.updating.clozes import near

# Two notes are nearly the same if this part of each text is the same, as difflib counts it.
_ALIKE = 0.75
# In characters. The time to compare grows with their square, so for longer texts only words are counted.
_LONGEST_COMPARED = 2_000
# So many of the notes that are gone, those that share most words with a new one, are compared in full.
_CANDIDATES = 5
# A question is another one if it has less than this part of its words in common with the old one.
_SAME_QUESTION = 0.5

_TEXTS = tuple(field.key for field in ASKED)
_WORD = regex(r"\w+")

Texts = tuple[str, ...]


def texts_of(fields: Mapping[str, str]) -> Texts:
    """Return what a note asks and answers, as plain text, from its fields by key."""
    return tuple(plain(fields.get(key, "")) for key in _TEXTS)


def reverse_texts_of(fields: Mapping[str, str]) -> Texts:
    """Return the same of a reverse card that has its own texts; nothing if it has none."""
    own = texts_of_reverse(fields.get(REVERSE.key, ""))
    return (*map(plain, own), "") if own else ()


def swapped(texts: Texts) -> Texts:
    """Return what a reverse card asks and answers that swaps the texts of its note."""
    asked, answer, more = texts
    return answer, asked, more


def look_alikes(
    new: Mapping[str, tuple[Kind, Mapping[str, str]]], gone: Mapping[str, tuple[Kind, Mapping[str, str]]]
) -> dict[str, str]:
    """Return, by the ids of new notes, the ids of notes that are gone and that say the same or nearly the same.

    Both are given by id, with their kinds and fields. Two notes are compared only if they share words.
    """
    texts = {id: (kind, texts_of(fields)) for id, (kind, fields) in gone.items()}
    same = {each: id for id, each in texts.items()}
    index = _Index({id: each for id, (_, each) in texts.items()})
    found = {}
    for id, (kind, fields) in new.items():
        own = texts_of(fields)
        near_ones = (other for other in index.nearest(own) if texts[other][0] == kind and _alike(texts[other][1], own))
        old = same.get((kind, own)) or next(near_ones, None)
        if old and any(own):
            found[id] = old
    return found


class _Index:
    """Which texts contain a word, so that not all pairs have to be compared."""

    def __init__(self, texts: Mapping[str, Texts]) -> None:
        self._with: dict[str, list[str]] = defaultdict(list)
        self._sizes: dict[str, int] = {}
        for id, each in texts.items():
            words = words_of(each)
            self._sizes[id] = len(words)
            for word in words:
                self._with[word].append(id)

    def nearest(self, texts: Texts) -> Iterator[str]:
        """Yield the few ids whose texts share the most words with these; rare words count for more."""
        shared: Counter[str] = Counter()
        # Rare words say most; a word that all texts contain would find all of them.
        own = words_of(texts)
        known = sorted((word for word in own if word in self._with), key=lambda word: (len(self._with[word]), word))
        for word in known[:_CANDIDATES]:
            for id in self._with[word]:
                shared[id] += 1
        # If several share as many words, those with many other words are less alike.
        by_likeness = {id: (-count, abs(self._sizes[id] - len(own))) for id, count in shared.items()}
        yield from heapq.nsmallest(_CANDIDATES, by_likeness, key=by_likeness.__getitem__)


def words_of(texts: Texts) -> set[str]:
    """Return the words of texts, without their case."""
    return {word for text in texts for word in _WORD.findall(text.casefold())}


def _alike(one: Texts, other: Texts) -> bool:
    return all(_is_alike(*pair) for pair in zip(one, other, strict=True))


def _is_alike(one: str, other: str) -> bool:
    if max(len(one), len(other)) > _LONGEST_COMPARED:
        old, new = Counter(one.split()), Counter(other.split())
        return 2 * (old & new).total() >= _ALIKE * (old.total() + new.total())
    from difflib import SequenceMatcher  # here because few checks compare letters

    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def is_another_question(old: Texts, new: Texts) -> bool:
    """Return whether a question and its answer are quite different ones, to which old reviews do not apply.

    The answer must not be near the old one, as for a cloze, and the question must share few words with the old one.
    """
    (asked, answer, _), (asks, answers, _) = old, new
    before, after = words_of((asked,)), words_of((asks,))
    shared = len(before & after) / max(1, min(len(before), len(after)))
    return not near(answer, answers) and shared < _SAME_QUESTION
