"""Do the months that are over stay as they were?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypercare.outcome.expect import expect_none
from hypercare.outcome.level import Level

if TYPE_CHECKING:
    from hypercare.seals import PastSales


@pytest.mark.item("data.constraints", "focus.integrity")
def test_no_past_month_was_changed(past_sales: PastSales) -> None:
    changed = past_sales.changed_afterwards()
    expect_none(
        changed,
        lambda found: (
            f"Final sales of {past_sales.months} were changed, added or deleted since they were sealed: "
            f"{found.count} day(s) differ, by {found.money} in all."
        ),
        next_step="Ask who changed sales of the days below, and why; compare with the backup of that month. If it is "
        f"meant, name it in [mapping.agreed] given_up: {past_sales.names}.",
        level=Level.L2,
    )
