"""What goes wrong in a Vendure shop, put in past the application: into MariaDB and its backups."""

# ruff: noqa: E501 - one of a kind on a line

from __future__ import annotations

from hypercare.outcome.level import Level
from targets.foreign.faults import BACKUPS, record, sql

L2, L3 = Level.L2, Level.L3
TOTALS, BRANCHES, CREATED = "verify.sales-totals", "verify.branches", "summary.sales-created"
# MariaDB changes no table that its own subquery reads, unless that is a table of its own.
_PAID = (
    "(SELECT id FROM (SELECT id FROM `order` WHERE state = 'PaymentSettled' AND orderPlacedAt < {days_ago:0.5}"
    " ORDER BY orderPlacedAt DESC LIMIT 1) one)"
)
_RETURNED = "(SELECT id FROM (SELECT id FROM `order` WHERE state = 'Cancelled' AND createdAt < {days_ago:0.5} ORDER BY createdAt DESC LIMIT 1) one)"
_LINE = f"WHERE id = (SELECT id FROM (SELECT MIN(id) AS id FROM order_line WHERE orderId = {_PAID}) one)"

_TODAY = "(SELECT id FROM (SELECT id FROM `order` WHERE createdAt > {{hours_ago:9}}{more}) one)"


def _without(which: str) -> tuple[str, ...]:
    left = "orderId NOT IN (SELECT id FROM `order`)"
    tables = ("order_line", "payment", "shipping_line", "history_entry", "order_channels_channel")
    return (f"DELETE FROM `order` WHERE id IN {which}", *(f"DELETE FROM {table} WHERE {left}" for table in tables))


