"""`cuedeck check --fix` and `--diff`, as they are called."""

import json
import os
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given

from cuedeck.building.loading import Checked
from cuedeck.problems import Problems
from cuedeck.usecases.fix import fix, write
from tests.fuzzing.decks import decks
from tests.making import DAY, FIRST, ROOT, build_deck, deck, edit, question, release_deck
from tests.making import write as write_deck
from tests.running import output_of, run

BAD = ROOT / "tests" / "examples" / "bad"
GOOD = ROOT / "tests" / "examples" / "good"

CARELESS = r"""# My cards
deck: {id: small, namespace: tests123, title: Small}   # kept
sources:
  The_Talk:
    title: A talk
    url: https://example.org/talk
    link: "{url}#:~:text={mm:ss}"

concepts:
  An idea:
    title: Idea
    at: 00:02
    source: 'The_Talk'
    notes:
      First:   # the first one
        q:  What is $x^2$: a sum?
        a: "\(y\) and $y_1$"
      second: {q: 'What isn''t $x^2$ or $x^2$?', a: $x_1$, extra: b}
      third:
        q: Which one is it?
        a: |
          Text, and `$x^2$`:
            $x^2$
"""
FIXED = r"""# My cards
deck: {id: small, namespace: tests123, title: Small}   # kept
sources:
  the-talk:
    title: A talk
    url: https://example.org/talk
    link: "{url}#:~:text={mm:ss}"

concepts:
  an-idea:
    title: Idea
    at: 00:02
    source: 'the-talk'
    notes:
      first:   # the first one
        q:  'What is \(x^2\): a sum?'
        a: '\(y\) and \(y_1\)'
      second: {q: 'What isn''t \(x^2\) or \(x^2\)?', a: \(x_1\), extra: b}
      third:
        q: Which one is it?
        a: |
          Text, and `$x^2$`:
            \(x^2\)
"""


@pytest.fixture
def cards(folder: Path) -> Path:
    """A careless file in the folder that one is in."""
    path = Path("cards.yaml")
    path.write_text(CARELESS, encoding="utf-8", newline="")
    return path


def test_what_is_certain_is_fixed_and_all_else_stays(cards: Path) -> None:
    """Each change is printed with its new place; comments, quotes and layout stay; then the deck is checked."""
    code, out, err = output_of("check", "--fix", cards)
    assert cards.read_text(encoding="utf-8") == FIXED
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        'cards.yaml:4:3: replaced "The_Talk" with "the-talk" [bad-id]',
        'cards.yaml:10:3: replaced "An idea" with "an-idea" [bad-id]',
        'cards.yaml:13:14: replaced "The_Talk" with "the-talk" [bad-source]',
        'cards.yaml:15:7: replaced "First" with "first" [bad-id]',
        r"""cards.yaml:16:13: replaced "What is $x^2$: a sum?" with "'What is $x^2$: a sum?'" [text-colon]""",
        r'cards.yaml:16:22: replaced "$x^2$" with "\(x^2\)" [foreign-formula]',
        r"""cards.yaml:17:12: replaced ""\(y\) and $y_1$"" with "'\(y\) and $y_1$'" [text-backslash]""",
        r'cards.yaml:17:23: replaced "$y_1$" with "\(y_1\)" [foreign-formula]',
        r'cards.yaml:18:32: replaced "$x^2$" with "\(x^2\)" [foreign-formula]',
        r'cards.yaml:18:43: replaced "$x^2$" with "\(x^2\)" [foreign-formula]',
        r'cards.yaml:18:57: replaced "$x_1$" with "\(x_1\)" [foreign-formula]',
        r'cards.yaml:23:13: replaced "$x^2$" with "\(x^2\)" [foreign-formula]',
        "cards.yaml: 12 changes made",
        "cards.yaml is valid: 3 notes, 3 cards",
    ]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", ["", "\n"])
def test_a_file_stays_saved_as_it_is(cards: Path, ends: str, mark: str, last: str) -> None:
    """A byte order mark, the line ends of another system and a missing last line end stay."""
    before, after = ((mark + text.rstrip("\n") + last).replace("\n", ends).encode() for text in (CARELESS, FIXED))
    cards.write_bytes(before)
    assert run("check", "--fix", cards).exit_code == 0
    assert cards.read_bytes() == after


