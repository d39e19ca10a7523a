"""Give out the chapters of a recording, for the description of a video, a podcast player or a web page."""

from pathlib import Path
from typing import Literal

from cuedeck.building.named import named_source, stop_without_sources
from cuedeck.deck.chapterlists import description, not_for_youtube, podcast, webvtt
from cuedeck.deck.deck import Deck, Source
from cuedeck.problems import Problem, Problems, stop
from cuedeck.reading.cardsfile import read_cards
from cuedeck.wording import for_a_shell

Form = Literal["description", "podcast", "webvtt"]


def chapters(cards: Path, id: str = "", form: Form = "description") -> str:
    """Return the chapters of the source with an id as text in a form; "" for the only source that has chapters.

    Notes do not matter. Raises `Problems` if the source has errors or no chapters, if it is not clear which one is
    meant, or if its chapters lack what the form requires.
    """
    read = read_cards(cards, keep_places=True)
    if wrong := [each for each in read.problems if each.level == "error" and not _is_about_cards(each)]:
        raise Problems(wrong)
    source = _chosen(read.deck, id, cards)
    place = read.places.find(("sources", source.id, "chapters"), "key")

    def unfit(message: str, hint: str) -> Problems:
        return Problems([Problem(place, message, "unfit-chapters", hint)])

    if not source.chapters:
        raise unfit(
            f'the source "{source.id}" has no chapters',
            "add them, such as:\n    chapters: |\n      0:00 Introduction\n      0:46 Hard abandonment",
        )
    if form == "podcast":
        return podcast(source)
    if form == "webvtt":
        if source.length is None or source.length <= max(source.chapters):
            raise unfit(
                f'the source "{source.id}" has no length, but WebVTT requires the end of the last chapter',
                "add the length of the recording to the source, such as length: 16:00",
            )
        return webvtt(source)
    if missing := [*not_for_youtube(source)]:
        raise unfit("YouTube would not show these chapters", "\n".join(missing))
    return description(source.chapters)


def _is_about_cards(problem: Problem) -> bool:
    return problem.keys[:1] in (("concepts",), ("check",), ("media",))


def _chosen(deck: Deck, id: str, cards: Path) -> Source:
    """Return the source that is meant. Raises `Problems` if that is not clear."""
    if id:
        is_file = Path(id).suffix in (".yaml", ".yml")
        first = next(iter(deck.sources), "talk")
        instead = f"name a source before the file, such as: cuedeck chapters {first} {for_a_shell(id)}"
        return named_source(deck, id, cards, instead if is_file else "")
    having = [source for source in deck.sources.values() if source.chapters] or [*deck.sources.values()]
    if not having:
        stop_without_sources(cards, "so there are no chapters")
    if len(having) > 1:
        stop(
            cards.as_posix(),
            "which-source",
            "several sources could be meant",
            "name one of them:\n" + "\n".join(f"cuedeck chapters {source.id}" for source in having),
        )
    return having[0]
