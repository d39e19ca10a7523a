"""Import a deck of another tool, or a list: write a new folder with its cards.yaml, and prove what is in it."""

import hashlib
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from cuedeck.bridging.decks import BETWEEN
from cuedeck.bridging.fieldmap import bridge
from cuedeck.building.beginning import SCHEMA
from cuedeck.building.loading import load
from cuedeck.building.newids import id_from
from cuedeck.deck import addresses, hosts, values
from cuedeck.deck.deck import About, Deck
from cuedeck.deck.links import link_form
from cuedeck.deck.placement import note_at
from cuedeck.disk.storing import install, staged_folder
from cuedeck.disk.text import CARDS_NAME
from cuedeck.disk.workspace import Workspace
from cuedeck.importing.blocks import PICTURE, SOUND, pieces_of
from cuedeck.importing.drafting import Draft, Drafts, drafted
from cuedeck.importing.fieldmaps import FieldMap, unknown_fields
from cuedeck.importing.foreign import ForeignDeck, ForeignType, LeftOut
from cuedeck.importing.grouping import grouped, put_together
from cuedeck.importing.moments import with_moments
from cuedeck.importing.naming import deck_name, file_name
from cuedeck.importing.proving import Prover
from cuedeck.importing.reading import Wanted, read_foreign
from cuedeck.importing.richtext import read_html
from cuedeck.importing.writing import Group, Head, to_yaml
from cuedeck.media.digests import Digests
from cuedeck.media.files import MediaFile, MediaFolder, as_written
from cuedeck.package.contents import LARGEST_MEDIA
from cuedeck.problems import Problems, TextError, stop
from cuedeck.reading.schema import schema_text
from cuedeck.records import dataclass
from cuedeck.rendering.notetypes import note_types
from cuedeck.wording import counted, listed

_MEDIA = "media"
_LONGEST_TITLE = 200
_DESCRIPTION = ""  # no id of a note


@dataclass(frozen=True)
class Options:
    """What an author asks for: the form of the file, mappings of note types, a recording, and a title.

    With `by_tag`, concepts are made from tags instead of subdecks.
    """

    wanted: Wanted
    maps: Mapping[str, FieldMap] | None = None
    source: str = ""
    title: str = ""
    by_tag: bool = False


@dataclass(frozen=True)
class Imported:
    """What was imported: the text of cards.yaml, its notes by concept, those left out, and how note types were read.

    `maps` are by the names of note types. `remarks` are sentences on what had to be guessed. `tags_as_written` is that
    key of the deck. `folder` is the folder that was written, None if none was. `picked` are the names of the decks of a
    package that `adopt` has to take over, none if it is all of it.
    """

    text: str
    groups: tuple[Group, ...]
    left_out: tuple[LeftOut, ...]
    maps: Mapping[str, tuple[FieldMap, ...]]
    remarks: tuple[str, ...]
    tags_as_written: bool
    folder: Path | None
    picked: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[Draft, ...]:
        """All notes of the deck."""
        return tuple(note for group in self.groups for note in group.notes)

    @property
    def lossless(self) -> int:
        """How many notes show exactly what the originals showed."""
        return sum(not (note.losses or note.without) for note in self.notes)

    @property
    def is_lossy(self) -> bool:
        """Whether anything of the original is not in the deck."""
        return bool(self.left_out) or self.lossless < len(self.notes)


def import_deck(
    path: Path, folder: Path | None, options: Options, dry_run: bool = False, lossy: bool = False
) -> Imported:
    """Write a new folder with the deck of a file; but nothing for a dry run, or if anything of it would be lost.

    With `lossy`, it is written anyway. `folder` is the new folder; None for one in the current folder with the id of
    the deck. Raises `Problems` if the file cannot be read, or if there is such a folder.
    """
    deck = with_moments(read_foreign(path, options.wanted), options.source)
    title = _title(options.title or deck.title)
    id = deck.id or id_from(title.rpartition(BETWEEN)[2]) or "deck"
    folder = folder or Path(id)
    about = About(id=id, namespace=deck.namespace or _namespace(deck, title), title=title)
    stays = _staying(deck, about)
    plan = _Plan(
        deck=deck,
        about=replace(about, tags_as_written=_keeps_tags(deck, stays)),
        maps=_checked_maps(options.maps or {}, deck, path),
        stays=stays,
        sources=_sources(deck, options.source, path),
        by_tag=options.by_tag,
    )
    with _temporary() if dry_run else staged_folder(folder) as staged:
        result = _imported(plan, staged, path)
        if dry_run or (result.is_lossy and not lossy):
            return result
        install(staged, folder)
    return replace(result, folder=folder)


@dataclass(frozen=True)
class _Plan:
    """What is clear before any text is read: the deck, its name, mappings, what stays behind, and its recordings.

    `by_tag` is as for `Options`.
    """

    deck: ForeignDeck
    about: About
    maps: Mapping[str, FieldMap]
    stays: Mapping[str, str]
    sources: Mapping[str, Mapping[str, str]]
    by_tag: bool


