"""Find notes that are the same under other names, by what they say, in a deck of any tool.

A pair is reported as the loss of all progress on a note, and after a wrong report authors would trust no other. So
likeness is not enough: another word, or another number, makes another question of a short one.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from functools import cached_property

from cuedeck.patterns import regex
from cuedeck.records import dataclass
from cuedeck.updating.clozes import near, telling
from cuedeck.updating.sayings import Texts

# The part of their words that nearly equal texts share; the second if one text only has more words than the other.
_ALIKE = 0.75
_WITHIN = 0.6
# Notes with less than this in common are not compared further, unless one answer contains the other.
_HALF = 0.5
# So many common words are rarely chance: of an answer, of a sentence around a gap, of a whole note.
_TELLING_ANSWER = 4
_TELLING_SENTENCE = 4
_TELLING_NOTE = 10
_LONG = 12
# In longer texts, words are only counted: to compare their order and spelling takes time and says little.
_LONGEST_ORDERED = 60
_MOST_MISSPELT = 4
# Only notes with a rare word in common are compared: a word that more notes contain says little, and finds them all.
_RARE = 100
_RAREST = 6
_CANDIDATES = 5

# If deletions are nested, the inner ones. The search ends where the next deletion begins, so that many that do not end
# take no more time than other text.
_GAP = regex(r"\{\{c[0-9,]+::((?:(?!::|\{\{|\}\}).)*)(?:::(?:(?!\{\{|\}\}).)*)?\}\}")
_AROUND = " .,;:!?…\"'“”„‘’«»‹›()¿¡。、！？"


@dataclass(frozen=True)
class _Said:
    """What one note says: its texts, with and without the markers of deletions."""

    marked: Texts

    @cached_property
    def texts(self) -> Texts:
        return tuple(_GAP.sub(r"\1", text) for text in self.marked)

    @cached_property
    def loose(self) -> Texts:
        """The texts with markers, without case, spaces and closing signs."""
        return tuple(map(_loose, self.marked))

    @cached_property
    def front(self) -> str:
        """The first field, by which Anki itself finds duplicates, with blank gaps.

        "" if it says nothing: a number before question and answer, as in a list, or a sentence that is hardly more than
        a gap.
        """
        text, gaps = _GAP.subn("[]", self.marked[0])
        if gaps:
            around = [word for word in _words(text) if word != "[]"]
            return _spaceless(text) if len(around) >= gaps * _TELLING_SENTENCE else ""
        return _spaceless(text) if _has_letters(text) or len(self.marked) == 2 else ""

    @cached_property
    def gaps(self) -> frozenset[str]:
        return frozenset(_loose(answer) for text in self.marked for answer in _GAP.findall(text))

    @cached_property
    def rest(self) -> frozenset[str]:
        """All fields except the first."""
        return frozenset(map(_loose, self.texts[1:]))

    @cached_property
    def words(self) -> tuple[Texts, frozenset[str]]:
        """The texts without markers, and the deleted words: another number or hint does not make another note."""
        return tuple(map(_loose, self.texts)), self.gaps

    @cached_property
    def first(self) -> str:
        return _spaceless(self.texts[0])

    @cached_property
    def telling(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What would make it another note, however short it is: in its first field, and in the others."""
        return telling(self.texts[0]), telling(" ".join(self.texts[1:]))

    @cached_property
    def bag(self) -> Counter[str]:
        return Counter((*self.asked, *self.answered))

    @cached_property
    def asked(self) -> list[str]:
        return _words(self.texts[0])

    @cached_property
    def answered(self) -> list[str]:
        return [word for text in self.texts[1:] for word in _words(text)]


_Key = Callable[[_Said], Hashable]


