"""Write the site of a deck's last release into a folder that any file host can serve."""

import hashlib
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO

from cuedeck.building.confirming import is_handed_out, stop_at_unconfirmed
from cuedeck.building.correcting import corrections_to
from cuedeck.building.loading import Checked, load
from cuedeck.building.mediagates import stop_at_personal_pictures
from cuedeck.building.packedmedia import media_in
from cuedeck.building.released import kept_package
from cuedeck.building.sites import LISTING, PAGE, SUMS, beside_in, is_list, is_same_deck, list_of, own_files
from cuedeck.disk.storing import Data, remove_file, store_all
from cuedeck.disk.text import read_text
from cuedeck.disk.workspace import Workspace
from cuedeck.history.lock import Release
from cuedeck.media.digests import CHANGED, sha256_of
from cuedeck.package.database import read_snapshot
from cuedeck.package.opening import Packed
from cuedeck.pages.decklist import ENTRY, entry_as_json, entry_of
from cuedeck.pages.edition import Download, Edition
from cuedeck.pages.feed import release_feed
from cuedeck.pages.listing import ankiweb_listing
from cuedeck.pages.media import NAME
from cuedeck.pages.media import PICTURE as PICTURE_TAG
from cuedeck.pages.samples import shown_media
from cuedeck.pages.share import FEED, PICTURE, share_page
from cuedeck.pages.social import social_picture
from cuedeck.patterns import regex
from cuedeck.problems import Keys, Place, Problem, Problems, stop
from cuedeck.records import dataclass
from cuedeck.rendering.notetypes import note_types
from cuedeck.updating.changelog import name_in_changelog, notes_of
from cuedeck.wording import for_a_shell

_ELSEWHERE = "move it away, or name another folder"
CORRECTIONS = regex(r"[a-z0-9-]+-[0-9.]+-corrections-from-[0-9.]+-(?:questions|cloze)\.tsv")


@dataclass(frozen=True)
class Shared:
    """A site that was written: what it hands out, its folder, and `remarks` on what it lacks: its picture, corrections.

    `rerendered` are the ids of the notes that this version of the program renders differently than the one that built
    the release. The site hands them out as they were. `list` is the list of all decks of the site, if it has several.
    """

    edition: Edition
    folder: Path
    remarks: tuple[Problem, ...] = ()
    rerendered: tuple[str, ...] = ()
    list: Path | None = None


def share(cards: Path, output: Path | None = None, address: str = "", among: Path | None = None) -> Shared:
    """Write the site of the last release of a cards.yaml into the folder `output`, or the state folder, and return it.

    With `among`, the folder of a site of several decks, the deck gets a folder of its own in it, and a page lists all
    of them. `address` is where the site will be; without it, its links are relative. Raises `Problems` if there is no
    release, its package is not what was handed out, it does not name its author, licence and sources, a picture in it
    says where it was taken, or other files would be overwritten; nothing is written then.
    """
    workspace = Workspace(cards)
    checked = load(workspace).sound()
    address = f"{address.rstrip('/')}/" if address else ""
    files, path, edition, missing = _edition(checked, address)
    _stop_at_unattributed(edition, checked)
    beside = beside_in(edition, output, among)
    if beside:
        output = beside.root / beside.deck
        if address and among:
            edition = replace(edition, address=f"{address}{beside.deck}")
    if output is None:
        output = workspace.site()
    all_decks = beside.back if beside else ""
    picture, remarks = _picture(edition)
    try:
        about = checked.deck.about.description
        whole = site(edition, partial(_copy, files, path, edition.package), about, picture, all_decks)
    except (ValueError, LookupError):  # templates were forged together with the lock
        message = "the package contains cards that no page can show"
        stop(path.as_posix(), "no-package", message, "build it again: cuedeck build")
    own = own_files(output, edition)
    _stop_at_other_files(output, whole, own, checked, edition)
    listed: dict[Path, Data] = {}
    if beside:
        listed, unlisted = list_of(beside, edition)
        remarks = (*remarks, *unlisted)
    store_all({**{output / name: data for name, data in whole.items()}, **listed})
    # The picture of an older release would be wrong, its corrections would bring back old wording, and the pictures and
    # sounds of its samples are no longer shown.
    for name in own - whole.keys():
        if name == PICTURE or NAME.fullmatch(name) or CORRECTIONS.fullmatch(name):
            remove_file(output / name)
    rerendered = tuple(_rerendered(checked))
    return Shared(edition, output, (*missing, *remarks), rerendered, beside.list if beside else None)


