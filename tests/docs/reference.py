"""Writes the parts of the manual that say what the program declares: `python -m tests.docs.reference`.

The pages below `docs/reference/` are written as a whole, and on other pages the text between two comments. Keys come
from the format of cards.yaml, commands from their help, messages from the pages of `cuedeck explain`, and the drawing
of the rooms from the contract that guards their order.
"""

import importlib
import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import click

from cuedeck.cli import GROUPS, cuedeck
from cuedeck.deck.deck import About, Check, ClozeNote, Concept, Deck, Note, QuestionNote, Source
from cuedeck.deck.files import ENDINGS
from cuedeck.deck.hosts import HOSTS
from cuedeck.deck.keys import Declared, declared_keys
from cuedeck.explaining.pages import Page, all_pages
from cuedeck.updating.harms import HARMS, Harm
from tests.docs.drawing import drawing
from tests.docs.manual import DOCS

REFERENCE = DOCS / "reference"
_DO_NOT_EDIT = "<!-- Written by `make docs` from {}. Do not edit. -->\n\n"
_EXAMPLE = re.compile(r"(?:^(?: {4}.*)?\n)+", re.MULTILINE)
_BRACES = re.compile(r"(?<!`)\{+[^{}]+\}+")  # a placeholder or a deletion that is not yet code
_OPTION = re.compile(r"(?<![\w-])--[a-z]+(?:-[a-z]+)*")
_MARKUP = re.compile(r"[\\`*_<\[$]")
_AS_IT_IS = "\b\n"


def written() -> Iterator[tuple[Path, str]]:
    """Yield each page or drawing that is written, wholly or in part: its path and its text."""
    yield REFERENCE / "keys.md", _keys()
    yield REFERENCE / "commands.md", _commands()
    for name, text in _messages():
        yield REFERENCE / "messages" / name, text
    yield DOCS / "pictures" / "architecture.svg", drawing()
    for name, tables in {
        "authors/changes.md": {"hazards": _hazards()},
        "authors/moments.md": {"hosts": _hosts()},
    }.items():
        text = (DOCS / name).read_text(encoding="utf-8")
        for mark, table in tables.items():
            text = _with_part(text, mark, table)
        yield DOCS / name, text


def _with_part(text: str, mark: str, part: str) -> str:
    """Return a page with the text between the two comments of a mark replaced."""
    begin, end = f"<!-- {mark}: make docs -->\n", f"<!-- end of {mark} -->\n"
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}\n{part}\n{end}{after}"


# Keys

_KINDS: Mapping[str, tuple[type, ...]] = {
    "deck": (About,),
    "sources": (Source,),
    "concepts": (Concept,),
    "notes": (QuestionNote, ClozeNote, Note),
    "check": (Check,),
}
_NOTES = {
    QuestionNote: "A question and its answer:",
    ClozeNote: "Or a text with cloze deletions:",
    Note: "Either of them may also have:",
}


def _keys() -> str:
    parts = [
        "# Keys of cards.yaml\n",
        "Keys in bold are required. An id consists of lowercase letters, digits and hyphens.\n",
        _table_of_keys(declared_keys(Deck).values()),
    ]
    for heading, kinds in _KINDS.items():
        parts += [f"## {heading}\n"]
        for kind in kinds:
            inherited = declared_keys(Note) if kind in (QuestionNote, ClozeNote) else {}
            own = [key for name, key in declared_keys(kind).items() if name not in inherited]
            parts += [f"{_NOTES.get(kind) or inspect.getdoc(kind)}\n", _table_of_keys(own)]
    return _DO_NOT_EDIT.format("the declarations in builder/cuedeck/deck/deck.py") + "\n".join(parts)


def _table_of_keys(keys: Iterable[Declared]) -> str:
    rows = [
        f"| {f'**`{key.name}`**' if key.required else f'`{key.name}`'} | {_cell(_in_words(key))} |\n" for key in keys
    ]
    return "| key | what it contains |\n| --- | --- |\n" + "".join(rows)


def _in_words(key: Declared) -> str:
    words = _BRACES.sub(r"`\g<0>`", key.key.doc)
    for beginning, values in (("Such as", key.key.examples), ("Either", key.key.choices)):
        words += f" {beginning} {' or '.join(f'`{each}`' for each in values)}." if values else ""
    return words


def _cell(text: str) -> str:
    """Return Markdown for a cell of a table, where a bar would end it, even in code."""
    return text.replace("|", r"\|").replace("\n", " ")


# Commands


