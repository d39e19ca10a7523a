"""What is known about a recording beside its address: what is said in it, and when, and what others wrote about it."""
