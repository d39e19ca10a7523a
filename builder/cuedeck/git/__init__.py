"""What git has of a folder: a file as it was committed, and what was changed since; and committing a few files.

The repository may be a stranger's, and its settings can name programs to run (filters, hooks, file system monitors,
external diffs, transports) and machines to connect to (remotes that lend missing objects). So git never works under
them: it works in a scratch repository, made for each question, which borrows objects, index and references from the
real one and has the few settings of it that are plain data. A setting that a later git invents is not among these.

A commit is made there too. Only the new index, branch and tag come into the real one, and not by git's hand (`moving`).
"""