def same_notes(gone: Mapping[str, Texts], new: Mapping[str, Texts], kept: Collection[Texts] = ()) -> dict[str, str]:
    """Return, by the names of new notes, the names of notes that are gone and say the same or nearly the same.

    Each note is given by its name and what it says in each field, and is in at most one pair. `kept` are the notes that
    are in both decks; they show which first fields many notes share. Pairs that are more alike go first; otherwise the
    order of the notes counts. The result is in the order of the new notes.
    """
    notes = _Pairing(gone, new, kept)
    notes.pair_equal(lambda note: note.marked)
    notes.pair_equal(lambda note: note.loose)
    notes.pair_equal(lambda note: note.words)
    # A list that was renumbered: the number is not a question, and the item is the same.
    notes.pair_unique(lambda note: note.rest if not _has_letters(note.texts[0]) and len(note.rest) > 1 else "")
    notes.pair_unique(lambda note: note.front)
    notes.pair_near()
    return {name: notes.pairs[name] for name in new if name in notes.pairs}


class _Pairing:
    """The pairs found so far, and the notes that are left."""

    def __init__(self, gone: Mapping[str, Texts], new: Mapping[str, Texts], kept: Collection[Texts]) -> None:
        self.pairs: dict[str, str] = {}
        self._gone, self._new = ({name: _Said(each) for name, each in side.items() if each} for side in (gone, new))
        kept_ones = [_Said(each) for each in kept if each]
        self._old_deck = [*self._gone.values(), *kept_ones]
        self._new_deck = [*self._new.values(), *kept_ones]

    def _pair(self, old: str, new: str) -> None:
        self.pairs[new] = old
        del self._gone[old], self._new[new]

    def pair_equal(self, key: _Key) -> None:
        """Pair the notes that have the same key; if there are several, in their order."""
        same: dict[Hashable, list[str]] = defaultdict(list)
        for name, note in reversed(self._gone.items()):
            same[key(note)].append(name)
        for name, note in [*self._new.items()]:
            if names := same.get(key(note)):
                self._pair(names.pop(), name)

    def pair_unique(self, key: _Key) -> None:
        """Pair the notes that have the same key, if no other note of either deck has it."""
        if not self._gone or not self._new:
            return
        alone = self._unique(key)
        found = {key(note): name for name, note in self._gone.items()}
        for name, note in [*self._new.items()]:
            if (its := key(note)) and its in found and alone(its):
                self._pair(found[its], name)

    def _unique(self, key: _Key) -> Callable[[Hashable], bool]:
        counts = [Counter(map(key, deck)) for deck in (self._old_deck, self._new_deck)]
        return lambda its: all(count[its] <= 1 for count in counts)

    def pair_near(self) -> None:
        """Pair the notes that are nearly the same, the most alike first."""
        if not self._gone or not self._new:
            return
        answers = self._unique(lambda note: note.rest)
        index = _Index(self._gone)
        left = [*self._new]
        while left:
            found = []
            for place, name in enumerate(left):
                note = self._new[name]
                likely = [(-_shared(self._gone[old], note), old) for old in index.nearest(note) if old in self._gone]
                likely.sort(key=lambda each: each[0])
                if best := next((each for each in likely if _is_near(self._gone[each[1]], note, answers)), None):
                    found.append((best[0], place, best[1], name))
            left = []
            for *_, old, name in sorted(found):
                if old in self._gone:
                    self._pair(old, name)
                else:  # another pair was more alike; this note looks for its next best
                    left.append(name)


class _Index:
    """Which notes contain a word, so that not all pairs have to be compared."""

    def __init__(self, notes: Mapping[str, _Said]) -> None:
        self._with: dict[str, list[str]] = defaultdict(list)
        for name, note in notes.items():
            for word in dict.fromkeys((*note.asked, *note.answered)):
                self._with[word].append(name)

    def nearest(self, note: _Said) -> Iterator[str]:
        """Yield the few notes that have the most rare words in common with this one."""
        known = (word for word in dict.fromkeys((*note.asked, *note.answered)) if word in self._with)
        rare = sorted(
            (word for word in known if len(self._with[word]) <= _RARE), key=lambda word: len(self._with[word])
        )
        shared = Counter(name for word in rare[:_RAREST] for name in self._with[word])
        yield from (name for name, _ in shared.most_common(_CANDIDATES))


