"""List the pictures and sounds of a deck, and those beside them that no note uses."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from cuedeck.advice.rules import advice_on_files
from cuedeck.building.loading import load
from cuedeck.building.mediagates import with_pictures_checked
from cuedeck.disk.workspace import Workspace
from cuedeck.media.files import MediaFile
from cuedeck.media.inspecting import inspect
from cuedeck.media.listing import files_beside, unused
from cuedeck.problems import TextError
from cuedeck.records import dataclass
from cuedeck.rendering.usedfiles import used_files

State = Literal["used", "unused", "refused"]


@dataclass(frozen=True)
class Listed:
    """A picture or sound in the folder of a deck.

    path           where it is, from there, with slashes
    size           in bytes; 0 if there is no such file
    width, height  in pixels; 0 for a sound, and for a picture that cannot be opened
    notes          the ids of the notes that use it
    state          whether notes use it, or why it cannot be on a card
    reason         why it is refused; "" if it is not
    same           the paths of the other files with the same bytes
    advice         what would make it better, by the codes of the rules
    """

    path: str
    size: int
    state: State
    notes: tuple[str, ...] = ()
    width: int = 0
    height: int = 0
    reason: str = ""
    same: tuple[str, ...] = ()
    advice: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Listing:
    """The files of a deck by path; `is_sound` is false if notes with errors may use more than this says.

    `packed` is the size of the files in a package, in bytes.
    """

    files: tuple[Listed, ...]
    packed: int
    is_sound: bool


def media(cards: Path) -> Listing:
    """Return the pictures and sounds of a cards.yaml, and those beside them.

    Raises `Problems` if the file cannot be read at all. Writes nothing.
    """
    loaded = load(Workspace(cards))
    folder = loaded.media
    used = {each.path: each for each in used_files(loaded.notes)}
    advice: dict[str, dict[str, str]] = {}
    for name, found in advice_on_files(loaded.deck, loaded.notes):
        advice.setdefault(found.file, {})[name] = found.message
    named = {os.path.normpath(path) for path in folder.refused}
    paths = {*files_beside(loaded.workspace.folder, used), *used, *(each for each in named if _is_below(each))}
    ready: dict[str, MediaFile] = {}
    reasons: dict[str, str] = {}
    for path in paths:
        try:
            ready[path] = folder.find(path)
            if ready[path].kind == "picture":
                inspect(ready[path])
        except TextError as error:
            reasons[path] = error.message
        except OSError as error:
            reasons[path] = str(error.strerror)
    same: dict[str, list[str]] = {}
    for path, file in sorted(ready.items()):
        same.setdefault(file.sha256, []).append(path)

    def listed(path: str) -> Listed:
        looked_at = (
            inspect(ready[path]) if path in ready and path not in reasons and ready[path].kind == "picture" else None
        )
        return Listed(
            path=path,
            size=ready[path].size if path in ready else _size(loaded.workspace.folder / path),
            state="refused" if path in reasons else "used" if path in used else "unused",
            notes=used[path].notes if path in used else (),
            width=looked_at.width if looked_at else 0,
            height=looked_at.height if looked_at else 0,
            reason=reasons.get(path, ""),
            same=tuple(each for each in same[ready[path].sha256] if each != path) if path in ready else (),
            advice=advice.get(path, {}),
        )

    packed = {each.file.name: each.file.size for each in used.values()}
    return Listing(tuple(map(listed, sorted(paths))), sum(packed.values()), loaded.report.sound)


def prunable(cards: Path) -> list[Path]:
    """Return the files beside a cards.yaml that no note uses, and that could be deleted. Deletes nothing.

    Raises `Problems` if the deck has errors, since notes that cannot be read may use more files.
    """
    checked = with_pictures_checked(load(Workspace(cards))).sound()
    used = [each.path for each in used_files(checked.notes)]
    folder = checked.workspace.folder
    return [folder / path for path in unused(files_beside(folder, used), used, cards)]


def _is_below(path: str) -> bool:
    return path.split("/")[0] not in ("", os.pardir) and ":" not in path


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except (OSError, ValueError):
        return 0
