"""Summaries as rounds leave them: healthy, with issues, critical, hostile, and with nothing covered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypercare.escalation.events import IncidentEvent
from hypercare.escalation.incident import Incident
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.plan.calendar import Calendar
from hypercare.plan.checklist import read_checklist
from hypercare.plan.item import Item, Kind
from hypercare.plan.rounds import Round
from hypercare.reports.daily import daily_summary
from hypercare.reports.gathering import counts_of, coverage_of, item_result
from hypercare.reports.status import status_of
from hypercare.reports.summary import Action, Summary, Uptime

PROJECT = Path(__file__).parents[2]
CHECKLIST = read_checklist(PROJECT / "checklist.toml")
ZONE = ZoneInfo("Europe/Berlin")
CALENDAR = Calendar(ZONE, date(2026, 1, 8))
HOURS = {Round.MORNING: 9, Round.MIDDAY: 12, Round.EVENING: 17}
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> \"'`|*_[x](javascript:alert(3)) {{7*7}} \u202e\x00 \\"

SHORT_BY_41 = "3 of 398 sales finalised today have a total that is not the sum of their lines; 41.00 EUR is at stake."
Findings = Mapping[str, Mapping[str, Any]]


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 1, 15, hour, minute, tzinfo=ZONE)


FIGURES: Mapping[Round, Mapping[str, Any]] = {
    Round.MORNING: {"users_logged_in": 31, "users_active": 28, "login_failures": 3, "errors": 0},
    Round.MIDDAY: {"response_median_ms": 41, "response_p95_ms": 262, "users_needing_support": 0},
    Round.EVENING: {
        "sales_created": 412,
        "sales_finalised": 398,
        "sales_amount": Decimal("148230.40"),
        "sales_amount_by_branch": {
            "Harbour Street": Decimal("61210.10"),
            "Old Town": Decimal("41020.00"),
            "Garden Mall": Decimal("32400.30"),
            "Northgate": Decimal("13600.00"),
        },
        "steps_updated": 164,
        "orders_completed": 11,
        "costs_entered": 87,
        "costs_amount": Decimal("6120.55"),
    },
}
WORSE: Findings = {
    "users.login-failures": {
        "outcome": Outcome.FAILED,
        "sentence": "Anna K. was locked out after 5 failed log-ins in 4 minutes.",
        "count": 1,
        "sample": [{"user": "a. k.", "branch": "OLD", "failures": 5, "last": "2026-01-15 08:41"}],
        "where": "activity > log-in attempts",
        "next_step": "Unlock the account and ask whether she tried to log in herself.",
    },
    "perf.response-time": {
        "outcome": Outcome.FLAKY,
        "sentence": "Answers take 1,740 ms at p95; 1,500 ms are acceptable.",
        "next_step": "Watch the next round.",
        "attempts": 2,
    },
    "issues.reported": {
        "outcome": Outcome.FAILED,
        "level": Level.L2,
        "sentence": "2 of 9 reported issues are overdue; the oldest by 3 h 20 min.",
        "count": 2,
        "of": 9,
        "sample": [
            {"issue": 118, "title": "Receipt printer prints twice", "branch": "GAR", "due": "2026-01-15 08:30"},
            {"issue": 121, "title": "Customer not found in search", "branch": "HAR", "due": "2026-01-15 10:05"},
        ],
        "next_step": "Answer the two issues, the oldest first.",
    },
    "verify.production-progress": {
        "outcome": Outcome.NOT_COVERED,
        "partial": True,
        "sentence": "The target has no production steps mapped.",
        "remedy": "Map [mapping.step] in the target file.",
    },
}
WORST: Findings = {
    **WORSE,
    "verify.sales-totals": {
        "outcome": Outcome.FAILED,
        "sentence": SHORT_BY_41,
        "count": 3,
        "of": 398,
        "money": "41.00",
        "currency": "EUR",
        "sample": [
            {"sale": "HAR-2026-000123", "total": "490.00", "lines": "480.00", "branch": "Harbour Street"},
            {"sale": "HAR-2026-000131", "total": "129.90", "lines": "99.90", "branch": "Harbour Street"},
            {"sale": "OLD-2026-000094", "total": "60.00", "lines": "61.00", "branch": "Old Town"},
        ],
        "where": "tables sale and sale_line",
        "next_step": "Open the sales below and compare them with the receipts before the day is closed.",
        "cause": "sale-total",
        "detail": "SELECT sale.number, sale.total, sum(line.amount) ... HAVING sale.total <> sum(line.amount)",
    },
    "health.web": {
        "outcome": Outcome.FAILED,
        "sentence": "The web app does not answer: the connection was refused.",
        "where": "http://127.0.0.1:8080/",
        "next_step": "Start the web server again, then look at its log from 08:55 on.",
        "cause": "web-down",
    },
    "users.active": {"outcome": Outcome.BLOCKED, "sentence": "The web app is down.", "blocked_by": "web"},
    "backup.accessible": {
        "outcome": Outcome.MONITOR_FAULT,
        "sentence": "The scratch folder for the restore is full.",
        "remedy": "Free 300 MB on the monitor's disk.",
    },
}


def results_of(item: Item, findings: Findings, index: int) -> list[CheckResult]:
    nodeid = f"tests_{item.id.replace('.', '/test_').replace('-', '_')}.py::test_it_holds"
    usual = CheckResult(
        nodeid=nodeid,
        items=(item.id,),
        outcome=Outcome.AWAITING if item.kind is Kind.ATTEST else Outcome.PASSED,
        level=item.level,
        duration_s=0.04 + 0.11 * (index % 7),
    )
    finding = findings.get(item.id, {})
    found = dict(finding)
    found["sample"] = tuple(found.get("sample", ()))
    if not finding:
        return [usual]
    alone = item.kind is Kind.ATTEST or found["outcome"] in {Outcome.NOT_COVERED, Outcome.BLOCKED}
    sister = [] if alone and not found.get("partial") else [replace(usual, nodeid=f"{nodeid}_at_first")]
    found.pop("partial", None)
    return [*sister, replace(usual, **found)]


def round_summary(chosen: Round, findings: Findings | None = None, incidents: Sequence[Incident] = ()) -> Summary:
    findings = findings or {}
    as_of = at(HOURS[chosen])
    incidents = [incident for incident in incidents if incident.opened <= as_of + timedelta(minutes=1)]
    day = CHECKLIST.of_round(chosen, as_of.date(), CALENDAR)
    items = [
        item_result(
            item,
            results_of(item, findings, index),
            round_name=chosen,
            incident=next((incident.id for incident in incidents if item.id in incident.items), None),
        )
        for index, item in enumerate(day)
    ]
    figures = FIGURES[chosen] if any(item.outcome.was_looked_at for item in items) else {}
    return Summary(
        target="Rosewood Bridal",
        round=chosen,
        day=8,
        phase="days 8-14",
        as_of=as_of,
        started=as_of,
        finished=as_of + timedelta(seconds=48),
        status=status_of(items, incidents),
        counts=counts_of(items),
        coverage=coverage_of(items),
        figures=dict(figures),
        items=items,
        incidents=list(incidents),
        timezone="Europe/Berlin",
        currency="EUR",
        mode="transact",
        versions={"hypercare": "0.1.0", "target": "rosewood 1.4.0"},
        live_looks_at=[as_of + timedelta(days=20, hours=3)],
    )


WEB_DOWN = Incident(
    id="7",
    cause="web-down",
    level=Level.L3,
    sentence="The web app does not answer: the connection was refused.",
    opened=at(9, 1),
    items=["health.web"],
    blocked=["users.active"],
    who="Owner and technical team",
    respond_within_s=0,
)
TOTALS = Incident(
    id="9",
    cause="sale-total",
    level=Level.L3,
    sentence=SHORT_BY_41,
    opened=at(17, 0),
    acknowledged=at(17, 4),
    acknowledged_by="M. Okafor",
    note="Comparing with receipts.",
    items=["verify.sales-totals"],
    who="Owner and technical team",
    respond_within_s=0,
)
LOCKED_OUT = Incident(
    id="8",
    cause="login-failures",
    level=Level.L1,
    sentence="Anna K. was locked out after 5 failed log-ins in 4 minutes.",
    opened=at(9, 1),
    items=["users.login-failures"],
    who="Administrator or manager",
    respond_within_s=900,
)
OVERDUE = Incident(
    id="10",
    cause="issues-overdue",
    level=Level.L2,
    sentence="2 of 9 reported issues are overdue; the oldest by 3 h 20 min.",
    opened=at(12, 1),
    acknowledged=at(12, 20),
    acknowledged_by="J. Lindqvist",
    items=["issues.reported"],
    who="System administrator",
    respond_within_s=3600,
    branches=["HAR", "OLD"],
    flapping=True,
    begun=3,
    story=[
        IncidentEvent(at=at(12, 1), kind="opened", level=Level.L2, words="opened at L2: 2 of 9 issues are overdue."),
        IncidentEvent(at=at(12, 10), kind="flapping", level=Level.L2, words="comes and goes: it began 3 times."),
        IncidentEvent(at=at(12, 20), kind="acknowledged", level=Level.L2, by="J. Lindqvist", words="acknowledged"),
    ],
)
ACTION = Action(at=at(10, 15), by="J. Lindqvist", note="Unlocked the account; caps lock was on.", incident="8")


OUTAGE = {"from": at(10, 4), "to": at(10, 12), "state": "down", "seconds": 480, "words": ["web: 8 looks failed."]}
UPTIME: Mapping[str, Any] = {
    "percent": 98.4,
    "lower": 97.9,
    "upper": 98.9,
    "coverage": 99.0,
    "from": at(8),
    "to": at(17),
    "hours": 8.86,
    "naive": 99.1,
    "checks": 2100,
    "goal": 98.0,
    "intervals": [OUTAGE],
    "intervals_left_out": 2,
    "seconds": {"up": 31620, "down": 480, "unknown": 300},
}


def merged(findings: Findings, incidents: Sequence[Incident] = (), rounds: Sequence[Round] = tuple(HOURS)) -> Summary:
    parts = [round_summary(chosen, findings, incidents) for chosen in rounds]
    return daily_summary(parts, order=[item.id for item in CHECKLIST])


def healthy() -> Summary:
    return merged({})


def issues() -> Summary:
    over = LOCKED_OUT.model_copy(update={"resolved": at(12, 1), "acknowledged": at(9, 10)})
    return merged(WORSE, [over, OVERDUE]).model_copy(update={"actions": [ACTION]})


def critical() -> Summary:
    uptime = Uptime.model_validate(UPTIME)
    daily = merged(WORST, [WEB_DOWN, TOTALS, LOCKED_OUT, OVERDUE])
    return daily.model_copy(update={"uptime": uptime, "actions": [ACTION]})


def hostile() -> Summary:
    """Every string that a target can reach says something that a browser, Markdown or Prometheus would act on."""
    evil = {"sentence": HOSTILE, "where": HOSTILE, "next_step": HOSTILE, "detail": HOSTILE, "remedy": HOSTILE}
    row = {HOSTILE: HOSTILE, "amount": Decimal("1E+3"), "blob": b"\xff", "lone": "\ud800", "nothing": None}
    findings = {
        item.id: {**evil, "outcome": outcome, "sample": [row], "blocked_by": HOSTILE}
        for item, outcome in zip(CHECKLIST, [*Outcome] * 9, strict=False)
    }
    incident = WEB_DOWN.model_copy(
        update={
            "sentence": HOSTILE,
            "who": HOSTILE,
            "note": HOSTILE,
            "acknowledged_by": HOSTILE,
            "cause": HOSTILE,
            "branches": (HOSTILE,),
            "story": (
                IncidentEvent(at=at(9, 1), kind="noted", level=Level.L3, by=HOSTILE, note=HOSTILE, words=HOSTILE),
                IncidentEvent(at=at(9, 2), kind="noted", level=Level.L3, by=HOSTILE, note=HOSTILE, words=HOSTILE),
            ),
        }
    )
    daily = merged(findings, [incident])
    action = ACTION.model_copy(update={"note": HOSTILE, "by": HOSTILE})
    return Summary.model_validate(
        {
            **daily.model_dump(),
            "target": HOSTILE,
            "figures": {**daily.figures, HOSTILE: HOSTILE, "by_branch": {HOSTILE: 3, "B": "x"}},
            "versions": {HOSTILE: HOSTILE},
            "actions": [action.model_dump()],
            "uptime": {
                **UPTIME,
                "intervals": [{**OUTAGE, "state": HOSTILE, "words": [HOSTILE]}],
                "parts": [{"name": HOSTILE, "kind": HOSTILE, "percent": 99.0, "intervals": [OUTAGE]}],
            },
        }
    )


def nothing_covered() -> Summary:
    gap = {
        "outcome": Outcome.NOT_COVERED,
        "sentence": "The target file names no way in.",
        "remedy": "Add [web], [api] or [database] to the target file.",
    }
    return merged({item.id: gap for item in CHECKLIST}, rounds=[Round.MORNING])


@dataclass(frozen=True)
class Example:
    name: str
    make: Callable[[], Summary]


EXAMPLES = [Example(make.__name__, make) for make in (healthy, issues, critical, hostile, nothing_covered)]
