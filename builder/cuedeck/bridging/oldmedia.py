"""The pictures and sounds of the notes that continue: whether the old package has them, and whether they are ours.

Cuedeck names a file after its bytes, and another tool gives it any name. If a learner already had another file of that
name, Anki gave the package's file a longer one. So files are compared by their bytes.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import field
from pathlib import Path
from typing import NoReturn
from urllib.parse import unquote

from cuedeck.history.snapshot import PackedNote
from cuedeck.media.files import is_name_of, name_of
from cuedeck.media.kinds import ending_of
from cuedeck.media.references import references, with_names
from cuedeck.package.medialist import listed_media
from cuedeck.package.opening import Packed
from cuedeck.problems import Place, Problem, stop
from cuedeck.records import dataclass
from cuedeck.rendering.fields import RenderedNote
from cuedeck.updating.sayings import WRITTEN_FIELDS, Texts, texts_of_fields
from cuedeck.wording import counted, listed


@dataclass(frozen=True)
class OldMedia:
    """The files that notes of an old package show or play.

    `names` are the names that Cuedeck gives them, by the names that they have there; `lacking` are the names of files
    that the package does not contain.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()

    def only_renames(self, packed: PackedNote, note: RenderedNote) -> bool:
        """Return whether a packed note, in our keys, says and shows the same as one of ours with files of other names.

        The words that describe a picture, and its width, do not count.
        """
        fields = {key: with_names(html, lambda name: self.names.get(name, name)) for key, html in packed.fields.items()}
        return fields != packed.fields and _said(fields) == _said(note.fields_by_key)

    def warnings(self, package: Path) -> tuple[Problem, ...]:
        """Return a warning if the package lacks files."""
        if not self.lacking:
            return ()
        are = "is" if len(self.lacking) == 1 else "are"
        return (
            Problem(
                Place(package.as_posix()),
                f"{counted(len(self.lacking), 'file')} that notes of the package show or play {are} not in it: "
                f"{listed(self.lacking)}",
                "file-not-packed",
                "if learners lack them, too, change the words in the brackets of these pictures: the next release then "
                "brings the files",
                "warning",
            ),
        )


def old_media(files: Packed, package: Path, notes: Iterable[PackedNote]) -> OldMedia:
    """Return what an old package has of the files that notes in it show or play; `package` is its name in messages.

    Raises `Problems` if its list of files is damaged, or if a file is not what its name says.
    """
    wanted = [*dict.fromkeys(name for note in notes for html in note.fields.values() for name in references(html))]
    if not wanted:
        return OldMedia()
    members = _members(files, package)
    found = {name: member for name in wanted if (member := members.get(name) or members.get(_nfc(unquote(name))))}
    digests = {member: digest.hex() for member, digest in files.digests({*found.values()}).items()}
    if false := [name for name, member in found.items() if not is_name_of(name, digests[member])]:
        _stop_at_forged(package, f"these files in it are not what their names say: {listed(false)}")
    names = {name: name_of(digests[member], ending_of(name)) for name, member in found.items()}
    return OldMedia(names, tuple(name for name in wanted if name not in found))


def _members(files: Packed, package: Path) -> dict[str, str]:
    """Return the members of a package that contain files, by the names of the files in NFC."""
    try:
        listed_names = listed_media(files)
    except (ValueError, TypeError):
        _stop_at_forged(package, "its list of pictures and sounds cannot be read")
    members: dict[str, str] = {}
    for member, name in listed_names.items():
        if member in files and member.isdecimal() and members.setdefault(_nfc(name), member) != member:
            _stop_at_forged(package, f'two files in it have the name "{name}"')
    return members


def _stop_at_forged(package: Path, message: str) -> NoReturn:
    hint = "download it again, or export it from Anki again"
    stop(package.as_posix(), "no-package", f"the package is damaged or forged: {message}", hint)


def _said(fields: Mapping[str, str]) -> Texts:
    return texts_of_fields(fields.get(each.key, "") for each in WRITTEN_FIELDS)


def _nfc(name: str) -> str:
    return unicodedata.normalize("NFC", name)
