"""Work is done by people of the branch, or by somebody who has a shift there; one till for all is no fault."""

from __future__ import annotations

from typing import Any

import pytest

from tests.operations import conftest, plain_schema
from tests.operations.checking import Asked

business = conftest.business
asked = conftest.asked

CHECK = "branches.nothing_is_done_from_another_branch"
HELPS_OUT = "branches.whoever_helps_out_in_another_branch_was_there"
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
    assert asked(CHECK, mapping=mapping).outcome == "passed"


def test_who_did_so_on_another_day_works_there_too(asked: Asked) -> None:
    before = f"(SELECT max(id_) FROM sale_rows WHERE {TODAY.replace('>=', '<')})"
    mapping = received_by("4")
    column = mapping["payment"]["columns"]["received_by"]
    column["sql"] = column["sql"].replace(f"sale_ = {SALE}", f"sale_ IN ({SALE}, {before})")
    assert asked(CHECK, mapping=mapping).outcome == "passed"


@pytest.mark.parametrize(("who", "outcome"), [("4", "awaiting"), ("2", "passed")])
def test_without_a_rota_it_is_asked_who_helped_out(asked: Asked, who: str, outcome: str) -> None:
    mapping = received_by(who)
    for name in ("shift", "membership"):
        mapping.pop(name, None)
    assert asked(CHECK, mapping=mapping).outcome == "not covered"
    assert asked(HELPS_OUT, mapping=mapping).outcome == outcome


def test_a_step_that_somebody_of_another_branch_did_is_found(asked: Asked) -> None:
    step = "(SELECT max(id_) FROM step_rows WHERE updated_at_ >= '2026-03-30' AND updated_by_ = 3)"
    ended = asked(CHECK, f"UPDATE step_rows SET updated_by_ = 6 WHERE id_ = {step}")
    assert ended.finding is not None
    assert ended.finding.count == 1


def test_in_good_order_it_holds(asked: Asked) -> None:
    assert asked(CHECK).outcome == "passed"
