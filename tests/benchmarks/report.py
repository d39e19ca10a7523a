"""What was measured, compared with the bars, as a table and as JSON."""

import json
import os
import platform
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tests.benchmarks.measuring import Taken

# The factor by which the short run relaxes each bar: it should catch only a slip by an order of magnitude, on any
# machine, at any hour.
GENEROUS = 10


@dataclass(frozen=True, slots=True)
class Ratio:
    """One line of the table: a ratio of two measurements, and the bar that it must not exceed, or must reach.

    `value` is None if it could not be measured; `note` says why, or what the other tool leaves out.
    """

    measure: str
    value: float | None
    bar: float
    aim: float | None = None
    at_least: bool = False
    note: str = ""

    def holds(self, slack: float = 1) -> bool | None:
        """Whether the bar, relaxed by a factor, is kept; None if nothing was measured."""
        if self.value is None:
            return None
        return self.value * slack >= self.bar if self.at_least else self.value <= self.bar * slack


def table(ratios: Iterable[Ratio], slack: float = 1) -> str:
    """Return the ratios as lines for a terminal."""
    verdicts = {True: "kept", False: "MISSED", None: "not measured"}
    rows = [("measure", "ratio", "bar", "aim", "verdict", "")]
    for each in ratios:
        sign = "≥" if each.at_least else "≤"
        value = "–" if each.value is None else f"{each.value:.2f}"
        bar = each.bar / slack if each.at_least else each.bar * slack
        aim = "" if each.aim is None else f"{each.aim:g}"
        rows.append((each.measure, value, f"{sign} {bar:g}", aim, verdicts[each.holds(slack)], each.note))
    return _aligned(rows)


def medians(taken: dict[str, Taken]) -> str:
    """Return the medians as lines for a terminal."""
    rows = [("", "seconds", "peak MiB", "runs")]
    rows += [(name, f"{each.seconds:.3f}", f"{each.peak:.0f}", str(each.runs)) for name, each in taken.items()]
    return _aligned(rows)


def _aligned(rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "\n".join(lines)


def as_json(notes: int, taken: dict[str, Taken], ratios: Iterable[Ratio]) -> str:
    """Return everything as JSON, with a description of the machine."""
    plain: dict[str, Any] = {
        "machine": {
            "system": platform.system(),
            "processor": platform.machine(),
            "cores": os.cpu_count(),
            "python": ".".join(map(str, sys.version_info[:3])),
        },
        "notes": notes,
        "medians": {name: _rounded(asdict(each)) for name, each in taken.items()},
        "ratios": [_rounded({**asdict(each), "holds": each.holds()}) for each in ratios],
    }
    return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"


def _rounded(values: dict[str, Any]) -> dict[str, Any]:
    return {key: round(value, 4) if isinstance(value, float) else value for key, value in values.items()}
