"""Rules on what is said in a recording, as its transcript has it.

A transcript is the author's own, and often nobody else has it. So whatever is found here must not decide anything: a
check ends in the same way without the file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from cuedeck.advice.material import Advice, Material, Question, Shown, all_shown
from cuedeck.deck.moments import clock, written
from cuedeck.patterns import regex
from cuedeck.problems import Place
from cuedeck.recording.finding import fits
from cuedeck.recording.listening import Heard
from cuedeck.recording.transcripts.cues import Remark
from cuedeck.stems import words
from cuedeck.wording import counted

_RUN = 8
_MOST_SHOWN = 12  # words of a copied run
_FEWEST_UNLIKE = 3
# What is between quotation marks of any language, which is somebody's words on purpose.
_QUOTED = regex(r"[“„\"«‚‘「][^“”„\"«»「」]*[”“\"»’」]")


def transcript_missing(material: Material) -> Iterator[Advice]:
    """The file that `transcript:` names is not there.

    Why: without it, nobody can see whether the moments of notes fit what is said, so a wrong one goes unnoticed.
    Wozniak's eighteenth rule: provide sources. It is not an error, because a transcript that is not yours cannot be
    handed on with the deck: a check ends in the same way with it and without it.

    Way out: put the file there, or correct its path. If you only work on the cards, and never have the file, you can
    leave it at that; `check: ignore:` hides the advice.

    Bad:

        sources:
          talk:
            title: A talk
            url: https://example.org/talk.mp3
            transcript: talk.srt
        concepts:
          shape:
            title: Shape
            at: 0:03
            notes:
              earth-shape: {q: "What bulges because the earth spins?", a: Its middle}

    Good:

        sources:
          talk:
            title: A talk
            url: https://example.org/talk.mp3
            transcript: transcripts/talk.vtt
        concepts:
          shape:
            title: Shape
            at: 0:03
            notes:
              earth-shape: {q: "What bulges because the earth spins?", a: Its middle}
    """
    for heard in material.transcripts.all(material.deck):
        if heard.missing:
            message = f"{heard.missing.message}, so moments are not compared with what is said"
            yield _on(heard, message, heard.missing.hint)


def transcript_unread(material: Material) -> Iterator[Advice]:
    """Nothing can be read of the file that `transcript:` names.

    Why: without a transcript, nobody can see whether the moments of notes fit what is said. Wozniak's eighteenth rule:
    provide sources.

    What can be read: WebVTT, also from YouTube, Zoom, Teams and Whisper; SRT, SBV and ASS; the JSON of Whisper,
    WhisperX, whisper.cpp, YouTube (json3) and podcasts; and pages, as text, Markdown or HTML, in which a time is before
    or after each passage. The file has at most 16 MB, and is in the folder of the deck.

    Way out: do what the hint says. To see whether there are times with words in the file, open it in an editor.

    Bad:

        sources:
          talk:
            title: A talk
            url: https://example.org/talk.mp3
            transcript: transcripts/notimes.txt
        concepts:
          shape:
            title: Shape
            at: 0:03
            notes:
              earth-shape: {q: "What bulges because the earth spins?", a: Its middle}

    Good:

        sources:
          talk:
            title: A talk
            url: https://example.org/talk.mp3
            transcript: transcripts/talk.vtt
        concepts:
          shape:
            title: Shape
            at: 0:03
            notes:
              earth-shape: {q: "What bulges because the earth spins?", a: Its middle}
    """
    for heard in material.transcripts.all(material.deck):
        if heard.unread:
            yield _at(heard, material, heard.unread)


def transcript_encoding(material: Material) -> Iterator[Advice]:
    """A transcript does not say its encoding, and is not UTF-8.

    Why: then its letters can only be guessed. If the guess is wrong, words with such letters are not recognized, and
    notes are compared with nonsense. Wozniak's eighteenth rule: provide sources.

    How it is found: UTF-8, and UTF-16 and UTF-32 with a byte order mark, are certain. Anything else is a guess from the
    letters that it gives.

    Way out: open the file in an editor with the encoding of the message, see whether it looks right, and save it as
    UTF-8.

    Bad:

        sources:
          talk:
            title: A talk
            url: https://example.org/talk.mp3
            transcript: transcripts/latin.srt
        concepts:
          shape:
            title: Shape
            at: 0:03
            notes:
              earth-shape: {q: "What bulges because the earth spins?", a: Its middle}

    Good:

        sources:
          talk:
            title: A talk
            url: https://example.org/talk.mp3
            transcript: transcripts/talk.vtt
        concepts:
          shape:
            title: Shape
            at: 0:03
            notes:
              earth-shape: {q: "What bulges because the earth spins?", a: Its middle}
    """
    for heard in material.transcripts.all(material.deck):
        if heard.guess:
            yield _at(heard, material, heard.guess)


def transcript_damaged(material: Material) -> Iterator[Advice]:
    """Some times of a transcript cannot be right.

    Why: they run backwards, end before they begin, or are after the end of the recording. What is said there is sought
    at the wrong place, or was left out. Wozniak's eighteenth rule: provide sources.

    Way out: look at the line. If many times are wrong, download the transcript again. If it is of another cut of the
    recording, say so with `offset:`; if the recording is longer than you wrote, correct its `length:`.

    Bad:

        sources:
          talk:
            title: A talk
            url: https://example.org/talk.mp3
            transcript: transcripts/backwards.srt
        concepts:
          shape:
            title: Shape
            at: 0:03
            notes:
              earth-shape: {q: "What bulges because the earth spins?", a: Its middle}

    Good:

        sources:
          talk:
            title: A talk
            url: https://example.org/talk.mp3
            transcript: transcripts/talk.vtt
        concepts:
          shape:
            title: Shape
            at: 0:03
            notes:
              earth-shape: {q: "What bulges because the earth spins?", a: Its middle}
    """
    for heard in material.transcripts.all(material.deck):
        for remark in heard.remarks:
            yield _at(heard, material, remark)


def moments_not_checked(material: Material) -> Iterator[Advice]:
    """The notes share so few words with the transcript that their moments cannot be checked.

    Why: words are all that notes are compared with, so notes in another language, or about something else, cannot be
    judged, and are left alone. That is said once, since you might otherwise believe that their moments were right.
    Wozniak's eighteenth rule: provide sources.

    How it is found: a note is left alone if fewer than half of its words that carry meaning are said anywhere in the
    recording, or fewer than a third if two of three notes have half of them. This is reported for a source if more than
    half of its notes are left alone.

    Way out: use a transcript in the language of the notes, if there is one. Otherwise see to the moments yourself.

    Bad:

        sources:
          talk:
            title: A talk
            url: https://example.org/talk.mp3
            transcript: transcripts/talk.vtt
        concepts:
          shape:
            title: Gestalt
            at: 0:03
            notes:
              bulge: {q: "Was wölbt sich durch die Drehung?", a: Die Mitte der Erde}
              strips: {q: "Worin wird die Erde zerschnitten?", a: In sechzig Streifen}
              datum: {q: "Wozu dient ein Ellipsoid?", a: Als Näherung der Gestalt}

    Good:

        sources:
          talk:
            title: A talk
            url: https://example.org/talk.mp3
            transcript: transcripts/talk.vtt
        concepts:
          shape:
            title: Shape
            at: 0:03
            notes:
              earth-shape: {q: "What bulges because the earth spins?", a: Its middle}
    """
    for talk in material.talks:
        unlike = sum(1 for each in talk.notes if not each.is_like)
        if unlike >= _FEWEST_UNLIKE and unlike * 2 > len(talk.notes):
            yield _on(
                talk.heard,
                f"{unlike} of {counted(len(talk.notes), 'note')} share so few words with the transcript that their "
                "moments were not checked",
                "use a transcript in the language of the notes, or see to their moments yourself",
            )


def transcript_shifted(material: Material) -> Iterator[Advice]:
    """The notes of a recording fit its transcript better if all times are moved.

    Why: a transcript may be of another cut, with an introduction that your recording lacks, or of a meeting that was
    recorded before the talk began. Then nothing can be checked against it. Or all moments are wrong, and learners land
    at another passage. Wozniak's eighteenth rule: provide sources.

    How it is found: of twenty notes or more, most fit better at one and the same distance of 21 to 150 seconds from
    their moments. The distance is exact to about ten seconds. Notes of the source are then not reported one by one.

    Way out: play the recording at a moment of your notes. If that is right, add the `offset:` of the hint to the
    source. If it is wrong, correct the moments.

    Bad:

        sources:
          talk:
            title: A talk
            url: https://example.org/talk.mp3
            transcript: transcripts/long.srt
            offset: 0:40
        concepts:
          facts:
            title: Facts
            at: 0:00
            notes:
              f0: {q: "What do beavers build?", a: dams, at: 0:00}
              f1: {q: "What do spiders weave?", a: webs, at: 0:10}
              f2: {q: "What do bees collect?", a: nectar, at: 0:20}
              f3: {q: "What do moles dig?", a: tunnels, at: 0:30}
              f4: {q: "What do swallows catch?", a: insects, at: 0:40}
              f5: {q: "What do squirrels bury?", a: acorns, at: 0:50}
              f6: {q: "What do ants herd?", a: aphids, at: 1:00}
              f7: {q: "What do owls hear?", a: mice, at: 1:10}
              f8: {q: "What do salmon climb?", a: waterfalls, at: 1:20}
              f9: {q: "What do foxes steal?", a: chickens, at: 1:30}
              f10: {q: "What do otters crack?", a: mussels, at: 1:40}
              f11: {q: "What do penguins slide on?", a: bellies, at: 1:50}
              f12: {q: "What do camels store?", a: fat, at: 2:00}
              f13: {q: "What do parrots imitate?", a: voices, at: 2:10}
              f14: {q: "What do wolves howl at?", a: rivals, at: 2:20}
              f15: {q: "What do snails carry?", a: shells, at: 2:30}
              f16: {q: "What do cuckoos abandon?", a: eggs, at: 2:40}
              f17: {q: "What do frogs croak in?", a: ponds, at: 2:50}
              f18: {q: "What do goats chew?", a: thistles, at: 3:00}
              f19: {q: "What do whales sing?", a: ballads, at: 3:10}

    Good:

        sources:
          talk:
            title: A talk
            url: https://example.org/talk.mp3
            transcript: transcripts/talk.vtt
        concepts:
          shape:
            title: Shape
            at: 0:03
            notes:
              earth-shape: {q: "What bulges because the earth spins?", a: Its middle}
    """
    for talk in material.talks:
        if found := talk.shift:
            later = "later" if found.seconds > 0 else "earlier"
            new = talk.heard.source.offset - found.seconds
            yield _on(
                talk.heard,
                f"{found.better} of {counted(len(talk.notes), 'note')} fit the transcript better "
                f"{abs(found.seconds)} s {later}: is it of another cut of the recording?",
                f'play the recording at a few moments; if these are right, write "offset: {_signed(new)}" below '
                '"transcript:", and if not, correct the moments',
            )


def moment_elsewhere(material: Material) -> Iterator[Advice]:
    """Little of a note is said at its moment, and much at another one.

    Why: the link of the card leads to the moment, so at a wrong one learners listen to something else. Wozniak's
    eighteenth rule: provide sources.

    How it is found: what is said in 15 seconds is compared with the words of the note, every 3 seconds anew. The note
    is reported if the best match from 20 seconds before its moment to 60 seconds after it, or to the end of its span,
    is less than 0.4 of the best match anywhere. It is left alone if too few of its words are said at all
    (`cuedeck explain moments-not-checked` says how few).

    Limits: nothing is reported at most right moments, and about three of four wrong ones are found; of those that are
    wrong by only a minute or two, about half. That nothing is reported does not show that a moment is right.

    Way out: listen at the first place of the message. If the talk says it there, correct the moment.

    Bad:

        sources:
          talk:
            title: A talk
            url: https://example.org/talk.mp3
            transcript: transcripts/long.srt
        concepts:
          facts:
            title: Facts
            at: 0:00
            notes:
              spiders: {q: "What do spiders weave?", a: webs, at: 3:00}

    Good:

        sources:
          talk:
            title: A talk
            url: https://example.org/talk.mp3
            transcript: transcripts/long.srt
        concepts:
          facts:
            title: Facts
            at: 0:00
            notes:
              spiders: {q: "What do spiders weave?", a: webs, at: 0:10}
    """
    for talk in material.talks:
        for each in talk.notes if not talk.shift else ():
            placed = each.note.placed
            if not each.is_like or fits(each.scores, placed.moments):
                continue
            best, *others = talk.spoken.places(each.wanted)
            also = f"; also like it: {', '.join(clock(place.second) for place in others)}" if others else ""
            own = "correct the moment" if placed.note.at else "give the note its own moment"
            yield Advice(
                (*placed.keys, "at") if placed.note.at else placed.keys,
                f"little of this note is said at {', '.join(map(written, placed.moments))}, much at "
                f'{clock(best.second)}: "{best.words}"',
                f"listen there; if the talk says it there, {own}: at: {clock(best.second)}{also}",
            )


def copied_words(material: Material) -> Iterator[Advice]:
    """A note repeats eight or more words of the talk in a row.

    Why: whoever finds words of their own has understood the idea, and learners who know only the speaker's sentence
    recognize it by its sound. Wozniak's first rule: do not learn if you do not understand. Eight words in a row may
    also be more of somebody's text than you may hand on.

    How it is found: the words are compared without capitals and punctuation. What is between quotation marks is left
    out, and so are words with one changed among them.

    Way out: say it in your own words. If it is a quotation, put it between quotation marks.

    Bad:

        sources:
          talk:
            title: A talk
            url: https://example.org/talk.mp3
            transcript: transcripts/talk.vtt
        concepts:
          shape:
            title: Shape
            at: 0:03
            notes:
              earth-shape: {q: "What is true of the earth?", a: It spins and so the middle of it bulges out}

    Good:

        sources:
          talk:
            title: A talk
            url: https://example.org/talk.mp3
            transcript: transcripts/talk.vtt
        concepts:
          shape:
            title: Shape
            at: 0:03
            notes:
              earth-shape: {q: "What bulges because the earth spins?", a: Its middle}
    """
    for heard in material.transcripts.all(material.deck):
        if not heard.spoken:
            continue
        said = heard.spoken.words
        runs = {said[start : start + _RUN]: start for start in range(len(said) - _RUN, -1, -1)}
        for note in all_shown(material):
            if note.placed.source and note.placed.source.id == heard.source.id:
                yield from _copied(note, said, runs)


def _copied(note: Shown, said: tuple[str, ...], runs: Mapping[tuple[str, ...], int]) -> Iterator[Advice]:
    for key, text in _texts(note).items():
        for part in _QUOTED.sub("\n", text).split("\n"):
            own = tuple(words(part))
            start = 0
            while start + _RUN <= len(own):
                if (found := runs.get(own[start : start + _RUN])) is None:
                    start += 1
                    continue
                size = _RUN
                while own[start + size : start + size + 1] == said[found + size : found + size + 1] != ():
                    size += 1
                shown = " ".join(
                    [*own[start : start + min(size, _MOST_SHOWN)], *(["..."] if size > _MOST_SHOWN else [])]
                )
                yield Advice(
                    (*note.keys, key),
                    f'{size} words in a row are those of the speaker: "{shown}"',
                    "say it in your own words, or put it between quotation marks",
                )
                start += size


def _texts(note: Shown) -> dict[str, str]:
    """Return the plain texts of a note by the keys that authors write."""
    own = {"q": note.question, "a": note.answer} if isinstance(note, Question) else {"cloze": note.whole}
    return own | dict(note.more)


def _on(heard: Heard, message: str, hint: str) -> Advice:
    return Advice(("sources", heard.source.id, "transcript"), message, hint)


def _at(heard: Heard, material: Material, remark: Remark) -> Advice:
    """Return a remark on a transcript at its place in that file."""
    folder = material.cards.parent if material.cards else Path()
    place = Place((folder / heard.source.transcript).as_posix(), remark.line)
    return replace(_on(heard, remark.message, remark.hint), place=place)


def _signed(seconds: int) -> str:
    return f"{'-' if seconds < 0 else ''}{clock(abs(seconds))}"