def test_line_ends_may_be_mixed(cards: Path) -> None:
    """Each line keeps its own line end."""
    ends = ["\n", "\r\n", "\r"]
    before, after = (
        "".join(line + ends[number % 3] for number, line in enumerate(text.splitlines())) for text in (CARELESS, FIXED)
    )
    cards.write_bytes(before.encode())
    assert run("check", "--fix", cards).exit_code == 0
    assert cards.read_bytes() == after.encode()


def test_a_second_run_touches_nothing(cards: Path) -> None:
    """A file without anything to fix is not written again."""
    run("check", "--fix", cards)
    os.utime(cards, ns=(1, 1))
    before = cards.stat()
    code, out, _ = output_of("check", "--fix", cards)
    assert (code, out.splitlines()[0]) == (0, "cards.yaml: nothing to fix automatically")
    assert (cards.stat().st_mtime_ns, cards.stat().st_ino) == (1, before.st_ino)


def test_where_nothing_is_fixed_nothing_is_written(folder: Path) -> None:
    """No folder is made beside a file without anything to fix."""
    cards = Path("cards.yaml")
    cards.write_text(FIXED, encoding="utf-8")
    assert run("check", "--fix", cards).exit_code == 0
    assert sorted(map(str, Path().iterdir())) == ["cards.yaml"]


def test_a_diff_shows_it_and_writes_nothing(cards: Path) -> None:
    """Only the diff is on standard output, and the exit code says that something would change."""
    code, out, err = output_of("check", "--diff", cards)
    assert code == 1
    assert cards.read_text(encoding="utf-8") == CARELESS
    assert sorted(map(str, Path().iterdir())) == ["cards.yaml"]
    assert err == "cards.yaml: 12 changes to make\n"
    assert out.startswith("--- cards.yaml\n+++ cards.yaml\n@@ -1,23 +1,23 @@\n # My cards\n")
    assert patched(CARELESS, out) == FIXED
    assert output_of("check", "--diff", "--fix", cards) == (code, out, err)
    assert output_of("check", "--diff", "--quiet", cards) == (code, out, "")
    cards.write_text(FIXED, encoding="utf-8")
    assert output_of("check", "--diff", cards) == (0, "", "cards.yaml: nothing to fix automatically\n")


def patched(text: str, diff: str) -> str:
    """Return what a diff makes of a text: its lines are checked, and those between its hunks stay."""
    old = text.splitlines(keepends=True)
    made: list[str] = []
    at = 0
    for line in diff.splitlines(keepends=True)[2:]:
        if line.startswith("@@"):
            begin = int(line.split()[1].split(",")[0].lstrip("-")) - 1
            made += old[at:begin]
            at = begin
        elif line[0] in " -":
            assert old[at] == line[1:]
            at += 1
            made += [line[1:]] if line[0] == " " else []
        elif line[0] == "+":
            made.append(line[1:])
    return "".join([*made, *old[at:]])


@pytest.mark.hostile
def test_a_diff_keeps_line_ends_and_steers_no_terminal(cards: Path) -> None:
    """Line ends are those of the file, a missing one is noted, and control characters are shown as signs."""
    text = CARELESS.rstrip("\n").replace("# My cards", "# My \x1b[31m\tcards").replace("First:", "First:\x07")
    cards.write_bytes(text.replace("\n", "\r\n").encode())
    _, out, _ = output_of("check", "--diff", cards)
    assert "\x1b" not in out
    assert "\x07" not in out


def test_the_last_line_may_have_no_end(cards: Path) -> None:
    """The usual remark follows a line without a line end."""
    cards.write_bytes(CARELESS.rstrip("\n").encode())
    out = run("check", "--diff", cards).stdout
    assert out.endswith(
        "-            $x^2$\n\\ No newline at end of file\n+            \\(x^2\\)\n\\ No newline at end of file\n"
    )


def test_what_is_not_certain_stays_a_problem(cards: Path) -> None:
    """It is printed as a check prints it, after the changes, and the check fails as it does without."""
    edit(cards, "extra: b", "tags: a b, extra: b")
    code, out, err = output_of("check", "--fix", cards)
    assert code == 1
    assert out.endswith("cards.yaml: 12 changes made\n")
    assert output_of("check", cards) == (1, "", err)
    assert "[bad-tags]" in err
    assert output_of("check", "--diff", cards) == (1, "", f"cards.yaml: nothing to fix automatically\n{err}")


