"""`cuedeck completion`"""

import click
from click.shell_completion import get_completion_class

_NAME = "cuedeck"


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print what bash, zsh or fish needs to complete the commands and options of cuedeck.

    \b
    bash: add to ~/.bashrc    eval "$(cuedeck completion bash)"
    zsh:  add to ~/.zshrc     eval "$(cuedeck completion zsh)"
    fish: run once
          cuedeck completion fish > ~/.config/fish/completions/cuedeck.fish
    """  # noqa: D301  click does not rewrap the paragraph after \b
    found = get_completion_class(shell)
    assert found  # since click knows these three
    click.echo(found(ctx.find_root().command, {}, _NAME, "_CUEDECK_COMPLETE").source())
