"""A deck as it is on the disk: cards.yaml, read and rendered, with the lock, which knows what was built from it."""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from pathlib import Path

from cuedeck.building.clipchecks import check_clips
from cuedeck.building.idfixes import fix_ids
from cuedeck.building.lastpackage import LastPackage
from cuedeck.building.lostnames import restore_names
from cuedeck.building.mainsource import with_main_source
from cuedeck.deck.deck import ClozeNote, Deck, Note, Source
from cuedeck.deck.placement import note_at, titles_of
from cuedeck.deck.values import EXAMPLE_NAMESPACES
from cuedeck.disk.workspace import Workspace, stop_at_folders
from cuedeck.history.identity import as_delivered, check_ids, continued
from cuedeck.history.lock import Accepted, KnownNote, Lock, Release
from cuedeck.history.lockfile import read_lock
from cuedeck.media.clips import wanted_clip
from cuedeck.media.credits import check_credits
from cuedeck.media.digests import Digests
from cuedeck.media.files import MediaFolder
from cuedeck.package.contents import LARGEST_MEDIA, MOST_MEDIA
from cuedeck.problems import Keys, Locate, Problem, Problems, Report, in_order, stop
from cuedeck.reading.cardsfile import read_cards
from cuedeck.reading.files import Files
from cuedeck.recording.listening import Transcripts
from cuedeck.records import dataclass
from cuedeck.rendering.description import check_description
from cuedeck.rendering.fields import RenderedBefore, RenderedNote, render_notes
from cuedeck.rendering.unnumbered import with_numbers
from cuedeck.updating.hazards import Hazard
from cuedeck.updating.holdings import Last
from cuedeck.wording import counted, megabytes


@dataclass(frozen=True)
class Checked:
    """A deck without errors, rendered, with the lock of its last build and its warnings.

    workspace  the paths of its files
    lock       its lock, which knows the main source by its current names, unless that source is gone from the file
    known      the earlier note that each note of the file continues, by the id of the new one
    locate     finds the places of its values in cards.yaml
    last       reads the package of the last build
    media      the folder of its pictures and sounds
    transcripts  those of its sources, which only its author may have

    If hazards were looked for:

    hazards    what the edits since the last release do to learners
    drafts     sentences on what the edits do to those who imported a draft
    accepted   the outcomes of the hazards that the author accepts now, by their keys
    standing   what was accepted before and still has the same outcome; None if hazards were not looked for
    """

    workspace: Workspace
    deck: Deck
    notes: tuple[RenderedNote, ...]
    lock: Lock
    known: Mapping[str, KnownNote]
    warnings: tuple[Problem, ...]
    locate: Locate
    last: Last
    media: MediaFolder
    transcripts: Transcripts
    hazards: tuple[Hazard, ...] = ()
    drafts: tuple[str, ...] = ()
    accepted: Mapping[str, str] = field(default_factory=dict)
    standing: tuple[Accepted, ...] | None = None

    @property
    def package_path(self) -> Path:
        """Where the package goes by default."""
        return self.workspace.package(self.deck.about.id)

    def release_path(self, release: Release) -> Path:
        """Return where the package of a release is kept."""
        return self.workspace.release(release.deck, release.version)

    def with_main(self, source: Source) -> "Checked":
        """Return the deck with another main source."""
        if source is self.deck.main_source:
            return self
        deck = replace(self.deck, main=source.id)
        return replace(self, deck=deck, notes=tuple(render_notes(deck, Report(self.locate), self.media.find)))

    def with_advice(self) -> "Checked":
        """Return the deck with advice on its cards among the warnings."""
        from cuedeck.advice.rules import advise  # here because a build does not need it

        report = Report(self.locate, self.warnings)
        had = {id for id, known in self.known.items() if known.handed_out}
        advise(self.deck, self.notes, report, had, self.workspace.cards, self.transcripts)
        return replace(self, warnings=in_order(report.problems))


