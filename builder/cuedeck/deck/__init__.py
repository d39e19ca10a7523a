"""What a deck is: frozen values, moments and links. Knows no YAML, HTML, Anki or files."""
