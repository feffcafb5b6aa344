"""What the daily report says of its sources: that each was read, how far, and what was found in it."""
