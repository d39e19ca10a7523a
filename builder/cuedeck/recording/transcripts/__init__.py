"""Reading a transcript of any shape into the same cues, and saying what of it could not be read."""
