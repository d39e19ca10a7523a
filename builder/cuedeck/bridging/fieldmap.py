"""Map a note type of another tool to ours: which of its fields and cards becomes which of ours.

Anki matches two fields, or two templates, by their ids; if one of them has no id, by their names. So learners' notes
move to our note types with their history once their old note type has our ids. Every part of it needs one: anything
left over would stay in our note types, and would block every later update.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from cuedeck.deck.kinds import Kind
from cuedeck.history.snapshot import PackedType, Snapshot
from cuedeck.patterns import regex
from cuedeck.records import dataclass
from cuedeck.rendering.notefields import ANSWER, ASKED, CLIP, MY_NOTES, REVERSE, SPARES, Field, fields_of, further_texts
from cuedeck.rendering.notetypes import NoteField, NoteType, Template

_SHOWN = regex(r"\{\{(?![#^/!])(?:[^{}:]*:)*([^{}:]+)\}\}")
_CLOZE = regex(r"\{\{(?:[^{}:]*:)*cloze:(?:[^{}:]*:)*([^{}:]+)\}\}")
# On the front of Anki's own cards of that kind, and of those of the add-on Image Occlusion Enhanced.
_OCCLUSION = ("image-occlusion", "{{Question Mask}}")
_FILLED = tuple(field.name for field in (*ASKED, REVERSE))
_ONLY_IF = regex(r"\s*\{\{#([^{}]+)\}\}.*\{\{/\1\}\}\s*", re.DOTALL)


@dataclass(frozen=True)
class Bridge:
    """Our fields and templates that those of an old note type become, in the order of the old one."""

    old: PackedType
    fields: tuple[NoteField, ...]
    templates: tuple[Template, ...]

    @property
    def names(self) -> Mapping[str, str]:
        """The names of our fields by the names of the old ones."""
        return dict(zip(self.old.fields, (field.name for field in self.fields), strict=True))

    @property
    def filled(self) -> Mapping[str, str]:
        """The names of our fields that keys of a note other than `extra` fill, by the names of the old ones."""
        return {old: new for old, new in self.names.items() if new in _FILLED}

    @property
    def keys(self) -> Mapping[str, str]:
        """The keys of our fields by the keys of the old ones."""
        keys = {field.name: field.key for field in fields_of(self.old.kind)}
        return dict(zip(self.old.keys, (keys[field.name] for field in self.fields), strict=True))


def bridge(old: PackedType, new: NoteType) -> Bridge:
    """Return how an old note type becomes one of ours of the same kind.

    Raises ValueError with a sentence if learners' notes cannot be moved safely.
    """
    fronts = old.fronts
    if is_occlusion(fronts):
        raise ValueError("its cards ask what is under a part of a picture, which Cuedeck's cards cannot do")
    if len(fronts) > len(new.templates):
        raise ValueError(f"it has {len(fronts)} card types, and Cuedeck's note type only {len(new.templates)}")
    if len({name.casefold() for name in old.fields}) < len(old.fields):
        raise ValueError("two of its fields have the same name, so Anki has renamed one of them for learners")
    first = _asked_from(old)
    if len(fronts) > 1 and not _is_reverse(fronts[1], first, old.fields):
        raise ValueError("its second card is not the reverse of the first, as it is in Cuedeck's note type")
    names = _names(old, new, first)
    ours = {field.name: field for field in new.fields}
    return Bridge(old, tuple(ours[names[name]] for name in old.fields), new.templates[: len(fronts)])


def in_our_keys(snapshot: Snapshot, bridges: Iterable[Bridge]) -> Snapshot:
    """Return the contents of a package, with the fields of old note types under the keys of ours that they become."""
    keys = {each.old.number: each.keys for each in bridges}
    notes = {
        guid: replace(note, fields={keys[note.type][key]: html for key, html in note.fields.items()})
        if note.type in keys
        else note
        for guid, note in snapshot.notes.items()
    }
    return replace(snapshot, notes=notes)


def _asked_from(old: PackedType) -> str:
    """Return the field from which a note type asks."""
    deletions = old.kind == Kind.CLOZE
    found = (_CLOZE if deletions else _SHOWN).findall(old.fronts[0])
    asked = [name for name in old.fields if name in {each.strip() for each in found}]
    if deletions and len(asked) > 1:
        raise ValueError("it has cloze deletions in several fields, and Cuedeck's note type in only one")
    return asked[0] if asked else old.fields[0]


def _is_reverse(front: str, first: str, fields: Iterable[str]) -> bool:
    shown = _shown(front)
    return first not in shown and any(name in shown for name in fields)


def _names(old: PackedType, new: NoteType, first: str) -> dict[str, str]:
    """Return the names of our fields by the names of the old ones."""
    ours = [field.name for field in new.fields]
    names = _names_of_ours(old)
    clash = next((names[name] for name in (first, ours[0]) if name in names), "")
    if first != ours[0] and clash in _shown("".join(each.front + each.back for each in new.templates)):
        # Anki would change our templates that name that field.
        message = (
            f'its question is in "{first}", but its field "{clash}" has the name of a different field in Cuedeck\'s '
            "note type"
        )
        raise ValueError(message)
    names[first] = ours[0]
    on_front, anywhere = _shown(old.fronts[0]), _shown("".join(old.look[:-1]))
    only_if = _ONLY_IF.fullmatch(old.fronts[1]) if len(old.fronts) > 1 else None
    if only_if and only_if[1] in set(old.fields) - anywhere and REVERSE.name not in names:
        names[only_if[1]] = REVERSE.name
    texts = further_texts(old.kind)
    # What a field may become that is not the one asked from, in this order: one that a card shows, and one that none
    # does. What is the learner's own comes last.
    room = [ANSWER, *texts, *SPARES, CLIP, MY_NOTES], [*SPARES, CLIP, *texts, ANSWER, MY_NOTES]
    taken = {*names.values()}
    free, hidden = ([field.name for field in fields if _is_free(field, old.kind, taken)] for fields in room)
    rest = [name for name in old.fields if name not in names]
    if len(rest) > len(free):
        raise ValueError(f"it has {len(old.fields)} fields, more than Cuedeck's note type has room for")
    for name in sorted(rest, key=lambda name: name in on_front):
        names[name] = (free if name in anywhere else hidden)[0]
        free.remove(names[name])
        hidden.remove(names[name])
    return names


def _names_of_ours(old: PackedType) -> dict[str, str]:
    """Return the names of our fields by the names of the old ones that need no choice.

    These are the fields of another deck of ours that were renamed since, which their ids show; then those with our
    names; and last those with the names that the others had before.
    """
    ours = {field.key: field.name for field in fields_of(old.kind)}
    theirs = dict(zip(old.fields, old.keys, strict=True))
    names: dict[str, str] = {}
    for found in (
        {name: ours[key] for name, key in theirs.items() if key in ours and key != name},
        {name: name for name in old.fields if name in ours.values()},
        {name: ours[key] for name, key in theirs.items() if key in ours},
    ):
        names |= {name: new for name, new in found.items() if name not in names and new not in names.values()}
    return names


def _is_free(field: Field, kind: Kind, taken: Collection[str]) -> bool:
    return kind in field.kinds and field.name not in taken


def _shown(template: str) -> set[str]:
    return {name.strip() for name in _SHOWN.findall(template)}


def is_occlusion(fronts: Iterable[str]) -> bool:
    """Return whether cards with these fronts ask what is under a part of a picture: a text cannot do that."""
    return any(sign in front for front in fronts for sign in _OCCLUSION)
