"""summary.json: what a round found, as a typed model.

Other programs rely on it: fields are only ever added. The JSON schema in docs/ is made from this model.
Instants are written in the business's zone, money as text, and every cell of a sample as plain JSON.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AwareDatetime, BeforeValidator, Field, PlainSerializer, model_validator

from hypercare.escalation.incident import Incident
from hypercare.history.broken_rounds import BrokenRound
from hypercare.history.missed_rounds import MissedRound
from hypercare.history.recent_days import RecentDay, RecentFigures
from hypercare.outcome.finding import SAMPLE_SIZE
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.part import REMEDY, REMEDY_KEY, Part, in_zone
from hypercare.outcome.series import Series
from hypercare.plan.checklist import Checklist, shipped
from hypercare.plan.item import About, Kind, SwitchedOff, Trading
from hypercare.reports.check_parts import Excepted, LookedAt, Try
from hypercare.reports.door_matrix import DoorMatrix
from hypercare.reports.figure_source import FigureSource
from hypercare.reports.plain import plain_figure, plain_row

SCHEMA_VERSION = 1

Money = Annotated[Decimal, PlainSerializer(lambda amount: format(amount, "f"), return_type=str)]
Cell = str | int | float | bool | None
Row = Annotated[dict[str, Cell], BeforeValidator(plain_row)]
Sample = Annotated[list[Row], BeforeValidator(lambda rows: list(rows)[:SAMPLE_SIZE])]
FigureValue = Annotated[
    int | float | str | dict[str, int | float | str | None] | None,
    BeforeValidator(plain_figure),
]
Name = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, int) else value)]


class Status(StrEnum):
    HEALTHY = "healthy"
    ISSUES = "issues"
    CRITICAL = "critical"
    UNKNOWN = "unknown"


class FindingPart(Part):
    """What a finding says: of a check, and of the item that its weightiest check decides."""

    sentence: str = ""
    count: int | None = None
    of: int | None = None
    money: Money | None = None
    currency: str = ""
    sample: Sample = Field(default_factory=list)
    where: str = ""
    next_step: str = ""

    def finding(self) -> dict[str, Any]:
        """The values of these fields alone, by their names."""
        return {name: getattr(self, name) for name in FindingPart.model_fields}


class Check(FindingPart):
    """How one check ended. `attempts` is 2 when it was tried again; `duration_s` covers all attempts."""

    nodeid: str
    outcome: Outcome
    level: Level | None = None
    duration_s: float = 0.0
    attempts: int = 1
    tries: list[Try] = Field(default_factory=list, description="each look, where there was more than one")
    detail: str = ""
    blocked_by: str | None = Field(default=None, description="the way in that is down")
    remedy: str = Field(
        default="",
        validation_alias=REMEDY,
        serialization_alias=REMEDY_KEY,
        description="what would cover it, or set the monitor right",
    )
    cause: str = ""
    looked_at: list[LookedAt] = Field(default_factory=list, description="empty where the check does not tell it")
    told_by: str = Field(default="", description="the item that tells of the same cause more plainly")
    excepted: list[Excepted] = Field(default_factory=list, description="records passed over, as was agreed")


class ItemResult(FindingPart):
    """One line of the plan. Where it has several checks, `check` and the finding are those of the weightiest."""

    id: str = Field(pattern=r"^[a-z]+(\.[a-z0-9-]+)?$")
    outcome: Outcome
    level: Level
    check: str = ""
    duration_s: float = 0.0
    incident: Name | None = None
    words: str = ""
    section: str = ""
    kind: Kind = Kind.AUTO
    round: str = ""
    raised: str = Field(default="", description="what raises the level, in the plan's words")
    runbook: str = Field(default="", description="the item's page, relative to the project")
    question: str = Field(default="", description="what a person is asked, where only a person can say")
    answer: str = ""
    answered_by: str = ""
    checks: list[Check] = Field(default_factory=list)


class Uncovered(Part):
    """`partial`: something of the item was looked at all the same."""

    id: str
    reason: str
    remedy: str = Field(default="", validation_alias=REMEDY, serialization_alias=REMEDY_KEY)
    partial: bool = False


class Coverage(Part):
    """`covered` of `items` were looked at in the target itself."""

    covered: int = 0
    items: int = 0
    percent: float = 0.0
    not_covered: list[Uncovered] = Field(default_factory=list)


class UptimeInterval(Part):
    """A stretch of service time in one state, and in words why it stands so."""

    from_: AwareDatetime = Field(alias="from")
    to: AwareDatetime
    state: str = Field(description='"up", "degraded", "flaky", "down", "maintenance" or "unknown"')
    seconds: float
    words: list[str] = Field(default_factory=list)


class ServiceTime(Part):
    from_: AwareDatetime = Field(alias="from")
    to: AwareDatetime


class UptimePart(Part):
    """The uptime of a part: a way, a branch, or the day. The percentages are null where nothing was observed.

    `intervals` are those that were not simply up, the newest first and the `intervals_left_out` shortest left out.
    """

    name: str
    kind: str = Field(description='"way", "branch" or "day"')
    percent: float | None = None
    lower: float | None = None
    upper: float | None = None
    coverage: float | None = None
    hours: float = 0.0
    seconds: dict[str, float] = Field(default_factory=dict, description="seconds of service time by state")
    intervals: list[UptimeInterval] = Field(default_factory=list)
    intervals_left_out: int = 0
    service: list[ServiceTime] = Field(default_factory=list, description="when it was meant to be up, of the day alone")


class Uptime(Part):
    """Percentages of service time between `from` and `to`; `coverage` is the share that was observed.

    `intervals` are those that were not simply up, the newest first and the `intervals_left_out` shortest left out.
    `naive` is what successes divided by checks would say.
    """

    percent: float
    lower: float
    upper: float
    coverage: float
    from_: AwareDatetime = Field(alias="from")
    to: AwareDatetime
    hours: float | None = Field(default=None, description="hours up, where the store says so")
    seconds: dict[str, float] = Field(default_factory=dict, description="seconds of service time by state")
    naive: float | None = None
    checks: int = 0
    goal: float | None = Field(default=None, description="the percentage that was promised")
    intervals: list[UptimeInterval] = Field(default_factory=list)
    intervals_left_out: int = 0
    parts: list[UptimePart] = Field(default_factory=list)


class FigureWords(Part):
    """How a figure is shown. `unit` is a currency code, "ms", "s", "h", "%", or nothing for a count."""

    label: str
    unit: str = ""
    section: str = ""


class Action(Part):
    """Something that was done about a trouble, by a person."""

    at: AwareDatetime
    by: str
    note: str
    incident: Name | None = None


class Review(Part):
    by: str
    at: AwareDatetime
    note: str = ""


class DatabaseUse(Part):
    """What the round's own questions cost the target's database.

    `seconds` is for how long it was at work for us, by our clock and so at most; `day_percent` is that beside a day, of
    which it may be `limit_percent` together with the rounds before it. `lock_wait_s` is the longest that a question of
    ours waited for others.
    """

    statements: int = 0
    seconds: float = 0.0
    day_percent: float = 0.0
    limit_percent: float = 1.0
    day_so_far_s: float = Field(default=0.0, description="what all rounds of the day took until now, this one included")
    slowest_s: float = 0.0
    slowest_item: str = Field(default="", description="the item whose check asked what took longest")
    slowest: str = Field(default="", description="what that question was about")
    lock_wait_s: float = 0.0
    held_back: list[str] = Field(
        default_factory=list, description="questions that were not put, since they would have read too much"
    )
    read_from: str = Field(default="", description="of which server the questions were asked, where it is a copy")
    behind_s: float | None = Field(default=None, description="how far the copy was behind, where that can be told")

    @property
    def is_above_limit(self) -> bool:
        return max(self.day_percent, self.day_so_far_percent) > self.limit_percent

    @property
    def day_so_far_percent(self) -> float:
        return round(100 * self.day_so_far_s / timedelta(days=1).total_seconds(), 4)


class RoundEntry(Part):
    """One round of the day in the daily summary; `ran` is false while it has not."""

    round: str
    ran: bool = True
    due: AwareDatetime | None = Field(default=None, description="when it falls due on that day, where it does")
    status: Status | None = None
    as_of: AwareDatetime | None = None
    started: AwareDatetime | None = None
    finished: AwareDatetime | None = None
    counts: dict[str, int] = Field(default_factory=dict)


class UnderMaintenance(Part):
    """Announced work that went on during the round; without ways or branches it is that of all."""

    why: str
    by: str = ""
    from_: AwareDatetime = Field(alias="from")
    to: AwareDatetime
    ways: list[str] = Field(default_factory=list)
    branches: list[str] = Field(default_factory=list)
    words: str = ""


class PlanPart(Part):
    """Items of the whole plan by what hangs on them, also of those that this round does not carry."""

    trading: list[str] = Field(default_factory=list, description="selling depends on them")
    proof: list[str] = Field(default_factory=list, description="they pass only where something is sold")
    data: list[str] = Field(default_factory=list, description="they ask whether what is stored is right")

    @classmethod
    def of(cls, checklist: Checklist) -> Self:
        return cls(
            trading=list(checklist.trading),
            proof=[item.id for item in checklist if item.trading is Trading.PROOF],
            data=[item.id for item in checklist if item.about is About.DATA],
        )


class LevelPromise(Part):
    """Who acts at a level, and how soon; zero is at once."""

    who: str
    respond_within_s: float
    handles: str = ""


class Summary(Part):
    schema_: int = Field(default=SCHEMA_VERSION, alias="schema")
    target: str
    round: str = Field(description='"morning", "midday", "evening", "weekly" ... or "daily"')
    day: int = Field(description="the day since go-live, which is day 1")
    phase: str
    as_of: AwareDatetime
    started: AwareDatetime
    finished: AwareDatetime
    status: Status
    counts: dict[str, int] = Field(default_factory=dict, description="items by outcome")
    coverage: Coverage = Coverage()
    figures: dict[str, FigureValue] = Field(default_factory=dict)
    series: dict[str, Series] = Field(default_factory=dict, description="figures along the hours of the day, or stages")
    recent_figures: RecentFigures = RecentFigures()
    recent_days: list[RecentDay] = Field(default_factory=list, description="up to this day, which is the last")
    items: list[ItemResult] = Field(default_factory=list)
    incidents: list[Incident] = Field(default_factory=list)
    uptime: Uptime | None = None
    uptime_gap: str = Field(default="", description="why there is no uptime, where there is none")
    timezone: str = "UTC"
    currency: str = ""
    mode: str = ""
    versions: dict[str, str] = Field(default_factory=dict)
    levels: dict[Level, LevelPromise] = Field(default_factory=dict)
    figure_words: dict[str, FigureWords] = Field(default_factory=dict)
    figure_sources: dict[str, FigureSource] = Field(
        default_factory=dict, description="by figure; without those that no check of this round told"
    )
    rounds: list[RoundEntry] = Field(default_factory=list)
    broken_rounds: list[BrokenRound] = Field(
        default_factory=list, description="earlier rounds that broke off, of which no report has told yet"
    )
    missed_rounds: list[MissedRound] = Field(
        default_factory=list, description="rounds that were due since the last one and never began"
    )
    live_looks_at: list[AwareDatetime] = Field(
        default_factory=list,
        description="real instants at which web, API, phone were looked at, where they differ from as_of",
    )
    partial: bool = Field(default=False, description="a round that was asked for some of its items only")
    rehearsed: bool = Field(default=False, description="a round on trial, of which nothing is remembered")
    maintenance: list[UnderMaintenance] = Field(default_factory=list)
    plan: PlanPart = Field(
        default_factory=lambda: PlanPart.of(shipped()), description="the shipped plan's where nothing is said"
    )
    switched_off: list[SwitchedOff] = Field(
        default_factory=list, description="items that the plan leaves out, why, and who says so"
    )
    actions: list[Action] = Field(default_factory=list)
    review: Review | None = None
    database_use: DatabaseUse | None = Field(
        default=None, description="null where no database was asked, and in rounds of an older version"
    )
    branch_isolation: DoorMatrix | None = Field(
        default=None, description="null where no door between branches was looked for"
    )

    @model_validator(mode="after")
    def _in_business_time(self) -> Self:
        try:
            zone = ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"there is no time zone {self.timezone!r}") from None
        for name, value in self:
            self.__dict__[name] = in_zone(value, zone)
        return self

    @property
    def date(self) -> date:
        """The business day."""
        return self.as_of.date()

    def to_json(self) -> str:
        return self.model_dump_json(indent=1) + "\n"

    def write(self, path: Path) -> None:
        path.write_text(self.to_json(), encoding="utf-8")


def read_summary(path: Path) -> Summary:
    """Read a summary.json.

    Raises:
        OSError: the file cannot be read.
        pydantic.ValidationError: it is not a summary.
    """
    return Summary.model_validate_json(path.read_text(encoding="utf-8"))
