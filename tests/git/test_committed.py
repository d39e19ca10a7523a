"""What git has of a folder, and what is said where git cannot tell."""

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
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a deck in no repository, and git without the settings of whoever runs this."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    deck = tmp_path / "deck"
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


def test_what_was_committed_and_what_was_changed_since(folder: Path) -> None:
    """The last commit's bytes, and every edited, new or removed file below the folder, but none beside it."""
    (folder / "gone").write_text("x", encoding="utf-8")
    commit(folder.parent)
    assert uncommitted(folder) == ()
    (folder / "cards.yaml").write_text("two\n", encoding="utf-8")
    (folder / "gone").unlink()
    (folder / "new – ü").write_text("x", encoding="utf-8")
    (folder.parent / "beside").write_text("x", encoding="utf-8")
    assert committed(folder / "cards.yaml") == b"one\n"
    assert committed(folder / "new – ü") is None
    assert set(uncommitted(folder)) == {"deck/cards.yaml", "deck/gone", "deck/new – ü"}


def test_a_new_folder_is_named_once(folder: Path) -> None:
    """However many files lie in a folder that git does not have, they are not listed one by one."""
    commit(folder)
    (folder / "huge" / "deep").mkdir(parents=True)
    for number in range(2000):
        (folder / "huge" / "deep" / str(number)).touch()
    assert uncommitted(folder) == ("huge/",)


def test_without_git_nothing_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder in no repository, a machine without git, and a folder that is not there."""
    assert (committed(folder / "cards.yaml"), uncommitted(folder)) == (None, ())
    commit(folder)
    (folder / "cards.yaml").write_text("two\n", encoding="utf-8")
    assert uncommitted(folder.parent / "nowhere") == ()
    monkeypatch.setenv("PATH", str(folder))
    assert (committed(folder / "cards.yaml"), uncommitted(folder)) == (None, ())


def test_a_repository_without_a_commit(folder: Path) -> None:
    """Nothing was committed yet, so everything is new."""
    git(folder, "init")
    assert committed(folder / "cards.yaml") is None
    assert uncommitted(folder) == ("cards.yaml",)


def test_a_bare_repository_has_no_files_to_look_at(folder: Path) -> None:
    """A deck that lies in the folder of a bare repository is in no commit of it."""
    git(folder, "init", "--bare")
    assert (committed(folder / "cards.yaml"), uncommitted(folder)) == (None, ())


@pytest.mark.parametrize("damage", ["HEAD", "index", "objects", "everything"])
def test_a_broken_repository_is_told(folder: Path, damage: str) -> None:
    """Where git fails in a repository, nobody can tell what is committed: the author reads git's own words."""
    commit(folder)
    inside = folder / ".git"
    if damage == "everything":
        shutil.rmtree(inside)
        inside.mkdir()
    elif damage == "objects":
        shutil.rmtree(inside / damage)
    else:
        (inside / damage).write_bytes(b"damaged")
    assert committed(folder / "cards.yaml") in (None, b"one\n")
    with pytest.raises(Problems) as caught:
        uncommitted(folder)
    (problem,) = caught.value.problems
    assert (problem.rule, problem.place.file) == ("git-broken", folder.as_posix())
    assert problem.message.startswith("git cannot tell what is committed here: ")


def test_a_submodule_is_a_repository_of_its_own(folder: Path) -> None:
    """A deck in a submodule is compared with the submodule's commit."""
    commit(folder)
    outer = folder.parent / "outer"
    outer.mkdir()
    git(outer, "init")
    git(outer, "submodule", "add", folder.as_posix(), "inner")
    git(outer, "commit", "-m", "first")
    cards = outer / "inner" / "cards.yaml"
    assert (committed(cards), uncommitted(cards.parent), uncommitted(outer)) == (b"one\n", (), ())
    cards.write_text("two\n", encoding="utf-8")
    assert (committed(cards), uncommitted(cards.parent), uncommitted(outer)) == (b"one\n", ("cards.yaml",), ("inner",))


@dataclass(frozen=True)
class Trap:
    """A program that a stranger wants to be run: it leaves a file behind, and passes on what it reads."""

    program: Path

    @property
    def sprung(self) -> bool:
        return (self.program.parent / "sprung").exists()


@pytest.fixture
def trap(folder: Path) -> Trap:
    program = folder.parent / "trap.sh"
    program.write_text(f"#!/bin/sh\ntouch '{folder.parent}/sprung'\nexec cat\n", encoding="utf-8")
    program.chmod(0o700)
    return Trap(program)


# Settings that name a program, each of which git runs at some look at a repository.
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
    """Ask for all that is ever asked of git."""
    return committed(folder / "cards.yaml"), uncommitted(folder), bool(last_commit_of(folder / "cards.yaml"))