@contextmanager
def _temporary() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="cuedeck-") as folder:
        yield Path(folder)


def _imported(plan: _Plan, staged: Path, path: Path) -> Imported:
    """Write the deck into a folder that is not yet in place, and read it back."""
    about = plan.about
    files, refused = _media(plan.deck, staged, path)
    prover = Prover(files, lambda name: refused.get(name, "the file is missing"), as_written)
    drafts = drafted(plan.deck, plan.maps, plan.stays, prover, bool(plan.sources), about.tags_as_written)
    used = [file.path for file in files.values()]
    described = prover.markdown_of(plan.deck.description)
    description = "" if described.without else described.text
    while True:
        if not drafts.notes:
            _stop_without_notes(path, drafts)
        groups = grouped(drafts.notes, about.title, plan.by_tag)
        by_url = {source["url"]: id for id, source in plan.sources.items()} if len(plan.sources) > 1 else {}
        is_whole = described.is_lossless and description == described.text
        head = Head(
            about.id,
            about.namespace,
            about.title,
            SCHEMA,
            plan.sources,
            description,
            about.tags_as_written,
            plan.deck.about,
            credits={path: plan.deck.credits[path] for path in used if path in plan.deck.credits},
            comments=() if is_whole else (f"description was: {plan.deck.description}",),
        )
        text = to_yaml(head, groups, drafts.left_out, by_url)
        (staged / CARDS_NAME).write_text(text, encoding="utf-8")
        (staged / SCHEMA).write_text(schema_text(), encoding="utf-8")
        wrong = _wrong(staged, drafts)
        if not wrong:
            break
        if _DESCRIPTION in wrong:
            description = ""
        drafts = drafts.without(wrong)
    remark = "the description of the deck cannot be written whole; a comment in cards.yaml has it as it was"
    mixed = () if any("deck" in source for source in plan.sources.values()) else put_together(groups, about.title)
    remarks = (*plan.deck.remarks, *([remark] if head.comments else []), *mixed)
    return Imported(text, groups, drafts.left_out, drafts.maps, remarks, about.tags_as_written, None, plan.deck.picked)


def _wrong(staged: Path, drafts: Drafts) -> dict[str, str]:
    """Read a staged deck as every command does. Returns what is wrong with each note that has errors, by its id.

    What is wrong with the description of the deck is under `_DESCRIPTION`.
    Raises `Problems` if anything else is wrong with it.
    """
    report = load(Workspace(staged / CARDS_NAME)).report
    errors = [problem for problem in report.problems if problem.level == "error"]
    ids = {draft.id for draft in drafts.notes}
    found = {id: error.message for error in errors if (id := note_at(error.keys)) in ids}
    if any(error.keys == ("deck", "description") for error in errors):
        found[_DESCRIPTION] = ""
    if errors and not found:
        raise Problems(errors)
    return found


def _title(text: str) -> str:
    """Return the title of a deck, without what a title cannot have."""
    try:
        return values.deck_title(deck_name(text)[:_LONGEST_TITLE])
    except ValueError:
        return "My deck"


def _namespace(deck: ForeignDeck, title: str) -> str:
    """Return the namespace of an imported deck, which depends on the file, so that a second import makes the same."""
    return hashlib.sha256(f"{deck.digest}\0{title}".encode()).hexdigest()[:12]


def _staying(deck: ForeignDeck, about: About) -> dict[str, str]:
    """Return why notes of a note type cannot keep their guids, by its name, for those that cannot."""
    if deck.namespace:
        return {}
    ours = {each.kind: each for each in note_types(Deck(about=about, concepts={}))}
    stays = {}
    for type in {note.type.name: note.type for note in deck.notes}.values():
        if type.packed is not None:
            try:
                bridge(type.packed, ours[type.packed.kind])
            except ValueError as error:
                stays[type.name] = str(error)
    return stays


def _keeps_tags(deck: ForeignDeck, stays: Mapping[str, str]) -> bool:
    """Return whether learners may have tags of a deck that they can keep, since their notes keep their guids."""
    if deck.namespace:
        return deck.tags_as_written
    return any(note.guid and note.tags and note.type.name not in stays for note in deck.notes)


def _checked_maps(given: Mapping[str, FieldMap], deck: ForeignDeck, path: Path) -> Mapping[str, FieldMap]:
    types: dict[str, ForeignType] = {note.type.name: note.type for note in deck.notes}
    for name, map in given.items():
        if name not in types:
            stop(
                path.as_posix(),
                "no-note-type",
                f'there is no note type "{name}"',
                f"its note types are: {listed([*types])}",
            )
        if unknown := unknown_fields(types[name], map):
            stop(
                path.as_posix(),
                "no-note-type",
                f'the note type "{name}" has no field {listed([f"{each!r}" for each in unknown])}',
                f"its fields are: {listed(types[name].fields)}",
            )
    return given


