"""`hypercare attest`, `action` and `sign-off`: what only a person can say."""

from __future__ import annotations

from datetime import datetime
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
from hypercare.review.acts import ActRefused, UnknownIncident
from hypercare.review.person import at_the_command_line


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
    meant = context.day(day)
    try:
        context.acts.attest(context.plan(project), item, meant, answer, at_the_command_line(by), context.now)
    except ActRefused as error:
        raise click.ClickException(str(error)) from None
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
    try:
        context.acts.action(meant, text, at_the_command_line(by), context.now, incident)
    except UnknownIncident as error:
        raise unknown_incident(error, context.config) from None
    except ActRefused as error:
        raise click.ClickException(str(error)) from None
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
    try:
        meant = context.acts.sign_off(what, day and day.date(), note, at_the_command_line(by), context.now)
    except ActRefused as error:
        raise click.UsageError(str(error)) from None
    click.echo(f"The {what} report of {meant} is signed off by {by}. {shown_in_report(context.config)}")
    return 0
