"""Promises of sales: made, made final, read, listed, found by their mark."""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

from hypercare.clients.client import LineToSell, SaleSeen, SaleToMake, SystemRefused
from hypercare.conformance.ground import Ground, is_refused, never_was
from hypercare.conformance.promise import Broken, Promise, require
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.business_terms import Task
from hypercare.trials.synthetic import MARK


def _reads_what_it_created(ground: Ground) -> None:
    with ground.client_for(Task.SELL) as client, ground.synthetic.sale(client) as trial:
        made, read = trial.sale, client.read_sale(trial.sale.key)
        if read is None:
            raise Broken("a sale that was just created cannot be read")
        require(made.total > 0, f"a sale of two lines has the total {made.total}")
        _require_same(made, read, "created", "read")
        if read.lines:
            total = sum((line.amount for line in read.lines), Decimal(0))
            require(total == read.total, f"the lines add up to {total} where the total is {read.total}")
            quantities = sorted(line.quantity for line in read.lines)
            # A cart may put equal lines together.
            is_right = quantities in ([1, 3], [4])
            require(is_right, f"lines of 1 and 3 were sold, {', '.join(map(str, quantities))} are read")
        if read.reference is not None:
            right = read.reference == trial.wish.reference
            require(right, f"the reference {trial.wish.reference!r} is read as {read.reference!r}")


def _require_same(one: SaleSeen, other: SaleSeen, first: str, second: str) -> None:
    for part in ("key", "state", "total"):
        here, there = getattr(one, part), getattr(other, part)
        require(here == there, f"the {part} is {here} as {first}, {there} as {second}")


def _finalises(ground: Ground) -> None:
    with ground.client_for(Task.SELL) as client, ground.synthetic.sale(client) as trial:
        draft = trial.sale
        final = trial.finalise()
        require(final.state == "final", f"after it was made final, a sale is {final.state}")
        require(bool(final.number), "a final sale has no number")
        require(final.total == draft.total, f"making it final changed the total from {draft.total} to {final.total}")
        _require_same(final, trial.read(), "made final", "read")
        if trial.sale.payments:
            paid = sum((payment.amount for payment in trial.sale.payments), Decimal(0))
            require(paid == final.total, f"{paid} were paid where the total is {final.total}")


def _lists_its_own_branch(ground: Ground) -> None:
    branch = ground.seller.branch
    with ground.client_for(Task.SELL) as client, ground.synthetic.sale(client) as trial:
        made = _as_far_as_it_goes(trial)
        listed = client.sales_listed(made.number or "")
        same = [sale for sale in listed if sale.key == made.key]
        require(bool(same), "the list does not contain the sale that was just made")
        require(same[0].total == made.total, f"the list has the total {same[0].total} where {made.total} is right")
        strange = [sale for sale in (*listed, *client.sales_listed()) if sale.branch not in (None, branch)]
        require(not strange, f"the list of branch {branch} has sales of {', '.join({s.branch or '' for s in strange})}")


def _as_far_as_it_goes(trial: object) -> SaleSeen:
    """Final where a final sale can be undone, else as it was created."""
    from hypercare.trials.synthetic import TrialSale

    assert isinstance(trial, TrialSale)
    try:
        return trial.finalise()
    except NotCovered:
        return trial.sale


def _keeps_branches_apart(ground: Ground) -> None:
    stranger = ground.stranger
    with (
        ground.client_for(Task.SELL) as client,
        ground.client(stranger) as other,
        ground.synthetic.sale(client) as trial,
    ):
        key, words = trial.sale.key, f"a record of branch {ground.seller.branch}"
        require(is_refused(other, key), f"{stranger.username} of branch {stranger.branch} reads {words}")
        listed = any(sale.key == key for sale in other.sales_listed())
        require(not listed, f"the list of {stranger.username} of branch {stranger.branch} has {words}")
        with suppress(SystemRefused):
            other.undo_sale(key, "Must not be possible from another branch")
        still = client.read_sale(key)
        stands = still is not None and still.state != "void"
        require(stands, f"{stranger.username} of branch {stranger.branch} undid {words}")
        require(not is_refused(client, key), "a look from another branch took the record from its own")


def _finds_by_mark(ground: Ground) -> None:
    customer = ground.target.config.canary.customer or ""
    with ground.client_for(Task.SELL) as client, ground.synthetic.sale(client) as trial:
        reference = trial.wish.reference
        with ground.client_for(Task.UNDO) as overseer:
            found = [sale for sale in overseer.sales_marked(MARK, customer) if sale.key == trial.sale.key]
            require(bool(found), "sales_marked() does not find a trial sale that stands")
            require(found[0].reference == reference, f"its reference comes back as {found[0].reference!r}")
            none = overseer.sales_marked(f"no-such-mark-{uuid.uuid4().hex[:6]}", customer)
            require(not none, f"sales_marked() finds {len(none)} sales for a mark that none has")


def _tells_what_is_refused(ground: Ground) -> None:
    with ground.client_for(Task.SELL) as client, ground.synthetic.sale(client) as trial:
        absent = never_was(trial.sale.key)
        require(is_refused(client, absent), "read_sale() shows a sale that never was")
        try:
            client.finalise_sale(absent)
        except SystemRefused:
            pass
        else:
            raise Broken("making a sale final that never was is not told as SystemRefused but swallowed")
        bad = replace(trial.wish, lines=(LineToSell(f"no-such-{uuid.uuid4().hex[:6]}"),))
        _require_not_created(ground, bad)


def _require_not_created(ground: Ground, bad: SaleToMake) -> None:
    with ground.client_for(Task.SELL) as client:
        try:
            made = client.create_sale(replace(bad, reference=f"{bad.reference}-x"))
        except (SystemRefused, NotCovered):
            return
        client.undo_sale(made.key, "A sale of a product that does not exist")
        raise Broken("a sale of a product that does not exist was created, or its refusal was swallowed")


PROMISES = (
    Promise("what is created is read back to the cent", _reads_what_it_created),
    Promise("making final gives a number and the state", _finalises),
    Promise("the list has one's own branch's sales and no other's", _lists_its_own_branch),
    Promise("a record of another branch is refused", _keeps_branches_apart),
    Promise("a trial is found by its mark", _finds_by_mark),
    Promise("what the system refuses is told, not swallowed", _tells_what_is_refused),
)
