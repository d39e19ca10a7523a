"""Turn a deck into what Anki gets: Markdown into HTML, notes into fields, and note types with their look."""
