"""Sites that earlier runs of `cuedeck share` left in a folder, and the list of the decks of a site of several.

Anyone may have written there since, so nothing in the folder is trusted: names are compared with those that are
expected, and what a deck says about itself is checked by `pages.decklist`.
"""

import contextlib
import os
import re
import stat
from pathlib import Path

from cuedeck.deck.values import ID
from cuedeck.disk.storing import Data
from cuedeck.pages.decklist import ENTRY, LARGEST_ENTRY, MARK, entry_from, entry_of, list_page
from cuedeck.pages.edition import Edition
from cuedeck.pages.share import FEED
from cuedeck.patterns import regex
from cuedeck.problems import Place, Problem, stop
from cuedeck.records import dataclass
from cuedeck.wording import for_a_shell

PAGE = "index.html"
LISTING = "ankiweb.md"
SUMS = "SHA256SUMS"
_LIST = "decks.html"  # the list of decks, if a deck has the first page of the site
_ENOUGH = 4096  # bytes of a page, which have its head
_LARGEST_SUMS = 1_000_000
_MOST_LOOKED_AT = 10_000
_SUM = regex(r"[0-9a-f]{64} [ *](.+)")


@dataclass(frozen=True)
class Beside:
    """A site of several decks, seen from one of them: its folder, and the name of its list there.

    `deck` is the path from the list to the folder of the deck, with a slash at its end; "" if both are in one folder.
    """

    root: Path
    page: str
    deck: str

    @property
    def list(self) -> Path:
        """The list of all decks."""
        return self.root / self.page

    @property
    def back(self) -> str:
        """The path from the page of the deck to the list."""
        return f"../{self.page}" if self.deck else self.page


def beside_in(edition: Edition, output: Path | None, among: Path | None) -> Beside | None:
    """Return the site of several decks that a deck goes to; None if it has a site of its own.

    A deck that had the whole site stays where it is, since people know that address: then the list is a page beside its
    own. So does one that is in such a site already.
    """
    deck = f"{edition.manifest.deck}/"
    if among is None and output is not None:
        if is_list(output / _LIST) and own_files(output, edition):
            among = output
        elif output.name == edition.manifest.deck and any(is_list(output.parent / page) for page in (PAGE, _LIST)):
            among = output.parent
    if among is None:
        return None
    if own_files(among, edition):
        return Beside(among, _LIST, "")
    return Beside(among, _LIST if _names_of_site(among) else PAGE, deck)


def is_list(path: Path) -> bool:
    """Whether a file is a list of decks that this program wrote."""
    return MARK in _beginning(path, _ENOUGH)


def _beginning(path: Path, size: int) -> bytes:
    """Return the first bytes of an ordinary file; none if there is no such file."""
    with contextlib.suppress(OSError):
        if stat.S_ISREG(path.stat().st_mode):  # reading from a pipe may never end
            with path.open("rb") as file:
                return file.read(size)
    return b""


def list_of(beside: Beside, edition: Edition) -> tuple[dict[Path, Data], tuple[Problem, ...]]:
    """Return the list of all decks of a site with its path, and warnings: for each that cannot be listed, or is twice.

    Only folders that have the name of a deck and its site are looked into. Raises `Problems` if the list would
    overwrite another file.
    """
    if os.path.lexists(beside.list) and not is_list(beside.list):
        message = "this already exists, and is not the list of the decks of this site"
        stop(beside.list.as_posix(), "not-ours", message, "move it away, or name another folder")
    entries, remarks = [(beside.deck, entry_of(edition))], []
    for folder in ("", *(f"{name}/" for name in _folders(beside.root))):
        place = beside.root / folder
        names = _names_of_site(place) if folder != beside.deck else frozenset()
        if not names:
            continue
        try:
            entry = entry_from(_beginning(place / ENTRY, LARGEST_ENTRY + 1))
            if folder not in ("", f"{entry.deck}/") or entry.package not in names:
                raise ValueError("it is about another deck")
            entries.append((folder, entry))
            if entry.namespace == edition.snapshot.namespace:
                remarks.append(_twice(place, bool(folder), edition.manifest.deck))
        except ValueError:
            message = f"the deck here is not in the list: {ENTRY} is missing, or not as Cuedeck writes it"
            again = f"cuedeck share --site {for_a_shell(beside.root.as_posix())}"
            hint = f"share it again, where its cards.yaml is: {again}"
            remarks.append(Problem(Place(place.as_posix()), message, "not-listed", hint, "warning"))
    return {beside.list: list_page(entries)}, tuple(remarks)


def _twice(place: Path, has_folder: bool, deck: str) -> Problem:
    """Return the warning that a site has the deck under another id, too, as after its id was changed."""
    old = "delete the folder" if has_folder else f"delete {SUMS} there, and the files that it names"
    message = f'the deck here has the namespace of "{deck}", too: for Anki, both are one deck'
    hint = (
        f"if this is its earlier id, {old}, and share the deck again; if this is a copy of it, run cuedeck fork there"
    )
    return Problem(Place(place.as_posix()), message, "shared-namespace", hint, "warning")


def _folders(root: Path) -> list[str]:
    """Return the names of the folders of a site that may be those of decks. A link leads elsewhere, so it is none."""
    try:
        with os.scandir(root) as found:
            some = [each for each, _ in zip(found, range(_MOST_LOOKED_AT), strict=False)]
            return sorted(each.name for each in some if each.is_dir(follow_symlinks=False) and _is_id(each.name))
    except OSError:
        return []


def _is_id(name: str) -> bool:
    return re.fullmatch(ID, name) is not None


def own_files(folder: Path, edition: Edition) -> frozenset[str]:
    """Return the names of the files of an earlier site of the deck in a folder, from its list of checksums."""
    names = _names_of_site(folder)
    return names if edition.newest_file in names and is_same_deck(folder, edition) else frozenset()


def _names_of_site(folder: Path) -> frozenset[str]:
    """Return the names of the files of a deck's site in a folder, from its list of checksums; none if there is none."""
    try:
        lines = _beginning(folder / SUMS, _LARGEST_SUMS).decode().splitlines()
    except ValueError:
        return frozenset()
    names = {found[1] for line in lines if (found := _SUM.fullmatch(line))}
    return frozenset({*names, SUMS}) if {PAGE, FEED, LISTING} <= names else frozenset()


def is_same_deck(folder: Path, edition: Edition) -> bool:
    """Whether a folder does not say that it has the site of another deck, which has the same id."""
    with contextlib.suppress(ValueError):
        return entry_from(_beginning(folder / ENTRY, LARGEST_ENTRY + 1)).namespace == edition.snapshot.namespace
    return True
