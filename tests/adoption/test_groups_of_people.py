"""Which branches and roles are left behind, by how many are expected and how many are at work in the system."""

from __future__ import annotations

import pytest

from hypercare.adoption.groups import Adoption, Group
from hypercare.outcome.signals import NotCovered


@pytest.mark.parametrize(
    ("group", "told"),
    [
        (Group("branch", "N", 4, 1), True),
        (Group("branch", "N", 4, 2), False),
        (Group("role", "sales", 3, 1), True),
        (Group("branch and role", "N, sales", 3, 1), False),
        (Group("branch and role", "N, sales", 3, 0), True),
    ],
    ids=["a quarter of a branch", "half of a branch", "a third of a role", "one of a counter", "nobody of a counter"],
)
def test_a_group_is_left_behind(group: Group, told: bool) -> None:
    assert bool(Adoption([group]).left_behind().count) is told


def test_groups_of_two_are_not_judged() -> None:
    with pytest.raises(NotCovered, match="at work long enough"):
        Adoption([Group("branch", "N", 2, 0)]).left_behind()


def test_shares_are_told_of_each_kind_apart() -> None:
    adoption = Adoption([Group("branch", "N", 3, 2), Group("role", "sales", 4, 1), Group("role", "production", 2, 2)])
    assert adoption.percents("branch") == {"N": 67}
    assert adoption.percents("role") == {"sales": 25, "production": 100}
