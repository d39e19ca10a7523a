"""Going over from a deck of another tool: what goes on, and the packages that take its learners along."""
