"""The rule on names and words that are spelled in two ways."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, combinations
from operator import attrgetter

from cuedeck.advice.english import are_english
from cuedeck.advice.material import Advice, Material, Question, Shown, all_shown, without_code
from cuedeck.patterns import regex
from cuedeck.problems import Keys
from cuedeck.records import dataclass
from cuedeck.remembering import remembered, remembered_of
from cuedeck.rendering.plain import plain
from cuedeck.stems import words

_WORD = regex(r"[^\W\d_]+(?:[-‐‑][^\W\d_]+)*")
_ADDRESS = regex(r"\bhttps?://\S+")
_NAME = regex(r"[A-Z](?<=[a-z,;:)] .)[^\W\d_]+")
_SHORTEST_NAME = 6
_OFTEN = 3

_HYPHEN = regex(r"[-‐‑]")
_MNEMONIC = regex(r"[A-Z]{2,}[a-z]{2}")
_OUR = regex(r"(?<=[a-z]{3})our")
_ISE = regex(r"(?<=[a-z]{3})is(?=e|ing|ation)")


@dataclass(frozen=True, slots=True)
class _Uses:
    """How a word is spelled where it first occurs, and how often it occurs in all."""

    word: str
    count: int


def name_spelled_two_ways(material: Material) -> Iterator[Advice]:
    """A name or a word is spelled in two ways.

    Why: learners cannot tell whether two things are meant, and Anki's search finds only one of them. Wozniak's
    eleventh rule: what is nearly alike gets mixed up.

    How it is found: two words differ only in a hyphen or in capitals inside. In decks that look English, three more
    cases are found: one word is spelled the British way and the other the American way; two names differ only in
    accents; or a name that occurs once differs in a single letter, not the last one, from a name that occurs three
    times or more. Names are words of at least six letters with a capital inside a sentence; shorter ones that differ in
    a letter are often two names.

    Way out: choose one of the two spellings, and use it everywhere.

    Bad:

        first-note:
          q: What is self-neglect?
          a: Letting one's own body or mind go
        second-note:
          q: Whom does selfneglect push away?
          a: The partner

    Good:

        first-note:
          q: What is self-neglect?
          a: Letting one's own body or mind go
        second-note:
          q: Whom does self-neglect push away?
          a: The partner
    """
    texts = [(keys, _ADDRESS.sub(" ", text) if "://" in text else text) for keys, text in _texts(material)]
    english = are_english(words(" ".join(text for _, text in texts[:500])))
    yield from _spelled_otherwise(_words_alike(texts, english), texts, _WORD.findall)
    if english:
        yield from _spelled_otherwise(_names_alike(texts), texts, _names_in)


def _texts(material: Material) -> Iterator[tuple[Keys, str]]:
    """Yield all texts that learners see, with their places."""
    deck = material.deck
    yield ("deck", "description"), deck.about.description
    for source in deck.sources.values():
        yield ("sources", source.id, "author"), f"by {source.author}"
        yield ("sources", source.id, "title"), source.title
        for title in source.chapters.values():
            yield ("sources", source.id, "chapters"), title
    for concept in deck.concepts.values():
        yield ("concepts", concept.id, "title"), concept.title
    for shown in all_shown(material):
        yield from _texts_of(shown)


@remembered_of
def _texts_of(note: Shown) -> tuple[tuple[Keys, str], ...]:
    """Return the texts of a note without the code in them, whose spelling authors cannot choose."""
    if any("<code>" in html for html in note.html.values()):
        texts = {key: plain(without_code(html)) for key, html in note.html.items()}
    elif isinstance(note, Question):
        texts = {"q": note.question, "a": note.answer, **note.more}
    else:
        texts = {"cloze": note.whole, **note.more}
    return tuple(((*note.keys, key), text) for key, text in texts.items())


def _words_alike(texts: Sequence[tuple[Keys, str]], english: bool) -> Iterator[tuple[_Uses, _Uses]]:
    """Yield words that are also spelled in another way, each with the way that is used most."""
    seen: dict[str, dict[str, _Uses]] = defaultdict(dict)
    for uses in _words_in(texts):
        spelled = _without_capital(uses.word)
        spellings = seen[_key(spelled, english)]
        # Of two words that differ only in a capital, the first one stands for both.
        first = spellings.get(spelled, uses)
        spellings[spelled] = _Uses(first.word, uses.count + (first.count if first is not uses else 0))
    for spellings in seen.values():
        if len(spellings) > 1:
            common, *rarer = sorted(spellings.values(), key=attrgetter("count"), reverse=True)
            yield from ((uses, common) for uses in rarer)


def _words_in(texts: Sequence[tuple[Keys, str]]) -> Iterator[_Uses]:
    """Yield the words of texts in the order of their first uses.

    Each piece between two spaces is counted first, so that it is searched for words only once, however often it occurs.
    """
    counts: dict[str, int] = {}
    for piece, count in _counted(texts, str.split).items():
        for word in _WORD.findall(piece):
            counts[word] = counts.get(word, 0) + count
    return map(_Uses, counts.keys(), counts.values())


def _counted(texts: Sequence[tuple[Keys, str]], find: Callable[[str], Iterable[str]]) -> Counter[str]:
    """Return how often there is what `find` finds in texts, in the order of first uses."""
    return Counter(chain.from_iterable(find(text) for _, text in texts))


def _spelled_otherwise(
    pairs: Iterable[tuple[_Uses, _Uses]], texts: Sequence[tuple[Keys, str]], find: Callable[[str], Iterable[str]]
) -> Iterator[Advice]:
    """Yield the advice on words, each with its usual spelling. It is placed where `find` first finds the word."""
    pairs = list(pairs)
    wanted = {uses.word for pair in pairs for uses in pair}
    places: dict[str, Keys] = {}
    for keys, text in texts if wanted else ():
        for word in wanted.intersection(find(text)):
            places.setdefault(word, keys)
    for uses, common in pairs:
        message = f'"{uses.word}" is spelled "{common.word}" elsewhere'
        hint = "choose one of the two spellings"
        yield Advice(places[uses.word], message, hint, uses.word, also=places[common.word])


def _without_capital(word: str) -> str:
    """Return a word without a capital that it may owe to the start of a sentence or to a title."""
    return word.casefold() if word in (word.title(), word.capitalize()) else word


def _key(word: str, english: bool) -> str:
    """Return what the spellings of one word have in common.

    A word all in capitals is another word: IT is not "it". So is one whose first capitals belong to a mnemonic.
    """
    if len(word) > 1 and (word.isupper() or _MNEMONIC.match(word)):
        return word
    key = _HYPHEN.sub("", word).casefold()
    return _ISE.sub("iz", _OUR.sub("or", key)) if english else key


@remembered
def _names_in(text: str) -> tuple[str, ...]:
    """Return the long names in a text, as often as they are in it."""
    return tuple(name for name in _NAME.findall(text) if len(name) >= _SHORTEST_NAME)


def _names_alike(texts: Sequence[tuple[Keys, str]]) -> Iterator[tuple[_Uses, _Uses]]:
    """Yield names that seem to be other names misspelled, each with the other one."""
    seen = {name: _Uses(name, count) for name, count in _counted(texts, _names_in).items()}
    # Two names that differ in one letter have the same key without it.
    blocks: dict[str, set[str]] = defaultdict(set)
    for name in seen:
        bare = _bare(name)
        for key in (bare, *(bare[:place] + bare[place + 1 :] for place in range(len(bare)))):
            blocks[key].add(name)
    pairs = {pair for block in blocks.values() for pair in combinations(sorted(block), 2)}
    for pair in sorted(pairs):
        rare, common = sorted(pair, key=lambda name: seen[name].count)
        if _bare(rare) == _bare(common) or _is_slip(rare, common, seen[rare].count, seen[common].count):
            yield seen[rare], seen[common]


def _bare(name: str) -> str:
    """Return a name without accents."""
    return "".join(sign for sign in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(sign))


def _is_slip(rare: str, common: str, uses: int, common_uses: int) -> bool:
    """Return whether a name looks like a misspelling of another; "Germans" and "Germany" are two words."""
    often_enough = uses == 1 and common_uses >= _OFTEN
    return often_enough and rare[-1] == common[-1] and _one_letter_apart(_bare(rare), _bare(common))


def _one_letter_apart(one: str, other: str) -> bool:
    """Return whether two words differ in one letter: one is added, missing, replaced, or swapped with its neighbor."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    one, other = one[start:], other[start:]
    ways = (one[1:] == other, one == other[1:], one[1:] == other[1:], one == other[1::-1] + other[2:])
    return one != other and any(ways)
