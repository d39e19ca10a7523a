"""cards.yaml to everything that a package is made from."""
