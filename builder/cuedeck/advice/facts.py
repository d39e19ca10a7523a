"""The rule on decks that ask for facts, and hardly ever for reasons."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

from cuedeck.advice.english import looks_english
from cuedeck.advice.material import Advice, Material, Question, Shown
from cuedeck.advice.questions import is_vocabulary
from cuedeck.advice.words import has_formula
from cuedeck.patterns import regex
from cuedeck.remembering import remembered_of
from cuedeck.stems import words

_ENOUGH_FACTS = 20
_ENOUGH_REASONS = 1 / 10
_LONGEST_FRAME = 12  # in words
_MOST_CHANGING = 3
_SERIES = 5

_REASON = regex(
    r"\b(?:why|because|how come|how (?:am|are|can|could|did|do|does|has|have|is|may|might|should|was|were|will|would)|"
    r"what (?:makes?|made|causes?|caused|explains?|explained|leads?|led|happens|happened|would|if|follows)|"
    r"(?:advantages?|benefits?|causes?|consequences?|disadvantages?|drawbacks?|effects?|point|purpose|reasons?|use) "
    r"(?:for|in|of|that)|what for|what (?:am|are|is|was|were)\b[^.?]{0,99}\bfor(?=\s*\?))\b",
    re.IGNORECASE,
)
_CONTRAST = regex(
    r"\b(?:differs?|what (?:is|are) the (?:\w+ )?differences?|different from|distinguish(?:es)?|compared?|in common|"
    r"in contrast|unlike|whereas|which of|as opposed to|imagine|suppose)\b",
    re.IGNORECASE,
)
_SPEECH = regex(r"[“„\"«](?:[^“”„\"«»\s]+\s+){2}[^“”„\"«»]*[“”\"»]")
_NEXT_SENTENCE = regex(r"\w{2}(?<!\b[DJMS][rt])(?<!\bMrs)[.!?][”\"’)]*\s+[“\"‘(]?[A-Z]")
_OF_NAMES = regex(
    r"(?:(?:at|by|for|from|in|of|on|to|with)\s+)?(?:who|whom|whose|when|where|"
    r"how (?:big|far|high|large|long|many|much|old)|"
    r"(?:what|which) (?:\w+ )?(?:abbreviation|acronym|artist|author|book|capital|century|city|command|composer|"
    r"continent|country|date|day|element|film|king|language|month|name|number|person|planet|president|queen|river|state|symbol|"
    r"word|year))\b",
    re.IGNORECASE,
)
_NUMBER = regex(r"\W*\d")
_NAME = regex(r"\W*(?!I\b)[A-Z]")


def bare_facts(material: Material) -> Iterator[Advice]:
    """A deck asks for facts, and hardly ever for reasons, differences or what happens in a scene.

    Why: asking why a fact is true helps learners to connect it with what they already know. Dunlosky and others (2013)
    reviewed ten ways to learn, and rate this one, which they call elaborative interrogation, as moderately useful.
    Wozniak's first rule: do not learn if you do not understand. And learners who know an idea only in the words of one
    question may not recognize it in everyday life.

    How it is found: in an English deck, twenty notes or more, and more than half of all notes, ask for a fact in a
    sentence; and for every ten of these, fewer than one note does more. A note does more if it asks for a reason
    ("why", "how does", "what makes", "the purpose of", or a cloze with "because") or a difference ("differ", "which
    of", "unlike"), or if it shows a scene: words that somebody says, or a question of two sentences or more. This is
    reported once for the whole deck.

    Limits: no study says that it must be twenty notes, or one in ten. Questions for names, dates and numbers do not
    count as facts here. Neither do series ("What is the capital of ...?", five or more), bare terms, code and formulas,
    so that a deck of words, names or formulas is not reported. Reasons and differences in other words are overlooked.

    Way out: turn some of the facts into questions that ask why, and into scenes from everyday life. The remaining notes
    can stay. If the deck is meant to ask for facts only, switch the rule off and say why.

    Bad:

        packing: {q: "Which scene does abandonment bring to mind first?", a: Someone packing}
        root: {q: "Which pathology is at the root of separation insecurity?", a: Object inconstancy}
        dread: {q: "What do anxious people dread besides being left?", a: Being ignored}
        subtle: {q: "Which kind of abandonment goes on in silence?", a: Soft abandonment}
        age: {q: "Which gap in a couple feeds anxiety from the start?", a: A wide age gap}
        beliefs: {q: "What besides values may clash in a couple?", a: Beliefs}
        letdown: {q: "Which feeling does a chronic complainer keep displaying?", a: Disappointment}
        needs: {q: "What does the complainer say is unmet?", a: Needs and expectations}
        shaming: {q: "Which treatment makes a partner feel unworthy?", a: Shaming}
        doom: {q: "Which sensation do withdrawal and indifference create together?", a: Imminent doom}
        demands: {q: "What sets a partner up for failure?", a: Demands that nobody can meet}
        minds: {q: "What separates before the bodies do?", a: The minds}
        ridicule: {q: "Which rejection holds a partner up to mockery?", a: Ridicule}
        third: {q: "What is comparing a partner with somebody else called?", a: Triangulation}
        travel: {q: "What do constant travel and endless work share?", a: Physical absence}
        secrets: {q: "Which absence is possible at home?", a: Secrecy}
        parallel: {q: "What is a life led alongside the relationship called?", a: A parallel life}
        signal: {q: "Which wish does distancing express?", a: A life of one's own}
        firewall: {q: "Which image stands for partners who seal themselves off?", a: A firewall}
        lonely: {q: "Which feeling can arise despite company?", a: Loneliness}

    Good:

        harder-to-notice:
          q: Why is soft abandonment harder to notice than a breakup?
          a: It is subtle, and nobody walks out
        guest-room:
          q: |
            A man moves into the guest room and plans his vacations alone. Which wish does he express by that?
          a: A life of his own
        shrug-or-suitcase:
          cloze: |
            “It's over, my things are packed” is {{c1::hard}} abandonment; to shrug at all that a partner fears is
            {{c2::soft}} abandonment.
    """
    notes = material.notes
    facts = list(filter(_asks_in_a_sentence, notes))
    deeper = sum(map(_asks_deeper, notes))
    if is_vocabulary(material) or not _are_bare(facts, notes, deeper):
        return
    if _are_bare(_without_series(facts, notes), notes, deeper):
        asks, shows = ("asks", "shows") if deeper <= 1 else ("ask", "show")
        yield Advice(
            ("concepts",),
            f"{deeper or 'none'} of {len(notes):,} notes {asks} for a reason or a difference, or {shows} a scene, so "
            "learners recall facts that they may not understand",
            "turn some of the facts into questions that ask why, and into scenes from everyday life",
        )


def _are_bare(facts: Sequence[Shown], notes: Sequence[Shown], deeper: int) -> bool:
    most = len(facts) >= _ENOUGH_FACTS and len(facts) * 2 > len(notes)
    return most and deeper < len(facts) * _ENOUGH_REASONS


@remembered_of
def _asks_deeper(note: Shown) -> bool:
    """Return whether a note asks for a reason or a difference, or shows a scene."""
    more = (_NEXT_SENTENCE,) if isinstance(note, Question) else ()
    return any(each.search(_front(note)) for each in (_REASON, _CONTRAST, _SPEECH, *more))


@remembered_of
def _asks_in_a_sentence(note: Shown) -> bool:
    """Return whether a note is an English sentence that asks for something other than a name, a number or code."""
    text = _front(note)
    if not looks_english(text) or has_formula(note.text) or any("<code>" in html for html in note.html.values()):
        return False
    if isinstance(note, Question):
        return "?" in text and not _OF_NAMES.match(text) and not _NUMBER.match(note.answer)
    return not all(_NUMBER.match(gap.answer) or _NAME.match(gap.answer) for gap in note.gaps)


def _front(note: Shown) -> str:
    return note.question if isinstance(note, Question) else note.whole


def _without_series(facts: Sequence[Shown], notes: Sequence[Shown]) -> list[Shown]:
    """Return the facts without those that, like four other notes, fit one frame with a few words that change."""
    uses = Counter(chain.from_iterable(map(_frames, notes)))
    return [note for note in facts if all(uses[frame] < _SERIES for frame in _frames(note))]


@remembered_of
def _frames(note: Shown) -> frozenset[int]:
    """Return a hash of what is before and after each place of a question at which one to three words may change."""
    asked = tuple(words(note.question)) if isinstance(note, Question) else ()
    if len(asked) > _LONGEST_FRAME:
        return frozenset()
    return frozenset(
        hash((asked[:start], asked[start + size :]))
        for size in range(1, _MOST_CHANGING + 1)
        for start in range(1, len(asked) - size + 1)
        if len(asked) >= size + max(size, 2)
    )
