"""The table of all rules, and the one function that runs them."""

import inspect
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from cuedeck.advice import (
    answers,
    clozes,
    coverage,
    directions,
    facts,
    giveaways,
    hints,
    likeness,
    marks,
    mediafiles,
    moments,
    names,
    questions,
    referents,
    said,
    tags,
)
from cuedeck.advice.ignoring import Ignoring
from cuedeck.advice.material import Advice, Cloze, Material, Question, Shown, all_shown, show
from cuedeck.deck.deck import Deck
from cuedeck.problems import Report, in_another_file
from cuedeck.recording.listening import Transcripts
from cuedeck.records import dataclass
from cuedeck.remembering import remembered_of
from cuedeck.rendering.fields import RenderedNote


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: the function that finds what it advises against, and the name and page that come from that function.

    It looks at a note alone (`in_note`), or at the whole deck (`in_deck`). `is_local` is as for a `Problem`.
    """

    name: str
    page: str
    in_note: Callable[[Shown], Iterable[Advice]] | None = None
    in_deck: Callable[[Material], Iterable[Advice]] | None = None
    is_local: bool = False

    @property
    def summary(self) -> str:
        """The first line of the page."""
        return self.page.partition("\n")[0]


def _rule(
    function: Callable[..., Iterator[Advice]],
    in_note: Callable[[Shown], Iterable[Advice]] | None = None,
    in_deck: Callable[[Material], Iterable[Advice]] | None = None,
    is_local: bool = False,
) -> Rule:
    return Rule(function.__name__.replace("_", "-"), inspect.getdoc(function) or "", in_note, in_deck, is_local)


def _on_questions(check: Callable[[Question], Iterator[Advice]]) -> Rule:
    return _rule(check, in_note=lambda note: check(note) if isinstance(note, Question) else ())


def _on_clozes(check: Callable[[Cloze], Iterator[Advice]]) -> Rule:
    return _rule(check, in_note=lambda note: check(note) if isinstance(note, Cloze) else ())


def _on_notes(check: Callable[[Shown], Iterator[Advice]]) -> Rule:
    return _rule(check, in_note=check)


def _on_decks(check: Callable[[Material], Iterator[Advice]]) -> Rule:
    return _rule(check, in_deck=check)


def _on_transcripts(check: Callable[[Material], Iterator[Advice]]) -> Rule:
    return _rule(check, in_deck=check, is_local=True)


RULES: Mapping[str, Rule] = {
    rule.name: rule
    for rule in (
        _on_questions(answers.long_answer),
        _on_questions(answers.list_answer),
        _on_decks(questions.no_question),
        _on_questions(questions.reversed_question),
        _on_questions(questions.yes_no_question),
        _on_notes(giveaways.answer_in_question),
        _on_notes(referents.missing_referent),
        _on_notes(marks.foreign_mark),
        _on_notes(directions.turned_direction),
        _on_notes(directions.mixed_direction),
        _on_clozes(clozes.mostly_deleted),
        _on_decks(clozes.deleted_stop_word),
        _on_clozes(clozes.many_deletions),
        _on_clozes(clozes.long_deletion),
        _on_decks(hints.defining_hint),
        _on_decks(likeness.same_question),
        _on_decks(likeness.similar_questions),
        _on_decks(facts.bare_facts),
        _on_decks(coverage.concept_without_notes),
        _on_decks(coverage.chapter_without_notes),
        _on_decks(moments.note_outside_concept),
        _on_decks(moments.moment_before_chapters),
        _on_decks(moments.moment_not_on_page),
        _on_decks(tags.tag_used_once),
        _on_decks(names.name_spelled_two_ways),
        _on_decks(tags.tag_spelled_two_ways),
        _on_notes(mediafiles.no_alt_text),
        _on_decks(mediafiles.large_picture),
        _on_decks(mediafiles.large_sound),
        _on_decks(mediafiles.m4a_sound),
        _on_decks(mediafiles.picture_location),
        _on_decks(mediafiles.same_file),
        _on_decks(mediafiles.unused_file),
        _on_decks(mediafiles.many_files),
        _on_transcripts(said.transcript_missing),
        _on_transcripts(said.transcript_unread),
        _on_transcripts(said.transcript_encoding),
        _on_transcripts(said.transcript_damaged),
        _on_transcripts(said.moments_not_checked),
        _on_transcripts(said.transcript_shifted),
        _on_transcripts(said.moment_elsewhere),
        _on_transcripts(said.copied_words),
    )
}


_ON_FILES = ("large-picture", "large-sound", "m4a-sound", "picture-location", "same-file")


def advise(
    deck: Deck,
    notes: Sequence[RenderedNote],
    report: Report,
    released: Collection[str] = (),
    cards: Path | None = None,
    transcripts: Transcripts | None = None,
) -> None:
    """Report what would make the cards of a deck without errors better. `notes` are those of the deck, rendered.

    `released` are the ids of the notes that learners have; for these, no advice suggests what a build would refuse.
    `cards` and `transcripts` are as for `show`. Advice that `check: ignore:` names is left out;
    a wrong entry there, or one that hides nothing, is a warning.
    """
    material = show(deck, notes, cards, transcripts)
    ignoring = Ignoring(deck, frozenset(RULES))
    for rule, found in _found(material):
        if not ignoring.hides(rule.name, found):
            hint = found.kept if found.kept and found.note in released else found.hint
            report.advice(
                rule.name,
                found.message,
                at=found.at,
                hint=f"{hint}{_and_where(found, report)}",
                fragment=found.fragment,
                place=found.place,
                is_local=rule.is_local,
            )
    ignoring.report_needless(report, {rule.name for rule in RULES.values() if rule.is_local})


def _found(material: Material) -> Iterator[tuple[Rule, Advice]]:
    """Yield what the rules find in a deck, rule by rule."""
    in_notes: dict[str, list[Advice]] = defaultdict(list)
    for name, found in chain.from_iterable(map(_in_note, all_shown(material))):
        in_notes[name].append(found)
    for rule in RULES.values():
        yield from ((rule, found) for found in (rule.in_deck(material) if rule.in_deck else in_notes[rule.name]))


@remembered_of
def _in_note(note: Shown) -> list[tuple[str, Advice]]:
    """Return what the rules that look at single notes find in one, each with the name of the rule."""
    return [(rule.name, found) for rule in RULES.values() if rule.in_note for found in rule.in_note(note)]


def _and_where(found: Advice, report: Report) -> str:
    """Return where the value is that another one is compared with, if it is in another file; "" otherwise."""
    there = in_another_file(report.place(found.also), report.place(found.at)) if found.also else ""
    return f"\nthe other one is{there}" if there else ""


def advice_on_files(deck: Deck, notes: Sequence[RenderedNote]) -> Iterator[tuple[str, Advice]]:
    """Yield the advice on single pictures and sounds with the codes of its rules, as far as the deck wants it."""
    material, ignoring = show(deck, notes), Ignoring(deck, frozenset(RULES))
    for name in _ON_FILES:
        find = RULES[name].in_deck
        assert find
        yield from ((name, found) for found in find(material) if not ignoring.hides(name, found))
