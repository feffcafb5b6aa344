"""The first set: drawn from the kinds before anything was mended."""

from __future__ import annotations

from faultlab.blind.first import branch, empty, equal, healthy, late, meaning, plausible, trend, when, who

SHAPES = (
    *plausible.SHAPES,
    *who.SHAPES,
    *when.SHAPES,
    *branch.SHAPES,
    *equal.SHAPES,
    *empty.SHAPES,
    *late.SHAPES,
    *meaning.SHAPES,
    *trend.SHAPES,
    *healthy.SHAPES,
)
