"""Promises of production steps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from hypercare.clients.client import Client, OrderSeen, SystemRefused
from hypercare.conformance.ground import Ground
from hypercare.conformance.promise import Broken, Promise, require
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.business_terms import Task


@contextmanager
def _order(ground: Ground) -> Iterator[tuple[Client, OrderSeen]]:
    """The order of a trial sale, and somebody who works on it."""
    with ground.client_for(Task.SELL) as till, ground.synthetic.sale(till, "made_to_order") as trial:
        sale = trial.finalise()
        with ground.client_for(Task.UNDO) as overseer:
            order = overseer.order_of_sale(sale.key)
        if order is None:
            raise NotCovered(
                "A sale of something made to order opens no order in this system.", remedy="Declare how it is found."
            )
        require(bool(order.steps), f"the order {order.number} has no steps")
        with ground.client_for(Task.PRODUCE) as client:
            yield client, order


def _moves_steps(ground: Ground) -> None:
    with _order(ground) as (client, order):
        first = order.steps[0]
        require(first.state == "waiting", f"the first step of a new order is {first.state}")
        for verb, right in ((client.start_step, "started"), (client.finish_step, "done")):
            answered = verb(order.key, first.key)
            for where, shown in (("as answered", answered), ("read again", client.read_order(order.key))):
                state = next((step.state for step in shown.steps if step.key == first.key), "") if shown else "missing"
                require(state == right, f"after {verb.__name__}() the step is {state}, {where}")


def _keeps_the_order_of_steps(ground: Ground) -> None:
    with _order(ground) as (client, order):
        if len(order.steps) < 2:
            raise NotCovered("The trial product is made in one step.", remedy="Name one with several in [canary].")
        last = order.steps[-1]
        for verb in (client.finish_step, client.start_step):
            try:
                answered = verb(order.key, last.key)
            except SystemRefused:
                continue
            state = next((step.state for step in answered.steps if step.key == last.key), "missing")
            if state != "waiting":
                raise NotCovered(
                    "This system lets the last step go before the first.", remedy="Nothing to mend if that is meant."
                )
            raise Broken(f"{verb.__name__}() of the last step did nothing and said nothing")


def _tells_refusals_of_steps(ground: Ground) -> None:
    with _order(ground) as (client, order):
        first = order.steps[0]
        client.start_step(order.key, first.key)
        client.finish_step(order.key, first.key)
        try:
            answered = client.finish_step(order.key, first.key)
        except SystemRefused:
            return
        state = next((step.state for step in answered.steps if step.key == first.key), "missing")
        require(state == "done", f"finishing a step that is done made it {state}")


def _adds_a_cost(ground: Ground) -> None:
    with _order(ground) as (client, order):
        client.add_cost(order.key, Decimal("0.01"), "Trial of an adapter")


PROMISES = (
    Promise("a step is started and finished", _moves_steps),
    Promise("steps go in their order", _keeps_the_order_of_steps),
    Promise("a step that is done is not done again", _tells_refusals_of_steps),
    Promise("a cost can be entered", _adds_a_cost),
)
