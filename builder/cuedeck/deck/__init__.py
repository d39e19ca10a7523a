"""What a deck is: frozen values, moments and links. Knows nothing of YAML, HTML, Anki or files."""
