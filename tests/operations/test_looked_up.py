"""One sale and one step as the database has them: what is compared with what the clients say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from hypercare.database.database import Database
from hypercare.operations.production import Production
from hypercare.operations.sale_lookup import RecordedSale
from hypercare.operations.sales import Sales
from tests.operations import plain_schema
from tests.operations.checking import make_target
from tests.operations.facts import AS_OF, GO_LIVE, TODAY, at, healthy

FACTS = healthy()
NUMBER = "1-0401-0"
SALE = FACTS.one("sale", number=NUMBER)
PAID = {payment["method"]: payment["amount"] for payment in FACTS.all("payment", sale=SALE["id"])}
STEP = FACTS.one("step", sequence=2, state="done")
ORDER = FACTS.one("production_order", id=STEP["order"])

Opened = Callable[..., Database]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('business') / 'business.sqlite'}"
    plain_schema.fill(url, FACTS)
    return url


@pytest.fixture
def opened(url: str) -> Iterator[Opened]:
    """The database of a target that does not map these, "sale_line.amount" or a whole "payment"."""
    databases: list[Database] = []

    def opened(*without: str) -> Database:
        mapping: dict[str, Any] = plain_schema.mapping()
        for one in without:
            entity, _, field = one.partition(".")
            if field:
                del mapping[entity]["columns"][field]
            else:
                del mapping[entity]
        databases.append(Database(make_target(url, mapping, AS_OF, go_live=GO_LIVE)))
        return databases[-1]

    yield opened
    for one in databases:
        one.close()


def sale_seen(database: Database) -> RecordedSale:
    seen = Sales(database.target, database).by_number(NUMBER)
    assert seen is not None
    return seen


def test_a_sale_is_seen_with_all_that_belongs_to_it_alone(opened: Opened) -> None:
    assert sale_seen(opened()) == RecordedSale(
        id=SALE["id"],
        number=NUMBER,
        state="final",
        total=SALE["total"],
        branch="N",
        lines=2,
        lines_total=SALE["total"],
        payments=PAID,
        revenue=SALE["total"],
    )


def test_it_is_the_same_by_its_id_and_none_by_another(opened: Opened) -> None:
    database = opened()
    sales = Sales(database.target, database)
    assert sales.by_id(SALE["id"]) == sale_seen(database)
    assert sales.by_id(10**9) is None
    assert sales.by_number("no such") is None


@pytest.mark.parametrize(
    ("without", "seen"),
    [
        pytest.param(["sale.state"], {"state": None}, id="state"),
        pytest.param(["sale.total"], {"total": None}, id="total"),
        pytest.param(["sale.branch"], {"branch": None}, id="branch"),
        pytest.param(["sale_line"], {"lines": None, "lines_total": None}, id="lines"),
        pytest.param(["sale_line.amount"], {"lines_total": SALE["total"]}, id="the lines' amounts, but their prices"),
        pytest.param(
            ["sale_line.amount", "sale_line.quantity"], {"lines": 2, "lines_total": None}, id="amounts and quantities"
        ),
        pytest.param(
            ["sale_line.amount", "sale_line.unit_price"], {"lines": 2, "lines_total": None}, id="amounts and prices"
        ),
        pytest.param(["payment"], {"payments": {}}, id="payments"),
        pytest.param(["payment.amount"], {"payments": {}}, id="what was paid"),
        pytest.param(["payment.method"], {"payments": {"any": sum(PAID.values())}}, id="how it was paid"),
        pytest.param(["ledger_entry"], {"revenue": None}, id="the ledger"),
        pytest.param(["ledger_entry.account"], {"revenue": None}, id="accounts"),
    ],
)
def test_what_is_not_mapped_is_not_seen(without: list[str], seen: dict[str, object], opened: Opened) -> None:
    found = vars(sale_seen(opened(*without)))
    assert {name: found[name] for name in seen} == seen


def test_payments_of_a_void_sale_come_to_nothing(opened: Opened) -> None:
    database = opened()
    void = FACTS.one("sale", state="void")
    seen = Sales(database.target, database).by_number(void["number"])
    assert seen is not None
    assert (seen.state, seen.total, seen.revenue) == ("void", void["total"], Decimal(0))
    assert set(seen.payments.values()) == {Decimal(0)}


# -- steps ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "state"),
    [
        pytest.param((STEP["id"],), "done", id="by its id"),
        pytest.param((10**9,), None, id="none has the id"),
        pytest.param((10**9, ORDER["number"], STEP["name"]), "done", id="by its name in its order"),
        pytest.param((10**9, ORDER["number"], "polish"), None, id="no step of the order is called so"),
        pytest.param((10**9, "P-none", STEP["name"]), None, id="no order is numbered so"),
        pytest.param((10**9, ORDER["number"]), None, id="which of the order's steps is not said"),
    ],
)
def test_the_state_of_a_step(asked: tuple[Any, ...], state: str | None, opened: Opened) -> None:
    database = opened()
    assert Production(database.target, database).step_state(*asked) == state


@pytest.mark.parametrize("without", ["step.name", "production_order.number"])
def test_where_names_are_not_mapped_a_step_is_known_by_its_id_alone(without: str, opened: Opened) -> None:
    database = opened(without)
    production = Production(database.target, database)
    assert production.step_state(STEP["id"], ORDER["number"], STEP["name"]) == "done"
    assert production.step_state(10**9, ORDER["number"], STEP["name"]) is None


# -- how much was done today ---------------------------------------------------------------------------------


def of_today(entity: str, field: str, branch: Callable[[dict[str, Any]], int]) -> list[int]:
    begin = at(TODAY, "00:00")
    return [branch(row) for row in FACTS.all(entity) if row[field] and begin <= row[field] < AS_OF]


def test_the_pace_of_sales_is_what_was_entered_today_in_each_branch(opened: Opened) -> None:
    database = opened()
    entered = of_today("sale", "created_at", lambda sale: sale["branch"])
    pace = Sales(database.target, database).pace()
    assert {one.branch: one.actual for one in pace.branches if one.branch in (1, 2)} == {
        branch: entered.count(branch) for branch in (1, 2)
    }


def test_the_pace_of_production_is_what_was_begun_and_finished_today_in_each_branch(opened: Opened) -> None:
    database = opened()
    orders = {order["id"]: order["branch"] for order in FACTS.all("production_order")}
    moved = [
        branch
        for field in ("started_at", "finished_at")
        for branch in of_today("step", field, lambda step: orders[step["order"]])
    ]
    production = Production(database.target, database)
    assert {one.branch: one.actual for one in production.pace().branches} == {
        branch: moved.count(branch) for branch in set(moved)
    }
    assert sum(one.actual for one in production.pace(timedelta(minutes=1)).branches) == 0
