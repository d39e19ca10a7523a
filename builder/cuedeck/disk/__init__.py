"""Where everything of a deck lies, and files written so that each is whole."""
