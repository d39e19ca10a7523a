"""Edits that would harm those who have the deck already, found from what the lock remembers of the last build."""

from collections.abc import Mapping, Sequence

from builder.deck.deck import Deck
from builder.deck.placing import deck_name
from builder.history.clozes import NumberEdit, compare, right_numbering
from builder.history.lock import KnownNote, Lock
from builder.history.stamping import answers_behind
from builder.problems import Keys, Report
from builder.rendering.fields import RenderedNote


def report_hazards(deck: Deck, notes: Sequence[RenderedNote], lock: Lock, report: Report) -> None:
    """Report what loses or misplaces history as an error, and what leaves something behind as a warning."""
    _report_titles(deck, lock, report)
    for note in notes:
        known = lock.notes.get(note.id)
        if known and known.kind != note.kind:
            report.error(
                "kind-changed",
                f'"{note.id}" was a {_KINDS[known.kind]} note and is a {_KINDS[note.kind]} note now: '
                "Anki never brings such a change to learners",
                at=note.keys,
                on="key",
                hint="keep the kind, or write the new note under a new id",
            )
        elif known and note.kind == "cloze" and known.content != note.content:
            _report_deletions(note, known, report)
    _report_vanished({note.id for note in notes}, lock, report)


_KINDS = {"qa": "question-and-answer", "cloze": "cloze"}


def titles_of(deck: Deck) -> dict[str, str]:
    """Return the names in Anki of the deck, under "", and of the deck of each source's notes, under the source's id."""
    return {"": deck.deck.title, **{source.id: deck_name(deck, source) for source in deck.sources.values()}}


def _report_titles(deck: Deck, lock: Lock, report: Report) -> None:
    titles = titles_of(deck)
    changed = [name for name, old in sorted(lock.titles.items()) if titles.get(name, old) != old]
    # A new title of the deck changes the names of all its subdecks: one problem says it all.
    for name in changed[:1] if "" in changed else changed:
        at: Keys = ("sources", name, "deck") if name else ("deck", "title")
        _report_title(lock.titles[name], titles[name], at, report)


def _report_title(old: str, new: str, at: Keys, report: Report) -> None:
    report.error(
        "title-changed",
        f'the deck was called "{old}" and is called "{new}" now: Anki finds decks by name, so learners would get a '
        "second deck while their cards stay in the old one",
        at=at,
        hint=f"keep the name {old}",
    )


def _report_deletions(note: RenderedNote, known: KnownNote, report: Report) -> None:
    new = answers_behind(note.deletions)
    edits = compare(known.answers, new, same_outside=known.outside == note.outside)
    lost = [edit for edit in edits if edit.verdict in ("moved", "renumbered")]
    keys = (*note.keys, "cloze")
    if lost:
        report.error(
            "cloze-moved",
            f"{_moved(lost)}: learners' reviews would count for the wrong answer",
            at=keys,
            hint=f"number the deletions so: {_numbering(known.answers, new)}",
        )
        return
    for edit in edits:
        if edit.verdict == "replaced":
            fresh = max([*known.answers, *new, *(ordinal + 1 for ordinal in known.cards)]) + 1
            report.error(
                "cloze-replaced",
                f'number {edit.number} asked for "{edit.old}" and asks for "{edit.new}" now, in another '
                "sentence: learners' reviews would count for the wrong answer",
                at=keys,
                hint=f"give the new deletion a fresh number, such as c{fresh}",
            )
        elif edit.verdict == "gone":
            report.warning(
                "cloze-gone",
                f'number {edit.number} ("{edit.old}") is gone: its card stays with learners, '
                "and says that it has no cloze",
                at=keys,
                hint="tell learners to use Tools > Empty Cards, or put the deletion back",
            )


def _moved(edits: Sequence[NumberEdit]) -> str:
    return ", ".join(f'"{edit.old}" was number {edit.number} and is number {edit.other} now' for edit in edits)


def _numbering(old: Mapping[int, tuple[str, ...]], new: Mapping[int, tuple[str, ...]]) -> str:
    right = right_numbering(old, new)
    return ", ".join(f'c{right[number]} for "{" / ".join(texts)}"' for number, texts in sorted(new.items()))


def _report_vanished(present: set[str], lock: Lock, report: Report) -> None:
    for id in sorted(lock.notes.keys() - present):
        report.warning(
            "vanished",
            f'the note "{id}" is no longer in the file: learners who have it keep it for ever',
            at=("concepts",),
            on="key",
            hint=f'put it back; they would find it in Anki\'s browser by "Note ID:{id}"',
        )
