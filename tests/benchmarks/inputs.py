"""The work as input files for each tool, written as the documentation of the tool shows them."""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from tests.benchmarks.work import ADDRESS, TITLE, Note

_QA_SIDES = ("{{Question}}", "{{FrontSide}}<hr>{{Answer}} {{At}} {{Source}}")
_CLOZE_SIDES = ("{{cloze:Text}}", "{{cloze:Text}} {{At}} {{Source}}")
_ONE_SIDES = ("{{Front}}", "{{FrontSide}}<hr>{{Back}} {{At}} {{Source}}")


def clock(seconds: int) -> str:
    """Return a moment as authors write it."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _quoted(text: str) -> str:
    # A JSON string is also a quoted text in YAML.
    return json.dumps(text, ensure_ascii=False)


def _sides(note: Note) -> tuple[str, str]:
    """Return the two sides of a note for a tool without clozes, which gets the text with its marks unchanged."""
    return (note.cloze, "") if note.cloze else (note.q, note.a)


def cuedeck(notes: Iterable[Note], folder: Path) -> None:
    """Write cards.yaml, which the plain genanki script reads, too; what all notes of a concept have is written once."""
    with (folder / "cards.yaml").open("w", encoding="utf-8") as file:
        file.write(f"{_head()}concepts:\n{''.join(_concepts(notes))}")


A_PART = "lectures/0.yaml"


def cuedeck_in_parts(notes: Iterable[Note], folder: Path, parts: int) -> None:
    """Write the same deck as a cards.yaml with the source, and parts with the concepts."""
    concepts = [*_concepts(notes)]
    (folder / "lectures").mkdir()
    (folder / "cards.yaml").write_text(_head("  parts: lectures/*.yaml\n"), encoding="utf-8")
    for number in range(parts):
        own = "".join(concepts[number * len(concepts) // parts : (number + 1) * len(concepts) // parts])
        (folder / "lectures" / f"{number}.yaml").write_text(f"concepts:\n{own}", encoding="utf-8")


def _head(more: str = "") -> str:
    return (
        f"deck:\n  id: benchmark\n  namespace: bench4notes\n  title: {TITLE}\n  author: Nobody\n  license: CC0\n{more}"
        f"sources:\n  talk:\n    title: A talk\n    author: Somebody\n    url: {ADDRESS}\n"
    )


def _concepts(notes: Iterable[Note]) -> Iterator[str]:
    for concept, group in groupby(notes, attrgetter("concept")):
        those = list(group)
        is_shared = len({(note.at, note.tags) for note in those}) == 1
        shared, own = ("    ", "") if is_shared else ("", " " * 8)
        lines = [f"  {concept}:\n    title: The idea of {concept}\n    source: talk\n"]
        lines.append(_when_and_what(those[0], shared) + "    notes:\n")
        for note in those:
            lines.append(f"      {note.id}:\n{_when_and_what(note, own)}")
            if note.cloze:
                lines.append(f"        cloze: |\n          {note.cloze}\n")
            else:
                lines.append(f"        q: {_quoted(note.q)}\n        a: {_quoted(note.a)}\n")
        yield "".join(lines)


def _when_and_what(note: Note, indent: str) -> str:
    """Return the lines for the moment and the tags of a note; "" without an indent, where they are elsewhere."""
    return f"{indent}at: {clock(note.at)}\n{indent}tags: [{', '.join(note.tags)}]\n" if indent else ""


def edit(folder: Path, name: str = "cards.yaml") -> None:
    """Edit the first answer in a cards.yaml or a part: add a word to it, or remove that word again."""
    cards = folder / name
    text, count = _ANSWER.subn(
        lambda found: found[1] + ("" if found[2] else "Edited "), cards.read_text(encoding="utf-8"), count=1
    )
    if not count:
        raise ValueError(f"{cards} has no answer")
    cards.write_text(text, encoding="utf-8")


_ANSWER = re.compile('^( +a: "?)(Edited )?', re.MULTILINE)


def anki_yaml_tool(notes: Iterable[Note], folder: Path) -> None:
    """Write deck.yaml, with the one note type that a file can have."""
    front, back = _ONE_SIDES
    with (folder / "deck.yaml").open("w", encoding="utf-8") as file:
        file.write(
            f"config:\n  name: Benchmark\n  deck-name: {TITLE}\n  fields: [Front, Back, At, Source]\n"
            f'  templates:\n    - name: Card\n      qfmt: "{front}"\n      afmt: "{back}"\ndata:\n'
        )
        for note in notes:
            one, other = _sides(note)
            file.write(
                f"  - front: {_quoted(one)}\n    back: {_quoted(other)}\n    at: {_quoted(clock(note.at))}\n"
                f"    source: {_quoted(ADDRESS)}\n    tags: [{', '.join(note.tags)}]\n    id: {note.id}\n"
            )


def anki_librarian(notes: Iterable[Note], folder: Path) -> None:
    """Write decks/benchmark/ with one file for the deck and one for its notes."""
    deck = folder / "decks" / "benchmark"
    deck.mkdir(parents=True)
    front, back = _ONE_SIDES
    (deck / "deck.yaml").write_text(
        f"id: 1600000003\nname: {TITLE}\nmodels:\n  - id: 1600000001\n    name: One\n"
        "    fields: [{name: Front}, {name: Back}, {name: At}, {name: Source}]\n"
        f'    templates:\n      - name: Card\n        qfmt: "{front}"\n        afmt: "{back}"\n',
        encoding="utf-8",
    )
    with (deck / "cards.yaml").open("w", encoding="utf-8") as file:
        file.write("cards:\n  model: One\n  notes:\n")
        for note in notes:
            row = ", ".join(map(_quoted, (*_sides(note), clock(note.at), ADDRESS)))
            file.write(f"    - [{row}]\n")


def brain_brew(notes: Iterable[Note], folder: Path) -> None:
    """Write a recipe, and for each of two kinds a note type, its sides and a table of notes."""
    kinds = {"qa": (("question", "answer"), _QA_SIDES), "cloze": (("text",), _CLOZE_SIDES)}
    rows: dict[str, list[list[str]]] = {kind: [] for kind in kinds}
    for note in notes:
        kind, texts = ("cloze", [note.cloze]) if note.cloze else ("qa", [note.q, note.a])
        rows[kind].append([note.id, *texts, clock(note.at), ADDRESS, ", ".join(note.tags)])
    for kind, (texts, (front, back)) in kinds.items():
        fields = [*texts, "at", "source"]
        with (folder / f"{kind}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["guid", *fields, "tags"], *rows[kind]])
        (folder / f"{kind}.html").write_text(f"{front}\n\n---\n\n{back}\n", encoding="utf-8")
        model = {
            "name": kind,
            "id": kind,
            "css_file": "style.css",
            "fields": [{"name": name} for name in fields],
            "templates": [{"name": "Card", "html_file": f"{kind}.html"}],
            "is_cloze": kind == "cloze",
        }
        (folder / f"{kind}.yaml").write_text(json.dumps(model), encoding="utf-8")
    (folder / "style.css").write_text(".card {}\n", encoding="utf-8")
    (folder / "headers.yaml").write_text(f"name: {TITLE}\ncrowdanki_uuid: benchmark\n", encoding="utf-8")
    (folder / "recipe.yaml").write_text(json.dumps(_recipe(list(kinds))), encoding="utf-8")


def _recipe(kinds: list[str]) -> list[object]:
    parts = [
        {"headers_from_yaml_part": {"part_id": "headers", "file": "headers.yaml"}},
        {"note_models_from_yaml_part": [{"part_id": kind, "file": f"{kind}.yaml"} for kind in kinds]},
        {
            "notes_from_csvs": {
                "part_id": "notes",
                "note_model_mappings": [{"note_models": kinds}],
                "file_mappings": [{"file": f"{kind}.csv", "note_model": kind} for kind in kinds],
            }
        },
    ]
    made = {
        "folder": "out",
        "headers": "headers",
        "notes": {"part_id": "notes"},
        "note_models": {"parts": [{"part_id": kind} for kind in kinds]},
    }
    return [{"build_parts": parts}, {"generate_crowd_anki": made}]


def ankcompiler(notes: Iterable[Note], folder: Path) -> None:
    """Write one Markdown file."""
    with (folder / "deck.md").open("w", encoding="utf-8") as file:
        file.write(f"---\ndeck: {TITLE}\n---\n")
        for number, note in enumerate(notes):
            body = note.cloze or f"{note.q} ::: {note.a}"
            tags = "".join(f"[^tag]: {tag}\n" for tag in note.tags)
            file.write(f"---\n\n{body} {clock(note.at)} {ADDRESS}\n\n---\n\n[^uid]: {number:010}\n{tags}\n")


WRITERS: Mapping[str, Callable[[Iterable[Note], Path], None]] = {
    "cuedeck": cuedeck,
    "anki-yaml-tool": anki_yaml_tool,
    "anki-librarian": anki_librarian,
    "brain-brew": brain_brew,
    "ankcompiler": ankcompiler,
}
