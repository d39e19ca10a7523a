"""What is known about a recording besides its address: what is said in it and when, and what cards play of it."""
