"""Rules on cloze deletions."""

import re
from collections.abc import Iterator

from cuedeck.advice.english import CAPITAL, looks_english, spells_out
from cuedeck.advice.material import ANEW, GAP, Advice, Cloze, Material, clozes_of
from cuedeck.advice.words import width, word_count
from cuedeck.patterns import regex
from cuedeck.remembering import remembered_of
from cuedeck.rendering.plain import FORMULA, Gap
from cuedeck.stems import STOP_WORDS, words

_LONGEST_DELETION = 45
_MOST = 0.5
_ENOUGH_FOR_GRAMMAR = 4
# Those words of grammar that also say where, when, by whom or how much.
_WAYS = frozenset(
    words(
        "about as at by can could for from in into may might must no off on onto should so such to too up "
        "very with will would"
    )
)
_MOST_NUMBERS = 4
_MOST_AT_ONCE = 2

_CAPITAL_BEHIND_A_WORD = regex(rf"\w[,;]?\s{CAPITAL}")


def mostly_deleted(note: Cloze) -> Iterator[Advice]:
    """A card hides most of its text.

    Why: the words that remain have to bring the hidden ones to mind. If a card shows less than it hides, learners
    memorize the look of the few words that remain. Wozniak's fifth rule recommends cloze deletion for sentences in
    which a part is missing, and his sixteenth asks for enough context to show what is wanted.

    Limit: a card is reported if it hides more than half of the words and of the letters. A formula counts as one word.
    A deletion may hide more if it spells out an acronym beside it, as in "RLHF stands for ...".

    Way out: hide the one word that matters, or turn the sentence into a question in a new note.

    Bad:

        cloze: |
          {{c1::Soft abandonment goes on}} while staying.

    Good:

        cloze: |
          {{c1::Soft}} abandonment goes on while the partner stays.
    """
    for number in note.numbers:
        gone = note.hidden_text(number)
        # Letters count too, because Chinese and Japanese have no spaces between words.
        if width(gone) <= width(note.whole) * _MOST or spells_out(note.front(number), gone):
            continue
        if _is_in_formula(note, number):
            continue
        hidden, total = word_count(gone), word_count(note.whole)
        if hidden > total * _MOST:
            yield Advice(
                (*note.keys, "cloze"),
                f"the card of c{number} hides {hidden} of {total} words, which leaves little to go by",
                "hide the one word that matters, or turn the sentence into a question",
                f"{{{{c{number}::",
                kept=ANEW,
            )


def _is_in_formula(note: Cloze, number: int) -> bool:
    """Return whether a card hides a part of a formula, in which letters are no words."""
    hidden = {f"[{gap.hint}]" if gap.hint else GAP for gap in note.hidden(number)}
    return any(each in formula[0] for formula in FORMULA.finditer(note.front(number)) for each in hidden)


def deleted_stop_word(material: Material) -> Iterator[Advice]:
    """A deletion hides only a word such as "the" or "of".

    Why: learners fill in such a word from grammar and not from memory, so the card teaches nothing. Wozniak's fifth
    rule: delete the part that is worth knowing.

    How it is found: from a list of English words that carry grammar only. Words such as "not", "all", "before" and
    "in", which can be the point of a sentence, are not in the list, and only text that looks English is judged. Words
    with a capital inside a sentence, such as "The Who", count as names. If four notes or more have such a deletion,
    the deck teaches grammar, and nothing is reported.

    Way out: hide a word that carries the meaning of the sentence.

    Bad:

        cloze: |
          Soft abandonment is a form {{c1::of}} abandonment without a breakup.

    Good:

        cloze: |
          Soft abandonment is a form of abandonment without a {{c1::breakup}}.
    """
    found = [(note, gap) for note in clozes_of(material) for gap in _given_by_grammar(note)]
    if len({note.placed.note.id for note, _ in found}) < _ENOUGH_FOR_GRAMMAR:
        for note, gap in found:
            yield Advice(
                (*note.keys, "cloze"),
                f'the deletion hides only "{gap.answer}", which grammar gives away',
                "hide a word that carries the meaning",
                f"::{gap.answer}",
                kept=ANEW,
            )


