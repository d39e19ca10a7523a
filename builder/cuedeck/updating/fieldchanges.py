"""What the fields of a note showed and show now, as learners see it on cards."""

from collections.abc import Iterator, Sequence

from cuedeck.deck.kinds import Kind
from cuedeck.history.snapshot import PackedNote
from cuedeck.records import dataclass
from cuedeck.rendering.notefields import ANSWER, CLOCK, FIELDS, LINKS, QUESTION, REVERSE, SECONDS, TIMECODE, name_of
from cuedeck.rendering.originmarkup import attributed, links_of
from cuedeck.rendering.ownreverse import texts_of_reverse
from cuedeck.rendering.plain import Gap, plain, runs_and_gaps, tidy
from cuedeck.updating.mediachanges import Files, file_changes
from cuedeck.updating.sayings import first_words, has_id, with_sound_marks, without_gaps

# Fields that are described together, as moments and source.
_MOMENTS = (SECONDS.key, CLOCK.key, TIMECODE.key, LINKS.key)
# Fields that are not text on a card.
_HIDDEN = frozenset(field.key for field in FIELDS if not field.shown)
SOURCE = "Source"
"""The name for a change of the source, used like the names of fields."""

_ONLY_MARKUP = "only the markup changed"
_ANOTHER_MAIN = "they look the same, but another source is now the main one"


@dataclass(frozen=True)
class FieldChange:
    """What one field showed and shows now, as plain text, with the gaps of a cloze text in brackets.

    `said` are sentences about anything else, such as a hint. If they say everything, `same_words` is true.
    """

    name: str
    before: str
    after: str
    said: tuple[str, ...] = ()
    same_words: bool = False


def moment_of(note: PackedNote) -> str:
    """Return a note's first moment, such as 01:32; "" if it has none."""
    return next(iter(_moments(note)), "")


def label_of(note: PackedNote) -> str:
    """Return what to call a note: the author's id, or its first words if it has none."""
    return note.id if has_id(note) else first_words(note.fields.values()) or note.id


def field_changes(
    old: PackedNote, new: PackedNote, sources: tuple[str, str], files: tuple[Files, Files]
) -> Iterator[FieldChange]:
    """Yield what has changed in the fields of a note.

    `sources` are the old and the new title of the main source, and `files` the old and the new pictures and sounds.
    """
    own = has_id(old) and has_id(new)
    for key in dict.fromkeys((*old.fields, *new.fields)):
        before, after = old.fields.get(key, ""), new.fields.get(key, "")
        if before != after and not (own and key in _HIDDEN):
            said = file_changes(before, after, files)
            change = _cloze_change if old.kind == Kind.CLOZE else _text_change
            yield change(name_of(key), before, after, said)
    if own:
        yield from _moment_changes(old, new, sources)
        yield from _reverse_changes(old, new, files)


def _text_change(name: str, before: str, after: str, said: tuple[str, ...]) -> FieldChange:
    words = plain(with_sound_marks(before)), plain(with_sound_marks(after))
    same = words[0] == words[1]
    return FieldChange(name, *words, said or (_ONLY_MARKUP,) * same, same)


def _cloze_change(name: str, before: str, after: str, said: tuple[str, ...]) -> FieldChange:
    (_, old), (_, new) = runs_and_gaps(before), runs_and_gaps(after)
    said = (*_gap_changes(old, new), *said)
    same = without_gaps(before) == without_gaps(after)
    return FieldChange(name, _bracketed(before), _bracketed(after), said or (_ONLY_MARKUP,) * same, same)


def _bracketed(html: str) -> str:
    """Return a cloze text with each gap in brackets."""
    text = ""
    inside: tuple[int, ...] = ()
    for run in runs_and_gaps(html)[0]:
        kept = sum(one == other for one, other in zip(inside, run.gaps, strict=False))
        text += "]" * (len(inside) - kept) + "[" * (len(run.gaps) - kept) + run.text
        inside = run.gaps
    return tidy(text + "]" * len(inside))