def _is_near(old: _Said, new: _Said, is_unique: Callable[[Hashable], bool]) -> bool:
    """Return whether one note is the other one, edited: question and answer must not both be different."""
    if not _ask_alike(old, new) or old.telling[0] != new.telling[0]:
        return False
    if old.words[0] == new.words[0]:
        return True
    same_answer = bool(old.rest and new.rest) and (old.rest <= new.rest or new.rest <= old.rest)
    if not same_answer and _shared(old, new) < _HALF:
        return False
    if old.first == new.first:
        # Many notes begin like this, or they would be a pair already, so the rest has to show which one it is.
        return same_answer or (old.telling[1] == new.telling[1] and _reworded(old.answered, new.answered))
    if not _has_letters(old.texts[0]):
        return False
    if same_answer:
        tells = is_unique(old.rest) and is_unique(new.rest)
        if not tells and len(old.asked) < _TELLING_SENTENCE:
            return False
        free = tells and min(len(old.answered), len(new.answered)) >= _TELLING_ANSWER
        return _reworded(old.asked, new.asked, free)
    if not old.rest and not new.rest:
        return min(len(old.asked), len(new.asked)) > _TELLING_SENTENCE and _reworded(old.asked, new.asked)
    whole = min(len(each.asked) + len(each.answered) for each in (old, new))
    return (
        whole >= _TELLING_NOTE
        and old.telling[1] == new.telling[1]
        and _reworded(old.asked, new.asked)
        and _reworded(old.answered, new.answered)
    )


def _ask_alike(old: _Said, new: _Said) -> bool:
    """Return whether two cloze texts have a gap in common; always true if one is not a cloze text."""
    return not old.gaps or not new.gaps or bool(old.gaps & new.gaps)


def _reworded(old: Sequence[str], new: Sequence[str], free: bool = False) -> bool:
    """Return whether one text is the other with words added, left out or spelt differently.

    In a long text words may also be replaced by others, and with `free` in any text.
    """
    if not old or not new:
        return False
    left, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
    kept = len(old) - left.total()
    size, shorter = len(old) + len(new), min(len(old), len(new))
    if 2 * (kept + min(left.total(), come.total())) < _WITHIN * size:
        return False
    misspelt = _misspelt(left, come)
    replaced = min(left.total(), come.total()) - misspelt
    may_be_replaced = shorter // 4 if free else shorter // 8 if shorter >= _LONG else 0
    if replaced > may_be_replaced or (shorter <= _LONGEST_ORDERED and not _in_one_order(old, new)):
        return False
    much = _ALIKE if min(left.total(), come.total()) > misspelt else _WITHIN
    return 2 * (kept + misspelt) >= much * size


def _misspelt(left: Counter[str], come: Counter[str]) -> int:
    """Return how many of the words that are left out are there with another spelling."""
    if max(left.total(), come.total()) > _MOST_MISSPELT:
        return 0
    others = [*come.elements()]
    count = 0
    for word in left.elements():
        if other := next((each for each in others if _could_be(word, each) and near(word, each)), None):
            others.remove(other)
            count += 1
    return count


def _could_be(word: str, other: str) -> bool:
    """Return whether two words have enough letters in common to be worth comparing."""
    letters, others = Counter(word), Counter(other)
    most = max(1, min(len(word), len(other)) // 4)
    return (letters - others).total() <= most and (others - letters).total() <= most


def _in_one_order(old: Sequence[str], new: Sequence[str]) -> bool:
    """Return whether the words that occur once in each of two texts are in the same order."""
    before, after = Counter(old), Counter(new)
    once = {word for word in before if before[word] == after[word] == 1}
    return [word for word in old if word in once] == [word for word in new if word in once]


def _shared(old: _Said, new: _Said) -> float:
    """Return which part of the words of two notes, from 0 to 1, is in both."""
    return 2 * (old.bag & new.bag).total() / max(1, old.bag.total() + new.bag.total())


def _loose(text: str) -> str:
    return _spaceless(text.casefold())


def _spaceless(text: str) -> str:
    """Return a text without spaces and without signs around it; case is kept."""
    return "".join(text.split()).strip(_AROUND) or text


def _words(text: str) -> list[str]:
    return [word for each in text.casefold().split() if (word := each.strip(_AROUND))]


def _has_letters(text: str) -> bool:
    return any(letter.isalpha() for letter in text)
