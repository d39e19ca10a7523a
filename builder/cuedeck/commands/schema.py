"""`cuedeck schema`"""

import json

import click

from cuedeck.reading.schema import json_schema


@click.command()
def command() -> None:
    """Print the JSON Schema of cards.yaml, with which editors check what you write and complete it.

    Save it beside cards.yaml as cards.schema.json, and make this the first line of cards.yaml:
    "# yaml-language-server: $schema=cards.schema.json".
    """
    # In ASCII, so that a file to which it is redirected is right whatever the system's encoding.
    click.echo(json.dumps(json_schema(), indent=2))
