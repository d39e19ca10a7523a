"""Draw a timeline as an SVG picture: passages, a mark for every note, and a scale.

Positions along the recording are percentages and all text has a fixed size, so that the picture fits any width.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape

from cuedeck.deck.moments import clock
from cuedeck.pages.assets import asset
from cuedeck.pages.table import end_unknown, summary
from cuedeck.pages.timeline import Passage, Timeline, joined
from cuedeck.wording import counted

_BAND = 56  # height of the band of passages; all lengths are pixels
_SCALE = 24
_ROW = 22
_HEAD = 58  # where the band begins in a separate picture
_LIST_TOP = _HEAD + _BAND + _SCALE + 14
_SPACE = 40  # between two recordings
_MARGIN = 20
_WIDTH = 960
_BINS = 320  # how many stacks of marks fit side by side
_TALLEST_MARK = 5.0
_STEPS = (10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 36000)
_MOST_TICKS = 5
# If the end is not known, the recording is drawn longer than its known part, by this factor.
_OPEN_END = 1.05


def timeline_svg(timeline: Timeline) -> str:
    """Return the picture for a page, which styles it. A click on a passage goes to the heading of its notes."""
    drawing = _Drawing(timeline)
    bands = "".join(
        f'<a href="#{passage_id(timeline, passage)}" aria-label="{escape(_words(passage))}">'
        f"<title>{escape(_words(passage))}</title>{drawing.band(passage)}</a>"
        for passage in timeline.passages
    )
    label = escape(f"Timeline of {timeline.source.title}")
    return (
        f'<svg class="timeline" role="group" aria-label="{label}" width="100%" height="{_BAND + _SCALE}">'
        f"{drawing.ground()}{drawing.hatching()}{bands}{drawing.marks()}{drawing.scale()}</svg>"
    )


def picture(timelines: Sequence[Timeline]) -> str:
    """Return a separate picture, with its own style: recordings one below the other, with the names of the passages."""
    parts: list[str] = []
    height = 0
    for timeline in timelines:
        parts.append(f'<g transform="translate(0 {height})">{_recording(timeline)}</g>')
        height += _height(timeline) + _SPACE
    height += _MARGIN - _SPACE
    width = _WIDTH + 2 * _MARGIN
    title = "; ".join(f"{timeline.source.title}: {summary(timeline)}" for timeline in timelines)
    words = "; ".join(_words(passage) for timeline in timelines for passage in timeline.passages)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height + _MARGIN}" '
        f'viewBox="-{_MARGIN} -{_MARGIN} {width} {height + _MARGIN}" role="img" aria-labelledby="title description">'
        f'<title id="title">{escape(f"Coverage of {title}")}</title><desc id="description">{escape(words)}</desc>'
        f"<style>{asset('coverage.css')}</style>"
        f'<rect class="paper" x="-{_MARGIN}" y="-{_MARGIN}" width="{width}" height="{height + _MARGIN}"/>'
        f"{''.join(parts)}</svg>\n"
    )


def _height(timeline: Timeline) -> int:
    return _LIST_TOP + _rows(timeline) * _ROW + (0 if timeline.whole else _ROW)


def _rows(timeline: Timeline) -> int:
    return -(-len(timeline.passages) // 2)


def _recording(timeline: Timeline) -> str:
    drawing = _Drawing(timeline)
    bands = "".join(
        f"<g><title>{escape(_words(passage))}</title>{drawing.band(passage)}</g>" for passage in timeline.passages
    )
    open_end = "" if timeline.whole else f'<text class="quiet" y="{_height(timeline)}">{end_unknown(timeline)}</text>'
    return (
        f'<text class="name" y="16">{escape(timeline.source.title)}</text>'
        f'<text class="quiet" y="38">{escape(summary(timeline))}</text>'
        f'<svg y="{_HEAD}" width="{_WIDTH}" height="{_BAND + _SCALE}">'
        f"{drawing.hatching()}{bands}{drawing.marks()}{drawing.scale()}</svg>"
        f"{''.join(_list(timeline))}{open_end}"
    )


def passage_id(timeline: Timeline, passage: Passage) -> str:
    """Return the id of a passage's heading on a page."""
    return f"at-{timeline.source.id}-{passage.start}"


def _words(passage: Passage) -> str:
    notes = counted(len(passage.notes), "note") if passage.notes else "no notes"
    return f"{clock(passage.start)} {passage.name}: {notes}"