@dataclass(frozen=True)
class Loaded:
    """A deck that was read and rendered; `report` has what was found wrong with it so far.

    `known`, `locate`, `last`, `media` and `transcripts` are as in `Checked`. `kept` are the ids in the lock of all
    notes that are still in the files, including those that could not be read; if a whole file could not be read, that
    may be any note.
    """

    workspace: Workspace
    deck: Deck
    notes: tuple[RenderedNote, ...]
    lock: Lock
    known: Mapping[str, KnownNote]
    kept: frozenset[str]
    report: Report
    locate: Locate
    last: Last
    media: MediaFolder
    transcripts: Transcripts

    def sound(self) -> Checked:
        """Return the deck if it has no errors. Otherwise raises `Problems` with everything that is wrong."""
        self.report.stop_if_unsound()
        return self.as_read()

    def as_read(self) -> Checked:
        """Return the deck without what could not be read, to find what else is wrong. It must never be built."""
        return Checked(
            workspace=self.workspace,
            deck=self.deck,
            notes=self.notes,
            lock=self.lock,
            known=self.known,
            warnings=in_order(self.report.problems),
            locate=self.locate,
            last=self.last,
            media=self.media,
            transcripts=self.transcripts,
        )


@dataclass(frozen=True)
class Inputs:
    """What a deck is loaded with, for callers who load it again after each edit, or need to know what was looked for.

    `files` reads its files, as for `read_cards`. `media` finds its pictures and sounds, and `transcripts` reads what is
    said. `rendered` are its notes as they were last, as for `render_notes`. What is None is made anew.
    """

    files: Files | None = None
    media: MediaFolder | None = None
    transcripts: Transcripts | None = None
    rendered: RenderedBefore | None = None


def load(workspace: Workspace, keep_places: bool = False, inputs: Inputs | None = None) -> Loaded:
    """Return the deck of a workspace, read and rendered, with its lock.

    `keep_places` is for callers who will certainly ask for places in the file: finding them later takes a second pass.
    Raises `Problems` with everything that is wrong if it is not clear which deck this is, or if its lock cannot be
    used.
    """
    inputs = inputs or Inputs()
    read = read_cards(workspace.cards, keep_places, inputs.files)
    workspace = replace(workspace, parts=read.parts)
    deck = read.deck
    report = Report(read.places.find, read.problems)
    media = inputs.media or MediaFolder(workspace.folder, Digests(workspace.media_digests))
    check_description(deck, report)
    if not read.is_named:  # so what the lock says about it cannot be known
        render_notes(deck, report, media.find)
        if not workspace.lock.exists():
            fix_ids(read, None, report)
        restore_names(workspace, report)
        report.stop_if_unsound()
    try:
        lock = _lock_of(workspace, deck)
    except Problems as found:
        render_notes(deck, report, media.find)  # which reports what else is wrong
        raise Problems([*report.problems, *found.problems]) from None
    fix_ids(read, lock, report)
    known = continued(deck.notes.values(), lock)
    deck, notes, lock = with_main_source(deck, lock, known, report, media.find, inputs.rendered)
    report.problems = _numbered_as_known(report.problems, deck.notes, known)
    report.problems = _without_what_learners_have(report.problems, notes, known)
    check_ids(_placed(deck), known, lock, read.unread, report)
    _check_size(notes, report)
    if deck.media:
        check_credits(deck, _used(notes) if report.sound else None, media, report)
    check_clips(notes, workspace.folder, media, report)
    return Loaded(
        workspace=workspace,
        deck=deck,
        notes=tuple(as_delivered(note, known.get(note.id)) for note in notes),
        lock=lock,
        known=known,
        kept=frozenset(each.id for each in (*known.values(), *filter(None, map(lock.found, read.unread))))
        if read.is_whole
        else frozenset(lock.notes),
        report=report,
        locate=read.places.find,
        last=LastPackage(workspace, lock, deck.about.id),
        media=media,
        transcripts=inputs.transcripts or Transcripts(workspace.folder),
    )


def _numbered_as_known(
    problems: Iterable[Problem], notes: Mapping[str, Note], known: Mapping[str, KnownNote]
) -> list[Problem]:
    """Return problems, whose hints number words without a number as the lock knows them."""
    found = [*problems]
    by_note: dict[str, list[int]] = {}
    for place, each in enumerate(found):
        if each.rule == "cloze-marker" and (id := note_at(each.keys)):
            by_note.setdefault(id, []).append(place)
    for id, places in by_note.items():
        note, earlier = notes.get(id), known.get(id)
        if isinstance(note, ClozeNote) and earlier:
            hints = with_numbers([found[place].hint for place in places], note.cloze, earlier.answers)
            for place, hint in zip(places, hints, strict=True):
                found[place] = replace(found[place], hint=hint)
    return found


