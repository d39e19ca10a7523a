"""The pictures and sounds of a deck: which files learners can have, what each is, and its name in Anki."""
