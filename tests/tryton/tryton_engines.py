"""Tests that run on each engine, those of one engine in one process: its Tryton is made once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def each_on(cases: Iterable[tuple[Any, ...]]) -> list[Any]:
    """Parameters whose first is the name of the engine; what has an id is called by it."""
    return [
        pytest.param(
            *case, id="-".join(str(getattr(part, "id", part)) for part in case), marks=pytest.mark.xdist_group(case[0])
        )
        for case in cases
    ]
