"""`hypercare report`: the day's report, from its rounds and from what people have said since; and that of a fleet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path

import click

from hypercare.commands.people import CommandContext, of_target, on_day
from hypercare.commands.report_fleet import fleet
from hypercare.commands.report_periods import COMMANDS
from hypercare.outcome.signals import MonitorFault
from hypercare.publishing.target_index import index_reports
from hypercare.reports.day_report import DayReport
from hypercare.reports.folder import ReportsFolderProblem, check_writable
from hypercare.reports.later_pages import add_later_pages
from hypercare.reports.pdf import print_page
from hypercare.suite.publishing import ALLURE_HISTORY, browser_for_printing


class _DayByDefault(click.Group):
    """`hypercare report` makes the day's."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        named = bool(args) and (args[0] in self.commands or args[0] in {"-h", "--help"})
        return super().parse_args(ctx, args if named else ["day", *args])


@click.group(cls=_DayByDefault)
def report() -> None:
    """The report of a day made anew, of a week, a month, a gate, or many targets. Without a word more: the day's."""


report.add_command(fleet)
for command in COMMANDS:
    report.add_command(command)


@report.command("day")
@on_day
@click.option("--project", type=click.Path(path_type=Path), default=Path(), help="where the checks are")
@of_target
def report_of_day(day: datetime | None, project: Path, target_file: Path, reports: Path) -> int:
    """Make the report of a day anew: its rounds, with the answers, actions and the sign-off that came after them."""
    context = CommandContext(target_file, reports.absolute())
    click.echo(publish_day(context, context.day(day), project.absolute(), click.echo))
    return 0


def publish_day(context: CommandContext, day: date, project: Path, tell: Callable[[str], None]) -> Path:
    """One report of all rounds of a day, as `<reports>/<day>/day`.

    Unless the day is past, `latest` leads there, and it is the day's in Allure's history.

    Returns:
        its page.

    Raises:
        MonitorFault: no round of that day left a report, or the reports folder cannot be written.
    """
    try:
        check_writable(context.reports)
        return _published(context, day, project, tell)
    except ReportsFolderProblem as error:
        raise MonitorFault(str(error)) from None


def _published(context: CommandContext, day: date, project: Path, tell: Callable[[str], None]) -> Path:
    report = DayReport(context.config, context.plan(project), context.history, context.reports, day)
    rounds = report.rounds()
    if not rounds:
        raise MonitorFault(f"no round of {day} left a report in {context.reports}")
    is_today = day == context.calendar.date_of(context.now)
    summary = report.summary(rounds, context.now if is_today else None)
    place = report.publish(summary, rounds, project, lead_there=is_today)
    allure = context.reports / ".state" / context.config.key / ALLURE_HISTORY
    printer = partial(print_page, browser=browser_for_printing())
    skipped = add_later_pages(summary, place, printer, rounds=rounds, history=allure, append_history=is_today)
    for name, reason in skipped.items():
        tell(f"{name} was left out: {reason}")
    if trouble := index_reports(context.reports, context.config, context.history):
        tell(trouble)
    return place / "index.html"
