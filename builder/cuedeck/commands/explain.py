"""`cuedeck explain`"""

import click

from cuedeck.advice.rules import RULES
from cuedeck.wording import did_you_mean, nearest


@click.command()
@click.argument("rule", required=False)
def command(rule: str | None) -> None:
    r"""Print what a RULE of good cards wants, why, and a bad and a good example; without RULE, list all rules.

    To go without a rule, name it in cards.yaml with the reason, for the whole deck or for one note, concept or source:

    \b
        check:
          ignore:
            long-answer in some-note: The wording of the law is what has to be known.
    """
    if rule is None:
        longest = max(map(len, RULES))
        for each in RULES.values():
            click.echo(f"{each.name:{longest}}  {each.summary}")
        return
    if rule not in RULES:
        hint = did_you_mean(*nearest(rule, RULES)) or '"cuedeck explain" lists all rules.'
        raise click.BadParameter(f'there is no rule "{rule}": {hint}', param_hint="RULE")
    click.echo(f"{rule}\n\n{RULES[rule].page}")
