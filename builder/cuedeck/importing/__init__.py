"""Reading decks of other tools, and lists, into a cards.yaml: each text is proved to say the same as before."""
