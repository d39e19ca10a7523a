"""How far a command is, on a real terminal: when that is shown, what it looks like, and that nothing of it stays."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cuedeck.commands.progress import shown_progress
from cuedeck.progress import Progress
from tests.anki.packages import Row, pack
from tests.making import build_deck, deck, question
from tests.running import as_left_on_screen, on_terminal
from tests.sentences import EXPLAINED

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals")


class Clock:
    """Shows the seconds that a test sets."""

    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def columns() -> int:
    """The width of the terminal; 0 if it does not say."""
    return 0


class Terminal:
    """A terminal of a given width."""

    def __init__(self, columns: int) -> None:
        import fcntl
        import pty
        import struct
        import termios

        self.ours, its = pty.openpty()
        fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.stream = os.fdopen(its, "w", encoding="utf-8")

    @contextlib.contextmanager
    def shown(self, clock: Clock, wanted: bool = True) -> Iterator[Progress]:
        """Show progress on this terminal. (A fixture cannot do that, since pytest sets standard error after it.)"""
        with contextlib.redirect_stderr(self.stream), shown_progress(wanted, clock) as progress:
            yield progress

    def ended(self) -> str:
        """End the terminal; return all that was written to it."""
        self.stream.close()
        said = b""
        with contextlib.suppress(OSError):  # how a terminal ends
            while part := os.read(self.ours, 65_536):
                said += part
        return said.decode().replace("\r\n", "\n")


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, columns: int) -> Iterator[Terminal]:
    """A terminal that can return to the start of a line."""
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal(columns)
    yield terminal
    terminal.stream.close()
    os.close(terminal.ours)


def drawn(said: str) -> list[str]:
    """Return what was drawn each time, without the blanks that erase the end of what was there before."""
    return [line.rstrip(" ") for line in said.split("\r")[1:]]


def test_nothing_is_shown_for_two_seconds(terminal: Terminal) -> None:
    """However often work is reported until then; what is done earlier leaves no byte on the terminal."""
    clock = Clock()
    with terminal.shown(clock) as progress:
        for tenth in range(20):
            clock.seconds = 100 + tenth / 10
            progress("counting", tenth, 20)
    assert terminal.ended() == ""


def test_then_it_is_drawn_ten_times_a_second(terminal: Terminal) -> None:
    """Other work is shown at once, since it may be long. Work that cannot be counted has no bar."""
    clock = Clock()
    with terminal.shown(clock) as progress:
        for seconds, doing, done, of in (
            (1.9, "counting", 0, 4000),
            (2.0, "counting", 1000, 4000),
            (2.05, "counting", 1500, 4000),
            (2.15, "counting", 2000, 4000),
            (2.16, "tidying up", 0, 0),
            (2.17, "tidying up", 0, 0),
        ):
            clock.seconds = 100 + seconds
            progress(doing, done, of)
    said = terminal.ended()
    assert drawn(said) == [
        "[######------------------] counting: 1,000 of 4,000",
        "[############------------] counting: 2,000 of 4,000",
        "tidying up ...",
        "",
        "",
    ]
    assert as_left_on_screen(said) == ""


@pytest.mark.parametrize("end", [None, ValueError, KeyboardInterrupt])
def test_it_is_erased_however_the_work_ends(terminal: Terminal, end: type[BaseException] | None) -> None:
    """What is printed next begins at the start of a blank line."""
    clock = Clock()
    with contextlib.suppress(ValueError, KeyboardInterrupt), terminal.shown(clock) as progress:
        clock.seconds += 2
        progress("counting", 1, 2)
        if end:
            raise end
    terminal.stream.write("the end\n")
    said = terminal.ended()
    assert "counting: 1 of 2" in said
    assert as_left_on_screen(said) == "the end\n"


@pytest.mark.parametrize("columns", [20])
@pytest.mark.parametrize(
    ("doing", "shown"),
    [
        ("importing a-long-name.apkg", "importing a-long-na"),
        ("reading \x1b]0;owned\x07", r"reading \x1b]0;owne"),
        ("reading a\nb", r"reading a\nb ..."),
        ("reading 漢字漢字漢字漢字", "reading 漢字漢字漢"),
    ],
)
def test_it_fits_into_one_line(terminal: Terminal, doing: str, shown: str) -> None:
    """The last column stays free, and no name steers the terminal or begins a new line."""
    clock = Clock()
    with terminal.shown(clock) as progress:
        clock.seconds += 2
        progress(doing, 0, 0)
    assert drawn(terminal.ended())[0] == shown


@pytest.mark.parametrize(("wanted", "term"), [(False, "xterm"), (True, "dumb")], ids=["unwanted", "dumb"])
def test_a_terminal_on_which_it_is_not_shown(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, wanted: bool, term: str
) -> None:
    """Nothing is written if the command prints data, or the terminal cannot go back to the start of a line."""
    monkeypatch.setenv("TERM", term)
    clock = Clock()
    with terminal.shown(clock, wanted) as progress:
        clock.seconds += 2
        progress("counting", 1, 2)
    assert terminal.ended() == ""


def test_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """A pipe or a file gets nothing of it."""
    clock = Clock()
    with shown_progress(clock=clock) as progress:
        clock.seconds += 2
        progress("counting", 1, 2)
    assert capsys.readouterr() == ("", "")


AT_ONCE = "from cuedeck.commands import progress\nprogress._PATIENCE = 0\nfrom cuedeck.cli import main\nmain()\n"
"""A program that shows progress from the start."""

CTRL_C_AT_IMPORT = """
import os, signal, sys
def interrupt(event, words):
    if event == "open" and str(words[0]).endswith(os.path.join("learner", "package.apkg")):
        signal.raise_signal(signal.SIGINT)
