"""What keeps a fleet from being looked at."""

from __future__ import annotations


class FleetProblem(Exception):
    """The targets or the part of them that are meant cannot be told; the message is one line."""
