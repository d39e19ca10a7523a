"""Find where something is said in the recordings of a deck."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from cuedeck.building.named import named_source
from cuedeck.deck.deck import Source
from cuedeck.disk.workspace import Workspace
from cuedeck.problems import Level, Place, Problem, Problems, stop
from cuedeck.reading.cardsfile import Cards, read_cards
from cuedeck.recording import finding
from cuedeck.recording.listening import Heard, Transcripts
from cuedeck.records import dataclass


@dataclass(frozen=True)
class Found:
    """The places that are most like some words, best first, each with its source, and warnings.

    `sources` is the number of sources that were searched.
    """

    places: Sequence[tuple[Source, finding.Place]]
    sources: int
    warnings: Sequence[Problem]


def find(cards: Path, words: str, source: str = "") -> Found:
    """Return where something like `words` is said in the recordings of a cards.yaml, or only in the source of an id.

    The deck may have errors, as long as its sources can be read. Raises `Problems` if there is no transcript to search,
    or if nothing like the words is said.
    """
    workspace = Workspace(cards)
    read = read_cards(cards)
    deck = read.deck
    sources = [named_source(deck, source, cards)] if source else deck.sources.values()
    heard = [*filter(None, map(Transcripts(workspace.folder).of, sources))]
    spoken = [(each.source, each.spoken) for each in heard if each.spoken]
    wrong = list(_wrong(heard, read, workspace, "warning" if spoken else "error"))
    if not spoken and wrong:
        raise Problems(wrong)
    if not spoken:
        stop(
            cards.as_posix(),
            "no-transcript",
            f'the source "{source}" has no transcript' if source else "no source has a transcript",
            "save one in the folder of the deck, and name it below the source, such as transcript: talk.vtt",
        )
    looked_for = finding.wanted(words)
    places = [(each, place) for each, said in spoken for place in said.places(looked_for)]
    if not places:
        searched = workspace.folder / spoken[0][0].transcript if len(spoken) == 1 else cards
        stop(
            searched.as_posix(),
            "not-said",
            "nothing like these words is said",
            "use other words, such as those of the speaker; short ones such as what and the are not searched for",
        )
    best = sorted(places, key=lambda each: -each[1].score)[: finding.PLACES]
    return Found(best, len(spoken), wrong)


def _wrong(heard: Sequence[Heard], read: Cards, workspace: Workspace, level: Level) -> Iterator[Problem]:
    """Yield a problem for each transcript that cannot be searched. If there is no such file, its path is the place."""
    for each in heard:
        if remark := each.missing:
            place = read.places.find(("sources", each.source.id, "transcript"))
            yield Problem(place, remark.message, "transcript-missing", remark.hint, level)
        elif remark := each.unread:
            place = Place((workspace.folder / each.source.transcript).as_posix(), remark.line)
            yield Problem(place, remark.message, "transcript-unread", remark.hint, level)
