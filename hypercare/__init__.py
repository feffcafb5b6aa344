"""Hypercare: an acceptance suite for operations."""

import logging

__version__ = "0.1.0"

# Silent until somebody asks to hear it: see hypercare/own_log.py.
logging.getLogger(__name__).addHandler(logging.NullHandler())
