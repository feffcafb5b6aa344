"""Announced work: in the target file, or said by a person and kept in the history. Nothing under it is judged."""
