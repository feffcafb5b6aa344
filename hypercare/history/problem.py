"""What goes wrong with the history, told in one line. Apart, so that whoever catches it loads no engine."""

from __future__ import annotations


class HistoryProblem(Exception):
    """The history cannot be opened or written; the message is one line."""


class HistoryAway(HistoryProblem):
    """The server of the history does not answer, or not as it should; it may do so in a moment."""
