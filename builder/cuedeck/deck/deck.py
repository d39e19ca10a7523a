"""The format of cards.yaml: frozen dataclasses, whose field metadata is the only place that declares it.

An author's editor shows the docstrings of these classes and the words in their fields.
"""

import datetime
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from cuedeck.deck import addresses, hosts, linktemplates, values
from cuedeck.deck.chapters import chapter
from cuedeck.deck.copied import moment_or_span
from cuedeck.deck.ignored import PATTERN, Ignored, ignored
from cuedeck.deck.keys import Key, mapping, mappings, table, text, text_or_mapping, texts
from cuedeck.deck.kinds import Kind
from cuedeck.deck.moments import Span, moment, offset
from cuedeck.deck.placeholders import PLACEHOLDERS
from cuedeck.deck.tags import composed

_TIME = r"[0-9hms:.,]+"
_MOMENT = rf"\s*(\[\s*{_TIME}\s*\]|\(\s*{_TIME}\s*\)|<\s*{_TIME}\s*>|{_TIME})\s*"
_SPAN = rf"^({_MOMENT}((-->|[-–]){_MOMENT}.*)?|\[.*\]|\(.*\)|\s*https?://\S+\s*)$"
_MOMENTS = ("0:46", "0:46-1:32")
_ID = f"^{values.ID}$"


