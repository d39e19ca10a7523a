"""A learner's way through an update, played in a scratch collection of Anki's own library, and what it did to them."""
