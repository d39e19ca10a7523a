"""Moving a deck from another tool to Cuedeck: which notes continue, and the packages that bring its learners along."""
