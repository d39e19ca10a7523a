"""Check the tags of a file, which depends on whether the deck has them as they are written."""

from collections.abc import Iterable, Iterator

from cuedeck.deck import tags, values
from cuedeck.deck.deck import About
from cuedeck.problems import Keys, Report
from cuedeck.reading.data import Data


def check_tags(about: About, data: Data, report: Report) -> None:
    """Report tags that cannot be in Anki as they are meant, also those of notes that could not be read."""
    check = tags.as_written if about.tags_as_written else values.tag
    for keys, text in _tags(data):
        try:
            check(text)
        except ValueError as error:
            report.text_error("bad-tags", error, at=keys)


def _tags(data: Data) -> Iterator[tuple[Keys, str]]:
    """Yield all tags of a file with their places, except for those that are not short texts, which are reported."""
    for keys, found in _tagged(data):
        items = [((*keys, at), item) for at, item in enumerate(found)] if isinstance(found, list) else [(keys, found)]
        for place, item in items:
            if isinstance(item, str) and item.strip() and len(item) <= values.LONGEST_TEXT:
                yield place, item


def _tagged(data: Data) -> Iterator[tuple[Keys, Data]]:
    """Yield what is below each "tags" of a file, with its place."""
    top = dict(_items(data))
    parts: list[tuple[Keys, Data | None]] = [(("deck",), top.get("deck"))]
    for concept, found in _items(top.get("concepts")):
        parts.append((("concepts", concept), found))
        notes = dict(_items(found)).get("notes")
        parts += [(("concepts", concept, "notes", note), each) for note, each in _items(notes)]
    for keys, part in parts:
        if isinstance(part, dict) and "tags" in part:
            yield (*keys, "tags"), part["tags"]


def _items(data: Data | None) -> Iterable[tuple[str, Data]]:
    return data.items() if isinstance(data, dict) else ()
