"""A day of sales that agrees with itself and is unlike other days: in its branches, payments, discounts and prices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from faultlab.fault import Fault, Where, items
from faultlab.real_records import REAL, a_sale
from faultlab.scene import Scene
from hypercare.outcome.level import Level

_TODAY = f"state = 'final' AND {REAL} AND finalised_at >= :midnight"
# What comes in after the last backup, or goes, shows beside it.
BACKUP = items("backup.accessible")


def _all_paid(by: str, and_none_by: str, *, but: int = 0) -> Callable[[Scene], None]:
    """Everybody pays one way, since the other fails; so many payments went through before."""

    def put_in(scene: Scene) -> None:
        of_today = f"method = '{and_none_by}' AND paid_at >= :midnight"
        scene.tables.change(
            "payments",
            f"method = '{by}'",
            f"{of_today} AND id NOT IN (SELECT id FROM payments WHERE {of_today} ORDER BY id LIMIT {but})",
            midnight=scene.midnight,
        )

    return put_in


def _made_final_by_nobody(scene: Scene) -> None:
    scene.tables.delete(
        "activity_log", "entity = 'sale' AND action = 'sale.finalise' AND entity_id = :id", id=a_sale(scene).id
    )


def _made_final_hours_later_by_the_log(scene: Scene) -> None:
    sale = a_sale(scene)
    scene.tables.change(
        "activity_log",
        "at = :then",
        "entity = 'sale' AND action = 'sale.finalise' AND entity_id = :id",
        id=sale.id,
        then=scene.moved(sale.finalised_at, timedelta(minutes=90)),
    )


def _a_sale_of_one_line(scene: Scene) -> Row[Any]:
    """One of today with one line without a discount, and one payment."""
    return scene.tables.one(
        f"SELECT s.*, l.id AS line_id, l.quantity, l.unit_price FROM sales s JOIN sale_lines l ON l.sale_id = s.id"
        f" WHERE s.{_TODAY} AND s.kind = 'retail' AND s.finalised_at < :lately AND l.discount_percent = 0"
        " AND l.quantity = 1"
        " AND (SELECT count(*) FROM sale_lines WHERE sale_id = s.id) = 1"
        " AND (SELECT count(*) FROM payments WHERE sale_id = s.id) = 1 ORDER BY s.id DESC",
        midnight=scene.midnight,
        lately=scene.ago(hours=1),
    )


def _discounted(percent: int) -> Callable[[Scene], None]:
    """A sale with this discount, which total, payment and ledger know of."""

    def put_in(scene: Scene) -> None:
        sale = _a_sale_of_one_line(scene)
        amount = round(float(sale.unit_price) * (100 - percent) / 100, 2)
        scene.tables.change(
            "sale_lines", "discount_percent = :off, amount = :now", "id = :id", id=sale.line_id, off=percent, now=amount
        )
        _comes_to(scene, sale.id, amount)

    return put_in


def _comes_to(scene: Scene, sale: int, amount: float) -> None:
    scene.tables.change("sales", "total = :now", "id = :id", id=sale, now=amount)
    scene.tables.change("payments", "amount = :now", "sale_id = :id", id=sale, now=amount)
    posted = "posting_id IN (SELECT id FROM ledger_postings WHERE sale_id = :id)"
    for side in ("debit", "credit"):
        scene.tables.change("ledger_entries", f"{side} = :now", f"{posted} AND {side} > 0", id=sale, now=amount)


def _less_than_nothing(scene: Scene) -> None:
    """A return that was entered as a sale of minus one; total, payment and lines agree."""
    sale = _a_sale_of_one_line(scene)
    scene.tables.change("sale_lines", "quantity = -1, amount = -amount", "id = :id", id=sale.line_id)
    scene.tables.change("sales", "total = -total", "id = :id", id=sale.id)
    scene.tables.change("payments", "amount = -amount", "sale_id = :id", id=sale.id)
    posted = "posting_id IN (SELECT id FROM ledger_postings WHERE sale_id = :id)"
    scene.tables.change("ledger_entries", "debit = credit, credit = debit", posted, id=sale.id)


def _for_nothing(scene: Scene) -> None:
    """A sale whose only line has no price: nothing was paid, and nothing posted."""
    sale = _a_sale_of_one_line(scene)
    scene.tables.change("sale_lines", "unit_price = 0, amount = 0", "id = :id", id=sale.line_id)
    scene.tables.change("sales", "total = 0", "id = :id", id=sale.id)
    scene.tables.delete(
        "ledger_entries", "posting_id IN (SELECT id FROM ledger_postings WHERE sale_id = :id)", id=sale.id
    )
    for table in ("ledger_postings", "payments"):
        scene.tables.delete(table, "sale_id = :id", id=sale.id)


def _free_beside_paid(scene: Scene) -> None:
    """Something little is given along with what was paid for."""
    sale = _a_sale_of_one_line(scene)
    scene.tables.copy("sale_lines", sale.line_id, position=99, unit_price=0, amount=0)


def _all_times(factor: int) -> Callable[[Scene], None]:
    """Everything of today costs so many times as much: a currency, or a tax, was set wrong in the morning."""

    def put_in(scene: Scene) -> None:
        today = {"midnight": scene.midnight}
        mine = f"sale_id IN (SELECT id FROM sales WHERE {_TODAY})"
        times = f"round(%s * {factor}, 2)"
        scene.tables.change(
            "sale_lines", f"unit_price = {times % 'unit_price'}, amount = {times % 'amount'}", mine, **today
        )
        scene.tables.change("payments", f"amount = {times % 'amount'}", mine, **today)
        scene.tables.change(
            "ledger_entries",
            f"debit = {times % 'debit'}, credit = {times % 'credit'}",
            f"posting_id IN (SELECT id FROM ledger_postings WHERE {mine})",
            **today,
        )
        scene.tables.change("sales", f"total = {times % 'total'}", _TODAY, **today)

    return put_in


def _not_in_the_system(*, one_in: int) -> Callable[[Scene], None]:
    """Of one branch every so many-th sale of today is on paper: nothing of it is in the system."""

    def put_in(scene: Scene) -> None:
        largest = scene.tables.one(
            f"SELECT branch_id AS id FROM sales WHERE {_TODAY} GROUP BY branch_id ORDER BY count(*) DESC",
            midnight=scene.midnight,
        )
        mine = (
            f"SELECT id FROM sales WHERE branch_id = {largest.id} AND created_at >= :midnight AND id % {one_in} = 0"
            " AND kind = 'retail'"
        )
        today = {"midnight": scene.midnight}
        postings = f"SELECT id FROM ledger_postings WHERE sale_id IN ({mine})"
        scene.tables.delete("ledger_entries", f"posting_id IN ({postings})", **today)
        for table in ("ledger_postings", "payments", "sale_lines"):
            scene.tables.delete(table, f"sale_id IN ({mine})", **today)
        scene.tables.delete("activity_log", f"entity = 'sale' AND entity_id IN ({mine})", **today)
        scene.tables.delete("sales", f"id IN ({mine})", **today)

    return put_in


def _branches_swapped(scene: Scene) -> None:
    """An import took each of two branches for the other."""
    one, other = (
        row.id
        for row in scene.tables.rows(
            f"SELECT branch_id AS id FROM sales WHERE {_TODAY} GROUP BY branch_id ORDER BY count(*) DESC LIMIT 2",
            midnight=scene.midnight,
        )
    )
    scene.tables.change(
        "sales",
        f"branch_id = CASE branch_id WHEN {one} THEN {other} ELSE {one} END",
        f"{_TODAY} AND branch_id IN ({one}, {other})",
        midnight=scene.midnight,
    )


FAULTS = (
    Fault(
        id="nothing-was-paid-by-card",
        happens="The terminal has been broken since the morning, and everything stands in the system as paid in cash.",
        where=Where.DATABASE,
        put_in=_all_paid("cash", "card"),
        noticed_by={"sales.figures": Level.L2},
        may_notice=BACKUP,
    ),
    Fault(
        id="nothing-was-paid-in-cash",
        happens="The form takes every payment for one by card.",
        where=Where.DATABASE,
        put_in=_all_paid("card", "cash"),
        noticed_by={"sales.figures": Level.L2},
        may_notice=BACKUP,
    ),
    Fault(
        id="hardly-anything-was-paid-by-card",
        happens="All but two customers paid in cash today.",
        where=Where.DATABASE,
        put_in=_all_paid("cash", "card", but=2),
        just_below=items("sales.figures"),
        may_notice=BACKUP,
    ),
    Fault(
        id="sale-made-final-by-nobody",
        happens="A sale became final, and nobody made it so.",
        where=Where.DATABASE,
        put_in=_made_final_by_nobody,
        noticed_by={"sales.match-activity": Level.L2},
        may_notice=BACKUP,
    ),
    Fault(
        id="sale-made-final-later-by-the-log",
        happens="The activity log tells of a sale an hour and a half after it became final.",
        where=Where.DATABASE,
        put_in=_made_final_hours_later_by_the_log,
        just_below=items("sales.match-activity"),
        may_notice=BACKUP,
    ),
    Fault(
        id="discount-of-sixty-percent",
        happens="Somebody gives sixty percent, where twenty were the most that anybody had.",
        where=Where.DATABASE,
        put_in=_discounted(60),
        noticed_by={"sales.amounts": Level.L2},
        may_notice=BACKUP,
    ),
    Fault(
        id="discount-of-forty-percent",
        happens="Somebody gives forty percent, where twenty were the most that anybody had.",
        where=Where.DATABASE,
        put_in=_discounted(40),
        just_below=items("sales.amounts"),
        may_notice=BACKUP,
    ),
    Fault(
        id="sale-of-less-than-nothing",
        happens="A return was entered as a sale of minus one.",
        where=Where.DATABASE,
        put_in=_less_than_nothing,
        noticed_by={"sales.amounts": Level.L2, "data.constraints": Level.L3},
        may_notice=BACKUP | items("verify.sales-totals"),
    ),
    Fault(
        id="sale-for-nothing",
        happens="The price was left out of a sale's only line, so it came to nothing.",
        where=Where.DATABASE,
        put_in=_for_nothing,
        noticed_by={"sales.amounts": Level.L1},
        may_notice=BACKUP | items("data.constraints", "verify.sales-totals", "focus.integrity"),
    ),
    Fault(
        id="something-free-with-a-sale",
        happens="Something little is given along with a sale that was paid.",
        where=Where.DATABASE,
        put_in=_free_beside_paid,
        just_below=items("sales.amounts"),
        may_notice=BACKUP | items("data.constraints"),
    ),
    Fault(
        id="everything-costs-four-times-as-much",
        happens="A rate was set wrong in the morning, and everything costs four times as much today.",
        where=Where.DATABASE,
        put_in=_all_times(4),
        noticed_by={"sales.amounts": Level.L2},
        may_notice=BACKUP | items("verify.sales-totals", "data.constraints"),
    ),
    Fault(
        id="everything-costs-twice-as-much",
        happens="Dear things were sold today, at twice the usual amounts.",
        where=Where.DATABASE,
        put_in=_all_times(2),
        just_below=items("sales.amounts"),
        may_notice=BACKUP | items("verify.sales-totals"),
    ),
    Fault(
        id="branch-on-paper-all-day",
        happens="One branch has been on paper all day, and nothing of it is in the system.",
        where=Where.DATABASE,
        put_in=_not_in_the_system(one_in=1),
        noticed_by={
            "sales.branches": Level.L2,
            "resistance.old-methods": Level.L1,
            "resistance.causes": Level.L1,
        },
        may_notice=BACKUP | items("ops.sales", "users.active", "sales.figures"),
    ),
    Fault(
        id="branch-on-paper-for-a-while",
        happens="One branch has entered two of three sales; the third is on paper.",
        where=Where.DATABASE,
        put_in=_not_in_the_system(one_in=3),
        just_below=items("sales.branches", "resistance.old-methods"),
        may_notice=BACKUP | items("users.active"),
    ),
    Fault(
        id="sales-of-two-branches-swapped",
        happens="The sales of today of two branches stand in each other's books.",
        where=Where.DATABASE,
        put_in=_branches_swapped,
        noticed_by={"verify.branches": Level.L3, "sales.branches": Level.L3},
        may_notice=BACKUP | items("verify.sales-totals", "ops.sales"),
    ),
)
