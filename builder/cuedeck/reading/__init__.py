"""From the text of cards.yaml to a `Deck`, or to everything that is wrong with the text."""
