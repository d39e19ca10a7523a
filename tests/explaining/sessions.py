"""Play examples of pages: pieces of a cards.yaml and commands, as an author would write and type them."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

from click.testing import CliRunner

from cuedeck.cli import cuedeck
from cuedeck.deck.values import EXAMPLE_NAMESPACES
from tests.mediafiles import put_files

CODE = re.compile(r"\[([a-z0-9]+(?:-[a-z0-9]+)*)\]$", re.MULTILINE)
_EXAMPLE = r"^{}:\n\n((?:    .*\n?|\n)+)"
_ASSIGNED = re.compile(r"[A-Z_]+=")
_SECTIONS = ("deck", "sources", "check", "media", "concepts")
_NOTE = re.compile(r"^(?:- )?(?:q|a|cloze|at|extra|reverse|tags|guid|was|retired|source|feedback)\b", re.MULTILINE)

DECK = 'deck:\n  id: small\n  namespace: "4d9k2w7h"\n  title: Small\n  license: CC BY 4.0\n  author: A. Writer\n'
TALK = "sources:\n  talk:\n    title: A talk\n    author: A. Speaker\n    url: https://example.org/talk.mp3\n"
NOTE = "dyad:\n  q: What is a dyad?\n  a: Two people regarded as one unit\n"


def examples(page: str, heading: str) -> list[str]:
    """Return the examples below a heading of a page, without their indent."""
    return [re.sub(r"^    ", "", found[1], flags=re.M).strip("\n") + "\n" for found in _found(page, heading)]


def _found(page: str, heading: str) -> Iterator["re.Match[str]"]:
    return re.finditer(_EXAMPLE.format(heading), page, re.MULTILINE)


def whole_file(piece: str) -> str:
    """Return a cards.yaml around a piece of one: sections, notes by their ids, or the lines of one note.

    A piece that begins with the comment `# cards.yaml` is all of the file.
    """
    if piece.startswith("# cards.yaml\n"):
        return piece
    sections = dict(_sections(piece))
    is_at_a_moment = re.search(r"^\s*(?:at|source):", piece, re.MULTILINE)
    if not sections:
        notes = f"note:\n{_indented(piece, 2)}" if _NOTE.match(piece) else piece
        sections = {"concepts": _concept(notes, "1:00" if is_at_a_moment else "")}
    if is_at_a_moment:
        sections.setdefault("sources", TALK)
    if "concepts" not in sections:
        sections["concepts"] = _concept(NOTE, "1:00" if "sources" in sections else "")
    sections.setdefault("deck", DECK)
    return "".join(sections[name] for name in _SECTIONS if name in sections)


def _sections(piece: str) -> Iterator[tuple[str, str]]:
    parts = re.split(rf"^({'|'.join(_SECTIONS)}):", piece, flags=re.MULTILINE)
    for name, rest in zip(parts[1::2], parts[2::2], strict=True):
        yield name, f"{name}:{rest}"


def _concept(notes: str, at: str) -> str:
    moment = f"    at: {at}\n" if at else ""
    return f"concepts:\n  idea:\n    title: Idea\n{moment}    notes:\n{_indented(notes, 6)}"


def _indented(text: str, by: int) -> str:
    return "".join(f"{' ' * by if line.strip() else ''}{line}" for line in text.splitlines(keepends=True))


def as_of_a_reader(text: str) -> str:
    """Return an example with namespaces of a reader's own instead of those in the documentation: these, backwards."""
    return re.sub("|".join(EXAMPLE_NAMESPACES), lambda found: found[0][::-1], text)


def play(example: str, folder: Path) -> tuple[int, set[str], str]:
    """Play an example in a folder, which is the current one, and return the exit code and codes of its last command.

    The third value is all that this command printed. All commands before it succeed.
    """
    cards = folder / "cards.yaml"
    cards.write_text(whole_file(NOTE), encoding="utf-8")
    put_files(example, folder)
    steps = list(_steps(example))
    if steps and not steps[-1].startswith("$ "):
        steps.append("$ cuedeck check")
    code, printed = 0, ""
    for step in steps:
        assert code == 0, printed
        if step.startswith("$ "):
            code, printed = _run(step.removeprefix("$ ").strip(), folder)
        else:
            cards.write_text(whole_file(step), encoding="utf-8")
    return code, set(CODE.findall(printed)), printed


def _steps(example: str) -> Iterator[str]:
    """Yield pieces of a cards.yaml, and commands with the sign before them; a backslash continues a line."""
    piece = ""
    for line in re.sub(r"^(\$ .*)\\\n", r"\1", example, flags=re.M).splitlines(keepends=True):
        if line.startswith("$ "):
            if piece.strip():
                yield piece
            yield line
            piece = ""
        else:
            piece += line
    if piece.strip():
        yield piece.lstrip("\n")


def _run(command: str, folder: Path) -> tuple[int, str]:
    words = shlex.split(command)
    environment = dict(each.split("=", 1) for each in words if _ASSIGNED.match(each))
    words = words[len(environment) :]
    if words[0] == "cuedeck":
        result = CliRunner().invoke(cuedeck, words[1:], env=environment, catch_exceptions=False)
        return result.exit_code, result.output
    done = subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr
