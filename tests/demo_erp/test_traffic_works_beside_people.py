"""What people enter by hand and what the demo's own people do get on with each other."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from demo_erp.access import Caller
from demo_erp.schema import Branch, Customer, Product, ProductionOrder, Sale, User
from demo_erp.services import production, sales
from demo_erp.services.sales import LineInput, PaymentInput
from demo_erp.state import State
from demo_erp.traffic import live_until
from tests.demo_erp.lived_business import LivedBusiness, copy_of, day_number, local

DAY = day_number(2)
END = local(day_number(3), "00:00")


@pytest.fixture(scope="module")
def at_noon(tmp_path_factory: pytest.TempPathFactory, opened: Path) -> Path:
    """Stands at noon of its second day, with half the day still to come."""
    state = copy_of(opened, tmp_path_factory.mktemp("noon") / "state")
    live_until(state, local(DAY, "12:00"))
    return state.folder


@pytest.fixture
def business(tmp_path: Path, at_noon: Path) -> LivedBusiness:
    return LivedBusiness(copy_of(at_noon, tmp_path / "state"), END)


def caller(session: Session, state: State, role: str = "manager", branch: str = "HAR") -> Caller:
    found = select(User).join(Branch, User.branch_id == Branch.id).where(Branch.code == branch, User.role == role)
    user = session.scalars(found.where(User.username.not_like("check.%"))).first()
    assert user is not None
    now: datetime = local(DAY, "12:00") + timedelta(seconds=1)
    return Caller(user, "web", "0" * 32, now, "127.0.0.1")


def sell_by_hand(state: State, kind: str = "retail") -> str:
    with state.database.writing() as session:
        person = caller(session, state)
        customer = session.scalars(select(Customer).where(Customer.branch_id == person.user.branch_id)).first()
        product = session.scalars(select(Product).where(Product.kind == kind)).first()
        assert customer is not None and product is not None
        line = LineInput(product_id=product.id, quantity=Decimal("1"))
        sale = sales.create(session, person, customer_id=customer.id, kind=kind, lines=[line])
        sale = sales.finalise(session, person, sale.id, [PaymentInput("cash", sale.total)])
        assert sale.number is not None
        return sale.number


@pytest.mark.long
def test_numbers_stay_unique_and_without_gaps(business: LivedBusiness) -> None:
    number = sell_by_hand(business.state, "studio")
    live_until(business.state, END)
    for table in ("sales", "production_orders"):
        rows = business.rows(f"SELECT number FROM {table} WHERE number LIKE 'HAR-%' ORDER BY number")
        assert [int(row["number"][-6:]) for row in rows] == list(range(1, len(rows) + 1))
    later = business.value("SELECT count(*) FROM sales WHERE number > ? AND number LIKE 'HAR-%'", number)
    assert later > 10


def test_day_sheet_has_the_sale_made_by_hand(business: LivedBusiness) -> None:
    sell_by_hand(business.state)
    live_until(business.state, END)
    sheet = business.rows(
        "SELECT sales_counted, amount_counted FROM day_sheets WHERE day = ? AND branch_id = 1", str(DAY)
    )
    books = business.rows(
        """SELECT count(*), round(sum(total), 2) FROM sales WHERE state = 'final' AND branch_id = 1
        AND date(finalised_at, '+1 hour') = ?""",
        str(DAY),
    )
    assert list(map(tuple, sheet)) == list(map(tuple, books))


@pytest.mark.long
def test_draft_thrown_away_by_hand_is_let_go(business: LivedBusiness) -> None:
    with business.state.database.writing() as session:
        draft = session.scalars(select(Sale).where(Sale.state == "draft")).first()
        assert draft is not None
        reference, code = draft.client_reference, session.get_one(Branch, draft.branch_id).code
        sales.delete_draft(session, caller(session, business.state, branch=code), draft.id)
    live_until(business.state, END)
    assert not business.rows("SELECT id FROM sales WHERE client_reference = ? OR state = 'draft'", reference)
    assert not business.rows("PRAGMA foreign_key_check")


def test_step_finished_by_hand_is_taken_as_it_is(business: LivedBusiness) -> None:
    with business.state.database.writing() as session:
        order = session.scalars(select(ProductionOrder).where(ProductionOrder.state == "in_progress")).first()
        assert order is not None
        code = session.get_one(Branch, order.branch_id).code
        person = caller(session, business.state, branch=code)
        step = production.current_step(order)
        assert step is not None
        if step.state == "waiting":
            production.start(session, person, step.id)
        production.finish(session, person, step.id)
        step_id = step.id
    live_until(business.state, END)
    finished = business.value("SELECT finished_at FROM production_steps WHERE id = ?", step_id)
    assert finished.startswith(f"{DAY} 11:00:01")
    assert not business.rows(
        """SELECT later.id FROM production_steps later JOIN production_steps earlier
        ON earlier.order_id = later.order_id AND earlier.sequence = later.sequence - 1
        WHERE later.state <> 'waiting' AND (earlier.state <> 'done' OR later.started_at < earlier.finished_at)"""
    )


def test_wrong_total_in_the_database_shows_against_the_day_sheet(business: LivedBusiness) -> None:
    with business.state.database.writing() as session:
        sale = session.scalars(select(Sale).where(Sale.state == "final", Sale.branch_id == 1)).all()[-1]
        sale.total += 10
    live_until(business.state, END)
    sheet = business.value("SELECT amount_counted FROM day_sheets WHERE day = ? AND branch_id = 1", str(DAY))
    books = business.value(
        "SELECT sum(total) FROM sales WHERE state = 'final' AND branch_id = 1 AND date(finalised_at, '+1 hour') = ?",
        str(DAY),
    )
    assert round(books - sheet, 2) == 10
