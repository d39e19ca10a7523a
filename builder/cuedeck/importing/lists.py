"""Read lists of questions and answers: Anki's "Notes in Plain Text", CSV, and what Quizlet exports."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from html import escape
from io import StringIO
from pathlib import Path

from cuedeck.bridging.decks import common_deck
from cuedeck.deck import values
from cuedeck.importing.fieldmaps import looks_like_cloze
from cuedeck.importing.foreign import ForeignDeck, ForeignNote, ForeignType, LeftOut, as_text
from cuedeck.patterns import regex
from cuedeck.problems import Place, Problem, Problems, stop
from cuedeck.records import dataclass
from cuedeck.wording import listed

# What a header may call its columns, and what they become.
_NAMES = {
    **dict.fromkeys(("q", "question", "front", "term", "prompt", "vorderseite", "frage", "recto"), "q"),
    **dict.fromkeys(("a", "answer", "back", "definition", "rückseite", "antwort", "verso"), "a"),
    **dict.fromkeys(("cloze", "text"), "cloze"),
    **dict.fromkeys(("extra", "back extra", "notes", "note", "comment", "explanation"), "extra"),
    **dict.fromkeys(("tag", "tags"), "tags"),
    **dict.fromkeys(("time", "at", "timestamp", "moment", "start"), "at"),
    **dict.fromkeys(("source", "url", "link", "video"), "source"),
    **dict.fromkeys(("concept", "deck", "chapter", "topic"), "deck"),
    **dict.fromkeys(("id", "key"), "id"),
    **dict.fromkeys(("guid",), "guid"),
}
_TEXTS = ("q", "a", "cloze", "extra")
_FIELDS = {"q": "question", "a": "answer", "cloze": "cloze", "extra": "extra"}
QUESTIONS = ForeignType("list", ("question", "answer", "extra"))
CLOZES = ForeignType("list of texts with deletions", ("cloze", "extra"), is_cloze=True)
REVERSED = ForeignType("Basic (and reversed card)", ("question", "answer", "extra"))
LISTS = (QUESTIONS, CLOZES, REVERSED)
"""The note types of lists, of which it is known what their fields become."""
_SEPARATORS = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "vertical bars", ":": "colons", " ": "spaces"}
# What Anki calls separators in the first lines of its files.
_NAMED = {"tab": "\t", "comma": ",", "semicolon": ";", "space": " ", "pipe": "|", "colon": ":"}
_COLUMN = regex("[1-9][0-9]{0,3}")
_SETTING = regex(r"#([a-z ]+):(.*)")
_CLOCK = r"(?:\d{1,2}:)?\d{1,2}:\d{2}(?:\.\d{1,3})?"
_TIME = regex(rf"{_CLOCK}(?:\s*[-–]\s*{_CLOCK})?")
_MOST_CELL = 10_000_000
_MOST_ROWS = 100_000


@dataclass(frozen=True)
class _Row:
    line: int
    cells: tuple[str, ...]


def read_list(text: str, path: Path, between: str, rows: str) -> ForeignDeck:
    """Return the notes of a list; `between` and `rows` separate cells and rows, "" if that is to be found out.

    Raises `Problems` if it is not clear what its columns are.
    """
    found, remarks = _rows(text, path, between, rows)
    header = _header(found[0].cells) if found else None
    body = found[1:] if header else found
    columns = header or _columns(body)
    remarks += [f"columns: {', '.join(_FIELDS.get(each, each) for each in columns)}"]
    if header and not {"cloze"} & {*columns} and not {"q", "a"} <= {*columns}:
        stop(
            path.as_posix(),
            "no-columns",
            f"the first line names the columns {listed(columns)}, but not both a question and an answer",
            "name the columns in the first line, such as: question,answer,tags",
            1,
        )
    notes, left = _notes(body, columns, path)
    return ForeignDeck(
        title=as_text(path.stem),
        notes=tuple(notes),
        digest=sha256(text.encode()).hexdigest(),
        left_out=tuple(left),
        remarks=tuple(remarks),
    )


def _notes(rows: Sequence[_Row], columns: Sequence[str], path: Path) -> tuple[list[ForeignNote], list[LeftOut]]:
    notes, left = [], []
    problems = []
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        if len(row.cells) > len(columns):
            problems.append(
                Problem(
                    Place(path.as_posix(), row.line),
                    f"this row has {len(row.cells)} cells, but the list has {len(columns)} columns",
                    "row-too-long",
                    "put cells that contain the separator in double quotes, or name another one with --between",
                )
            )
            continue
        cells = dict(zip(columns, (*row.cells, *[""] * (len(columns) - len(row.cells))), strict=True))
        said = {_FIELDS[key]: cells[key] for key in _TEXTS if cells.get(key)}
        place = f"line {row.line:,}"
        key = tuple(row.cells)
        if key in seen:
            left.append(LeftOut(place, f"it is the same as line {seen[key]:,}", said))
            continue
        seen[key] = row.line
        is_cloze = bool(cells.get("cloze")) or ("cloze" not in columns and looks_like_cloze(cells.get("q", "")))
        notes.append(_note(place, cells, is_cloze))
    if problems:
        raise Problems(problems)
    return notes, left


def _note(place: str, cells: Mapping[str, str], is_cloze: bool) -> ForeignNote:
    texts = {key: _html(cells.get(key, "")) for key in _TEXTS}
    if is_cloze:
        more = [texts[key] for key in ("a", "extra") if texts[key]]
        fields = {"cloze": texts["cloze"] or texts["q"], "extra": "<br><br>".join(more)}
    else:
        fields = {"question": texts["q"], "answer": texts["a"], "extra": texts["extra"]}
    return ForeignNote(
        place=place,
        type=CLOZES if is_cloze else QUESTIONS,
        texts=fields,
        guid=cells.get("guid", ""),
        concept=cells.get("deck", ""),
        tags=tuple(re.split(r"[\s,;]+", cells.get("tags", "").strip())) if cells.get("tags", "").strip() else (),
        id=cells.get("id", ""),
        at=(cells["at"],) if cells.get("at") else (),
        source=cells.get("source", ""),
    )


def _html(text: str) -> str:
    """Return plain text as HTML: every character is shown as it is written."""
    return escape(text, quote=False).replace("\n", "<br>")


def _header(cells: Sequence[str]) -> tuple[str, ...] | None:
    """Return what the columns are according to the first row; None if it is no header."""
    names = [_NAMES.get(cell.strip().lower(), "") for cell in cells]
    return tuple(names) if len(names) > 1 and all(names) and len({*names}) == len(names) else None


def _columns(rows: Sequence[_Row]) -> tuple[str, ...]:
    """Return what the columns of a list without a header are: a third one has tags if all its cells can be tags.

    A first or last one of three or more has moments if all its cells are times. Of two, it may be what is asked.
    """
    width = max((len(row.cells) for row in rows), default=2)
    if width <= 2:
        return ("q", "a")
    for at in (0, width - 1):
        if all(len(row.cells) > at and _TIME.fullmatch(row.cells[at]) for row in rows):
            rest = _columns([replace(row, cells=(*row.cells[:at], *row.cells[at + 1 :])) for row in rows])
            return (*rest[:at], "at", *rest[at:])
    thirds = [row.cells[2] for row in rows if len(row.cells) > 2 and row.cells[2]]
    third = "tags" if thirds and all(map(_is_tag, thirds)) else "extra"
    return ("q", "a", third)


def _is_tag(text: str) -> bool:
    try:
        return bool(values.tag(text))
    except ValueError:
        return False


def _rows(text: str, path: Path, between: str, rows: str) -> tuple[list[_Row], list[str]]:
    """Return the rows of a list, each with the number of its first line, and what had to be guessed."""
    if between or rows:
        return [*_split(text, between or "\t", rows or "\n")], []
    separator = _separator(text, path)
    remarks = [f"separated by {_SEPARATORS[separator]}"]
    if separator == "\t" and '"' not in text.replace('""', ""):
        return [*_unquoted(text)], remarks
    return [*_quoted(text, path, separator)], remarks


def _separator(text: str, path: Path) -> str:
    lines = [line for line in text.split("\n") if line.strip()][:1000]
    if path.suffix.lower() == ".tsv":
        return "\t"
    candidates = ("\t", ";") if path.suffix.lower() == ".txt" else ("\t", ",", ";")
    counts = {each: sum(each in line for line in lines) for each in candidates}
    best = max(candidates, key=lambda each: counts[each])
    if not counts[best]:
        stop(
            path.as_posix(),
            "no-columns",
            "no line has a tab, comma or semicolon between a question and its answer",
            'say what is between them, such as --between "---", and between rows, such as --rows "\\n\\n"',
        )
    return best


def _split(text: str, between: str, rows: str) -> Iterator[_Row]:
    line = 1
    for part in text.split(rows):
        if part.strip():
            lead = len(part) - len(part.lstrip("\n"))
            yield _Row(line + lead, tuple(cell.strip() for cell in part.split(between)))
        line += part.count("\n") + rows.count("\n")


def _unquoted(text: str) -> Iterator[_Row]:
    """Yield rows with tabs. If few lines have none, each of these goes on with the answer before it, as in Quizlet."""
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    without = sum("\t" not in line for _, line in lines)
    goes_on = without * 2 < len(lines) + 1
    row: _Row | None = None
    for number, line in lines:
        if row and goes_on and "\t" not in line:
            row = replace(row, cells=(*row.cells[:-1], f"{row.cells[-1]}\n{line.strip()}"))
            continue
        if row:
            yield row
        row = _Row(number, tuple(cell.strip() for cell in line.split("\t")))
    if row:
        yield row


def _quoted(text: str, path: Path, separator: str) -> Iterator[_Row]:
    csv.field_size_limit(_MOST_CELL)
    reader = csv.reader(StringIO(text), delimiter=separator, skipinitialspace=separator != "\t")
    line = 1
    try:
        for number, cells in enumerate(reader):
            if number >= _MOST_ROWS:
                stop(path.as_posix(), "too-many-notes", f"the list has more than {_MOST_ROWS:,} rows", "split it")
            trimmed = [cell.strip() for cell in cells]
            while len(trimmed) > 2 and not trimmed[-1]:
                trimmed.pop()
            if any(trimmed):
                yield _Row(line, tuple(trimmed))
            line = reader.line_num + 1
    except csv.Error as error:
        hint = "close every double quote, and write one inside a cell twice"
        stop(path.as_posix(), "no-columns", f"the list cannot be read: {error}", hint, line)


def is_plain_text_of_anki(text: str) -> bool:
    """Return whether a text begins like a file that Anki writes, with lines such as `#separator:tab`."""
    found = _SETTING.match(text)
    return found is not None and found[1] in ("separator", "html", "tags", "columns", "notetype", "deck")


def read_plain_text(text: str, path: Path) -> ForeignDeck:
    """Return the notes of a file that Anki exported as "Notes in Plain Text".

    The lines at its start are those of rslib/src/import_export/text/csv/metadata.rs in Anki's source. Raises
    `Problems` if its rows cannot be read.
    """
    settings, body, skipped = _settings(text)
    separator = _NAMED.get(
        settings.get("separator", "tab").lower(), settings.get("separator", "\t")[:1].strip('"') or "\t"
    )
    is_html = settings.get("html", "false").lower() == "true"
    places = {
        name.removesuffix(" column"): int(value) - 1
        for name, value in settings.items()
        if name.endswith(" column") and _COLUMN.fullmatch(value)
    }
    names = settings.get("columns", "").split(separator) if settings.get("columns") else []
    types: dict[tuple[str, int, bool], ForeignType] = {}
    notes = []
    left: list[LeftOut] = []
    for row in _quoted(body, path, separator):
        cells = row.cells
        fields = [cell for at, cell in enumerate(cells) if at not in places.values()]
        labels = [name for at, name in enumerate(names) if at not in places.values()]

        def cell(name: str, cells: Sequence[str] = cells) -> str:
            return cells[places[name]].strip() if places.get(name, len(cells)) < len(cells) else ""

        is_cloze = any(map(looks_like_cloze, fields))
        kind = cell("notetype") or settings.get("notetype", "") or "notes"
        if not fields:
            left.append(LeftOut(f"line {row.line + skipped:,}", "it has no fields", {}))
            continue
        width = len(fields)
        key = (kind, width, is_cloze)
        if key not in types:
            known = [labels[at] if at < len(labels) and labels[at].strip() else str(at + 1) for at in range(width)]
            types[key] = ForeignType(kind, tuple(known), is_cloze=is_cloze)
        convert = str if is_html else _html
        notes.append(
            ForeignNote(
                place=f"line {row.line + skipped:,}",
                type=types[key],
                texts=dict(zip(types[key].fields, map(convert, fields), strict=True)),
                guid=cell("guid"),
                deck=cell("deck") or settings.get("deck", ""),
                tags=tuple(f"{cell('tags')} {settings.get('tags', '')}".split()),
            )
        )
    remarks = ["the file does not say which of a note's cards exist, nor which fields they show"]
    if not is_html:
        remarks.append('it was exported without "Include HTML and media references", so it has no pictures and sounds')
    return ForeignDeck(
        title=common_deck([note.deck for note in notes]) or as_text(path.stem),
        notes=tuple(notes),
        digest=sha256(text.encode()).hexdigest(),
        left_out=tuple(left),
        remarks=tuple(remarks),
    )


def _settings(text: str) -> tuple[dict[str, str], str, int]:
    """Return the settings in the first lines of a file, what follows them, and the number of these lines."""
    settings: dict[str, str] = {}
    lines = text.split("\n")
    for number, line in enumerate(lines):
        found = _SETTING.fullmatch(line)
        if not found:
            return settings, "\n".join(lines[number:]), number
        settings[found[1]] = found[2]
    return settings, "", len(lines)
