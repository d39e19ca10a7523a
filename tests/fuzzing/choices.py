"""Decisions that are read from bytes, and odd values: a fuzzer changes the bytes, and so tries other decisions."""

import json
import math
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

Each = TypeVar("Each")

CANARY = "canary"
"""A word that no page may contain where a browser would run or follow it."""

HARMFUL = (
    *("<script>canary()</script>", '"><img src=x onerror=canary()>', "' onmouseover='canary()", "javascript:canary()"),
    *("</style><script>canary()</script>", "</textarea><svg onload=canary()>", "<a href=' javascript:canary()'>a</a>"),
    *('<meta http-equiv="refresh" content="0;url=//canary">', '<base href="//canary/">', "<form action=//canary>"),
    *("&lt;script&gt;canary()&lt;/script&gt;", "data:text/html,canary", "]]><script>canary()</script>"),
    *('<iframe srcdoc="<script>canary()</script>"></iframe>', "}</style>*{background:url(//canary)}"),
)
ODD_TEXTS = (
    *("", " ", "x", "1", "-1", "1.0.0", "é", "e\u0301", "\u202eabc", "\u2028", "\u200b", "\ufeff", "\U0001f600"),
    *("\0", "a\0b", "\n", "a\nb", "\r", "\t", "\x1b]0;owned\x07", "\x9b31m", "\x1f", "\x7f", "\ud800", "\udfff"),
    *("../../owned", "/owned", "C:\\owned", "\\\\host\\owned", "..", ".", "a/b", "con", "-rf", "~", "%00", "${HOME}"),
    *("{{c1::x}}", "{{c1::", "}}", "{{c99999999999::x}}", "{{Front}}", "{{#Front}}", "{{/Front}}", "[sound:x.mp3]"),
    *("[sound:../../owned]", '<img src="../../owned">', '<img src="cuedeck-0000000000000000.png">', "\\(x\\)"),
    *(
        "<b>",
        "</div>",
        "<!--",
        "&",
        "&#0;",
        "a::b",
        "::",
        "*",
        "_x",
        "\x1fx\x1f",
        "x" * 3000,
        "[" * 300,
        "((((((((" * 9,
    ),
    *("2025-02-31", "https://e.org/?a=b&c", "https://e.org/" + "x" * 3000, "mailto:a@e.org", "http://[::1", "//e.org"),
    *(
        "unknown",
        "0",
        "00",
        "1e5",
        "٣",
        "٣٣٣",
        "²",
        "K",
        "ﬀ",
        "İ",
        "9" * 5000,
        f"&#{'9' * 5000};",
        f"&#{'0' * 5000}65;",
    ),
    *(f"{{{{c{'9' * 5000}::x}}}}", f"{'9' * 5000}. x", f'<ol start="{"9" * 5000}"><li>a', "<li value=²>", "<b", "<!["),
    *("<a " * 300, "<b>" * 300, '<p style="font-weight: ²">a', "<ruby>" * 40, "<table><td>" * 40, "`" * 99, "|" * 99),
    *HARMFUL,
)
ODD_NUMBERS = (
    *(0, 1, -1, 2, 255, 65_535, 65_536, 999_999, 1_000_000, 2**31 - 1, 2**31, -(2**31), 2**32, 2**53 - 1, 2**53),
    *(2**62, 2**63 - 1, -(2**63), 253_402_300_799, 253_402_300_800, 1_700_000_000, 1_699_999_999, 1_700_000_000_000),
    *(0.0, -0.0, 0.5, 1.0, 1e15, 1e18, 1e19, 1e308, float("inf"), float("-inf")),
)
_LONG = "a number of very many digits"
_TOO_LARGE = (2**63, 2**64, 10**40, -(10**40))
_DEEP = 200


