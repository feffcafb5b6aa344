"""Sales that are not what they were: totals, lines, payments, ledger, day sheets, drafts."""

from __future__ import annotations

from typing import Any

from faultlab.fault import Fault, Where, items
from faultlab.real_records import REAL, a_sale
from faultlab.scene import Scene
from hypercare.outcome.level import Level

NOTICED = {"verify.sales-totals": Level.L3}
MINOR = {"verify.sales-totals": Level.L2}


def _total_a_cent_more(scene: Scene) -> None:
    scene.tables.change("sales", "total = round(total + 0.01, 2)", "id = :id", id=a_sale(scene).id)


def _total_of_yesterday(scene: Scene) -> None:
    sale = scene.tables.one(
        f"SELECT id FROM sales WHERE state = 'final' AND {REAL} AND finalised_at < :midnight ORDER BY id DESC",
        midnight=scene.midnight,
    )
    scene.tables.change("sales", "total = total - 100", "id = :id", id=sale.id)


def _total_and_line_together(scene: Scene) -> None:
    sale = a_sale(scene)
    line = scene.tables.one("SELECT id FROM sale_lines WHERE sale_id = :id ORDER BY position", id=sale.id)
    scene.tables.change("sales", "total = total + 10", "id = :id", id=sale.id)
    scene.tables.change("sale_lines", "amount = amount + 10", "id = :id", id=line.id)


def _payment_on_another_sale(scene: Scene) -> None:
    one, other = scene.tables.rows(
        f"SELECT p.id, p.sale_id FROM payments p JOIN sales s ON s.id = p.sale_id WHERE s.state = 'final' AND s.{REAL}"
        " AND s.finalised_at >= :midnight AND s.finalised_at < :lately ORDER BY p.id LIMIT 2",
        midnight=scene.midnight,
        lately=scene.ago(hours=1),
    )
    scene.tables.change("payments", "sale_id = :other", "id = :id", id=one.id, other=other.sale_id)


def _payment_a_cent_short(scene: Scene) -> None:
    sale = a_sale(scene)
    payment = scene.tables.one("SELECT id FROM payments WHERE sale_id = :id ORDER BY id", id=sale.id)
    scene.tables.change("payments", "amount = round(amount - 0.01, 2)", "id = :id", id=payment.id)


def _ledger_revenue_changed(scene: Scene) -> None:
    entry = scene.tables.one(
        "SELECT e.id FROM ledger_entries e JOIN ledger_postings p ON p.id = e.posting_id"
        " WHERE p.sale_id = :sale AND p.payment_id IS NULL AND e.credit > 0",
        sale=a_sale(scene).id,
    )
    scene.tables.change("ledger_entries", "credit = credit + 1", "id = :id", id=entry.id)


def _void_keeps_money(scene: Scene) -> None:
    back = scene.tables.one(
        f"SELECT p.id FROM payments p JOIN sales s ON s.id = p.sale_id WHERE p.amount < 0 AND s.{REAL}"
        " AND s.state = 'void' ORDER BY p.id DESC"
    )
    scene.tables.change("payments", "amount = round(amount / 2, 2)", "id = :id", id=back.id)


def _discount_twice(scene: Scene) -> None:
    line = scene.tables.one("SELECT id FROM sale_lines WHERE sale_id = :id ORDER BY position", id=a_sale(scene).id)
    scene.tables.change("sale_lines", "discount_percent = discount_percent + 15", "id = :id", id=line.id)


def _final_without_payment(scene: Scene) -> None:
    draft = scene.tables.one(f"SELECT id FROM sales WHERE state = 'draft' AND total > 0 AND {REAL} ORDER BY id DESC")
    scene.tables.change(
        "sales",
        "state = 'final', number = 'HAR-2026-999999', finalised_at = :now, finalised_by = created_by",
        "id = :id",
        id=draft.id,
        now=scene.instant(scene.now),
    )


def _sale_of_tomorrow(scene: Scene) -> None:
    scene.tables.change("sales", "finalised_at = :then", "id = :id", id=a_sale(scene).id, then=scene.ago(hours=-20))


def _day_sheet_differs(scene: Scene) -> None:
    sheet = scene.tables.one(f"SELECT id FROM day_sheets WHERE {REAL} ORDER BY id DESC")
    scene.tables.change("day_sheets", "amount_counted = amount_counted + 20", "id = :id", id=sheet.id)


def _day_sheet_missing(scene: Scene) -> None:
    sheet = scene.tables.one(f"SELECT id FROM day_sheets WHERE {REAL} ORDER BY id DESC")
    scene.tables.delete("day_sheets", "id = :id", id=sheet.id)


def _day_sheet_of_a_day_in_progress(scene: Scene) -> None:
    sheet = scene.tables.one(f"SELECT id FROM day_sheets WHERE {REAL} ORDER BY id DESC")
    today = scene.config.business.calendar.date_of(scene.now)
    scene.tables.copy("day_sheets", sheet.id, day=today.isoformat(), handed_in_at=scene.ago(minutes=30))


def _draft_entered(hours: float) -> Any:
    def put_in(scene: Scene) -> None:
        draft = scene.tables.one(f"SELECT id FROM sales WHERE state = 'draft' AND {REAL} ORDER BY id DESC")
        then = scene.ago(hours=hours)
        scene.tables.change("sales", "created_at = :then, updated_at = :then", "id = :id", id=draft.id, then=then)

    return put_in


