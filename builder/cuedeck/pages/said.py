"""What is said around the moments of a note, for its author's eyes: only a page that is served shows it."""

from collections.abc import Sequence
from typing import Any

from cuedeck.deck.moments import Span, clock
from cuedeck.recording.finding import AFTER, BEFORE, Spoken, Wanted

_MOST_MOMENTS = 3  # of one note


def said_of(moments: Sequence[Span], looked_for: Wanted, spoken: Spoken) -> dict[str, Any]:
    """Return what the page shows beside a note, as plain data.

    `passages` are what is said from 20 seconds before each moment to 60 seconds after it: when that is, and the words,
    each with whether the note has it. `places` are other moments that the note may come from, each with a line of what
    is said there.
    """
    near = [clock(span.start) for span in moments]
    return {
        "passages": [_passage(span, looked_for, spoken) for span in moments[:_MOST_MOMENTS]],
        "places": [(at, place.words) for place in spoken.places(looked_for) if (at := clock(place.second)) not in near],
    }


def _passage(span: Span, looked_for: Wanted, spoken: Spoken) -> tuple[str, list[tuple[str, bool]]]:
    start, end = max(span.start - BEFORE, 0), span.start + AFTER
    return f"{clock(start)}-{clock(end)}", spoken.between(start, end, looked_for)
