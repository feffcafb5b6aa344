"""The [limits] part of a target file: what is still acceptable."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypercare.target.section import Duration, Section


class LimitsSection(Section):
    """What is still acceptable. The defaults suit a business of a few branches.

    `request_timeout` is the length from which a request of the target's people, downloads among them, counts as timed
    out. `order_completion` is how long a production order may stay open once its last step is done, `issue_read` how
    long an issue may stay unread. Log-ins that fail are judged from `failed_logins_least` a day on; as many names as
    `failed_logins_names`, `failed_logins_names_share` of all people, or `failed_logins_times_usual` of what is usual
    (the most of the three) may be mistyped a day. Where `largest_sale` is not set, it is ten times what nineteen of
    twenty sales stay below, if that is more: so it fits any currency. Two sales of the same to one customer within
    `same_sale_within` are one entered twice; a customer of more than `walk_in_sales_a_day` is not one person. What is
    dated before `oldest_record` has lost its date.

    A rule that much of the history breaks doubts itself: it is not covered, with a question, instead of an alarm a day.
    Rules of arithmetic do so from `doubt_sums_from` of the records from before today on, what is merely usual from
    `doubt_habits_from`, once there are `doubt_least` of them. [mapping.agreed] holds names checks that never doubt.

    A difference of money is minor, and so never critical, that is below `minor_amount` in each record (without it
    `minor_of_a_record` of what a record comes to on average), below `minor_in_all` together (without it, an average
    record), in no more than `minor_share` of the records, or just one, and on fewer days than `minor_days`.
    """

    response_median: Duration = timedelta(milliseconds=500)
    response_p95: Duration = timedelta(milliseconds=1500)
    response_least_requests: int = 20
    request_timeout: Duration = timedelta(seconds=30)
    page_interactive: Duration = timedelta(seconds=5)
    largest_paint: Duration = timedelta(seconds=4)
    layout_shift: float = 0.25
    interaction: Duration = timedelta(milliseconds=800)
    page_megabytes: float = 3.0
    pace_lowest: float = 0.4
    pace_least_expected: int = 8
    draft_age: Duration = timedelta(hours=4)
    step_age: Duration = timedelta(days=5)
    order_without_steps: Duration = timedelta(hours=1)
    job_running: Duration = timedelta(minutes=30)
    job_waiting: Duration = timedelta(minutes=30)
    order_completion: Duration = timedelta(days=1)
    issue_read: Duration = timedelta(hours=1)
    failed_logins_share: float = 0.25
    failed_logins_least: int = 10
    failed_logins_one_user: int = 5
    failed_logins_one_address: int = 15
    failed_logins_names_one_address: int = 5
    failed_logins_names: int = 8
    failed_logins_names_share: float = 0.1
    failed_logins_times_usual: float = 3.0
    active_after: Duration = timedelta(minutes=60)
    largest_sale: Decimal = Decimal("50000")
    same_sale_within: Duration = timedelta(minutes=10)
    walk_in_sales_a_day: int = 6
    cost_times_usual: float = 8.0
    recurring_from: int = 3
    oldest_record: date = date(1980, 1, 1)
    doubt_sums_from: float = 0.1
    doubt_habits_from: float = 0.05
    doubt_least: int = 20
    minor_of_a_record: float = 0.01
    minor_amount: Decimal | None = None
    minor_in_all: Decimal | None = None
    minor_share: float = 0.01
    minor_days: int = 3
