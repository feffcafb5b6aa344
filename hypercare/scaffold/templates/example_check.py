"""Our own checks. Each is a pytest test that answers for an item of checklist.toml."""

from __future__ import annotations

import pytest

from hypercare.operations.sales import Sales
from hypercare.operations_model.violations import ViolationQuery, Violations
from hypercare.outcome.expect import expect_none


@pytest.mark.item("own.sales-for-nothing")
def test_no_final_sale_costs_nothing(sales: Sales) -> None:
    expect_none(
        for_nothing(sales),
        lambda found: f"{found.count} of {found.of} final sales cost nothing.",
        next_step="Ask who made the sales below whether they were meant as presents.",
    )


def for_nothing(sales: Sales) -> Violations:
    """Final sales with a total of nothing. Where no sale or no total is mapped, the check is not covered by itself.

    Told by `dated` which sales are from before today, it asks in place of alarming where many of them cost nothing too:
    some businesses give things away every day. `habit` says that it is no arithmetic but how most businesses work.
    """
    sale = sales.model.records("sale")
    total = sale.amount("total")
    return sales.model.violations(
        ViolationQuery(
            source=sale.source,
            among=[
                sale.is_("state", "final"),
                sale.instant("finalised_at").within(sales.watched),
                *sales.model.excluding_canary(sale),
            ],
            wrong=total.exact == 0,
            show={"sale": sales.model.shown_name(sale), "total": sales.model.shown_money(total)},
            place=sale.place,
            dated=sale.instant("finalised_at"),
            habit=True,
            if_none="No sale was finalised yet, so there was nothing to look at.",
        )
    )
