"""What to write where a deck has lost its id, its namespace or its title, by which learners' collections know it."""

import json
from dataclasses import replace

from cuedeck.deck.values import new_namespace
from cuedeck.disk.workspace import Workspace
from cuedeck.history.lock import Lock
from cuedeck.history.lockfile import read_lock
from cuedeck.problems import Problem, Problems, Report


def restore_names(workspace: Workspace, report: Report) -> None:
    """Give each problem of a missing or invalid name of the deck a hint that can be pasted into the file.

    The lock remembers the names. Without one, only a namespace is proposed, which is drawn.
    """
    lock = _lock_of(workspace)
    names = _names(lock) if lock else {"namespace": new_namespace()} if not workspace.lock.exists() else {}
    origin = f"as {workspace.lock.name} has it" if lock else "which was just drawn for this deck"
    report.problems = [_with_name(problem, names, origin) for problem in report.problems]


def _names(lock: Lock) -> dict[str, str]:
    """Return what a lock remembers of a deck, by the keys of the deck, as it is written in a file."""
    title = lock.titles.get("", "")
    return {"id": lock.deck, "namespace": lock.namespace} | (
        {"title": json.dumps(title, ensure_ascii=False)} if title else {}
    )


def _with_name(problem: Problem, names: dict[str, str], origin: str) -> Problem:
    is_missing = problem.rule == "missing-key"
    for name, value in names.items():
        if problem.keys == ("deck", name):
            how = "add this below deck:" if is_missing else "write this"
            return replace(problem, hint=f"{how}, {origin}: {name}: {value}")
    if is_missing and problem.keys == ("deck",) and len(names) > 1:
        lines = "".join(f"\n          {name}: {value}" for name, value in names.items())
        return replace(problem, hint=f"write this, {origin}:\n        deck:{lines}")
    return problem


def _lock_of(workspace: Workspace) -> Lock | None:
    """Return the lock of a deck; None if there is none or it cannot be read, which matters once the deck is named."""
    try:
        return read_lock(workspace.lock)
    except Problems:
        return None
