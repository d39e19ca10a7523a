"""What git knows about a folder, and what the author reads if git cannot say."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

import pytest

from cuedeck.git import borrowing, running
from cuedeck.git.committed import committed, last_commit_of, uncommitted
from cuedeck.git.repository import is_on_another_machine
from cuedeck.problems import Problems

needs_shell_scripts = pytest.mark.skipif(os.name == "nt", reason="Windows runs no script as a program")


@pytest.fixture(autouse=True)
def home(folder: Path) -> Path:
    """A folder with a deck, in an otherwise empty one."""
    deck = folder / "deck"
    deck.mkdir()
    (deck / "cards.yaml").write_text("one\n", encoding="utf-8")
    return deck


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main")
    settings = (*who, "-c", "protocol.file.allow=always")
    subprocess.run(["git", *settings, *words], cwd=folder, check=True, capture_output=True)


def commit(folder: Path) -> None:
    git(folder, "init")
    git(folder, "add", ".")
    git(folder, "commit", "-m", "first")


def test_what_was_committed_and_what_was_changed_since(home: Path) -> None:
    """The last commit's bytes, and every edited, new or removed file below the folder, but none beside it."""
    (home / "gone").write_text("x", encoding="utf-8")
    commit(home.parent)
    assert uncommitted(home) == ()
    (home / "cards.yaml").write_text("two\n", encoding="utf-8")
    (home / "gone").unlink()
    (home / "new – ü").write_text("x", encoding="utf-8")
    (home.parent / "beside").write_text("x", encoding="utf-8")
    assert committed(home / "cards.yaml") == b"one\n"
    assert committed(home / "new – ü") is None
    assert set(uncommitted(home)) == {"deck/cards.yaml", "deck/gone", "deck/new – ü"}


def test_a_new_folder_is_named_once(home: Path) -> None:
    """Files in a folder that git does not have are not listed one by one, however many they are."""
    commit(home)
    (home / "huge" / "deep").mkdir(parents=True)
    for number in range(2000):
        (home / "huge" / "deep" / str(number)).touch()
    assert uncommitted(home) == ("huge/",)


def test_without_git_nothing_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder in no repository, a machine without git, and a folder that does not exist."""
    assert (committed(home / "cards.yaml"), uncommitted(home)) == (None, ())
    commit(home)
    (home / "cards.yaml").write_text("two\n", encoding="utf-8")
    assert uncommitted(home.parent / "nowhere") == ()
    monkeypatch.setenv("PATH", str(home))
    assert (committed(home / "cards.yaml"), uncommitted(home)) == (None, ())


def test_a_file_of_a_folder_that_is_gone(home: Path) -> None:
    """What was committed is found even if its folder no longer exists, or never did."""
    (home / "decks").mkdir()
    (home / "decks" / "a.apkg").write_bytes(b"package")
    commit(home)
    shutil.rmtree(home / "decks")
    assert committed(home / "decks" / "a.apkg") == b"package"
    assert last_commit_of(home / "decks" / "a.apkg")
    assert committed(home / "never" / "there" / "a.apkg") is None
    assert last_commit_of(home / "never" / "there" / "a.apkg") == ""


def test_a_repository_without_a_commit(home: Path) -> None:
    """Nothing has been committed, so everything is new."""
    git(home, "init")
    assert committed(home / "cards.yaml") is None
    assert uncommitted(home) == ("cards.yaml",)


def test_a_bare_repository_has_no_files_to_look_at(home: Path) -> None:
    """A deck in the folder of a bare repository is in none of its commits."""
    git(home, "init", "--bare")
    assert (committed(home / "cards.yaml"), uncommitted(home)) == (None, ())


@pytest.mark.hostile
@pytest.mark.parametrize("damage", ["HEAD", "index", "objects", "everything"])
def test_a_broken_repository_is_reported(home: Path, damage: str) -> None:
    """If git fails in a repository, nobody can tell what is committed: the author reads git's own words."""
    commit(home)
    inside = home / ".git"
    if damage == "everything":
        shutil.rmtree(inside)
        inside.mkdir()
    elif damage == "objects":
        shutil.rmtree(inside / damage)
    else:
        (inside / damage).write_bytes(b"damaged")
    assert committed(home / "cards.yaml") in (None, b"one\n")
    with pytest.raises(Problems) as caught:
        uncommitted(home)
    (problem,) = caught.value.problems
    assert (problem.rule, problem.place.file) == ("git-broken", home.as_posix())
    assert problem.message.startswith("git cannot say what is committed here: ")


