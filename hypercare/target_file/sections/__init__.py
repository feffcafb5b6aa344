"""The sections of a target file."""
