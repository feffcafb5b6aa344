"""What the daily reports of sales and production have to notice in a Tryton, put in past the application."""

from __future__ import annotations

from collections.abc import Mapping

from hypercare.outcome.level import Level
from tests.tryton.tryton_faults import BOTH, L2, L3, SQLITE, TrytonFault, sql

LATE_MOVE = "(SELECT move FROM sale_point_sale WHERE id = {late_counter_sale})"
MADE_TODAY = "(SELECT MAX(id) FROM production WHERE state = 'done')"
WORK_OF_LAST = f"(SELECT id FROM production_work WHERE production = {MADE_TODAY} ORDER BY sequence DESC LIMIT 1)"
MIDDLE_WORK = f"(SELECT id FROM production_work WHERE production = {MADE_TODAY} ORDER BY sequence LIMIT 1 OFFSET 1)"
WORK_OF_THREE_DAYS_AGO = (
    "(SELECT MIN(work) FROM production_work_cycle WHERE state = 'done' AND create_date > {days_ago:3.5})"
)
WORKS_THAT_STOP = (
    "SELECT work.id FROM production_work AS work JOIN production_routing_operation AS operation"
    " ON operation.id = work.operation JOIN production ON production.id = work.production"
    " WHERE operation.name = 'Finishing' AND production.create_date > {days_ago:6.6}"
)
# What else may tell that a week's orders are under way again.
WHAT_STOPS = (
    *("ops.workflows", "ops.production-steps", "production.timely", "production.figures", "production.costs"),
    *("summary.steps-updated", "summary.orders-completed", "summary.costs-entered", "verify.costs"),
)
LATE_ORDER = "(SELECT MAX(id) FROM sale_sale WHERE state = 'processing')"
OF_TODAY = "SELECT id FROM sale_point_sale WHERE create_date > {hours_ago:10}"


def _fault(
    id_: str,
    noticed_by: Mapping[str, Level],
    *statements: str,
    may: tuple[str, ...] = (),
    engines: tuple[str, ...] = SQLITE,
) -> TrytonFault:
    return TrytonFault(
        id=id_, put_in=sql(*statements), noticed_by=noticed_by, may_notice=frozenset(may), engines=engines
    )


def _times(factor: str, sale: str, move: str, field: str) -> tuple[str, ...]:
    """Everything that a sale at the counter says of its money agrees, and is so many times as much."""
    return (
        f"UPDATE sale_point_sale_line SET {field} = {field} * {factor} WHERE sale IN ({sale})",
        f"UPDATE sale_point_payment SET amount = amount * {factor} WHERE sale IN ({sale})",
        f"UPDATE account_move_line SET debit = debit * {factor}, credit = credit * {factor} WHERE move IN ({move})",
    )


def _tenfold(factor: str) -> tuple[str, ...]:
    return _times(factor, "{late_counter_sale}", LATE_MOVE, "unit_gross_price")


def _whole_day(factor: str) -> tuple[str, ...]:
    return _times(factor, OF_TODAY, f"SELECT move FROM sale_point_sale WHERE id IN ({OF_TODAY})", "quantity")


def _due(day: str) -> tuple[str, ...]:
    """The order made last is under way still, and was to be done on a day."""
    return (
        f"UPDATE production_work_cycle SET state = 'running' WHERE work = {WORK_OF_LAST}",
        f"UPDATE production_work SET state = 'running' WHERE id = {WORK_OF_LAST}",
        f"UPDATE production SET state = 'running', planned_date = {day} WHERE id = {MADE_TODAY}",
    )