def test_a_submodule_is_a_repository_of_its_own(home: Path) -> None:
    """A deck in a submodule is compared with the submodule's commit."""
    commit(home)
    outer = home.parent / "outer"
    outer.mkdir()
    git(outer, "init")
    git(outer, "submodule", "add", home.as_posix(), "inner")
    git(outer, "commit", "-m", "first")
    cards = outer / "inner" / "cards.yaml"
    assert (committed(cards), uncommitted(cards.parent), uncommitted(outer)) == (b"one\n", (), ())
    cards.write_text("two\n", encoding="utf-8")
    assert (committed(cards), uncommitted(cards.parent), uncommitted(outer)) == (b"one\n", ("cards.yaml",), ("inner",))


@dataclass(frozen=True)
class Trap:
    """A program that a stranger wants us to run: it leaves a file behind, and passes on what it reads."""

    program: Path

    @property
    def sprung(self) -> bool:
        return (self.program.parent / "sprung").exists()


@pytest.fixture
def trap(home: Path) -> Trap:
    program = home.parent / "trap.sh"
    program.write_text(f"#!/bin/sh\ntouch '{home.parent}/sprung'\nexec cat\n", encoding="utf-8")
    program.chmod(0o700)
    return Trap(program)


# Settings that name a program, each of which git runs for some command that only reads a repository.
PROGRAMS: dict[str, list[tuple[str, str]]] = {
    "file system monitor": [("core.fsmonitor", "{trap}")],
    "clean filter": [("filter.trap.clean", "{trap}"), ("filter.trap.required", "true")],
    "process filter": [("filter.trap.process", "{trap}")],
    "a name that looks like a setting": [("filter.trap.clean=cat.clean", "{trap}"), ("filter.trap.clean", "{trap}")],
    "external diff": [("diff.external", "{trap}"), ("diff.trap.command", "{trap}"), ("diff.trap.textconv", "{trap}")],
    "alias": [("alias.status", "!{trap}"), ("alias.cat-file", "!{trap}"), ("alias.ls-tree", "!{trap}")],
    "hooks": [("core.hooksPath", "{hooks}")],
    "pager and editor": [("core.pager", "{trap}"), ("pager.status", "{trap}"), ("core.editor", "{trap}")],
    "signatures": [("gpg.program", "{trap}"), ("log.showSignature", "true")],
    "alternates": [("core.alternateRefsCommand", "{trap}")],
    "credentials": [("credential.helper", "!{trap}"), ("core.askPass", "{trap}")],
}


def everything(folder: Path) -> tuple[object, ...]:
    """Ask for everything that is ever asked of git."""
    return committed(folder / "cards.yaml"), uncommitted(folder), bool(last_commit_of(folder / "cards.yaml"))


