"""What the recording of a source holds, as far as authors need it: the passages that cards play."""
