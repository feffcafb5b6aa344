"""Money is received where it is sold, or by somebody who has a shift there; one till for all is no fault."""

from __future__ import annotations

from typing import Any

import pytest

from tests.operations import plain_schema
from tests.operations.checking import Asked

CHECK = "branches.payments_are_received_in_the_branch_of_the_sale"
TODAY = "created_at_ >= '2026-04-01' AND branch_ = 1 AND created_by_ = 1 AND state_ = 'final'"
SALE = f"(SELECT max(id_) FROM sale_rows WHERE {TODAY})"


def received_by(who: str) -> dict[str, Any]:
    """The maker of a sale receives its payments; those of one sale of branch 1 are received by this person."""
    mapping = plain_schema.mapping()
    maker = "(SELECT created_by_ FROM sale_rows WHERE sale_rows.id_ = payment_rows.sale_)"
    sql = f"CASE WHEN sale_ = {SALE} THEN {who} ELSE {maker} END"
    mapping["payment"]["columns"]["received_by"] = {"sql": sql}
    return mapping


@pytest.mark.parametrize(("who", "outcome"), [("4", "failed"), ("2", "passed"), ("NULL", "passed")])
def test_a_payment_received_by_somebody_of_another_branch_is_found(asked: Asked, who: str, outcome: str) -> None:
    assert asked(CHECK, mapping=received_by(who)).outcome == outcome


def test_who_has_a_shift_there_helps_out(asked: Asked) -> None:
    shift = (
        "INSERT INTO shift_rows (id_, user_, branch_, starts_at_, ends_at_)"
        " VALUES (9000, 4, 1, '2026-04-01 07:00:00.000000', '2026-04-01 16:00:00.000000')"
    )
    assert asked(CHECK, shift, mapping=received_by("4")).outcome == "passed"


def test_where_one_till_serves_all_it_is_usual(asked: Asked) -> None:
    mapping = plain_schema.mapping()
    mapping["payment"]["columns"]["received_by"] = {"sql": "4"}
    assert asked(CHECK, mapping=mapping).outcome == "not covered"


def test_without_a_receiver_it_is_not_covered(asked: Asked) -> None:
    assert asked(CHECK).outcome == "not covered"
