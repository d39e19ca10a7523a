"""Pages for people: every card as Anki shows it, and the timeline of what the notes cover."""