@pytest.mark.parametrize("settings", PROGRAMS.values(), ids=PROGRAMS)
@pytest.mark.parametrize("where", ["config", "include", "worktree", "submodule"])
def test_a_program_that_a_repository_names_is_not_run(
    folder: Path, trap: Trap, settings: list[tuple[str, str]], where: str
) -> None:
    """Neither from its own settings nor from a file that they include, in a worktree or in a submodule."""
    commit(folder)
    deck, config = folder, folder / ".git" / "config"
    inside = folder / ".git"
    if where == "include":
        config = folder.parent / "more"
        git(folder, "config", "include.path", str(config))
    elif where == "worktree":
        deck = folder.parent / "worktree"
        git(folder, "worktree", "add", str(deck))
    elif where == "submodule":
        deck = folder.parent / "outer"
        deck.mkdir()
        git(deck, "init")
        git(deck, "submodule", "add", folder.as_posix(), "inner")
        (deck / "cards.yaml").write_text("one\n", encoding="utf-8")
        git(deck, "add", ".")
        git(deck, "commit", "-m", "first")
        inside = deck / ".git" / "modules" / "inner"
        config = inside / "config"
    for key, value in settings:
        git(folder, "config", "--file", str(config), key, value.format(trap=trap.program, hooks=inside / "hooks"))
    for name in ("post-index-change", "pre-commit", "reference-transaction"):
        (inside / "hooks").mkdir(exist_ok=True)
        shutil.copy(trap.program, inside / "hooks" / name)
    (inside / "info" / "attributes").write_text("* diff=trap filter=trap\n", encoding="utf-8")
    (inside / "trap").touch()
    for path in (deck / "cards.yaml", deck / "inner" / "cards.yaml"):
        if path.exists():  # so that git has to look into the file, whose size is what it was
            path.write_text("two\n", encoding="utf-8")
    found = everything(deck)
    assert not trap.sprung
    assert found == (b"one\n", ("cards.yaml", *(["inner"] if where == "submodule" else [])), True)


def test_a_folder_that_looks_like_a_repository_is_none(folder: Path, trap: Trap) -> None:
    """A stranger's commit may hold all files of a bare repository, with settings that name programs."""
    for name in ("objects/.keep", "refs/.keep", "info/.keep"):
        (folder / name).parent.mkdir()
        (folder / name).touch()
    (folder / "info" / "attributes").write_text("* filter=trap\n", encoding="utf-8")
    (folder / "HEAD").write_text("ref: refs/heads/main\n", encoding="utf-8")
    (folder / "config").write_text(
        f"[core]\n\trepositoryformatversion = 1\n\tbare = false\n\tworktree = .\n\tfsmonitor = {trap.program}\n"
        f'[filter "trap"]\n\tclean = {trap.program}\n[extensions]\n\tpartialClone = o\n'
        f'[remote "o"]\n\turl = .\n\tpromisor = true\n\tuploadpack = {trap.program}\n',
        encoding="utf-8",
    )
    repository = folder.parent / "repository"
    repository.mkdir()
    git(repository, "init")
    folder.rename(repository / "deck")
    git(repository, "add", ".")
    git(repository, "commit", "-m", "first")
    git(folder.parent, "clone", str(repository), "clone")
    clone = folder.parent / "clone" / "deck"
    assert (clone / "HEAD").is_file()
    assert everything(clone) == (b"one\n", (), True)
    assert not trap.sprung


@pytest.mark.parametrize("transport", ["uploadpack", "ssh", "ext", "the folder itself"])
def test_a_missing_object_is_not_fetched(folder: Path, trap: Trap, transport: str) -> None:
    """A repository that promises its objects from elsewhere gets none: nothing is run, and the author reads why."""
    commit(folder)
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
            "the folder itself": str(folder),
        }[transport],
    }.items():
        git(folder, "config", key, value)
    blob = subprocess.run(["git", "rev-parse", "HEAD:cards.yaml"], cwd=folder, check=True, capture_output=True)
    name = blob.stdout.decode().strip()
    (folder / ".git" / "objects" / name[:2] / name[2:]).unlink()
    with pytest.raises(Problems, match=r"git has this file, but its contents are not in this copy"):
        committed(folder / "cards.yaml")
    assert committed(folder / "other") is None
    (folder / "cards.yaml").touch()
    with contextlib.suppress(Problems):
        uncommitted(folder)
    assert not trap.sprung


def test_a_partial_clone_stays_as_it_is(folder: Path) -> None:
    """What its maker has not fetched is not fetched, and the way out that is told leads out."""
    commit(folder)
    git(folder, "config", "uploadpack.allowFilter", "true")
    git(folder.parent, "clone", "--no-checkout", "--filter=blob:none", folder.as_uri(), "clone")
    cards = folder.parent / "clone" / "cards.yaml"
    with pytest.raises(Problems) as caught:
        committed(cards)
    assert "git checkout HEAD -- " in str(caught.value)
    git(cards.parent, "checkout", "HEAD", "--", "cards.yaml")
    assert committed(cards) == b"one\n"


