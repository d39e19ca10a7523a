"""Make the page that shows every card, once or again after every edit."""

import contextlib
import gc
import json
import os
import posixpath
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cuedeck.advice.material import shown, wanted_of
from cuedeck.building.assembling import now, stamp
from cuedeck.building.gates import gated
from cuedeck.building.loading import Inputs, load
from cuedeck.building.picturesbefore import pictures_before
from cuedeck.building.proposing import with_moments_proposed
from cuedeck.disk.storing import store
from cuedeck.disk.text import read_text, state_of
from cuedeck.disk.unreadable import unusable
from cuedeck.disk.workspace import Workspace
from cuedeck.history.stamping import StampedNote
from cuedeck.media.digests import Digests
from cuedeck.media.files import MediaFolder
from cuedeck.media.listing import files_beside, other_decks
from cuedeck.pages.media import beside, embedded
from cuedeck.pages.preview import Preview, preview_page, problems_page
from cuedeck.pages.said import said_of
from cuedeck.problems import Place, Problems, stop
from cuedeck.reading.files import Files
from cuedeck.recording.listening import Transcripts
from cuedeck.rendering.fields import RenderedBefore
from cuedeck.wording import how_to_install

if TYPE_CHECKING:
    from cuedeck.pages.serving import PageServer, Said  # imported only for types, since it loads what few commands need

# The codes of problems that may be over without a change of a file.
_UNREAD = frozenset({"unreadable", "unusable"})
# In seconds: how often to look for changes in folders that cannot be watched.
_PAUSE = 1.0


def preview_of(cards: Path, accept: Collection[str] = (), inputs: Inputs | None = None) -> Preview:
    """Return all that a preview shows of a cards.yaml. Raises `Problems` if the deck has errors.

    `accept` are the keys of hazards that the author accepts, as for a build; `inputs` are as for `load`.
    """
    loaded = load(Workspace(cards), keep_places=True, inputs=inputs)
    checked = gated(with_moments_proposed(loaded), accept).with_advice()
    built = stamp(checked, now())

    @lru_cache
    def in_folder(file: str) -> str:
        return posixpath.relpath(file, cards.parent.as_posix())

    def place(note: StampedNote) -> Place:
        found = checked.locate(note.rendered.keys, "key", "")
        return found._replace(file=in_folder(found.file))

    return Preview(
        deck=checked.deck,
        types={each.type.kind: each.type for each in built.types},
        notes=built.notes,
        places={each.known.id: place(each) for each in built.notes},
        problems=checked.warnings,
        drafts=checked.drafts,
        before=pictures_before(built),
        transcripts=checked.transcripts,
    )


def preview(cards: Path, output: Path | None = None, accept: Collection[str] = ()) -> tuple[Preview, Path]:
    """Write the preview of a cards.yaml, and return it with its file: `output`, or one in the state folder.

    Raises `Problems` if the deck has errors or the file cannot be written; nothing is written then.
    """
    workspace = Workspace(cards)
    if output:
        workspace.stop_if_foreign(output, b"<!doctype html>")
    made = preview_of(cards, accept)
    path = output or workspace.preview()
    made = replace(made, media=embedded(made.files.values(), path))
    store(path, preview_page(made))
    return made, path


