"""What the program remembers: the lock and the manifest, ids and times, and the contents of a package."""
