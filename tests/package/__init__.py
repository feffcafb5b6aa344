"""What is installed: what it brings along, what it says of itself, and what it costs others."""