def _sources(deck: ForeignDeck, url: str, path: Path) -> dict[str, dict[str, str]]:
    """Return the recordings of a list by id: the one that was named, or those in a column of it.

    Raises `Problems` if notes have times, but it is not clear in which recording, or if nothing can link to it.
    """
    urls = [url] if url else [*dict.fromkeys((*deck.recordings, *(note.source for note in deck.notes if note.source)))]
    times = sum(bool(note.at) for note in deck.notes)
    if not times and not url:
        return {}
    if not times:
        message = "no note has a time, so none can be linked to the recording"
        stop(path.as_posix(), "import-source", message, "leave out --source, or add a column with the name time")
    if not urls:
        message = "the notes have times, but it is not clear in which recording"
        stop(path.as_posix(), "import-source", message, "name its address: --source https://...")
    for each in urls:
        if each not in deck.recordings and not _can_be_linked(each):
            message = f'"{each}" is not the address of a recording to whose moments Cuedeck can link'
            hint = f"name an address on {hosts.NAMES}, or of an audio or video file"
            stop(path.as_posix(), "import-source", message, hint)
    ids = ["recording", *(f"recording-{number}" for number in range(2, len(urls) + 1))]
    return {id: _source(each, deck) for id, each in zip(ids, urls, strict=True)}


def _source(url: str, deck: ForeignDeck) -> dict[str, str]:
    source = {"title": deck.title, **deck.recordings.get(url, {"url": url})}
    decks = {note.deck for note in deck.notes if note.source == url}
    if deck.namespace and len(decks) == 1 and (below := decks.pop()).startswith(f"{deck.title}{BETWEEN}"):
        source["deck"] = below.removeprefix(f"{deck.title}{BETWEEN}")
    return source


def _can_be_linked(url: str) -> bool:
    try:
        link_form(addresses.address(url), "", "")
    except ValueError:
        return False
    return True


def _media(deck: ForeignDeck, staged: Path, path: Path) -> tuple[dict[str, MediaFile], dict[str, str]]:
    """Write the pictures and sounds that notes show or play. Returns them by name, and why others cannot be used.

    Raises `Problems` if they cannot be read, or if there are more than any deck has.
    """
    found: dict[str, MediaFile] = {}
    refused: dict[str, str] = {}
    taken: set[str] = set()
    folder = MediaFolder(staged, Digests())
    left = LARGEST_MEDIA
    for name in _used(deck):
        fetch = deck.fetch(name)
        if fetch is None:
            refused[name] = "the file is missing"
            continue
        place = deck.paths.get(name) or f"{_MEDIA}/{file_name(name.rpartition('/')[2], taken)}"
        if _is_outside(place) or place.lower() in taken:
            place = f"{_MEDIA}/{file_name(name.rpartition('/')[2], taken)}"
        where = staged / place
        where.parent.mkdir(parents=True, exist_ok=True)
        data = fetch()
        left -= len(data)
        if left < 0:
            message = "its pictures and sounds have more than 4 GB, which no deck of cards has"
            stop(path.as_posix(), "package-too-large", message)
        where.write_bytes(data)
        try:
            found[name] = folder.find(place)
            taken |= {place.lower(), place.rpartition("/")[2].lower()}
        except TextError as error:
            if error.rule == "no-media-file":  # although it was just written
                stop(staged.parent.as_posix(), "unusable", error.message, "check whether the disk is healthy")
            refused[name] = error.message
            where.unlink()
    return found, refused


def _is_outside(path: str) -> bool:
    """Return whether a path in a stranger's list leads out of the folder, or to a file of the deck itself."""
    parts = path.split("/")
    return (
        "\\" in path
        or ":" in path
        or len(parts) < 2
        or any(part in ("", ".", "..") or part.startswith(".") for part in parts)
    )


def _used(deck: ForeignDeck) -> list[str]:
    """Return the names of the pictures and sounds in all notes, each once."""
    names = {
        piece.text: None
        for note in deck.notes
        for html in note.texts.values()
        if "[sound:" in html or "<img" in (lower := html.lower()) or "<audio" in lower
        for piece in pieces_of(read_html(html).blocks)
        if piece.kind in (PICTURE, SOUND)
    }
    return list(names)


def _stop_without_notes(path: Path, drafts: Drafts) -> NoReturn:
    reasons = Counter(left.reason for left in drafts.left_out)
    why = listed([f"{reason} ({counted(count, 'note')})" for reason, count in reasons.most_common()], 3)
    stop(
        path.as_posix(),
        "no-notes",
        f"none of its notes can be imported: {why}" if why else "there are no notes in it",
        "choose which fields are the question and the answer, with --map" if why else "name a file that has notes",
    )