@pytest.mark.hostile
@pytest.mark.parametrize("settings", PROGRAMS.values(), ids=PROGRAMS)
@pytest.mark.parametrize("where", ["config", "include", "worktree", "submodule"])
def test_a_program_that_a_repository_names_is_not_run(
    home: Path, trap: Trap, settings: list[tuple[str, str]], where: str
) -> None:
    """Neither from its own settings nor from a file that they include, in a worktree or in a submodule."""
    commit(home)
    deck, config = home, home / ".git" / "config"
    inside = home / ".git"
    if where == "include":
        config = home.parent / "more"
        git(home, "config", "include.path", str(config))
    elif where == "worktree":
        deck = home.parent / "worktree"
        git(home, "worktree", "add", str(deck))
    elif where == "submodule":
        deck = home.parent / "outer"
        deck.mkdir()
        git(deck, "init")
        git(deck, "submodule", "add", home.as_posix(), "inner")
        (deck / "cards.yaml").write_text("one\n", encoding="utf-8")
        git(deck, "add", ".")
        git(deck, "commit", "-m", "first")
        inside = deck / ".git" / "modules" / "inner"
        config = inside / "config"
    for key, value in settings:
        git(home, "config", "--file", str(config), key, value.format(trap=trap.program, hooks=inside / "hooks"))
    for name in ("post-index-change", "pre-commit", "reference-transaction"):
        (inside / "hooks").mkdir(exist_ok=True)
        shutil.copy(trap.program, inside / "hooks" / name)
    (inside / "info" / "attributes").write_text("* diff=trap filter=trap\n", encoding="utf-8")
    (inside / "trap").touch()
    for path in (deck / "cards.yaml", deck / "inner" / "cards.yaml"):
        if path.exists():  # so that git must read the file, whose size is unchanged
            path.write_text("two\n", encoding="utf-8")
    found = everything(deck)
    assert not trap.sprung
    assert found == (b"one\n", ("cards.yaml", *(["inner"] if where == "submodule" else [])), True)


def test_a_folder_that_looks_like_a_repository_is_not_one(home: Path, trap: Trap) -> None:
    """A stranger's commit may contain all files of a bare repository, with settings that name programs."""
    for name in ("objects/.keep", "refs/.keep", "info/.keep"):
        (home / name).parent.mkdir()
        (home / name).touch()
    (home / "info" / "attributes").write_text("* filter=trap\n", encoding="utf-8")
    (home / "HEAD").write_text("ref: refs/heads/main\n", encoding="utf-8")
    (home / "config").write_text(
        f"[core]\n\trepositoryformatversion = 1\n\tbare = false\n\tworktree = .\n\tfsmonitor = {trap.program}\n"
        f'[filter "trap"]\n\tclean = {trap.program}\n[extensions]\n\tpartialClone = o\n'
        f'[remote "o"]\n\turl = .\n\tpromisor = true\n\tuploadpack = {trap.program}\n',
        encoding="utf-8",
    )
    repository = home.parent / "repository"
    repository.mkdir()
    git(repository, "init")
    home.rename(repository / "deck")
    git(repository, "add", ".")
    git(repository, "commit", "-m", "first")
    git(home.parent, "clone", str(repository), "clone")
    clone = home.parent / "clone" / "deck"
    assert (clone / "HEAD").is_file()
    assert everything(clone) == (b"one\n", (), True)
    assert not trap.sprung


@pytest.mark.hostile
@pytest.mark.parametrize("transport", ["uploadpack", "ssh", "ext", "the folder itself"])
def test_a_missing_object_is_not_fetched(home: Path, trap: Trap, transport: str) -> None:
    """A repository whose objects are elsewhere gets none of them: nothing is run, and the author reads why."""
    commit(home)
    for key, value in {
        "core.repositoryformatversion": "1",
        "core.sshCommand": str(trap.program),
        "extensions.partialClone": "o",
        "protocol.ext.allow": "always",
        "remote.o.promisor": "true",
        "remote.o.partialclonefilter": "blob:none",
        "remote.o.uploadpack": str(trap.program),
        "remote.o.url": {
            "uploadpack": ".",
            "ssh": "ssh://nowhere.invalid/x",
            "ext": f"ext::{trap.program}",
            "the folder itself": str(home),
        }[transport],
    }.items():
        git(home, "config", key, value)
    blob = subprocess.run(["git", "rev-parse", "HEAD:cards.yaml"], cwd=home, check=True, capture_output=True)
    name = blob.stdout.decode().strip()
    (home / ".git" / "objects" / name[:2] / name[2:]).unlink()
    with pytest.raises(Problems, match=r"git has this file, but this copy of the repository lacks its contents"):
        committed(home / "cards.yaml")
    assert committed(home / "other") is None
    (home / "cards.yaml").touch()
    with contextlib.suppress(Problems):
        uncommitted(home)
    assert not trap.sprung


