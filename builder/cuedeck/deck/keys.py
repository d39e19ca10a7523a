"""How the deck's dataclasses declare the keys of cards.yaml.

Every field of a format dataclass has a `Key`: what it is for, in words, its shape, and the function that turns its text
into a value. The reader, its messages and the JSON Schema all use this one declaration.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

Parse = Callable[[str], Any]
Shape = Literal["text", "texts", "table", "mapping", "either", "mappings"]


@dataclass(frozen=True)
class Key:
    """One key of a mapping in cards.yaml.

    doc       what it contains, for editors and the manual: a phrase that a message can quote, then other sentences
    shape     what follows the key:
              "text"      one text
              "texts"     one text or a list of them
              "table"     a mapping of texts to texts
              "mapping"   a mapping with keys of its own, which `kinds[0]` declares
              "either"    one text or such a mapping
              "mappings"  a mapping of ids to such mappings, each of one of `kinds`
    parse     turns a text into a value; raises ValueError with a sentence
    parse_key the same for the keys of a "table" or the ids of "mappings"
    parse_line turns a line of text into the key and the value of an entry, for a "table" that may also be written as
              text, or as a list of such lines
    pattern   a regular expression that the text must match, for editors that read the JSON Schema
    choices   the only texts allowed, for the same editors
    examples  texts that are allowed, for the same editors and the manual
    name      what the key is called in the file, if it is not the name of the field
    unless    keys that lead from the same mapping to a value; if that is there, this key is not required
    """

    doc: str
    shape: Shape
    parse: Parse = str
    parse_key: Parse = str
    parse_line: Parse | None = None
    kinds: tuple[type, ...] = ()
    pattern: str = ""
    key_pattern: str = ""
    choices: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    name: str = ""
    unless: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """The first sentence of the description, without its full stop."""
        return self.doc.partition(". ")[0].removesuffix(".")


def text(doc: str, parse: Parse = str, **more: Any) -> dict[str, Key]:
    """Return the metadata of a field for one text."""
    return {"key": Key(doc, "text", parse, **more)}


def texts(doc: str, parse: Parse = str, **more: Any) -> dict[str, Key]:
    """Return the metadata of a field for one text or a list of texts."""
    return {"key": Key(doc, "texts", parse, **more)}


def table(doc: str, parse_key: Parse, parse: Parse, **more: Any) -> dict[str, Key]:
    """Return the metadata of a field for a mapping of texts to texts."""
    return {"key": Key(doc, "table", parse, parse_key, **more)}


def mapping(doc: str, kind: type, **more: Any) -> dict[str, Key]:
    """Return the metadata of a field for one value of another format dataclass."""
    return {"key": Key(doc, "mapping", kinds=(kind,), **more)}


def text_or_mapping(doc: str, parse: Parse, kind: type, **more: Any) -> dict[str, Key]:
    """Return the metadata of a field for one text or one value of another format dataclass."""
    return {"key": Key(doc, "either", parse, kinds=(kind,), **more)}


def mappings(doc: str, parse_key: Parse, *kinds: type, **more: Any) -> dict[str, Key]:
    """Return the metadata of a field for a mapping of ids to values of format dataclasses."""
    return {"key": Key(doc, "mappings", parse_key=parse_key, kinds=kinds, **more)}


@dataclass(frozen=True)
class Declared:
    """A declared key, with its name in the file, the name of its field, and whether it is required."""

    name: str
    field: str
    key: Key
    required: bool


@cache
def declared_keys(kind: type) -> dict[str, Declared]:
    """Return the declared keys of a format dataclass by name, in the order of declaration."""
    return {
        key_name(field): Declared(key_name(field), field.name, field.metadata["key"], is_required(field))
        for field in dataclasses.fields(kind)
        if "key" in field.metadata
    }


def key_name(field: "dataclasses.Field[Any]") -> str:
    """Return what authors write for a field of a dataclass: the name of its key, or else of the field."""
    key: Key | None = field.metadata.get("key")
    return key.name if key and key.name else field.name


def is_required(field: "dataclasses.Field[Any]") -> bool:
    """Return whether a field has no default, so that a value must be given."""
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


@cache
def distinguishing_keys(kind: type) -> frozenset[str]:
    """Return the names of the keys that distinguish this kind from its siblings: those that it declares itself."""
    inherited = {name for base in kind.__mro__[1:] if dataclasses.is_dataclass(base) for name in declared_keys(base)}
    return frozenset(declared_keys(kind)) - inherited
