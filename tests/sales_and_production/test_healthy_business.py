"""A healthy business gives the checks of the daily reports nothing to say, whatever its tables are like."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.operations import foreign_schema, plain_schema
from tests.operations.checking import OF_REPORTS, make_target, run
from tests.operations.facts import AS_OF, GO_LIVE, Facts, healthy
from tests.operations.round_memory import CANARY


def plain(path: Path, facts: Facts) -> None:
    plain_schema.fill(f"sqlite:///{path}", facts)


@pytest.mark.parametrize(
    ("fill", "mapping"),
    [(plain, plain_schema.mapping()), (foreign_schema.fill, foreign_schema.MAPPING)],
    ids=["plain", "foreign"],
)
def test_nothing_is_found(tmp_path: Path, fill: Callable[[Path, Facts], None], mapping: dict[str, Any]) -> None:
    path = tmp_path / "business.sqlite"
    fill(path, healthy())
    target = make_target(f"sqlite:///{path}", mapping, AS_OF, go_live=GO_LIVE, canary=CANARY)
    ended = run(target, files=OF_REPORTS)
    assert {name for name, one in ended.items() if one.outcome not in {"passed", "not covered"}} == set()
    assert sum(one.outcome == "passed" for one in ended.values()) >= 5


def test_where_nothing_is_mapped_nothing_is_passed(tmp_path: Path) -> None:
    path = tmp_path / "business.sqlite"
    plain(path, healthy())
    ended = run(make_target(f"sqlite:///{path}", {}, AS_OF, go_live=GO_LIVE), files=OF_REPORTS)
    assert {one.outcome for one in ended.values()} == {"not covered"}
