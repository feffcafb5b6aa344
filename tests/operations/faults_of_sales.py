"""What can go wrong with sales, their money and what is written of them by hand."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from tests.operations.facts import AS_OF, GO_LIVE, TODAY, Facts, Row
from tests.operations.faults import fault

A_CENT = Decimal("0.01")
HOUR = timedelta(hours=1)

TOTALS = ("sales.totals_are_the_sum_of_the_lines", "sales.totals_were_paid", "sales.totals_are_in_the_ledger")


@fault(*TOTALS)
def a_total_of_today_is_a_cent_too_high(facts: Facts) -> None:
    facts.last("sale", branch=2, state="final")["total"] += A_CENT


@fault(*TOTALS, "sales.manual_records_agree")
def a_total_of_the_first_day_is_a_cent_too_low(facts: Facts) -> None:
    facts.one("sale", state="final")["total"] -= A_CENT


@fault("sales.totals_are_the_sum_of_the_lines", "sales.lines_are_quantity_times_price")
def a_line_is_a_cent_too_high(facts: Facts) -> None:
    line = facts.last("sale_line", quantity=Decimal(3))
    line["amount"] += A_CENT


@fault("sales.totals_were_paid", "sales.payments_are_in_the_ledger")
def a_payment_is_on_another_sale(facts: Facts) -> None:
    facts.last("payment")["sale"] = facts.one("sale", state="final")["id"]


@fault("sales.totals_were_paid", "sales.payments_are_in_the_ledger")
def a_payment_is_gone(facts: Facts) -> None:
    facts.rows["payment"].pop()


@fault("sales.totals_are_in_the_ledger", "sales.the_ledger_is_balanced")
def revenue_in_the_ledger_is_too_high(facts: Facts) -> None:
    facts.last("ledger_entry", account="revenue")["credit"] += 1


@fault("sales.totals_are_in_the_ledger")
def revenue_stands_on_another_account(facts: Facts) -> None:
    facts.last("ledger_entry", account="revenue")["account"] = "suspense"


@fault("sales.void_sales_hold_no_money", "sales.void_sales_hold_no_revenue", "sales.manual_records_agree")
def a_sale_is_void_but_the_money_was_kept(facts: Facts) -> None:
    sale = facts.all("sale", state="final", kind="stock")[20]
    sale["state"], sale["voided_at"] = "void", sale["finalised_at"] + HOUR


@fault(
    "sales.drafts_hold_no_money",
    "sales.drafts_hold_no_revenue",
    "sales.manual_records_agree",
    "stuck.no_draft_is_forgotten",
)
def a_final_sale_is_a_draft_again(facts: Facts) -> None:
    facts.all("sale", state="final", kind="stock")[20]["state"] = "draft"


@fault("sales.states_are_known", "sales.manual_records_agree")
def a_sale_is_in_a_state_that_nobody_knows(facts: Facts) -> None:
    facts.all("sale", state="final", kind="stock")[20]["state"] = "parked"


@fault("sales.final_sales_are_complete")
def a_final_sale_has_no_number(facts: Facts) -> None:
    facts.all("sale", state="final", kind="stock")[20]["number"] = None


@fault("sales.no_sale_is_of_the_future")
def a_sale_is_of_next_century(facts: Facts) -> None:
    facts.last("sale", branch=2, state="final")["finalised_at"] = AS_OF + timedelta(days=36500)


@fault("sales.sales_are_final_after_they_were_entered")
def a_sale_is_final_before_it_was_entered(facts: Facts) -> None:
    sale = facts.last("sale", branch=2, state="final")
    sale["finalised_at"] = sale["created_at"] - timedelta(minutes=1)


TWICE = "sales.no_sale_is_a_duplicate"


@fault(TWICE)
def somebody_entered_a_sale_twice(facts: Facts) -> None:
    _again(facts, facts.last("sale", branch=2, state="final"), timedelta(minutes=9))


@fault(TWICE)
def a_colleague_entered_the_same_sale_again_on_the_first_day(facts: Facts) -> None:
    twin = _again(facts, facts.one("sale", branch=1, state="final", kind="stock"), timedelta(minutes=4))
    twin["created_by"] = 2
    facts.one("activity", action="sale.create", entity_id=twin["id"])["user"] = 2
    sheet = facts.one("manual_record", branch=1, day=GO_LIVE)
    sheet["count"], sheet["amount"] = sheet["count"] + 1, sheet["amount"] + twin["total"]


@fault("sales.no_number_is_a_duplicate")
def a_sale_was_stored_twice_under_one_number(facts: Facts) -> None:
    sale = facts.last("sale", branch=2, state="final")
    _again(facts, sale, timedelta(minutes=11))["number"] = sale["number"]


@fault("sales.totals_are_plausible")
def a_quantity_has_two_zeros_too_many(facts: Facts) -> None:
    """Right in every place, and yet nobody buys five thousand of them."""
    sale = facts.last("sale", branch=2, state="final")
    more = Decimal(60_000)
    facts.add("sale_line", sale=sale["id"], product=1, quantity=1, unit_price=more, discount_percent=0, amount=more)
    sale["total"] += more
    for entity, side, account in (
        ("ledger_entry", "debit", "receivable"),
        ("ledger_entry", "credit", "revenue"),
        ("ledger_entry", "debit", "money"),
        ("ledger_entry", "credit", "receivable"),
    ):
        entry = next(row for row in facts.all(entity, sale=sale["id"], account=account) if row[side])
        entry[side] += more
    facts.last("payment", sale=sale["id"])["amount"] += more


def _again(facts: Facts, sale: Row, later: timedelta) -> Row:
    """The same sale once more, with all that belongs to it, under a number of its own."""
    moved = {"created_at": sale["created_at"] + later, "finalised_at": sale["finalised_at"] + later}
    twin = facts.add("sale", **{**sale, "id": None, "number": f"{sale['number']}-again", **moved})
    twin["id"] = len(facts.rows["sale"])
    for entity in ("sale_line", "payment", "ledger_entry"):
        for row in facts.all(entity, sale=sale["id"]):
            copy = facts.add(entity, **{**row, "sale": twin["id"]})
            copy["id"] = len(facts.rows[entity])
            if entity == "ledger_entry":
                copy["posting"] += 100_000
    for row in facts.all("activity", entity_id=sale["id"]):
        if row["action"].startswith("sale."):
            facts.add("activity", **{**row, "id": None, "entity_id": twin["id"], "at": row["at"] + later})
            facts.rows["activity"][-1]["id"] = len(facts.rows["activity"])
    return twin


@fault("sales.manual_records_agree")
def a_day_sheet_counts_one_sale_more(facts: Facts) -> None:
    facts.last("manual_record")["count"] += 1


@fault("sales.manual_records_agree")
def a_day_sheet_of_the_day_of_summer_time_is_off_by_a_cent(facts: Facts) -> None:
    facts.one("manual_record", day=TODAY - timedelta(days=3))["amount"] -= A_CENT


@fault("sales.manual_records_were_handed_in")
def a_day_sheet_is_missing(facts: Facts) -> None:
    facts.rows["manual_record"].pop()
