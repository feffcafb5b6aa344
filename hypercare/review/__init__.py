"""What people do about what was found: each act once, for every way, and who did it and from where is written down."""