def test_a_partial_clone_stays_as_it_is(home: Path) -> None:
    """What its maker has not fetched is not fetched, and the suggested way out works."""
    commit(home)
    git(home, "config", "uploadpack.allowFilter", "true")
    git(home.parent, "clone", "--no-checkout", "--filter=blob:none", home.as_uri(), "clone")
    cards = home.parent / "clone" / "cards.yaml"
    with pytest.raises(Problems) as caught:
        committed(cards)
    assert "git checkout HEAD -- " in str(caught.value)
    git(cards.parent, "checkout", "HEAD", "--", "cards.yaml")
    assert committed(cards) == b"one\n"


@pytest.mark.hostile
@needs_shell_scripts
@pytest.mark.parametrize("path", ["", ".", "deck"])
def test_a_git_in_the_folder_is_not_run(home: Path, trap: Trap, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A search path that depends on the current folder leads to programs of whoever made the folder."""
    commit(home)
    shutil.copy(trap.program, home / "git")
    monkeypatch.chdir(home.parent if path == "deck" else home)
    monkeypatch.setenv("PATH", os.pathsep.join([path, os.environ["PATH"]]))
    assert everything(home) == (b"one\n", ("git",), True)
    monkeypatch.setenv("PATH", path)
    assert everything(home) == (None, (), False)
    assert not trap.sprung


@pytest.mark.hostile
def test_the_environment_cannot_name_a_repository(home: Path, trap: Trap, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a hook, where git names its own repository, or in a shell with settings for one."""
    commit(home)
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(trap.program))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.fsmonitor")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(trap.program))
    assert everything(home) == (b"one\n", (), True)
    assert not trap.sprung


