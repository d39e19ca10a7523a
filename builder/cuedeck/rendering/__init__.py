"""From the words of a deck to what Anki is given: Markdown to HTML, notes to fields, note types with their look."""
