"""Days of plausible business in a Tryton that has its masters: written through Tryton's models, as its own users.

Each thing happens at its hour: the clock of the process is moved (time-machine), and what the database would stamp by
itself is stamped with that clock.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
from decimal import Decimal

import time_machine
import trytond.model.modelsql as modelsql
from sql import Literal
from trytond.pool import Pool
from trytond.transaction import Transaction, TransactionError
from trytond.worker import run_task

CUSTOMERS = ("Hotel Seeblick", "Gasthof Linde")
RETAIL_A_DAY = 11
WHOLESALE_A_DAY = 2
OPENS, CLOSES = dt.time(8, 10), dt.time(17, 0)
PRICES = {"TABLE": Decimal("300"), "WAX": Decimal("12.50"), "CLOTH": Decimal("39.90")}


def stamp_with_our_clock() -> None:
    """What Tryton leaves to the database's clock follows the moved one."""
    modelsql.CurrentTimestamp = lambda: Literal(dt.datetime.now(dt.UTC).replace(tzinfo=None))


class Branch:
    """One company on its working days. `sellers` and `makers` are user ids; what happens follows from `seed`."""

    def __init__(
        self, database: str, number: int, company: int, sellers: list[int], makers: list[int], seed: int
    ) -> None:
        self.database = database
        self.number = number
        self.customer = CUSTOMERS[number]
        self.company = company
        self.everybody = [*sellers, *makers]
        # Each in turn, so that nobody comes and does nothing all day.
        self._selling, self._making = itertools.cycle(sellers), itertools.cycle(makers)
        self.chance = random.Random(2 * seed + number)
        self.open_orders: list[tuple[dt.datetime, int]] = []
        self.unposted: list[int] = []

    def do(self, moment: dt.datetime, user: int, act):
        """Let a user do something at a moment, in a transaction of its own; what `act(pool)` gives.

        Tryton asks for the transaction again when it finds out on the way that it needs a lock.
        """
        locks = {}
        while True:
            start = Transaction().start(self.database, user, **locks)
            with time_machine.travel(moment, tick=True), start as transaction:
                try:
                    own = Pool().get("res.user").get_preferences(context_only=True)
                    with transaction.set_context(own, company=self.company, _check_access=True):
                        result = act(Pool())
                except TransactionError as error:
                    transaction.rollback()
                    error.fix(locks)
                    continue
                transaction.commit()
            self.work_off(moment)
            return result

    def work_off(self, moment: dt.datetime) -> None:
        """What a server does right after a request: the tasks that it left in the queue."""
        tasks = Transaction().tasks
        with time_machine.travel(moment, tick=True):
            while tasks:
                run_task(self.database, tasks.pop())

    def day(self, day: dt.date, last: dt.datetime) -> list[tuple[dt.datetime, object]]:
        """What happens on a day until `last`, as (moment, thing to do), to be done in the order of time."""
        start = dt.datetime.combine(day, OPENS, dt.UTC)
        span = (dt.datetime.combine(day, CLOSES, dt.UTC) - start).total_seconds()
        moments = [
            start + dt.timedelta(seconds=span * (n + self.chance.random()) / RETAIL_A_DAY) for n in range(RETAIL_A_DAY)
        ]
        plan = [(moment, self.retail) for moment in moments]
        for number in range(WHOLESALE_A_DAY):
            plan.append((start + dt.timedelta(hours=1 + 3 * number, minutes=self.chance.randrange(30)), self.wholesale))
        plan += [(start + dt.timedelta(hours=2, minutes=7 + 40 * n), self.step) for n in range(8)]
        plan.append((start + dt.timedelta(hours=4), self.invoices))
        plan += [(start - dt.timedelta(minutes=5 - n), self.log_in(who)) for n, who in enumerate(self.everybody)]
        plan.append((dt.datetime.combine(day, dt.time(17, 10), dt.UTC), self.post))
        return [(moment, act) for moment, act in plan if moment < last]

    def log_in(self, who: int):
        """Somebody opens the client in the morning, in the network of the branch."""

        def opened(pool):
            with Transaction().set_context(_check_access=False):
                pool.get("ir.session").new({"ip_address": f"10.0.{self.number + 1}.{who}"})

        return lambda moment: self.do(moment, who, opened)

    def retail(self, moment: dt.datetime) -> None:
        def sell(pool):
            sale_, payment, method = (pool.get(f"sale.point.{n}") for n in ("sale", "payment", "payment.method"))
            (point,) = pool.get("sale.point").search([("company", "=", self.company)])
            methods = method.search([("company", "=", self.company)], order=[("id", "ASC")])
            lines, total = [], Decimal(0)
            for code in self.chance.sample(["WAX", "CLOTH"], self.chance.choice((1, 2))):
                quantity, price = self.chance.choice((1, 1, 1, 2, 3)), PRICES[code]
                (product,) = pool.get("product.product").search([("code", "=", code)])
                line = {"product": product.id, "quantity": float(quantity)}
                lines.append({**line, "unit_list_price": price, "unit_gross_price": price})
                total += price * quantity
            (sale,) = sale_.create([{"point": point.id, "lines": [("create", lines)]}])
            payment.create([{"sale": sale.id, "method": self.chance.choice(methods).id, "amount": total}])
            sale_.process([sale_(sale.id)])
            return sale.id

        self.unposted.append(self.do(moment, next(self._selling), sell))

    def open_counter(self, moment: dt.datetime) -> None:
        def opened(pool):
            (point,) = pool.get("sale.point").search([("company", "=", self.company)])
            pool.get("sale.point.cash.session").get_current(point)

        self.do(moment, next(self._selling), opened)

    def post(self, moment: dt.datetime) -> None:
        """The counter is closed: what was sold goes into the ledger."""
        self.press("sale.point.sale", "post", self.unposted, moment, next(self._selling))
        self.unposted = []

    def wholesale(self, moment: dt.datetime) -> None:
        """An order on account: quoted, confirmed, which opens its production."""
        seller = next(self._selling)
        sale = self.draft(moment, seller)
        self.press("sale.sale", "quote", [sale], moment + dt.timedelta(minutes=4), seller)
        self.press("sale.sale", "confirm", [sale], moment + dt.timedelta(minutes=9), seller)

        def plan(pool):
            production, centre = pool.get("production"), pool.get("production.work.center")
            lines = [f"sale.line,{line.id}" for line in pool.get("sale.sale")(sale).lines]
            orders = production.search([("origin", "in", lines)])
            (root,) = centre.search([("parent", "=", None), ("company", "=", self.company)])
            production.write(orders, {"work_center": root.id, "planned_start_date": moment.date()})
            for button in ("draft", "wait", "assign_try"):
                getattr(production, button)(production.browse(orders))
            return [order.id for order in orders]

        planned = moment + dt.timedelta(minutes=20)
        self.open_orders += [(planned, order) for order in self.do(planned, next(self._making), plan)]

    def draft(self, moment: dt.datetime, seller: int | None = None) -> int:
        """A sale that is being written: the customer still thinks about it."""
        seller = next(self._selling) if seller is None else seller

        def write(pool):
            (product,) = pool.get("product.product").search([("code", "=", "TABLE")])
            (customer,) = pool.get("party.party").search([("name", "=", self.customer)])
            address = customer.addresses[0].id
            line = {
                "type": "line",
                "product": product.id,
                "quantity": float(self.chance.choice((1, 2, 4))),
                "unit": product.default_uom.id,
                "unit_price": PRICES["TABLE"],
            }
            head = {
                "party": customer.id,
                "invoice_address": address,
                "shipment_address": address,
                "currency": pool.get("company.company")(self.company).currency.id,
                "warehouse": pool.get("res.user")(seller).warehouse.id,
                "sale_date": moment.date(),
            }
            (sale,) = pool.get("sale.sale").create([{**head, "lines": [("create", [line])]}])
            return sale.id

        return self.do(moment, seller, write)

    def step(self, moment: dt.datetime) -> None:
        """The next step of the oldest open order is done; an order whose steps are done is done itself."""
        if not self.open_orders or self.open_orders[0][0] > moment:
            return
        order = self.open_orders[0][1]

        def begin(pool):
            production, cycle = pool.get("production"), pool.get("production.work.cycle")
            if production(order).state == "assigned":
                production.run([production(order)])
            works = sorted(production(order).works, key=lambda work: work.sequence or 0)
            left = [work for work in works if not work.cycles]
            (begun,) = cycle.create([{"work": left[0].id}])
            cycle.run([cycle(begun.id)])
            return begun.id, len(left) == 1

        maker = next(self._making)
        number, is_last = self.do(moment, maker, begin)
        self.press("production.work.cycle", "do", [number], moment + dt.timedelta(minutes=25), maker)
        if is_last:
            self.press("production", "do", [order], moment + dt.timedelta(minutes=30), maker)
            self.open_orders.pop(0)

    def invoices(self, moment: dt.datetime) -> None:
        """The books post the invoices of what was ordered before."""

        def post(pool):
            invoice = pool.get("account.invoice")
            drafts = invoice.search([("state", "=", "draft"), ("company", "=", self.company)])
            invoice.write(drafts, {"invoice_date": moment.date()})
            invoice.post(drafts)

        self.do(moment, next(self._selling), post)

    def press(self, model: str, button: str, records: list[int], moment: dt.datetime, user: int) -> None:
        """Press a button on some records."""

        def pressed(pool):
            getattr(pool.get(model), button)(pool.get(model).browse(records))

        if records:
            self.do(moment, user, pressed)


def live(branches: list[Branch], first: dt.date, last: dt.datetime, day_is_over=lambda day: None) -> None:
    """Live every day from `first` until the moment `last`, all branches side by side; `day_is_over` is told of each."""
    for branch in branches:
        branch.open_counter(dt.datetime.combine(first, OPENS, dt.UTC))
    day = first
    while day <= last.date():
        plan = [entry for branch in branches for entry in branch.day(day, last)]
        for moment, act in sorted(plan, key=lambda entry: entry[0]):
            act(moment)
        day_is_over(day)
        day += dt.timedelta(days=1)
    for branch in branches:
        branch.draft(last - dt.timedelta(minutes=40))