@needs_shell_scripts
@pytest.mark.parametrize("path", ["", ".", "deck"])
def test_a_git_that_lies_in_the_folder_is_not_run(
    folder: Path, trap: Trap, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search path that depends on where one is leads to programs of whoever made the folder."""
    commit(folder)
    shutil.copy(trap.program, folder / "git")
    monkeypatch.chdir(folder.parent if path == "deck" else folder)
    monkeypatch.setenv("PATH", os.pathsep.join([path, os.environ["PATH"]]))
    assert everything(folder) == (b"one\n", ("git",), True)
    monkeypatch.setenv("PATH", path)
    assert everything(folder) == (None, (), False)
    assert not trap.sprung


def test_what_the_environment_says_of_a_repository_is_not_heard(
    folder: Path, trap: Trap, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a hook, where git names its own repository, or in a shell with settings for one."""
    commit(folder)
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(trap.program))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.fsmonitor")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(trap.program))
    assert everything(folder) == (b"one\n", (), True)
    assert not trap.sprung


@needs_shell_scripts
def test_a_git_that_never_answers_is_given_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while the author reads a sentence, and the program is ended."""
    commit(folder)
    programs = folder.parent / "programs"
    programs.mkdir()
    os.mkfifo(folder.parent / "nothing-comes")
    (programs / "git").write_text(f"#!/bin/sh\nread line < '{folder.parent}/nothing-comes'\n", encoding="utf-8")
    (programs / "git").chmod(0o700)
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setattr(running, "_TIMEOUT", 0.1)
    for ask in (uncommitted, lambda folder: committed(folder / "cards.yaml")):
        with pytest.raises(Problems, match=r"did not answer within .* seconds"):
            ask(folder)


def test_objects_on_another_machine_are_not_looked_at() -> None:
    """Windows would connect to it, and tell it who is there; a folder on that very machine is another matter."""
    home, share = PureWindowsPath("C:/deck/.git"), PureWindowsPath("//trusted/decks/deck/.git")
    elsewhere = PureWindowsPath("//evil/objects")
    assert is_on_another_machine(elsewhere, home)
    assert is_on_another_machine(elsewhere, share)
    assert not is_on_another_machine(PureWindowsPath("//trusted/decks/objects"), share)
    assert not is_on_another_machine(home / "../objects", home)


@needs_shell_scripts
@pytest.mark.parametrize("what", ["a link to a folder", "a link to a device", "a device's branch", "a huge file"])
def test_nothing_without_end_is_copied(folder: Path, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that came with its .git may hold links to anything, and files of any size: none is followed or read."""
    commit(folder)
    inside = folder / ".git"
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
        with pytest.raises(Problems, match=r"git cannot tell what is committed here: .*large"):
            uncommitted(folder)
    else:
        with contextlib.suppress(Problems):
            everything(folder)


@pytest.mark.parametrize("line", ['"\\\\evil\\share\\objects"', '"../objects"'])
def test_a_quoted_path_to_other_objects_is_refused(folder: Path, line: str) -> None:
    """Git would take the quotes off, and then look on another machine."""
    commit(folder)
    (folder / ".git" / "objects" / "info").mkdir(exist_ok=True)
    (folder / ".git" / "objects" / "info" / "alternates").write_text(f"# objects\n{line}\n", encoding="utf-8")
    with pytest.raises(Problems, match="odd name"):
        uncommitted(folder)


def test_objects_that_are_borrowed_are_found(folder: Path) -> None:
    """As in a clone that shares the objects of another one on the same disk."""
    commit(folder)
    git(folder.parent, "clone", "--shared", str(folder), "clone")
    assert everything(folder.parent / "clone") == (b"one\n", (), True)


# What a repository may be like, by the words that make it so.
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
def test_a_repository_of_any_shape_is_read(folder: Path, words: list[list[str]]) -> None:
    """Whatever git can do with a repository, its files are found, and what differs from the last commit."""
    (folder / "inner").mkdir()
    (folder / "inner" / "more").write_text("more\n", encoding="utf-8")
    (folder / ".gitignore").write_text("ignored\n", encoding="utf-8")
    commit(folder)
    (folder / "ignored").touch()
    for each in words:
        git(folder, *each)
    if "rm" in words[-1]:
        (folder / "cards.yaml").write_bytes(b"one\r\n")
        git(folder, "add", "cards.yaml")
        git(folder, "commit", "--allow-empty", "-m", "again")
    if "symbolic-ref" in words[-1]:
        git(folder, "symbolic-ref", "HEAD", "refs/heads/name")
    assert everything(folder) == (b"one\n", (), True)
    (folder / "new").touch()
    (folder / "inner" / "more").write_text("less\n", encoding="utf-8")
    assert set(uncommitted(folder)) == {"inner/more", "new"}


