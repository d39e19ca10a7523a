"""The drawing of the rooms in the manual: one row for each layer of the contract that `make check` guards."""

import importlib
import inspect
import re
import textwrap
import tomllib
from collections.abc import Iterable
from html import escape

from tests.making import ROOT

_WIDTH, _LEFT, _TOP, _BETWEEN = 760, 34, 44, 10  # in pixels, like all that follows
_PAD, _NAME, _LINE = 10, 24, 17
_CHARACTER = 7.2  # wide, on the average of most fonts at 13 px, with some room to spare
_STYLE = """
text { font: 13px system-ui, sans-serif; fill: #59636e } .head { font-size: 14px; fill: #1f2328 }
.name { font: 600 14px ui-monospace, monospace; fill: #1f2328 }
.page { fill: #ffffff } .room { fill: #f6f8fa; stroke: #d1d9e0 } .arrow { stroke: #59636e; fill: none; stroke-width: 2 }
@media (prefers-color-scheme: dark) {
text { fill: #b1bac4 } .head, .name { fill: #f0f6fc }
.page { fill: #0d1117 } .room { fill: #161b22; stroke: #3d444d } .arrow { stroke: #b1bac4 }
}
"""
_TITLE = "Each room knows only the rooms below it. Rooms in one row do not know each other."


def layers() -> list[list[str]]:
    """Return the rooms from the top down, those of one row together: the modules that the contract on layers names."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (contract,) = (each for each in settings["contracts"] if each["type"] == "layers")
    return [[name.strip() for name in row.split("|")] for row in contract["layers"]]


def drawing() -> str:
    """Return the rows of rooms as an SVG, each room with its name and the first sentence of its docstring."""
    parts, y = [f'<text class="head" x="{_LEFT}" y="24">{escape(_TITLE)}</text>'], _TOP
    for row in layers():
        width = (_WIDTH - _LEFT - _PAD - _BETWEEN * (len(row) - 1)) / len(row)
        texts = [_lines(_first_sentence(name), int((width - 2 * _PAD) / _CHARACTER)) for name in row]
        height = _NAME + _LINE * max(map(len, texts)) + _PAD
        for place, (name, lines) in enumerate(zip(row, texts, strict=True)):
            parts += _room(_LEFT + place * (width + _BETWEEN), y, width, height, name, lines)
        y += height + _BETWEEN
    return _svg(y, [_arrow(y - _BETWEEN), *parts])


def _first_sentence(module: str) -> str:
    text = inspect.getdoc(importlib.import_module(module)) or ""
    return re.split(r"(?<=[.])\s", text.replace("`", ""), maxsplit=1)[0]


def _lines(text: str, most: int) -> list[str]:
    """Return the fewest lines of at most so many characters, each about as long as the others."""
    fewest = len(textwrap.wrap(text, most))
    return next(lines for width in range(1, most + 1) if len(lines := textwrap.wrap(text, width)) <= fewest)


def _room(x: float, y: int, width: float, height: int, module: str, lines: Iterable[str]) -> Iterable[str]:
    name = module.partition(".")[2]
    yield f'<rect class="room" x="{x:.0f}" y="{y}" width="{width:.0f}" height="{height}" rx="6"/>'
    yield f'<text class="name" x="{x + _PAD:.0f}" y="{y + _NAME - 5}">{escape(name)}</text>'
    for number, line in enumerate(lines, 1):
        yield f'<text x="{x + _PAD:.0f}" y="{y + _NAME + _LINE * number - 4}">{escape(line)}</text>'


def _arrow(bottom: int) -> str:
    return f'<path class="arrow" d="M17 {_TOP}V{bottom - 2}M11 {bottom - 10}L17 {bottom - 2}L23 {bottom - 10}"/>'


def _svg(height: int, parts: Iterable[str]) -> str:
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" '
        f'role="img" aria-label="{escape(_TITLE)}">\n<style>{_STYLE}</style>\n'
        f'<rect class="page" width="{_WIDTH}" height="{height}" rx="8"/>\n{body}\n</svg>\n'
    )
