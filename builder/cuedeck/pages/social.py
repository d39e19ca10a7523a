"""The picture that other sites show beside a link to the page: 1200 by 630 pixels, drawn without a browser."""

import textwrap
from collections.abc import Callable
from html import escape
from unicodedata import east_asian_width

from cuedeck.pages.assets import asset
from cuedeck.pages.drawing import timeline_svg
from cuedeck.pages.edition import Edition
from cuedeck.pages.timeline import Timeline, one_after_another
from cuedeck.problems import stop
from cuedeck.wording import how_to_install

WIDTH, HEIGHT = 1200, 630
_MARGIN = 70
# Font size, and how many letters fit in a line at that size, largest first. A title too long for the last is cut.
_SIZES = ((76, 24), (60, 31), (48, 39))
_MOST_LINES = 3
_TIMELINE_SCALE = 1.7


def social_picture(edition: Edition) -> bytes:
    """Return the picture as PNG. Raises `Problems` if the library that draws it is missing, or there are no fonts."""
    render = _renderer()
    picture = render(social_svg(edition))
    if picture == render(social_svg(edition, has_words=False)):
        stop(
            "cuedeck share",
            "no-fonts",
            "the site has no preview picture to show beside a link: this machine has no fonts",
            "install some; on Debian and Ubuntu: sudo apt install fonts-dejavu-core",
        )
    return picture


def _renderer() -> Callable[[str], bytes]:
    try:
        import resvg_py
    except ImportError:
        stop(
            "cuedeck share",
            "not-installed",
            "the site has no preview picture to show beside a link: the library that draws it is not installed",
            f"install it: {how_to_install('resvg-py')}",
        )
    return lambda svg: bytes(resvg_py.svg_to_bytes(svg_string=svg))


def social_svg(edition: Edition, has_words: bool = True) -> str:
    """Return the picture as SVG: the title, what is in the deck, and the timeline of its recordings."""
    style = asset("coverage.css").partition("@media")[0] + asset("social.css")
    lines = edition.timelines
    several = len(lines) > 1
    line = one_after_another(lines) if several else next(iter(lines), None)
    words = _words(edition) if has_words else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<style>{style}</style><rect class="paper" width="{WIDTH}" height="{HEIGHT}"/>'
        f'<rect class="edge" width="{WIDTH}" height="14"/>{words}{_timeline(line, not several) if line else ""}</svg>'
    )


def _words(edition: Edition) -> str:
    size, lines = _lines(edition.title)
    top = 130 + size * 0.8  # the baseline of the first line
    title = "".join(
        f'<text class="title" x="{_MARGIN}" y="{top + number * size * 1.15:.0f}" style="font-size: {size}px">'
        f"{escape(text)}</text>"
        for number, text in enumerate(lines)
    )
    kicker = textwrap.shorten(" · ".join(filter(None, ("Anki deck", edition.group))), 80, placeholder=" …")
    below = top + (len(lines) - 1) * size * 1.15 + 68
    summary = textwrap.shorten(edition.summary, 68, placeholder=" …")
    return (
        f'<text class="kicker" x="{_MARGIN}" y="92">{escape(kicker)}</text>'
        f'{title}<text class="lead" x="{_MARGIN}" y="{below:.0f}">{escape(summary)}</text>'
    )


def _lines(title: str) -> tuple[int, list[str]]:
    """Return the font size of the title, and its lines."""
    # Chinese, Japanese and Korean letters are twice as wide.
    width = 2 if any(east_asian_width(letter) in "WF" for letter in title) else 1
    for size, room in _SIZES:
        lines = textwrap.wrap(title, room // width, max_lines=_MOST_LINES, placeholder=" …")
        if len(lines) < _MOST_LINES:
            return size, lines
    return size, lines


def _timeline(line: Timeline, has_scale: bool) -> str:
    wide = (WIDTH - 2 * _MARGIN) / _TIMELINE_SCALE
    return (
        f'<g transform="translate({_MARGIN} 450) scale({_TIMELINE_SCALE})">'
        f'<svg width="{wide:.0f}" height="90">{timeline_svg(line, has_scale)}</svg></g>'
    )
