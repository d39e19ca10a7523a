"""Write a deck as the YAML that an author would write: only what is needed, in quotes only where YAML asks for them."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field

from cuedeck.importing.drafting import Draft
from cuedeck.importing.foreign import LeftOut
from cuedeck.patterns import regex
from cuedeck.problems import visible
from cuedeck.reading.refusals import UNSHOWN
from cuedeck.records import dataclass

# A text that means the same to YAML as it says: it begins with a letter, and has nothing that ends it.
_PLAIN = regex(r"[^\W\d_](?:[^:#\n\t]|:(?=\S)|(?<=\S)#)*(?<![\s:])")
_LONGEST = 100
_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off"))
_WHITE = regex(r"[^\S ]|[\u0085\u2028\u2029\ufeff]")


@dataclass(frozen=True)
class Group:
    """A concept with its notes, the subdeck that they go to, and the tags that all of them have."""

    id: str
    title: str
    deck: str
    notes: tuple[Draft, ...]
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Head:
    """What a deck is called, its description as Markdown, and the recordings that its notes come from.

    `tags_as_written` is that key of the deck, `about` are further ones, `credits` say who made its files, by path, and
    `comments` are what it could not keep.
    """

    id: str
    namespace: str
    title: str
    schema: str
    sources: Mapping[str, Mapping[str, str]]
    description: str = ""
    tags_as_written: bool = False
    about: Mapping[str, str] = field(default_factory=dict)
    credits: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    comments: tuple[str, ...] = ()


def to_yaml(head: Head, groups: Iterable[Group], left_out: Iterable[LeftOut], source_of: Mapping[str, str]) -> str:
    """Return the text of a cards.yaml. `source_of` are the ids of sources by address, if there are several."""
    return "\n".join([*_lines(head, groups, left_out, source_of), ""])


def notes_as_yaml(groups: Iterable[Group], most: int) -> Iterator[str]:
    """Yield the lines of the first notes of a deck with their concepts, as they are in its cards.yaml."""
    for group in groups:
        if most > 0:
            yield from _concept(group)
            for draft in group.notes[:most]:
                yield from _note(draft, {})
            most -= len(group.notes)


def _lines(
    head: Head, groups: Iterable[Group], left_out: Iterable[LeftOut], source_of: Mapping[str, str]
) -> Iterator[str]:
    yield f"# yaml-language-server: $schema={head.schema}"
    for comment in head.comments:
        yield from _comment(comment, 0)
    yield "deck:"
    yield f"  id: {head.id}"
    yield f"  namespace: {head.namespace}  # never change it: Anki recognizes the notes by it"
    yield f"  title: {as_line(head.title)}"
    if head.tags_as_written:
        yield "  tags_as_written: true  # as learners have them already: run cuedeck adopt before the first build"
    if head.description:
        yield from _text("description", head.description, 2)
    yield from (f"  {key}: {as_line(value)}" for key, value in head.about.items() if value)
    yield from _table("media", {json.dumps(path): credit for path, credit in head.credits.items()})
    yield from _table("sources", head.sources)
    yield ""
    yield "concepts:"
    for group in groups:
        yield from _concept(group)
        for draft in group.notes:
            yield from _note(draft, source_of)
    for left in left_out:
        yield from _comment(f"left out: {left.place}, because {left.reason}", 2)
        for name, text in left.texts.items():
            yield from _comment(f"  {name}: {text}", 2)


def _table(key: str, entries: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """Yield the lines of a table of entries with lines of text; nothing if there are none."""
    if entries:
        yield ""
        yield f"{key}:"
    for id, values in entries.items():
        yield f"  {id}:"
        yield from (f"    {key}: {as_line(value)}" for key, value in values.items() if value)


def _concept(group: Group) -> Iterator[str]:
    yield f"  {group.id}:"
    yield f"    title: {as_line(group.title)}"
    if group.deck:
        yield f"    deck: {as_line(group.deck)}"
    if group.tags:
        yield f"    tags: {_tags(group.tags)}"
    yield "    notes:"


def _note(draft: Draft, source_of: Mapping[str, str]) -> Iterator[str]:
    if draft.reason:
        yield from _comment(f"guid: {json.dumps(draft.note.guid)} is not kept, because {draft.reason}", 6)
    for comment in draft.comments:
        yield from _comment(comment, 6)
    yield f"      {draft.id}:"
    if draft.at:
        yield f"        at: {draft.moment}"
    if draft.note.source in source_of:
        yield f"        source: {source_of[draft.note.source]}"
    for key in ("q", "a", "cloze"):
        if key in draft.texts:
            yield from _text(key, draft.texts[key], 8)
    if draft.own_reverse:
        yield "        reverse:"
        for key, text in zip(("q", "a"), draft.own_reverse, strict=True):
            yield from _text(key, text, 10)
    elif draft.reverse:
        yield "        reverse: true"
    if "extra" in draft.texts:
        yield from _text("extra", draft.texts["extra"], 8)
    if draft.tags:
        yield f"        tags: {_tags(draft.tags)}"
    if draft.guid:
        yield f"        guid: {json.dumps(draft.guid)}"


def _text(key: str, text: str, indent: int) -> Iterator[str]:
    """Yield the lines of a text: on the line of its key if that is safe and short, or else below a bar."""
    pad = " " * indent
    if _is_plain(text) and len(text) <= _LONGEST:
        yield f"{pad}{key}: {text}"
        return
    if _WHITE.search(text.replace("\n", "")):
        yield f"{pad}{key}: {json.dumps(text)}"
        return
    yield f"{pad}{key}: |"
    for each in text.split("\n"):
        yield f"{pad}  {each}".rstrip(" ")


def as_line(text: str) -> str:
    """Return a text of one line as YAML, without what no text can have."""
    text = UNSHOWN.sub("", text.replace("\t", " "))
    return text if _is_plain(text) else json.dumps(text, ensure_ascii=bool(_WHITE.search(text)))


def _tags(tags: Iterable[str]) -> str:
    return f"[{', '.join(map(_tag, tags))}]"


def _tag(text: str) -> str:
    """Return a tag as it is written in a list."""
    if re.fullmatch(r"[^\W_][\w-]*(?:::[\w-]+)*", text) and text.lower() not in _WORDS:
        return text
    return _escaped(_WHITE, json.dumps(text, ensure_ascii=False))


def _escaped(characters: re.Pattern[str], text: str) -> str:
    return characters.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _is_plain(text: str) -> bool:
    return _PLAIN.fullmatch(text) is not None and text.lower() not in _WORDS and not _WHITE.search(text)


def _comment(text: str, indent: int) -> Iterator[str]:
    for each in text.split("\n"):
        yield f"{' ' * indent}# {_escaped(UNSHOWN, visible(each))}".rstrip()
