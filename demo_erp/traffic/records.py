"""The rows that a batch of events works on: found in the database by what the plan knows of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from demo_erp.schema import Base
from demo_erp.services.numbers import last_count, lock_branch, numbered
from demo_erp.traffic.batch import Row
from demo_erp.traffic.events import Event, PlannedCost, PlannedJob, PlannedSale, StepChange

TABLES: dict[str, Table] = dict(Base.metadata.tables)


@dataclass(slots=True)
class SaleRecord:
    """A sale's row with the rows that hang on it."""

    row: Row
    lines: list[Row] = field(default_factory=list)
    payments: list[Row] = field(default_factory=list)
    order: Row | None = None
    steps: dict[int, Row] = field(default_factory=dict)  # by sequence


class Records:
    """What is known of the database for one batch. What a batch makes itself is put in by `keep_...`."""

    def __init__(self, connection: Connection, events: Iterable[Event]) -> None:
        self.connection = connection
        self.sales: dict[str, SaleRecord] = {}
        self.customers: dict[str, int] = {}
        self._counts: dict[str, int] = {}
        self._find(list(events))

    def next_number(self, column: Any, prefix: str, branch_id: int) -> str:
        """The next running number under a prefix; nobody else gives one in the branch until the batch ends."""
        if prefix not in self._counts:
            lock_branch(self.connection, branch_id)
            self._counts[prefix] = last_count(self.connection, column, prefix)
        self._counts[prefix] += 1
        return numbered(prefix, self._counts[prefix])

    def job(self, kind: str, queued_at: datetime, payload: dict[str, Any]) -> Row | None:
        """A queued job of the database, told from others by what it is about."""
        jobs = TABLES["jobs"]
        query = select(jobs).where(jobs.c.queued_at == queued_at, jobs.c.kind == kind, jobs.c.state == "queued")
        for row in _rows(self.connection, "jobs", query):
            if payload.items() <= row["payload"].items():
                return row
        return None

    def one(self, table: str, **values: Any) -> Row | None:
        """The row with these values, if it is there."""
        columns = TABLES[table].c
        query = select(TABLES[table]).where(*(columns[name] == value for name, value in values.items()))
        return next(iter(_rows(self.connection, table, query)), None)

    def _find(self, events: list[Event]) -> None:
        fresh = {event.subject.reference for event in events if event.kind == "sale.create"}
        references = {sale.reference for sale in map(_sale_of, events) if sale is not None}
        self._find_sales(references - fresh)
        phones = {event.subject.buyer.phone for event in events if event.kind == "sale.create"}
        phones |= {event.subject.subject.phone for event in events if _reminds(event)}
        if phones:
            customers = TABLES["customers"]
            query = select(customers.c.phone, customers.c.id).where(customers.c.phone.in_(phones))
            self.customers.update(self.connection.execute(query).all())

    def _find_sales(self, references: Collection[str]) -> None:
        if not references:
            return
        sales = TABLES["sales"]
        by_id: dict[int, SaleRecord] = {}
        for row in _rows(self.connection, "sales", select(sales).where(sales.c.client_reference.in_(references))):
            by_id[row.id] = self.sales[row["client_reference"]] = SaleRecord(row)
        for line in self._children("sale_lines", "sale_id", by_id):
            by_id[line["sale_id"]].lines.append(line)
        for payment in self._children("payments", "sale_id", by_id):
            by_id[payment["sale_id"]].payments.append(payment)
        by_order: dict[int, SaleRecord] = {}
        for order in self._children("production_orders", "sale_id", by_id):
            by_order[order.id] = by_id[order["sale_id"]]
            by_order[order.id].order = order
        for step in self._children("production_steps", "order_id", by_order):
            by_order[step["order_id"]].steps[step["sequence"]] = step

    def _children(self, table: str, parent: str, ids: Collection[int]) -> list[Row]:
        if not ids:
            return []
        columns = TABLES[table].c
        query = select(TABLES[table]).where(columns[parent].in_(ids)).order_by(columns.id)
        return _rows(self.connection, table, query)


def _rows(connection: Connection, table: str, query: Any) -> list[Row]:
    return [Row(table, dict(found), fresh=False) for found in connection.execute(query).mappings()]


def _sale_of(event: Event) -> PlannedSale | None:
    subject = event.subject
    if isinstance(subject, PlannedSale):
        return subject
    if isinstance(subject, StepChange | PlannedCost):
        return subject.sale
    if isinstance(subject, PlannedJob) and isinstance(subject.subject, PlannedSale):
        return subject.subject
    return None


def _reminds(event: Event) -> bool:
    return isinstance(event.subject, PlannedJob) and event.subject.kind == "reminder"
