"""Logs that are no files: each is a program, a table or a server that is asked for what is new."""
