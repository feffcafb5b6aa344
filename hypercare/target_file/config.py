"""The target file: one typed TOML file a system."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, PrivateAttr, WrapValidator, field_validator, model_validator

from hypercare.outcome.level import Level
from hypercare.plan.checklist import Checklist, read_checklist, shipped
from hypercare.plan.schedule import Due, Schedule
from hypercare.target_file.allowed_request import AllowedRequests
from hypercare.target_file.business_terms import Task
from hypercare.target_file.mapping import MappingConfig
from hypercare.target_file.origin import ConfigOrigin
from hypercare.target_file.own_entities import OwnEntity, mapped_with_own, require_consistent
from hypercare.target_file.seats import Sessions
from hypercare.target_file.secrets import SecretReference
from hypercare.target_file.section import Duration, Later, Section
from hypercare.target_file.sections.backups import BackupsSection
from hypercare.target_file.sections.branch_lists import BranchList
from hypercare.target_file.sections.business import BusinessSection
from hypercare.target_file.sections.escalation import EscalationLevel, plan_levels
from hypercare.target_file.sections.limits import LimitsSection as LimitsSection
from hypercare.target_file.sections.logs import KnownError, LogRule, LogSource
from hypercare.target_file.sections.reports import ReportsSection as ReportsSection

if TYPE_CHECKING:
    from hypercare.target_file.sections.branch_isolation import BranchIsolationSection
    from hypercare.target_file.sections.day_sheets import DaySheetsSection
    from hypercare.target_file.sections.exceptions import AgreedException
    from hypercare.target_file.sections.flow import FlowSection
    from hypercare.target_file.sections.history import HistorySection
    from hypercare.target_file.sections.incidents import IncidentsSection
    from hypercare.target_file.sections.notify import HeartbeatSection, MessagesSection, NotifyRoute
    from hypercare.target_file.sections.publish import PublishSection
    from hypercare.target_file.sections.rest import RestSection
    from hypercare.target_file.sections.serve import ServeSection
    from hypercare.target_file.sections.uptime import MaintenanceWindow, ProbeSection, UptimeSection
else:
    AgreedException = DaySheetsSection = FlowSection = HistorySection = RestSection = IncidentsSection = Any
    PublishSection = Any
    BranchIsolationSection = HeartbeatSection = MessagesSection = NotifyRoute = Any
    MaintenanceWindow = ProbeSection = ServeSection = UptimeSection = Any


def _checked_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f'{value!r} is not a web address; write for instance "https://erp.example.com/"')
    return value


Url = Annotated[str, AfterValidator(_checked_url)]
DeclaredFlow = Annotated[FlowSection | None, Later("hypercare.target_file.sections.flow:FlowSection")]


class Mode(StrEnum):
    """What the suite may do: only look, or also make synthetic transactions on the canary."""

    OBSERVE = "observe"
    TRANSACT = "transact"


class TargetSection(Section):
    """`id` keeps the history together when the target moves; without one it is made of the name and the address.

    `sessions` is how many the system allows at a time: then no two clients are logged in at once, and each logs out.
    """

    name: str
    id: str | None = Field(default=None, pattern=r"^[a-z0-9-]+$")
    adapter: str = "none"
    mode: Mode = Mode.OBSERVE
    sessions: Sessions = Sessions.ANY


class WebSection(Section):
    """`hosts` are others that the log-in may lead to (a central log-in); `password_first` is false where the password
    is asked for only after the name. `allow` are requests of the pages that only read although they are no GETs, as
    paths or as [[web.allow]]: in observe, all others but the log-in are held back. `main_pages` are addresses that are
    opened after the log-in besides the links of the navigation that are proven to do nothing else than show a page."""

    url: Url
    timeout: Duration = timedelta(seconds=10)
    hosts: tuple[str, ...] = ()
    password_first: bool = True
    allow: AllowedRequests = ()
    main_pages: tuple[str, ...] = ()
    flow: DeclaredFlow = None
    pages: str | None = Field(default=None, description='a page object, `"shop_pages.py:ShopPages"`')


class Endpoint(Section):
    """One API the business depends on.

    `expect` maps a dotted path of the JSON answer to its value, or to a kind in angle brackets: "<list>", "<some>"
    (a list that is not empty), "<number>", "<text>", "<object>", "<money>", "<instant>", "<now 2m>", "<any>",
    "<this|that>". A "*" in the path means every entry of a list, "{today}" the business day. `as_role` logs in first.
    `max_age` is how old the answer may be by its own headers (Age, Date): a cache may hold on to it for as long.
    What says its own `timeout` may take that long, also where [limits] response_median is less.
    """

    name: str
    path: str
    method: Literal["GET", "POST", "HEAD"] = "GET"
    status: int = 200
    timeout: Duration = timedelta(seconds=2)
    expect: dict[str, Any] = Field(default_factory=dict)
    as_role: str | None = None
    body: dict[str, Any] | None = None
    max_age: Duration | None = None


class MobileSection(Section):
    """`device` is a Playwright device descriptor; `also` others that a phone is tried with when the first cannot.

    `handshake` is the endpoint of the API that the app asks first; it is asked from within the phone.
    `offline` is whether the app is meant to open without a network. `tap` is what a tap is measured on, by role and
    name ("tab: Orders"): something that only shows; without it no part of the page is told of the tap. `password_first`
    and `allow` are as in [web].
    """

    url: Url
    device: str = "Pixel 7"
    also: tuple[str, ...] = ("iPhone 13",)
    timeout: Duration = timedelta(seconds=15)
    handshake: Endpoint | None = None
    offline: bool = False
    password_first: bool = True
    tap: str = ""
    allow: AllowedRequests = ()
    flow: DeclaredFlow = None
    pages: str | None = Field(default=None, description='a page object, `"shop_pages.py:ShopPages"`')


class ApiSection(Section):
    """Where the API is. `description` is where it says of itself what it can do: the address of an OpenAPI document as
    JSON. No load is put on it unless `load_rate` says so: then one endpoint that is open to everybody is
    asked so often a second, one request after the other, for as long as `load_for`, and no longer once it is too much.
    """

    url: Url
    description: str | None = None
    timeout: Duration = timedelta(seconds=10)
    load_rate: float = Field(
        default=0, ge=0, le=20, description="requests a second that a round tries when it looks at load; 0 for none"
    )
    load_for: Duration = Field(
        default=timedelta(seconds=10), le=timedelta(seconds=60), description="for how long it tries them"
    )
    endpoints: tuple[Endpoint, ...] = ()
    branch_lists: tuple[BranchList, ...] = ()


class DatabaseSection(Section):
    """`url` is an SQLAlchemy address; its password may be left out and given as `password`.

    A question that would read more than `most_rows` by the engine's own plan is not put by day but in the next of
    `heavy_rounds`, and until then is not covered. `day_share` is the share of the day for which the database may be at
    work for all other rounds of it; once it is used up, what reads more than a little waits in the same way.
    `read_from` is the address of a copy (a replica, with the same user and password) that questions about what is
    stored are asked of; what has to be fresh is asked of `url`. `scan_from` is the folder or address of an export as
    Parquet files (NAME.parquet, or files in a folder NAME) that questions about all of a large table are asked of.
    """

    url: str
    password: SecretReference | None = None
    timeout: Duration = timedelta(seconds=30)
    most_rows: int = Field(default=20_000_000, ge=1, description="what one question may read, by day")
    heavy_rounds: tuple[str, ...] = Field(
        default=("night", "weekly", "monthly", "quarterly", "annual"),
        description="rounds that may read more, since they are held when few people work",
    )
    day_share: float = Field(
        default=0.01,
        gt=0,
        le=1,
        description="the share of the day that its rounds may keep the database at work",
    )
    room: int = Field(default=500, description="free space that must be left, in MB")
    read_from: str | None = Field(default=None, description="the address of a replica for questions that can wait")
    copy_behind: Duration = Field(
        default=timedelta(minutes=5), description="how far it may be behind before nothing is asked of it"
    )
    scan_from: str | None = Field(
        default=None, description="a Parquet export for questions about all of a large table, read by DuckDB"
    )
    export_behind: Duration = Field(
        default=timedelta(days=2), description="how old it may be before nothing is asked of it"
    )


class CanarySection(Section):
    """What is kept for synthetic transactions, and left out of every figure. `users` are names or patterns (*).

    `roles` are those that may sell, produce and undo there, the one that does it day by day first; without them the
    adapter's hold, or anybody's account of the branch.
    """

    branch: str | None = None
    customer: str | None = None
    products: dict[str, str] = Field(default_factory=dict)
    users: tuple[str, ...] = ()
    roles: dict[Task, tuple[str, ...]] = Field(default_factory=dict)


class Account(Section):
    """Somebody the suite may log in as."""

    username: str
    password: SecretReference
    role: str
    branch: str | None = None


class RoundsSection(Section):
    """A round ends within `limit`; a finding is looked at again after `retry_after` before it is an alarm.

    `at_once` is how many checks a round looks at side by side: in the API, the database, the browser, the logs and the
    backups one each at most. With 1 they follow each other.

    `due` says when rounds are due, as the checklist has it where nothing is said: `{ morning = "09:00", midday =
    "12:00", evening = "17:00" }`; one that is left out is not waited for. A round is missed when it has not begun half
    an hour later, unless nobody works that day. In place of a time stands a cron expression, `{ night = "0 22 * * 1-6"
    }`, in the business's time zone; where that says on which days, a round is due on them whatever the hours of the
    branches, but on no day on which the whole business is closed.

    `checklist` is a plan of one's own, for whatever deals with this target: rounds, probes and watches.
    """

    limit: Duration = timedelta(minutes=20)
    check_limit: Duration = timedelta(minutes=3)
    retry_after: Duration = timedelta(seconds=2)
    at_once: int = Field(default=4, ge=1)
    due: dict[str, Due] | None = None
    checklist: Path | None = None


class TargetConfig(Section):
    target: TargetSection
    business: BusinessSection
    web: WebSection | None = None
    mobile: MobileSection | None = None
    api: ApiSection | None = None
    database: DatabaseSection | None = None
    logs: tuple[LogSource, ...] = ()
    known_errors: tuple[KnownError, ...] = ()
    log_rules: tuple[LogRule, ...] = ()
    backups: BackupsSection | None = None
    canary: CanarySection = CanarySection()
    exceptions: tuple[
        Annotated[AgreedException, Later("hypercare.target_file.sections.exceptions:AgreedException")], ...
    ] = ()
    accounts: tuple[Account, ...] = ()
    limits: LimitsSection = LimitsSection()
    escalation: dict[Level, EscalationLevel] = Field(default_factory=plan_levels)
    incidents: Annotated[
        IncidentsSection | None, Later("hypercare.target_file.sections.incidents:IncidentsSection")
    ] = None
    day_sheets: Annotated[
        DaySheetsSection | None, Later("hypercare.target_file.sections.day_sheets:DaySheetsSection")
    ] = None
    branch_isolation: Annotated[
        BranchIsolationSection | None, Later("hypercare.target_file.sections.branch_isolation:BranchIsolationSection")
    ] = None
    reports: ReportsSection = ReportsSection()
    publish: Annotated[PublishSection | None, Later("hypercare.target_file.sections.publish:PublishSection")] = None
    rounds: RoundsSection = RoundsSection()
    history: Annotated[HistorySection | None, Later("hypercare.target_file.sections.history:HistorySection")] = None
    notify: tuple[Annotated[NotifyRoute, Later("hypercare.target_file.sections.notify:NotifyRoute")], ...] = ()
    messages: Annotated[MessagesSection | None, Later("hypercare.target_file.sections.notify:MessagesSection")] = None
    heartbeat: Annotated[HeartbeatSection | None, Later("hypercare.target_file.sections.notify:HeartbeatSection")] = (
        None
    )
    probe: Annotated[ProbeSection | None, Later("hypercare.target_file.sections.uptime:ProbeSection")] = None
    uptime: Annotated[UptimeSection | None, Later("hypercare.target_file.sections.uptime:UptimeSection")] = None
    maintenance: tuple[
        Annotated[MaintenanceWindow, Later("hypercare.target_file.sections.uptime:MaintenanceWindow")], ...
    ] = ()
    serve: Annotated[ServeSection | None, Later("hypercare.target_file.sections.serve:ServeSection")] = None
    rest: Annotated[RestSection | None, Later("hypercare.target_file.sections.rest:RestSection")] = None
    entities: Annotated[dict[str, OwnEntity], AfterValidator(require_consistent)] = Field(default_factory=dict)
    mapping: Annotated[MappingConfig, WrapValidator(mapped_with_own)] = Field(MappingConfig(), validate_default=True)

    _origin: ConfigOrigin = PrivateAttr(default_factory=ConfigOrigin)
    _plan_of_project: Checklist | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _due_rounds_are_planned(self) -> Self:
        for name in self.rounds.due or ():
            self.plan.require_round(name)
        if self.rounds.checklist is not None:
            _ = self.plan
        return self

    @model_validator(mode="after")
    def _log_rules_are_of_logs(self) -> Self:
        names = [source.name for source in self.logs]
        stray = next((rule.log for rule in self.log_rules if rule.log is not None and rule.log not in names), None)
        if stray is not None:
            raise ValueError(f"[[log_rules]] names the log {stray!r}; there are {', '.join(names) or 'none'}")
        return self

    @model_validator(mode="after")
    def _tables_of_errors_are_mapped(self) -> Self:
        for source in self.logs:
            if source.entity is not None and source.entity not in self.mapping.mapped_entities():
                raise ValueError(f"the log {source.name!r} is read from [mapping.{source.entity}], which is not there")
        return self

    @model_validator(mode="after")
    def _exceptions_are_of_the_plan(self) -> Self:
        for one in self.exceptions:
            if one.entity not in self.mapping.definitions.fields:
                raise ValueError(f"[[exceptions]] {one.name!r} names the entity {one.entity!r}, which is none")
        names = [one.name for one in self.exceptions]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"[[exceptions]] {twice!r} is there twice")
        return self

    @property
    def plan(self) -> Checklist:
        """The plan by which the target is watched: its own, else that of the project, else the shipped one."""
        return self._plan_of_project or shipped() if self.rounds.checklist is None else self._own_plan

    @cached_property
    def _own_plan(self) -> Checklist:
        assert self.rounds.checklist is not None
        return read_checklist(self.rounds.checklist)

    def go_by(self, plan_of_project: Checklist) -> None:
        """Where the file names no plan, rounds are waited for by the one that they are held by."""
        self._plan_of_project = plan_of_project

    @property
    def schedules(self) -> dict[str, Schedule]:
        """When each round is due that is waited for."""
        if self.rounds.due is None:
            return self.plan.schedules
        planned = {one.name: one for one in self.plan.rounds}
        found = {name: planned[name].schedule_at(text) for name, text in self.rounds.due.items()}
        return {name: schedule for name, schedule in found.items() if schedule is not None}

    @property
    def origin(self) -> ConfigOrigin:
        return self._origin

    @property
    def key(self) -> str:
        """Under which name this target is remembered."""
        if self.target.id:
            return self.target.id
        ways = (self.database, self.web, self.api, self.mobile)
        address = next((way.url for way in ways if way is not None), "")
        name = re.sub(r"[^a-z0-9]+", "-", self.target.name.lower()).strip("-") or "target"
        return f"{name}-{hashlib.sha256(address.encode()).hexdigest()[:8]}"

    @field_validator("escalation")
    @classmethod
    def _every_level(cls, value: dict[Level, EscalationLevel]) -> dict[Level, EscalationLevel]:
        return {**plan_levels(), **value}

    @field_validator("notify")
    @classmethod
    def _each_route_once(cls, value: tuple[NotifyRoute, ...]) -> tuple[NotifyRoute, ...]:
        names = [route.name for route in value]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"two routes are named {twice!r}; a message is remembered under its route's name")
        return value
