"""From cards.yaml to everything that a package is made from, and which of its packages learners have."""
