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
from cuedeck.deck.deck import (
    About,
    Check,
    ClozeNote,
    Concept,
    Credit,
    Deck,
    Note,
    OwnReverse,
    Part,
    QuestionNote,
    Source,
)
from cuedeck.deck.fileaddresses import ENDINGS
from cuedeck.deck.hosts import HOSTS
from cuedeck.deck.keys import Declared, declared_keys
from cuedeck.explaining.pages import Page, all_pages
from cuedeck.updating.harms import HARMS, Harm
from tests.docs.drawing import drawing
from tests.docs.manual import DOCS
from tests.docs.shown import cell, page, prose

REFERENCE = DOCS / "reference"
EVERY_KEY = Path(__file__).with_name("every-key.yaml")
_DO_NOT_EDIT = "<!-- Written by `make docs` from {}. Do not edit. -->\n\n"
_CODE = re.compile(
    rf"""
    (?<![\w-])--[a-z]+(?:-[a-z]+)*            # an option
    | [\w.]+\.(?:yaml|lock|json|md)\b         # a file
    | \$\S+\$ | \\\(\S+\\\)                   # a formula
    | \w+::\w+                                # a deck
    | (?:{"|".join(HARMS)})(?::[a-z-]+)?      # what --accept accepts
    | (?<=\s)\*(?=\s)
    """,
    re.VERBOSE,
)
_DEFAULT = re.compile(r"\s*\[default: (.+?)\]")
_RANGE = re.compile(r"\s*\[(\d+)<=x<=(\d+)\]")
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
    "notes": (QuestionNote, OwnReverse, ClozeNote, Note),
    "check": (Check,),
    "media": (Credit,),
}
_NOTES = {
    QuestionNote: "A question and its answer:",
    OwnReverse: "Instead of `true`, its `reverse` may be a mapping with these keys:",
    ClozeNote: "Or a text with cloze deletions:",
    Note: "Either of them may also have:",
}


def _keys() -> str:
    parts = [
        "# Keys of cards.yaml\n",
        prose(
            "All keys that cards.yaml may have. A note is what you write, and a card is what Anki asks. Notes are "
            "grouped into concepts, and a concept comes from a source, the recording."
        ),
        "\nThis file has most of them:\n",
        f"```yaml\n{EVERY_KEY.read_text(encoding='utf-8')}```\n",
        "In the tables, keys in bold are required. An id consists of lowercase letters, digits and single hyphens\n"
        "between them. [Editors](../authors/preview.md#let-your-editor-help) can show the same words beside a key.\n",
        "More on [text](../authors/text.md), on [moments and links](../authors/moments.md), and on\n"
        "[what an edit does to learners](../authors/changes.md).\n",
        _table_of_keys(declared_keys(Deck).values()),
        f"The files that `parts` names may only have {_listed(declared_keys(Part))}. None of these is required.\n",
    ]
    for heading, kinds in _KINDS.items():
        parts += [f"## {heading}\n"]
        for kind in kinds:
            inherited = declared_keys(Note) if kind in (QuestionNote, ClozeNote) else {}
            own = [key for name, key in declared_keys(kind).items() if name not in inherited]
            parts += [f"{_NOTES.get(kind) or prose(inspect.getdoc(kind) or '')}\n", _table_of_keys(own)]
    return _DO_NOT_EDIT.format("the declarations in builder/cuedeck/deck/deck.py") + "\n".join(parts)


def _listed(names: Iterable[str]) -> str:
    *others, last = (f"`{name}`" for name in names)
    return f"{', '.join(others)} and {last}"


def _table_of_keys(keys: Iterable[Declared]) -> str:
    rows = [
        f"| {f'**`{key.name}`**' if key.required else f'`{key.name}`'} | {cell(prose(_in_words(key)))} |\n"
        for key in keys
    ]
    return "| key | what it contains |\n| --- | --- |\n" + "".join(rows)


def _in_words(key: Declared) -> str:
    choices = [f"`{each}`" for each in key.key.choices]
    if key.key.shape == "either":
        choices.append(f"a mapping with {' and '.join(f'`{each}`' for each in declared_keys(key.key.kinds[0]))}")
    words = key.key.doc
    for beginning, values in (("For example,", [f"`{each}`" for each in key.key.examples]), ("Write", choices)):
        listed = " or ".join(filter(None, [", ".join(values[:-1]), *values[-1:]]))
        words += f" {beginning} {listed}." if values else ""
    return words


