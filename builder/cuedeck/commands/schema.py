"""`cuedeck schema`"""

import click

from cuedeck.reading.schema import schema_text


@click.command()
def command() -> None:
    """Print the JSON Schema of cards.yaml and its parts, which editors use to check and complete what you write.

    Save it beside cards.yaml as cards.schema.json, and make this the first line of cards.yaml. In a part, write its
    path from there, such as ../cards.schema.json:

    \b
    # yaml-language-server: $schema=cards.schema.json
    """  # noqa: D301  click does not rewrap the paragraph after this sign
    click.echo(schema_text(), nl=False)
