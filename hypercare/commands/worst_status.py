"""The one exit status of several rounds."""

from __future__ import annotations

from collections.abc import Sequence

# What a reader must know first: a failure of the target, then of the monitor, then of the request.
_URGENCY = (1, 3, 4, 5)


def worst_of(statuses: Sequence[int]) -> int:
    """The exit status of several rounds; 0 where none was run."""
    return next((status for status in _URGENCY if status in statuses), max(statuses, key=abs, default=0))
