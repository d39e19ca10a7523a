"""What makes a good card: one small function a rule, whose docstring is the rule's page in `cuedeck explain`."""
