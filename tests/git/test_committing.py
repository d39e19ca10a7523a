"""Committing a few files: what is committed, what stays as it was, and what the author reads if it cannot be done."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cuedeck.git import committing, locking, moving
from cuedeck.git.committing import prepare
from cuedeck.problems import Problem, Problems

needs_shell_scripts = pytest.mark.skipif(os.name == "nt", reason="Windows runs no script as a program")
MESSAGE = "Release 1.0.0\n\n# Not a comment  \n"


def git(folder: Path, *words: str) -> str:
    """Return git's answer, with everything that the repository names."""
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
    settings = (*who, "-c", "protocol.file.allow=always", "-c", "init.defaultBranch=main")
    done = subprocess.run(["git", *settings, *words], cwd=folder, check=True, capture_output=True)
    return os.fsdecode(done.stdout).rstrip("\n")


def repository(folder: Path, *words: str) -> Path:
    """A repository with a commit, whose author git knows."""
    folder.mkdir(exist_ok=True)
    git(folder, "init", *words)
    git(folder, "config", "user.name", "Ann Author")
    git(folder, "config", "user.email", "ann@example.org")
    for name in ("cards.yaml", "other"):
        (folder / name).write_text("one\n", encoding="utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "-m", "first")
    return folder


@pytest.fixture(autouse=True)
def home(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a deck in the current folder; git knows only the user whom it names."""
    for name in ("NAME", "EMAIL", "DATE"):
        monkeypatch.delenv(f"GIT_AUTHOR_{name}", raising=False)
        monkeypatch.delenv(f"GIT_COMMITTER_{name}", raising=False)
    monkeypatch.delenv("EMAIL", raising=False)
    monkeypatch.setattr(locking, "_PATIENCE", 0)
    home = repository(folder / "home")
    monkeypatch.chdir(home)
    return home


def files_of(deck: Path) -> list[Path]:
    """The files of a release: one that git has, and a new one."""
    return [deck / "cards.yaml", deck / "decks" / "a.apkg"]


def write(deck: Path) -> None:
    (deck / "decks").mkdir(exist_ok=True)
    (deck / "cards.yaml").write_text("two\n", encoding="utf-8")
    (deck / "decks" / "a.apkg").write_bytes(b"package\0\r\n\n")


def release(deck: Path, tag: str = "v1.0.0") -> str:
    """Commit a release of a deck, and check the repository; returns the commit."""
    before = subprocess.run(["git", "rev-parse", "-q", "--verify", "HEAD"], cwd=deck, capture_output=True, text=True)
    ready = prepare(files_of(deck), tag)
    write(deck)
    commit = ready.commit(MESSAGE)
    assert git(deck, "rev-parse", "HEAD") == commit
    assert git(deck, "show", "-s", "--format=%P", commit) == before.stdout.strip()
    assert git(deck, "show", "--format=", "--name-only", "--relative", commit) == "cards.yaml\ndecks/a.apkg"
    assert git(deck, "status", "--porcelain", "--", "cards.yaml", "decks") == ""
    assert git(deck, "tag", "--list") == tag
    if tag:
        assert git(deck, "rev-parse", f"{tag}^{{commit}}") == commit
    look_over(deck)
    return commit


def look_over(folder: Path) -> None:
    """Check that nothing is damaged, and no lock was left behind."""
    if git(folder, "config", "--default", "", "index.sparse"):
        git(folder, "write-tree")  # in such an index, git itself names trees that it has not written
    git(folder, "fsck", "--full", "--strict")
    for each in ("--git-dir", "--git-common-dir"):
        assert not [*(folder / git(folder, "rev-parse", each)).rglob("*.lock")]


def state(folder: Path) -> dict[str, str]:
    """Return everything that a commit could change."""
    words = ("rev-parse --verify HEAD", "symbolic-ref HEAD", "for-each-ref", "ls-files --stage", "reflog")
    done = [subprocess.run(["git", *each.split()], cwd=folder, capture_output=True, text=True) for each in words]
    return {each: answer.stdout for each, answer in zip(words, done, strict=True)}


def refused(ask: Callable[[], object]) -> tuple[Problem, ...]:
    with pytest.raises(Problems) as caught:
        ask()
    return caught.value.problems


def rules(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.rule for problem in problems]


def test_only_these_files_are_committed(home: Path) -> None:
    """Everything else that is staged or changed stays so, and git's log reports the commit as usual."""
    (home / "staged").touch()
    git(home, "add", "staged")
    (home / "other").write_text("changed\n", encoding="utf-8")
    (home / "new").touch()
    commit = release(home)
    assert git(home, "status", "--porcelain") == " M other\nA  staged\n?? new"
    assert git(home, "diff-files", "--name-only") == "other"  # decided by time and size alone
    who = "Ann Author <ann@example.org>"
    assert git(home, "log", "-1", "--format=%an <%ae>%n%cn <%ce>%n%B") == (
        f"{who}\n{who}\nRelease 1.0.0\n\n# Not a comment"
    )
    tag = git(home, "cat-file", "tag", "v1.0.0")
    assert tag.startswith(f"object {commit}\ntype commit\ntag v1.0.0\ntagger {who} ")
    assert tag.endswith("\n\nRelease 1.0.0\n\n# Not a comment")
    for name in ("HEAD", "main"):
        assert git(home, "reflog", "-1", "--format=%H %gn %gs", name) == f"{commit} Ann Author commit: Release 1.0.0"
    git(home, "commit", "-m", "next")
    assert git(home, "show", "--format=", "--name-only") == "staged"


def test_a_file_that_was_staged_otherwise_is_committed_as_it_is_on_disk(home: Path) -> None:
    """As git commit does with the names of files."""
    (home / "cards.yaml").write_text("staged\n", encoding="utf-8")
    git(home, "add", "cards.yaml")
    release(home)
    assert git(home, "show", "HEAD:cards.yaml") == "two"
    assert git(home, "status", "--porcelain") == ""


def test_without_a_tag_none_is_made(home: Path) -> None:
    release(home, "")
    assert git(home, "tag", "--list") == ""


def test_what_is_committed_already_is_only_tagged(home: Path) -> None:
    """So a run that was interrupted before the tag can be completed by repeating it."""
    first = release(home, "")
    ready = prepare(files_of(home), "v1.0.0")
    assert ready.commit(MESSAGE) == first
    assert git(home, "rev-parse", "v1.0.0^{commit}", "HEAD") == f"{first}\n{first}"
    look_over(home)


def test_somebody_commits_between_preparing_and_committing(home: Path) -> None:
    """The commit is made on top of theirs."""
    ready = prepare(files_of(home))
    git(home, "commit", "--allow-empty", "-m", "another")
    write(home)
    ready.commit(MESSAGE)
    assert git(home, "log", "--format=%s") == "Release 1.0.0\nanother\nfirst"


# What a repository may be like, by the commands that make it so.
SHAPES: dict[str, list[list[str]]] = {
    "plain": [],
    "detached": [["checkout", "--detach"]],
    "a branch with slashes": [["checkout", "-b", "a/b/c"]],
    "packed": [["gc"], ["pack-refs", "--all"]],
    "a branch that is another's name": [["branch", "other"], ["symbolic-ref", "refs/heads/name", "refs/heads/other"]],
    "a split index": [["update-index", "--split-index"]],
    "an index that is split time and again": [["config", "core.splitIndex", "true"], ["update-index", "--split-index"]],
    "an index with caches": [["update-index", "--untracked-cache"], ["status"]],
    "an index of another version": [["update-index", "--index-version=4"]],
    "sparse": [["sparse-checkout", "set", "--cone", "inner"]],
    "sparse, without a cone": [["sparse-checkout", "set", "--no-cone", "inner"]],
    "a sparse index": [["sparse-checkout", "set", "--cone", "--sparse-index", "inner"]],
    "assumed to be unchanged": [["update-index", "--assume-unchanged", "cards.yaml"]],
    "to be added later": [["add", "--intent-to-add", "decks/a.apkg"]],
    "line ends of Windows": [["config", "core.autocrlf", "true"]],
    "shared by a group": [["config", "core.sharedRepository", "group"]],
    "no logs": [["config", "core.logAllRefUpdates", "false"]],
    "logs of everything": [["config", "core.logAllRefUpdates", "always"]],
    "a stash": [["stash", "push", "--include-untracked"]],
    "another author's settings": [["config", "--unset", "user.name"], ["config", "author.name", "A"]],
}


@pytest.mark.parametrize("words", SHAPES.values(), ids=SHAPES)
def test_a_repository_of_any_shape(home: Path, words: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever git can do with a repository, the files are committed, and nothing else."""
    (home / "inner").mkdir()
    (home / "inner" / "more").write_text("more\n", encoding="utf-8")
    (home / "outer").mkdir()
    for number in range(20):
        (home / "outer" / str(number)).write_text(f"{number}\n", encoding="utf-8")
    git(home, "add", ".")
    git(home, "commit", "-m", "second")
    write(home)
    for each in words:
        git(home, *each)
        if each[0] == "symbolic-ref":
            git(home, "symbolic-ref", "HEAD", "refs/heads/name")
    monkeypatch.setenv("GIT_COMMITTER_NAME", "C")
    (home / "inner" / "more").write_text("less\n", encoding="utf-8")
    git(home, "add", "inner/more")
    commit = release(home)
    assert git(home, "status", "--porcelain") == "M  inner/more"
    logged = git(home, "reflog", "-1", "--format=%H %gs", "HEAD")
    assert logged == f"{commit} commit: Release 1.0.0"
    if ["config", "core.logAllRefUpdates", "always"] in words:
        assert (home / ".git" / "logs" / "refs" / "tags" / "v1.0.0").is_file()
    git(home, "commit", "-m", "next")
    assert git(home, "show", "--format=", "--name-only") == "inner/more"
    assert git(home, "ls-files", "outer").count("\n") == 19


def test_where_no_log_is_kept_none_is_begun(folder: Path) -> None:
    home = folder / "silent"
    home.mkdir()
    git(home, "init")
    git(home, "config", "core.logAllRefUpdates", "false")
    repository(home)
    release(home)
    assert not (home / ".git" / "logs").exists()


@pytest.mark.parametrize("where", ["plain", "index", "a/b"])
def test_the_first_commit(folder: Path, where: str) -> None:
    """There is no HEAD yet, and perhaps something is staged."""
    home = folder / "fresh"
    home.mkdir()
    git(home, "init", "-b", "a/b" if where == "a/b" else "main")
    git(home, "config", "user.name", "A")
    git(home, "config", "user.email", "a@example.org")
    if where == "index":
        (home / "staged").touch()
        git(home, "add", "staged")
    commit = release(home)
    assert git(home, "status", "--porcelain") == ("A  staged" if where == "index" else "")
    assert git(home, "reflog", "--format=%H %gs") == f"{commit} commit (initial): Release 1.0.0"


def in_worktree(home: Path) -> Path:
    git(home, "worktree", "add", "-b", "a/b", str(home.parent / "worktree"))
    return home.parent / "worktree"


def in_detached_worktree(home: Path) -> Path:
    git(home, "worktree", "add", "--detach", str(home.parent / "worktree"))
    return home.parent / "worktree"


def in_worktree_of_bare(home: Path) -> Path:
    git(home.parent, "clone", "--bare", str(home), "bare")
    git(home.parent / "bare", "worktree", "add", str(home.parent / "worktree"), "main")
    return named(home.parent / "worktree")


def in_submodule(home: Path) -> Path:
    outer = repository(home.parent / "outer")
    git(outer, "submodule", "add", home.as_posix(), "inner")
    return named(outer / "inner")


def in_shallow_clone(home: Path) -> Path:
    git(home, "commit", "--allow-empty", "-m", "second")
    git(home.parent, "clone", "--depth=1", home.as_uri(), "clone")
    return named(home.parent / "clone")


def in_partial_clone(home: Path) -> Path:
    git(home, "config", "uploadpack.allowFilter", "true")
    git(home, "rm", "other")
    git(home, "commit", "-m", "second")
    git(home.parent, "clone", "--filter=blob:none", "--sparse", home.as_uri(), "clone")
    git(home.parent / "clone", "remote", "set-url", "origin", "/nowhere")
    return named(home.parent / "clone")


def in_borrowing_clone(home: Path) -> Path:
    git(home.parent, "clone", "--shared", str(home), "clone")
    return named(home.parent / "clone")


def in_subfolder(home: Path) -> Path:
    deck = home / "some" / "deck"
    deck.mkdir(parents=True)
    return deck


def by_a_link(home: Path) -> Path:
    (home.parent / "link").symlink_to(home)
    return home.parent / "link"


def with_sha256(home: Path) -> Path:
    return repository(home.parent / "sha256", "--object-format=sha256")


def named(folder: Path) -> Path:
    git(folder, "config", "user.name", "Ann Author")
    git(folder, "config", "user.email", "ann@example.org")
    return folder


@pytest.mark.parametrize(
    "made",
    [
        *(
            in_worktree,
            in_detached_worktree,
            in_worktree_of_bare,
            in_submodule,
            in_shallow_clone,
            in_partial_clone,
            in_borrowing_clone,
        ),
        *(in_subfolder, by_a_link, with_sha256),
    ],
)
def test_a_repository_of_any_origin(home: Path, made: Callable[[Path], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Worktrees, submodules, clones that lack a part, subfolders; by absolute and by relative paths."""
    deck = made(home)
    here = release(deck)
    git(deck, "reset", "--hard", "HEAD~1")
    git(deck, "tag", "-d", "v1.0.0")
    monkeypatch.chdir(deck)
    before = git(deck, "rev-parse", "HEAD")
    write(deck)
    commit = prepare([Path("cards.yaml"), Path("decks/a.apkg")]).commit(MESSAGE)
    assert git(deck, "rev-parse", "HEAD~1", f"{commit}^{{tree}}") == f"{before}\n" + git(
        deck, "rev-parse", f"{here}^{{tree}}"
    )
    assert git(deck, "status", "--porcelain") == ""
    assert git(deck, "reflog", "-1", "--format=%H %gs") == f"{commit} commit: Release 1.0.0"
    if made is in_worktree:
        assert git(home, "rev-parse", "a/b") == commit
        assert git(home, "status", "--porcelain") == ""


# Settings, and lines of .gitattributes, with which git stores other bytes than those on disk, or other permissions.
FORMS: dict[str, tuple[dict[str, str], str]] = {
    "as they are": ({}, ""),
    "autocrlf": ({"core.autocrlf": "true"}, ""),
    "autocrlf on the way in": ({"core.autocrlf": "input"}, ""),
    "text": ({}, "* text\n"),
    "text where it is": ({}, "* text=auto\n"),
    "line ends of Windows": ({"core.eol": "crlf"}, "* text=auto\n"),
    "binary": ({"core.autocrlf": "true"}, "* binary\n"),
    "text=auto, eol=crlf": ({}, "* text=auto eol=crlf\n"),
    "with the name of its blob": ({}, "* ident\n"),
    "no rights": ({"core.fileMode": "false"}, ""),
    "a macro": ({}, "[attr]deck text eol=lf\n* deck\n"),
}


@pytest.mark.parametrize(("settings", "attributes"), FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("where", ["tree", "info"])
def test_files_are_stored_as_git_stores_them(home: Path, settings: dict[str, str], attributes: str, where: str) -> None:
    """The tree is the one that git commit makes of the same files, and git sees no change afterwards."""
    (home / "ends").write_bytes(b"one\r\n")
    git(home, "add", "ends")
    git(home, "commit", "-m", "line ends")
    (home / (".gitattributes" if where == "tree" else ".git/info/attributes")).write_text(attributes, encoding="utf-8")
    for key, value in settings.items():
        git(home, "config", key, value)
    contents = {"ends": b"one\r\ntwo\r\n", "new": b"a\r\nb\r\n", "mixed": b"a\r\nb\n$Id: x$\n", "binary": b"\0\r\n\n"}
    for name, data in contents.items():
        (home / name).write_bytes(data)
    (home / "mixed").chmod(0o755)
    shutil.copytree(home, home.parent / "copy", symlinks=True)
    commit = prepare([home / name for name in contents]).commit(MESSAGE)
    git(home.parent / "copy", "add", "--", *contents)
    git(home.parent / "copy", "commit", "-m", "x", "--", *contents)
    assert git(home, "rev-parse", f"{commit}^{{tree}}") == git(home.parent / "copy", "rev-parse", "HEAD^{tree}")
    assert git(home, "ls-files", "--stage") == git(home.parent / "copy", "ls-files", "--stage")
    assert git(home, "status", "--porcelain", "--", *contents) == ""
    look_over(home)


ODD = [
    "a b",
    'q"uote',
    "l\nine",
    "ü – é",
    "-leading",
    "--all",
    ":(glob)*",
    ":!x",
    "*",
    "[a]",
    "back\\slash",
    "#x",
    "!y",
    " ",
]


@needs_shell_scripts
@pytest.mark.parametrize("name", ODD)
def test_a_name_of_any_form(home: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It means that file and no other, in the current folder and below."""
    (home / name).mkdir()
    (home / name / "beside").touch()
    monkeypatch.chdir(home / name)
    Path(name).write_text("x", encoding="utf-8")
    ready = prepare([Path(name)], "v1")
    ready.commit(MESSAGE)
    assert git(home, "show", "--format=", "--name-only", "-z") == f"{name}/{name}\0"
    assert git(home, "status", "--porcelain", "-z", "--untracked-files=all") == f"?? {name}/beside\0"
    look_over(home)


@needs_shell_scripts
def test_a_name_in_any_encoding(home: Path) -> None:
    path = home / os.fsdecode(b"j\xf6rg")
    path.touch()
    prepare([path]).commit(MESSAGE)
    assert git(home, "show", "--format=", "--name-only", "-z") == os.fsdecode(b"j\xf6rg\0")


@pytest.mark.parametrize("rights", [0o644, 0o755])
def test_whether_a_file_can_be_run_is_kept(home: Path, rights: int) -> None:
    (home / "cards.yaml").write_text("two\n", encoding="utf-8")
    (home / "cards.yaml").chmod(rights)
    prepare([home / "cards.yaml"]).commit(MESSAGE)
    assert git(home, "ls-tree", "HEAD", "cards.yaml").startswith("100755" if rights == 0o755 else "100644")


def test_a_file_replaces_a_folder(home: Path) -> None:
    """And a folder replaces a file."""
    (home / "x").mkdir()
    (home / "x" / "y").touch()
    git(home, "add", ".")
    git(home, "commit", "-m", "second")
    shutil.rmtree(home / "x")
    (home / "x").touch()
    (home / "other").unlink()
    (home / "other").mkdir()
    (home / "other" / "z").touch()
    prepare([home / "x", home / "other" / "z"]).commit(MESSAGE)
    assert git(home, "ls-files") == "cards.yaml\nother/z\nx"
    assert git(home, "status", "--porcelain") == ""
    look_over(home)


# Where a name and an address may come from: the environment, and the settings at each level.
WHO: dict[str, tuple[dict[str, str], str]] = {
    "the repository": ({}, "Ann Author <ann@example.org> Ann Author <ann@example.org>"),
    "author": (
        {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@x"},
        "A <a@x> Ann Author <ann@example.org>",
    ),
    "committer": (
        {"GIT_COMMITTER_NAME": "C", "GIT_COMMITTER_EMAIL": "c@x"},
        "Ann Author <ann@example.org> C <c@x>",
    ),
}


@pytest.mark.parametrize(("environment", "expected"), WHO.values(), ids=WHO)
def test_who_commits(home: Path, environment: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert git(home, "show", "-s", "--format=%an <%ae> %cn <%ce>", release(home)) == expected


@pytest.mark.parametrize("where", ["personal", "personal, by a condition", "worktree", "EMAIL"])
def test_a_name_is_found_wherever_git_looks_for_it(home: Path, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Characters with a meaning in settings, or in a commit, stay what they are."""
    name = 'J\\o "the #1"; Ü'
    git(home, "config", "--unset", "user.name")
    git(home, "config", "--unset", "user.email")
    settings, more = home.parent / "settings", home.parent / "more"
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    words = ["--file", str(settings)]
    if where == "personal, by a condition":
        git(home, "config", *words, f"includeIf.gitdir:{home}/.path", str(more))
        words = ["--file", str(more)]
    elif where == "worktree":
        git(home, "config", "extensions.worktreeConfig", "true")
        words = ["--worktree"]
    git(home, "config", *words, "user.name", name)
    if where == "EMAIL":
        monkeypatch.setenv("EMAIL", "jo@example.org")
    else:
        git(home, "config", *words, "user.email", "jo@example.org")
    assert git(home, "show", "-s", "--format=%an <%ae>", release(home)) == f"{name} <jo@example.org>"


def test_dates_of_the_environment(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_AUTHOR_DATE", "2020-01-02T03:04:05+01:00")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2021-01-02T03:04:05Z")
    commit = release(home)
    shown = "2020-01-02T03:04:05+01:00 2021-01-02T03:04:05Z"
    assert git(home, "show", "-s", "--format=%aI %cI", commit).replace("+00:00", "Z") == shown
    assert git(home, "for-each-ref", "--format=%(taggerdate:unix)", "refs/tags") == "1609556645"


# What prevents a commit: how it comes about, and the rules that report it.
def _merging(home: Path, *words: str) -> None:
    git(home, "checkout", "-b", "side")
    (home / "other").write_text("side\n", encoding="utf-8")
    git(home, "commit", "-am", "side")
    git(home, "checkout", "main")
    (home / "other").write_text("main\n", encoding="utf-8")
    git(home, "commit", "-am", "main")
    subprocess.run(["git", *words], cwd=home, capture_output=True)


def _attributes(line: str) -> Callable[[Path], object]:
    return lambda home: (home / ".gitattributes").write_text(f"{line}\n", encoding="utf-8")


def _set(*settings: str) -> Callable[[Path], object]:
    return lambda home: [git(home, "config", *each.split("=")) for each in settings]


def _ran(*lines: str) -> Callable[[Path], object]:
    return lambda home: [git(home, *line.split()) for line in lines]


def _written(name: str, text: str) -> Callable[[Path], object]:
    def make(home: Path) -> None:
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text, encoding="utf-8")

    return make


OBSTACLES: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "no name": (_ran("config --unset user.name"), ["git-no-name"]),
    "no address": (_ran("config --unset user.email"), ["git-no-name"]),
    "an empty name": (_set("user.name= "), ["git-no-name"]),
    "signed commits": (_set("commit.gpgSign=true"), ["git-signs"]),
    "signed tags": (_set("tag.gpgSign=true"), ["git-signs"]),
    "annotated tags that are signed": (_set("tag.forceSignAnnotated=yes"), ["git-signs"]),
    "LFS": (_attributes("*.apkg filter=lfs diff=lfs merge=lfs -text"), ["git-filter"]),
    "a filter of everything": (_attributes("* filter=x"), ["git-filter", "git-filter"]),
    "another encoding": (_attributes("*.yaml working-tree-encoding=UTF-16"), ["git-filter"]),
    "a filter of the repository's own": (_written(".git/info/attributes", "*.yaml filter=x\n"), ["git-filter"]),
    "ignored": (_written(".gitignore", "*.apkg\n"), ["git-ignored"]),
    "an ignored folder": (_written(".gitignore", "decks/\n"), ["git-ignored"]),
    "ignored in this copy": (_written(".git/info/exclude", "decks\n"), ["git-ignored"]),
    "a merge": (lambda home: _merging(home, "merge", "side"), ["git-busy"]),
    "a rebase": (lambda home: _merging(home, "rebase", "side"), ["git-busy", "git-busy"]),
    "a cherry-pick": (lambda home: _merging(home, "cherry-pick", "side"), ["git-busy", "git-busy"]),
    "a revert": (lambda home: _merging(home, "revert", "HEAD~1"), ["git-busy", "git-busy"]),
    "a bisect": (_ran("bisect start"), ["git-busy"]),
    "git am": (_written(".git/rebase-apply/applying", ""), ["git-busy"]),
    "a lock": (_written(".git/index.lock", ""), ["git-busy"]),
    "a tag": (_ran("tag v1.0.0"), ["tag-exists"]),
    "a packed tag": (_ran("tag v1.0.0", "pack-refs --all"), ["tag-exists"]),
    "a tag below": (_ran("tag v1.0.0/x"), ["tag-exists"]),
    "a packed tag below": (_ran("tag v1.0.0/x", "pack-refs --all"), ["tag-exists"]),
    "files elsewhere": (_set("core.worktree=/nowhere"), ["git-elsewhere"]),
    "bare": (_set("core.bare=true"), ["git-elsewhere"]),
    "a broken HEAD": (_written(".git/HEAD", "broken"), ["git-broken"]),
    "a filter in a file of attributes": (
        lambda home: [
            _written("../attributes", "*.yaml filter=x")(home),
            _set("core.attributesFile=../attributes")(home),
        ],
        ["git-filter"],
    ),
    "a broken index": (_written(".git/index", "broken"), ["git-broken"]),
    "all at once": (
        lambda home: [
            *(_set("commit.gpgSign=true")(home), _ran("config --unset user.name", "tag v1.0.0", "bisect start")(home)),
            *(_attributes("* filter=x")(home), _written(".gitignore", "decks\n")(home)),
        ],
        ["git-busy", "git-filter", "git-filter", "git-ignored", "git-no-name", "git-signs", "tag-exists"],
    ),
}


@pytest.mark.parametrize(("make", "expected"), OBSTACLES.values(), ids=OBSTACLES)
def test_what_prevents_a_commit(home: Path, make: Callable[[Path], object], expected: list[str]) -> None:
    """All of it is reported before anything is written, each with what to do; and after that nothing has changed."""
    ready = prepare(files_of(home), "v1.0.0")
    make(home)
    before = state(home)
    found = refused(lambda: prepare(files_of(home), "v1.0.0"))
    assert sorted(rules(found)) == expected
    assert all(problem.hint for problem in found)
    write(home)
    after = refused(lambda: ready.commit(MESSAGE))
    assert sorted(rules(after)) == expected
    assert all(re.search(r"git( -C .*)? commit -- ", problem.hint) for problem in after)
    assert state(home) == before


@pytest.mark.parametrize("name", ["a..b", "-a", "a b", "HEAD", "a\0b", "a/", "a.lock", "@{", "a\nb"])
def test_a_tag_that_git_would_not_have(home: Path, name: str) -> None:
    assert rules(refused(lambda: prepare(files_of(home), name))) == ["bad-tag"]


def test_a_tag_beside_another(home: Path) -> None:
    """A tag below the name of another is refused; one that only starts like it is not."""
    git(home, "tag", "v1")
    assert rules(refused(lambda: prepare(files_of(home), "v1/a"))) == ["tag-exists"]
    write(home)
    commit = prepare(files_of(home), "v1.0").commit(MESSAGE)
    assert git(home, "tag", "--points-at", commit) == "v1.0"


@pytest.mark.parametrize("role", ["AUTHOR", "COMMITTER"])
def test_a_date_that_is_none(home: Path, role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"GIT_{role}_DATE", "soon")
    (problem,) = refused(lambda: prepare(files_of(home)))
    assert (problem.rule, f"GIT_{role}_DATE" in problem.message) == ("git-bad-date", True)


def test_where_there_is_no_git(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither around the files nor on the machine; the suggested way out of the first works."""
    deck = home.parent / "deck"
    deck.mkdir()
    found = refused(lambda: prepare(files_of(deck)))
    assert rules(found) == ["no-git"]
    git(deck, "init", str(deck))
    assert rules(refused(lambda: prepare(files_of(deck)))) == ["git-no-name"]
    monkeypatch.setenv("PATH", str(home))
    assert rules(refused(lambda: prepare(files_of(home)))) == ["no-git"]


def test_files_of_two_repositories(home: Path) -> None:
    """As if a folder of the deck is a submodule, or one that was not fetched."""
    repository(home / "decks")
    assert rules(refused(lambda: prepare(files_of(home)))) == ["git-other"]
    git(home, "submodule", "add", "./decks")
    git(home, "commit", "-m", "second")
    git(home.parent, "clone", str(home), "clone")
    named(home.parent / "clone")
    (problem,) = refused(lambda: prepare(files_of(home.parent / "clone")))
    assert (problem.rule, " submodule update --init -- decks" in problem.hint) == ("git-other", True)


def test_a_file_among_those_of_git(home: Path) -> None:
    assert rules(refused(lambda: prepare([home / ".git" / "x", home / ".GIT" / "x"]))) == ["git-own", "git-own"]


@needs_shell_scripts
@pytest.mark.parametrize("where", ["a file", "a folder", "a folder elsewhere", "a file elsewhere", "made meanwhile"])
def test_a_link_in_a_repository_is_refused(home: Path, where: str) -> None:
    """Git would keep where it leads, or the files are in another place than their paths say."""
    elsewhere = home.parent / "elsewhere" if "elsewhere" in where else home / "real"
    elsewhere.mkdir()
    (elsewhere / "x").touch()
    ready = prepare(files_of(home))
    if "file" in where:
        (home / "decks").mkdir()
        (home / "decks" / "a.apkg").symlink_to(elsewhere / "x")
    else:
        (home / "decks").symlink_to(elsewhere)
    if where == "made meanwhile":
        (elsewhere / "a.apkg").touch()
        assert rules(refused(lambda: ready.commit(MESSAGE))) == ["git-broken"]
    else:
        assert rules(refused(lambda: prepare(files_of(home)))) == ["git-link"]


def test_a_file_that_was_not_written(home: Path) -> None:
    before = state(home)
    assert rules(refused(lambda: prepare(files_of(home)).commit(MESSAGE))) == ["git-no-file"]
    assert state(home) == before


@needs_shell_scripts
@pytest.mark.parametrize("here", [True, False])
def test_the_suggested_commands_commit_the_files(home: Path, here: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """In any folder, and with a filter that the author trusts."""
    git(home, "config", "filter.up.clean", "tr a-z A-Z")
    (home / ".gitattributes").write_text("*.yaml filter=up\n", encoding="utf-8")
    monkeypatch.chdir(home / "sub" if here and not (home / "sub").mkdir() else home.parent)  # type: ignore[func-returns-value]
    files = [Path("../cards.yaml"), Path("../a b")] if here else [home / "cards.yaml", home / "a b"]
    (problem,) = refused(lambda: prepare(files, "v1.0.0"))
    write(home)
    (home / "a b").touch()
    for line in problem.hint.split("\n")[1:]:
        line = line.replace(" commit ", " commit -m x ").replace(" tag ", " tag -m x ")
        subprocess.run(line, shell=True, check=True, capture_output=True)
    assert git(home, "show", "v1.0.0:cards.yaml") == "TWO"
    assert git(home, "show", "--format=", "--name-only") == "a b\ncards.yaml"


# Settings that name a program: all that reading a repository could run, and what a commit could also run.
PROGRAMS = {
    "core.fsmonitor": "{trap}",
    "core.hooksPath": "{hooks}",
    "core.editor": "{trap}",
    "core.pager": "{trap}",
    "core.sshCommand": "{trap}",
    "core.askPass": "{trap}",
    "core.alternateRefsCommand": "{trap}",
    "core.gitProxy": "{trap}",
    "sequence.editor": "{trap}",
    "filter.trap.clean": "{trap}",
    "filter.trap.smudge": "{trap}",
    "filter.trap.process": "{trap}",
    "diff.external": "{trap}",
    "diff.trap.textconv": "{trap}",
    "merge.trap.driver": "{trap}",
    "gpg.program": "{trap}",
    "gpg.ssh.program": "{trap}",
    "user.signingKey": "x",
    "credential.helper": "!{trap}",
    "gc.auto": "1",
    "hook.trap.command": "{trap}",
    "alias.commit-tree": "!{trap}",
    "alias.update-ref": "!{trap}",
}
EVENTS = (
    *("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "post-index-change", "reference-transaction"),
    *("pre-auto-gc", "post-rewrite", "post-checkout", "fsmonitor-watchman", "proc-receive", "update", "post-update"),
)


@needs_shell_scripts
@pytest.mark.parametrize("where", ["repository", "include", "worktree", "personal", "submodule"])
def test_nothing_that_is_named_is_run(home: Path, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No hook, filter, monitor, editor or any other program, whoever's settings name it."""
    trap, hooks = home.parent / "trap.sh", home.parent / "hooks"
    trap.write_text(f"#!/bin/sh\ntouch '{home.parent}/sprung'\nexec cat\n", encoding="utf-8")
    trap.chmod(0o700)
    deck, inside, config = home, home / ".git", home / ".git" / "config"
    if where == "worktree":
        deck = in_worktree(home)
        git(deck, "config", "extensions.worktreeConfig", "true")
        config = home / ".git" / "worktrees" / "worktree" / "config.worktree"
    elif where == "submodule":
        deck = in_submodule(home)
        inside = home.parent / "outer" / ".git" / "modules" / "inner"
        config = inside / "config"
    elif where != "repository":
        config = home.parent / "settings"
    for key, value in PROGRAMS.items():
        git(home, "config", "--file", str(config), key, value.format(trap=trap, hooks=hooks))
    for event in EVENTS:
        git(home, "config", "--file", str(config), "--add", "hook.trap.event", event)
    if where == "include":
        git(home, "config", "include.path", str(config))
    elif where == "personal":
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    for folder in (hooks, inside / "hooks"):
        folder.mkdir(exist_ok=True)
        for event in EVENTS:
            shutil.copy(trap, folder / event)
    (inside / "info" / "attributes").write_text("* diff=trap merge=trap\nother filter=trap\n", encoding="utf-8")
    (deck / "other").write_text("two\n", encoding="utf-8")
    monkeypatch.setenv("GIT_EDITOR", str(trap))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(trap))
    ready = prepare(files_of(deck), "v1.0.0")
    write(deck)
    commit = ready.commit(MESSAGE)
    prepare(files_of(deck), "v1.0.1").commit(MESSAGE)
    assert not (home.parent / "sprung").exists()
    assert git(deck, "rev-parse", "HEAD") == commit
    subprocess.run(["git", "commit", "--allow-empty", "-m", "x"], cwd=deck, capture_output=True)
    assert (home.parent / "sprung").exists(), "the trap is none"


@needs_shell_scripts
@pytest.mark.parametrize("name", ["index", "logs/HEAD", "logs", "refs/heads", "refs/tags", "HEAD"])
def test_no_link_in_a_repository_is_followed(home: Path, name: str) -> None:
    """It may lead to any file of the author's, which would get a line more, or be replaced."""
    git(home, "pack-refs", "--all")
    inside = home / ".git" / name
    victim = home.parent / "victim"
    shutil.move(inside, victim)
    inside.symlink_to(victim)
    before = [(each, each.read_bytes()) for each in [victim, *victim.rglob("*")] if each.is_file()]
    ready = home, files_of(home)
    write(home)
    problems = refused(lambda: prepare(ready[1], "v1").commit(MESSAGE))
    assert rules(problems) == ["git-broken"]
    assert [(each, each.read_bytes()) for each in [victim, *victim.rglob("*")] if each.is_file()] == before
    assert inside.is_symlink()


def test_a_missing_object_is_not_fetched(home: Path) -> None:
    """What a partial clone lacks is not needed, or the author reads git's words."""
    clone = in_partial_clone(home)
    marker = home.parent / "sprung"
    git(clone, "config", "remote.origin.uploadpack", f"touch {marker};")
    git(clone, "config", "remote.origin.url", ".")
    release(clone)
    assert not marker.exists()


def racing(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Do something while a commit is being made, after everything was read."""
    former = committing.move

    def move(*words: Any) -> None:
        act()
        former(*words)

    monkeypatch.setattr(committing, "move", move)


RACES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a commit": (
        lambda home: git(home, "update-ref", "HEAD", git(home, "commit-tree", "HEAD^{tree}", "-m", "x")),
        "git-busy",
    ),
    "another branch": (_ran("symbolic-ref HEAD refs/heads/new"), "git-busy"),
    "no branch": (lambda home: git(home, "update-ref", "--no-deref", "HEAD", "HEAD"), "git-busy"),
    "a tag": (_ran("tag v1.0.0"), "tag-exists"),
    "a tag below": (_ran("tag v1.0.0/x"), "tag-exists"),
    "a lock of HEAD": (_written(".git/HEAD.lock", ""), "git-busy"),
    "a lock of the branch": (_written(".git/refs/heads/main.lock", ""), "git-busy"),
    "a lock of the tag": (_written(".git/refs/tags/v1.0.0.lock", ""), "git-busy"),
}


@pytest.mark.parametrize(("act", "rule"), RACES.values(), ids=RACES)
def test_nothing_of_anybody_else_is_lost(
    home: Path, act: Callable[[Path], object], rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What others did first stays, and the author reads how to commit the files after that."""
    ready = prepare(files_of(home), "v1.0.0")
    write(home)
    after: list[dict[str, str]] = []
    racing(monkeypatch, lambda: (act(home), after.append(state(home))))
    (problem,) = refused(lambda: ready.commit(MESSAGE))
    assert problem.rule == rule
    assert "git commit -- " in problem.hint
    assert [state(home)] == after
    git(home, "fsck", "--strict")


def test_what_may_happen_meanwhile_without_harm(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Packed references stay the same, and a status leaves the index alone while a commit has its lock."""
    (home / "other").touch()
    racing(monkeypatch, lambda: (git(home, "pack-refs", "--all"), git(home, "status")))
    release(home)


def test_a_short_lock_is_waited_for(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = home / ".git" / "index.lock"
    lock.touch()
    monkeypatch.setattr(locking, "_PATIENCE", 60)
    monkeypatch.setattr(locking, "sleep", lambda _: lock.unlink())
    release(home)


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Callable[[], None]]]:
    """Do something at each step at which a file is put in place or written; the last one is for all others."""
    acts: list[Callable[[], None]] = []

    def act() -> None:
        if acts:
            acts.pop(0)()

    for owner, name in ((locking.os, "replace"), (locking.os, "fsync"), (moving, "make_folder")):
        former = getattr(owner, name)
        monkeypatch.setattr(owner, name, lambda *words, former=former, **named: (act(), former(*words, **named))[1])
    return acts  # type: ignore[return-value]


def _full() -> None:
    raise OSError(28, "No space left on device", "x")


@pytest.mark.parametrize("number", range(15))
@pytest.mark.parametrize("first", [False, True])
def test_a_failure_leaves_all_or_nothing(home: Path, number: int, first: bool, steps: list[Callable[[], None]]) -> None:
    """Whichever step fails, HEAD, index, log and tag are the old ones; or only the tag is, and that is reported."""
    if first:
        home = home.parent / "fresh"
        home.mkdir()
        git(home, "init")
        named(home)
    ready = prepare(files_of(home), "v1.0.0")
    write(home)
    before = state(home)
    steps += [lambda: None] * number + [_full]
    try:
        commit = ready.commit(MESSAGE)
    except Problems as caught:
        (problem,) = caught.problems
        assert problem.rule in ("git-broken", "git-no-tag")
        if problem.rule == "git-broken":
            assert state(home) == before
        else:
            assert git(home, "tag") == ""
            line = problem.hint.split("\n")[1].replace("tag -a", "tag -m x -a")
            subprocess.run(line, shell=True, check=True)
    else:
        assert git(home, "rev-parse", "HEAD", "v1.0.0^{commit}") == f"{commit}\n{commit}"
    steps.clear()
    look_over(home)


@needs_shell_scripts
@pytest.mark.parametrize("number", range(15))
@pytest.mark.parametrize("which", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_all_or_nothing(
    home: Path, number: int, which: signal.Signals, steps: list[Callable[[], None]]
) -> None:
    """Ctrl-C at any step ends the program before the commit, or after it and its tag."""
    ready = prepare(files_of(home), "v1.0.0")
    write(home)
    before = state(home)
    former = signal.signal(which, signal.default_int_handler)
    steps += [lambda: None] * number + [lambda: signal.raise_signal(which)]
    try:
        ready.commit(MESSAGE)
    except KeyboardInterrupt:
        if state(home) != before:
            assert git(home, "rev-parse", "HEAD") == git(home, "rev-parse", "v1.0.0^{commit}")
            assert git(home, "status", "--porcelain") == ""
    else:
        assert steps, "there are not as many steps"
    finally:
        signal.signal(which, former)
    steps.clear()
    look_over(home)


def test_ctrl_c_while_git_works(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No lock is left behind."""
    ready = prepare(files_of(home), "v1.0.0")
    write(home)
    before = state(home)
    racing(monkeypatch, lambda: signal.raise_signal(signal.SIGINT))
    former = signal.signal(signal.SIGINT, signal.default_int_handler)  # the test run may have switched it off
    try:
        with pytest.raises(KeyboardInterrupt):
            ready.commit(MESSAGE)
    finally:
        signal.signal(signal.SIGINT, former)
    assert state(home) == before
    look_over(home)


def test_tables_of_references(folder: Path) -> None:
    """Another store of references, if this machine's git knows it; in a linked worktree as well."""
    try:
        home = repository(folder / "tables", "--ref-format=reftable")
    except subprocess.CalledProcessError:
        pytest.skip("this git does not know it")
    commit = release(home)
    assert git(home, "reflog", "-1", "--format=%H %gs") == f"{commit} commit: Release 1.0.0"
    for name in ("v1.0.0", "v1.0.0/x"):
        assert rules(refused(lambda name=name: prepare(files_of(home), name))) == ["tag-exists"]
    for number in range(20):
        (home / "cards.yaml").write_text(f"{number}\n", encoding="utf-8")
        prepare([home / "cards.yaml"], f"w{number}").commit(MESSAGE)
    look_over(home)
    assert git(home, "log", "--format=%H").count("\n") == 21
    assert len(git(home, "tag").split()) == 21
    git(home, "worktree", "add", str(folder / "worktree"))
    assert rules(refused(lambda: prepare(files_of(folder / "worktree")))) == ["git-reftable"]


def test_references_that_are_kept_elsewhere_are_left_alone(home: Path) -> None:
    """A later git lets a repository name any folder for them."""
    git(home, "config", "core.repositoryFormatVersion", "1")
    with (home / ".git" / "config").open("a", encoding="utf-8") as file:
        file.write(f'[extensions]\n\trefStorage = "files://{home.parent}/refs"\n')
    assert rules(refused(lambda: prepare(files_of(home)))) == ["git-broken"]
