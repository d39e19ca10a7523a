"""The command line as authors and scripts see it: exit codes, what is printed where, and odd environments."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cuedeck import __version__
from cuedeck.cli import COMMANDS
from cuedeck.disk.workspace import Workspace
from tests.making import DAY, FIRST, SOURCE, TALK, build_deck, cloze, deck, question, release_deck, write
from tests.running import PATIENCE, interruptible, on_terminal, run
from tests.sentences import EXPLAINED

SMALL = deck({"one": question(), "two": cloze("It is {{c1::x}} and {{c2::y}}.")})
# A build that says when it starts to wait for another one.
WAITING = """
import time
from cuedeck.cli import cuedeck, main
sleep = time.sleep
def tell(seconds):
    print("waits")
    time.sleep = sleep
    sleep(seconds)
time.sleep = tell
import sys
sys.argv = ["cuedeck", "build"]
main()
"""
WITH_ERRORS = deck({"one": {"q": "What?", "anser": "That."}})


def in_process(folder: Path, environment: dict[str, str], *words: str) -> "subprocess.CompletedProcess[bytes]":
    """Run the command in a separate process, with its output as bytes."""
    return subprocess.run([sys.executable, "-m", "cuedeck", *words], cwd=folder, env=environment, capture_output=True)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals")
@pytest.mark.parametrize(
    ("words", "where"),
    [
        ("check", "bad"),
        ("build", "bad"),
        ("check", "harmful"),
        ("diff", "harmful"),
    ],
)
def test_a_terminal_shows_once_what_explains_codes(
    folder: Path, plain_environment: dict[str, str], words: str, where: str
) -> None:
    """Errors, warnings and hazards alike; a pipe gets the same without this line."""
    if where == "bad":
        write(folder, WITH_ERRORS)
    else:
        release_deck(folder, deck({"one": question(), "two": question("Two?")}))
        write(folder, deck({"one": question()}))
    program = [sys.executable, "-m", "cuedeck", words]
    environment = {**plain_environment, "NO_COLOR": "1"}
    shown = on_terminal(program, folder, environment)
    piped = subprocess.run(
        program, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert "]\n" in piped.stdout
    assert shown.count(EXPLAINED) == 1
    assert sorted(shown.replace(EXPLAINED, "").splitlines()) == sorted(piped.stdout.splitlines())


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals")
@pytest.mark.parametrize("words", ["check -q", "check --format json", "build --quiet"])
def test_what_explains_codes_is_left_out(folder: Path, plain_environment: dict[str, str], words: str) -> None:
    """--quiet and JSON print problems only."""
    write(folder, WITH_ERRORS)
    shown = on_terminal([sys.executable, "-m", "cuedeck", *words.split()], folder, plain_environment)
    assert "unknown-key" in shown
    assert "cuedeck explain" not in shown


def test_build_ends_with_one_line(folder: Path) -> None:
    """The last line says where the package is, what is in it, what is new in it, and how large it is."""
    write(folder, SMALL)
    result = run("build")
    size = round((folder / "decks" / "small.apkg").stat().st_size / 1000)
    assert result.exit_code == 0
    assert result.stdout == (f"decks/small.apkg: 2 notes, 3 cards (2 new, 0 changed, 0 unchanged), {size} kB\n")
    assert result.stderr == ""


def test_build_counts_what_changed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an edit the line counts new, changed and unchanged notes separately; a single thing is in the singular."""
    build_deck(folder, deck({"one": question(), "two": question("Two?")}))
    write(folder, deck({"one": question(answer="New."), "two": question("Two?"), "three": question("Three?")}))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(FIRST + DAY))
    assert "3 notes, 3 cards (1 new, 1 changed, 1 unchanged), " in run("build").stdout
    single = write(folder / "single", deck({"one": question()}))
    assert "1 note, 1 card (1 new, 0 changed, 0 unchanged), " in run("build", str(single)).stdout


def test_quiet_says_nothing(folder: Path) -> None:
    """--quiet prints nothing but problems."""
    write(folder, SMALL)
    for words in (["build", "-q"], ["check", "--quiet"], ["verify", "decks/small.apkg", "-q"]):
        result = run(*words)
        assert (result.exit_code, result.stdout) == (0, ""), words
    write(folder, WITH_ERRORS)
    assert run("build", "--quiet").stderr != ""


