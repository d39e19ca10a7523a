"""Choose the deck to continue from a package of another tool, which may also contain private decks."""

from collections import Counter
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from cuedeck.bridging.decks import BETWEEN, folded, has_several, is_collection, is_within, read_decks, shared_parts, top
from cuedeck.building.loading import Checked
from cuedeck.deck.placement import titles_of
from cuedeck.history.adoption import matching_notes
from cuedeck.history.snapshot import PackedNote, Snapshot
from cuedeck.problems import stop
from cuedeck.records import dataclass
from cuedeck.wording import did_you_mean, for_a_shell, listed, nearest

_MOST_LIKELY = 3  # how many decks to suggest if there is none of a name


@dataclass(frozen=True)
class OldPackage:
    """A package of another tool: its file, the files in it, and the part of its contents that counts."""

    path: Path
    files: Mapping[str, bytes]
    snapshot: Snapshot


def picked(package: OldPackage, checked: Checked, names: Sequence[str]) -> OldPackage:
    """Return a package of which only what continues counts: all of it, or what is in the decks with these names.

    Raises `Problems` if the package has no deck of a name, or if no name is given and it contains several decks.
    """
    if package.snapshot.namespace == checked.deck.about.namespace:
        if names:
            stop(
                package.path.as_posix(),
                "whole-deck",
                "this package was built from this deck, so --deck cannot pick a part of it",
                f"leave out --deck: {_command(package, checked, ())}",
            )
        return package
    found = matching_notes(package.snapshot, checked.deck, checked.notes)
    decks = [deck.name for deck in read_decks(package.files)]
    if names:
        within = _within(package.snapshot, [_named(name, decks, package) for name in names])
        if found and not matching_notes(within, checked.deck, checked.notes):
            _stop_at_other_deck(package, checked, names, found.values())
        return replace(package, snapshot=within)
    if found and has_several(package.path, decks):
        _stop_at_several(package, checked, decks, found.values())
    return package


def _named(name: str, decks: Sequence[str], package: OldPackage) -> str:
    """Return the name of a deck as the package spells it."""
    found = next((deck for deck in decks if is_within(deck, name)), "")
    if not found:
        _stop_at_no_deck(name, decks, package)
    return BETWEEN.join(found.split(BETWEEN)[: name.count(BETWEEN) + 1])


def _stop_at_no_deck(name: str, decks: Sequence[str], package: OldPackage) -> NoReturn:
    spelled = {folded(deck): deck for deck in decks}
    inside = [deck for deck in spelled if deck.endswith(f"{BETWEEN}{folded(name)}")]
    likely = dict.fromkeys([*inside, *nearest(folded(name), spelled, _MOST_LIKELY)])
    near = [spelled[each] for each in likely][:_MOST_LIKELY]
    hint = did_you_mean(*near) or f"its decks are: {listed(decks)}"
    stop(package.path.as_posix(), "no-deck", f'there is no deck "{name}" in the package', hint)


def _within(snapshot: Snapshot, decks: Sequence[str]) -> Snapshot:
    """Return the contents of some decks and their subdecks: notes with a card there, and what these need."""
    names = {name for note in snapshot.notes.values() for name in note.decks}
    inside = {name: deck for name in names for deck in reversed(decks) if is_within(name, deck)}
    notes = {
        guid: _moved_into(note, inside)
        for guid, note in snapshot.notes.items()
        if any(name in inside for name in note.decks)
    }
    types = {note.type for note in notes.values()}
    return replace(
        snapshot,
        notes=notes,
        types={number: type for number, type in snapshot.types.items() if number in types},
        decks={name: text for name, text in snapshot.decks.items() if any(is_within(name, deck) for deck in decks)},
    )


def _moved_into(note: PackedNote, inside: Mapping[str, str]) -> PackedNote:
    """Return a note with all its cards in the picked deck. A card that is elsewhere moves to the deck itself."""
    picked = next(inside[name] for name in note.decks if name in inside)
    decks = tuple(name if name in inside else picked for name in note.decks)
    return replace(note, deck=decks[0], decks=decks)


def _stop_at_several(
    package: OldPackage, checked: Checked, decks: Sequence[str], notes: Collection[PackedNote]
) -> NoReturn:
    tops = {folded(top(name)): top(name) for name in reversed(decks)}
    counts = Counter(place for note in notes for place in {folded(top(name)) for name in note.decks})
    most_first = sorted(tops, key=lambda each: (-counts[each], each))
    what = "this is a whole collection" if is_collection(package.path) else f"the package contains {len(tops):,} decks"
    named = listed([f"{tops[each]} ({counts[each]:,})" for each in most_first])
    stop(
        package.path.as_posix(),
        "several-decks",
        f"{what}, but only the deck that learners have may be handed out; the number after each "
        f"deck says how many of its notes are in {checked.workspace.cards.name}: {named}",
        _naming("name the deck that learners have, and everything else is left out", package, checked, notes),
    )


def _stop_at_other_deck(
    package: OldPackage, checked: Checked, names: Iterable[str], notes: Iterable[PackedNote]
) -> NoReturn:
    quoted = " or ".join(f'"{name}"' for name in names)
    stop(
        package.path.as_posix(),
        "another-deck",
        f"no note of {checked.workspace.cards.as_posix()} is in the deck {quoted}",
        _naming("name the deck that the notes are in", package, checked, notes),
    )


def _naming(what: str, package: OldPackage, checked: Checked, notes: Iterable[PackedNote]) -> str:
    """Return a hint to name the deck that these notes are in, with the command for it.

    If they are in several decks, the command names the one with most of them, and those with the names of our decks.
    Other decks may be private, so the author must decide whether they continue.
    """
    titles = set(map(folded, titles_of(checked.deck).values()))
    found = _decks_of(notes, titles)
    names = [*found[:1], *(name for name in found[1:] if folded(name) in titles)]
    apart = [f'"{name}"' for name in found if name not in names]
    more = f"; to adopt the notes in {listed(apart)}, too, add a --deck for each" if apart else ""
    return f"{what}{more}:\n{_command(package, checked, names)}"


def _decks_of(notes: Iterable[PackedNote], titles: Container[str]) -> list[str]:
    """Return the decks that contain these notes, one within each top-level deck, the one with most notes first."""
    groups: dict[str, Counter[str]] = {}
    for note in notes:
        if note.deck:
            groups.setdefault(folded(top(note.deck)), Counter())[note.deck] += 1
    return [_common(names, titles) for names in sorted(groups.values(), key=lambda each: (-each.total(), min(each)))]


def _common(names: Iterable[str], titles: Container[str]) -> str:
    """Return the deck that contains all these decks: one whose name is a title, or else the innermost."""
    shared = shared_parts(names)
    holding = [BETWEEN.join(shared[:number]) for number in range(len(shared), 0, -1)]
    return next((name for name in holding if folded(name) in titles), holding[0])


def _command(package: OldPackage, checked: Checked, decks: Iterable[str]) -> str:
    """Return the complete command that adopts these decks of a package."""
    words = [
        package.path.as_posix(),
        *checked.workspace.argument,
        *(word for deck in decks for word in ("--deck", deck)),
    ]
    return " ".join(["cuedeck adopt", *map(for_a_shell, words)])
