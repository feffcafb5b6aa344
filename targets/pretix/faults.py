"""What goes wrong in a pretix, put in past the application: into its SQLite file, its log, its backups."""

# ruff: noqa: E501 - one of a kind on a line

from __future__ import annotations

from faultlab.suite_run import Scope
from hypercare.outcome.level import Level
from targets.foreign.faults import BACKUPS, ForeignFault, PutIn, lines, log_gone, record, sql

L2, L3 = Level.L2, Level.L3
TOTALS = "verify.sales-totals"
_PAID = "(SELECT MAX(id) FROM pretixbase_order WHERE status = 'p' AND total > 20 AND datetime < {days_ago:0.2})"
_OLD = "(SELECT MIN(id) FROM pretixbase_order WHERE status = 'p' AND total > 20)"
_RETURNED = "(SELECT MIN(order_id) FROM pretixbase_orderrefund WHERE state = 'done')"
_SOUTH = "(SELECT id FROM pretixbase_event WHERE slug = 'south')"
_TODAY = "(SELECT id FROM pretixbase_order WHERE datetime > {hours_ago:9})"


def _log(id_: str, put_in: PutIn, noticed_by: dict[str, Level], *may: str) -> ForeignFault:
    return ForeignFault(id=id_, put_in=put_in, noticed_by=noticed_by, may_notice=frozenset(may), scope=Scope.LOGS)


def _without_orders(which: str) -> PutIn:
    return sql(
        *(
            f"DELETE FROM {table} WHERE order_id IN ({which})"
            for table in (
                "pretixbase_orderposition",
                "pretixbase_orderfee",
                "pretixbase_orderpayment",
                "pretixbase_orderrefund",
                "pretixbase_invoice",
            )
        ),
        f"DELETE FROM pretixbase_logentry WHERE content_type_id = (SELECT id FROM django_content_type WHERE model = 'order' AND app_label = 'pretixbase') AND object_id IN ({which})",
        f"DELETE FROM pretixbase_order WHERE id IN ({which})",
    )


