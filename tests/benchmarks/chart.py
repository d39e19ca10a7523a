"""The chart of the manual: how long each tool takes for the same notes."""

import math
from collections.abc import Mapping
from html import escape

_WIDTH, _LEFT, _RIGHT, _LINE, _TOP = 760, 130, 80, 44, 46
_STYLE = """
text { font: 14px system-ui, sans-serif; fill: #1f2328 } .small { font-size: 12px; fill: #59636e }
.bar { fill: #9aa4af } .own { fill: #2f6fdd } .grid { stroke: #d1d9e0 }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc } .small { fill: #9198a1 } .bar { fill: #656c76 } .own { fill: #4c8dff } .grid { stroke: #3d444d }
}
"""


def chart(title: str, seconds: Mapping[str, float], own: str, words: Mapping[str, str]) -> str:
    """Return an SVG with a bar for each name, on a scale where every line is ten times the previous one.

    `own` is the name whose bar is highlighted; `words` are printed small below the bar of a name.
    """
    low = math.floor(math.log10(min(seconds.values())))
    high = math.ceil(math.log10(max(seconds.values())))
    scale = (_WIDTH - _LEFT - _RIGHT) / (high - low)
    height = _TOP + _LINE * len(seconds) + 34

    def place(value: float) -> float:
        return _LEFT + (math.log10(value) - low) * scale

    parts = [f'<text x="0" y="18">{escape(title)}</text>']
    for power in range(low, high + 1):
        x = place(10**power)
        parts.append(f'<line class="grid" x1="{x:.0f}" x2="{x:.0f}" y1="{_TOP - 8}" y2="{height - 26}"/>')
        parts.append(f'<text class="small" x="{x:.0f}" y="{height - 10}" text-anchor="middle">{10**power:g} s</text>')
    for number, (name, value) in enumerate(sorted(seconds.items(), key=lambda pair: pair[1])):
        y = _TOP + _LINE * number
        kind = "own" if name == own else "bar"
        parts.append(f'<text x="{_LEFT - 10}" y="{y + 14}" text-anchor="end">{escape(name)}</text>')
        parts.append(
            f'<rect class="{kind}" x="{_LEFT}" y="{y}" width="{place(value) - _LEFT:.0f}" height="18" rx="3"/>'
        )
        parts.append(f'<text x="{place(value) + 8:.0f}" y="{y + 14}">{value:.2f} s</text>')
        parts.append(f'<text class="small" x="{_LEFT}" y="{y + 33}">{escape(words.get(name, ""))}</text>')
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" '
        f'role="img" aria-label="{escape(title)}">\n<style>{_STYLE}</style>\n{body}\n</svg>\n'
    )
