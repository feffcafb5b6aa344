"""What can be put wrong in a filled database, each in a way that leaves all other records as they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Select, Table, delete, func, insert, select, update

from benchmarks.sales_generator.business import Business, is_studio
from benchmarks.sales_generator.loading import TABLES, engine_of
from benchmarks.sales_generator.selling import Sale, planned_sales

Plant = Callable[[Connection, "Place"], None]
YESTERDAY, LAST_MONTH, LONG_AGO = 1, 20, 60


@dataclass(frozen=True)
class Place:
    """One sale of the business that something is done to: the nth final one of a kind on a day."""

    business: Business
    sale: Sale
    day: date

    @classmethod
    def of(cls, business: Business, days_ago: int, nth: int, *, studio: bool = False) -> Place:
        """Days that are not there yet count from the first one on."""
        index = max(0, business.days - 1 - days_ago)
        sales = [
            sale
            for sale in planned_sales(business, index)
            if sale.void is None and is_studio(sale.count) == studio and sale.counter.place == 2
        ]
        return cls(business, sales[nth % len(sales)], business.day(index))


@dataclass(frozen=True)
class Defect:
    name: str
    words: str
    plant: Plant
    days_ago: int = YESTERDAY
    studio: bool = False


@dataclass(frozen=True)
class Planted:
    """What was put in: by which names and ids its records are known."""

    defect: str
    names: tuple[str, ...]
    ids: frozenset[int]


def plant(url: str, business: Business, names: list[str] | None = None) -> list[Planted]:
    """Put all defects, or those of these names, into the database, each at another sale."""
    engine = engine_of(url)
    planted = []
    with engine.begin() as connection:
        for nth, defect in enumerate(DEFECTS):
            if names is None or defect.name in names:
                place = Place.of(business, defect.days_ago, 5 + 3 * nth, studio=defect.studio)
                defect.plant(connection, place)
                planted.append(_traces(connection, defect, place.sale, place))
    engine.dispose()
    return planted


def _traces(connection: Connection, defect: Defect, sale: Sale, place: Place) -> Planted:
    sales = TABLES["sales"]
    copied = connection.execute(select(sales.c.id).where(sales.c.number == _number_of_copy(place))).scalars().all()
    own = {sale.id, sale.id * 8, *range(sale.id * 4, sale.id * 4 + 4), *range(sale.id * 9, sale.id * 9 + 9)}
    named = (sale.number, sale.order_number, _number_of_copy(place), f" {sale.id * 8} ")
    return Planted(defect.name, tuple(one for one in named if one), frozenset({*own, *copied}))


def _number_of_copy(place: Place) -> str:
    return f"{place.sale.counter.profile.code}-{place.day.year}-9{place.sale.id % 100_000:05d}"


def _line_lost(connection: Connection, place: Place) -> None:
    lines = TABLES["sale_lines"]
    one = connection.execute(_ids("sale_lines", place)).scalars().first()
    connection.execute(delete(lines).where(lines.c.id == one))


def _line_mispriced(connection: Connection, place: Place) -> None:
    lines = TABLES["sale_lines"]
    one = connection.execute(_ids("sale_lines", place)).scalars().first()
    connection.execute(update(lines).where(lines.c.id == one).values(quantity=lines.c.quantity + 1))


def _paid_twice(connection: Connection, place: Place) -> None:
    payments = TABLES["payments"]
    row = dict(connection.execute(select(payments).where(payments.c.sale_id == place.sale.id)).mappings().first() or {})
    _insert_copy(connection, payments, row)


def _payment_lost(connection: Connection, place: Place) -> None:
    """With what it posted, so that only the sale tells."""
    for table, column in (("ledger_entries", "posting_id"), ("ledger_postings", "id")):
        postings = TABLES["ledger_postings"]
        own = select(postings.c.id).where(postings.c.sale_id == place.sale.id, postings.c.payment_id.is_not(None))
        found = connection.execute(own).scalars().all()
        connection.execute(delete(TABLES[table]).where(TABLES[table].c[column].in_(found)))
    payments = TABLES["payments"]
    connection.execute(delete(payments).where(payments.c.sale_id == place.sale.id))


def _ledger_off(connection: Connection, place: Place) -> None:
    entries = TABLES["ledger_entries"]
    one = connection.execute(select(entries.c.id).where(entries.c.posting_id == place.sale.id * 8)).scalars().first()
    connection.execute(update(entries).where(entries.c.id == one).values(debit=entries.c.debit + 1))


def _total_changed(connection: Connection, place: Place) -> None:
    sales = TABLES["sales"]
    connection.execute(update(sales).where(sales.c.id == place.sale.id).values(total=sales.c.total + 10))


def _order_lost(connection: Connection, place: Place) -> None:
    orders, steps, costs = (TABLES[name] for name in ("production_orders", "production_steps", "costs"))
    for table in (costs, steps):
        connection.execute(delete(table).where(table.c.order_id == place.sale.id))
    connection.execute(delete(orders).where(orders.c.id == place.sale.id))


def _order_elsewhere(connection: Connection, place: Place) -> None:
    orders = TABLES["production_orders"]
    connection.execute(update(orders).where(orders.c.id == place.sale.id).values(branch_id=1))


def _step_left(connection: Connection, place: Place) -> None:
    """Begun three weeks ago and not touched since."""
    orders, steps = TABLES["production_orders"], TABLES["production_steps"]
    own = (steps.c.order_id == place.sale.id, steps.c.sequence >= 6)
    left = {"state": "waiting", "started_at": None, "finished_at": None, "assigned_to": None, "updated_by": None}
    connection.execute(update(steps).where(*own).values(**left, updated_at=steps.c.updated_at))
    going = {"state": "in_progress", "progress_percent": 71, "completed_at": None}
    connection.execute(update(orders).where(orders.c.id == place.sale.id).values(**going))


def _cost_negative(connection: Connection, place: Place) -> None:
    costs = TABLES["costs"]
    one = connection.execute(select(costs.c.id).where(costs.c.order_id == place.sale.id)).scalars().first()
    connection.execute(update(costs).where(costs.c.id == one).values(amount=-costs.c.amount))


def _sold_twice(connection: Connection, place: Place) -> None:
    """The same sale once more within two minutes, whole in all its parts."""
    _whole_copy(connection, place, lines=True)


def _filled_in_late(connection: Connection, place: Place) -> None:
    """A sale of that day that came into the database only now, without its lines."""
    _whole_copy(connection, place, lines=False)


def _whole_copy(connection: Connection, place: Place, *, lines: bool) -> None:
    sales = TABLES["sales"]
    row = dict(connection.execute(select(sales).where(sales.c.id == place.sale.id)).mappings().one())
    row |= {"number": _number_of_copy(place), "client_reference": f"copy-{place.sale.id}"}
    copied = _insert_copy(connection, sales, row)
    for table in ("sale_lines", "payments") if lines else ("payments",):
        for one in connection.execute(select(TABLES[table]).where(TABLES[table].c.sale_id == place.sale.id)).mappings():
            _insert_copy(connection, TABLES[table], {**one, "sale_id": copied})


def _insert_copy(connection: Connection, table: Table, row: dict[str, object]) -> int:
    """Under the next free id, which is told."""
    free = int(connection.execute(select(func.max(table.c.id))).scalar_one()) + 1
    connection.execute(insert(table).values({**row, "id": free}))
    return free


def _ids(table: str, place: Place) -> Select[tuple[int]]:
    columns = TABLES[table].c
    return select(columns.id).where(columns.sale_id == place.sale.id).order_by(columns.id)


DEFECTS = (
    Defect("line-lost", "a line of yesterday's sale is gone", _line_lost),
    Defect("line-mispriced", "a line is not quantity times price", _line_mispriced),
    Defect("paid-twice", "a payment is there twice", _paid_twice),
    Defect("payment-lost", "a final sale was not paid", _payment_lost),
    Defect("ledger-off", "a posting is not balanced", _ledger_off),
    Defect("total-changed", "a total differs from lines, payments and ledger", _total_changed),
    Defect("order-lost", "a studio sale has no order", _order_lost, studio=True),
    Defect("order-elsewhere", "an order is in another branch than its sale", _order_elsewhere, studio=True),
    Defect("step-left", "a step lies since weeks", _step_left, LAST_MONTH, studio=True),
    Defect("cost-negative", "a cost is less than nothing", _cost_negative, days_ago=3, studio=True),
    Defect("sold-twice", "a sale is there twice within two minutes", _sold_twice),
    Defect("filled-in-late", "a sale of three weeks ago came today, without lines", _filled_in_late, LAST_MONTH),
    Defect("edited-late", "the total of a sale of three weeks ago was changed today", _total_changed, LAST_MONTH),
    Defect("edited-long-ago", "the total of a sale of two months ago was changed today", _total_changed, LONG_AGO),
)
