"""Of many cases of one fact some are tried each time; the others are left to `make test-all`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

_ONE_IN = 5


def some_of(cases: Sequence[Any]) -> list[Any]:
    """The cases for `parametrize`, all but every fifth with the mark `long`. What is a `pytest.param` keeps its id."""
    return [case if number % _ONE_IN == 0 else _left(case) for number, case in enumerate(cases)]


def _left(case: Any) -> Any:
    if hasattr(case, "marks"):
        return pytest.param(*case.values, id=case.id, marks=[*case.marks, pytest.mark.long])
    return pytest.param(case, marks=pytest.mark.long)
