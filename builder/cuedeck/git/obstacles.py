"""What prevents committing files: all obstacles at once, each with what to do."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from cuedeck.git.borrowing import Git, is_on
from cuedeck.git.locking import is_held, lock_of
from cuedeck.git.moving import TAGS, has_tables, is_taken
from cuedeck.git.repository import DOT_GIT, Repository, find_repository
from cuedeck.git.running import program_path
from cuedeck.problems import Place, Problem, Problems
from cuedeck.records import dataclass
from cuedeck.wording import for_a_shell

_SUBMODULE = "160000"
_SKIPPED = "S"  # how git marks a file that is not to be in the folder
ROLES = ("AUTHOR", "COMMITTER")
# The settings for who commits; git does not guess a name or address from the machine.
_IDENTITY = frozenset(f"{who}.{what}" for who in ("user", "author", "committer") for what in ("name", "email"))
# Settings that apply to a commit: besides the identity, what is logged, and who may read the files.
COMMITTING = _IDENTITY | {"core.logallrefupdates", "core.sharedrepository"}
# Further settings for a commit: no name is guessed, and objects are on disk before anything refers to them.
FIXED = {"user.useconfigonly": "true", "core.fsync": "committed"}
# The file that git keeps during an unfinished operation, its name, and the command with --continue and --abort.
_UNFINISHED = {
    "MERGE_HEAD": ("merge", "merge"),
    "rebase-merge": ("rebase", "rebase"),
    "rebase-apply/applying": ("git am", "am"),
    "rebase-apply": ("rebase", "rebase"),
    "CHERRY_PICK_HEAD": ("cherry-pick", "cherry-pick"),
    "REVERT_HEAD": ("revert", "revert"),
    "sequencer": ("cherry-pick or revert", "cherry-pick"),
}
# Files that also exist during another operation, and then are not reported.
_PART_OF = {
    "rebase-apply": {"rebase-apply/applying"},
    "CHERRY_PICK_HEAD": {"rebase-merge"},
    "sequencer": {"CHERRY_PICK_HEAD", "REVERT_HEAD"},
}
_BISECT = "BISECT_LOG"


@dataclass(frozen=True)
class Wanted:
    """The files to commit, by their names in the repository, and the tag to make, if any."""

    found: Repository
    files: Mapping[str, Path]
    tag: str
    are_written: bool = False

    @property
    def place(self) -> Place:
        """The place for problems that concern the whole repository: the folder of the files."""
        return Place(next(iter(self.files.values())).parent.as_posix())

    @property
    def paths(self) -> bytes:
        """The names, each ended by a zero byte, for git to read."""
        return b"".join(os.fsencode(name) + b"\0" for name in self.files)

    @property
    def git(self) -> str:
        """How to call git from the current folder, so that it works in the repository."""
        return "git" if self.is_here else f"git -C {for_a_shell(self.found.files.as_posix())}"

    @property
    def commands(self) -> str:
        """The commands with which an author commits the files and tags the commit by hand."""
        names = [path.as_posix() for path in self.files.values()] if self.is_here else [*self.files]
        words = " ".join(map(for_a_shell, names))
        lines = [f"{self.git} add -- {words}", f"{self.git} commit -- {words}"]
        return "\n".join([*lines, *([f"{self.git} tag -a {for_a_shell(self.tag)}"] if self.tag else [])])

    @property
    def by_hand(self) -> str:
        """What to do if only the author can commit the files."""
        if self.are_written:
            return f"the files are written; commit them yourself:\n{self.commands}"
        return f"leave out --commit and --tag, and commit the files yourself after they are written:\n{self.commands}"

    @property
    def is_here(self) -> bool:
        """Whether the current folder is in the repository, so that git can be called there with the same paths."""
        return _around(Path.cwd()) == self.found


def wanted(files: Sequence[Path], tag: str) -> Wanted:
    """Return files with the repository that they are in. Raises `Problems` if no repository contains them all."""
    if not program_path():
        problem = "git is not installed, or is not on PATH", "install git"
        raise Problems([_no_git(Place(files[0].parent.as_posix()), *problem)])
    problems: list[Problem] = []
    there: dict[Path, Repository] = {}
    for path in files:
        try:
            found = find_repository(Path(os.path.realpath(path.absolute().parent)))
        except Problems as error:
            problems += error.problems
            continue
        problems += _problems_of_path(path, found)
        if found is not None:
            there[path] = found
    one = next(iter(there.values()), None)
    if one is None and all(problem.rule == "no-git" for problem in problems):
        problems = problems[:1]  # the one about the folder of the deck, which contains the others
    problems += [_other(path, found, one) for path, found in there.items() if one and found != one]
    if one is None or problems:
        raise Problems(problems)
    return Wanted(one, {_name(path, one): path for path in there}, tag)


def _no_git(place: Place, message: str, remedy: str) -> Problem:
    return Problem(place, message, "no-git", f"{remedy}; or leave out --commit and --tag, and keep a copy of the files")


def _other(path: Path, found: Repository, one: Repository) -> Problem:
    return Problem(
        Place(path.as_posix()),
        f"this file is in the repository {found.files.as_posix()}, but another file of the release is in "
        f"{one.files.as_posix()}: one commit cannot contain both",
        "git-other",
        "keep both in one repository; or leave out --commit and --tag, and commit each file in its own repository "
        "after the release",
    )


def _problems_of_path(path: Path, found: Repository | None) -> Iterator[Problem]:
    place = Place(path.as_posix())
    if link := _link_within(path.absolute(), found):
        yield Problem(
            Place(link.as_posix()),
            "this is a link: git stores only where it leads, not the contents",
            "git-link",
            "replace it with the file or folder that it leads to; or leave out --commit and --tag, and keep a copy "
            "of the files",
        )
    elif found is None:
        folder = path.parent.as_posix()
        yield _no_git(place, "this file is not in a git repository", f"make one: git init {for_a_shell(folder)}")
    elif any(part.lower() == DOT_GIT for part in Path(_name(path, found)).parts):
        yield Problem(place, "this file is among git's own files", "git-own", "choose another folder for it")


def _link_within(path: Path, found: Repository | None) -> Path | None:
    """Return a link on the way to a file, if the link is in the file's repository, or in any if the file is in none.

    A link that leads to the repository from outside does no harm.
    """
    for each in (path, *path.parents):
        if each.is_symlink():
            around = _around(Path(os.path.realpath(each.parent)))
            if around is not None and found in (None, around):
                return each
    return None


def _around(folder: Path) -> Repository | None:
    try:
        return find_repository(folder)
    except Problems:
        return None


def _name(path: Path, found: Repository) -> str:
    """Return the name of a file in a repository."""
    folder = Path(os.path.realpath(path.absolute().parent))
    return (folder / path.name).relative_to(found.files).as_posix()


def obstacles(wanted: Wanted, git: Git) -> list[Problem]:
    """Return everything that prevents committing files, according to git and the files of the repository.

    `git` works in a scratch repository that has the settings `COMMITTING`.
    """
    answer = git("rev-parse", "--git-dir", at=wanted.found.files)
    if answer.code:
        return [git_failed(wanted, answer.error)]
    problems = [*_in_submodules(wanted, git)]
    looked_at = () if problems else (_filtered, ignored)  # git does not look for files inside submodules
    for check in (
        *looked_at,
        _closed,
        _elsewhere,
        _tables_of_a_worktree,
        _unnamed,
        _signing,
        _unfinished,
        _unmerged,
        _tag,
    ):
        try:
            problems += check(wanted, git)
        except OSError as error:
            problems.append(git_failed(wanted, f"{error.strerror}: {error.filename}"))
    return problems


def _elsewhere(wanted: Wanted, git: Git) -> Iterator[Problem]:
    """Find settings which say that the files of the repository are not beside its `.git`."""
    found = wanted.found
    where = git.settings.get("core.worktree", "")
    other = bool(where) and os.path.realpath(found.own / where) != str(found.files)
    if found.own == found.shared and (other or is_on(git.settings, "core.bare")):
        key = "core.worktree" if other else "core.bare"
        yield Problem(
            wanted.place,
            f"the repository says that its files are not in this folder: {key} is {git.settings[key]}",
            "git-elsewhere",
            f"if that is not intended, remove the setting: {wanted.git} config --unset {key}; "
            "or leave out --commit and --tag, and keep a copy of the files",
        )


def _closed(wanted: Wanted, git: Git) -> Iterator[Problem]:
    """Find folders of git's own that are not writable."""
    own, shared = wanted.found.own, wanted.found.shared
    for folder in dict.fromkeys((own, shared / "objects", shared / "refs", shared / "refs" / "heads")):
        if folder.is_dir() and not os.access(folder, os.W_OK):
            yield git_failed(wanted, f"{folder.as_posix()} is not writable")


