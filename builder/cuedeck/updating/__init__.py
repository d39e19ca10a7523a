"""What an edit brings to learners: what becomes of each note, which harm it may do, and the words for both."""
