"""Where everything of a deck is, its texts read, and its files written so that each is whole."""
