"""The pages of the manual and their examples, which are tried as a reader would try them.

Each page is one session in an empty folder. Its code blocks are tried in their order:

yaml     a whole cards.yaml becomes that of the folder; any other piece of one is completed, and checked on
         its own; both are checked beside the pictures and sounds of tests/examples/media
diff     lines of the cards.yaml are replaced
console  each command after a `$` prints exactly the lines below it; a line `...` stands for any lines, and a size in kB
         for any size, since it depends on the system's zlib
sh       each command succeeds
pycon    a session of Python prints exactly what is shown; all such blocks of a page are one session

The namespaces are those of examples, which nothing can be released with; they are replaced by some of the reader's
own, as the manual asks for. A page that shows guids puts them back.

A picture right below a yaml block shows its card; `cardpictures.py` says how.

A comment right above a block, which readers do not see, says what is different about it. Two comments are on their own:
`<!-- run: COMMAND -->` runs a command that readers need not see, and `<!-- needs: LIBRARIES -->` skips the rest of the
page if one of these is missing (if CI is set, it fails):

<!-- file: NAME -->       the block is the text of this file
<!-- reports: CODES -->   the cards.yaml, or piece of one, has exactly these problems or advice
<!-- fails -->            the last command ends with an exit code other than 0
<!-- set-up -->           the commands set up an environment, and are tried in a copy of the repository
<!-- copy: NAME -->       a diff changes this file in the page's own copy of the repository, any other text is the file;
                          without a name, commands are run in that copy, which has a .venv already
<!-- not run: REASON -->  nobody can run the block here
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from markdown_it import MarkdownIt

from tests.explaining.sessions import as_of_a_reader, whole_file
from tests.making import FIRST, ROOT, SOURCE
from tests.mediafiles import put_files
from tests.needing import needed

DOCS = ROOT / "docs"
PAGES = tuple(sorted(DOCS.rglob("*.md")))
README = ROOT / "README.md"

_COMMENT = re.compile(r"<!-- ([a-z-]+(?: run)?)(?:: (.*?))? -->\s*", re.DOTALL)
_ALONE = ("run", "needs")
_DIRECTIVES = (*_ALONE, "file", "reports", "fails", "set-up", "copy", "not run")
_PARSER = MarkdownIt("commonmark").enable("table")


@dataclass(frozen=True)
class Block:
    """A code block of a page, or a comment that is on its own, whose name is the `language` then.

    `directive` and `value` are what a comment above the block says; both are empty if there is none.
    """

    line: int
    language: str
    text: str
    directive: str = ""
    value: str = ""


def blocks(page: str) -> Iterator[Block]:
    """Yield the blocks of a page in their order. Raises ValueError if a comment gives a directive that is not known."""
    directive = value = ""
    for token in _PARSER.parse(page):
        if token.type == "html_block" and (found := _COMMENT.fullmatch(token.content)) and found[1] in _DIRECTIVES:
            directive, value = found[1], found[2] or ""
            if directive not in _ALONE:
                continue
            yield Block((token.map or [0])[0] + 1, directive, value)
        elif token.type == "fence":
            yield Block((token.map or [0])[0] + 1, token.info, token.content, directive, value)
        directive = value = ""


class Session:
    """A reader who follows one page: `play` does what each block says."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        """Begin in a folder, with the environment of `author` or `newcomer`."""
        self.folder = folder
        self.environment = environment
        self._python = ""

    def play(self, block: Block) -> None:
        """Try one block. Raises AssertionError if it does not do what the page says."""
        if block.directive == "not run":
            assert block.value, "say why the block is not run"
        elif block.directive == "file":
            path = self.folder / block.value
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(as_of_a_reader(block.text), encoding="utf-8")
        elif block.directive == "copy":
            self._in_copy(block)
        elif block.language == "yaml":
            self._yaml(replace(block, text=as_of_a_reader(block.text)))
        elif block.language == "diff":
            _edit(self.folder / "cards.yaml", as_of_a_reader(block.text))
        elif block.language == "console":
            self._console(replace(block, text=as_of_a_reader(block.text)))
        elif block.language == "pycon":
            self._session(block.text)
        elif block.language in ("sh", "run"):
            self._run(block.text, fails=block.directive == "fails")
        elif block.language == "needs":
            for library in block.text.split():
                needed(library)
        else:
            raise AssertionError(f'no test tries a block of "{block.language}": add a comment that says how or why')

    def _yaml(self, block: Block) -> None:
        is_whole = all(re.search(f"^{key}:", block.text, re.MULTILINE) for key in ("deck", "concepts"))
        if is_whole:
            (self.folder / "cards.yaml").write_text(block.text, encoding="utf-8")
        cards = block.text if is_whole else whole_file(block.text)
        printed = _check(cards, self.folder.with_name("piece"), self.environment)
        reported = re.findall(r"^[^ ].* \[([a-z0-9-]+)\]$", printed, re.MULTILINE)
        assert set(reported) == set(block.value.split()), printed

    def _in_copy(self, block: Block) -> None:
        """Try a block in the copy of the repository that this page has; it is made when first needed."""
        copy = self.folder.with_name("copy")
        if not copy.exists():
            copy_repository(copy)
            _program(copy / ".venv" / "bin" / "python", f'PYTHONPATH=builder:. exec "{sys.executable}" "$@"')
            for stamp in (".installed", ".installed-dev"):  # so that make does not set it up
                (copy / ".venv" / stamp).touch()
        if not block.value:
            # The deck of the repository was built after the time at which readers build.
            environment = {name: value for name, value in self.environment.items() if name != "SOURCE_DATE_EPOCH"}
            Session(copy, environment).play(replace(block, directive=""))
        elif block.language == "diff":
            _edit(copy / block.value, block.text)
        else:
            (copy / block.value).write_text(block.text, encoding="utf-8")

    def _console(self, block: Block) -> None:
        steps = re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]
        assert steps, "a console block begins with a command after a $"
        for number, step in enumerate(steps, 1):
            command, _, expected = re.sub(r"\\\n> ", "", step).partition("\n")
            printed = self._run(command, fails=block.directive == "fails" and number == len(steps))
            parts = re.split(r"^\.\.\.\n", _without_sizes(expected), flags=re.MULTILINE)
            pattern = r"(?:.*\n)*".join(map(re.escape, parts))
            assert re.fullmatch(pattern, _without_sizes(printed)), f"$ {command}\n{printed}"

    def _session(self, text: str) -> None:
        """Go on with the session of Python; what was typed before is typed again, in a new process."""
        self._python += text
        file = self.folder.with_name("session.txt")
        file.write_text(self._python, encoding="utf-8")
        words = [sys.executable, "-m", "doctest", "-o", "ELLIPSIS", "-o", "NORMALIZE_WHITESPACE", file]
        done = subprocess.run(words, cwd=self.folder, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    def _run(self, commands: str, fails: bool = False) -> str:
        """Run commands in the folder in which the last ones ended; return all that they printed."""
        where = self.folder.with_name("where")
        script = f"set -e\n{commands}\npwd > '{where}'\n" if not fails else commands
        done = subprocess.run(
            ["sh", "-c", script],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert (done.returncode != 0) is fails, f"$ {commands}\n{done.stdout}"
        if not fails:
            self.folder = Path(where.read_text(encoding="utf-8").rstrip("\n"))
        return done.stdout


def _edit(path: Path, text: str) -> None:
    """Replace the lines of a file that begin with "-" by those that begin with "+"; others stay as they are."""
    old = "".join(line[1:] for line in text.splitlines(keepends=True) if line[0] in " -")
    new = "".join(line[1:] for line in text.splitlines(keepends=True) if line[0] in " +")
    before = path.read_text(encoding="utf-8")
    assert before.count(old) == 1, f"{path.name} does not have these lines once:\n{old}"
    path.write_text(before.replace(old, new), encoding="utf-8")


def copy_repository(folder: Path) -> None:
    """Copy the files of the repository, as git would clone them, to a new folder."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes((ROOT / name).read_bytes())


