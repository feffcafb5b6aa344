"""What production costs: whether it is there, plausible, on the right order, and within what it may come to."""

from __future__ import annotations

from hypercare.costs.costs import Costs

__all__ = ["Costs"]
