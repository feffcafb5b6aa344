"""What MySQL and MariaDB say when they could not check a table is no damage."""

from __future__ import annotations

import pytest

from hypercare.operations.integrity.corruption_in_mysql import kept_from_looking


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (["OK"], ""),
        (["Table is marked as crashed"], ""),
        (["Lock wait timeout exceeded; try restarting transaction", "Operation failed"], "was locked"),
        (["Deadlock found when trying to get lock; try restarting transaction"], "was locked"),
        (["Query execution was interrupted"], "took too long"),
    ],
)
def test_only_what_the_engine_looked_at_can_be_damaged(said: list[str], why: str) -> None:
    assert kept_from_looking(said) == why
