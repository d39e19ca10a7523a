"""Draw timelines as SVG pictures: passages, a mark for every note, and a scale; a course as a strip for each recording.

Positions along the recording are percentages and all text has a fixed size, so that the picture fits any width.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from cuedeck.deck.moments import clock
from cuedeck.pages.assets import asset
from cuedeck.pages.table import covered, end_unknown, note_count, summary, summary_of_course
from cuedeck.pages.timeline import Passage, Timeline, joined
from cuedeck.wording import counted

_BAND = 56  # height of the band of passages; all lengths are pixels
_SCALE = 24
_ROW = 22
_HEAD = 58  # where the band begins in a separate picture
_LIST_TOP = _HEAD + _BAND + _SCALE + 14
_MARGIN = 20
_WIDTH = 960
_BINS = 320  # how many stacks of marks fit side by side
_TALLEST_MARK = 5.0
_STEPS = (10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 36000)
_MOST_TICKS = 5
_STRIP = 18  # height of the strip of one recording among many
_STRIP_BINS = 200
_STRIP_ROW = 28
# In a separate picture of many: where the strips begin, how wide they are, and where the figures beside them end.
_STRIP_AT, _STRIP_WIDTH, _FIGURES_AT = 390, 340, (800, _WIDTH)
# If the end is not known, the recording is drawn longer than its known part, by this factor.
_OPEN_END = 1.05


def timeline_svg(timeline: Timeline, has_scale: bool = True) -> str:
    """Return the picture for a page, which styles it. A click on a passage goes to the heading of its notes.

    Without a scale, it has no times, which say nothing of several recordings one after another.
    """
    drawing = _Drawing(timeline)
    bands = "".join(
        f'<a href="#{passage_id(timeline, passage)}" aria-label="{escape(_words(passage))}">'
        f"<title>{escape(_words(passage))}</title>{drawing.band(passage)}</a>"
        for passage in timeline.passages
    )
    label = escape(f"Timeline of {timeline.source.title}")
    return (
        f'<svg class="timeline" role="group" aria-label="{label}" width="100%" height="{_BAND + _SCALE}">'
        f"{drawing.ground()}{drawing.hatching()}{bands}{drawing.marks()}{drawing.scale() if has_scale else ''}</svg>"
    )


def strip_svg(timeline: Timeline) -> str:
    """Return a small picture of a recording among others, for a page, which styles it and says the same in words."""
    return (
        f'<svg class="strip" width="100%" height="{_STRIP}" viewBox="0 0 1000 {_STRIP}" preserveAspectRatio="none" '
        f'aria-hidden="true">{_Drawing(timeline).strip()}</svg>'
    )


def picture(timelines: Sequence[Timeline]) -> str:
    """Return a separate picture, with its own style: a recording with the names of its passages, or several as strips.

    `timelines` are at least one.
    """
    if len(timelines) > 1:
        return _course(timelines)
    (timeline,) = timelines
    title = f"{timeline.source.title}: {summary(timeline)}"
    return _framed(title, map(_words, timeline.passages), _recording(timeline), _height(timeline) + _MARGIN)


def _course(timelines: Sequence[Timeline]) -> str:
    title = f"{counted(len(timelines), 'recording')}: {summary_of_course(timelines)}"
    rows = "".join(
        f'<g transform="translate(0 {_HEAD - _STRIP + number * _STRIP_ROW})">{_row(line)}</g>'
        for number, line in enumerate(timelines)
    )
    head = f'<text class="name" y="16">{escape(title)}</text>'
    words = (f"{line.source.title}: {summary(line)}" for line in timelines)
    return _framed(title, words, head + rows, _HEAD + len(timelines) * _STRIP_ROW)


def _row(line: Timeline) -> str:
    figures = "".join(
        f'<text class="count" x="{x}" y="14">{words}</text>'
        for x, words in zip(_FIGURES_AT, (note_count(line), covered(line)), strict=True)
    )
    name = f'<text y="14">{escape(_shortened(line.source.title))}</text>'
    return (
        f"<g><title>{escape(f'{line.source.title}: {summary(line)}')}</title>"
        f'<svg width="{_STRIP_AT - 14}" height="{_STRIP_ROW}">{name}</svg>'
        f'<svg x="{_STRIP_AT}" width="{_STRIP_WIDTH}" height="{_STRIP}" viewBox="0 0 1000 {_STRIP}" '
        f'preserveAspectRatio="none">{_Drawing(line).strip()}</svg>'
        f'<g class="{"row" if line.notes else "row none"}">{figures}</g></g>'
    )


def _framed(title: str, words: Iterable[str], drawn: str, height: int) -> str:
    """Return a separate picture with its own style; `words` describe what is drawn."""
    width = _WIDTH + 2 * _MARGIN
    description = escape("; ".join(words))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height + _MARGIN}" '
        f'viewBox="-{_MARGIN} -{_MARGIN} {width} {height + _MARGIN}" role="img" aria-labelledby="title description">'
        f'<title id="title">{escape(f"Coverage of {title}")}</title><desc id="description">{description}</desc>'
        f"<style>{asset('coverage.css')}</style>"
        f'<rect class="paper" x="-{_MARGIN}" y="-{_MARGIN}" width="{width}" height="{height + _MARGIN}"/>'
        f"{drawn}</svg>\n"
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

    def strip(self) -> str:
        """Return a strip, 1000 wide: passages with notes, those without, and a bar wherever there are notes."""
        noted, bare = list[str](), list[str]()
        for passage in self._timeline.passages:
            end = self._length if passage.end is None else passage.end
            # One line less, so that two passages stay two.
            start, end = self._of_1000(passage.start), self._of_1000(end)
            (noted if passage.notes else bare).append(f"M{start} 0H{max(end - 2, start + 1)}V{_STRIP}H{start}z")
        bins = Counter(
            min(int(_STRIP_BINS * span.start / self._length), _STRIP_BINS - 1) for span in self._timeline.moments
        )
        most = max(bins.values(), default=1)
        bars = "".join(
            f"M{1000 * (place + 0.5) / _STRIP_BINS:g} {_STRIP}v-{4 + round((_STRIP - 6) * count / most)}"
            for place, count in sorted(bins.items())
        )
        paths = {"noted": "".join(noted), "bare": "".join(bare), "notes": bars}
        return "".join(f'<path class="{style}" d="{path}"/>' for style, path in paths.items() if path)

    def _of_1000(self, seconds: float) -> int:
        return round(1000 * seconds / self._length)

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
