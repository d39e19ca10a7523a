"""The disk that keeps no more than it must: it shows a missing flush, which a real disk nearly always hides."""

import pytest

from tests.faults.disk import Disk, State, Step

OLD, NEW, NOTHING = (0o100644, b"old"), (0o100644, b"new"), (0o100644, b"")
FOLDER = (0o40755, b"")

Steps = list[tuple[str, tuple[str, ...], State]]
"""Each call, the names it concerns, and what is there after it."""

WRITTEN: Steps = [("make", ("b",), {"a": OLD, "b": NEW})]
RENAMED: Steps = [("rename", ("b", "a"), {"a": NEW})]
FLUSHED: Steps = [("flush", ("b",), {"a": OLD, "b": NEW})]
LASTING: Steps = [("flush", (".",), {"a": NEW})]


def after(old: State, steps: Steps) -> list[State]:
    """Return the states that a power cut after these steps may leave, each once."""
    disk = Disk(old)
    for call, names, now in steps:
        disk.follow(Step(call, names, {}))
        disk.look(now)
    found: list[State] = []
    found += (state for state in disk.after_a_cut() if state not in found)
    return found


@pytest.mark.parametrize(
    ("steps", "states"),
    [
        ([], [{"a": OLD}]),
        (WRITTEN, [{"a": OLD}, {"a": OLD, "b": NOTHING}, {"a": OLD, "b": NEW}]),
        (WRITTEN + FLUSHED, [{"a": OLD}, {"a": OLD, "b": NEW}]),
        (WRITTEN + RENAMED, [{"a": OLD}, {"a": OLD, "b": NOTHING}, {"a": OLD, "b": NEW}, {"a": NOTHING}, {"a": NEW}]),
        (WRITTEN + RENAMED + LASTING, [{"a": NOTHING}, {"a": NEW}]),
        (WRITTEN + FLUSHED + RENAMED, [{"a": OLD}, {"a": OLD, "b": NEW}, {"a": NEW}]),
        (WRITTEN + FLUSHED + RENAMED + LASTING, [{"a": NEW}]),
        ([("flush", ("a",), {"a": NEW})], [{"a": OLD}, {"a": NOTHING}, {"a": NEW}]),
        ([("remove", ("a",), {})], [{"a": OLD}, {}]),
        ([("remove", ("a",), {}), ("flush", (".",), {})], [{}]),
    ],
)
def test_what_was_not_flushed_may_be_lost(steps: Steps, states: list[State]) -> None:
    """A new file is certainly in its place only if it was flushed and renamed, and then its folder was flushed."""
    found = after({"a": OLD}, steps)
    assert len(found) == len(states)
    assert all(state in found for state in states)


def test_a_file_in_a_lost_folder_is_lost() -> None:
    """A flushed file in a flushed folder is gone if the folder is new and the one above it was not flushed."""
    steps: Steps = [
        ("make", ("f",), {"f": FOLDER}),
        ("make", ("f/a",), {"f": FOLDER, "f/a": NEW}),
        ("flush", ("f/a",), {"f": FOLDER, "f/a": NEW}),
        ("flush", ("f",), {"f": FOLDER, "f/a": NEW}),
    ]
    assert after({}, steps) == [{}, {"f": FOLDER, "f/a": NEW}]
    assert after({}, [*steps, ("flush", (".",), steps[-1][2])]) == [{"f": FOLDER, "f/a": NEW}]