_OF_SOUTH = " AND id IN (SELECT orderId FROM order_channels_channel l JOIN channel c ON c.id = l.channelId WHERE c.code = 'south')"
RECORDS = (
    record(
        "a total is five short",
        sql(f"UPDATE `order` SET subTotalWithTax = subTotalWithTax - 500 WHERE id = {_PAID}"),
        {TOTALS: L3},
    ),
    record(
        "a total is tenfold",
        sql(f"UPDATE `order` SET subTotalWithTax = subTotalWithTax * 10 WHERE id = {_PAID}"),
        {TOTALS: L3},
    ),
    record(
        "shipping was charged that is on no line",
        sql(f"UPDATE `order` SET shippingWithTax = shippingWithTax + 790 WHERE id = {_PAID}"),
        {TOTALS: L3},
    ),
    # L2: the books agree and the shop can trade, so somebody has to compare it with its receipt, and nobody to run.
    record(
        "one sale is of ten million",
        sql(
            f"UPDATE order_line SET listPrice = 1000000000, quantity = 1 {_LINE}",
            f"UPDATE `order` SET subTotalWithTax = (SELECT SUM(l.quantity * l.listPrice) FROM order_line l WHERE l.orderId = `order`.id) WHERE id = {_PAID}",
            f"UPDATE payment SET amount = (SELECT o.subTotalWithTax + o.shippingWithTax FROM `order` o WHERE o.id = orderId) WHERE orderId = {_PAID}",
        ),
        {TOTALS: L2},
    ),
    record("a line is gone", sql(f"DELETE FROM order_line {_LINE}"), {TOTALS: L3}, "data.foreign-keys"),
    record(
        "a line's price was changed", sql(f"UPDATE order_line SET listPrice = listPrice + 100 {_LINE}"), {TOTALS: L3}
    ),
    record(
        "a line's quantity was doubled", sql(f"UPDATE order_line SET quantity = quantity * 2 {_LINE}"), {TOTALS: L3}
    ),
    record(
        "a payment is smaller than the order",
        sql(f"UPDATE payment SET amount = amount - 200 WHERE orderId = {_PAID}"),
        {TOTALS: L3},
    ),
    record(
        "a payment is there twice",
        sql(
            f"INSERT INTO payment (createdAt, updatedAt, method, state, metadata, id, amount, orderId) SELECT createdAt, updatedAt, method, state, metadata, UUID(), amount, orderId FROM payment WHERE orderId = {_PAID}"
        ),
        {TOTALS: L3},
    ),
    record(
        "a paid order is a draft again", sql(f"UPDATE `order` SET state = 'Draft' WHERE id = {_PAID}"), {TOTALS: L3}
    ),
    record(
        "a cancelled order's money was not given back",
        sql(f"DELETE FROM refund WHERE paymentId IN (SELECT id FROM payment WHERE orderId = {_RETURNED})"),
        {TOTALS: L3},
    ),
    record(
        "an order is in a state that nobody knows",
        sql(f"UPDATE `order` SET state = 'Limbo' WHERE id = {_PAID}"),
        {TOTALS: L3},
    ),
    record(
        "an order was placed before it was begun",
        sql(f"UPDATE `order` SET orderPlacedAt = {{days_ago:40}} WHERE id = {_PAID}"),
        {TOTALS: L3},
    ),
    record(
        "a paid order has no time of its own",
        sql(f"UPDATE `order` SET orderPlacedAt = NULL WHERE id = {_PAID}"),
        {TOTALS: L3},
    ),
    record(
        "an order is of the year after next",
        sql(f"UPDATE `order` SET createdAt = {{days_ago:-700}} WHERE id = {_PAID}"),
        {TOTALS: L3},
    ),
    record("an order has no number", sql(f"UPDATE `order` SET code = '' WHERE id = {_PAID}"), {TOTALS: L3}),
    record(
        "an order belongs to no branch",
        sql(f"DELETE FROM order_channels_channel WHERE orderId = {_PAID}"),
        {BRANCHES: L3},
    ),
    record(
        "an order went to the other branch",
        sql(
            "UPDATE order_channels_channel SET channelId = (SELECT id FROM channel WHERE code = 'south') WHERE channelId = (SELECT id FROM channel WHERE code = 'north') AND orderId = (SELECT h.orderId FROM history_entry h JOIN `order` o ON o.id = h.orderId WHERE o.state = 'PaymentSettled' AND h.administratorId IN (SELECT id FROM administrator WHERE emailAddress LIKE 'north%%') AND h.data LIKE '%%\"PaymentSettled\"%%' AND o.createdAt < {days_ago:0.5} ORDER BY o.createdAt DESC LIMIT 1)"
        ),
        {BRANCHES: L3},
    ),
    record(
        "a line is of an order that is not there",
        sql(f"UPDATE order_line SET orderId = 'nobody' {_LINE}"),
        {"data.foreign-keys": L3, TOTALS: L3},
    ),
    record(
        "an order is of a customer who is not there",
        sql(f"UPDATE `order` SET customerId = 'nobody' WHERE id = {_PAID}"),
        {"data.foreign-keys": L3},
    ),
    record(
        "a draft was forgotten",
        sql(
            f"UPDATE `order` SET state = 'Draft', orderPlacedAt = NULL, createdAt = {{days_ago:5}} WHERE id = {_RETURNED}"
        ),
        {"ops.workflows": L2},
        TOTALS,
    ),
    record(
        "a job failed",
        sql("UPDATE job_record SET state = 'FAILED', error = 'index is gone' WHERE createdAt > {hours_ago:6} LIMIT 1"),
        {"ops.workflows": L2},
    ),
    record(
        "one branch sold nothing today",
        sql(*_without(_TODAY.format(more=_OF_SOUTH))),
        {"ops.sales": L2},
        "data.foreign-keys",
        CREATED,
        TOTALS,
    ),
    record(
        "nobody sold anything today",
        sql(*_without(_TODAY.format(more=""))),
        {CREATED: L2, "ops.sales": L3},
        "data.foreign-keys",
        TOTALS,
    ),
)
FAULTS = (*RECORDS, *BACKUPS)
