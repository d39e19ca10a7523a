"""From the text of cards.yaml to a sound `Deck`, or to everything that is wrong with it."""
