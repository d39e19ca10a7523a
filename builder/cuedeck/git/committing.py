"""Commit a few files, and tag the commit, without running any program that a repository names.

The commit is made in a scratch repository, like everything that git does for us (see `cuedeck.git`). So no hook runs,
neither the repository's nor the author's, and no filter, and no program that signs. If a filter or a signature is
required, the author is shown how to commit by hand. Line ends are converted as git does it.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from cuedeck.git.borrowing import Git, copy, scratch_repository
from cuedeck.git.locking import Lock, LockTaken, inside, locked
from cuedeck.git.moving import HEAD, Moved, TagInTheWay, TagMissing, Tip, move, scratch_of
from cuedeck.git.obstacles import (
    COMMITTING,
    FIXED,
    Wanted,
    git_failed,
    identity,
    ignored,
    lock_taken,
    obstacles,
    tag_exists,
    unwatched,
    wanted,
)
from cuedeck.problems import Place, Problem, Problems
from cuedeck.wording import for_a_shell

_FILE_MODES = ("100644", "100755")


class Committing:
    """Commits files, and tags the commit. Nothing prevented that when it was made."""

    def __init__(self, files: Wanted) -> None:
        self._files = replace(files, are_written=True)

    def commit(self, message: str) -> str:
        """Commit exactly these files as they are on disk now, on top of HEAD; tag the commit if a tag was asked for.

        Everything else that is staged or changed stays so. No hook runs. If HEAD has the files already, no commit is
        made, and HEAD is tagged. Returns the commit's id in hexadecimal digits. Raises `Problems`; the repository is
        then as it was, unless `git-no-tag` says that everything but the tag is done.
        """
        files, found = self._files, self._files.found
        try:
            with scratch_repository(found, COMMITTING, FIXED) as git:
                _stop_at([_then_by_hand(each, files) for each in obstacles(files, git)])
                with locked(inside(found.own, "index"), like=found.own / HEAD) as index:
                    return _Work(files, git).done(message, index)
        except LockTaken as error:
            raise Problems([_then_by_hand(lock_taken(files, error.lock), files)]) from error
        except OSError as error:
            raise Problems([git_failed(files, f"{error.strerror}: {error.filename}")]) from error


def prepare(files: Sequence[Path], tag: str = "") -> Committing:
    """Return an object that can commit these files, which need not exist yet, and tag the commit.

    Raises `Problems` with everything that prevents it.
    """
    ready = wanted(files, tag)
    with scratch_repository(ready.found, COMMITTING, FIXED) as git:
        _stop_at(obstacles(ready, git))
    return Committing(ready)


def stop_at_ignored(path: Path) -> None:
    """Raise `Problems` if git ignores a file, which a clone would lack. Does nothing if no repository contains it."""
    _stop_at_unseen([path], ignored)


def stop_at_unwatched(paths: Sequence[Path]) -> None:
    """Raise `Problems` if git was told to ignore changes in files. Does nothing if no repository has them all."""
    _stop_at_unseen(paths, unwatched)


def _stop_at_unseen(paths: Sequence[Path], find: Callable[[Wanted, Git], Iterable[Problem]]) -> None:
    try:
        files = wanted(paths, "")
    except Problems:
        return
    with scratch_repository(files.found) as git:
        _stop_at([each for each in find(files, git) if each.rule == "git-ignored"])


def _stop_at(problems: Sequence[Problem]) -> None:
    if problems:
        raise Problems(problems)


def _then_by_hand(problem: Problem, files: Wanted) -> Problem:
    """Return a problem with a hint that also says how to commit the files afterwards."""
    known = files.commands in problem.hint
    return problem if known else replace(problem, hint=f"{problem.hint}; then {files.by_hand}")


class _Work:
    """One commit: git makes it in a scratch repository, and then it is moved to the real one."""

    def __init__(self, files: Wanted, git: Git) -> None:
        self._files, self._git = files, git
        self._index, self._next = git.folder / "index", git.folder / "next-index"

    def done(self, message: str, index: Lock) -> str:
        """Make the commit, move it to the real repository, whose index is locked, and return its id.

        Raises `Problems` if git fails or another program was faster, or if everything is done except for the tag.
        """
        files, found, git = self._files, self._files.found, self._git
        for name in ("index", *(each.name for each in found.own.glob("sharedindex.*"))):
            copy(found, name, git.folder)
        before = scratch_of(git.folder, self._tip(), git.settings)
        entries, tree = self._written_files(before.tip)
        text = self._ask("stripspace", given=message.encode("utf-8", "backslashreplace"))
        commit = self._committed(tree, text, before.tip)
        self._stage(entries)
        if self._files.tag:
            words = ("tag", "-a", "--no-sign", "--cleanup=whitespace", "-F", "-", self._files.tag, commit)
            self._ask(*words, given=text)
        try:
            move(found, before, commit, files.tag, index)
        except Moved as error:
            raise Problems([_moved(files)]) from error
        except TagInTheWay as error:
            raise Problems([_then_by_hand(tag_exists(files, str(error)), files)]) from error
        except TagMissing as error:
            raise Problems([_no_tag(files, commit, str(error))]) from error
        return commit

    def _ask(self, *words: str, given: bytes = b"", index: Path | None = None) -> bytes:
        """Return git's answer. Raises `Problems` with git's own words if it fails."""
        at, environment = self._files.found.files, identity(self._git.settings)
        answer = self._git(*words, at=at, given=given, index=index or self._index, environment=environment)
        if answer.code:
            _stop_at([git_failed(self._files, answer.error)])
        return answer.out

    def _tip(self) -> Tip:
        """Return the reference that the commit will move. Raises `Problems` if HEAD cannot be read."""
        at = self._files.found.files
        name = self._git("symbolic-ref", "-q", HEAD, at=at)
        if name.code > 1:  # 1 means that HEAD is on no branch
            _stop_at([git_failed(self._files, name.error)])
        commit = self._git("rev-parse", "-q", "--verify", HEAD, at=at)
        return Tip(os.fsdecode(name.out).strip() or HEAD, "" if commit.code else commit.out.decode("ascii").strip())

    def _written_files(self, tip: Tip) -> tuple[bytes, str]:
        """Return the files as entries of an index, and the tree of HEAD in which they replace the old ones."""
        _stop_at(
            [
                _then_by_hand(_no_file(path), self._files)
                for path in self._files.files.values()
                if path.is_symlink() or not path.is_file()
            ]
        )
        self._ask("read-tree", *(["--no-sparse-checkout", tip.commit] if tip.commit else ["--empty"]), index=self._next)
        self._ask("update-index", "--add", "--replace", "-z", "--stdin", given=self._files.paths, index=self._next)
        entries = self._ask("ls-files", "--stage", "-z", "--", *self._files.files, index=self._next)
        names = {
            os.fsdecode(each.partition(b"\t")[2]) for each in entries.split(b"\0") if each[:6].decode() in _FILE_MODES
        }
        if missing := self._files.files.keys() - names:
            _stop_at([git_failed(self._files, f"it does not accept {min(missing)}")])
        # A partial clone lacks some files of HEAD, but it has those that were just added.
        tree = self._ask("write-tree", "--missing-ok", index=self._next)
        return entries, tree.decode("ascii").strip()

    def _committed(self, tree: str, message: bytes, tip: Tip) -> str:
        """Return a commit of a tree, and let HEAD in the scratch repository point to it."""
        if tip.commit and self._ask("rev-parse", f"{tip.commit}^{{tree}}").decode("ascii").strip() == tree:
            return tip.commit
        parents = ["-p", tip.commit] if tip.commit else []
        commit = self._ask("commit-tree", *parents, "-F", "-", tree, given=message).decode("ascii").strip()
        self._keep_logging(tip)
        subject = message.decode().partition("\n")[0]
        reason = f"commit: {subject}" if tip.commit else f"commit (initial): {subject}"
        self._ask("update-ref", "-m", reason, HEAD, commit, tip.commit or "0" * len(commit))
        return self._ask("rev-parse", "--verify", HEAD).decode("ascii").strip()

    def _keep_logging(self, tip: Tip) -> None:
        """Make git log the moves of references that have a log, even if git may not start new logs."""
        for name in {HEAD, tip.name}:
            for source in (self._files.found.own, self._files.found.shared):
                if (source / "logs" / name).is_file():
                    log = self._git.folder / "logs" / name
                    log.parent.mkdir(parents=True, exist_ok=True)
                    log.touch()

    def _stage(self, entries: bytes) -> None:
        """Put the committed files into the copy of the author's index, and keep everything else in it."""
        self._ask("update-index", "-z", "--index-info", given=entries)
        if any(self._git.folder.glob("sharedindex.*")):  # its parts would have to be moved together
            self._ask("update-index", "--no-split-index")
        # Without this, git would read the files again next time. If it fails, nothing else is lost.
        self._git("add", "--refresh", "--", *self._files.files, at=self._files.found.files, index=self._index)


def _no_file(path: Path) -> Problem:
    message = "this file was written, but is gone again, so nothing was committed"
    return Problem(Place(path.as_posix()), message, "git-no-file", "run the same release again")


def _moved(files: Wanted) -> Problem:
    return Problem(
        files.place,
        "another program has committed in this repository meanwhile, or switched to another branch, so the release was "
        "not committed",
        "git-busy",
        files.by_hand,
    )


def _no_tag(files: Wanted, commit: str, said: str) -> Problem:
    return Problem(
        files.place,
        f"the files are committed as {commit}, but the tag {files.tag} could not be made: {said}",
        "git-no-tag",
        f"make it yourself:\n{files.git} tag -a {for_a_shell(files.tag)} {commit}",
    )