# Commands


_IN_COMMON = """
## What they have in common

* `cuedeck build --help`, or `-h`, prints the help of a command; the help of all commands is below. `cuedeck --version`
  prints the version.
* Run a command in the folder of `cards.yaml`. For a deck that is elsewhere, give the path of its folder or file as the
  last argument: `cuedeck build lectures` or `cuedeck build other.yaml`. The lock of the latter is `other.lock`. Only
  `init`, `explain`, `schema` and `completion` have no such argument.
* With `--quiet`, which most commands accept, a command prints nothing but problems. For other programs,
  `cuedeck check`, `cuedeck diff` and `cuedeck rehearse` print JSON with `--format json`. What this manual calls the
  code of a message is `rule` there.
* You can stop a command at any time, with Ctrl-C or a signal. Each file is then complete, either in its old version or
  in its new one, and the next command continues from there.

| exit code | meaning |
| --- | --- |
| 0 | All is well. |
| 1 | There is an error, or something else that the help of the command names. |
| 2 | The command line is wrong, such as an option that the command does not have. |
| 130 | You stopped the command with Ctrl-C. Another signal gives 128 and its number. |

| environment variable | effect |
| --- | --- |
| `SOURCE_DATE_EPOCH` | The time of a build, in seconds since 1970, instead of that of the clock. |
| `NO_COLOR` | If set, output has no colours. |
| `FORCE_COLOR` | If set, output has colours even if it does not go to a terminal. |

"""


def _commands() -> str:
    parts = [
        f"# Commands\n\n{_paragraphs(inspect.getdoc(cuedeck.callback) or '')}\n",
        "| command | what it does |\n| --- | --- |",
        *(
            f"| [`cuedeck {name}`](#cuedeck-{name}) | {cell(_help(words))} |"
            for commands in GROUPS.values()
            for name, words in commands.items()
        ),
        _IN_COMMON.rstrip("\n") + "\n",
    ]
    for group, commands in GROUPS.items():
        parts.append(f"## {group}\n")
        for name in commands:
            command: click.Command = importlib.import_module(f"cuedeck.commands.{name}").command
            parts.append(_command(name, command))
    return _DO_NOT_EDIT.format("what --help prints") + "\n".join(parts)


def _command(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=f"cuedeck {name}")
    usage = " ".join([f"cuedeck {name}", *command.collect_usage_pieces(context)])
    names = [each.human_readable_name for each in command.params if isinstance(each, click.Argument)]
    names += [each.metavar for each in command.params if each.metavar and each.metavar.isalpha()]
    options = (each for each in command.params if isinstance(each, click.Option))
    records = filter(None, (each.get_help_record(context) for each in options))
    rows = [
        f"| {cell(f'`{option}`'.replace(' RANGE', ''))} | {cell(_option(words, names))} |\n"
        for option, words in records
    ]
    table = "\n| option | what it does |\n| --- | --- |\n" + "".join(rows) if rows else ""
    return f"### cuedeck {name}\n\n```text\n{usage}\n```\n\n{_paragraphs(command.help or '', names)}\n{table}"


def _paragraphs(text: str, names: Iterable[str] = ()) -> str:
    r"""Return a help text as Markdown. A paragraph after `\\b` keeps its lines, as code."""
    parts = inspect.cleandoc(text).split("\n\n")
    return "\n\n".join(
        f"```text\n{part.removeprefix(_AS_IT_IS)}\n```" if part.startswith(_AS_IT_IS) else _help(part, names)
        for part in parts
    )


def _help(text: str, names: Iterable[str] = ()) -> str:
    """Return a paragraph of a help text as Markdown, with options, files and the given names as code."""
    code = "|".join([_CODE.pattern, *(rf"\b{name}\b(?!\.\w)" for name in names)])
    return prose(re.sub(code, r"`\g<0>`", text, flags=re.VERBOSE))