def test_verbose_names_what_changed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--verbose prints a line for every new or changed note, before the last line."""
    write(folder, SMALL)
    assert run("build", "--verbose").stdout.splitlines()[:-1] == [
        "new note type Cuedeck small (question and answer)",
        "new note type Cuedeck small (cloze)",
        "new note one",
        "new note two",
    ]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(FIRST + DAY))
    write(folder, deck({"one": question(answer="New."), "two": SMALL["concepts"]["idea"]["notes"]["two"]}))
    assert run("build", "-v").stdout.splitlines()[:-1] == ["changed note one"]


def test_what_beginners_type_leads_on(folder: Path) -> None:
    """Help is an option, and a release has a version."""
    assert 'there is no command "help": "cuedeck --help" lists them' in run("help").stderr
    assert 'there is no command "relase": did you mean "release"?' in run("relase").stderr
    result = run("release")
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (
        2,
        "Error: a release needs a version, three numbers, such as: cuedeck release 1.0.0",
    )


def test_output_goes_where_the_option_says(folder: Path) -> None:
    """-o names the package, wherever that is, and nothing is written to the usual place."""
    write(folder, SMALL)
    assert run("build", "-o", "other/place.apkg").stdout.startswith("other/place.apkg: 2 notes")
    assert (folder / "other" / "place.apkg").is_file()
    assert not (folder / "decks").exists()


@pytest.mark.skipif(os.name == "nt", reason="not everyone may make links there")
def test_a_link_to_a_cards_file_shares_its_lock(folder: Path) -> None:
    """Two locks of one deck would disagree about what learners have."""
    write(folder / "deck", SMALL)
    Path("cards.yaml").symlink_to("deck/cards.yaml")
    assert run("build").stdout.startswith("deck/decks/small.apkg: 2 notes")
    assert run("diff", "deck/decks/small.apkg").exit_code == 0
    assert "(0 new, 0 changed, 2 unchanged)" in run("build", "deck/cards.yaml").stdout
    assert run("release", "1.0.0").exit_code == 0
    assert run("diff").exit_code == 0
    assert [path.as_posix() for path in Path().rglob("*.lock") if ".cuedeck" not in path.parts] == ["deck/cards.lock"]
    assert {path.name for path in Path().iterdir()} == {"cards.yaml", "deck"}
    Path("cards.yaml").unlink()
    Path("cards.yaml").symlink_to("cards.yaml")
    assert "[unreadable]" in run("check").stderr


@pytest.mark.parametrize(
    "is_linked", [False, pytest.param(True, marks=pytest.mark.skipif(os.name == "nt", reason="no"))]
)
def test_a_folder_means_the_cards_file_in_it(folder: Path, is_linked: bool) -> None:
    """Every command that takes a cards file takes its folder, too, whatever other arguments it has."""
    source = {**TALK, "chapters": {"0:00": "Beginning", "1:00": "Middle", "2:00": "End"}, "transcript": "talk.vtt"}
    release_deck(folder / "deck", deck({"one": question(), "two": question("Two?")}, sources={"talk": source}))
    (folder / "deck" / "talk.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:05.000\nbees dance in the dark\n")
    if is_linked:
        Path("link").symlink_to("deck")
    place = "link" if is_linked else "deck"
    package = f"{place}/decks/small.apkg"
    commands = {
        "check": [],
        "build": [],
        "preview": [],
        "coverage": [],
        "find": ["bees dance"],
        "chapters": ["talk"],
        "diff": [package],
        "verify": [package],
        "media": [],
        "fork": ["--id", "other"],
    }
    assert run("diff", place).exit_code == 0
    for name, words in commands.items():
        result = run(name, *words, place)
        assert result.exit_code == 0, (name, result.output)
    made = [path.as_posix() for path in folder.rglob("cards.lock*") if ".cuedeck" not in path.parts]
    assert {Path(path).parent.name for path in made} == {"deck"}
    os.chdir(place)
    assert run("check", ".").stdout.startswith("cards.yaml is valid: ")
    os.chdir(folder)


# What is in the folder, and the hint if its name is given to a command.
WITHOUT_CARDS: dict[str, tuple[list[str], str]] = {
    "nothing": (
        [],
        "run cuedeck in the folder of cards.yaml, or name its folder; to start a deck here: cuedeck init x",
    ),
    "one deck": (["x/bees.yaml"], "name the file that you mean: x/bees.yaml is a deck in this folder"),
    "several decks": (
        ["x/bees.yaml", "x/ants.yml", "x/wasps/cards.yaml"],
        "name the file that you mean: x/ants.yml, x/bees.yaml, x/wasps/cards.yaml are decks in this folder",
    ),
}


@pytest.mark.parametrize("command", ["check", "build", "share", "fork", "preview"])
@pytest.mark.parametrize(("files", "hint"), WITHOUT_CARDS.values(), ids=WITHOUT_CARDS)
def test_a_folder_without_cards_yaml_says_what_to_name(folder: Path, command: str, files: list[str], hint: str) -> None:
    """The decks that are in it; files that are no decks are not among them, and none is chosen."""
    (folder / "x").mkdir()
    (folder / "x" / "config.yaml").write_text("colour: red\n")
    (folder / "x" / "deck.yaml").mkdir()
    for file in files:
        write(folder / Path(file).parent, SMALL).rename(file)
    before = sorted(folder.rglob("*"))
    result = run(command, "x")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"x/cards.yaml: error: there is no such file [no-file]\n    {hint}\n"
    assert sorted(folder.rglob("*")) == before


def test_check_writes_nothing(folder: Path) -> None:
    """Check reads and reports, and leaves the folder as it was."""
    write(folder, SMALL)
    result = run("check")
    assert result.exit_code == 0
    assert result.stdout.startswith("cards.yaml is valid: 2 notes, 3 cards")
    assert [path.name for path in folder.iterdir()] == ["cards.yaml"]


def test_check_prints_json(folder: Path) -> None:
    """--format json prints one JSON object: the file, whether it has no errors, and every problem with its place."""
    write(folder, WITH_ERRORS)
    result = run("check", "--format", "json")
    found = json.loads(result.stdout)
    assert (result.exit_code, result.stderr) == (1, "")
    assert (found["file"], found["sound"]) == ("cards.yaml", False)
    assert {"unknown-key", "missing-key"} <= {problem["rule"] for problem in found["problems"]}
    for problem in found["problems"]:
        assert set(problem) >= {"file", "line", "column", "level", "rule", "message", "hint"}
        assert problem["line"] > 0


def test_warnings_are_json_too(folder: Path) -> None:
    """A warning is in the JSON of a file without errors, and does not fail the check."""
    release_deck(folder, deck({"one": question(), "gone": question("Why?")}))
    write(folder, deck({"one": question()}))
    result = run("check", "--format", "json")
    found = json.loads(result.stdout)
    assert (result.exit_code, found["sound"]) == (0, True)
    assert [(each["level"], each["rule"]) for each in found["problems"] if each["level"] == "warning"] == [
        ("warning", "vanished")
    ]


# Name: the bytes of cards.yaml (None if there is no file, a slash for a folder), and the rule.
ODD_FILES: dict[str, tuple[bytes | None, str]] = {
    "missing": (None, "no-file"),
    "folder": (b"/", "no-file"),
    "empty": (b"", "empty-file"),
    "only a comment": (b"# later\n", "empty-file"),
    "a list at the top": (b"- deck\n- sources\n", "wrong-shape"),
    "a text at the top": (b"hello\n", "wrong-shape"),
    "no UTF-8": (b"deck: \xff\xfe\n", "not-utf-8"),
    "UTF-16": ("deck: x\n".encode("utf-16"), "not-utf-8"),
    "zeros": (bytes(100), ""),
    "a package": (b"PK\3\4\x14\0\0\0", ""),
    "broken YAML": (b"deck: [\n", ""),
}


@pytest.mark.hostile
@pytest.mark.parametrize("command", ["check", "build", "verify"])
@pytest.mark.parametrize(("data", "rule"), ODD_FILES.values(), ids=ODD_FILES)
def test_odd_files_get_a_sentence(folder: Path, command: str, data: bytes | None, rule: str) -> None:
    """No file, a folder, or a file with anything else in it: a sentence with its name, exit code 1, nothing written."""
    build_deck(folder / "sound", SMALL)
    cards = folder / "cards.yaml"
    if data == b"/":
        cards.mkdir()
    elif data is not None:
        cards.write_bytes(data)
    result = run(command, *(["sound/decks/small.apkg"] if command == "verify" else []))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("cards.yaml")
    assert f"[{rule}]" in result.stderr if rule else ": error: " in result.stderr
    assert {path.name for path in folder.iterdir()} <= {"sound", "cards.yaml", ".cuedeck"}
    as_json = run("check", "--format", "json")
    assert json.loads(as_json.stdout)["sound"] is False
    assert as_json.exit_code == 1


@pytest.mark.parametrize(
    "words",
    [
        ["--nonsense"],
        ["nonsense"],
        ["build", "--nonsense"],
        ["build", "one", "two"],
        ["check", "--format", "xml"],
        ["verify"],
        ["build", "-o"],
        ["build", "-o", "nowhere/"],
        ["build", "-o", "-"],
        ["share", "-o", "-"],
        ["share", "--site", "-"],
        ["import", "cards.yaml", "-"],
        ["preview", "-o", "nowhere/."],
        ["coverage", "-o", "coverage.png"],
    ],
    ids=" ".join,
)
def test_wrong_use_is_exit_code_2(folder: Path, words: list[str]) -> None:
    """The exit code tells a wrong command line from problems in the cards."""
    result = run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error: " in result.stderr


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the system is asked there without a program")
@pytest.mark.parametrize("opener", ["exit 0", "echo no; echo no >&2; exit 3", ""], ids=["opens", "fails", "none"])
@pytest.mark.parametrize("command", ["build", "preview"])
def test_what_is_made_is_opened(
    command: str, opener: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The system's opener gets its whole path; if there is none or it fails, a warning says what to do by hand."""
    programs = folder / "programs"
    programs.mkdir()
    if opener:
        program = programs / "xdg-open"
        program.write_text(f'#!/bin/sh\necho "$1" > "{folder.resolve()}/opened"\n{opener}\n')
        program.chmod(0o755)
    (folder / "a deck").mkdir()
    cards = write(folder / "a deck", SMALL)
    monkeypatch.setenv("PATH", str(programs.resolve()))
    result = run(command, "--open", cards)
    made = folder / "a deck" / ("decks/small.apkg" if command == "build" else ".cuedeck/preview.html")
    made = made.resolve()
    assert (result.exit_code, made.exists()) == (0, True)
    by_hand = "start Anki, choose File > Import, and select" if command == "build" else "open this file in a browser:"
    assert ("[not-opened]" in result.stderr and f"    {by_hand} {made}\n" in result.stderr) == (opener != "exit 0")
    if opener:
        assert (folder / "opened").read_text() == f"{made if command == 'build' else made.as_uri()}\n"
    assert capfd.readouterr() == ("", ""), "nothing that the opener prints"


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("chek", 'did you mean "check"?'),
        ("biuld", 'did you mean "build"?'),
        ("xyz\x1b[2J", '"cuedeck --help" lists them'),
    ],
)
def test_a_mistyped_command_is_suggested(word: str, said: str) -> None:
    """The name that is most like it; what nothing is like cannot steer the terminal."""
    result = run(word)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert "\x1b" not in result.stderr


