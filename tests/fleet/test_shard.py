"""Which part of a fleet is meant: by an option, or by the variables of whatever spreads the work."""

from __future__ import annotations

import pytest

from hypercare.fleet.problem import FleetProblem
from hypercare.fleet.shard import Shard, shard_meant

KUBERNETES = {"JOB_COMPLETION_INDEX": "0", "HYPERCARE_SHARDS": "8"}
GITLAB = {"CI_NODE_INDEX": "3", "CI_NODE_TOTAL": "4"}


@pytest.mark.parametrize("total", [1, 3, 7, 12])
def test_the_parts_are_the_whole_and_differ_by_one_at_most(total: int) -> None:
    fleet = [f"shop-{number}" for number in range(10)]
    parts = [Shard(number, total).part_of(fleet) for number in range(1, total + 1)]
    assert sorted(one for part in parts for one in part) == fleet
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


@pytest.mark.parametrize(
    ("option", "environment", "meant"),
    [
        (None, {}, None),
        ("2/4", {}, Shard(2, 4)),
        (" 2 / 4 ", GITLAB, Shard(2, 4)),
        (None, {"HYPERCARE_SHARD": "1/3", **KUBERNETES}, Shard(1, 3)),
        (None, KUBERNETES, Shard(1, 8)),
        (None, {**KUBERNETES, "JOB_COMPLETION_INDEX": "7"}, Shard(8, 8)),
        (None, GITLAB, Shard(3, 4)),
        (None, {"CI_NODE_TOTAL": "1"}, None),
    ],
    ids=[
        "nothing",
        "option",
        "option first",
        "own variable",
        "kubernetes",
        "its last",
        "gitlab",
        "gitlab, not parallel",
    ],
)
def test_the_part_that_is_meant(option: str | None, environment: dict[str, str], meant: Shard | None) -> None:
    assert shard_meant(option, environment) == meant


@pytest.mark.parametrize(
    ("option", "environment", "words"),
    [
        ("0/4", {}, "--shard '0/4' is no part"),
        ("5/4", {}, "--shard '5/4' is no part"),
        ("one of four", {}, "is no part of a whole; the second of four parts is 2/4"),
        ("1/0", {}, "is no part"),
        (None, {"JOB_COMPLETION_INDEX": "2"}, "set HYPERCARE_SHARDS"),
        (
            None,
            {"JOB_COMPLETION_INDEX": "8", "HYPERCARE_SHARDS": "8"},
            "JOB_COMPLETION_INDEX and HYPERCARE_SHARDS '9/8'",
        ),
        (None, {"JOB_COMPLETION_INDEX": "x", "HYPERCARE_SHARDS": "8"}, "'x/8' is no part"),
        (None, {"CI_NODE_INDEX": "2"}, "CI_NODE_INDEX and CI_NODE_TOTAL '2/' is no part"),
        (None, {"HYPERCARE_SHARD": "2"}, "HYPERCARE_SHARD '2' is no part"),
    ],
)
def test_what_is_no_part_is_one_clear_line(option: str | None, environment: dict[str, str], words: str) -> None:
    with pytest.raises(FleetProblem) as problem:
        shard_meant(option, environment)
    assert words in str(problem.value)
    assert "\n" not in str(problem.value)