def _rerendered(checked: Checked) -> Iterator[str]:
    for note in checked.notes:
        known = checked.known.get(note.id)
        if known and known.released_content in note.earlier:
            yield note.id


def _picture(edition: Edition) -> tuple[bytes | None, tuple[Problem, ...]]:
    """Return the picture for other sites; if this machine cannot draw one, None and a warning that says why."""
    try:
        return social_picture(edition), ()
    except Problems as found:
        return None, tuple(replace(each, level="warning") for each in found.problems)


def site(
    edition: Edition,
    package: Data,
    description: str = "",
    picture: bytes | None = None,
    all_decks: str = "",
) -> dict[str, Data]:
    """Return the files of a site by name, in the order in which they are written.

    The page comes last. It names only files that never change, the package with its version in the name and pictures
    under the names that their bytes give them, so an existing page stays right while the other files are replaced.
    `description` is that of cards.yaml, as Markdown. `all_decks` is the path of the list of all decks of the site, if
    it has several.
    """
    files = {
        **({PICTURE: picture} if picture else {}),
        **shown_media(edition),
        **{sheet.name: sheet.data for sheet in edition.sheets},
        LISTING: ankiweb_listing(edition, description).encode(),
        FEED: release_feed(edition).encode(),
        **({ENTRY: entry_as_json(entry_of(edition))} if all_decks else {}),
    }
    page = share_page(edition, picture is not None, all_decks)
    names = (edition.file, edition.newest_file)
    sums = {
        **dict.fromkeys(names, edition.package.digest),
        **{name: hashlib.sha256(data).hexdigest() for name, data in {**files, PAGE: page}.items()},
    }
    files[SUMS] = "".join(f"{digest}  {name}\n" for name, digest in sums.items()).encode()
    return {**dict.fromkeys(names, package), **files, PAGE: page}


def _edition(checked: Checked, address: str) -> tuple[Packed, Path, Edition, tuple[Problem, ...]]:
    """Return the files in the package of the last release, its path, the release, and warnings about earlier ones."""
    release = checked.lock.last_release
    if release is None:
        stop(
            checked.workspace.cards.as_posix(),
            "not-released",
            "this deck has never been released, and drafts cannot be shared",
            "release it first: cuedeck release 1.0.0",
        )
    path = checked.release_path(release)
    files = _package(path, release)
    if not is_handed_out(files, release, checked):
        stop_at_unconfirmed(path, release)
    snapshot = read_snapshot(files, path)
    stop_at_personal_pictures(files, snapshot.manifest.media, path.as_posix())
    correcting = corrections_to(checked, snapshot, release.time, checked.lock)
    has_pictures = any(PICTURE_TAG.search(html) for note in snapshot.notes.values() for html in note.fields.values())
    edition = Edition(
        snapshot=snapshot,
        package=_download(files),
        releases=tuple(_releases_with_notes(checked)),
        css=note_types(checked.deck, has_pictures)[0].css,
        known=tuple(checked.deck.sources.values()),
        address=address,
        read=media_in(files, path),
        corrections={base.release.version: found.sheets for base, found in correcting.pairs},
    )
    return files, path, edition, correcting.remarks


def _download(files: Packed) -> Download:
    whole, size = hashlib.sha256(), 0
    for piece in files.pieces():
        whole.update(piece)
        size += len(piece)
    return Download(size, whole.hexdigest())


def _copy(files: Packed, path: Path, package: Download, target: IO[bytes]) -> None:
    """Copy a package to an open file. Raises `Problems` if it is no longer what it was when the page was made."""
    whole = hashlib.sha256()
    for piece in files.pieces():
        whole.update(piece)
        target.write(piece)
    if whole.hexdigest() != package.digest:
        message = "another program changed this package while the site was written"
        stop(path.as_posix(), CHANGED, message, "run the command again")


