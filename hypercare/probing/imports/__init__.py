"""What other probers saw, read from one file."""
