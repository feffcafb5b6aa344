"""Is every record dated when somebody can have made it?"""

from __future__ import annotations

import pytest

from hypercare.operations.dates import Dates
from hypercare.outcome.expect import expect_none
from hypercare.target_file.config import LimitsSection


@pytest.mark.item("data.constraints")
def test_no_record_is_older_than_any_can_be(dates: Dates, limits: LimitsSection) -> None:
    expect_none(
        dates.before(limits.oldest_record),
        lambda found: (
            f"{found.count} record(s) are dated before {limits.oldest_record}, so no day's figures ever count them."
        ),
        next_step="Find out which programme wrote them without a date, and give them their own; if such records were "
        "imported as they are, set [limits] oldest_record.",
    )