class Choices:
    """A series of decisions. When the bytes have ended, each is the first of its options."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def below(self, bound: int) -> int:
        """Return a number from 0 to below a bound."""
        size = max(1, (bound - 1).bit_length() + 7 >> 3)
        part = self._data[self._at : self._at + size]
        self._at += size
        return int.from_bytes(part, "little") % bound

    def of(self, options: Sequence[Each]) -> Each:
        """Return one of some options."""
        return options[self.below(len(options))]

    def seldom(self) -> bool:
        """Return True once in sixteen times."""
        return self.below(16) == 15

    def times(self) -> range:
        """Return a range of one to four times."""
        return range(1 + self.below(4))

    def part(self, longest: int) -> bytes:
        """Return some of the bytes themselves."""
        length = self.below(longest + 1)
        self._at += length
        return self._data[self._at - length : self._at]

    def text(self, of: str = "") -> str:
        """Return an odd text, sometimes made from another one."""
        odd = self.of(ODD_TEXTS)
        made = (odd, of + odd, odd + of, of[: len(of) // 2] + odd + of[len(of) // 2 :], of + of, of.upper(), of[:-1])
        return self.of(made)

    def number(self, of: int = 0) -> Any:
        """Return an odd number, sometimes one near another one."""
        return self.of((self.of(ODD_NUMBERS), of + self.below(5) - 2, -of, float(of) if abs(of) < 2**63 else 0.5))

    def value(self, of: Any = None) -> Any:
        """Return an odd value as in JSON, sometimes made from another one."""
        kind = self.below(10)
        if isinstance(of, bool) or of is None or kind > 5:
            deep: Any = []
            for _ in range(_DEEP):
                deep = [deep]
            plain = (
                None,
                True,
                False,
                [],
                {},
                {"": 1},
                [of],
                {"a": of},
                deep,
                self.of(_TOO_LARGE),
                _LONG,
                float("nan"),
            )
            return self.of((*plain, self.text(), self.number()))
        if isinstance(of, int | float):
            return self.number(int(of) if math.isfinite(of) else 0) if kind < 5 else str(of)
        if isinstance(of, str):
            return self.text(of)
        return self.of(([of], {"a": of}, str(of)))

    def edited(self, data: bytes, at: Callable[[int], int] | None = None) -> bytes:
        """Return some bytes with a few of them changed; `at` says where, for a length."""
        for _ in self.times():
            place = at(len(data)) if at else self.below(len(data) + 1)
            length = self.below(5)
            piece = self.of((self.part(8), bytes(length), b"\xff" * length, data[place : place + 40] * 2, b""))
            data = data[:place] + piece + data[place + (len(piece) if self.below(2) else length) :]
        return data[: self.below(len(data) + 1)] if self.seldom() else data

    def spoiled(self, data: Any) -> Any:
        """Return JSON data in which a few values are odd, or missing, or twice."""
        for _ in self.times():
            data = self._with_one_spoiled(data)
        return data

    def _with_one_spoiled(self, data: Any) -> Any:
        kind = self.below(8)
        if kind == 7 or not data or not isinstance(data, dict | list):
            return self.value(data)
        if isinstance(data, list):
            place = self.below(len(data))
            if kind < 5:
                return [*data[:place], self._with_one_spoiled(data[place]), *data[place + 1 :]]
            return self.of((data[:place] + data[place + 1 :], [*data, data[place]], data[::-1], [*data, self.value()]))
        key = self.of([*data])
        rest = {each: value for each, value in data.items() if each != key}
        if kind < 5:
            return {**data, key: self._with_one_spoiled(data[key])}
        other = self.of([*data])
        renamed = {self.text(str(key)): data[key], **rest}
        return self.of((rest, renamed, {**data, key: data[other]}, {**data, self.text(): self.value()}))


def as_json(data: Any, **options: Any) -> str:
    """Return data as JSON, also what no program would write: numbers of thousands of digits, and no numbers at all."""
    return json.dumps(data, **options).replace(f'"{_LONG}"', "9" * 5000)