def follow(cards: Path, server: "PageServer", accept: Collection[str] = ()) -> Iterator[Preview | Problems]:
    """Show the preview on a server, and again whenever a file changes that it is made from, without end.

    These are cards.yaml, its parts, pictures, sounds and transcripts, and other decks, locks and packages beside it.

    Yields what is shown, each time. If the file has errors, the page shows them above the last version without errors.
    Raises `Problems` if there is no such file at the start, or the library that watches it is missing.
    """
    watch = _watcher()
    workspace = Workspace(cards)
    read_text(cards)
    last: Preview | None = None
    before: object = None
    media, transcripts = MediaFolder(workspace.folder, Digests(workspace.media_digests)), Transcripts(workspace.folder)
    files = Files(keep_places=True)
    rendered = RenderedBefore()
    is_collected = True
    outcome: Preview | Problems | None = None
    for _ in _changes(watch, workspace, files):
        now_there = (_beside(workspace), transcripts.present, _listed(workspace, last))
        # What could not be read may become readable without a change.
        reported = outcome.problems if outcome else ()
        is_unread = media.is_unread or transcripts.is_unread or any(each.rule in _UNREAD for each in reported)
        is_same = now_there == before and not files.have_changed(cards) and not media.has_changed()
        if is_same and not is_collected:
            # Commands run with the garbage collector off, and this one may run for hours. While nobody waits for a
            # page, it cleans up.
            gc.collect()
            is_collected = True
        if is_same and not is_unread:
            continue
        is_collected = False
        media, transcripts = MediaFolder(workspace.folder, media.digests), Transcripts(workspace.folder)
        try:
            made = preview_of(cards, accept, Inputs(files, media, transcripts, rendered))
            outcome = last = replace(made, media=beside(made.files.values()))
        except Problems as found:
            outcome = found
        except OSError as error:  # no use case expects that the system refuses to look into a folder
            outcome = Problems([unusable(error, cards.as_posix())])
        before = (now_there[0], transcripts.seen, _listed(workspace, last))
        if is_same and outcome.problems == reported:
            continue
        errors = outcome.problems if isinstance(outcome, Problems) else ()
        if last:
            server.show(preview_page(last, errors, live=True), last.files, _said(last))
        else:
            server.show(problems_page(errors, live=True))
        yield outcome


def _beside(here: Workspace) -> Mapping[Path, object] | None:
    """Return the states of the decks, locks and packages beside a cards.yaml; None if the folder is closed.

    Locks and packages know what learners have, and other decks may use the same pictures and sounds.
    """
    with contextlib.suppress(OSError):
        return {path: state_of(path) for path in (*other_decks(here.cards), *here.locks(), *here.all_packages())}
    return None


def _listed(workspace: Workspace, shown_now: Preview | None) -> list[str]:
    """Return the paths of pictures and sounds in the folder of a deck, since there is advice on those without a use."""
    return files_beside(workspace.folder, (each.path for each in shown_now.files.values()) if shown_now else ())


def _said(shown_now: Preview) -> "Said":
    """Return what finds out what is said around the moments of a note of a preview."""
    notes = {note.known.id: note.rendered for note in shown_now.notes}

    def said(id: str) -> bytes | None:
        note = notes.get(id)
        spoken = shown_now.transcripts.spoken(note.placed.source) if note else None
        if note is None or spoken is None:
            return None
        # In ASCII, since a transcript in JSON may have half of a character.
        return json.dumps(said_of(note.placed.moments, wanted_of(shown(note)), spoken)).encode()

    return said


def _watcher() -> Any:
    try:
        from watchfiles import watch
    except ImportError:
        stop(
            "cuedeck preview --serve",
            "not-installed",
            "the library that watches files is not installed",
            f"install it: {how_to_install('watchfiles')}",
        )
    return watch


def _changes(watch: Any, workspace: Workspace, files: Files) -> Iterator[None]:
    """Yield at the start, and then after each change of a file beside one of those that the deck was read from.

    A change before the watching began, of a picture or sound, or on a drive that does not report changes, is found a
    second later, since this also yields once in a second.
    """
    yield
    while True:
        folders = _folders(workspace, files)
        try:
            for _ in watch(
                *folders,
                watch_filter=lambda change, path: not Path(path).name.startswith("."),
                recursive=False,
                debounce=200,
                step=20,  # a save is over when nothing has changed for so many milliseconds
                yield_on_timeout=True,
                rust_timeout=1000,
            ):
                yield
                if _folders(workspace, files) != folders:
                    break
        except (OSError, RuntimeError, UnicodeError):
            # Such as a folder that is gone or closed, or whose name is not text, or if the system watches no more.
            time.sleep(_PAUSE)
            yield


def _folders(workspace: Workspace, files: Files) -> set[Path]:
    """Return the folders in which the files are that the deck was read from."""
    found = {path.parent for path in files.texts}
    return {workspace.folder, *(each for each in found if os.path.isdir(each))}  # noqa: PTH112  also of closed folders