def test_help_fits_a_terminal_of_80_columns() -> None:
    """That of every command."""
    for words in ([], *([name] for name in COMMANDS)):
        lines = run(*words, "--help").stdout.splitlines()
        assert [line for line in lines if len(line) > 80] == []


@pytest.mark.parametrize(
    ("environment", "is_coloured"),
    [
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, False),
        ({"NO_COLOR": ""}, False),
        ({}, False),
    ],
)
def test_colours_are_for_terminals(
    environment: dict[str, str], is_coloured: bool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Output that goes elsewhere has none unless FORCE_COLOR asks for them; the words are the same."""
    for name in ("FORCE_COLOR", "NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    plain = run("check").stderr
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    said = run("check").stderr
    assert ("\x1b[31m" in said) == is_coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", said) == plain
    assert "error: there is no such file [no-file]" in plain


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_printed_for_each_shell(shell: str) -> None:
    """What is printed calls the program back by its own variable."""
    result = run("completion", shell)
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"_CUEDECK_COMPLETE={shell}_complete" in result.stdout


def test_a_shell_completes_commands_and_options(plain_environment: dict[str, str]) -> None:
    """As bash asks for it: the words so far, and which one is to be completed."""
    for words, wanted in (("cuedeck che", "check"), ("cuedeck check --str", "--strict")):
        asked = {"_CUEDECK_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
        code = "import sys; sys.argv[0] = 'cuedeck'; from cuedeck.cli import main; main()"
        found = subprocess.run(
            [sys.executable, "-c", code], env={**plain_environment, **asked}, capture_output=True, text=True, check=True
        )
        assert wanted in found.stdout.split(",")[-1]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    """Each command says what it does, and has a line in the table of commands."""
    result = run(command, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: cuedeck {command}")
    assert command in run("--help").stdout


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["nonsense"]], ids=" ".join)
def test_the_table_of_commands_is_shown_at_once(
    folder: Path, plain_environment: dict[str, str], words: list[str]
) -> None:
    """Version and help load none of the libraries that only real work needs."""
    code = (
        "import sys\nfrom cuedeck.cli import main\n"
        "try:\n    main()\nfinally:\n"
        "    heavy = {'genanki', 'yaml', 'markdown_it', 'anki', 'filelock', 'sqlite3'} & sys.modules.keys()\n"
        "    print('heavy:', sorted(heavy))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=folder, env=plain_environment, capture_output=True, text=True
    )
    assert done.stdout.endswith("heavy: []\n"), done.stderr
    if words == ["--version"]:
        assert done.stdout.startswith(f"cuedeck {__version__}\n")


def test_a_check_loads_nothing_that_only_a_build_needs(folder: Path, plain_environment: dict[str, str]) -> None:
    """Check runs without loading genanki, Anki's library or the database, what makes fixes, or a needless parser."""
    write(folder, SMALL)
    code = "import sys\nfrom cuedeck.cli import main\ntry:\n    main()\nfinally:\n    print(sorted(sys.modules))\n"
    done = subprocess.run(
        [sys.executable, "-c", code, "check"], cwd=folder, env=plain_environment, capture_output=True, text=True
    )
    assert "'yaml'" in done.stdout
    needless = ("genanki", "anki", "filelock", "sqlite3", "markdown_it", "cuedeck.usecases.fix")
    assert not [name for name in needless if f"'{name}'" in done.stdout]


@pytest.mark.parametrize("words", ["build", "preview", "diff", "coverage"])
def test_simple_texts_load_no_parser(folder: Path, plain_environment: dict[str, str], words: str) -> None:
    """The parser of Markdown takes a tenth of the time of a small deck to load."""
    build_deck(folder, SMALL)
    code = "import sys\nfrom cuedeck.cli import main\ntry:\n    main()\nfinally:\n    print(sorted(sys.modules))\n"
    done = subprocess.run(
        [sys.executable, "-c", code, words], cwd=folder, env=plain_environment, capture_output=True, text=True
    )
    assert "'cuedeck.rendering.fields'" in done.stdout
    assert "'markdown_it'" not in done.stdout


def test_the_reader_of_a_pipe_may_close_it(folder: Path, plain_environment: dict[str, str]) -> None:
    """Output into `head -1` ends without a traceback, and with the exit code for a closed pipe."""
    for words in ("schema", "check --format json"):
        write(folder, deck({f"n{number}": {"q": "?", "wrong": "x"} for number in range(2000)}))
        command = f'{{ "{sys.executable}" -m cuedeck {words}; echo $? >code; }} | head -1'
        done = subprocess.run(command, shell=True, cwd=folder, env=plain_environment, capture_output=True, text=True)
        assert done.stdout == "{\n"
        assert done.stderr == ""
    assert (folder / "code").read_text(encoding="utf-8") == "141\n"


@pytest.mark.hostile
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("words", ["check", "schema", "check --format json", "build"])
def test_output_onto_a_full_disk(folder: Path, plain_environment: dict[str, str], words: str) -> None:
    """If the output cannot be written, one sentence says so to people, and the exit code to scripts."""
    write(folder, SMALL)
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "cuedeck", *words.split()],
            cwd=folder,
            env=plain_environment,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 1
    assert done.stderr.endswith("cuedeck: the output cannot be printed: No space left on device\n")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "surroundings",
    [{"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONIOENCODING": "ascii"}],
    ids=["LANG=C", "ascii"],
)
def test_a_terminal_with_few_letters(
    folder: Path, plain_environment: dict[str, str], surroundings: dict[str, str]
) -> None:
    """If the terminal knows only ASCII, other letters are shown as escapes; cards are still read as UTF-8."""
    environment = {**plain_environment, **surroundings}
    write(folder, deck({"one": question("Was heißt „weich“?", "נטישה רכה", wrong="ü")}))
    done = in_process(folder, environment, "check")
    assert done.returncode == 1
    assert b"unknown key" in done.stderr
    assert b"Traceback" not in done.stderr
    write(folder, deck({"one": question("Was heißt „weich“?", "נטישה רכה")}))
    done = in_process(folder, environment, "build", "--verbose")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(b" kB\n")
    assert "נטישה רכה" not in done.stdout.decode("ascii")


