"""Where the files of a deck are, how to read its texts, and how to write its files so that each is whole."""
