"""Check whether a package matches a cards.yaml and its lock."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from cuedeck.building.confirming import LastBuild
from cuedeck.building.gates import gated
from cuedeck.building.loading import load
from cuedeck.disk.workspace import Workspace
from cuedeck.package.contents import MEDIA, Member, digests
from cuedeck.package.database import read_snapshot
from cuedeck.package.medialist import listed_media
from cuedeck.package.opening import Packed, read_members
from cuedeck.problems import Place, Problem, Problems, stop
from cuedeck.records import dataclass
from cuedeck.wording import counted, listed


@dataclass(frozen=True)
class Verified:
    """A package that matches its source and lock, with the number of its notes.

    `rerendered` are the ids of those that this version of the program renders differently than the one that built the
    package; `is_described_otherwise` says the same of the deck's description. Their words were compared with the
    source, but not how their marks were rendered.
    """

    notes: int
    rerendered: tuple[str, ...] = ()
    is_described_otherwise: bool = False


def verify(package: Path, cards: Path) -> Verified:
    """Return what a package contains, if it matches `cards` and its lock.

    Raises `Problems` that say what differs, or what cannot be compared.
    """
    files = read_members(package)
    checked = gated(load(Workspace(cards)))
    lock = checked.workspace.lock
    if not lock.exists():
        stop(
            lock.as_posix(),
            "no-lock",
            "the lock is missing, and nothing else shows how the package was built",
            "bring it back from git, or build first: cuedeck build",
        )
    last = LastBuild(checked, files, package)
    if stale := [each.known.id for each in last.build.notes if each.status != "unchanged"]:
        raise Problems(
            [
                Problem(
                    Place(cards.as_posix()),
                    f"{_notes(len(stale), 'was', 'were')} edited since {checked.workspace.lock.name} was written: "
                    f"{listed(stale)}",
                    "lock-behind",
                    "build first: cuedeck build",
                )
            ]
        )
    if not last.is_packed:
        raise Problems(_differences(last))
    is_described_otherwise = last.contents.description != last.build.contents.description
    return Verified(len(last.build.notes), last.rerendered, is_described_otherwise)


def _notes(count: int, one: str, many: str) -> str:
    return f"{counted(count, 'note')} {one if count == 1 else many}"


def _differences(last: LastBuild) -> list[Problem]:
    package, files, wanted, built = last.path, last.packed, last.members, last.build
    place = Place(package.as_posix())
    hint = "if the source is right, build the package again: cuedeck build"

    def differs(message: str) -> Problem:
        return Problem(place, message, "differs", hint)

    media = {name for name in files.keys() | wanted.keys() if name.isdecimal()}
    missing, others = wanted.keys() - files.keys() - media, files.keys() - wanted.keys() - media
    problems = [differs(f'the file "{name}" is missing from the package') for name in missing]
    problems += [differs(f'the file "{name}" does not belong in the package') for name in others]
    problems += map(differs, _media_differences(files, wanted))
    names = {stamped.known.guid: stamped.known.id for stamped in built.notes}
    namespace = built.checked.deck.about.namespace
    there, given = (read_snapshot(each, package, namespace).notes for each in (files, wanted))
    groups = {
        ("is missing", "are missing"): given.keys() - there.keys(),
        ("does not belong in it", "do not belong in it"): there.keys() - given.keys(),
        ("differs", "differ"): {guid for guid in there.keys() & given.keys() if there[guid] != given[guid]},
    }
    problems += [
        differs(f"{_notes(len(guids), *words)}: {listed(sorted(names.get(guid, guid) for guid in guids))}")
        for words, guids in groups.items()
        if guids
    ]
    return problems or [
        differs("the notes are the same, but the note types, decks, cards or Cuedeck's own data differ")
    ]


def _media_differences(files: Packed, wanted: Mapping[str, Member]) -> Iterator[str]:
    """Yield in which media files a package differs from the build with the wanted files."""
    if MEDIA not in files:  # which is said already
        return
    try:
        there = listed_media(files)
    except (ValueError, TypeError):
        yield "its list of media files cannot be read"
        return
    for member in sorted(member for member in files if member.isdecimal() and member not in there):
        yield f'the file "{member}" is not in its list of media files'
    for name, times in Counter(there.values()).items():
        if times > 1:
            yield f'the name "{name}" is in its list of media files {times} times'
    given = listed_media(wanted)
    called = {name: _path_of(wanted[member]) or name for member, name in given.items()}
    found = {name: member for member, name in there.items() if member in files}
    are, should_be = files.digests({*found.values()}), digests(wanted)
    groups = {
        ("is missing", "are missing"): {*given.values()} - found.keys(),
        ("does not belong in it", "do not belong in it"): {*there.values()} - called.keys(),
        ("has other contents than its file", "have other contents than their files"): {
            name for member, name in given.items() if name in found and are[found[name]] != should_be[member]
        },
    }
    for (one, many), names in groups.items():
        if names:
            which = listed(sorted(called.get(name, name) for name in names))
            yield f"{counted(len(names), 'media file')} {one if len(names) == 1 else many}: {which}"


def _path_of(member: Member) -> str:
    """Return where the author has a picture or sound; "" for another file."""
    return "" if isinstance(member, bytes) else member.path