RECORDS = (
    record(
        "a total is five euro short",
        sql(f"UPDATE pretixbase_order SET total = total - 5 WHERE id = {_PAID}"),
        {TOTALS: L3},
    ),
    record(
        "a total is a cent short",
        sql(f"UPDATE pretixbase_order SET total = total - 0.01 WHERE id = {_OLD}"),
        {TOTALS: L2},
    ),
    record(
        "a total is tenfold", sql(f"UPDATE pretixbase_order SET total = total * 10 WHERE id = {_PAID}"), {TOTALS: L3}
    ),
    record(
        "a ticket of a paid order is gone",
        sql(
            f"DELETE FROM pretixbase_orderposition WHERE id = (SELECT MIN(id) FROM pretixbase_orderposition WHERE order_id = {_PAID} AND price > 0 AND NOT canceled)"
        ),
        {TOTALS: L3},
        "data.foreign-keys",
    ),
    record(
        "a ticket's price was changed afterwards",
        sql(
            f"UPDATE pretixbase_orderposition SET price = price + 10 WHERE id = (SELECT MIN(id) FROM pretixbase_orderposition WHERE order_id = {_PAID} AND price > 0 AND NOT canceled)"
        ),
        {TOTALS: L3},
    ),
    record(
        "a paid order's payment failed",
        sql(f"UPDATE pretixbase_orderpayment SET state = 'failed' WHERE order_id = {_PAID}"),
        {TOTALS: L3},
    ),
    record(
        "a payment is there twice",
        sql(
            f"INSERT INTO pretixbase_orderpayment (local_id, state, amount, created, payment_date, provider, info, migrated, order_id) SELECT local_id + 5, state, amount, created, payment_date, provider, info, migrated, order_id FROM pretixbase_orderpayment WHERE order_id = {_PAID} AND state = 'confirmed'"
        ),
        {TOTALS: L3},
    ),
    record(
        "a paid order is open again",
        sql(f"UPDATE pretixbase_order SET status = 'n' WHERE id = {_PAID}"),
        {TOTALS: L3},
        "ops.workflows",
    ),
    record(
        "a cancelled order's money was not given back",
        sql(f"DELETE FROM pretixbase_orderrefund WHERE order_id = {_RETURNED}"),
        {TOTALS: L3},
    ),
    record(
        "an order has a state that nobody knows",
        sql(f"UPDATE pretixbase_order SET status = 'q' WHERE id = {_OLD}"),
        {TOTALS: L3},
    ),
    record(
        "an order was paid before it was placed",
        sql(f"UPDATE pretixbase_orderpayment SET payment_date = {{days_ago:300}} WHERE order_id = {_PAID}"),
        {TOTALS: L3},
    ),
    record(
        "an order's date alone is of two years ago",
        sql(f"UPDATE pretixbase_order SET datetime = {{days_ago:900}} WHERE id = {_PAID}"),
        {TOTALS: L2},
        "summary.sales-created",
    ),
    record(
        "a sale is of ten million",
        sql(
            f"UPDATE pretixbase_order SET total = 10000000 WHERE id = {_PAID}",
            f"UPDATE pretixbase_orderpayment SET amount = 10000000 WHERE order_id = {_PAID}",
            f"UPDATE pretixbase_orderposition SET price = 10000000 WHERE id = (SELECT MIN(id) FROM pretixbase_orderposition WHERE order_id = {_PAID})",
            f"UPDATE pretixbase_orderposition SET price = 0 WHERE order_id = {_PAID} AND price < 10000000",
            f"DELETE FROM pretixbase_orderfee WHERE order_id = {_PAID}",
        ),
        {TOTALS: L2},
    ),
    record(
        "all tickets of a paid order are cancelled, it is not",
        sql(f"UPDATE pretixbase_orderposition SET canceled = 1 WHERE order_id = {_PAID}"),
        {TOTALS: L3},
    ),
    record(
        "a ticket belongs to an order that is not there",
        sql(
            f"UPDATE pretixbase_orderposition SET order_id = 999999 WHERE id = (SELECT MIN(id) FROM pretixbase_orderposition WHERE order_id = {_OLD} AND price > 0 AND NOT canceled)"
        ),
        {"data.foreign-keys": L3, TOTALS: L3},
    ),
    record(
        "a payment belongs to an order that is not there",
        sql(f"UPDATE pretixbase_orderpayment SET order_id = 999999 WHERE order_id = {_OLD}"),
        {"data.foreign-keys": L3, TOTALS: L3},
    ),
    record(
        "an order moved to another venue",
        sql(
            f"UPDATE pretixbase_order SET event_id = {_SOUTH} WHERE id = (SELECT MAX(id) FROM pretixbase_order WHERE status = 'p' AND event_id <> {_SOUTH})"
        ),
        {"verify.branches": L3},
    ),
    record(
        "an order was forgotten for nine days",
        sql(
            "UPDATE pretixbase_order SET status = 'n', datetime = {days_ago:9}, expires = {days_ago:-3} WHERE id = (SELECT MIN(id) FROM pretixbase_order WHERE status = 'n')"
        ),
        {"ops.workflows": L2},
        TOTALS,
    ),
    record(
        "one venue sold nothing today",
        _without_orders(f"SELECT id FROM pretixbase_order WHERE event_id = {_SOUTH} AND datetime > {{hours_ago:9}}"),
        {"ops.sales": L2},
        "summary.sales-created",
        "data.foreign-keys",
    ),
    record(
        "nobody sold anything today",
        _without_orders("SELECT id FROM pretixbase_order WHERE datetime > {hours_ago:9}"),
        {"summary.sales-created": L2, "ops.sales": L3},
        "data.foreign-keys",
    ),
    record(
        "an order vanished, its history tells of it",
        sql(
            "DELETE FROM pretixbase_orderposition WHERE order_id IN (SELECT MAX(id) FROM pretixbase_order WHERE status = 'p')",
            "DELETE FROM pretixbase_orderpayment WHERE order_id IN (SELECT MAX(id) FROM pretixbase_order WHERE status = 'p')",
            "DELETE FROM pretixbase_order WHERE id = (SELECT MAX(id) FROM pretixbase_order WHERE status = 'p')",
        ),
        {"summary.sales-created": L2},
        "data.foreign-keys",
    ),
)
LOGS = (
    _log(
        "an error keeps coming",
        lines(
            "ERROR {at:%Y-%m-%d %H:%M:%S},123 pretix.base.payment log Payment provider answered 500 for order X{number}AB",
            times=9,
            every_minutes=7,
        ),
        {"errors.recurring": L2},
        "issues.error-logs",
        "errors.review",
    ),
    _log(
        "the disk is full",
        lines(
            "CRITICAL {at:%Y-%m-%d %H:%M:%S},123 django.request log OSError: [Errno 28] No space left on device: '/var/pretix/media'"
        ),
        {"health.logs": L3},
        "issues.error-logs",
        "errors.review",
        "errors.recurring",
    ),
    _log(
        "the database is locked again and again",
        lines(
            "ERROR {at:%Y-%m-%d %H:%M:%S},123 django.request log Internal Server Error: /api/v1/organizers/kultur/events/north/orders/: sqlite3.OperationalError: database is locked",
            times=6,
            every_minutes=5,
        ),
        {"errors.recurring": L2},
        "issues.error-logs",
        "errors.review",
        "perf.timeouts",
    ),
    # Whatever fails now, nobody would see it.
    _log("the log is gone", log_gone, {"health.logs": L3}, "issues.error-logs", "errors.review", "errors.recurring"),
)
FAULTS = (*RECORDS, *LOGS, *BACKUPS)