def _without_sizes(text: str) -> str:
    return re.sub(r"\b\d+ kB\b", "some kB", text)


def _check(cards: str, folder: Path, environment: dict[str, str]) -> str:
    """Return what `cuedeck check` prints about the text of a cards.yaml."""
    shutil.rmtree(folder / "media", ignore_errors=True)  # of another piece
    folder.mkdir(exist_ok=True)
    put_files(cards, folder)
    (folder / "cards.yaml").write_text(cards, encoding="utf-8")
    words = [sys.executable, "-m", "cuedeck", "check"]
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True)
    return done.stdout + done.stderr


def author(programs: Path) -> dict[str, str]:
    """Return the environment of a reader who has installed Cuedeck. `programs` is a new folder for the command.

    `python3` has the libraries of Cuedeck, such as genanki, with which hidden commands make packages of another tool.
    """
    _program(programs / "cuedeck", f'exec "{sys.executable}" -m cuedeck "$@"')
    _program(programs / "python3", f'exec "{sys.executable}" "$@"')
    return {**_reader(programs), "PYTHONPATH": str(SOURCE), "SOURCE_DATE_EPOCH": str(FIRST)}


def newcomer(programs: Path, folder: Path) -> dict[str, str]:
    """Return the environment of a reader who has Python, pipx and uv, and a copy of the repository in a folder."""
    python = getattr(sys, "_base_executable", sys.executable)
    _program(programs / "python3", f'exec "{python}" "$@"')
    subprocess.run([python, "-m", "venv", programs / "tools"], check=True)
    pip = [programs / "tools" / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, "pipx", "uv"], check=True)
    for name in ("pipx", "uv"):
        _program(programs / name, f'exec "{programs}/tools/bin/{name}" "$@"')
    environment = _reader(programs)
    settings = Path(environment["GIT_CONFIG_GLOBAL"])
    with settings.open("a", encoding="utf-8") as file:
        file.write(f'[url "{folder.as_uri()}"]\ninsteadOf = https://example.org/cuedeck.git\n')
    return {
        **environment,
        "PIPX_HOME": str(programs / "pipx-home"),
        "PIPX_BIN_DIR": str(programs),
        "UV_TOOL_DIR": str(programs / "uv-tools"),
        "UV_TOOL_BIN_DIR": str(programs / "uv-programs"),
    }


def _reader(programs: Path) -> dict[str, str]:
    """Return the environment of any reader, with git and a browser that opens nothing."""
    _program(programs / "xdg-open", "exit 0")
    settings = programs / "gitconfig"
    settings.write_text(
        "[init]\ndefaultBranch = main\n[user]\nname = A. Writer\nemail = writer@example.org\n", encoding="utf-8"
    )
    ours = str(Path(sys.executable).parent)
    path = [each for each in os.environ["PATH"].split(os.pathsep) if each != ours]
    others = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "GIT_", "VIRTUAL_"))}
    return {
        **others,
        "PATH": os.pathsep.join([str(programs), *path]),
        "HOME": str(programs),
        # uv must know the shell, to name the file in which it keeps its PATH; a process without a terminal may not say.
        "SHELL": "/bin/bash",
        "BROWSER": "true",
        "COLUMNS": "80",
        "GIT_CEILING_DIRECTORIES": str(programs.parent),
        "GIT_CONFIG_GLOBAL": str(settings),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_DATE": f"{FIRST} +0000",
        "GIT_COMMITTER_DATE": f"{FIRST} +0000",
    }


def _program(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