sys.addaudithook(interrupt)
"""


@pytest.mark.slow
@pytest.mark.needs("anki")
@pytest.mark.parametrize("new", ["cards.yaml", "broken.apkg"])
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_rehearsal_on_a_terminal(folder: Path, plain_environment: dict[str, str], new: str, form: str) -> None:
    """Its steps are shown while Anki works; at the end, the screen shows what a pipe gets. JSON comes without them."""
    build_deck(folder, deck({"one": question(), "two": question("Two?")}))
    pack(folder / "broken.apkg", [Row("a", ("A", "x"))], at=0)  # Anki's backend panics at this
    environment = {**plain_environment, "TERM": "xterm", "NO_COLOR": "1"}
    program = [sys.executable, "-c", AT_ONCE, "rehearse", "decks/small.apkg", new, "--format", form]
    piped = subprocess.run(
        program, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    said = on_terminal(program, folder, environment)
    assert as_left_on_screen(said).replace(EXPLAINED, "") == piped.stdout
    if form == "json":
        assert "\r" not in said
    elif new == "broken.apkg":
        assert "\rimporting broken.apkg ..." in said
    else:
        assert [line for line in drawn(said.partition("decks/small.apkg to")[0]) if line] == [
            "importing cards.yaml ...",
            "importing decks/small.apkg ...",
            "[------------------------] answering cards: 0 of 2",
            "[------------------------] editing notes: 0 of 1",
            "importing cards.yaml ...",
            "importing cards.yaml again ...",
        ]


@pytest.mark.slow
@pytest.mark.needs("anki")
def test_a_rehearsal_that_ctrl_c_stops(folder: Path, plain_environment: dict[str, str]) -> None:
    """What was shown is erased, and the usual line says that the command was stopped."""
    build_deck(folder, deck({"one": question()}))
    program = [sys.executable, "-c", CTRL_C_AT_IMPORT + AT_ONCE, "rehearse", "decks/small.apkg"]
    said = on_terminal(program, folder, {**plain_environment, "TERM": "xterm"})
    assert "\rimporting decks/small.apkg ..." in said
    assert as_left_on_screen(said) == "\ncuedeck: stopped; every file is complete, in its old or its new version\n"
