"""A day with all that can be drawn: hours, stages, uptime, incidents, and the two weeks before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypercare.escalation.events import IncidentEvent
from hypercare.escalation.incident import Incident
from hypercare.history.recent_days import RecentDay, RecentFigures
from hypercare.outcome.level import Level
from hypercare.outcome.series import Along, Series, UsualBand, Value
from hypercare.reports.summary import Summary, Uptime
from tests.reports.report_examples import LOCKED_OUT, OVERDUE, TOTALS, UPTIME, WEB_DOWN, ZONE, at, critical

DAY = date(2026, 1, 15)
BEFORE = [DAY - timedelta(days=number) for number in range(7, 0, -1)]
SALES = [2, 18, 41, 57, 66, 58, 31, 49, 61, 29]
USUAL = [3.0, 20.0, 44.0, 60.0, 64.0, 55.0, 47.0, 50.0, 58.0, 52.0, 41.0, 12.0]
FIRST_HOUR = 8


def hours(zone: ZoneInfo = ZONE) -> list[str]:
    return [datetime(2026, 1, 15, hour, tzinfo=zone).isoformat() for hour in range(24)]


def of_day(values: Sequence[Value], first: int = FIRST_HOUR, rest: Value = None) -> list[Value]:
    """Values of 24 hours, nothing before the first; after the last it is as `rest` says."""
    return [*[0] * first, *values, *[rest] * (24 - first - len(values))]


def sales_by_hour(**changes: Any) -> Series:
    middle = of_day(USUAL, rest=0)
    usual = UsualBand(
        line="sales",
        days=4,
        alike="Thursdays",
        low=[max(0, (value or 0) - 14) for value in middle],
        middle=middle,
        high=[(value or 0) + 14 if value else 0 for value in middle],
    )
    values = {"label": "Sales entered", "along": Along.HOURS, "points": hours(), "lines": {"sales": of_day(SALES)}}
    return Series.model_validate({**values, "usual": usual, "unfinished": True, **changes})


SERIES = {
    "sales_by_hour": sales_by_hour(),
    "logins_by_hour": Series(
        label="Log-ins",
        along=Along.HOURS,
        points=hours(),
        lines={
            "went well": of_day([22, 9, 3, 1, 2, 4, 1, 0, 1, 0]),
            "failed": of_day([2, 1, 0, 0, 0, 0, 0, 0, 0, 0]),
        },
        gap="What is usual on a Thursday is not known yet.",
    ),
    "response_by_hour_ms": Series(
        label="Response times through the day",
        along=Along.HOURS,
        unit="ms",
        points=hours(),
        lines={
            "median": [*[None] * 8, 41.2, 44.0, 51.5, 46.0, None, 44.1, 39.9, 40.2, 41.0, *[None] * 7],
            "p95": [*[None] * 8, 190.0, 262.1, 410.3, 288.0, None, 240.0, 201.2, 188.0, 205.0, *[None] * 7],
        },
    ),
    "orders_by_step": Series(
        label="Production orders by step, in the last week",
        along=Along.STAGES,
        points=["measure", "cut", "sew", "finish"],
        lines={"arrived": [62, 58, 55, 21], "went on": [58, 55, 21, 20]},
    ),
}
ERRORS = [{"critical": 0, "recurring": many % 3, "known": 4, "user error": 9 + many, "other": 0} for many in range(7)]
RECENT = RecentFigures(
    days=BEFORE,
    values={
        "sales_created": [368, 402, 610, None, 377, 391, 405],
        "sales_amount": ["141000.10", "150220.00", "230010.45", None, "139000.00", "142870.00", "151200.00"],
        "steps_updated": [171, 160, 90, None, 168, 166, 159],
        "orders_completed": [9, 12, 4, None, 10, 11, 12],
        "errors_by_kind": [*ERRORS[:3], None, *ERRORS[4:]],
    },
)
STATUSES = ["critical", "issues", "issues", "", "healthy", "issues", "healthy"]


def pictured(**changes: Any) -> Summary:
    """The critical day of the reports' examples, with everything that charts are made of."""
    days = [
        RecentDay(day=day, number=number, status=status, rounds=3 if status else 0)
        for number, (day, status) in enumerate(zip(BEFORE, STATUSES, strict=True), 1)
    ]
    summary = critical()
    figures = {
        **summary.figures,
        "steps_completed": 151,
        "sales_by_state": {"final": 398, "draft": 9, "void": 5},
        "payments_by_method": {
            "card": Decimal("101300.20"),
            "cash": Decimal("31930.20"),
            "voucher": Decimal("-120.00"),
        },
        "errors_by_kind": {"critical": 1, "recurring": 2, "known": 4, "user error": 12, "other": 0},
    }
    whole = {
        **dict(summary),
        "figures": figures,
        "series": SERIES,
        "recent_figures": RECENT,
        "recent_days": [*days, RecentDay(day=DAY, number=8, status="critical", rounds=3)],
        "incidents": INCIDENTS,
        "uptime": Uptime.model_validate({**UPTIME, "parts": [UPTIME_OF_DAY]}),
    }
    return Summary.model_validate({**whole, **changes})


def stretch(start: datetime, end: datetime, state: str, words: str) -> dict[str, Any]:
    return {"from": start, "to": end, "state": state, "seconds": (end - start).total_seconds(), "words": [words]}


UPTIME_OF_DAY = {
    "name": "today",
    "kind": "day",
    "percent": 96.5,
    "lower": 95.0,
    "upper": 96.9,
    "coverage": 98.1,
    "hours": 8.5,
    "seconds": {"up": 30600.0, "down": 1080.0, "unknown": 600.0, "degraded": 120.0},
    "service": [{"from": at(8), "to": at(12, 30)}, {"from": at(13), "to": at(17)}],
    "intervals": [
        stretch(at(15, 2), at(15, 12), "down", "web: 10 looks failed."),
        stretch(at(13, 30), at(13, 40), "unknown", "Nobody looked."),
        stretch(at(11), at(11, 20), "degraded", "web: slow."),
        stretch(at(10, 4), at(10, 12), "down", "web: 8 looks failed."),
    ],
    "intervals_left_out": 2,
}
INCIDENTS: list[Incident] = [
    WEB_DOWN.model_copy(
        update={
            "story": (
                IncidentEvent(at=at(9, 1), kind="opened", level=Level.L3, words="opened"),
                IncidentEvent(at=at(9, 20), kind="late", level=Level.L3, words="nobody answered"),
            )
        }
    ),
    TOTALS,
    LOCKED_OUT.model_copy(update={"acknowledged": at(9, 10), "resolved": at(12, 1), "acknowledged_by": "A."}),
    OVERDUE,
    OVERDUE.model_copy(update={"id": "4", "opened": at(12) - timedelta(days=2), "story": (), "acknowledged": None}),
]
