"""What is sold or done with what a round saw switched off; and who was switched off after the last deed."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hypercare.database.database import Database
from hypercare.operations.switched_off import SwitchedOff
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from tests.operations import plain_schema
from tests.operations.checking import make_target
from tests.operations.facts import AS_OF, GO_LIVE
from tests.operations.round_memory import CANARY, Remembering

Ask = Callable[[SwitchedOff], Found]
PRODUCTS = """
CREATE TABLE product_rows (id_, number_ TEXT, active_ INTEGER);
INSERT INTO product_rows SELECT DISTINCT product_, 'A-' || product_, 1 FROM sale_line_rows WHERE product_ IS NOT NULL;
INSERT INTO product_rows VALUES (700, 'A-700', 1), (701, 'A-701', 1);
"""
LAST = "(SELECT max(id_) FROM sale_rows WHERE state_ = 'final' AND branch_ = 1 AND created_by_ <> 99)"
OFF = "UPDATE product_rows SET active_ = 0 WHERE id_ = 700"
SOLD = (
    f"UPDATE sale_line_rows SET product_ = 700 WHERE id_ = (SELECT max(id_) FROM sale_line_rows WHERE sale_ = {LAST})"
)


class Shop:
    def __init__(self, file: Path) -> None:
        self.file, self.memory = file, Remembering()
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.executescript(PRODUCTS)

    def change(self, *statements: str) -> None:
        with closing(sqlite3.connect(self.file)) as connection, connection:
            for statement in statements:
                assert connection.execute(statement).rowcount

    def look(self, ask: Ask, hours_ago: float = 0, *, looks_back: bool = False) -> int:
        """How many are told by a round of then, or by one of much later that looks back; -1 where nothing is known."""
        mapping: dict[str, Any] = plain_schema.mapping()
        mapping["product"] = {
            "table": "product_rows", "columns": {"id": "id_", "number": "number_", "active": "active_"},
        }  # fmt: skip
        as_of = AS_OF - timedelta(hours=hours_ago)
        clock = self.file.with_name("clock.json")
        clock.write_text(json.dumps({"set_to": as_of.isoformat(), "set_at": as_of.isoformat(), "rate": 0}))
        business = {} if looks_back else {"clock": str(clock)}
        target = make_target(
            f"sqlite:///{self.file}", mapping, as_of, go_live=GO_LIVE, canary=CANARY, business=business
        )
        database = Database(target)
        try:
            return ask(SwitchedOff(target, database, self.memory)).count
        except NotCovered:
            return -1
        finally:
            database.close()


@pytest.fixture
def shop(business: Path, tmp_path: Path) -> Shop:
    file = tmp_path / "business.sqlite"
    shutil.copyfile(business, file)
    return Shop(file)


def test_a_product_that_was_seen_switched_off_and_is_sold_is_found(shop: Shop) -> None:
    assert shop.look(SwitchedOff.sold, 60) == -1
    shop.change(OFF)
    assert shop.look(SwitchedOff.sold, 48) == 0
    shop.change(SOLD)
    assert shop.look(SwitchedOff.sold) == 1
    assert shop.look(SwitchedOff.sold) == 1


def test_a_product_that_is_switched_off_after_its_sale_is_fine(shop: Shop) -> None:
    shop.look(SwitchedOff.sold, 60)
    shop.change(SOLD, OFF)
    assert shop.look(SwitchedOff.sold) == 0
    assert shop.look(SwitchedOff.sold) == 0


def test_an_instant_of_the_past_does_not_tell_what_was_off_then(shop: Shop) -> None:
    shop.change(SOLD, OFF)
    assert shop.look(SwitchedOff.sold, 48, looks_back=True) == -1
    assert shop.look(SwitchedOff.sold) == 0


def test_a_product_that_is_switched_on_again_is_fine(shop: Shop) -> None:
    shop.look(SwitchedOff.sold, 60)
    shop.change(OFF)
    shop.look(SwitchedOff.sold, 48)
    shop.change(SOLD, OFF.replace("= 0", "= 1"))
    assert shop.look(SwitchedOff.sold) == 0


def test_what_is_given_back_may_be_switched_off(shop: Shop) -> None:
    shop.look(SwitchedOff.sold, 60)
    shop.change(OFF)
    shop.look(SwitchedOff.sold, 48)
    shop.change(SOLD, "UPDATE sale_line_rows SET quantity_ = -1 WHERE product_ = 700")
    assert shop.look(SwitchedOff.sold) == 0


def test_where_what_is_off_was_always_in_use_the_flag_says_something_else(shop: Shop) -> None:
    shop.change("UPDATE product_rows SET active_ = 0 WHERE id_ < 700")
    assert [shop.look(SwitchedOff.sold, hours) for hours in (60, 30, 0)] == [-1, 0, 0]


def test_one_that_is_sold_all_day_hides_no_other_from_the_first_look(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.change("UPDATE sale_line_rows SET product_ = 701 WHERE id_ % 2", "UPDATE product_rows SET active_ = 0")
    with monkeypatch.context() as first:
        first.setattr("hypercare.operations.switched_off._MOST_DEEDS", 1)
        assert shop.look(SwitchedOff.sold, 60) == -1
    assert [shop.look(SwitchedOff.sold, hours) for hours in (30, 0)] == [0, 0]


def test_where_too_much_is_off_to_be_remembered_nothing_is_said(shop: Shop) -> None:
    shop.change(
        "WITH RECURSIVE n(x) AS (SELECT 1000 UNION ALL SELECT x + 1 FROM n WHERE x < 7000)"
        " INSERT INTO product_rows SELECT x, 'A-' || x, 0 FROM n"
    )
    assert [shop.look(SwitchedOff.sold, hours) for hours in (60, 0)] == [-1, -1]


PERSON = "(SELECT created_by_ FROM sale_rows WHERE id_ = " + LAST + ")"


def test_a_person_who_was_seen_switched_off_and_sells_is_found(shop: Shop) -> None:
    shop.look(SwitchedOff.acting, 900)
    shop.change(
        f"CREATE TEMP TABLE p AS SELECT * FROM user_rows WHERE id_ = {PERSON}",
        "UPDATE p SET id_ = 700, active_ = 0",
        "INSERT INTO user_rows SELECT * FROM p",
    )
    assert shop.look(SwitchedOff.acting, 48) == 0
    shop.change(f"UPDATE sale_rows SET created_by_ = 700 WHERE id_ = {LAST}")
    assert shop.look(SwitchedOff.acting) == 1


def test_a_person_who_left_in_the_evening_is_fine(shop: Shop) -> None:
    shop.look(SwitchedOff.acting, 48)
    shop.change(f"UPDATE user_rows SET active_ = 0 WHERE id_ = {PERSON}")
    assert shop.look(SwitchedOff.acting) == 0
    assert shop.look(SwitchedOff.acting) == 0
