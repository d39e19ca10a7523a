"""A file as it was committed, and what has changed in a folder since."""

import os
from collections.abc import Collection, Iterable
from pathlib import Path

from cuedeck.disk.walking import files_below
from cuedeck.git.borrowing import scratch_repository
from cuedeck.git.moving import TAGS, is_taken
from cuedeck.git.repository import DOT_GIT, Repository, find_repository, stop_at_broken
from cuedeck.git.running import program_path
from cuedeck.problems import Problems, stop
from cuedeck.wording import for_a_shell

_SUBMODULE = b"160000 "


def how_to_check_out(path: Path) -> str:
    """Return the command that writes a file as the last commit has it."""
    return f"git checkout HEAD -- {for_a_shell(path.as_posix())}"


def committed(path: Path, commit: str = "HEAD") -> bytes | None:
    """Return the bytes of a file in a commit, by default the last; None if it is not in it, or git cannot be asked.

    Raises `Problems` if the commit has the file, but this copy of the repository lacks its bytes.
    """
    folder, name = _from_there(path)
    found = _around(folder)
    if found is None:
        return None
    with scratch_repository(found) as git:
        listed = git("ls-tree", "-z", commit, "--", name, at=folder)
        # An entry reads: mode, kind, object, tab, name.
        words = listed.out.split(b"\t")[0].split()
        if listed.code or len(words) != 3 or words[1] != b"blob":
            return None
        blob = git("cat-file", "blob", words[2].decode(), at=folder)
    if blob.code:
        stop(
            path.as_posix(),
            "git-broken",
            "git has this file, but this copy of the repository lacks its contents",
            "clone the repository again, without --filter; or, if you trust it, let git fetch the contents from where "
            f"it was cloned: {how_to_check_out(path)}",
        )
    return blob.out


def committed_below(folder: Path, commit: str) -> tuple[str, ...]:
    """Return the paths of the files that a commit has in a folder and below it, from there; none if git cannot say."""
    found = _around(folder.absolute())
    if found is None:
        return ()
    with scratch_repository(found) as git:
        listed = git("ls-tree", "-r", "-z", "--name-only", commit, "--", ".", at=folder.absolute())
    return () if listed.code else tuple(os.fsdecode(each) for each in listed.out.split(b"\0") if each)


def last_commit_of(path: Path) -> str:
    """Return the id of the newest commit that touched a file; "" if none did, or there is no git."""
    folder, name = _from_there(path)
    found = _around(folder)
    if found is None:
        return ""
    with scratch_repository(found) as git:
        answer = git("log", "-1", "--format=%H", "HEAD", "--", name, at=folder)
    return "" if answer.code else answer.out.decode("ascii", "replace").strip()


def uncommitted(folder: Path) -> tuple[str, ...]:
    """Return the files below a folder that differ from the last commit, a new folder as one; none if there is no git.

    Raises `Problems` if there is a repository, but git cannot say.
    """
    found = find_repository(folder) if program_path() else None
    if found is None:
        return ()
    with scratch_repository(found) as git:
        # For changes inside a submodule, git would run with the submodule's settings.
        wanted = ("--porcelain", "--untracked-files=normal", "--no-renames", "--ignore-submodules=dirty", "-z")
        status = git("status", *wanted, "--", ".", at=folder)
        entries = git("ls-files", "--stage", "--full-name", "-z", "--", ".", at=folder)
    for answer in (status, entries):
        if answer.code:
            stop_at_broken(folder, answer.error.partition("\n")[0])
    # Each entry starts with two letters for what happened to the file, and a space.
    names = [os.fsdecode(entry[3:]) for entry in status.out.split(b"\0") if entry]
    inner = [os.fsdecode(each.partition(b"\t")[2]) for each in entries.out.split(b"\0") if each.startswith(_SUBMODULE)]
    for name in inner:
        there = found.files / name
        if name not in names and not there.is_symlink() and (there / DOT_GIT).exists() and uncommitted(there):
            names.append(name)
    return tuple(names)


def untracked(folder: Path, files: Iterable[Path]) -> tuple[Path, ...]:
    """Return those of the files below a folder that git does not know; none if there is no git.

    Raises `Problems` like `uncommitted`. A file in a submodule counts as known.
    """
    found = find_repository(folder) if program_path() else None
    if found is None:
        return ()
    with scratch_repository(found) as git:
        answer = git("ls-files", "-z", "--", ".", at=folder)
    if answer.code:
        stop_at_broken(folder, answer.error.partition("\n")[0])
    top = folder.resolve()
    known = {top / os.fsdecode(each) for each in answer.out.split(b"\0") if each}
    there = {each: each.resolve() for each in files}
    return tuple(each for each, where in there.items() if known.isdisjoint((where, *where.parents)))


def is_in_repository(folder: Path) -> bool:
    """Return whether a repository is around a folder, and git is installed."""
    return _around(folder) is not None


def is_last_commit_of(files: Collection[Path]) -> bool:
    """Return whether the last commit touched all these files of one folder, and nothing there has changed since."""
    first = next(iter(files))
    folder, _ = _from_there(first.absolute())
    found = _around(folder)
    if found is None:
        return False
    with scratch_repository(found) as git:
        head = git("rev-parse", "-q", "--verify", "HEAD", at=folder)
    last = head.out.decode("ascii", "replace").strip()
    return bool(last) and {last_commit_of(each.absolute()) for each in files} == {last} and not uncommitted(folder)


def has_tag(folder: Path, name: str) -> bool:
    """Return whether the repository around a folder has a tag; False if there is no repository."""
    found = _around(folder.absolute())
    if found is None:
        return False
    if (found.shared / "reftable").is_dir():
        with scratch_repository(found) as git:
            return not git("rev-parse", "-q", "--verify", f"{TAGS}{name}", at=folder).code
    return bool(is_taken(found, f"{TAGS}{name}"))


def has_changed_only(files: Collection[Path]) -> bool:
    """Return whether git has changes below the folder of the first of some files, and only in these files.

    Raises `Problems` like `uncommitted`.
    """
    first = next(iter(files))
    found = find_repository(first.absolute().parent) if program_path() else None
    changed = uncommitted(first.absolute().parent) if found else ()
    if found is None or not changed:
        return False
    own = {Path(os.path.realpath(each.absolute().parent), each.name) for each in files}
    # A new folder counts as one change, so nothing else may be in it.
    return all(
        found.files / name in own or (name.endswith("/") and {*files_below(found.files / name)} <= own)
        for name in changed
    )


def _from_there(path: Path) -> tuple[Path, str]:
    """Return the nearest folder above a file that exists, in which git can run, and the file's path from there."""
    folder = path.parent
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    return folder, f"./{path.relative_to(folder).as_posix()}"


def _around(folder: Path) -> Repository | None:
    """Return the repository around a folder; None if there is none, or git cannot look into it."""
    try:
        return find_repository(folder) if program_path() else None
    except Problems:
        return None
