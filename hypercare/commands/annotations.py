"""`hypercare attest`, `action` and `sign-off`: what only a person can say."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from hypercare.commands.people import (
    CommandContext,
    by,
    of_target,
    on_day,
    shown_in_report,
    some_text,
    unknown_incident,
)
from hypercare.commands.report_periods import days_of_report
from hypercare.escalation.annotations import DAILY
from hypercare.escalation.incidents import UnknownIncident
from hypercare.plan.item import Kind


@click.command()
@click.argument("item")
@by
@click.option("--answer", required=True, callback=some_text, help="the answer, in a sentence others can check")
@on_day
@click.option("--project", type=click.Path(path_type=Path), default=Path(), help="where the checklist is")
@of_target
def attest(
    item: str, by: str, answer: str, day: datetime | None, project: Path, target_file: Path, reports: Path
) -> int:
    """Answer an item that only a person can answer, for a business day. A later answer stands in place of it."""
    context = CommandContext(target_file, reports)
    chosen = context.plan(project)[item]
    if chosen.kind is not Kind.ATTEST:
        raise click.ClickException(f"{item} is decided by its checks, not by a person's word")
    meant = context.day(day)
    context.annotations.answer(item, meant, answer, by, context.now)
    click.echo(f"{item} is answered for {meant} by {by}. {shown_in_report(context.config)}")
    return 0


@click.command()
@click.argument("text", callback=some_text)
@by
@click.option("--incident", type=int, help="the incident that it was about")
@on_day
@of_target
def action(text: str, by: str, incident: int | None, day: datetime | None, target_file: Path, reports: Path) -> int:
    """Write down what was done, for the daily report's "Actions taken"."""
    context = CommandContext(target_file, reports)
    meant = context.day(day)
    if incident is not None:
        try:
            context.incidents.one(incident, context.now)
        except UnknownIncident as error:
            raise unknown_incident(error, context.config) from None
    context.annotations.act(meant, text, by, context.now, incident)
    click.echo(f"Written down for {meant}. {shown_in_report(context.config)}")
    return 0


@click.command("sign-off")
@click.option(
    "--what", default="daily", show_default=True, callback=some_text, help="which report: daily, week-1, month-1"
)
@by
@click.option("--note", default="", help="what goes with it")
@on_day
@of_target
def sign_off(what: str, by: str, note: str, day: datetime | None, target_file: Path, reports: Path) -> int:
    """Sign the report of a day: it was read, and somebody stands for it."""
    context = CommandContext(target_file, reports)
    meant = context.day(day) if what == DAILY else _first_day(what, day, context)
    context.annotations.sign_off(what, meant, note.strip(), by, context.now)
    click.echo(f"The {what} report of {meant} is signed off by {by}. {shown_in_report(context.config)}")
    return 0


def _first_day(what: str, day: datetime | None, context: CommandContext) -> date:
    """The day on which a report of several days begins, which has begun."""
    if day is not None:
        raise click.UsageError(f"{what} says itself which days it is of; leave out --day")
    try:
        first, _ = days_of_report(what, context.calendar.go_live)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if first > context.calendar.date_of(context.now):
        raise click.UsageError(f"{what} begins on {first}, which is still to come")
    return first
