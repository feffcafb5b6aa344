"""One session's view of the system under watch: its configuration, its time, and its secrets."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from hypercare.outcome.redaction import Redactor
from hypercare.outcome.signals import DryRunStop, MonitorFault
from hypercare.plan.calendar import Calendar, Period
from hypercare.plan.rounds import DAILY_ROUNDS, round_before
from hypercare.plan.schedule import Schedule
from hypercare.target_file.config import Account, TargetConfig
from hypercare.target_file.loading import TargetFileProblem
from hypercare.target_file.open_hours import due_on
from hypercare.target_file.seats import Seats
from hypercare.target_file.time_budget import TimeBudget


@dataclass
class Target:
    """What every resource is given.

    `as_of` is the instant that the round is judged at. `state` is a folder of the suite's own for this target
    (journal, downloads, scratch restores), never inside the target. `only_looks` forbids whatever would leave a
    trace in the target: a check that comes to it raises DryRunStop. `worked_on` are the times lately during which the
    whole system was under maintenance: what went wrong or did not come in then says nothing.
    `previous_round` is as of when the last round was judged that ended, `previous_alike` the last of the same name.
    """

    config: TargetConfig
    state: Path
    as_of: datetime
    redactor: Redactor = field(default_factory=Redactor)
    previous_round: datetime | None = None
    only_looks: bool = False
    worked_on: tuple[Period, ...] = ()
    previous_alike: datetime | None = None

    @cached_property
    def seats(self) -> Seats:
        """Who of the suite is in the system right now."""
        return Seats(self.config.target.sessions)

    @cached_property
    def time_budget(self) -> TimeBudget:
        """How long the looks of one check may take in all."""
        return TimeBudget(self.config.rounds.check_limit)

    @property
    def calendar(self) -> Calendar:
        return self.config.business.calendar

    def now(self) -> datetime:
        """The present by the target's clock, aware."""
        return clock_of(self.config)

    def hold_back(self, what: str) -> None:
        """Called before something is written into the target. Raises DryRunStop when only looking is allowed."""
        if self.only_looks:
            raise DryRunStop(f"A round would now {what}.")

    @property
    def is_replay(self) -> bool:
        """Whether the round looks back, so that what came after `as_of` must not be counted."""
        return self.now() - self.as_of > timedelta(minutes=30)

    @cached_property
    def today(self) -> Period:
        return self.calendar.today(self.as_of)

    @cached_property
    def since_last_round(self) -> Period:
        """From the last round that ended; where none is known, from when one was due by the target file's hours."""
        return Period(self.previous_round or self._round_due_before, self.as_of)

    @cached_property
    def unreviewed(self) -> Period:
        """The day so far, and what came before it after the last round of the same name: nothing falls between two."""
        start = self.today.start
        return Period(min(start, self.previous_alike or start), self.as_of)

    @property
    def _round_due_before(self) -> datetime:
        business, schedules = self.config.business, tuple(self.config.schedules.values())
        if not schedules:
            schedules = tuple(Schedule(clock=hour) for hour in DAILY_ROUNDS.values())
        return round_before(self.calendar, self.as_of, schedules, lambda _, one, day: due_on(business, one, day))

    def password_of(self, account: Account) -> str:
        """The account's password, known to the redactor from now on."""
        password = account.password.resolve()
        self.redactor.learn([password])
        return password


def instant_as_of(config: TargetConfig, text: str | None) -> datetime:
    """What --as-of says, by the clock of the business where it names no zone; the target's present where it is left
    out.

    Raises:
        TargetFileProblem: it is no instant.
        MonitorFault: the target's clock file is named but cannot be read.
    """
    if text is None:
        return clock_of(config)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise TargetFileProblem(f"--as-of {text!r} is not an instant; write for instance 2026-01-15T17:00") from None
    zone = config.business.calendar.zone
    return (instant.replace(tzinfo=zone) if instant.tzinfo is None else instant).astimezone(UTC)


def clock_of(config: TargetConfig) -> datetime:
    """The real time, or the simulated one of a target that has a clock file.

    A clock file holds {"set_to": instant, "set_at": real instant, "rate": number}: since the real instant the
    target's time has run from `set_to` at that rate.

    Raises:
        MonitorFault: the clock file is named but cannot be read.
    """
    real = datetime.now(UTC)
    path = config.business.clock
    if path is None:
        return real
    try:
        face = json.loads(path.read_text(encoding="utf-8"))
        set_to = datetime.fromisoformat(face["set_to"])
        set_at = datetime.fromisoformat(face["set_at"])
        return (set_to + (real - set_at) * float(face["rate"])).astimezone(UTC)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise MonitorFault(
            f"the target's clock file {path} cannot be read ({type(error).__name__})",
            remedy="Start the embedded system again, or correct [business] clock.",
        ) from None
