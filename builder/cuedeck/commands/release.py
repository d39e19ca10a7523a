"""`cuedeck release`"""

from pathlib import Path

import click

from cuedeck.commands.options import accept_option, cards_argument, print_text, quiet_option, say, show_problems
from cuedeck.usecases.release import release
from cuedeck.wording import counted


@click.command()
@click.argument("version", metavar="VERSION", required=False)
@cards_argument
@accept_option
@click.option(
    "--since",
    type=click.Path(path_type=Path),
    help="The package that learners have, if its copy is missing here, or if it was made with another tool or "
    "in another folder.",
)
@click.option("--strict", is_flag=True, help="Stop at warnings and advice, too.")
@click.option(
    "--commit", is_flag=True, help="Commit the files of the release, and nothing else, to git, without running hooks."
)
@click.option(
    "--tag", is_flag=True, help="Commit as --commit does, and tag the commit with the version, such as v1.0.0."
)
@quiet_option
def command(
    version: str | None,
    cards: Path,
    accept: tuple[str, ...],
    since: Path | None,
    strict: bool,
    commit: bool,
    tag: bool,
    quiet: bool,
) -> None:
    """Release CARDS (cards.yaml by default) as VERSION, such as 1.0.0.

    One run reports everything that prevents a release: problems, hazards that you have not accepted, and uncommitted
    changes. Everything that changed since the last release gets the time of the new one. The lock, the package and
    CHANGELOG.md are written, and a copy of the package is kept under its version, beside corrections for learners of
    earlier releases. Until something changes, the next build is the same as this release.
    """
    if version is None:
        raise click.UsageError("a release needs a version, three numbers, such as: cuedeck release 1.0.0")
    released = release(cards, version, accept, since=since, strict=strict, commit=commit, tag=tag)
    show_problems(released.remarks)
    if quiet:
        return
    made = f"{counted(len(released.build.notes), 'note')}, {counted(released.build.card_count, 'card')}"
    version = released.build.lock.releases[-1].version
    say(f"{released.copy.as_posix()}: version {version}, {made}, the file to give away")
    print_text(released.notes)
    if released.commit:
        say(f"committed as {released.commit[:10]}{f', tagged {released.tag}' if released.tag else ''}")
    else:
        what = "commit to git" if released.is_in_git else "keep for the next release"
        say(f"{what}: {', '.join(path.as_posix() for path in released.files)}")