def test_a_folder_may_have_any_name(tmp_path: Path, plain_environment: dict[str, str]) -> None:
    """Spaces, letters of any script and signs in a path do no harm in any terminal."""
    folder = tmp_path / "mein Vortrag – שיעור & mehr (1)"
    write(folder, SMALL)
    done = in_process(tmp_path, plain_environment, "build", f"{folder.name}/cards.yaml")
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode().startswith(f"{folder.name}/decks/small.apkg: 2 notes")
    done = in_process(tmp_path, {**plain_environment, "PYTHONIOENCODING": "ascii"}, "check", f"{folder.name}/no.yaml")
    assert done.returncode == 1
    assert b"there is no such file" in done.stderr


def test_an_interruption_ends_quietly(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After Ctrl-C there is no traceback, and the exit code tells scripts that it was no problem in the cards."""
    write(folder, SMALL)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.replace", interrupted)
    result = run("build")
    assert result.exit_code == 130
    assert result.stderr == "\ncuedeck: stopped; every file is complete, in its old or its new version\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a program without signalling it")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_build_that_waits_can_be_stopped(
    folder: Path, plain_environment: dict[str, str], number: signal.Signals, code: int
) -> None:
    """A signal ends a build with a sentence and the exit code that shells use for it; nothing was written."""
    write(folder, SMALL)
    words = [sys.executable, "-u", "-c", WAITING]
    with (
        Workspace(folder / "cards.yaml").alone(),
        interruptible(words, folder, plain_environment) as waiting,
    ):
        assert waiting.stdout is not None
        assert waiting.stdout.readline() == "waits\n"
        waiting.send_signal(number)
        output, errors = waiting.communicate(timeout=PATIENCE)
    assert (waiting.returncode, output) == (code, "")
    assert errors == "\ncuedeck: stopped; every file is complete, in its old or its new version\n"
    assert {path.name for path in folder.iterdir()} == {"cards.yaml", ".cuedeck"}


@pytest.mark.hostile
@pytest.mark.skipif(sys.platform == "win32", reason="Windows shells cannot close a program's output")
@pytest.mark.parametrize(
    "closed",
    [pytest.param(">&-", marks=pytest.mark.slow), pytest.param("2>&-", marks=pytest.mark.slow), ">&- 2>&- <&-"],
)
def test_closed_output(folder: Path, plain_environment: dict[str, str], closed: str) -> None:
    """With its output closed, a build still does its work, and nothing is printed into one of its files."""
    write(folder, SMALL)
    for words in ("build", "verify decks/small.apkg"):
        command = f'"{sys.executable}" -m cuedeck {words} {closed}'
        done = subprocess.run(command, shell=True, cwd=folder, env=plain_environment, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
    write(folder, WITH_ERRORS)
    done = subprocess.run(f"{command} {closed}", shell=True, cwd=folder, env=plain_environment, capture_output=True)
    assert done.returncode == 1


def test_no_home_and_almost_no_environment(folder: Path) -> None:
    """A build needs none of the variables that a login sets."""
    write(folder, SMALL)
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}  # Windows needs it
    done = in_process(folder, {**kept, "PYTHONPATH": str(SOURCE)}, "build")
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.hostile
@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="on this system all file names are text")
def test_a_name_that_is_not_text(folder: Path, plain_environment: dict[str, str]) -> None:
    """A folder whose name is not UTF-8 works like any other; messages show its odd bytes as escapes."""
    name = os.fsdecode(b'odd \xff "quoted" \'n $x')
    write(folder / name, SMALL)
    done = in_process(folder, plain_environment, "build", f"{name}/cards.yaml")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\\udcff" in done.stdout
    assert (
        in_process(folder, plain_environment, "verify", f"{name}/decks/small.apkg", f"{name}/cards.yaml").returncode
        == 0
    )
    write(folder / name, WITH_ERRORS)
    done = in_process(folder, plain_environment, "check", "--format", "json", f"{name}/cards.yaml")
    assert json.loads(done.stdout)["file"] == f"{name}/cards.yaml"


NOT_TEXT = [
    ["init", "new", "--title"],
    ["new", "second", "--url", "https://example.org/2", "--title"],
    ["new", "second", "--url"],
    ["import", "list.csv", "new", "--title"],
    ["import", "list.csv", "new", "--source"],
    ["fork", "--title"],
    ["share", "--url"],
]


@pytest.mark.hostile
@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="on this system all words are text")
@pytest.mark.parametrize("words", NOT_TEXT, ids=" ".join)
def test_a_word_that_is_not_text(folder: Path, plain_environment: dict[str, str], words: list[str]) -> None:
    """A terminal with another encoding sends such bytes. They are in no file, and a sentence says why."""
    write(folder, SMALL)
    (folder / "list.csv").write_text("question,answer\nWhat?,That\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in folder.iterdir()}
    done = in_process(folder, plain_environment, *words, os.fsdecode(b"https://example.org/J\xf6rg"))
    assert done.returncode == 2
    assert done.stderr.endswith(b': "https://example.org/J\\udcf6rg" is not UTF-8 text\n')
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_clock_of_1970_and_one_of_2040(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build on a machine with a wrong clock never hides later edits; the author reads what to do."""
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    write(folder, SMALL)
    with monkeypatch.context() as patch:
        patch.setattr("time.time", lambda: 5.0)
        assert run("build").exit_code == 0
    write(folder, deck({**SMALL["concepts"]["idea"]["notes"], "one": question(answer="New.")}))
    monkeypatch.setattr("time.time", lambda: float(FIRST))
    assert "1 changed" in run("build").stdout
    assert json.loads((folder / "cards.lock").read_text(encoding="utf-8").splitlines()[3])["time"] == FIRST
    write(folder, SMALL)
    with monkeypatch.context() as patch:
        patch.setattr("time.time", lambda: 2_208_988_800.0)
        assert run("build").exit_code == 0
    sound = (folder / "cards.lock").read_bytes()
    assert run("build").exit_code == 0, "nothing changed, so the clock does not matter"
    write(folder, deck({**SMALL["concepts"]["idea"]["notes"], "one": question(answer="Newer.")}))
    result = run("build")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "cards.lock: error: the last build was on 2040-01-01, but this machine's clock says 2023-11-14 [clock-behind]\n"
        "    correct the clock of this machine; if it is right, an earlier build was made with a wrong clock: restore "
        "the lock and the package from before that build\n"
    )
    assert (folder / "cards.lock").read_bytes() == sound


@pytest.mark.slow
def test_the_interpreters_optimised_mode_changes_nothing(folder: Path, plain_environment: dict[str, str]) -> None:
    """A build under -OO, which strips docstrings and assertions, gives the same package."""
    write(folder, SMALL)
    assert in_process(folder, plain_environment, "build").returncode == 0
    usual = (folder / "decks" / "small.apkg").read_bytes()
    for path in (folder / "decks" / "small.apkg", folder / "cards.lock"):
        path.unlink()
    words = [sys.executable, "-OO", "-m", "cuedeck", "build"]
    assert subprocess.run(words, cwd=folder, env=plain_environment, capture_output=True).returncode == 0
    assert (folder / "decks" / "small.apkg").read_bytes() == usual
