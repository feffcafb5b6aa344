"""Hypercare: an acceptance suite for operations."""

__version__ = "0.1.0"
