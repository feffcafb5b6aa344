"""What always was so in the records of this business, told by nothing but its past."""

from __future__ import annotations

from hypercare.habits.habits import Habits

__all__ = ["Habits"]
