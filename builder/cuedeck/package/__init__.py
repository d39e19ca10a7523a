"""The .apkg: its rows, its container, and reading a package that may come from anyone."""
