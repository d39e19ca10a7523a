"""`cuedeck media`"""

import os
from dataclasses import asdict
from pathlib import Path

import click

from cuedeck.commands.options import cards_argument, print_data, problems_as_data, say
from cuedeck.problems import is_text, visible
from cuedeck.usecases.media import Listed, Listing, media, prunable
from cuedeck.wording import counted, listed, megabytes


@click.command()
@cards_argument
@click.option("--prune", is_flag=True, help="Print only the paths of files that no note uses; nothing is deleted.")
@click.option(
    "-0", "--null", is_flag=True, help="With --prune, end each path with a zero byte, as xargs -0 reads them."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the list.")
def command(cards: Path, prune: bool, null: bool, form: str) -> None:
    """List the pictures and sounds of CARDS (cards.yaml by default), and those that no note uses.

    For each file: its size, its pixels, how many notes use it, whether it has the same bytes as another one, why it
    cannot be on a card, and the codes of advice on it. Files in media/ are listed, and in other folders from which
    notes take files. No file is changed or deleted.
    """
    if null and not prune:
        raise click.UsageError("--null is about the paths that --prune prints: add --prune")
    with problems_as_data(form):
        if prune:
            _print_paths(prunable(cards), null, form)
        else:
            _print(media(cards), form, cards)


def _print_paths(paths: list[Path], null: bool, form: str) -> None:
    # A path that begins with a dash would be an option for the program that reads it.
    names = [f"./{name}" if name.startswith("-") else name for name in (path.as_posix() for path in paths)]
    if form == "json":
        print_data({"unused": names})
        return
    if null:
        click.echo(b"".join(os.fsencode(name) + b"\0" for name in names), nl=False)
    else:
        plain = [name for name in names if visible(name) == name and is_text(name)]
        click.echo("".join(f"{name}\n" for name in plain), nl=False)
        if left := len(names) - len(plain):
            say(f"{counted(left, 'path')} left out, with characters that no line can show: add -0", err=True)
    say(f"{counted(len(names), 'file')} that no note uses; nothing was deleted", err=True)


def _print(found: Listing, form: str, cards: Path) -> None:
    if form == "json":
        files = [asdict(each) for each in found.files]
        print_data({"file": cards.as_posix(), "sound": found.is_sound, "files": files, "packed": found.packed})
    else:
        _print_table(found)
    if not found.is_sound:
        if form != "json":
            say(f"{cards.as_posix()} has errors, so notes may use more files than this: run cuedeck check", err=True)
        click.get_current_context().exit(1)


def _print_table(found: Listing) -> None:
    rows = [(visible(each.path), _size(each), _pixels(each), _state(each)) for each in found.files]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    lines = [f"{path:{widths[0]}}  {size:>{widths[1]}}  {px:>{widths[2]}}  {state}" for path, size, px, state in rows]
    say(*lines, f"{counted(len(rows), 'file')}, {_sum(found)}")


def _size(each: Listed) -> str:
    return megabytes(each.size) if each.size else ""


def _pixels(each: Listed) -> str:
    return f"{each.width} x {each.height}" if each.width else ""


def _state(each: Listed) -> str:
    match each.state:
        case "used":
            words = counted(len(each.notes), "note")
        case "unused":
            words = "not used"
        case "refused":
            words = f"cannot be on a card: {each.reason}"
    same = f"; same bytes as {listed(each.same, 2)}" if each.same else ""
    codes = "".join(f" [{code}]" for code in each.advice or () if code != "same-file")
    return f"{words}{same}{codes}"


def _sum(found: Listing) -> str:
    used = [each for each in found.files if each.state == "used"]
    left = sum(each.state == "unused" for each in found.files)
    parts = [f"{len(used):,} in the package" + (f" ({megabytes(found.packed)})" if found.packed else "")]
    parts += [f"{left:,} not used"] if left else []
    refused = len(found.files) - len(used) - left
    parts += [f"{refused:,} that cannot be on a card"] if refused else []
    return ", ".join(parts)
