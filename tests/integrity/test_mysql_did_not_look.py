"""What MySQL and MariaDB say when they could not check a table is no damage."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import OperationalError

from hypercare.integrity.corruption_in_mysql import reason_not_checked, why_not


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (["OK"], ""),
        (["Table is marked as crashed"], ""),
        (["Lock wait timeout exceeded; try restarting transaction", "Operation failed"], "was locked"),
        (["Deadlock found when trying to get lock; try restarting transaction"], "was locked"),
        (["Query execution was interrupted"], "took too long"),
        (["The storage engine for the table doesn't support check"], "its engine has no check"),
    ],
)
def test_only_what_the_engine_looked_at_can_be_damaged(said: list[str], why: str) -> None:
    assert reason_not_checked(said) == why


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (1142, "our user may not"),
        (1044, "our user may not"),
        (1205, "was locked"),
        (1317, "took too long"),
        (1969, "took too long"),
        (3024, "took too long"),
        (1146, "is gone since"),
        (1792, "our session may not"),
    ],
)
def test_what_kept_the_engine_from_looking_is_known_by_its_number(number: int, why: str) -> None:
    assert why_not(OperationalError("CHECK TABLE sales", {}, Exception(number, "..."))) == why


def test_any_other_number_is_told_as_it_is() -> None:
    error = OperationalError("CHECK TABLE sales", {}, Exception(2013, "Lost connection"))
    with pytest.raises(OperationalError, match="Lost connection"):
        why_not(error)