def _tags(doc: str) -> dict[str, Key]:
    """Return the metadata of a field for tags. Which of them a deck may have depends on its `tags_as_written`."""
    return texts(doc, composed, pattern=r"^[^ \t]+$")


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What the deck is, who made it, and what it is called."""

    id: str = field(
        metadata=text(
            "Permanent id of the deck. The package is named after it. In Anki, all tags begin with it, as in "
            "`zoo::animals`, so they never mix with learners' own tags (unless `tags_as_written` is true).",
            values.identifier,
            pattern=_ID,
        )
    )
    namespace: str = field(
        metadata=text(
            "Permanent random word of 8 to 32 lowercase letters and digits. Anki recognizes each note by a guid that "
            "is made from it, so never change it. `cuedeck init` draws one, and `cuedeck fork` a new one for a copy.",
            values.namespace,
            pattern=f"^{values.NAMESPACE}$",
        )
    )
    title: str = field(
        metadata=text(
            "Name of the deck in Anki. With `::`, the deck becomes a subdeck of another. Do not change it after a "
            "release, since Anki finds decks by their names.",
            values.deck_title,
            examples=("Psychology::Soft Abandonment",),
        )
    )
    description: str = field(
        default="", metadata=text("Text that Anki shows when learners open the deck, as Markdown.")
    )
    author: str = field(
        default="",
        metadata=text(
            "Author of the cards, shown below the description. `cuedeck share` requires it.",
            values.line,
        ),
    )
    license: str = field(
        default="",
        metadata=text(
            "Licence of the cards, shown below the description. `cuedeck share` requires it.",
            values.line,
            examples=("CC BY 4.0",),
        ),
    )
    tags: tuple[str, ...] = field(default=(), metadata=_tags("Tag, or list of tags, for every note."))
    tags_as_written: bool = field(
        default=False,
        metadata=text(
            "Whether tags are in Anki just as they are written here, without the id of the deck. Only for a deck that "
            "was taken over with `cuedeck adopt`, so that its learners keep their tags. Do not change it after a "
            "release.",
            values.truth,
            choices=("true", "false"),
        ),
    )
    feedback: str = field(
        default="",
        metadata=text(
            "Address where learners report a mistake: a web address, or `mailto:` with a subject. `{note}` in it "
            "becomes the id of the note. The back of every card links to it.",
            addresses.feedback,
            pattern=r"^(https?://|mailto:).*\{note\}",
            examples=("https://example.org/report?note={note}", "mailto:cards@example.org?subject={note}"),
        ),
    )
    supports: tuple[str, ...] = field(
        default=(),
        metadata=texts(
            "Version of an earlier release, or list of them, from which a release also brings corrections that keep "
            "learners' tags and own fields. The last three releases need not be named.",
            values.version,
            pattern=f"^{values.VERSION}$",
            examples=("1.0.0",),
        ),
    )
    parts: tuple[str, ...] = field(
        default=(),
        metadata=texts(
            "Path of a file with more sources and concepts of this deck, or list of them, from the folder of the deck. "
            "With `*`, a path means all files with such a name, sorted by name. It makes no difference to learners "
            "which file a note is in.",
            values.part_path,
            pattern=f"^{values.MEDIA_PATH}$",
            examples=("lectures/*.yaml",),
        ),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A recording. In a deck with sources, every note needs a moment: its own, or that of its concept."""

    id: str
    title: str = field(metadata=text("Title of the recording, shown on the cards.", values.line))
    author: str = field(
        default="",
        metadata=text("Name of the speaker, shown on the cards. `cuedeck share` requires it.", values.line),
    )
    published: datetime.date | None = field(
        default=None,
        metadata=text(
            "Date of the recording, such as `2025-12-21`. `cuedeck share` shows it.",
            values.date,
            pattern=f"^{values.DATE}$",
        ),
    )
    url: str = field(
        metadata=text(
            "Web address of the recording, or of a page with its text.", addresses.address, pattern="^https?://"
        )
    )
    link: str = field(
        default="",
        metadata=text(
            "Template for the address of a moment, with a placeholder for it, such as `{seconds}` or `{mm:ss}`, and "
            f"usually `{{url}}`. Cuedeck needs none for {hosts.NAMES}, and audio or video files.",
            linktemplates.template,
            pattern="|".join(map(re.escape, PLACEHOLDERS)),
            examples=("{url}#:~:text={mm:ss}",),
        ),
    )
    opens: str = field(
        default="",
        metadata=text(
            "What a link to a moment opens. Only needed if cards show the wrong symbol before the time: ▶ for a "
            "player, ¶ for a page of text.",
            values.opens,
            choices=("player", "page"),
        ),
    )
    deck: str = field(
        default="",
        metadata=text(
            "Subdeck for the notes of this source. Do not change it after a release, since Anki finds decks by their "
            "names.",
            values.deck_title,
        ),
    )
    recording: str = field(
        default="",
        metadata=text(
            "Path of the recording itself on your disk, such as `talk.mp4`. `cuedeck clips` cuts the passages of notes "
            "from it. Nobody else needs the file, and no package contains it.",
            values.recording,
        ),
    )
    clips: bool = field(
        default=False,
        metadata=text(
            "Whether cards play the passages of their notes, which `cuedeck clips` cuts from the recording.",
            values.truth,
            choices=("true", "false"),
        ),
    )
    length: int | None = field(
        default=None,
        metadata=text(
            "Length of the recording, such as `16:00`. A moment after its end is an error.",
            moment,
            pattern=rf"^{_MOMENT}$",
        ),
    )
    chapters: Mapping[int, str] = field(
        default_factory=dict,
        metadata=table(
            "Start of each chapter, and a short title for it; or, after a `|`, a list of them as in the description of "
            "a video, one on each line. They are for your overview, as in `cuedeck coverage` and `cuedeck preview`; "
            "cards do not show them.",
            moment,
            values.line,
            parse_line=chapter,
            key_pattern=rf"^{_MOMENT}$",
        ),
    )
    transcript: str = field(
        default="",
        metadata=text(
            "Path of a file with what is said and when, from the folder of the deck. It is only for you: `cuedeck "
            "check`, `cuedeck find` and `cuedeck preview --serve` use it, and nothing of it is ever handed out.",
            values.file_path,
            pattern=f"^{values.MEDIA_PATH}$",
            examples=("talk.en.vtt",),
        ),
    )
    offset: int = field(
        default=0,
        metadata=text(
            "Time to add to all times of the transcript, if it is of another cut of the recording, such as `-0:37`.",
            offset,
            pattern=rf"^\s*[-+]?{_MOMENT}$",
            examples=("-0:37", "1:20"),
        ),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """The keys that both kinds of note have."""

    kind: ClassVar[Kind]

    id: str
    at: tuple[Span, ...] = field(
        default=(),
        metadata=texts(
            "Moment or span, or list of them, instead of the concept's. A moment may be an address with a time in it.",
            moment_or_span,
            pattern=_SPAN,
            examples=_MOMENTS,
        ),
    )
    source: str = field(
        default="",
        metadata=text(
            "Id of the source that the note comes from, instead of the concept's.", values.identifier, pattern=_ID
        ),
    )
    extra: str = field(default="", metadata=text("Text shown below the answer, as Markdown."))
    tags: tuple[str, ...] = field(
        default=(),
        metadata=_tags("Tag, or list of tags, in addition to those of the deck and the concept."),
    )
    was: str = field(
        default="",
        metadata=text(
            "Id that the note had before you renamed it. Learners keep their progress on it. You may leave the line in "
            "forever.",
            values.identifier,
            pattern=_ID,
        ),
    )
    retired: str = field(
        default="",
        metadata=text(
            "Reason why the note is no longer handed out. The package leaves it out, and no other note may use its id. "
            "After the next build, you may remove the note from the file.",
            values.line,
        ),
    )
    guid: str = field(
        default="",
        metadata=text(
            "Guid by which Anki knows a note that another tool made first. `cuedeck adopt` takes such notes over. "
            "Leave it out for all other notes.",
            values.guid,
            pattern=f"^{values.GUID}$",
        ),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnReverse:
    """The question and the answer of a second card, if they are not just those of the first card swapped."""

    q: str = field(metadata=text("Question of the second card, as Markdown."))
    a: str = field(metadata=text("Answer of the second card, as Markdown."))


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionNote(Note):
    """A question and its answer."""

    kind: ClassVar[Kind] = Kind.QA

    q: str = field(metadata=text("Question, as Markdown."))
    a: str = field(metadata=text("Answer, as Markdown."))
    reverse: bool | OwnReverse = field(
        default=False,
        metadata=text_or_mapping(
            "Whether there is a second card, which swaps question and answer; or, for a second card with texts of its "
            "own, these two texts.",
            values.reverse,
            OwnReverse,
            choices=("true", "false"),
        ),
    )

    @property
    def own_reverse(self) -> OwnReverse | None:
        """The texts of the second card; None if there is no such card, or if it swaps the question and the answer."""
        return self.reverse if isinstance(self.reverse, OwnReverse) else None


@dataclass(frozen=True, kw_only=True, slots=True)
class ClozeNote(Note):
    """A text with cloze deletions."""

    kind: ClassVar[Kind] = Kind.CLOZE

    cloze: str = field(
        metadata=text(
            "Text with cloze deletions, as Markdown. `{{c1::answer}}` hides the answer, and `{{c1::answer::hint}}` "
            "shows a hint in its place. Each number makes one card.",
            pattern=r"\{\{c[0-9]+(,[0-9]+)*::",
        )
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Concept:
    """A group of notes about one idea."""

    id: str
    title: str = field(metadata=text("Name of the idea, shown on the back of its cards.", values.line))
    source: str = field(
        default="",
        metadata=text(
            "Id of the source that its notes come from. It may be left out if there is only one.",
            values.identifier,
            pattern=_ID,
        ),
    )
    at: tuple[Span, ...] = field(
        default=(),
        metadata=texts(
            "Moment or span, or list of them, for its notes that have none of their own. A moment may be an address "
            "with a time in it.",
            moment_or_span,
            pattern=_SPAN,
            examples=_MOMENTS,
        ),
    )
    deck: str = field(
        default="",
        metadata=text(
            "Subdeck for its notes, instead of that of their source. Do not change it after a release, since Anki "
            "finds decks by their names.",
            values.deck_title,
        ),
    )
    tags: tuple[str, ...] = field(default=(), metadata=_tags("Tag, or list of tags, for all of its notes."))
    notes: Mapping[str, Note] = field(
        default_factory=dict,
        metadata=mappings(
            "Notes by id. The id of a note is permanent, and unique in the file.",
            values.identifier,
            QuestionNote,
            ClozeNote,
            key_pattern=_ID,
        ),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """How `cuedeck check` checks the deck."""

    ignore: Mapping[Ignored, str] = field(
        default_factory=dict,
        metadata=table(
            "Advice that you do not want, each with the reason. Write its code, such as `long-answer`, for the whole "
            "deck, or `long-answer in some-id` for one note, concept or source.",
            ignored,
            values.line,
            key_pattern=f"^{PATTERN}$",
        ),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Credit:
    """Whose a picture or sound is, or all those in a folder; for files that are not under the licence of the cards."""

    id: str
    license: str = field(
        metadata=text("Licence of the files.", values.line, examples=("CC BY-SA 4.0", "public domain"))
    )
    author: str = field(default="", metadata=text("Who made them.", values.line))
    url: str = field(
        default="", metadata=text("Web address that they come from.", addresses.address, pattern="^https?://")
    )

    @property
    def path(self) -> str:
        """The path of the file or folder from the folder of the deck, its id in the shortest form."""
        return posixpath.normpath(self.id)


_SOURCES = mappings(
    "Recordings by id. The first is the main source, and after a release it remains so even if you move it. A deck may "
    "have no sources, and then has no moments either.",
    values.identifier,
    Source,
    key_pattern=_ID,
)
_CONCEPTS = mappings(
    "Concepts by id, each with its notes. If the deck has parts, all may be in these.",
    values.identifier,
    Concept,
    key_pattern=_ID,
    unless=("deck", "parts"),
)
_CHECK = mapping("How the cards are checked.", Check)


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A file that the `parts` of a cards.yaml name: some of the deck's sources and concepts."""

    sources: Mapping[str, Source] = field(default_factory=dict, metadata=_SOURCES)
    concepts: Mapping[str, Concept] = field(default_factory=dict, metadata=_CONCEPTS)
    check: Check = field(default_factory=Check, metadata=_CHECK)


@dataclass(frozen=True, kw_only=True, slots=True)
class Deck:
    """All of one cards.yaml, and of its parts."""

    about: About = field(metadata=mapping("Id, namespace and title of the deck, and who made it.", About, name="deck"))
    sources: Mapping[str, Source] = field(default_factory=dict, metadata=_SOURCES)
    concepts: Mapping[str, Concept] = field(metadata=_CONCEPTS)
    check: Check = field(default_factory=Check, metadata=_CHECK)

    media: Mapping[str, Credit] = field(
        default_factory=dict,
        metadata=mappings(
            "Authors and licences of pictures and sounds, by the path of a file or folder, such as `media/slides`. The "
            "most specific entry counts; files without one are under the licence of the deck.",
            values.media_path,
            Credit,
            key_pattern=f"^{values.MEDIA_PATH}$",
        ),
    )

    main: str = ""  # not a key of the file: it comes from the lock

    @property
    def notes(self) -> dict[str, Note]:
        """All notes by id, including retired ones. If two have the same id, which is an error, the last."""
        return {id: note for concept in self.concepts.values() for id, note in concept.notes.items()}

    @property
    def main_source(self) -> Source | None:
        """The source whose address is in the note types: the one whose id is `main`, or else the first one.

        None for a deck without sources.
        """
        return self.sources.get(self.main) or next(iter(self.sources.values()), None)

    @property
    def sources_from_main(self) -> tuple[Source, ...]:
        """The main source, then the others in the order of the deck."""
        main = self.main_source
        return tuple(sorted(self.sources.values(), key=lambda source: source is not main))
