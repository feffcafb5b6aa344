"""Faults of people and branches that do not take the system up, or should not be in it."""
