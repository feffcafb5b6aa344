"""Faults of how the system runs: its speed, crashes and downtime, slow statements, and sources that cannot be read."""
