"""The JSON Schema that editors check cards.yaml with."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from cuedeck.reading.parsing import PureLoader
from cuedeck.reading.schema import json_schema
from tests.needing import needed
from tests.running import run

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "tests" / "examples"
SAVED = ROOT / "builder" / "cuedeck" / "reading" / "cards.schema.json"

# The bad examples whose fault a schema can find. Other faults are in YAML or Markdown, or between two values.
SEEN = [
    "bad-at",
    "bad-id",
    "bad-key",
    "bad-length",
    "bad-link",
    "bad-namespace",
    "bad-opens",
    "bad-published",
    "bad-reverse",
    "bad-source",
    "bad-tags",
    "bad-url",
    "cloze-marker",
    "cloze-marker.one-brace",
    "cloze-marker.one-colon",
    "cloze-marker.wide",
    "cloze-none",
    "doubled",
    "empty",
    "empty.list-item",
    "merge-key",
    "missing-key",
    "missing-key.top",
    "mixed-kind",
    "mixed-kind.reverse",
    "no-kind",
    "too-deep",
    "unknown-key",
    "unknown-key.among-others",
    "unknown-key.comma",
    "wrong-shape",
    "wrong-shape.empty-concepts",
    "wrong-shape.list-at-top",
    "wrong-shape.list-text",
    "wrong-shape.notes-as-list",
    "wrong-shape.text-at-top",
]


class EditorLoader(PureLoader):
    """Reads scalars by YAML 1.2, as editors do: 12:45 and yes are text, 46 is a number, and true is a boolean."""


EditorLoader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("null", r"~|null|", ["~", "n", ""]),
    ("bool", r"true|false", list("tf")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    EditorLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"(?:{pattern})$"), first)


def as_an_editor_sees(path: Path) -> Any:
    """Return the data of a file, with all keys as text, as in JSON."""
    return json.loads(json.dumps(yaml.load(path.read_text(encoding="utf-8"), Loader=EditorLoader)))


def errors(path: Path) -> list[str]:
    validator = needed("jsonschema").Draft7Validator(json_schema())
    return [error.message for error in validator.iter_errors(as_an_editor_sees(path))]


def test_the_schema_is_valid() -> None:
    """The schema itself follows draft 7, which editors read."""
    needed("jsonschema").Draft7Validator.check_schema(json_schema())


@pytest.mark.parametrize(
    "path", [ROOT / "cards.yaml", *sorted((EXAMPLES / "good").glob("*.yaml"))], ids=lambda p: p.stem
)
def test_an_editor_finds_nothing_wrong_in_a_good_file(path: Path) -> None:
    """Whatever the reader accepts, editors accept: numbers and booleans too, where text is meant."""
    assert errors(path) == []


@pytest.mark.parametrize("name", SEEN)
def test_an_editor_sees_the_fault(name: str) -> None:
    """A fault in keys, shapes or single values is marked while the author writes."""
    assert errors(EXAMPLES / "bad" / f"{name}.yaml")


def test_the_saved_schema_is_up_to_date() -> None:
    """The file that cards.yaml names in its first line is what `cuedeck schema` prints."""
    printed = run("schema").output
    assert json.loads(printed) == json_schema()
    assert SAVED.read_text(encoding="utf-8") == printed, (
        f"save it anew: python -m cuedeck schema > {SAVED.relative_to(ROOT).as_posix()}"
    )
    first, _, _ = (ROOT / "cards.yaml").read_text(encoding="utf-8").partition("\n")
    assert first == f"# yaml-language-server: $schema={SAVED.relative_to(ROOT).as_posix()}"


def properties(schema: Any, name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each key of cards.yaml with its schema."""
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "properties":
                yield from ((f"{name}/{each}", described) for each, described in value.items())
            if key not in ("if", "else") or "properties" not in value or "type" in value:  # else it is a condition
                yield from properties(value, f"{name}/{key}")
    if isinstance(schema, list):
        for number, value in enumerate(schema):
            yield from properties(value, f"{name}/{number}")


KEYS = dict(properties(json_schema()))


@pytest.mark.parametrize("name", KEYS)
def test_every_key_is_described(name: str) -> None:
    """An editor shows a sentence for each key, and no more than three."""
    description = KEYS[name]["description"]
    assert description.endswith(".")
    assert description.count(". ") < 3


def test_the_schema_has_all_keys() -> None:
    """The schema knows the keys at the top and in a note."""
    assert {name.rpartition("/")[2] for name in KEYS} >= {
        "deck",
        "sources",
        "concepts",
        "q",
        "a",
        "cloze",
        "at",
        "link",
    }
