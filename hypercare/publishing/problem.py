"""What keeps reports from being published."""

from __future__ import annotations


class PublishProblem(Exception):
    """The reports cannot be put there, or not all of them; the message is one line and holds no secret."""