def _commands() -> str:
    parts = ["# Commands\n", f"{_paragraphs(inspect.getdoc(cuedeck.callback) or '')}\n"]
    for group, commands in GROUPS.items():
        parts.append(f"## {group}\n")
        for name in commands:
            command: click.Command = importlib.import_module(f"cuedeck.commands.{name}").command
            parts.append(_command(name, command))
    return _DO_NOT_EDIT.format("what --help prints") + "\n".join(parts)


def _command(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=f"cuedeck {name}")
    usage = " ".join([f"cuedeck {name}", *command.collect_usage_pieces(context)])
    records = [each.get_help_record(context) for each in command.params]
    rows = [f"| {_cell(f'`{found[0]}`')} | {_cell(_plain(found[1]))} |\n" for found in records if found and found[1]]
    return "\n".join(
        [
            f"### cuedeck {name}\n",
            f"```text\n{usage}\n```\n",
            f"{_paragraphs(command.help or '')}\n",
            "| option | what it does |\n| --- | --- |\n" + "".join(rows),
        ]
    )


def _paragraphs(text: str) -> str:
    r"""Return a help text as Markdown. A paragraph after `\\b` keeps its lines, as code."""
    parts = inspect.cleandoc(text).split("\n\n")
    return "\n\n".join(
        f"```text\n{part.removeprefix(_AS_IT_IS)}\n```" if part.startswith(_AS_IT_IS) else _plain(part)
        for part in parts
    )


def _plain(text: str) -> str:
    """Return Markdown that shows a text as it is, with the options in it as code."""
    return _OPTION.sub(r"`\g<0>`", _MARKUP.sub(r"\\\g<0>", text))


# Messages


def _messages() -> Iterator[tuple[str, str]]:
    """Yield a page for each group of codes, with a heading for each code, and a page that lists all codes."""
    index = [
        "# Messages\n",
        "Each message ends with a code in brackets, such as `[bad-at]`. `cuedeck explain bad-at` prints the page of a "
        "code on the terminal; these are the same pages.\n",
    ]
    for group, of in groupby(all_pages().values(), key=attrgetter("group")):
        pages = tuple(of)
        name = re.sub(r"[^a-z]+", "-", group.partition(":")[0].lower()) + ".md"
        index.append(f"## [{group}]({name})\n")
        index.append("| code | what it means |\n| --- | --- |")
        index += [f"| [{page.code}]({name}#{page.code}) | {_cell(page.summary)} |" for page in pages]
        index[-1] += "\n"
        yield name, _head("messages") + f"# {group}\n\n" + "\n".join(map(_message, pages))
    yield "index.md", _head("messages") + "\n".join(index)


def _head(what: str) -> str:
    return _DO_NOT_EDIT.format(f"the {what} that the program declares")


def _message(page: Page) -> str:
    """Return the page of a code, with its examples as code blocks."""
    lines = _EXAMPLE.sub(_as_code, page.text + "\n")
    return f"## {page.code}\n\n{lines.strip()}\n"


def _as_code(found: "re.Match[str]") -> str:
    text = found[0]
    if not text.strip():
        return text
    code = inspect.cleandoc(text.strip("\n"))
    language = "console" if re.search(r"^\$ ", code, re.MULTILINE) else "yaml"
    return f"\n```{language}\n{code.strip()}\n```\n\n"


# Hazards and hosts


def _hazards() -> str:
    """Return the two tables of hazards, in the order in which they are declared."""
    refused = [
        _row(name, harm, ["yes" if harm.costs_progress else "no"]) for name, harm in HARMS.items() if harm.refused
    ]
    warned = [_row(name, harm, []) for name, harm in HARMS.items() if not harm.refused]
    return (
        "| refused | because | costs progress |\n| --- | --- | --- |\n"
        + "".join(refused)
        + "\nAn id or guid that belongs to another note (`taken-id`, `bad-was`) cannot be accepted.\n\n"
        + "| warned of | because |\n| --- | --- |\n"
        + "".join(warned)
    )


def _row(name: str, harm: Harm, more: list[str]) -> str:
    return f"| {' | '.join([f'`{name}`: {harm.edit}', harm.because, *more])} |\n"


def _hosts() -> str:
    rows = [f"| {host.name} | {', '.join(f'`{domain}`' for domain in host.domains)} |\n" for host in HOSTS]
    endings = ", ".join(f"`.{each}`" for each in ENDINGS)
    files = f"| audio and video files | any site, if the address ends in {endings} |\n"
    return "| host | addresses at |\n| --- | --- |\n" + "".join(rows) + files


if __name__ == "__main__":
    for path, text in written():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
