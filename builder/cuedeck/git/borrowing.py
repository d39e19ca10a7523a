"""The scratch repository in which git works: it borrows from the real one, and has only its plain settings."""

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from cuedeck.git.repository import Repository, is_on_another_machine, led_to, stop_at_broken
from cuedeck.git.running import Answer, run

_LARGEST = 64 * 1024 * 1024  # of a file that is copied from a repository, in bytes
_LONGEST_CHAIN = 5  # of references that refer to one another, as in git
_REFERENCES = "extensions.refstorage"
# Settings for how files and objects are stored, which name neither a program nor a place. All others are left out.
_FORMAT = frozenset({"core.repositoryformatversion", "extensions.objectformat", _REFERENCES})
_FILES = frozenset(
    {
        *("core.autocrlf", "core.eol", "core.filemode", "core.ignorecase", "core.precomposeunicode", "core.symlinks"),
        *("core.checkstat", "core.trustctime", "core.longpaths", "core.protecthfs", "core.protectntfs"),
        *("core.sparsecheckout", "core.sparsecheckoutcone", "index.sparse"),
    }
)
# Settings that are paths. Only the settings of the user may name them.
_IGNORED = "core.excludesfile"
_ATTRIBUTES = "core.attributesfile"
_PERSONAL = frozenset({_IGNORED, _ATTRIBUTES})
# What a repository keeps in separate files, besides objects and index.
_COPIED = ("HEAD", "packed-refs", "shallow", "info/exclude", "info/attributes", "info/sparse-checkout")