def test_quiet_prints_problems_only(cards: Path) -> None:
    """Changes are made and not printed."""
    assert output_of("check", "--fix", "--quiet", cards) == (0, "", "")
    assert cards.read_text(encoding="utf-8") == FIXED


def test_strict_counts_what_is_left(cards: Path) -> None:
    """Advice that is left fails a strict check."""
    edit(cards, "Which one is it?", "The one")
    assert run("check", "--fix", "--strict", cards).exit_code == 1


def test_json_has_the_fixes(cards: Path) -> None:
    """Each problem has its fix, and after fixing all changes are listed, with the diff if it was asked for."""
    before = json.loads(run("check", "--format", "json", cards).stdout)
    assert {"line": 4, "column": 3, "old": "The_Talk", "new": "the-talk"} in [
        each["fix"] for each in before["problems"]
    ]
    assert "changes" not in before
    shown = run("check", "--format", "json", "--diff", cards)
    data = json.loads(shown.stdout)
    assert (shown.exit_code, data["sound"], len(data["changes"])) == (1, True, 12)
    assert patched(CARELESS, data["diff"]) == FIXED
    made = json.loads(run("check", "--format", "json", "--fix", cards).stdout)
    assert made == {key: value for key, value in data.items() if key != "diff"}
    first = {"file": "cards.yaml", "line": 4, "column": 3, "rule": "bad-id", "old": "The_Talk", "new": "the-talk"}
    assert made["changes"][0] == first


def test_a_check_tells_what_can_be_fixed(cards: Path) -> None:
    """The last line says how to fix it; if nothing can be fixed, there is no such line."""
    assert run("check", cards).stderr.splitlines()[-1].startswith('"cuedeck check --fix" can fix ')
    assert "--fix" not in run("check", "--quiet", cards).stderr
    cards.write_text(FIXED.replace("tests123", "tests 123"), encoding="utf-8")
    assert "--fix" not in run("check", cards).stderr


def test_a_file_that_was_saved_meanwhile_is_left(cards: Path) -> None:
    """What another program saved while the file was being fixed stays."""
    fixed = fix(cards)
    cards.write_text(CARELESS + "\n", encoding="utf-8")
    with pytest.raises(Problems) as found:
        write(fixed)
    assert [problem.rule for problem in found.value.problems] == ["changed-meanwhile"]
    assert cards.read_text(encoding="utf-8") == CARELESS + "\n"


def test_rights_links_and_odd_names_stay(folder: Path) -> None:
    """The file that a link leads to is fixed, keeps its permissions, and may have any name."""
    real = Path("real cards.yaml")
    real.write_text(CARELESS, encoding="utf-8")
    real.chmod(0o444)
    link = Path("a link.yaml")
    link.symlink_to(real)
    assert run("check", "--fix", link).exit_code == 0
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8") == FIXED
    assert real.stat().st_mode & 0o777 == 0o444


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_is_no_text_is_refused_as_ever(folder: Path, form: str) -> None:
    """A missing file, a conflict, another encoding: the same messages as without --fix."""
    cards = Path("cards.yaml")
    for data in (None, CARELESS.encode("utf-16"), b"<<<<<<< a\nx: $x^2$\n=======\n>>>>>>> b\n"):
        if data is not None:
            cards.write_bytes(data)
        assert output_of("check", "--fix", "--format", form) == output_of("check", "--format", form)
        assert output_of("check", "--diff", "--format", form) == output_of("check", "--format", form)
        assert data is None or cards.read_bytes() == data


