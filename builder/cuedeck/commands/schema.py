"""`cuedeck schema`"""

import json

import click

from cuedeck.reading.schema import json_schema


@click.command()
def command() -> None:
    """Print the JSON Schema of cards.yaml, which editors check and complete with.

    Save it beside cards.yaml and name it in the first line:
    "# yaml-language-server: $schema=cards.schema.json".
    """
    # In ASCII, so that a file it is redirected to is right whatever the system's encoding.
    click.echo(json.dumps(json_schema(), indent=2))