def _option(text: str, names: Iterable[str]) -> str:
    """Return what an option does as Markdown, with its default and its range as sentences."""
    default, limits = _DEFAULT.search(text), _RANGE.search(text)
    parts = [_help(_RANGE.sub("", _DEFAULT.sub("", text)), names)]
    if default:
        parts.append(f"Default: {prose(f'`{default[1]}`' if re.search('[/0-9]', default[1]) else default[1])}.")
    if limits:
        parts.append(f"From {limits[1]} to {limits[2]}.")
    return " ".join(parts)


# Messages


_INDEX = """# Messages

A message ends with a code in brackets, such as `[bad-at]`. Each code has a page that says what it means, why it matters
and what to do; `cuedeck explain bad-at` prints that page in the terminal.
[Troubleshooting](../../authors/troubleshooting.md) says how to read a message, and what each kind of message stops.

The examples show pieces of a `cards.yaml` and the commands that are run with it. Lines that begin with `-` and `+` are
an edit that is made before the next command. If there is no command, `cuedeck check` reports the problem.
"""


def _messages() -> Iterator[tuple[str, str]]:
    """Yield a page for each group of codes, with a heading for each code, and a page that lists all codes."""
    index = [_INDEX]
    names = {each.code: _file_of(each) for each in all_pages().values()}
    for group, of in groupby(all_pages().values(), key=attrgetter("group")):
        pages = tuple(of)
        name = names[pages[0].code]
        index.append(f"## [{group}]({name})\n\n| code | what it means |\n| --- | --- |")
        index += [f"| [{each.code}]({name}#{each.code}) | {cell(prose(each.summary))} |" for each in pages]
        index[-1] += "\n"
        links = {code: f"{'' if file == name else file}#{code}" for code, file in names.items()}
        messages = (message(each, links) for each in pages)
        yield name, _head("messages") + f"# {group}\n\n{_ABOUT}\n\n" + "\n".join(messages)
    yield "index.md", _head("messages") + "\n".join(index)


_ABOUT = "[All messages](index.md), and [how to read one](../../authors/troubleshooting.md)."


def _file_of(each: Page) -> str:
    return re.sub(r"[^a-z]+", "-", each.group.partition(":")[0].lower()) + ".md"


def _head(what: str) -> str:
    return _DO_NOT_EDIT.format(f"the {what} that the program declares")


def message(of: Page, links: Mapping[str, str]) -> str:
    """Return the page of a code as a section; `links` are the addresses of the sections of all codes."""
    others = {code: address for code, address in links.items() if code != of.code}
    return f"## {of.code}\n\n{page(of.text, others)}\n"


# Hazards and hosts


_NEVER_ACCEPTED = """\
An id that belongs to another note ([`taken-id`](../reference/messages/ids-guids-and-the-lock.md#taken-id),
[`bad-was`](../reference/messages/keys-and-values.md#bad-was)), or its guid
([`taken-guid`](../reference/messages/ids-guids-and-the-lock.md#taken-guid)), cannot be accepted."""


def _hazards() -> str:
    """Return the two tables of hazards, in the order in which they are declared."""
    refused = [
        _row(name, harm, ["yes" if harm.costs_progress else "no"]) for name, harm in HARMS.items() if harm.refused
    ]
    warned = [_row(name, harm, []) for name, harm in HARMS.items() if not harm.refused]
    return (
        "| refused | because | costs progress |\n| --- | --- | --- |\n"
        + "".join(refused)
        + f"\n{_NEVER_ACCEPTED}\n\n"
        + "| warned of | because |\n| --- | --- |\n"
        + "".join(warned)
    )


def _row(name: str, harm: Harm, more: list[str]) -> str:
    link = f"[`{name}`](../reference/messages/hazards.md#{name})"
    return f"| {' | '.join([f'{link}: {harm.edit}', harm.because, *more])} |\n"


def _hosts() -> str:
    rows = [
        f"| {host.name} | {host.paths or ', '.join(f'`{domain}`' for domain in host.domains)} |\n" for host in HOSTS
    ]
    endings = ", ".join(f"`.{each}`" for each in ENDINGS)
    files = f"| audio and video files | any site, if the address ends in {endings} |\n"
    return "| host | addresses at |\n| --- | --- |\n" + "".join(rows) + files


if __name__ == "__main__":
    for path, text in written():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
