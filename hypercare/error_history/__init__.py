"""What is known of an error from before: since when, whose it was, and what was done about it."""
