"""Is the mobile app quick enough on a mid-range phone over a mobile network?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypercare.mobile.speed import too_slow
from hypercare.outcome.expect import expect

if TYPE_CHECKING:
    from hypercare.clients.accounts import Accounts
    from hypercare.fixtures import Figure
    from hypercare.mobile.phone import Phone
    from hypercare.target_file.config import LimitsSection


@pytest.mark.item("perf.mobile")
@pytest.mark.alone
def test_pages_are_quick_on_a_mid_range_phone(
    phone: Phone, accounts: Accounts, limits: LimitsSection, figure: Figure
) -> None:
    measured = phone.speeds(accounts, limits)
    speeds = measured.pages
    figure("mobile_interactive_s", round(max(speed.interactive for speed in speeds), 2))
    slow = [(speed, too_slow(speed, limits)) for speed in speeds if too_slow(speed, limits)]
    expect(
        not slow,
        f"{len(slow)} of {len(speeds)} pages are not responsive on a mid-range phone: "
        + "; ".join(f"{speed.page}: {', '.join(words)}" for speed, words in slow),
        count=len(slow),
        of=len(speeds),
        sample=[speed.row() for speed, _ in slow],
        next_step="See what the page loads and runs before it can be used.",
    )
    measured.require_all_measured()
