"""Which pictures and sounds of a note, and of a package, are other ones now."""

from collections.abc import Iterator, Mapping, Sequence

from cuedeck.entities import unescape
from cuedeck.history.manifest import ManifestFile
from cuedeck.history.snapshot import Snapshot
from cuedeck.media.clips import is_clip
from cuedeck.patterns import regex
from cuedeck.records import dataclass
from cuedeck.wording import counted, megabytes

Files = Mapping[str, ManifestFile]
"""The files of a package by their names in Anki, as far as its manifest knows them."""

_FILE = regex(
    r'<img[^>]{0,400}?\bsrc="(?P<picture>[^"]{1,400})"|\[sound:(?P<sound>[^\]]{1,400})\]'
    r'|<audio[^>]{0,400}?\bsrc="(?P<clip>[^"]{1,400})"'
)


@dataclass(frozen=True)
class MediaChanges:
    """What a package adds to a learner's media folder, and what its cards no longer use: names in Anki, with sizes."""

    added: Files
    left: Files


def media_changes(old: Snapshot, new: Snapshot) -> MediaChanges:
    """Return which files only one of two packages has, as far as their manifests say so."""
    before, after = old.manifest.media, new.manifest.media
    return MediaChanges(
        {name: file for name, file in after.items() if name not in before},
        {name: file for name, file in before.items() if name not in after},
    )


def in_words(files: Files) -> str:
    """Return how many files these are and how large together, such as "2 pictures and sounds (1.2 MB)"."""
    clips = {name: file for name, file in files.items() if is_clip(file.path)}
    others = {name: file for name, file in files.items() if name not in clips}
    parts = [_sum(others, "picture or sound", "pictures and sounds")] if others or not clips else []
    parts += [_sum(clips, "clip of the recording", "clips of the recording")] if clips else []
    return " and ".join(parts)


def _sum(files: Files, one: str, several: str) -> str:
    return f"{counted(len(files), one, several)} ({megabytes(sum(file.size for file in files.values()))})"


def file_changes(before: str, after: str, files: tuple[Files, Files]) -> tuple[str, ...]:
    """Return a sentence for each picture, sound and clip of a field that is another one, new or gone, or for the order.

    `files` are those of the older and of the newer package.
    """
    said = tuple(_sentence(*each, files) for each in replacements(before, after, files))
    is_turned = not said and _files_in(before) != _files_in(after)
    return ("the pictures and sounds are in another order",) if is_turned else said


def replacements(before: str, after: str, files: tuple[Files, Files]) -> Iterator[tuple[str, str, str]]:
    """Yield what has become of each picture and sound of a field that is not as it was; `files` are as above.

    Each is "picture", "sound" or "clip", its earlier name and its new one: "" if it is new, or gone.
    """
    old, new = _files_in(before), _files_in(after)
    left = [each for each in old if each not in new]
    for kind, name in (each for each in new if each not in old):
        replaced = _replaced(kind, _named(name, files[1])[0], left, files[0])
        if replaced:
            left.remove(replaced)
        yield kind, replaced[1] if replaced else "", name
    yield from ((kind, name, "") for kind, name in left)


def _files_in(html: str) -> list[tuple[str, str]]:
    """Return the kind of each file that a field has, "picture", "sound" or "clip", with its name, in order."""
    return [(str(found.lastgroup), unescape(found[str(found.lastgroup)])) for found in _FILE.finditer(html)]


def _sentence(kind: str, before: str, after: str, files: tuple[Files, Files]) -> str:
    (old, old_size), (new, new_size) = (_named(name, of) for name, of in zip((before, after), files, strict=True))
    if not after:
        return f"no longer has the {kind} {old}"
    if not before:
        return f"new {kind} {new}{_sizes('', new_size)}"
    return (
        f"the {kind} {new} has changed{_sizes(old_size, new_size)}"
        if old == new
        else f"the {kind} {new} replaces {old}"
    )


def _replaced(kind: str, path: str, gone: Sequence[tuple[str, str]], files: Files) -> tuple[str, str] | None:
    """Return the file that another one replaces: that of the same path, or else the next of the same kind."""
    alike = [each for each in gone if each[0] == kind]
    return next((each for each in alike if _named(each[1], files)[0] == path), None) or next(iter(alike), None)


def _named(name: str, files: Files) -> tuple[str, str]:
    """Return the author's path of a file, or its name if that is not known; and its size in words, or ""."""
    file = files.get(name)
    return (file.path, megabytes(file.size)) if file else (name, "")


def _sizes(before: str, after: str) -> str:
    if not after:
        return ""
    return f" ({after}; before, {before})" if before and before != after else f" ({after})"
