"""The two note types: their shape, which can never change, and their look, which can.

Learners' progress depends on the shape. Fields and templates have stable ids, so they may be renamed. But adding or
removing one would stop all updates for all learners. So the shape has been complete since the first release, including
spare fields, and a golden test guards it.
"""

from collections.abc import Collection
from functools import cache
from html import escape
from pathlib import Path

from cuedeck.deck.deck import Deck, QuestionNote
from cuedeck.deck.kinds import Kind
from cuedeck.deck.links import link_form
from cuedeck.deck.placeholders import IN_FIELDS
from cuedeck.records import dataclass
from cuedeck.rendering.notefields import CLOCK, NOTE_ID, REVERSE, SECONDS, TIMECODE, Field, fields_of, number
from cuedeck.rendering.originmarkup import main_moment, main_title
from cuedeck.rendering.origins import name_of_source

STYLE_FILE = "_cuedeck.css"
_FOLDER = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Shape:
    """The parts of a note type besides its fields: the name of each template, and its two files."""

    kind: Kind
    templates: tuple[tuple[str, str, str], ...]


QA = Shape(
    Kind.QA,
    (("Question", "qa-front.html", "qa-back.html"), ("Reverse", "reverse-front.html", "reverse-back.html")),
)
CLOZE = Shape(Kind.CLOZE, (("Cloze", "cloze-front.html", "cloze-back.html"),))
SHAPES = {shape.kind: shape for shape in (QA, CLOZE)}


@dataclass(frozen=True)
class NoteField:
    """The name of a field, with its id in Anki."""

    name: str
    id: int


@dataclass(frozen=True)
class Template:
    """One card of a note type: its two sides as Anki's templates."""

    name: str
    id: int
    front: str
    back: str


@dataclass(frozen=True)
class NoteType:
    """A note type of one deck. `id` is its id in Anki, derived from the deck's namespace and the kind."""

    kind: Kind
    id: int
    name: str
    fields: tuple[NoteField, ...]
    templates: tuple[Template, ...]
    css: str


def note_types(deck: Deck, has_pictures: bool = False) -> tuple[NoteType, NoteType]:
    """Return the note types of a deck, question and answer first.

    Their shape does not depend on whether a note `has_pictures`, only their look.
    """
    return _note_type(QA, deck, has_pictures), _note_type(CLOZE, deck, has_pictures)


def _note_type(shape: Shape, deck: Deck, has_pictures: bool) -> NoteType:
    namespace = deck.about.namespace
    has_own_reverse = shape is QA and _has_own_reverse(deck)
    has_clips = any(source.clips for source in deck.sources.values())
    footer = _footer(deck).replace("[[clip]]", _file("clip.html") if has_clips else "")

    def identity(*names: str) -> int:
        return number(namespace, shape.kind, *names)

    return NoteType(
        kind=shape.kind,
        # In the range of Anki's own ids, which are milliseconds since 1970, but from long ago.
        id=1_000_000_000_000 + identity() % 500_000_000_000,
        name=f"Cuedeck {deck.about.id} ({shape.kind.words})",
        fields=tuple(NoteField(each.name, each.id_in(namespace, shape.kind)) for each in fields_of(shape.kind)),
        templates=tuple(
            Template(
                name,
                identity("template", name),
                _with_own_reverse(_file(front), has_own_reverse),
                _with_own_reverse(_back(back, footer), has_own_reverse),
            )
            for name, front, back in shape.templates
        ),
        css=_css(bool(deck.about.feedback), has_own_reverse, has_pictures, has_clips),
    )


def _css(has_report: bool, has_own_reverse: bool, has_pictures: bool, has_clips: bool) -> str:
    """Return the style of cards: with that of the link to report a mistake, of second cards with texts of their own,
    of pictures, and of clips.

    A deck that has none of these keeps the style that its learners have.
    """
    added = {
        "reverse.css": has_own_reverse,
        "report.css": has_report,
        "pictures.css": has_pictures,
        "clip.css": has_clips,
    }
    names = ["card.css", *(name for name, is_needed in added.items() if is_needed)]
    return "\n\n".join(map(_file, names))


def _has_own_reverse(deck: Deck) -> bool:
    """Return whether a note has a second card with its own texts. Retired notes count, since learners keep them."""
    notes = (note for concept in deck.concepts.values() for note in concept.notes.values())
    return any(isinstance(note, QuestionNote) and note.own_reverse for note in notes)


def _back(name: str, footer: str) -> str:
    return _file(name).replace("[[more]]", _file("more.html")).replace("[[footer]]", footer)


def _footer(deck: Deck) -> str:
    """Return the foot of every back. It contains the main source, so that no note changes when that moves."""
    foot = _file("footer.html").replace("[[report]]", _report(deck.about.feedback))
    source = deck.main_source
    if source is None:
        return foot.replace("[[moment]]", "").replace("[[source]]", main_title(""))
    form = link_form(source.url, source.link, source.opens)
    moment = main_moment(form.fill(_braced_field_of), form.mark, _braced(CLOCK)) if form.is_in_fields else ""
    return foot.replace("[[moment]]", moment).replace("[[source]]", main_title(name_of_source(source)))


_FIELDS_OF_MOMENT = dict(zip(IN_FIELDS, (SECONDS, CLOCK, TIMECODE), strict=True))


def _braced_field_of(placeholder: str) -> str:
    return _braced(_FIELDS_OF_MOMENT[placeholder])


def _braced(field: Field) -> str:
    """Return the placeholder of a template that Anki replaces with the text of a field."""
    return f"{{{{{field.name}}}}}"


# What makes a side of the second card show its own text. Notes without such a text look the same with and without it.
_OWN_TEXT = {name: f'<p class="cue-{name}">{_braced(REVERSE)}\n' for name in ("asks", "tells")}


def _with_own_reverse(side: str, has_own_reverse: bool) -> str:
    """Return a template that shows a second card's own text, if any note has one; otherwise without a trace of that."""
    for name, field in _OWN_TEXT.items():
        side = side.replace(f"[[{name}]]", field if has_own_reverse else "")
    return side


def without_own_reverse(part: str) -> str:
    """Return a template or the style of a note type as it would be if no note had a second card with its own texts."""
    for each in (*_OWN_TEXT.values(), f"\n\n{_file('reverse.css')}"):
        part = part.replace(each, "")
    return part


def _report(feedback: str) -> str:
    """Return the link to report a mistake, or "". The template inserts the id, so that the link changes no note.

    An id consists of lower-case letters, digits and hyphens, which are valid in any address.
    """
    if not feedback:
        return ""
    return "\n" + _file("report.html").replace("[[address]]", escape(feedback.replace("{note}", _braced(NOTE_ID))))


def style_file() -> tuple[str, bytes]:
    """Return the name and the bytes of the learner's own style file, which every package contains.

    AnkiDroid complains if it is missing. Anki never replaces a media file whose name begins with "_" with an imported
    one. So the learner's own survives every update, and ours can never be changed once it has been handed out.
    """
    return STYLE_FILE, (_FOLDER / STYLE_FILE).read_bytes()


@cache
def _file(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8").strip()


def search(ids: Collection[str], deck: str) -> str:
    """Return a search that finds the notes with these ids in Anki's browser, and none of other decks.

    `deck` is the id of the deck: a fork keeps the ids of its notes, but its note types have another name.
    """
    names = sorted(ids)
    wanted = names[0] if len(names) == 1 else f"re:^({'|'.join(names)})$"
    return f'"note:Cuedeck {deck} (*)" "{NOTE_ID.name}:{wanted}"'
