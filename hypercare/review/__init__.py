"""What people do about what was found: each act once, for every way, and written down with who did it and from where."""
