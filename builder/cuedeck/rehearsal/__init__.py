"""A learner's way through an update, played in a scratch collection with Anki's library, and what it did to them."""