def _unknown_to_activity(scene: Scene) -> None:
    draft = scene.tables.one(f"SELECT id FROM sales WHERE state = 'draft' AND {REAL} ORDER BY id DESC")
    scene.tables.copy("sales", draft.id, client_reference=None)


def _gone_without_trace(scene: Scene) -> None:
    """A whole sale, with everything that belongs to it."""
    sale = a_sale(scene).id
    scene.tables.delete(
        "ledger_entries", "posting_id IN (SELECT id FROM ledger_postings WHERE sale_id = :sale)", sale=sale
    )
    for table in ("ledger_postings", "payments", "sale_lines"):
        scene.tables.delete(table, "sale_id = :sale", sale=sale)
    scene.tables.delete("sales", "id = :sale", sale=sale)


FAULTS = (
    Fault(
        id="sale-total-a-cent-more",
        happens="Somebody changes the total of a sale by one cent, past the application.",
        where=Where.DATABASE,
        put_in=_total_a_cent_more,
        noticed_by=MINOR,
    ),
    Fault(
        id="sale-total-of-yesterday-less",
        happens="A sale of yesterday is made 100 cheaper after the day was closed.",
        where=Where.DATABASE,
        put_in=_total_of_yesterday,
        noticed_by=NOTICED,
    ),
    Fault(
        id="sale-total-and-line-changed",
        happens="Total and line of a sale are raised together, so that only payment and ledger tell.",
        where=Where.DATABASE,
        put_in=_total_and_line_together,
        noticed_by=NOTICED,
    ),
    Fault(
        id="payment-on-another-sale",
        happens="A payment is booked on the sale of the customer before.",
        where=Where.DATABASE,
        put_in=_payment_on_another_sale,
        noticed_by=NOTICED,
        # The sale before may be of another branch than the hands that took the money.
        may_notice=items("verify.branches"),
    ),
    Fault(
        id="payment-a-cent-short",
        happens="A payment is a cent less than the total, by rounding.",
        where=Where.DATABASE,
        put_in=_payment_a_cent_short,
        noticed_by=MINOR,
    ),
    Fault(
        id="ledger-revenue-changed",
        happens="The ledger holds one euro more revenue than the sale.",
        where=Where.DATABASE,
        put_in=_ledger_revenue_changed,
        noticed_by={**MINOR, "focus.cross-module": Level.L2},
    ),
    Fault(
        id="void-sale-keeps-money",
        happens="Of a void sale only half the money was given back.",
        where=Where.DATABASE,
        put_in=_void_keeps_money,
        noticed_by=NOTICED,
    ),
    Fault(
        id="line-discounted-twice",
        happens="A line shows another discount than the one that was given.",
        where=Where.DATABASE,
        put_in=_discount_twice,
        noticed_by=NOTICED,
    ),
    Fault(
        id="final-without-payment",
        happens="A draft is made final by hand in the database; nobody paid.",
        where=Where.DATABASE,
        put_in=_final_without_payment,
        noticed_by=NOTICED,
        # Nobody made it final, so no activity tells of it.
        may_notice=items("sales.match-activity"),
    ),
    Fault(
        id="sale-of-the-future",
        happens="A device with a wrong clock finalises a sale tomorrow.",
        where=Where.DATABASE,
        put_in=_sale_of_tomorrow,
        noticed_by=NOTICED,
    ),
    Fault(
        id="day-sheet-differs",
        happens="A branch counted 20 more in its cash book than the system says it sold.",
        where=Where.DATABASE,
        put_in=_day_sheet_differs,
        noticed_by={**NOTICED, "focus.manual-records": Level.L3},
    ),
    Fault(
        id="day-sheet-before-the-day-is-over",
        happens="A branch hands in its day sheet while it is still selling: it cannot agree yet.",
        where=Where.DATABASE,
        put_in=_day_sheet_of_a_day_in_progress,
        just_below=items("verify.sales-totals"),
    ),
    Fault(
        id="day-sheet-missing",
        happens="A branch did not hand in its day sheet.",
        where=Where.DATABASE,
        put_in=_day_sheet_missing,
        noticed_by={"verify.sales-totals": Level.L2, "focus.manual-records": Level.L2},
    ),
    Fault(
        id="draft-forgotten",
        happens="A draft has been lying about for five hours.",
        where=Where.DATABASE,
        put_in=_draft_entered(hours=5),
        noticed_by={"ops.workflows": Level.L2},
    ),
    Fault(
        id="draft-of-three-hours",
        happens="A customer takes three hours to decide: slow, but not forgotten.",
        where=Where.DATABASE,
        put_in=_draft_entered(hours=3),
        just_below=items("ops.workflows"),
    ),
    Fault(
        id="sale-past-the-application",
        happens="A sale is written into the database by an import that the activity log knows nothing of.",
        where=Where.DATABASE,
        put_in=_unknown_to_activity,
        noticed_by={"summary.sales-created": Level.L2, "sales.match-activity": Level.L2},
        may_notice=items("verify.sales-totals"),
    ),
    Fault(
        id="sale-gone-without-trace",
        happens="A sale is deleted with everything that belongs to it, and no trace but in the activity log.",
        where=Where.DATABASE,
        put_in=_gone_without_trace,
        noticed_by={"summary.sales-created": Level.L2, "data.foreign-keys": Level.L3, "sales.match-activity": Level.L2},
        may_notice=items("backup.accessible"),
    ),
)
