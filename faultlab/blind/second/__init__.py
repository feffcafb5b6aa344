"""The second set: drawn after the mends, in other shapes."""

from __future__ import annotations

from faultlab.blind.second import days, healthy, records

SHAPES = (*records.SHAPES, *days.SHAPES, *healthy.SHAPES)
