"""From cards.yaml to all that a package is made from, and which packages learners have of it."""
