"""Cuedeck: one curated cards.yaml about a recorded talk becomes an Anki deck that can be updated for years."""

# A literal, since asking the installed metadata costs more time than the rest of the start-up.
__version__ = "1.1.0"
