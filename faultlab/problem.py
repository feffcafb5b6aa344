"""What the lab says when it cannot do what it was asked."""

from __future__ import annotations


class LabProblem(Exception):
    """The fault cannot be put in or taken out here; the message is one line."""