REPORTS = (
    _fault(
        "first-sale-entered-by-nobody",
        {"focus.first-sales": L2},
        "UPDATE sale_point_sale SET create_uid = NULL WHERE id = {counter_sale}",
        engines=BOTH,
    ),
    _fault(
        "order-that-nobody-confirmed",
        {"sales.match-activity": L2},
        "DELETE FROM ir_model_log WHERE target = 'state:confirmed'"
        " AND resource = (SELECT 'sale.sale,' || MAX(id) FROM sale_sale WHERE state = 'processing')",
        engines=BOTH,
    ),
    _fault("sold-at-twelve-times-the-price", {"sales.amounts": L2, "verify.sales-totals": L2}, *_tenfold("12")),
    _fault("whole-day-fourfold", {"sales.amounts": L2}, *_whole_day("4")),
    _fault(
        "same-number-twice",
        {"sales.no-duplicates": L2},
        f"UPDATE sale_sale SET number = (SELECT number FROM sale_sale WHERE id = {{order}}) WHERE id = {LATE_ORDER}",
        engines=BOTH,
    ),
    _fault(
        "listed-at-a-hundredfold",
        {"verify.sales-totals": L2},
        "UPDATE product_list_price SET list_price = list_price * 100"
        " WHERE template = (SELECT template FROM product_product WHERE code = 'WAX')",
        may=("focus.first-sales",),
        engines=BOTH,
    ),
    _fault(
        "order-of-no-sale",
        {"production.match-sales": L2},
        f"UPDATE production SET origin = NULL WHERE id = {MADE_TODAY}",
        may=("ops.workflows",),
        engines=BOTH,
    ),
    _fault(
        "work-for-a-sale-that-is-a-draft",
        {"production.match-sales": L2},
        f"UPDATE sale_sale SET state = 'draft' WHERE id = {LATE_ORDER}",
        may=("ops.workflows", "verify.sales-totals", "sales.match-activity"),
    ),
    _fault("order-past-its-day", {"production.timely": L2}, *_due("{day_before:2}"), engines=BOTH),
    _fault(
        "step-done-without-its-cost",
        {"production.costs": L2},
        f"UPDATE production_work_cycle SET cost = NULL WHERE work = {WORK_OF_THREE_DAYS_AGO}",
        may=("verify.costs",),
        engines=BOTH,
    ),
    _fault(
        "completed-without-a-step",
        {"production.completion": L2},
        f"DELETE FROM production_work_cycle WHERE work = {MIDDLE_WORK}",
        f"DELETE FROM production_work WHERE id = {MIDDLE_WORK}",
        may=("verify.costs", "verify.production-progress"),
        engines=BOTH,
    ),
    _fault(
        "dearer-than-it-was-sold-for",
        {"focus.cross-module": L2, "verify.costs": L2},
        f"UPDATE production_work_cycle SET cost = 5000 WHERE work = {WORK_OF_LAST}",
        engines=BOTH,
    ),
    _fault(
        "nothing-goes-on-at-the-last-step",
        {"focus.workflow-gaps": L2},
        f"DELETE FROM production_work_cycle WHERE work IN ({WORKS_THAT_STOP})",
        f"UPDATE production_work SET state = 'waiting' WHERE id IN ({WORKS_THAT_STOP})",
        "UPDATE production SET state = 'running' WHERE create_date > {days_ago:6.6}",
        may=WHAT_STOPS,
    ),
)  # fmt: skip

STOCK = (
    _fault(
        "sold-and-still-in-stock",
        {"data.constraints": L3, "focus.integrity": L3},
        "DELETE FROM stock_move WHERE origin ="
        " (SELECT 'sale.point.sale.line,' || MIN(id) FROM sale_point_sale_line WHERE sale = {counter_sale})",
        engines=BOTH,
    ),
    _fault(
        "made-of-material-that-was-not-taken",
        {"data.constraints": L3, "focus.integrity": L3},
        f"UPDATE stock_move SET state = 'assigned' WHERE production_input = {MADE_TODAY}",
        engines=BOTH,
    ),
)

# Each is what one above is, and too little of it.
REPORTS_JUST_BELOW: Mapping[str, tuple[str, ...]] = {
    "sold at three times the price": _tenfold("3"),
    "an order due today": _due("{day_before:0}"),
    "a step that costs three times as much": (
        f"UPDATE production_work_cycle SET cost = cost * 3 WHERE work = {WORK_OF_THREE_DAYS_AGO}",
    ),
    "listed at three times": (
        "UPDATE product_list_price SET list_price = list_price * 3"
        " WHERE template = (SELECT template FROM product_product WHERE code = 'WAX')",
    ),
}