@remembered_of
def _given_by_grammar(note: Cloze) -> list[Gap]:
    """Return the deletions that hide only words which grammar gives away."""
    gaps = [gap for gap in note.gaps if _is_given_by_grammar(gap, note)]
    return gaps if gaps and looks_english(note.whole) else []


def _is_given_by_grammar(gap: Gap, note: Cloze) -> bool:
    found = words(gap.answer)
    only_grammar = found and STOP_WORDS.issuperset(found) and _WAYS.isdisjoint(found)
    if not only_grammar or _is_name(gap.answer, note.whole):
        return False
    return not _is_in_formula(note, gap.numbers[0])


def _is_name(answer: str, whole: str) -> bool:
    """Return whether a word such as "the" is a letter, an acronym or a name: vitamin A, the IT department, The Who."""
    if answer.isupper() or _CAPITAL_BEHIND_A_WORD.search(answer):
        return True
    return answer[0].isupper() and bool(re.search(rf"(?:\w[,;:]?\s|[\"“‘(])(?!I\b){re.escape(answer)}\b", whole))


def many_deletions(note: Cloze) -> Iterator[Advice]:
    """A note has too many deletions, or one card asks for too many of them at once.

    Why: each number is a card, and all cards of a note show almost the same text, which learners then recognize by its
    look. A card with several gaps under one number is a list in disguise, which Wozniak's ninth and tenth rules warn
    against; his fourth rule asks for shorter texts. If Anki buries siblings, which are the other cards of the same
    note, every card also waits a day for each of them (manual, "Siblings and Burying").

    Limit: four numbers in a note, about as many things as working memory holds at once (Cowan 2001), and two gaps
    under one number, since a pair is often one idea.

    Way out: split the note into several, each with its own sentence.

    Bad:

        cloze: |
          The planets near the sun are {{c1::Mercury}}, {{c2::Venus}}, {{c3::Earth}}, {{c4::Mars}} and far off
          {{c5::Jupiter}}.

    Good:

        cloze: |
          The planet nearest to the sun is {{c1::Mercury}}; next comes {{c2::Venus}}.
    """
    if len(note.numbers) > _MOST_NUMBERS:
        yield Advice(
            (*note.keys, "cloze"),
            f"the note has {len(note.numbers)} cards that all show almost the same text",
            f"split it into notes with at most {_MOST_NUMBERS} cards",
            kept=ANEW,
        )
    for number in note.numbers:
        gaps = len(note.hidden(number))
        if gaps > _MOST_AT_ONCE:
            yield Advice(
                (*note.keys, "cloze"),
                f"the card of c{number} asks for {gaps} deletions at once, like a list",
                "give each its own number, or split the note",
                f"{{{{c{number}::",
                kept=ANEW,
            )


def long_deletion(note: Cloze) -> Iterator[Advice]:
    """A deletion is too long.

    Why: a gap stands for one missing thing. A deleted clause can be worded in many ways, so learners cannot tell
    whether their wording was right. Wozniak's fourth rule, the minimum information principle, asks for one thing at a
    time, and Anki's manual ("Cloze Deletion") speaks of one or more words of a sentence.

    Limit: 45 characters, a third of what an answer may have, since the rest of the sentence has to be read as well. One
    line on a phone, about 35 characters, is better. A deletion may be longer if it spells out an acronym beside it.

    Way out: hide only the key word, and leave the words around it on the card.

    Bad:

        cloze: |
          Separation insecurity is felt beforehand, which means that it {{c1::needs no more than the mere expectation of
          being abandoned}} to arise in someone.

    Good:

        cloze: |
          Separation insecurity needs no more than the {{c1::expectation}} of being abandoned.
    """
    for gap in note.gaps:
        taken = width(gap.answer)
        if taken > _LONGEST_DELETION and not any(spells_out(note.front(each), gap.answer) for each in gap.numbers):
            yield Advice(
                (*note.keys, "cloze"),
                f"the deletion has {taken} characters, and more than {_LONGEST_DELETION} are hard to recall",
                "hide only its key word",
                f"::{gap.answer[:20]}",
                kept=ANEW,
            )
