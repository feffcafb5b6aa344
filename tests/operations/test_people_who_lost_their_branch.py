"""Whoever works in one branch and belongs to none has lost it, unless it is usual, little, or elsewhere too."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from hypercare.database.database import Database
from tests.operations.checking import Ended, make_target, run
from tests.operations.facts import AS_OF, GO_LIVE, healthy
from tests.operations.plain_schema import fill, mapping

CHECK = "branches.people_who_work_in_a_branch_belong_to_it"
CANARY = {"branch": "T", "users": ["robot"]}


def looked(
    tmp_path: Path,
    *,
    branches: tuple[int | None, ...] = (1,) * 6,
    active: bool = True,
    branchless: int = 1,
    days_ago: int = 0,
    colleagues: int = 4,
) -> Ended:
    """How the check ends when so many people without a branch sold in these branches, beside those who have one."""
    facts = healthy()
    pattern = next(
        sale for sale in facts.all("sale") if sale["branch"] == 1 and sale["created_at"].date() == AS_OF.date()
    )

    def seller(
        name: str, branch: int | None, sold_in: tuple[int | None, ...], *, active: bool = True, days_ago: int = 0
    ) -> None:
        user = 500 + len(facts.rows["user"])
        facts.rows["user"].append(
            {"id": user, "username": name, "role": "cashier", "branch": branch, "active": active, "locked_until": None}
        )
        for place, sold in enumerate(sold_in):
            number = user * 100 + place
            own = {"id": number, "number": str(number), "branch": sold, "created_by": user}
            when = pattern["created_at"] - timedelta(days=days_ago)
            facts.rows["sale"].append({**pattern, **own, "created_at": when, "finalised_at": when})

    for place in range(colleagues):
        seller(f"has{place}", 1, (1,) * 6)
    for place in range(branchless):
        seller(f"lost{place}", None, branches, active=active, days_ago=days_ago)
    url = f"sqlite:///{tmp_path / 'business.sqlite'}"
    fill(url, facts)
    target = make_target(url, mapping(), AS_OF, go_live=GO_LIVE, canary=CANARY)
    database = Database(target)
    try:
        return run(target, CHECK, database)[CHECK]
    finally:
        database.close()


def test_somebody_who_sells_in_one_branch_and_belongs_to_none_has_lost_it(tmp_path: Path) -> None:
    ended = looked(tmp_path)
    assert ended.finding is not None
    assert [(row["person"], row["role"], row["records made there"]) for row in ended.finding.sample] == [
        ("lost0", "cashier", 6)
    ]


def test_what_they_sold_in_no_branch_at_all_says_nothing(tmp_path: Path) -> None:
    ended = looked(tmp_path, branches=(*(1,) * 6, None))
    assert ended.finding is not None
    assert [row["records made there"] for row in ended.finding.sample] == [6]


def test_two_of_twenty_have_lost_it(tmp_path: Path) -> None:
    ended = looked(tmp_path, branchless=2, colleagues=18)
    assert ended.finding is not None
    assert (ended.finding.count, ended.finding.of) == (2, 24)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"branches": (1, 1, 1, 2, 2, 2)}, id="who sells in two branches helps out"),
        pytest.param({"branches": (1, 1)}, id="who sold hardly anything helped out"),
        pytest.param({"active": False}, id="who does not work here any more"),
        pytest.param({"days_ago": 40}, id="who sold there weeks ago, and not since"),
        pytest.param({"branches": (3,) * 6}, id="who only tried things in the branch that is for trials"),
        pytest.param({"branchless": 3}, id="where many of a role have none it is usual"),
    ],
)
def test_it_is_no_loss(tmp_path: Path, given: dict[str, object]) -> None:
    assert looked(tmp_path, **given).outcome == "passed"
