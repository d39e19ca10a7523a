"""What has been built so far, and so what an edit means for those who have it: the lock, ids, times, hazards."""
