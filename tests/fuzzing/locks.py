"""Locks with odd values, lines of two branches, lines twice or in another order, in whatever reads a lock."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.fuzzing.bases import KEPT, LOCK, folder_of
from tests.fuzzing.choices import Choices, as_json
from tests.fuzzing.trying import built, inside, makes_pages, succeeds

_BRANCHES = ("draft", "released", "branch", "other release")


def spoiled_lock(choices: Choices) -> bytes:
    """Return the lock of one branch, or of two that git merged, with something odd in it."""
    lines = folder_of(choices.of(_BRANCHES))[LOCK].decode().splitlines()
    if choices.below(3) == 2:
        other = folder_of(choices.of(_BRANCHES))[LOCK].decode().splitlines()
        lines = sorted({*lines, *other}) if choices.below(2) else [*lines, *other]
    for _ in range(choices.below(4)):
        lines = _with_one_spoiled(choices, lines)
    text = choices.of(("\n", "\r\n", "\n\n", "\r")).join(lines) if choices.seldom() else "\n".join(lines)
    data = f"{text}\n".encode("utf-8", "surrogatepass")
    return choices.edited(data) if choices.seldom() else data


def _with_one_spoiled(choices: Choices, lines: list[str]) -> list[str]:
    if not lines:
        return lines
    place = choices.below(len(lines))
    before, line, after = lines[:place], lines[place], lines[place + 1 :]
    kind = choices.below(8)
    if kind == 7:
        odd = ([*before, *after], [*lines, line], lines[::-1], [*lines, "{}"], [*lines, as_json(choices.value())])
        return choices.of(odd)
    try:
        data = json.loads(line)
        other = json.loads(choices.of(lines))
    except (ValueError, RecursionError):
        return [*before, *after]
    if kind == 6 and isinstance(data, dict) and isinstance(other, dict):
        key = choices.of([*other] or [""])
        return [*before, as_json({**data, key: other.get(key)}), *after]
    spoiled = as_json(choices.spoiled(data), ensure_ascii=choices.below(2) == 0)
    return [*lines, spoiled] if kind == 5 else [*before, spoiled, *after]


def _check() -> bool:
    words = ("check --format json", "verify decks/small.apkg", "coverage -o c.svg", "media", "chapters")
    return min([succeeds(*each.split()) for each in words])  # all of them are run


def _build() -> bool:
    return built("build")


def _release() -> bool:
    return built("release", "2.0.0")


def _diff() -> bool:
    return succeeds("diff", "--format", "json") & succeeds("diff", KEPT, "--format", "markdown")


def _rehearse() -> bool:
    return succeeds("rehearse", KEPT)


def _share() -> bool:
    return makes_pages("site", "share", "-o", "site")


def _preview() -> bool:
    return makes_pages("out", "preview", "-o", "out/preview.html")


def _fork() -> bool:
    return succeeds("fork", "--id", "other", "--title", "Other") and built("build", package="decks/other.apkg")


def _corrections() -> bool:
    return succeeds("corrections", "--from", "1.0.0") & succeeds("check", "--fix")


ROADS: Mapping[str, Callable[[], bool]] = {
    "check": _check,
    "build": _build,
    "release": _release,
    "diff": _diff,
    "rehearse": _rehearse,
    "share": _share,
    "preview": _preview,
    "fork": _fork,
    "corrections": _corrections,
}
"""What is done with a lock, by name; each returns whether all commands succeeded."""


def take(lock: bytes, road: str, folder: Path, base: str) -> bool:
    """Do one of the roads with a lock that may be anything; return whether it succeeded. Raises `Broken`."""
    with inside(folder, {**folder_of(base), LOCK: lock}):
        return ROADS[road]()


def follow(data: bytes, folder: Path) -> bool:
    """Make a lock by the decisions in some bytes, and take one of the roads with it, as `take` does."""
    choices = Choices(data)
    road, base = choices.of([*ROADS]), choices.of(_BRANCHES)
    return take(spoiled_lock(choices), road, folder, base)


def seeds() -> dict[str, bytes]:
    """Return decisions for each road with the lock of each branch, some of them merged with another one."""
    return {
        f"{road}-{lock}": bytes([road, (road + lock) % 4, lock, 2 * (lock % 2), 3 - lock, 1, 1, 5, 0, 0, 3])
        for road in range(len(ROADS))
        for lock in range(len(_BRANCHES))
    }
