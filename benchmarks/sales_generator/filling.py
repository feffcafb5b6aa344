"""Day after day: what is sold, worked and done, in lines for a loader."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from benchmarks.sales_generator.business import Business
from benchmarks.sales_generator.opening import opening_lines
from benchmarks.sales_generator.routine import A_DAY, Routine
from benchmarks.sales_generator.rows import DayClock, Lines
from benchmarks.sales_generator.selling import Sale, SalesWriter, planned_sales
from benchmarks.sales_generator.workshop import LONGEST_DAYS, Workshop

PRODUCTION = ("production_orders", "production_steps", "costs")
_ALL_DAY = 86_399


def all_lines(business: Business) -> Iterator[Lines]:
    """Everything, in parts of a day each."""
    yield opening_lines(business)
    days = _Days(business)
    for index in range(business.days):
        yield days.lines(index)


def lines_of_last_days(business: Business, days: int) -> Iterator[Lines]:
    """The last `days` days, and of the orders of the days before all that may not have been done by then."""
    first = business.days - days
    every = _Days(business)
    for index in range(max(0, first - LONGEST_DAYS), business.days):
        lines = every.lines(index)
        yield lines if index >= first else {table: lines[table] for table in PRODUCTION}


class _Days:
    """The log of what is done for an order on later days is kept until these come."""

    def __init__(self, business: Business) -> None:
        self.business = business
        self.workshop = Workshop(business)
        self.notes: dict[date, list[str]] = {}

    def lines(self, index: int) -> Lines:
        business, day = self.business, self.business.day(index)
        last = index == business.days - 1
        now = self.workshop.now if last else _ALL_DAY
        lines: Lines = defaultdict(list)
        clock, sales = DayClock(day), planned_sales(business, index)
        writer = SalesWriter(clock, str(day), now, lines)
        for sale in sales:
            writer.write(sale)
            if sale.order_number and sale.final <= now:
                self.workshop.write(sale, day, clock, lines, self.notes)
        notes = self.notes.pop(day, [])
        logged = index >= business.days - business.log_days
        final = [sale for sale in sales if sale.final <= now]
        Routine(business, index, now, lines, notes).write(final, logged)
        if logged:
            notes += (note for sale in sales for note in _notes(sale, clock, now))
            notes.sort()
            lines["activity_log"] = [_numbered(index, number, note) for number, note in enumerate(notes)]
        return lines


def _notes(sale: Sale, clock: DayClock, now: int) -> Iterator[str]:
    said: list[tuple[str, int, int]] = [
        ("sale.create", sale.created, sale.seller),
        ("sale.finalise", sale.final, sale.seller),
    ]
    if sale.void is not None:
        said.append(("sale.void", sale.void, sale.counter.manager.id))
    for action, at, who in said:
        if at <= now:
            yield f"{clock(at)}\t{who}\t{sale.counter.id}\t{action}\tsale\t{sale.id}\tweb\t"


def _numbered(index: int, number: int, note: str) -> str:
    """A note begins with its time, by which it was sorted; its row ends with it."""
    at, rest = note.split("\t", 1)
    return f"{(index + 1) * A_DAY + number}\t{rest}\t{at}"