def _releases_with_notes(checked: Checked) -> Iterator[tuple[Release, str]]:
    """Yield the releases with their notes, newest first; if branches released one version twice, only the newer one."""
    changelog = checked.workspace.changelog
    text = read_text(changelog) if changelog.exists() else ""
    releases = {each.version: each for each in sorted(checked.lock.releases, key=lambda each: each.time)}
    for each in sorted(releases.values(), key=lambda each: each.time, reverse=True):
        yield each, notes_of(text, each.version, name_in_changelog(checked.workspace.cards.name, each.deck))


def _package(path: Path, release: Release) -> Packed:
    """Return the files in the package of a release. Raises `Problems` if it is missing."""
    kept = kept_package(path)
    if kept is None:
        stop(
            path.as_posix(),
            "release-missing",
            f"the package of {release.version} is missing",
            "bring it back from git; if nothing has changed since, cuedeck build writes it again",
        )
    return kept


def _stop_at_unattributed(edition: Edition, checked: Checked) -> None:
    """Raise `Problems` if the release does not name its author, its sources and their authors, and its licence."""
    about = checked.deck.about
    missing: list[tuple[Keys, str, str, bool]] = []
    if not edition.manifest.license:
        missing.append((("deck",), "licence", "license: CC BY 4.0", bool(about.license)))
    if not edition.manifest.author:
        missing.append((("deck",), "author", "author: Your Name", bool(about.author)))
    if not edition.sources:
        line = 'sources: {talk: {title: "Title of the talk", author: Who speaks, url: "https://..."}}'
        missing.append(((), "source", line, bool(checked.deck.sources)))
    known = {source.url: source for source in checked.deck.sources.values()}
    for source in edition.sources:
        if not source.author:
            there = known.get(source.url)
            keys = ("sources", there.id) if there else ()
            words = f'author of "{source.title}"'
            missing.append((keys, words, "author: Who speaks", bool(there and there.author)))
    if missing:
        raise Problems(_unattributed(checked, edition.version, *each) for each in missing)


def _unattributed(checked: Checked, version: str, keys: Keys, what: str, line: str, is_there: bool) -> Problem:
    place = checked.locate(keys, "key", "") if keys else Place(checked.workspace.cards.as_posix())
    where = f'below "{keys[-1]}:"' if keys else "to the file"
    hint = (
        "cards.yaml has it now, so release that under a higher version: cuedeck release VERSION"
        if is_there
        else f"add a line such as this {where}, and release the deck again:\n{line}"
    )
    return Problem(place, f"the release {version} names no {what}", "unattributed", hint, keys=keys)


def _stop_at_other_files(
    folder: Path, files: Mapping[str, Data], own: Collection[str], checked: Checked, edition: Edition
) -> None:
    """Raise `Problems` if a site would overwrite a file that is not one of `own`, those of an earlier site there."""
    if folder.exists() and not folder.is_dir():
        stop(folder.as_posix(), "unwritable", "this is a file, but the site needs a folder", "name a folder")
    if os.path.realpath(folder) == os.path.realpath(checked.workspace.packages):
        stop(folder.as_posix(), "unwritable", "packages are built in this folder", "name another one for the site")
    for name, data in files.items():
        path = folder / name
        is_link = path.is_symlink()  # which may lead to any file
        is_own = name in own and not is_link
        is_free = not path.exists() and not is_link
        if not is_free and not (path.is_file() and (is_own or _has(path, data, edition.package))):
            message, hint = "this already exists, and is not part of an earlier site of this deck", _ELSEWHERE
            if not is_same_deck(folder, edition):
                message = f'another deck with the id "{edition.manifest.deck}" has its site in this folder'
                hint = "name another folder for this deck"
            if is_list(path):
                message = "this is the list of the decks of a site"
                hint = f"add the deck to that site: cuedeck share --site {for_a_shell(folder.as_posix())}"
            stop(path.as_posix(), "not-ours", message, hint)


def _has(path: Path, data: Data, package: Download) -> bool:
    """Return whether a file has these bytes, or those of the package, which are not in memory."""
    if isinstance(data, bytes):
        return path.read_bytes() == data
    return path.stat().st_size == package.size and sha256_of(path) == package.digest
