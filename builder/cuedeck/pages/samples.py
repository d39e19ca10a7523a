"""Some cards of a deck, front and back, for a page without scripts: in a shadow tree that the HTML itself declares."""

from collections.abc import Collection, Iterator, Sequence

from cuedeck.deck.kinds import Kind
from cuedeck.history.snapshot import PackedNote
from cuedeck.pages.assets import asset
from cuedeck.pages.cardsides import Card, for_page
from cuedeck.pages.edition import Edition
from cuedeck.pages.media import names_in, set_media, without_media
from cuedeck.pages.styles import card_style
from cuedeck.rendering.notefields import LINKS

_ANSWER_ID = ' id="answer"'  # removed, since one page shows several backs
_SAMPLES = 4
_LONGEST_SAMPLE = 260  # in characters of all fields
# The cards of only one theme are shown.
_LAZY = ' loading="lazy"'


def sample_style(edition: Edition) -> str:
    """Return the style of the samples: the style of the cards, and of their surroundings."""
    return asset("samples.css") + card_style(edition.css)


def samples(edition: Edition, media: Collection[str]) -> str:
    """Return some cards, front and back, each in both themes, of which the page shows the reader's.

    `media` are the names of the pictures and sounds that are beside the page.
    """
    shown = "".join(_sample(edition.cards(note)[0], media) for note in sampled(edition.notes))
    return f'<style>{sample_style(edition)}</style><ul class="samples">{shown}</ul>'


def shown_media(edition: Edition) -> dict[str, bytes]:
    """Return the pictures and sounds of the samples by their names, as far as the package has them."""
    cards = (edition.cards(note)[0] for note in sampled(edition.notes))
    names = {name for card in cards for name in names_in(card.front + card.back)}
    found = {name: edition.read(name) for name in sorted(names)}
    return {name: data for name, data in found.items() if data is not None}


def sampled(notes: Sequence[PackedNote]) -> Iterator[PackedNote]:
    """Yield some short notes from all over the recording, of both kinds if the deck has both."""
    with_cards = [note for note in notes if note.cards]
    short = [note for note in with_cards if _length(note) <= _LONGEST_SAMPLE]
    kinds = [[note for note in short if note.kind == kind] for kind in Kind]
    both = [kind for kind in kinds if kind]
    count = _SAMPLES // max(len(both), 1)
    chosen = [note for place, kind in enumerate(both) for note in _spread(kind, count, (place + 0.5) / len(both))]
    yield from sorted(chosen or with_cards[:1], key=notes.index)


def _length(note: PackedNote) -> int:
    # Only notes from other sources than the main one have links in a field, so these must not count.
    return sum(len(without_media(html)) for key, html in note.fields.items() if key != LINKS.key)


def _spread(notes: Sequence[PackedNote], count: int, shift: float) -> Iterator[PackedNote]:
    """Yield `count` notes at even distances; `shift`, from 0 to 1, is the position of the first within its stretch."""
    count = min(count, len(notes))
    yield from (notes[int((number + shift) * len(notes) / count)] for number in range(count))


def _sample(card: Card, media: Collection[str]) -> str:
    def shown(side: str) -> str:
        return set_media(for_page(side).replace(_ANSWER_ID, ""), "src", _LAZY, known=media)

    sides = "".join(
        f'<div class="side"><p class="label">{label}</p>{_frame(html, card, "day")}{_frame(html, card, "night")}</div>'
        for label, html in (("Front", shown(card.front)), ("Back", shown(card.back)))
    )
    return f'<li class="sample">{sides}</li>'


def _frame(html: str, card: Card, theme: str) -> str:
    night = " nightMode" if theme == "night" else ""
    return (
        f'<div class="frame {theme}"><div class="window"><div class="card card{card.ordinal + 1}{night}">{html}</div>'
        "</div></div>"
    )
