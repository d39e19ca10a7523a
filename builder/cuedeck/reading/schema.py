"""The JSON Schema of cards.yaml and its parts for editors, made from the same declaration that the reader uses."""

import json
from typing import Any

from cuedeck.deck.deck import Deck, Part
from cuedeck.deck.keys import Declared, Key, declared_keys, distinguishing_keys

# What our reader reads as text, an editor's YAML 1.2 parser may read as a number or a boolean.
_TEXT_TYPES = ["string", "number", "boolean"]

_LINES: list[dict[str, Any]] = [
    {"type": "string", "minLength": 1},
    {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1},
]


def schema_text() -> str:
    """Return the JSON Schema as the text of a file, in ASCII, so that it is right whatever a system's encoding."""
    return f"{json.dumps(json_schema(), indent=2)}\n"


def json_schema() -> dict[str, Any]:
    """Return the schema in JSON Schema draft 7, the newest that the YAML language server fully supports.

    It is also that of the parts of a cards.yaml, so that editors need only one: a file without `deck:` is a part.
    """
    whole, part = declared_keys(Deck), declared_keys(Part)
    schema = _mapping_schema(Deck)
    first, *others = schema.pop("required")
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "cards.yaml of Cuedeck, or a part of one",
        **schema,
        "if": {"required": [first]},
        "then": {"allOf": [_required(whole[name]) for name in others]},
        "else": {"properties": {name: False for name in whole if name != first and name not in part}},
    }


def _mapping_schema(kind: type) -> dict[str, Any]:
    declared = declared_keys(kind)
    return {
        "description": (kind.__doc__ or "").strip(),
        "type": "object",
        "properties": {name: _key_schema(key) for name, key in declared.items()},
        "required": [name for name, key in declared.items() if key.required],
        "additionalProperties": False,
    }


def _required(declared: Declared) -> dict[str, Any]:
    """Return a schema that requires a key, unless there is something instead of it."""
    required = {"required": [declared.name]}
    return {"if": _with(*declared.key.unless), "else": required} if declared.key.unless else required


def _with(name: str, *rest: str) -> dict[str, Any]:
    """Return a schema that requires a value at the end of a way."""
    return {"required": [name]} | ({"properties": {name: _with(*rest)}} if rest else {})


def _key_schema(declared: Declared) -> dict[str, Any]:
    key = declared.key
    described = {"description": key.doc}
    match key.shape:
        case "text":
            return described | _text_schema(key)
        case "texts":
            one = _text_schema(key)
            return described | {"anyOf": [one, {"type": "array", "items": one, "minItems": 1, "uniqueItems": True}]}
        case "table":
            table = _named_items(key, {"type": _TEXT_TYPES})
            return described | ({"anyOf": [table, *_LINES]} if key.parse_line else table)
        case "mapping":
            return described | _mapping_schema(key.kinds[0])
        case "either":
            return described | {"anyOf": [_text_schema(key), _mapping_schema(key.kinds[0])]}
        case "mappings":
            return described | _named_items(key, _one_of(key.kinds))


def _named_items(key: Key, items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "patternProperties": {key.key_pattern: items}, "additionalProperties": False}


def _one_of(kinds: tuple[type, ...]) -> dict[str, Any]:
    """Return the schema of a mapping of one of several kinds; as in the reader, the keys that only one has decide."""
    if len(kinds) == 1:
        return _mapping_schema(kinds[0])
    first, *rest = kinds
    has_telling_key = {"anyOf": [{"required": [name]} for name in sorted(distinguishing_keys(first))]}
    return {"if": has_telling_key, "then": _mapping_schema(first), "else": _one_of(tuple(rest))}


def _text_schema(key: Key) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": _TEXT_TYPES, "minLength": 1}
    if key.pattern:
        schema["pattern"] = key.pattern
    if key.choices:
        truths = [choice == "true" for choice in key.choices if choice in ("true", "false")]
        schema["enum"] = [*key.choices, *truths]
    if key.examples:
        schema["examples"] = list(key.examples)
    return schema
