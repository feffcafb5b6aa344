"""Telling people: what is said, to whom, by which way, and that it arrives."""
