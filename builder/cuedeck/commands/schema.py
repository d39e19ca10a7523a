"""`cuedeck schema`"""

import json

import click

from cuedeck.reading.schema import json_schema


@click.command()
def command() -> None:
    """Print the JSON Schema of cards.yaml and its parts, which editors use to check and complete what you write.

    Save it beside cards.yaml as cards.schema.json, and make this the first line of cards.yaml. In a part, write its
    path from there, such as ../cards.schema.json:

    \b
    # yaml-language-server: $schema=cards.schema.json
    """  # noqa: D301  click does not rewrap the paragraph after this sign
    # In ASCII, so that a file to which it is redirected is right whatever the system's encoding.
    click.echo(json.dumps(json_schema(), indent=2))