@needs_shell_scripts
def test_a_git_that_never_answers_is_ended(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while the author reads a sentence, and the program is ended."""
    commit(home)
    programs = home.parent / "programs"
    programs.mkdir()
    os.mkfifo(home.parent / "nothing-comes")
    (programs / "git").write_text(f"#!/bin/sh\nread line < '{home.parent}/nothing-comes'\n", encoding="utf-8")
    (programs / "git").chmod(0o700)
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setattr(running, "_TIMEOUT", 0.1)
    for ask in (uncommitted, lambda home: committed(home / "cards.yaml")):
        with pytest.raises(Problems, match=r"did not answer within .* seconds"):
            ask(home)


def test_objects_on_another_machine_are_not_looked_at() -> None:
    """Windows would connect to it, and reveal the user; a folder on the same machine is no problem."""
    home, share = PureWindowsPath("C:/deck/.git"), PureWindowsPath("//trusted/decks/deck/.git")
    elsewhere = PureWindowsPath("//evil/objects")
    assert is_on_another_machine(elsewhere, home)
    assert is_on_another_machine(elsewhere, share)
    assert not is_on_another_machine(PureWindowsPath("//trusted/decks/objects"), share)
    assert not is_on_another_machine(home / "../objects", home)


@pytest.mark.hostile
@needs_shell_scripts
@pytest.mark.parametrize("what", ["a link to a folder", "a link to a device", "a device's branch", "a huge file"])
def test_nothing_endless_is_copied(home: Path, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that came with its .git may have links to anything, and files of any size: none is followed or read."""
    commit(home)
    inside = home / ".git"
    if what == "a link to a folder":
        (inside / "reftable").symlink_to("/usr")
    elif what == "a link to a device":
        (inside / "reftable").mkdir()
        (inside / "reftable" / "x").symlink_to("/dev/zero")
        (inside / "packed-refs").unlink(missing_ok=True)
        (inside / "packed-refs").symlink_to("/dev/zero")
    elif what == "a device's branch":
        (inside / "refs" / "heads" / "zero").symlink_to("/dev/zero")
        (inside / "HEAD").write_text("ref: refs/heads/zero\n", encoding="utf-8")
    else:
        monkeypatch.setattr(borrowing, "_LARGEST", 1000)
        (inside / "packed-refs").write_bytes(bytes(1001))
    if what == "a huge file":
        with pytest.raises(Problems, match=r"git cannot say what is committed here: .*large"):
            uncommitted(home)
    else:
        with contextlib.suppress(Problems):
            everything(home)


@pytest.mark.hostile
@pytest.mark.parametrize("line", ['"\\\\evil\\share\\objects"', '"../objects"'])
def test_a_quoted_path_to_other_objects_is_refused(home: Path, line: str) -> None:
    """Git would remove the quotes, and then look on another machine."""
    commit(home)
    (home / ".git" / "objects" / "info").mkdir(exist_ok=True)
    (home / ".git" / "objects" / "info" / "alternates").write_text(f"# objects\n{line}\n", encoding="utf-8")
    with pytest.raises(Problems, match="unusual name"):
        uncommitted(home)


def test_borrowed_objects_are_found(home: Path) -> None:
    """As in a clone that shares the objects of another one on the same disk."""
    commit(home)
    git(home.parent, "clone", "--shared", str(home), "clone")
    assert everything(home.parent / "clone") == (b"one\n", (), True)


# What a repository may be like, by the commands that make it so.
SHAPES: dict[str, list[list[str]]] = {
    "detached": [["checkout", "--detach"]],
    "packed": [["gc"], ["pack-refs", "--all"]],
    "a branch that is another's name": [["branch", "other"], ["symbolic-ref", "refs/heads/name", "refs/heads/other"]],
    "a split index": [["update-index", "--split-index"]],
    "an index with caches": [["update-index", "--untracked-cache"], ["status"]],
    "sparse": [["sparse-checkout", "set", "--cone", "inner"]],
    "replaced": [["replace", "HEAD:cards.yaml", "HEAD:.gitignore"]],
    "line ends of Windows": [["config", "core.autocrlf", "true"], ["rm", "-q", "--cached", "cards.yaml"]],
    "line ends of Windows in a worktree": [
        ["config", "extensions.worktreeConfig", "true"],
        ["config", "--worktree", "core.autocrlf", "true"],
        ["rm", "-q", "--cached", "cards.yaml"],
    ],
}


@pytest.mark.parametrize("words", SHAPES.values(), ids=SHAPES)
def test_a_repository_of_any_shape_is_read(home: Path, words: list[list[str]]) -> None:
    """Whatever git can do with a repository, its files are found, and what differs from the last commit."""
    (home / "inner").mkdir()
    (home / "inner" / "more").write_text("more\n", encoding="utf-8")
    (home / ".gitignore").write_text("ignored\n", encoding="utf-8")
    commit(home)
    (home / "ignored").touch()
    for each in words:
        git(home, *each)
    if "rm" in words[-1]:
        (home / "cards.yaml").write_bytes(b"one\r\n")
        git(home, "add", "cards.yaml")
        git(home, "commit", "--allow-empty", "-m", "again")
    if "symbolic-ref" in words[-1]:
        git(home, "symbolic-ref", "HEAD", "refs/heads/name")
    assert everything(home) == (b"one\n", (), True)
    (home / "new").touch()
    (home / "inner" / "more").write_text("less\n", encoding="utf-8")
    assert set(uncommitted(home)) == {"inner/more", "new"}


@pytest.mark.parametrize("words", [["--object-format=sha256"], ["--ref-format=reftable"]], ids=" ".join)
def test_other_forms_of_repositories_are_read(home: Path, words: list[str]) -> None:
    """Other hashes, and another store of references if this machine's git knows it."""
    try:
        git(home, "init", *words)
    except subprocess.CalledProcessError:
        pytest.skip("this git does not know it")
    git(home, "add", ".")
    git(home, "commit", "-m", "first")
    assert everything(home) == (b"one\n", (), True)


@pytest.mark.parametrize("where", ["personal", "personal, by a condition", "the repository's"])
def test_what_its_user_ignores_is_no_change(home: Path, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Users' settings may name a list of what to ignore: only its patterns count."""
    commit(home)
    (home / "trash").touch()
    ignored, settings, more = (home.parent / name for name in ("ignored ü", "settings", "more"))
    ignored.write_text("trash\n", encoding="utf-8")
    assert uncommitted(home) == ("trash",)
    if where == "the repository's":
        git(home, "config", "core.excludesFile", str(ignored))
    elif where == "personal":
        git(home, "config", "--file", str(settings), "core.excludesFile", str(ignored))
    else:
        git(home, "config", "--file", str(more), "core.excludesFile", str(ignored))
        git(home, "config", "--file", str(settings), f"includeIf.gitdir:{home}/.path", str(more))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    assert uncommitted(home) == ()


@pytest.mark.hostile
@needs_shell_scripts
@pytest.mark.parametrize("name", ["/dev/zero", "link", "folder", "~nobody-here/x"])
def test_what_a_repository_names_to_be_ignored_is_a_plain_file(home: Path, name: str) -> None:
    """Nothing else is read, or waited for."""
    commit(home)
    (home.parent / "folder").mkdir()
    (home.parent / "link").symlink_to("/dev/zero")
    git(home, "config", "core.excludesFile", name if name[0] in "/~" else str(home.parent / name))
    (home / "trash").touch()
    assert uncommitted(home) == ("trash",)


@needs_shell_scripts
def test_what_a_repository_includes_is_not_looked_at(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be on another machine, or endless."""
    commit(home)
    os.mkfifo(home.parent / "nothing-comes")
    git(home, "config", "include.path", str(home.parent / "nothing-comes"))
    monkeypatch.setattr(running, "_TIMEOUT", 10)
    assert everything(home) == (b"one\n", (), True)


@needs_shell_scripts
def test_settings_in_any_encoding_are_read(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """File names are bytes."""
    commit(home)
    settings = home.parent / "settings"
    settings.write_bytes(b"[core]\n\texcludesFile = /home/j\xf6rg/ignored\n")
    with (home / ".git" / "config").open("ab") as file:
        file.write(b"[core]\n\teol = \xff\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    assert committed(home / "cards.yaml") == b"one\n"


def test_temporary_files_in_the_folder_are_no_change(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some people keep them beside their work."""
    commit(home)
    monkeypatch.setattr(tempfile, "tempdir", str(home))
    assert uncommitted(home) == ()


@pytest.mark.hostile
def test_a_file_that_names_no_repository_is_reported(home: Path) -> None:
    """However large the file is, only one line of it is read."""
    with (home / ".git").open("wb") as file:
        file.truncate(20 * 1024**3)
    assert committed(home / "cards.yaml") is None
    with pytest.raises(Problems, match="git cannot say what is committed here"):
        uncommitted(home)


def test_a_shallow_clone_has_its_last_commit(home: Path) -> None:
    """Such as a code host's workflow makes."""
    commit(home)
    git(home, "commit", "--allow-empty", "-m", "second")
    git(home.parent, "clone", "--depth=1", home.as_uri(), "clone")
    assert everything(home.parent / "clone") == (b"one\n", (), True)


def test_the_commit_that_last_touched_a_file(home: Path) -> None:
    """It has the file's bytes, whatever came later."""
    commit(home)
    (home / "cards.yaml").write_text("two\n", encoding="utf-8")
    git(home, "commit", "-am", "second")
    (home / "other").touch()
    git(home, "add", ".")
    git(home, "commit", "-m", "third")
    found = last_commit_of(home / "cards.yaml")
    assert committed(home / "cards.yaml", f"{found}~1") == b"one\n"
    assert committed(home / "cards.yaml", found) == b"two\n"
    assert committed(home / "other", found) is None
    assert last_commit_of(home / "missing") == ""
