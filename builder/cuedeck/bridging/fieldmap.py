"""The way from a note type of another tool to ours: which of its fields and cards is which of ours.

Anki takes two fields, or two templates, for one where both carry the same id; where one of them has none, their names
tell. So learners' notes go over to our note types with their history once their old note type has our ids on it, and
only if every part of it has one: what is left over would stay in our note types, and stop every later update.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cuedeck.deck.kinds import Kind
from cuedeck.history.snapshot import PackedType, Snapshot
from cuedeck.rendering.notefields import ANSWER, REVERSE, SPARES, fields_of, further_texts
from cuedeck.rendering.notetypes import NoteField, NoteType, Template

_SHOWN = re.compile(r"\{\{(?![#^/!])(?:[^{}:]*:)*([^{}:]+)\}\}")
_CLOZE = re.compile(r"\{\{(?:[^{}:]*:)*cloze:(?:[^{}:]*:)*([^{}:]+)\}\}")
_ONLY_IF = re.compile(r"\s*\{\{#([^{}]+)\}\}.*\{\{/\1\}\}\s*", re.DOTALL)


@dataclass(frozen=True)
class Bridge:
    """The fields and the templates of ours that those of an old note type become, in the order of the old one."""

    old: PackedType
    fields: tuple[NoteField, ...]
    templates: tuple[Template, ...]

    @property
    def names(self) -> Mapping[str, str]:
        """The names of our fields by those of the old ones."""
        return dict(zip(self.old.fields, (field.name for field in self.fields), strict=True))

    @property
    def keys(self) -> Mapping[str, str]:
        """The keys of our fields by what the old ones are known by."""
        keys = {field.name: field.key for field in fields_of(self.old.kind)}
        return dict(zip(self.old.keys, (keys[field.name] for field in self.fields), strict=True))


def bridge(old: PackedType, new: NoteType) -> Bridge:
    """Return how an old note type becomes one of ours of its kind.

    Raises ValueError with a sentence where learners' notes cannot go over soundly.
    """
    fronts = old.fronts
    if len(fronts) > len(new.templates):
        raise ValueError(f"it has {len(fronts)} card types, and ours only {len(new.templates)}")
    if len({name.casefold() for name in old.fields}) < len(old.fields):
        raise ValueError("two of its fields have one name, one of which Anki has changed at learners")
    first = _asked_from(old)
    if len(fronts) > 1 and not _is_reverse(fronts[1], first, old.fields):
        raise ValueError("its second card is not the first one turned round, as the second one of ours is")
    names = _names(old, new, first)
    ours = {field.name: field for field in new.fields}
    return Bridge(old, tuple(ours[names[name]] for name in old.fields), new.templates[: len(fronts)])


def in_our_keys(snapshot: Snapshot, bridges: Iterable[Bridge]) -> Snapshot:
    """Return what a package holds, the fields of the old note types by the keys of ours that they become."""
    keys = {each.old.number: each.keys for each in bridges}
    notes = {
        guid: replace(note, fields={keys[note.type][key]: html for key, html in note.fields.items()})
        if note.type in keys
        else note
        for guid, note in snapshot.notes.items()
    }
    return replace(snapshot, notes=notes)


def _asked_from(old: PackedType) -> str:
    """Return the field that a note type asks from."""
    deletions = old.kind == Kind.CLOZE
    found = (_CLOZE if deletions else _SHOWN).findall(old.fronts[0])
    asked = [name for name in old.fields if name in {each.strip() for each in found}]
    if deletions and len(asked) > 1:
        raise ValueError("it has deletions in several fields, and ours in one")
    return asked[0] if asked else old.fields[0]


def _is_reverse(front: str, first: str, fields: Iterable[str]) -> bool:
    shown = _shown(front)
    return first not in shown and any(name in shown for name in fields)


def _names(old: PackedType, new: NoteType, first: str) -> dict[str, str]:
    """Return the names of our fields by those of the old ones."""
    ours = [field.name for field in new.fields]
    names = {name: name for name in old.fields if name in ours}
    if first != ours[0] and (clash := names.get(first) or names.get(ours[0])):
        # Anki would change our templates, where they name that field.
        raise ValueError(f'it asks from "{first}", and its "{clash}" has the name of another field of ours')
    names[first] = ours[0]
    on_front, anywhere = _shown(old.fronts[0]), _shown("".join(old.look[:-1]))
    only_if = _ONLY_IF.fullmatch(old.fronts[1]) if len(old.fronts) > 1 else None
    if only_if and only_if[1] in set(old.fields) - anywhere and REVERSE.name not in names:
        names[only_if[1]] = REVERSE.name
    # Where a field may go that is not the one asked from, in this order.
    places = (ANSWER, *further_texts(old.kind), *SPARES)
    room = [field.name for field in places if field.name in ours and field.name not in names.values()]
    rest = [name for name in old.fields if name not in names]
    if len(rest) > len(room):
        raise ValueError(f"it has {len(old.fields)} fields, and ours have no room for so many")
    for name in sorted(rest, key=lambda name: name in on_front):
        # What no card shows is put where no card of ours shows it, as long as there is room.
        names[name] = room.pop(0 if name in anywhere else -1)
    return names


def _shown(template: str) -> set[str]:
    return {name.strip() for name in _SHOWN.findall(template)}
