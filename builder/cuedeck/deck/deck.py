"""The format of cards.yaml: frozen dataclasses, whose field metadata is the only place that declares it.

An author's editor shows the docstrings of these classes and the words in their fields.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from cuedeck.deck import addresses, hosts, linktemplates, values
from cuedeck.deck.ignored import PATTERN, Ignored, ignored
from cuedeck.deck.keys import mapping, mappings, table, text, texts
from cuedeck.deck.kinds import Kind
from cuedeck.deck.moments import Span, moment, span

_MOMENT = r"[0-9hms:]+"
_SPAN = rf"^\s*{_MOMENT}\s*([-–]\s*{_MOMENT}\s*)?$"
_ID = f"^{values.ID}$"


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What the deck is, who made it, and what it is called."""

    id: str = field(
        metadata=text("Permanent id: names the package file and every tag.", values.identifier, pattern=_ID)
    )
    namespace: str = field(
        metadata=text(
            "Permanent random word, of 8 to 32 lowercase letters and digits, from which each note gets its guid, by "
            "which Anki recognizes it. A fork of the deck needs a new one.",
            values.namespace,
            pattern=f"^{values.NAMESPACE}$",
        )
    )
    title: str = field(
        metadata=text(
            "Name of the deck in Anki; `A::B` is the deck B inside the deck A. Frozen: Anki finds decks by name.",
            values.deck_title,
            examples=("Psychology::Soft Abandonment",),
        )
    )
    description: str = field(default="", metadata=text("Markdown that Anki shows when learners open the deck."))
    author: str = field(default="", metadata=text("Who wrote the cards.", values.line))
    license: str = field(default="", metadata=text("Licence of the cards.", values.line, examples=("CC BY 4.0",)))
    tags: tuple[str, ...] = field(
        default=(), metadata=texts("Tags of every note.", values.tag, pattern=f"^{values.TAG}$")
    )
    feedback: str = field(
        default="",
        metadata=text(
            "Address where learners report a mistake, with {note} for the note's id; every card links to it.",
            addresses.feedback,
            pattern=r"^(https?://|mailto:).*\{note\}",
            examples=("https://example.org/report?note={note}", "mailto:cards@example.org?subject={note}"),
        ),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A recording. The first one is the main source, whose address is in the note types instead of in the notes."""

    id: str
    title: str = field(metadata=text("Title of the recording.", values.line))
    author: str = field(default="", metadata=text("Who speaks.", values.line))
    published: datetime.date | None = field(
        default=None, metadata=text("Date of publication, such as 2025-12-21.", values.date, pattern=f"^{values.DATE}$")
    )
    url: str = field(
        metadata=text(
            "Web address of the recording, or of a page with its text.", addresses.address, pattern="^https?://"
        )
    )
    link: str = field(
        default="",
        metadata=text(
            "Template of the address of one moment, from {url}, {seconds}, {mm:ss} and {hh:mm:ss}. "
            f"Not needed for {hosts.NAMES} and audio or video files.",
            linktemplates.template,
            pattern=r"\{(seconds|mm:ss|hh:mm:ss)\}",
            examples=("{url}#:~:text={mm:ss}",),
        ),
    )
    opens: str = field(
        default="",
        metadata=text(
            "What a click on a link opens, if the symbol before the time is wrong: a template with {seconds} counts as "
            "one for a player, any other as one for a page.",
            values.opens,
            choices=("player", "page"),
        ),
    )
    deck: str = field(
        default="",
        metadata=text("Subdeck for the notes of this source. Frozen, like the deck's title.", values.deck_title),
    )
    length: int | None = field(
        default=None,
        metadata=text("Length of the recording; no moment may be past it.", moment, pattern=rf"^{_MOMENT}$"),
    )
    chapters: Mapping[int, str] = field(
        default_factory=dict,
        metadata=table(
            "Start of each chapter, and a short title for it.", moment, values.line, key_pattern=rf"^{_MOMENT}$"
        ),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """The keys that both kinds of note have."""

    kind: ClassVar[Kind]

    id: str
    at: tuple[Span, ...] = field(
        default=(),
        metadata=texts("Moment, span or list of them; taken from the concept if left out.", span, pattern=_SPAN),
    )
    source: str = field(
        default="",
        metadata=text("Id of the source; taken from the concept if left out.", values.identifier, pattern=_ID),
    )
    extra: str = field(default="", metadata=text("Markdown shown below the answer."))
    tags: tuple[str, ...] = field(
        default=(),
        metadata=texts("Tags besides those of the deck and the concept.", values.tag, pattern=f"^{values.TAG}$"),
    )
    was: str = field(
        default="",
        metadata=text(
            "The id that this note had before; learners keep their progress on it.", values.identifier, pattern=_ID
        ),
    )
    retired: str = field(
        default="",
        metadata=text(
            "Why this note is no longer handed out. The package omits it, and its id is not used again.", values.line
        ),
    )
    guid: str = field(
        default="",
        metadata=text(
            "What Anki identifies this note by, if another tool made it first. Leave it out for all other notes.",
            values.guid,
            pattern=f"^{values.GUID}$",
        ),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionNote(Note):
    """A question and its answer."""

    kind: ClassVar[Kind] = Kind.QA

    q: str = field(metadata=text("Question, as Markdown."))
    a: str = field(metadata=text("Answer, as Markdown."))
    reverse: bool = field(
        default=False,
        metadata=text("Whether a second card asks for the question.", values.true_or_false, choices=("true", "false")),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class ClozeNote(Note):
    """A text with cloze deletions."""

    kind: ClassVar[Kind] = Kind.CLOZE

    cloze: str = field(
        metadata=text(
            "Markdown with deletions such as {{c1::Hard}} or {{c1::Hard::hint}}; one card for each number.",
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
        metadata=text("Id of the source; may be left out if there is only one.", values.identifier, pattern=_ID),
    )
    at: tuple[Span, ...] = field(
        default=(), metadata=texts("Moment, span or list of them, for notes that have none.", span, pattern=_SPAN)
    )
    tags: tuple[str, ...] = field(
        default=(), metadata=texts("Tags of every note of the concept.", values.tag, pattern=f"^{values.TAG}$")
    )
    notes: Mapping[str, Note] = field(
        default_factory=dict,
        metadata=mappings(
            "Notes by id. An id is permanent and unique in the file.",
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
            "Advice that is not wanted, and the reason: `long-answer` for the whole deck, "
            "`long-answer in some-id` for one note, concept or source.",
            ignored,
            values.line,
            key_pattern=f"^{PATTERN}$",
        ),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Deck:
    """All of one cards.yaml."""

    about: About = field(metadata=mapping("The deck itself.", About, name="deck"))
    sources: Mapping[str, Source] = field(
        default_factory=dict,
        metadata=mappings(
            "Recordings by id; the first is the main source.", values.identifier, Source, key_pattern=_ID
        ),
    )
    concepts: Mapping[str, Concept] = field(
        metadata=mappings("Concepts by id, in the order of the talk.", values.identifier, Concept, key_pattern=_ID)
    )

    check: Check = field(default_factory=Check, metadata=mapping("How the cards are checked.", Check))

    main: str = ""  # not a key of the file: it comes from the lock

    @property
    def notes(self) -> dict[str, Note]:
        """All notes of the file by id, including retired ones. If two have the same id, which is an error, the last."""
        return {id: note for concept in self.concepts.values() for id, note in concept.notes.items()}

    @property
    def main_source(self) -> Source | None:
        """The source whose address is in the note types: the one whose id is `main`, or else the first one.

        None for a deck without sources.
        """
        return self.sources.get(self.main) or next(iter(self.sources.values()), None)

    @property
    def sources_from_main(self) -> tuple[Source, ...]:
        """The main source, then the others in the order of the file."""
        main = self.main_source
        return tuple(sorted(self.sources.values(), key=lambda source: source is not main))