@pytest.mark.parametrize("path", sorted(GOOD.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_good_example_is_not_changed(path: Path, folder: Path) -> None:
    """The texts of a valid deck are left alone."""
    Path("cards.yaml").write_bytes(path.read_bytes())
    assert fix(Path("cards.yaml")).changes == ()


@pytest.mark.parametrize("path", sorted(BAD.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_bad_example_is_fixed_once(path: Path, folder: Path) -> None:
    """A second run changes nothing."""
    cards = Path("cards.yaml")
    cards.write_bytes(path.read_bytes())
    try:
        fixed = fix(cards)
    except Problems:
        return
    cards.write_bytes(fixed.after[cards].data)
    assert fix(cards).changes == ()


IDS = {
    "capitals": ("First", "first"),
    "underscores and spaces": ("My_first  note", "my-first-note"),
    "signs": ("first!", ""),
    "other letters": ("Über", ""),
    "a letter that grows when it is made small": ("İd", ""),
    "that of another note": ("Second", ""),
    "that of another note, which is fixed, too": ("THIRD", ""),
    "one that a note had before": ("Was-Before", ""),
    "one that learners have": ("Known", ""),
    "one that the lock knows from before a new name": ("Known-Before", ""),
    "one that an entry of check refers to": ("Ignored", ""),
}


@pytest.mark.parametrize(("old", "new"), IDS.values(), ids=IDS)
def test_an_id_is_fixed_where_nothing_knows_it(old: str, new: str, tmp_path: Path) -> None:
    """Small letters with hyphens, if that id is free in file and lock, and nothing names the old one."""
    known = {"known": question("What was known?"), "renamed": question("What is renamed?", was="known-before")}
    build_deck(tmp_path, deck({"known": known["known"], "known-before": question("What is renamed?")}))
    build_deck(tmp_path, deck(known))
    notes = {
        "NAME": question("What is first?"),
        "second": question("What is second?", was="was-before"),
        "Third": question("What is third?"),
        "renamed": known["renamed"],
    }
    data = {**deck(notes), "check": {"ignore": {"long-answer in Ignored": "a reason"}}}
    cards = write_deck(tmp_path, data)
    edit(cards, "NAME", old)
    before = cards.read_text(encoding="utf-8")
    run("check", "--fix", cards)
    third = before if old == "THIRD" else before.replace("Third", "third")
    assert cards.read_text(encoding="utf-8") == (third.replace(f"{old}:", f"{new}:") if new else third)


LOST = {
    "one in the lock": ("Known", "known"),
    "one that the lock knows from before a new name": ("Known-Before", ""),
    "one that was retired": ("Retired", ""),
    "that of another note": ("Second", ""),
    "one that a note had before": ("Was-Before", ""),
}


@pytest.mark.parametrize(("old", "new"), LOST.values(), ids=LOST)
def test_an_id_in_the_lock_is_given_back_by_hand(old: str, new: str, folder: Path) -> None:
    """Only the author knows whether it is the same note. The hint says both ways, and the first one works."""
    known = {"known": question("What was known?"), "was-before": question("What was second?")}
    former = {"known-before": question("What is renamed?"), "retired": question("What is retired?")}
    renamed = {"renamed": question("What is renamed?", was="known-before")}
    release_deck(folder, deck(known | former))
    retired = {"retired": question("What is retired?", retired="Wrong.")}
    release_deck(folder, deck(known | renamed | retired), FIRST + DAY, "1.1.0")
    cards = folder / "cards.yaml"
    notes = {"NAME": known["known"], "second": question("What was second?", was="was-before"), **renamed}
    write_deck(folder, deck(notes))
    edit(cards, "NAME", old)
    hint = f'write "{new}" if this is what has that id in the lock; if it is new, choose another id'
    code, _, said = output_of("check", "--quiet", cards)
    assert code == 1
    assert (hint in said) is bool(new)
    if new:
        edit(cards, old, new)
        assert output_of("check", "--quiet", cards)[::2] == (0, "")


def test_a_source_in_the_lock_is_given_back_by_hand(folder: Path) -> None:
    """Notes that name it in the same way get the same hint."""
    notes = {"one": question("What is one?", source="talk")}
    release_deck(folder, deck(notes))
    cards = folder / "cards.yaml"
    text = cards.read_text(encoding="utf-8")
    cards.write_text(re.sub(r"\btalk:|(?<=source: )talk", lambda found: found[0].title(), text), encoding="utf-8")
    said = output_of("check", "--quiet", cards)[2]
    wrong = said.count("error:")
    assert said.count('write "talk" if this is what has that id in the lock') == wrong > 1


@given(data=decks)
def test_any_deck_is_fixed_once(data: Any) -> None:
    """Whatever is in a deck, a second run finds nothing to fix, and a deck without problems is not changed."""
    with TemporaryDirectory() as folder:
        cards = write_deck(Path(folder), data)
        before = run("check", "--quiet", cards)
        first = fix(cards)
        assert bool(first.changes) <= bool(before.stderr)
        write(first)
        assert cards.read_bytes() == first.after[cards].data
        assert fix(cards).changes == ()
        assert before.exit_code or isinstance(first.outcome, Checked)
