"""Ask git about a folder (a file as it was committed, what has changed since), and commit a few files.

The repository may come from a stranger, and its settings can name programs to run (filters, hooks, file system
monitors, external diffs, transports) and machines to connect to (remotes that supply missing objects). So git never
runs with those settings. For each question we make a scratch repository, which borrows objects, index and references
from the real one, and copies only the few settings that are plain data. Settings that a later git invents are left out.

A commit is made there too. Only the new index, branch and tag are then put into the real repository, and we do that
ourselves (`moving`).
"""
