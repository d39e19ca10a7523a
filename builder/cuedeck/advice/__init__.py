"""What makes a good card: one small function per rule, whose docstring is the rule's page in `cuedeck explain`."""