class Git:
    """Runs git in a scratch repository that borrows from a real one.

    `folder` is the scratch repository. `settings` are all settings of the real one; git itself gets only a few of them.
    """

    def __init__(self, found: Repository, folder: Path, settings: Mapping[str, str]) -> None:
        self._found, self.folder, self.settings = found, folder, settings

    def __call__(
        self,
        *words: str,
        at: Path,
        given: bytes = b"",
        index: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Answer:
        """Return git's answer to these words and the input `given`, in the folder `at`. Raises `Problems` like `run`.

        Without `index`, git uses the index of the real repository.
        """
        places = {
            "GIT_DIR": str(self.folder),
            "GIT_WORK_TREE": str(self._found.files),
            "GIT_INDEX_FILE": str(index or self._found.own / "index"),
            "GIT_OBJECT_DIRECTORY": str(self._found.shared / "objects"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        return run(*words, at=at, environment={**(environment or {}), **places}, given=given)


@contextlib.contextmanager
def scratch_repository(
    found: Repository, also: Collection[str] = (), fixed: Mapping[str, str] | None = None
) -> Iterator[Git]:
    """Make a scratch repository, and delete it afterwards.

    `also` are the keys of further settings to copy, none of which may name a program or a place. `fixed` are settings
    that it has whatever the real one says.
    """
    _stop_at_foreign_objects(found)
    with tempfile.TemporaryDirectory(prefix="cuedeck-git-", ignore_cleanup_errors=True) as name:
        scratch = Path(name)
        for each in ("refs", "objects", "info"):
            (scratch / each).mkdir()
        try:
            indexes = (index.name for index in found.own.glob("sharedindex.*"))
            tables = (f"reftable/{table.name}" for table in (found.shared / "reftable").glob("*"))
            for each in (*_COPIED, *indexes, *tables):
                copy(found, each, scratch)
            _copy_branch(found, scratch)
        except OSError as error:
            stop_at_broken(found.files, str(error))
        personal, own = _personal(found, scratch), _own(found, scratch)
        if own.get(_REFERENCES, "files") not in ("files", "reftable"):  # a later git may allow other places
            stop_at_broken(found.files, f"its references are stored in an unknown way: {own[_REFERENCES]}")
        kept = {key: value for key, value in personal.items() if key in _FILES | _PERSONAL | {*also}}
        kept |= {key: value for key, value in own.items() if key in _FORMAT | _FILES | {*also}}
        kept |= _attributes_as_well(own.get(_ATTRIBUTES, ""), found, scratch)
        (scratch / "config").write_bytes(os.fsencode(_written({**kept, **(fixed or {})})))
        _ignore_as_well(own.get(_IGNORED, ""), found, scratch)
        # In case temporary files are kept in the very folder that git is asked about.
        (scratch / ".gitignore").write_bytes(b"*\n")
        yield Git(found, scratch, {**personal, **own})


def copy(found: Repository, name: str, scratch: Path) -> None:
    """Copy a file of a repository: its own one, or else the one that it shares. Only plain files are copied.

    Raises OSError if the file is larger than any such file should be.
    """
    for source in (found.own / name, found.shared / name):
        if source.is_file() and not source.is_symlink():
            if source.stat().st_size > _LARGEST:
                raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(source))
            (scratch / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, scratch / name)
            return


def _copy_branch(found: Repository, scratch: Path) -> None:
    """Copy the reference that HEAD names, if it is a separate file, and those that it refers to."""
    at = scratch / "HEAD"
    for _ in range(_LONGEST_CHAIN):
        text = at.read_text(encoding="utf-8", errors="replace").strip() if at.is_file() else ""
        name = text.removeprefix("ref: ")
        if not name.startswith("refs/") or ".." in name or "\0" in name:
            return
        copy(found, name, scratch)
        at = scratch / name


def _stop_at_foreign_objects(found: Repository) -> None:
    """Raise `Problems` if a repository borrows objects from another machine, since Windows would connect to that."""
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
            waiting += [led_to(objects, _unquoted(line)) for line in lines if not line.startswith("#")]
        except (OSError, ValueError) as error:
            stop_at_broken(found.files, str(error))


def _unquoted(line: str) -> str:
    """Return a line of the file "alternates". Raises ValueError if it is quoted, as git does only for unusual names."""
    if line.startswith('"'):
        raise ValueError(f"it borrows objects from a folder with an unusual name: {line}")
    return line


def _personal(found: Repository, scratch: Path) -> dict[str, str]:
    """Return the settings of the machine and of the user."""
    settings: dict[str, str] = {}
    for level in ("--system", "--global"):
        # Run in the real repository, since conditions may refer to it; its own settings are not included.
        settings |= _settings(scratch, level, "--includes", repository=found.own)
    return settings


def _own(found: Repository, scratch: Path) -> dict[str, str]:
    """Return the settings of a repository, and those of the worktree if each worktree may have its own."""
    settings: dict[str, str] = {}
    for path in (found.shared / "config", found.own / "config.worktree"):
        if path.is_file() and (path.name == "config" or is_on(settings, "extensions.worktreeconfig")):
            settings |= _settings(scratch, "--file", str(path), repository=scratch)
    return settings


def is_on(settings: Mapping[str, str], key: str) -> bool:
    """Return whether a setting is on. Every value that does not mean "off" switches it on."""
    return settings.get(key, "false").lower() not in {"false", "no", "off", "0", ""}


def _written(settings: Mapping[str, str]) -> str:
    """Return settings in the format of git's configuration files."""
    lines = []
    for key, value in sorted(settings.items()):
        section, name = key.split(".")
        quoted = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        lines.append(f'[{section}]\n\t{name} = "{quoted}"\n')
    return "".join(lines)


def _ignore_as_well(name: str, found: Repository, scratch: Path) -> None:
    """Add the ignore patterns of a file named in the repository's settings, if it is a plain file on this machine."""
    if path := _plain_file(name, found):
        with (scratch / "info" / "exclude").open("ab") as patterns:
            patterns.write(b"\n" + path.read_bytes() + b"\n")


def _attributes_as_well(name: str, found: Repository, scratch: Path) -> dict[str, str]:
    """Copy the attributes file named in the repository's settings, if any, and return the setting for the copy."""
    if path := _plain_file(name, found):
        shutil.copyfile(path, scratch / "attributes")
        return {_ATTRIBUTES: str(scratch / "attributes")}
    return {}


def _plain_file(name: str, found: Repository) -> Path | None:
    """Return a file that a repository names, if it is a plain file on this machine, and not too large."""
    path = found.files / os.path.expanduser(name)  # noqa: PTH111  a Path fails if there is no such user
    if not name or is_on_another_machine(path, found.files) or path.is_symlink() or not path.is_file():
        return None
    return path if path.stat().st_size <= _LARGEST else None


def _settings(scratch: Path, *where: str, repository: Path) -> dict[str, str]:
    """Return the settings of one file or one level, by their keys."""
    answer = run("config", *where, "--list", "-z", at=scratch, environment={"GIT_DIR": str(repository)})
    entries = (entry.partition("\n") for entry in os.fsdecode(answer.out).split("\0") if entry)
    return {key: value if given else "true" for key, given, value in entries}