@pytest.mark.parametrize("words", [["--object-format=sha256"], ["--ref-format=reftable"]], ids=" ".join)
def test_other_forms_of_repositories_are_read(folder: Path, words: list[str]) -> None:
    """Other hashes, and another store of references where the git of this machine knows it."""
    try:
        git(folder, "init", *words)
    except subprocess.CalledProcessError:
        pytest.skip("this git does not know it")
    git(folder, "add", ".")
    git(folder, "commit", "-m", "first")
    assert everything(folder) == (b"one\n", (), True)


@pytest.mark.parametrize("where", ["personal", "personal, by a condition", "the repository's"])
def test_what_its_user_ignores_is_no_change(folder: Path, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever's settings name a list of what to ignore: of it, only the patterns count."""
    commit(folder)
    (folder / "trash").touch()
    ignored, settings, more = (folder.parent / name for name in ("ignored ü", "settings", "more"))
    ignored.write_text("trash\n", encoding="utf-8")
    assert uncommitted(folder) == ("trash",)
    if where == "the repository's":
        git(folder, "config", "core.excludesFile", str(ignored))
    elif where == "personal":
        git(folder, "config", "--file", str(settings), "core.excludesFile", str(ignored))
    else:
        git(folder, "config", "--file", str(more), "core.excludesFile", str(ignored))
        git(folder, "config", "--file", str(settings), f"includeIf.gitdir:{folder}/.path", str(more))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    assert uncommitted(folder) == ()


@needs_shell_scripts
@pytest.mark.parametrize("name", ["/dev/zero", "link", "folder", "~nobody-here/x"])
def test_what_a_repository_names_to_be_ignored_is_a_plain_file(folder: Path, name: str) -> None:
    """Nothing else is read, or waited for."""
    commit(folder)
    (folder.parent / "folder").mkdir()
    (folder.parent / "link").symlink_to("/dev/zero")
    git(folder, "config", "core.excludesFile", name if name[0] in "/~" else str(folder.parent / name))
    (folder / "trash").touch()
    assert uncommitted(folder) == ("trash",)


@needs_shell_scripts
def test_what_a_repository_includes_is_not_looked_at(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may lie on another machine, or never end."""
    commit(folder)
    os.mkfifo(folder.parent / "nothing-comes")
    git(folder, "config", "include.path", str(folder.parent / "nothing-comes"))
    monkeypatch.setattr(running, "_TIMEOUT", 10)
    assert everything(folder) == (b"one\n", (), True)


@needs_shell_scripts
def test_settings_in_any_encoding_are_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of files are bytes."""
    commit(folder)
    settings = folder.parent / "settings"
    settings.write_bytes(b"[core]\n\texcludesFile = /home/j\xf6rg/ignored\n")
    with (folder / ".git" / "config").open("ab") as file:
        file.write(b"[core]\n\teol = \xff\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    assert committed(folder / "cards.yaml") == b"one\n"


def test_temporary_files_in_the_folder_are_no_change(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some keep them beside their work."""
    commit(folder)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    assert uncommitted(folder) == ()


def test_a_file_that_names_no_repository_is_told(folder: Path) -> None:
    """However large it is: no more than a line of it is read."""
    with (folder / ".git").open("wb") as file:
        file.truncate(20 * 1024**3)
    assert committed(folder / "cards.yaml") is None
    with pytest.raises(Problems, match="git cannot tell what is committed here"):
        uncommitted(folder)


def test_a_shallow_clone_has_its_last_commit(folder: Path) -> None:
    """As a host's workflow makes it."""
    commit(folder)
    git(folder, "commit", "--allow-empty", "-m", "second")
    git(folder.parent, "clone", "--depth=1", folder.as_uri(), "clone")
    assert everything(folder.parent / "clone") == (b"one\n", (), True)


def test_the_commit_that_last_touched_a_file(folder: Path) -> None:
    """Its bytes then are there, whatever came after."""
    commit(folder)
    (folder / "cards.yaml").write_text("two\n", encoding="utf-8")
    git(folder, "commit", "-am", "second")
    (folder / "other").touch()
    git(folder, "add", ".")
    git(folder, "commit", "-m", "third")
    found = last_commit_of(folder / "cards.yaml")
    assert committed(folder / "cards.yaml", f"{found}~1") == b"one\n"
    assert committed(folder / "cards.yaml", found) == b"two\n"
    assert committed(folder / "other", found) is None
    assert last_commit_of(folder / "missing") == ""
