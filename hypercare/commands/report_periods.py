"""`hypercare report exit`, `week` and `month`: the gates of the plan, and what several days came to."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from hypercare.commands.people import CommandContext, of_target, on_day
from hypercare.gates.evidence import evidence_of
from hypercare.gates.judging import judged_gate
from hypercare.gates.readiness import readiness_markdown, readiness_of, readiness_page
from hypercare.gates.rendering import gate_markdown, gate_page
from hypercare.period_reports.days_of_report import DAYS_OF_A_MONTH, days_of_report
from hypercare.period_reports.period_report import PeriodReport, period_report, week_of
from hypercare.period_reports.rendering import period_markdown, period_page
from hypercare.plan.checklist import Checklist
from hypercare.plan.gate import Gate
from hypercare.plan.problem import UnknownItem
from hypercare.publishing.target_index import index_reports
from hypercare.reports.daily import daily_summary
from hypercare.reports.writer import pages_from, rounds_of_day

_project = click.option(
    "--project", type=click.Path(path_type=Path), default=Path(), help="the folder of a project of your own"
)


@click.command("exit")
@click.option("--gate", "named", metavar="ID", help="which gate; without it the one whose days come next")
@_project
@of_target
def exit_gate(named: str | None, project: Path, target_file: Path, reports: Path) -> int:
    """Say of each criterion of a gate whether it is met, by what, and what blocks it.

    It is printed, and written as a page and as Markdown beside the reports.
    """
    context = CommandContext(target_file, reports)
    plan = context.plan(project)
    gate = _gate(plan, context, named)
    judged = judged_gate(gate, plan, evidence_of(context.history, context.config, gate.days, context.now))
    name = context.config.target.name
    text = gate_markdown(judged, name)
    _written(context, gate.id, text, gate_page(judged, name))
    click.echo(text, nl=False)
    return 0


@click.command("week")
@click.option("--week", "number", type=click.IntRange(min=1), help="which since go-live; without it the present one")
@of_target
def week(number: int | None, target_file: Path, reports: Path) -> int:
    """Sum up a week since go-live: totals, uptime, issues, feedback."""
    context = CommandContext(target_file, reports)
    today = context.calendar.number_of(context.calendar.date_of(context.now))
    return _report(context, "week", 7, number or week_of(today))


@click.command("month")
@click.option("--month", "number", type=click.IntRange(min=1), help="which since go-live; without it the present one")
@of_target
def month(number: int | None, target_file: Path, reports: Path) -> int:
    """Sum up thirty days since go-live: totals, uptime, issues, feedback."""
    context = CommandContext(target_file, reports)
    today = context.calendar.number_of(context.calendar.date_of(context.now))
    return _report(context, "month", DAYS_OF_A_MONTH, number or max(1, (today - 1) // DAYS_OF_A_MONTH + 1))


@click.command("readiness")
@on_day
@_project
@of_target
def readiness(day: datetime | None, project: Path, target_file: Path, reports: Path) -> int:
    """Say go or no-go, by the rounds of a day on the system that is to go live: what holds, what is not covered, and
    what cannot be told without traffic."""
    context = CommandContext(target_file, reports)
    plan = context.plan(project)
    meant = context.day(day)
    rounds = rounds_of_day(context.reports, meant.isoformat(), [one.name for one in plan.rounds])
    if not rounds:
        raise click.ClickException(f"no round of {meant} left a report in {context.reports}; run its rounds first")
    found = readiness_of(plan, daily_summary([one.summary for one in rounds], order=[item.id for item in plan]))
    text = readiness_markdown(found)
    _written(context, "readiness", text, readiness_page(found))
    click.echo(text, nl=False)
    return 0


def _report(context: CommandContext, kind: str, length: int, number: int) -> int:
    name = f"{kind}-{number}"
    try:
        first, last = days_of_report(name, context.calendar.go_live)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if first > context.calendar.date_of(context.now):
        raise click.UsageError(f"{kind} {number} begins on {first}, which is still to come")
    title = f"{kind.capitalize()} {number}"
    report: PeriodReport = period_report(
        context.history, context.config, (first, last), context.now, name=name, title=title
    )
    text = period_markdown(report)
    pages = pages_from(context.reports, [one.day for one in report.days], "")
    _written(context, name, text, period_page(report, pages))
    click.echo(text, nl=False)
    return 0


def _written(context: CommandContext, name: str, text: str, page: str) -> None:
    """Beside the reports of days, each file whole or not at all."""
    try:
        context.reports.mkdir(parents=True, exist_ok=True)
        for file, content in ((f"{name}.html", page), (f"{name}.md", text)):
            new = context.reports / f".{file}.new"
            new.write_text(content, encoding="utf-8")
            new.replace(context.reports / file)
    except OSError as error:
        raise click.ClickException(f"{context.reports} cannot be written: {error.strerror}") from None
    if trouble := index_reports(context.reports, context.config, context.history):
        click.echo(trouble, err=True)
    click.echo(f"Written to {context.reports / name}.html and .md", err=True)


def _gate(plan: Checklist, context: CommandContext, named: str | None) -> Gate:
    if named is not None:
        try:
            return plan.gate(named)
        except UnknownItem as unknown:
            raise click.ClickException(str(unknown)) from None
    if not plan.gates:
        raise click.ClickException("the checklist has no gate")
    day = context.calendar.critical_period.day_of_plan(context.calendar.date_of(context.now))
    return next((gate for gate in plan.gates if _last_day(plan, gate) >= day), plan.gates[-1])


def _last_day(plan: Checklist, gate: Gate) -> int:
    ranges = plan[gate.id].day_ranges if gate.id in plan else ()
    return max((days.last or days.first for days in ranges), default=0)


COMMANDS: tuple[click.Command, ...] = (exit_gate, readiness, week, month)
