"""What the program remembers: the lock and the manifest, ids and times, and what a package holds."""