def _list(timeline: Timeline) -> Iterator[str]:
    """Yield the lines of the list of passages, in two columns."""
    rows = _rows(timeline)
    for number, passage in enumerate(timeline.passages):
        column, row = divmod(number, rows)
        x, y = column * (_WIDTH // 2 + 10), _LIST_TOP + (row + 1) * _ROW
        style = "row" if passage.notes else "row none"
        yield (
            f'<g class="{style}"><text class="clock" x="{x}" y="{y}">{clock(passage.start)}</text>'
            f'<text x="{x + 62}" y="{y}">{escape(_shortened(passage.name))}</text>'
            f'<text class="count" x="{x + _WIDTH // 2 - 24}" y="{y}">{len(passage.notes) or "no notes"}</text></g>'
        )


def _shortened(title: str, most: int = 50) -> str:
    return title if len(title) <= most else f"{title[: most - 1].rstrip()}…"


class _Drawing:
    """The parts of the picture of one timeline."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        last = timeline.passages[-1].start if timeline.passages else 0
        # A last passage without an end is drawn at least as wide as the others are on average.
        wide = max(timeline.end * _OPEN_END, last + last / max(len(timeline.passages) - 1, 1))
        self._length = max(timeline.end if timeline.whole else wide, 1)
        self._hatching = f"gap-{timeline.source.id}"
        self._order = {passage.start: number for number, passage in enumerate(timeline.passages)}

    def _percent(self, seconds: float) -> str:
        return f"{100 * seconds / self._length:.3f}%"

    def ground(self) -> str:
        """Return the background of the band, which is seen where there are no passages."""
        return f'<rect class="band" width="{self._percent(self._timeline.end)}" height="{_BAND}"/>'

    def band(self, passage: Passage) -> str:
        """Return a passage's part of the band. A passage without notes is hatched; `open` marks one without an end."""
        end = self._length if passage.end is None else passage.end
        place = f'x="{self._percent(passage.start)}" width="{self._percent(end - passage.start)}" height="{_BAND}"'
        style = "band" if passage.notes else "band gap"
        style += " odd" if self._order[passage.start] % 2 else ""
        style += " open" if passage.end is None else ""
        hatched = "" if passage.notes else f'<rect class="hatching" {place} fill="url(#{self._hatching})"/>'
        return f'<rect class="{style}" {place}/>{hatched}'

    def hatching(self) -> str:
        """Return the pattern of passages without notes."""
        return (
            f'<defs><pattern id="{self._hatching}" width="7" height="7" patternUnits="userSpaceOnUse" '
            'patternTransform="rotate(45)"><path class="hatch" d="M0 0v7"/></pattern></defs>'
        )

    def marks(self) -> str:
        """Return a mark for every moment of a note, stacked if they are close, and lines below for whole spans."""
        bins = Counter(min(int(_BINS * span.start / self._length), _BINS - 1) for span in self._timeline.moments)
        marks = "".join(self._stack(place, count) for place, count in sorted(bins.items()))
        spans = "".join(
            f"M{1000 * start / self._length:.1f} {_BAND - 4}H{1000 * end / self._length:.1f}"
            for start, end in joined(self._timeline.moments)
        )
        return (
            f'<svg class="marks" width="100%" height="{_BAND}" viewBox="0 0 1000 {_BAND}" preserveAspectRatio="none" '
            f'aria-hidden="true"><path class="spans" d="{spans}"/><path class="notes" d="{marks}"/></svg>'
        )

    def _stack(self, place: int, count: int) -> str:
        """Return the path of the marks above one place. They are smaller only if the stack would not fit."""
        height = min(_TALLEST_MARK, (_BAND - 14) / count)
        x, solid = 1000 * (place + 0.5) / _BINS, height - min(1.0, height / 4)
        return "".join(f"M{x:.1f} {_BAND - 8 - number * height:.2f}v-{solid:.2f}" for number in range(count))

    def scale(self) -> str:
        """Return the times below the band."""
        end = self._timeline.end
        step = next((step for step in _STEPS if end <= step * _MOST_TICKS), _STEPS[-1])
        # The end has its own label, so the last tick must leave room for it.
        ticks = [seconds for seconds in range(0, end, step) if seconds <= end - 0.6 * step] or [0]
        labels = [(seconds, "start" if seconds == 0 else "middle") for seconds in ticks]
        if end:
            labels.append((end, "end" if self._timeline.whole else "middle"))
        return '<g class="scale" aria-hidden="true">' + "".join(self._tick(*label) for label in labels) + "</g>"

    def _tick(self, seconds: int, anchor: str) -> str:
        x = self._percent(seconds)
        return (
            f'<line x1="{x}" x2="{x}" y1="{_BAND}" y2="{_BAND + 5}"/>'
            f'<text x="{x}" y="{_BAND + 19}" text-anchor="{anchor}">{clock(seconds)}</text>'
        )
