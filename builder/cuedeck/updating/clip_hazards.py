"""What clips of the recording do to learners when many notes get one, lose theirs or get another one."""

from collections.abc import Iterable, Iterator

from cuedeck.rendering.notefields import CLIP
from cuedeck.updating.hazards import MANY, Hazard
from cuedeck.updating.holdings import HeldNote
from cuedeck.wording import counted

ABOUT_CLIPS = "clips"
BECAUSE_OF_CLIPS = "because of their clips of the recording"


def clip_hazards(pairs: Iterable[tuple[HeldNote, HeldNote]]) -> Iterator[Hazard]:
    """Yield a hazard if many notes are replaced because of their clips.

    `pairs` are notes as somebody has them, each with the note that replaces it. One edit causes it for a whole
    recording, so it is known before a build, unlike other updates of many notes.
    """
    changed = [(old, new) for old, new in pairs if _may_differ(old, new)]
    if len(changed) < MANY:  # so that the fields of the old notes need not be read
        return
    notes = [new for old, new in changed if old.fields.get(CLIP.key, "") != new.fields.get(CLIP.key, "")]
    if len(notes) >= MANY:
        facts = {"count": counted(len(notes), "note"), "cause": BECAUSE_OF_CLIPS, "first": notes[0].label}
        ids = tuple(note.id for note in notes)
        yield Hazard("mass-update", ABOUT_CLIPS, facts, notes[0].keys, "key", ids, outcome=tuple(sorted(ids)))


def _may_differ(old: HeldNote, new: HeldNote) -> bool:
    return old.guid == new.guid and not new.retired and not (old.content and old.content == new.content)