def _without_what_learners_have(
    problems: Iterable[Problem], notes: Iterable[RenderedNote], known: Mapping[str, KnownNote]
) -> list[Problem]:
    """Return problems, but those that learners' notes already have as warnings: a fix would cost them their edits.

    This includes notes that a newer version of the program renders differently, since nobody edited them.
    """
    problems = list(problems)
    if not any(each.can_be_made for each in problems):
        return problems
    had = {note.id for note in notes if note.id in known and note.is_known_as(known[note.id].released_content)}
    return [
        replace(each, level="warning") if each.can_be_made and note_at(each.keys) in had else each for each in problems
    ]


def _used(notes: Iterable[RenderedNote]) -> list[str]:
    """Return the paths of the files that notes use, and of the clips that they have yet to get."""
    return [path for note in notes for path in (*(each.path for each in note.files), wanted_clip(note.placed)) if path]


def _check_size(notes: Iterable[RenderedNote], report: Report) -> None:
    """Report a deck with more pictures and sounds than a package may have that is read again."""
    sizes = {file.name: file.size for note in notes for file in note.files}
    if len(sizes) > MOST_MEDIA or sum(sizes.values()) > LARGEST_MEDIA:
        report.error(
            "package-too-large",
            f"the deck has {counted(len(sizes), 'picture or sound', 'pictures and sounds')} with "
            f"{megabytes(sum(sizes.values()))}, more than a package can have: {MOST_MEDIA:,} with "
            f"{LARGEST_MEDIA // 1024**3} GB",
            at=("deck",),
            on="key",
            hint="move some of the notes to another deck: a cards.yaml in another folder, with a namespace of its own",
        )


def _placed(deck: Deck) -> dict[str, tuple[Note, Keys]]:
    return {
        id: (note, ("concepts", concept.id, "notes", id))
        for concept in deck.concepts.values()
        for id, note in concept.notes.items()
    }


def _lock_of(workspace: Workspace, deck: Deck) -> Lock:
    path = workspace.lock
    stop_at_folders(path)
    lock = read_lock(path)
    if lock is None:
        _stop_at_shared_namespace(workspace, deck)
    if lock is None or _was_forked(workspace, lock, deck) or _was_an_example(lock, deck):
        return Lock(deck.about.namespace, deck.about.id, titles_of(deck))
    if lock.namespace != deck.about.namespace:
        stop(
            path.as_posix(),
            "lock-of-another-deck",
            f'this is the lock of the namespace "{lock.namespace}", but {workspace.cards.name} has '
            f'"{deck.about.namespace}"',
            f"restore it below deck: namespace: {lock.namespace}; or, to make this copy a separate deck, run cuedeck "
            "fork",
        )
    return lock


def _was_forked(workspace: Workspace, lock: Lock, deck: Deck) -> bool:
    """Return whether a fork was interrupted when only the first deck's lock was not yet moved."""
    former = workspace.former_lock(lock.namespace)
    forked = lock.namespace != deck.about.namespace
    return forked and former.is_file() and former.read_bytes() == workspace.lock.read_bytes()


def _was_an_example(lock: Lock, deck: Deck) -> bool:
    """Return whether a deck got a namespace of its own when only drafts of it had that of an example."""
    return lock.namespace != deck.about.namespace and lock.namespace in EXAMPLE_NAMESPACES and not lock.is_handed_out


def _stop_at_shared_namespace(workspace: Workspace, deck: Deck) -> None:
    """Raise `Problems` if another deck in the folder has this namespace: each would overwrite the other's notes."""
    for other in workspace.locks():
        try:
            lock = read_lock(other)
        except Problems:
            continue
        if lock and lock.namespace == deck.about.namespace:
            stop(
                workspace.cards.as_posix(),
                "shared-namespace",
                f'{other.name} already has the namespace "{lock.namespace}": for Anki, both would be one deck',
                "to make this a separate deck, run cuedeck fork; if it is that deck, rename its lock to "
                f"{workspace.lock.name}",
            )