def _tables_of_a_worktree(wanted: Wanted, git: Git) -> Iterator[Problem]:
    """Find a linked worktree with HEAD in one reftable and its branches in another: git cannot borrow both."""
    if has_tables(git.settings) and wanted.found.own != wanted.found.shared:
        yield Problem(
            wanted.place,
            'this is a worktree of a repository that keeps its references in the format "reftable"',
            "git-reftable",
            f"work in the folder of the repository itself; or {wanted.by_hand}",
        )


def identity(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the environment variables that say who commits, and when, as git uses them with these settings."""
    names = [f"GIT_{role}_{what}" for role in ROLES for what in ("NAME", "EMAIL", "DATE")]
    given = {name: os.environ[name] for name in (*names, "TZ") if name in os.environ}
    address = os.environ.get("EMAIL", "")
    if address and "user.email" not in settings and not is_on(settings, "user.useconfigonly"):
        unset = (role for role in ROLES if f"{role.lower()}.email" not in settings)
        given = {**{f"GIT_{role}_EMAIL": address for role in unset}, **given}
    return given


def _unnamed(wanted: Wanted, git: Git) -> Iterator[Problem]:
    environment = identity(git.settings)
    dates = {name: environment.pop(name) for name in [*environment] if name.endswith("_DATE")}
    for role in ROLES:
        answer = git("var", f"GIT_{role}_IDENT", at=wanted.found.files, environment=environment)
        if answer.code:
            yield Problem(
                wanted.place,
                "git does not know your name and email address, which are part of each commit",
                "git-no-name",
                f'set them:\n{wanted.git} config user.name "YOUR NAME"\n{wanted.git} config user.email YOUR@ADDRESS'
                + "".join(f"\nand unset {name}" for name, value in environment.items() if not value),
            )
            return
    for name, value in dates.items():
        role = name.split("_")[1]
        answer = git("var", f"GIT_{role}_IDENT", at=wanted.found.files, environment={**environment, name: value})
        if answer.code:
            yield Problem(
                wanted.place,
                f'{name} in the environment is not a date that git can read: "{value}"',
                "git-bad-date",
                "unset it; or write it like 2026-01-31T18:00:00Z",
            )


def _signing(wanted: Wanted, git: Git) -> Iterator[Problem]:
    keys = ("commit.gpgsign", *(("tag.gpgsign", "tag.forcesignannotated") if wanted.tag else ()))
    if signs := [key for key in keys if is_on(git.settings, key)]:
        yield Problem(
            wanted.place,
            f"git is set to sign your commits ({', '.join(signs)}), but Cuedeck does not run the program that signs",
            "git-signs",
            wanted.by_hand,
        )


def _filtered(wanted: Wanted, git: Git) -> Iterator[Problem]:
    """Find files that git passes through a program, or keeps in another encoding than on disk."""
    words = ("check-attr", "-z", "--stdin", "filter", "working-tree-encoding")
    answer = git(*words, at=wanted.found.files, given=wanted.paths)
    if answer.code:
        yield git_failed(wanted, answer.error)
        return
    each = iter(map(os.fsdecode, answer.out.split(b"\0")[:-1]))
    for name, attribute, value in zip(each, each, each, strict=True):
        if value not in ("unspecified", "unset"):
            yield Problem(
                Place(wanted.files[name].as_posix()),
                f"because of a line in .gitattributes, git changes this file before storing it ({attribute}={value}), "
                "which may require a program that Cuedeck does not run",
                "git-filter",
                wanted.by_hand,
            )


def ignored(wanted: Wanted, git: Git) -> Iterator[Problem]:
    """Find files that git ignores, each with the pattern that says so."""
    # This command always reads names as patterns, so a name that starts with a colon would mean something else.
    names = b"".join(b"./" + os.fsencode(name) + b"\0" for name in wanted.files)
    plainly = {"GIT_LITERAL_PATHSPECS": "0"}
    words = ("check-ignore", "-z", "--stdin", "--verbose")
    answer = git(*words, at=wanted.found.files, given=names, environment=plainly)
    if answer.code not in (0, 1):  # 1 means that it ignores none
        yield git_failed(wanted, answer.error)
        return
    each = iter(map(os.fsdecode, answer.out.split(b"\0")[:-1]))
    for source, line, pattern, name in zip(each, each, each, each, strict=True):
        if pattern.startswith("!"):
            continue
        file = wanted.files[name.removeprefix("./")].as_posix()
        own = Path(source).is_absolute() and Path(source).is_relative_to(git.folder)
        where = ".git/info/exclude, or the file that core.excludesFile names" if own else f"{source}, line {line}"
        yield Problem(
            Place(file),
            f"git ignores this file because of the pattern {pattern} in {where}, so a clone would lack the file",
            "git-ignored",
            "delete that pattern or make it narrower, and commit that change",
        )


def unwatched(wanted: Wanted, git: Git) -> Iterator[Problem]:
    """Find files in which git was told to ignore changes, each with the command that ends that."""
    answer = git("ls-files", "-v", "-z", "--", *wanted.files, at=wanted.found.files)
    if answer.code:
        yield git_failed(wanted, answer.error)
        return
    # Each entry starts with a letter, which is small if git is to assume that nothing has changed, and a space.
    for mark, name in ((entry[:1], entry[2:]) for entry in os.fsdecode(answer.out).split("\0") if entry):
        flag = "assume-unchanged" if mark.islower() else "skip-worktree" if mark == _SKIPPED else ""
        if flag and name in wanted.files:
            path = wanted.files[name].as_posix() if wanted.is_here else name
            yield Problem(
                Place(wanted.files[name].as_posix()),
                f'git was told to ignore changes in this file ("{flag}"), so a clone would lack them',
                "git-ignored",
                f"let git see them again: {wanted.git} update-index --no-{flag} -- {for_a_shell(path)}\n"
                "then commit what has changed",
            )


def _in_submodules(wanted: Wanted, git: Git) -> Iterator[Problem]:
    above = {parent.as_posix() for name in wanted.files for parent in Path(name).parents} - {"."}
    if not above:
        return
    answer = git("ls-files", "--stage", "-z", "--", *sorted(above), at=wanted.found.files)
    if answer.code:
        yield git_failed(wanted, answer.error)
        return
    entries = [os.fsdecode(entry).partition("\t") for entry in answer.out.split(b"\0") if entry]
    there = f"git -C {for_a_shell(wanted.found.files.as_posix())}"
    inner = {name for stage, _, name in entries if stage.startswith(_SUBMODULE) and name in above}
    for name, path in wanted.files.items():
        if module := next((each.as_posix() for each in Path(name).parents if each.as_posix() in inner), None):
            yield Problem(
                Place(path.as_posix()),
                f"this file is in the folder of a submodule that has not been fetched: {module}",
                "git-other",
                f"choose another folder; or, if you trust the source of the submodule, fetch it:\n"
                f"{there} submodule update --init -- {for_a_shell(module)}",
            )


def _unfinished(wanted: Wanted, git: Git) -> Iterator[Problem]:
    own = wanted.found.own
    kept = [name for name in _UNFINISHED if (own / name).exists()]
    if has_tables(git.settings):  # then some of these are not files
        heads = (name for name in ("CHERRY_PICK_HEAD", "REVERT_HEAD") if name not in kept)
        kept += [name for name in heads if not git("rev-parse", "-q", "--verify", name, at=wanted.found.files).code]
    for name in kept:
        what, command = _UNFINISHED[name]
        if not (_PART_OF.get(name, set()) & {*kept}):
            yield Problem(
                wanted.place,
                f"a {what} is not finished in this repository",
                "git-busy",
                f"finish it: {wanted.git} {command} --continue; or abandon it: {wanted.git} {command} --abort",
            )
    if (own / _BISECT).exists():
        yield Problem(
            wanted.place,
            "a search with git bisect is not finished in this repository",
            "git-busy",
            f"end the search: {wanted.git} bisect reset",
        )
    names = [own / "index", own / "HEAD"]
    names += [wanted.found.shared / TAGS / wanted.tag] if wanted.tag else []
    yield from (lock_taken(wanted, lock_of(each)) for each in names if is_held(each))


def _unmerged(wanted: Wanted, git: Git) -> Iterator[Problem]:
    answer = git("ls-files", "--unmerged", "-z", at=wanted.found.files)
    if answer.code:
        yield git_failed(wanted, answer.error)
    elif answer.out and not (wanted.found.own / "MERGE_HEAD").exists():
        name = os.fsdecode(answer.out.split(b"\0")[0].partition(b"\t")[2])
        path = for_a_shell((wanted.found.files / name).as_posix())
        yield Problem(
            wanted.place,
            f"two versions of a file are not merged yet: {name}",
            "git-busy",
            f"edit it until it is right, and then: {wanted.git} add -- {path}",
        )


def _tag(wanted: Wanted, git: Git) -> Iterator[Problem]:
    tag, at = wanted.tag, wanted.found.files
    if not tag:
        return
    name = f"{TAGS}{tag}"
    if tag.startswith("-") or tag == "HEAD" or "\0" in tag or git("check-ref-format", name, at=at).code:
        message = f'"{tag}" is not a valid name for a tag'
        hint = "use letters, digits, dots and hyphens, such as v1.0.0"
        yield Problem(wanted.place, message, "bad-tag", hint)
        return
    if has_tables(git.settings):
        listed = git("for-each-ref", "--format=%(refname)", TAGS, at=at).out.decode(errors="replace").split("\n")
        taken = next(
            (each for each in listed if f"{each}/".startswith(f"{name}/") or f"{name}/".startswith(f"{each}/")), ""
        )
    else:
        taken = is_taken(wanted.found, name)
    if taken:
        yield tag_exists(wanted, taken)


def tag_exists(wanted: Wanted, taken: str) -> Problem:
    """Return the problem that the tag exists already, or another tag that excludes it by its name."""
    there = taken.removeprefix(TAGS)
    same = there == wanted.tag
    return Problem(
        wanted.place,
        f"the tag {there} exists already" + ("" if same else f", so git cannot also have a tag {wanted.tag}"),
        "tag-exists",
        f"choose another version; or, if nobody else has the tag, delete it: {wanted.git} tag -d {for_a_shell(there)}",
    )


def lock_taken(wanted: Wanted, lock: Path) -> Problem:
    """Return the problem that another git is running, or was interrupted."""
    return Problem(
        wanted.place,
        f"another git process is running in this repository, or was interrupted: {lock.as_posix()} exists",
        "git-busy",
        "wait until it is done; if none is running, delete that file",
    )


def git_failed(wanted: Wanted, said: str) -> Problem:
    """Return the problem that git itself reports."""
    message = f"git cannot commit here: {said.partition(chr(10))[0]}"
    return Problem(wanted.place, message, "git-broken", wanted.by_hand)
