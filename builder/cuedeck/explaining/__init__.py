"""A page for every name that a message prints in brackets: what it means, why it matters, and what to do."""