def _gap_changes(old: Sequence[Gap], new: Sequence[Gap]) -> Iterator[str]:
    """Yield a sentence for each gap that is new, is gone, or has another hint or number."""
    left = list(old)
    pairs: list[tuple[Gap, Gap]] = []
    for alike in (_same_gap, _same_answer, _same_numbers):
        for gap in new:
            if not any(gap is paired for _, paired in pairs):
                found = next((other for other in left if alike(other, gap)), None)
                if found:
                    left = [other for other in left if other is not found]
                    pairs.append((found, gap))
    for gap in left:
        yield f'"{gap.answer}" is no longer asked for'
    for gap in new:
        before = next((before for before, paired in pairs if paired is gap), None)
        if before is None:
            yield f'"{gap.answer}" is now asked for'
        else:
            yield from _gap_change(before, gap)


def _same_gap(one: Gap, other: Gap) -> bool:
    return _same_answer(one, other) and _same_numbers(one, other)


def _same_answer(one: Gap, other: Gap) -> bool:
    return one.answer == other.answer


def _same_numbers(one: Gap, other: Gap) -> bool:
    return one.numbers == other.numbers


def _gap_change(before: Gap, now: Gap) -> Iterator[str]:
    if before.numbers != now.numbers:
        yield f'"{now.answer}" is now gap {_numbers(now)}, and was {_numbers(before)}'
    if before.hint != now.hint:
        was = f', and was "{before.hint}"' if before.hint else ""
        yield (
            f'the hint for "{now.answer}" is now "{now.hint}"{was}'
            if now.hint
            else f'"{now.answer}" no longer has a hint; it was "{before.hint}"'
        )


def _numbers(gap: Gap) -> str:
    return " and ".join(map(str, gap.numbers))


def _moment_changes(old: PackedNote, new: PackedNote, sources: tuple[str, str]) -> Iterator[FieldChange]:
    """Yield what has changed in the origin of a note: its moments, its source, or else where its links lead."""
    if all(old.fields.get(key, "") == new.fields.get(key, "") for key in _MOMENTS):
        return
    moments = ", ".join(_moments(old)), ", ".join(_moments(new))
    source = _source(old, sources[0]), _source(new, sources[1])
    if moments[0] != moments[1]:
        yield FieldChange("Moment", *moments)
    if source[0] != source[1]:
        titles = (f'"{each}" {when}' for each, when in ((source[1], "now"), (source[0], "before")) if each)
        yield FieldChange(SOURCE, *source, (", ".join(titles),), same_words=True)
    if moments[0] == moments[1] and source[0] == source[1]:
        before, after = (([link.address for link in links_of(note.fields)]) for note in (old, new))
        edited = "they lead elsewhere" if before != after else _ONLY_MARKUP
        same_main = bool(old.fields.get(SECONDS.key)) == bool(new.fields.get(SECONDS.key))
        said = edited if same_main else _ANOTHER_MAIN
        yield FieldChange(LINKS.name, "", "", (said,), same_words=True)


def _moments(note: PackedNote) -> list[str]:
    """Return the moments of a note, such as 01:32, in its order."""
    return [link.clock for link in links_of(note.fields)]


def _source(note: PackedNote, main: str) -> str:
    return attributed(note.fields.get(LINKS.key, "")) or (main if note.fields.get(SECONDS.key) else "")


def _reverse_changes(old: PackedNote, new: PackedNote, files: tuple[Files, Files]) -> Iterator[FieldChange]:
    """Yield whether there is a second card now, and what its texts were and are, if they are not those of the first."""
    before, after = ("yes" if note.fields.get(REVERSE.key) else "no" for note in (old, new))
    if before != after:
        said = "added" if after == "yes" else "removed"
        yield FieldChange("Reverse card", before, after, (said,), same_words=True)
    was, now = (texts_of_reverse(note.fields.get(REVERSE.key, "")) for note in (old, new))
    if after == "yes" and was != now:
        names = ("Reverse question", "Reverse answer")
        for name, *texts in zip(names, was or _swapped(old), now or _swapped(new), strict=True):
            if texts[0] != texts[1]:
                yield _text_change(name, texts[0], texts[1], file_changes(texts[0], texts[1], files))


def _swapped(note: PackedNote) -> tuple[str, str]:
    """Return the HTML of a second card that swaps the texts of the first; twice "" if there is no second card."""
    return (note.fields[ANSWER.key], note.fields[QUESTION.key]) if note.fields.get(REVERSE.key) else ("", "")
