"""Whether a deck still has the namespace of an example, which other decks may have, too."""

from cuedeck.building.loading import Checked
from cuedeck.deck.values import EXAMPLE_NAMESPACES, new_namespace
from cuedeck.problems import Level, Problem


def namespace_of_an_example(checked: Checked, level: Level) -> tuple[Problem, ...]:
    """Return the problem of a deck with the namespace of an example; none if it has its own.

    None either if learners have the deck already: another namespace would cost them their progress.
    """
    namespace = checked.deck.about.namespace
    if namespace not in EXAMPLE_NAMESPACES or checked.lock.is_handed_out:
        return ()
    keys = ("deck", "namespace")
    message = (
        f'"{namespace}" is the namespace of an example in the manual: to Anki, all decks that have it are one deck, '
        "whose notes overwrite each other"
    )
    hint = f"replace it with a word drawn at random, such as {new_namespace()}"
    place = checked.locate(keys, "value", "")
    return (Problem(place, message, "example-namespace", hint, level, keys),)
