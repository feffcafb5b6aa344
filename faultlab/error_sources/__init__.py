"""Faults that a table of errors or a server of logs tells of, and sources of that kind that cannot be read."""
