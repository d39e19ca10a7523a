"""What learners get from an edit: what becomes of each note, the harm that may come with it, and the words for both."""
