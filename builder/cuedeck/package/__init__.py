"""The .apkg: its rows, its container, and reading one that comes from anybody."""
