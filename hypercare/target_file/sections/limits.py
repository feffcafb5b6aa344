"""The [limits] part of a target file: what is still acceptable."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from pydantic import Field

from hypercare.target_file.section import Duration, Section


class LimitsSection(Section):
    """What is still acceptable. The defaults suit a business of a few branches.

    A share is 0.1 for a tenth. Where `largest_sale` is not set, it is ten times what nineteen of twenty sales stay
    below, if that is more: so it fits any currency.

    A rule that much of the history breaks doubts itself: it is not covered, with a question, instead of an alarm a day.
    Rules of arithmetic do so from `doubt_sums_from` of the records from before today on, what is merely usual from
    `doubt_habits_from`, once there are `doubt_least` of them. [mapping.agreed] holds names checks that never doubt.

    A difference of money is minor, and so never critical, that is below `minor_amount` in each record (without it
    `minor_of_a_record` of what a record comes to on average), below `minor_in_all` together (without it, an average
    record), in no more than `minor_share` of the records, or just one, and on fewer days than `minor_days`.
    """

    response_median: Duration = Field(
        default=timedelta(milliseconds=500),
        description="half of people's requests are answered within this, a request that we send ourselves as well",
    )
    response_p95: Duration = Field(
        default=timedelta(milliseconds=1500), description="nineteen of twenty are answered within this"
    )
    response_least_requests: int = Field(
        default=20, description="from so many requests since the last round on they are judged, all and each kind"
    )
    request_timeout: Duration = Field(
        default=timedelta(seconds=30),
        description="from this length on a request of people counts as timed out, downloads among them",
    )
    degraded_times: float = Field(
        default=2.0,
        gt=1,
        description="answers to one kind of request that take so many times as long as they used to are degraded",
    )
    degraded_least: Duration = Field(
        default=timedelta(milliseconds=100), description="if they take longer by this at least"
    )
    slow_statement: Duration = Field(
        default=timedelta(seconds=1), description="a statement to the database that takes this long is slow"
    )
    page_interactive: Duration = Field(
        default=timedelta(seconds=5), description="a page on a phone can be used after this"
    )
    largest_paint: Duration = Field(default=timedelta(seconds=4), description="and shows its main content after this")
    layout_shift: float = Field(default=0.25, description="and jumps by no more than this share of the screen")
    interaction: Duration = Field(default=timedelta(milliseconds=800), description="and answers a tap within this")
    page_megabytes: float = Field(default=3.0, description="and transfers no more than so many megabytes")
    pace_lowest: float = Field(
        default=0.4, description="the share of what is usual by this hour that sales and steps must reach"
    )
    pace_least_expected: int = Field(
        default=8, description="where less than so many are usual by this hour, the pace says nothing"
    )
    draft_age: Duration = Field(
        default=timedelta(hours=4), description="how long a draft may wait before it is forgotten"
    )
    step_age: Duration = Field(
        default=timedelta(days=5), description="how long a step may be in hand, or an order lie without a move"
    )
    order_without_steps: Duration = Field(
        default=timedelta(hours=1),
        description="how long after a sale its production order, and after that the order's steps, may be missing",
    )
    job_running: Duration = Field(default=timedelta(minutes=30), description="how long a background job may run")
    job_waiting: Duration = Field(default=timedelta(minutes=30), description="how long after it is due it may wait")
    order_completion: Duration = Field(
        default=timedelta(days=1), description="how long a production order may stay open once its last step is done"
    )
    issue_read: Duration = Field(
        default=timedelta(hours=1), description="how long an issue may stay without a category, in opening hours"
    )
    failed_logins_share: float = Field(default=0.25, description="the share of a day's log-ins that may fail")
    failed_logins_least: int = Field(default=10, description="from so many failures a day on log-ins are judged")
    failed_logins_one_user: int = Field(
        default=5, description="from so many failures of one person a day on somebody may be guessing"
    )
    failed_logins_one_address: int = Field(default=15, description="from so many failures from one address a day")
    failed_logins_names_one_address: int = Field(
        default=5, description="from so many names tried from one address a day"
    )
    failed_logins_names: int = Field(default=8, description="as many different names may be mistyped a day")
    failed_logins_names_share: float = Field(
        default=0.1, description="or as great a share of all people, if that is more"
    )
    failed_logins_times_usual: float = Field(default=3.0, description="or as many times the usual, if that is more")
    active_after: Duration = Field(
        default=timedelta(minutes=60),
        description="how long after the beginning of a shift somebody may have done nothing",
    )
    work_after: Duration = Field(
        default=timedelta(hours=3),
        description="how long after logging in somebody may have done nothing besides, unlike others of the role",
    )
    off_hours: Duration = Field(
        default=timedelta(hours=2),
        description="how long before opening and after closing, or off their shift, people may still be at work",
    )
    refusals: int = Field(
        default=8, description="from so many refusals of one person a day on they may need help, unlike the others"
    )
    largest_sale: Decimal = Field(
        default=Decimal("50000"), description="in the business's currency; a sale above it is a slip"
    )
    same_sale_within: Duration = Field(
        default=timedelta(minutes=10),
        description="two sales of the same to one customer within this are one entered twice",
    )
    walk_in_sales_a_day: int = Field(default=6, description="a customer of more sales a day is not one person")
    cost_times_usual: float = Field(
        default=8.0, description="a cost above so many times the usual of its kind is a slip"
    )
    recurring_from: int = Field(default=3, description="an error that a log holds so often recurs")
    oldest_record: date = Field(default=date(1980, 1, 1), description="what is dated before it has lost its date")
    doubt_sums_from: float = Field(
        default=0.1,
        description="the share of the history that breaks a rule of arithmetic from which on the rule doubts itself",
    )
    doubt_habits_from: float = Field(default=0.05, description="the same for what is merely usual")
    doubt_least: int = Field(default=20, description="fewer records from before today do not decide about a rule")
    minor_of_a_record: float = Field(
        default=0.01, description="the share of an average record that is minor in one record"
    )
    minor_amount: Decimal | None = Field(default=None, description="in the business's currency, in its place")
    minor_in_all: Decimal | None = Field(
        default=None,
        description="in the business's currency; what is minor in all records together, without it an average record",
    )
    minor_share: float = Field(default=0.01, description="the share of records that may be touched")
    minor_days: int = Field(default=3, description="on so many days in a row it is minor no more")
