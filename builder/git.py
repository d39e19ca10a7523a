"""What git has of a folder: a file as it was committed, and what was changed since. Without git, nothing.

The repository may be a stranger's, and its settings can name programs to run (filters, hooks, file system monitors,
external diffs, transports) and machines to connect to (remotes that lend missing objects). So git never reads them: it
works in a scratch repository, made anew for every call, which borrows objects, index and references from the real one
and has the few settings of it that are plain data. A setting that a later git invents is not among these either.
"""

import contextlib
import errno
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import NoReturn

from builder.problems import Problems, stop

_REPOSITORY = ".git"
_TIMEOUT = 60
"""How long git may take to answer, in seconds."""

_LARGEST = 64 * 1024 * 1024  # of a file that is copied from a repository, in bytes

# Settings that tell how files and objects are stored, and name neither a program nor a place. All others are left out.
_FORMAT = frozenset({"core.repositoryformatversion", "extensions.objectformat", "extensions.refstorage"})
_FILES = frozenset(
    {
        *("core.autocrlf", "core.eol", "core.filemode", "core.ignorecase", "core.precomposeunicode", "core.symlinks"),
        *("core.checkstat", "core.trustctime", "core.longpaths", "core.protecthfs", "core.protectntfs"),
        *("core.sparsecheckout", "core.sparsecheckoutcone", "index.sparse"),
    }
)
# Paths, which only the settings of whoever runs this may name.
_IGNORED = "core.excludesfile"
_PERSONAL = frozenset({_IGNORED, "core.attributesfile"})
# What a repository keeps in files of its own, beside objects and index.
_COPIED = ("HEAD", "packed-refs", "shallow", "info/exclude", "info/attributes", "info/sparse-checkout")
# What git is to know of the machine: where the personal settings are, and what any program on Windows needs.
_PASSED_ON = (
    *("HOME", "XDG_CONFIG_HOME", "USERPROFILE", "HOMEDRIVE", "HOMEPATH", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA"),
    *("SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"),
)
_SUBMODULE = b"160000 "
_LONGEST_CHAIN = 5  # of references that lead to one another, as in git
_LONGEST_LINE = 4096  # of a file that names a folder


@dataclass(frozen=True)
class _Repository:
    """A repository on disk: the folder of its files, its own, and the one that it shares with other worktrees."""

    files: Path
    own: Path
    shared: Path


@dataclass(frozen=True)
class _Answer:
    """What git said: its exit code, and what it wrote to both streams."""

    code: int
    out: bytes
    error: str


def committed(path: Path, commit: str = "HEAD") -> bytes | None:
    """Return the bytes of a file in a commit, by default the last; None where it is in none, or git cannot be asked.

    Raises `Problems` where the commit has the file, but this copy of the repository lacks its bytes.
    """
    found = _around(path.parent)
    if found is None:
        return None
    with _scratch(found) as git:
        listed = git("ls-tree", "-z", commit, "--", f"./{path.name}", at=path.parent)
        # An entry reads: mode, kind, object, tab, name.
        words = listed.out.split(b"\t")[0].split()
        if listed.code or len(words) != 3 or words[1] != b"blob":
            return None
        blob = git("cat-file", "blob", words[2].decode(), at=path.parent)
    if blob.code:
        stop(
            path.as_posix(),
            "git-broken",
            "git has this file, but its contents are not in this copy of the repository",
            "clone the repository again, without --filter; or, if you trust it, let git fetch them from where it was "
            f"cloned: git checkout HEAD -- {path.as_posix()}",
        )
    return blob.out


def last_commit_of(path: Path) -> str:
    """Return the id of the newest commit that touched a file; "" where none did, or there is no git."""
    found = _around(path.parent)
    if found is None:
        return ""
    with _scratch(found) as git:
        answer = git("log", "-1", "--format=%H", "HEAD", "--", f"./{path.name}", at=path.parent)
    return "" if answer.code else answer.out.decode("ascii", "replace").strip()


def uncommitted(folder: Path) -> tuple[str, ...]:
    """Return what differs below a folder from the last commit, a new folder as one; nothing where there is no git.

    Raises `Problems` where there is a repository of which git cannot tell that.
    """
    found = _find(folder) if _program() else None
    if found is None:
        return ()
    with _scratch(found) as git:
        # A submodule's own status would be asked for under its own settings.
        wanted = ("--porcelain", "--untracked-files=normal", "--no-renames", "--ignore-submodules=dirty", "-z")
        status = git("status", *wanted, "--", ".", at=folder)
        entries = git("ls-files", "--stage", "--full-name", "-z", "--", ".", at=folder)
    for answer in (status, entries):
        if answer.code:
            _stop_at_broken(folder, answer.error.partition("\n")[0])
    # Each entry begins with two letters of what happened to the file, and a space.
    names = [os.fsdecode(entry[3:]) for entry in status.out.split(b"\0") if entry]
    inner = [os.fsdecode(each.partition(b"\t")[2]) for each in entries.out.split(b"\0") if each.startswith(_SUBMODULE)]
    for name in inner:
        there = found.files / name
        if name not in names and not there.is_symlink() and (there / _REPOSITORY).exists() and uncommitted(there):
            names.append(name)
    return tuple(names)


def _around(folder: Path) -> _Repository | None:
    """Return the repository around a folder; None where there is none, or none that git can look into."""
    try:
        return _find(folder) if _program() else None
    except Problems:
        return None


def _find(folder: Path) -> _Repository | None:
    """Return the repository around a folder; None where there is none.

    Only a `.git` counts, which no repository can hold as a file of its own: a folder of a stranger's that merely looks
    like a repository is none. Raises `Problems` where a `.git` leads nowhere.
    """
    ceilings = {Path(each) for each in os.environ.get("GIT_CEILING_DIRECTORIES", "").split(os.pathsep) if each}
    start = Path(os.path.realpath(folder))
    for each in (start, *start.parents):
        if each in ceilings and each != start:
            return None
        if (each / _REPOSITORY).exists():
            return _opened(each, folder)
    return None


def _opened(files: Path, folder: Path) -> _Repository:
    own = files / _REPOSITORY
    try:
        if own.is_file():  # of a worktree or a submodule
            own = _led_to(files, _line_of(own).removeprefix("gitdir:"))
        shared = own / "commondir"
        shared = _led_to(own, _line_of(shared)) if shared.is_file() else own
    except (OSError, ValueError) as error:
        _stop_at_broken(folder, str(error))
    if not (shared / "objects").is_dir():
        _stop_at_broken(folder, f"{own.as_posix()} is not a whole repository")
    return _Repository(files, own, shared)


def _line_of(path: Path) -> str:
    """Return what a file holds that names a folder. Raises OSError or ValueError where it is no such file."""
    with path.open("rb") as file:
        return file.read(_LONGEST_LINE).decode()


def _led_to(start: Path, line: str) -> Path:
    """Return the folder that a line of a repository's file names. Raises ValueError where it is on another machine."""
    target = start / line.strip()
    if is_on_another_machine(target, start):
        raise ValueError(f"it lies on another machine: {line.strip()}")
    return target


def is_on_another_machine(target: PurePath, start: PurePath) -> bool:
    """Return whether looking at a path would make Windows connect to another machine than `start` lies on."""
    return target.drive.startswith("\\\\") and target.drive != start.drive


def _stop_at_broken(folder: Path, said: str) -> NoReturn:
    stop(
        folder.as_posix(),
        "git-broken",
        f"git cannot tell what is committed here: {said}",
        'work in a copy of the folder that is in no repository; "git status" tells more, but runs the programs that '
        "the settings of the repository name",
    )


class _Git:
    """git in a scratch repository that borrows from a real one."""

    def __init__(self, found: _Repository, scratch: Path) -> None:
        self._found, self._scratch = found, scratch

    def __call__(self, *words: str, at: Path) -> _Answer:
        places = {
            "GIT_DIR": str(self._scratch),
            "GIT_WORK_TREE": str(self._found.files),
            "GIT_INDEX_FILE": str(self._found.own / "index"),
            "GIT_OBJECT_DIRECTORY": str(self._found.shared / "objects"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        return _run(*words, at=at, environment=places)


@contextlib.contextmanager
def _scratch(found: _Repository) -> Iterator[_Git]:
    """Make the scratch repository, which is gone afterwards."""
    _stop_at_foreign_objects(found)
    with tempfile.TemporaryDirectory(prefix="cuedeck-git-", ignore_cleanup_errors=True) as name:
        scratch = Path(name)
        for each in ("refs", "objects", "info"):
            (scratch / each).mkdir()
        try:
            indexes = (index.name for index in found.own.glob("sharedindex.*"))
            tables = (f"reftable/{table.name}" for table in (found.shared / "reftable").glob("*"))
            for each in (*_COPIED, *indexes, *tables):
                _copy(found, each, scratch)
            _copy_branch(found, scratch)
        except OSError as error:
            _stop_at_broken(found.files, str(error))
        (scratch / "config").write_bytes(os.fsencode(_config(found, scratch)))
        (scratch / ".gitignore").write_bytes(
            b"*\n"
        )  # where temporary files are kept in the very folder that is asked for
        yield _Git(found, scratch)


def _copy(found: _Repository, name: str, scratch: Path) -> None:
    """Copy a file of a repository, its own one before the one that it shares; one that is no plain file is left out.

    Raises OSError where it is larger than any such file is.
    """
    for source in (found.own / name, found.shared / name):
        if source.is_file() and not source.is_symlink():
            if source.stat().st_size > _LARGEST:
                raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(source))
            (scratch / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, scratch / name)
            return


def _copy_branch(found: _Repository, scratch: Path) -> None:
    """Copy the reference that HEAD names, where it is a file of its own, and those that it leads to."""
    at = scratch / "HEAD"
    for _ in range(_LONGEST_CHAIN):
        text = at.read_text(encoding="utf-8", errors="replace").strip() if at.is_file() else ""
        name = text.removeprefix("ref: ")
        if not name.startswith("refs/") or ".." in name or "\0" in name:
            return
        _copy(found, name, scratch)
        at = scratch / name


def _stop_at_foreign_objects(found: _Repository) -> None:
    """Raise `Problems` where a repository borrows objects from another machine, to which Windows would connect."""
    looked_at: set[Path] = set()
    waiting = [found.shared / "objects"]
    while waiting:
        objects = waiting.pop()
        others = objects / "info" / "alternates"
        if objects in looked_at or not others.is_file():
            continue
        looked_at.add(objects)
        try:
            lines = others.read_text(encoding="utf-8", errors="replace").splitlines()
            waiting += [_led_to(objects, _unquoted(line)) for line in lines if not line.startswith("#")]
        except (OSError, ValueError) as error:
            _stop_at_broken(found.files, str(error))


def _unquoted(line: str) -> str:
    """Return a line of alternates. Raises ValueError where it is quoted, as git does for odd names only."""
    if line.startswith('"'):
        raise ValueError(f"it borrows objects from a folder with an odd name: {line}")
    return line


def _config(found: _Repository, scratch: Path) -> str:
    """Return the settings of the scratch repository."""
    personal: dict[str, str] = {}
    for level in ("--system", "--global"):
        # Asked for in the real repository, of which conditions may speak; its own settings are not among these.
        personal |= _settings(scratch, level, "--includes", repository=found.own)
    kept = {key: value for key, value in personal.items() if key in _FILES | _PERSONAL}
    own: dict[str, str] = {}
    for path in (found.shared / "config", found.own / "config.worktree"):
        if path.is_file():
            own |= _settings(scratch, "--file", str(path), repository=scratch)
    kept |= {key: value for key, value in own.items() if key in _FORMAT | _FILES}
    _ignore_as_well(own.get(_IGNORED, ""), found, scratch)
    lines = []
    for key, value in sorted(kept.items()):
        section, name = key.split(".")
        quoted = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        lines.append(f'[{section}]\n\t{name} = "{quoted}"\n')
    return "".join(lines)


def _ignore_as_well(name: str, found: _Repository, scratch: Path) -> None:
    """Add the patterns of a file that the repository's own settings name, if it is a plain one on this machine."""
    path = found.files / os.path.expanduser(name)  # noqa: PTH111  a Path fails where there is no such user
    if not name or is_on_another_machine(path, found.files) or path.is_symlink() or not path.is_file():
        return
    if path.stat().st_size <= _LARGEST:
        with (scratch / "info" / "exclude").open("ab") as patterns:
            patterns.write(b"\n" + path.read_bytes() + b"\n")


def _settings(scratch: Path, *where: str, repository: Path) -> dict[str, str]:
    """Return settings by their keys, from one file or one level."""
    answer = _run("config", *where, "--list", "-z", at=scratch, environment={"GIT_DIR": str(repository)})
    entries = (entry.partition("\n") for entry in os.fsdecode(answer.out).split("\0") if entry)
    return {key: value if given else "true" for key, given, value in entries}


def _run(*words: str, at: Path, environment: Mapping[str, str]) -> _Answer:
    """Return what git answers. Raises `Problems` where it does not, within a minute."""
    program = _program()
    assert program, "a repository is looked into only where there is git"
    own = {
        **{name: value for name in _PASSED_ON if (value := os.environ.get(name)) is not None},
        "PATH": os.pathsep.join(_folders_of_programs()),
        "LC_ALL": "C",
        "NoDefaultCurrentDirectoryInExePath": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_PAGER": "cat",
        "GIT_TERMINAL_PROMPT": "0",
        **environment,
    }
    try:
        done = subprocess.run(
            # Without a pager, for which git would look into all settings, whatever it is asked for.
            [program, "--no-pager", *words],
            cwd=os.path.realpath(at),
            env=own,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT,
        )
    except subprocess.TimeoutExpired:
        _stop_at_broken(at, f"it did not answer within {_TIMEOUT} seconds")
    except OSError as error:
        _stop_at_broken(at, f"{program} cannot be run: {error.strerror}")
    return _Answer(done.returncode, done.stdout, done.stderr.decode(errors="replace").strip())


def _program() -> str | None:
    """Return the path of git; None where there is none.

    Left to itself, Windows would look for it in the folder of the deck first, where a stranger may have put another.
    """
    name = "git.exe" if sys.platform == "win32" else "git"
    candidates = (os.path.join(folder, name) for folder in _folders_of_programs())  # noqa: PTH118
    return next((each for each in candidates if os.path.isfile(each) and os.access(each, os.X_OK)), None)  # noqa: PTH113


def _folders_of_programs() -> list[str]:
    """Return the folders in which programs are looked for, but for those that depend on where one is."""
    return [folder for folder in os.get_exec_path() if Path(folder).is_absolute()]  # on Windows, with a drive
