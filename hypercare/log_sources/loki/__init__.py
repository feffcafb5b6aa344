"""Loki, and what answers as it does."""
