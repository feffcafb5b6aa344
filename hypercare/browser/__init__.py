"""A browser that only reads: its pages, and what may leave it."""
