"""How fast people were answered, day by day: what was served, what became slower, what the busiest hour left over."""
