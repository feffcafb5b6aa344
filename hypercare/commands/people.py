"""What the commands share by which people speak: which target, whose name, and how others hear of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import click

from hypercare.commands.target import load_target, target_option
from hypercare.escalation.changes import IncidentChange
from hypercare.escalation.incidents import Incidents, UnknownIncident
from hypercare.history.opening import open_history
from hypercare.history.store import History
from hypercare.plan.checklist import Checklist, checklist_of, read_checklist
from hypercare.review.acts import Acts
from hypercare.review.telling import tell_others
from hypercare.target_file.command_line import command_line
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import clock_of

_PATH = click.Path(path_type=Path)


def of_target(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say which target's history is meant."""
    reports = click.option(
        "--reports", type=_PATH, default=Path("reports"), envvar="HYPERCARE_REPORTS", show_default=True
    )
    return target_option(reports(command))


def some_text(_context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """Refuses what says nothing: it would stand in the history for ever."""
    if value is not None and not value.strip():
        raise click.BadParameter("say something", param=parameter)
    return value.strip() if value is not None else None


by = click.option("--by", required=True, callback=some_text, help="your name, as others know it")
on_day = click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="the business day; today when left out")


class CommandContext:
    """The target, its history and its time, for one command."""

    def __init__(self, target_file: Path, reports: Path) -> None:
        self.config = load_target(target_file)
        self.reports = reports
        self.now = clock_of(self.config)
        self.calendar = self.config.business.calendar

    @cached_property
    def history(self) -> History:
        return open_history(self.config, self.reports)

    @cached_property
    def incidents(self) -> Incidents:
        return Incidents(self.history, self.config)

    def plan(self, project: Path) -> Checklist:
        """The plan that the target file names, else that of the project."""
        if self.config.rounds.checklist is not None:
            return self.config.plan
        return read_checklist(checklist_of(project))

    @cached_property
    def acts(self) -> Acts:
        return Acts(self.history, self.config)

    def day(self, chosen: datetime | None) -> date:
        """The business day that is meant: not one that is still to come."""
        today = self.calendar.date_of(self.now)
        day = today if chosen is None else chosen.date()
        if day > today:
            raise click.ClickException(f"{day} is still to come; today is {today}")
        return day

    def when(self, instant: datetime) -> str:
        return f"{instant.astimezone(self.calendar.zone):%d %b %H:%M}"

    def tell(self, change: IncidentChange | None) -> None:
        """Let the others know at once; what does not arrive now is sent by the next round, prober or watch."""
        for route, trouble in tell_others(self.history, self.config, change, self.now).items():
            click.echo(f"{route} could not be told yet: {trouble}", err=True)


def unknown_incident(error: UnknownIncident, config: TargetConfig) -> click.ClickException:
    return click.ClickException(f"{error}; `{command_line(config, 'incidents --all')}` lists them")


def shown_in_report(config: TargetConfig) -> str:
    return f"The next report shows it; `{command_line(config, 'report')}` makes the day's report anew."
