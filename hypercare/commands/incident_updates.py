"""`hypercare ack`, `note` and `resolve`: somebody is on it, has something to say of it, or says that it is over."""

from __future__ import annotations

from pathlib import Path

import click

from hypercare.commands.people import CommandContext, by, of_target, some_text, unknown_incident
from hypercare.review.acts import ActRefused, UnknownIncident
from hypercare.review.person import at_the_command_line

_number = click.argument("number", type=int, metavar="ID")


@click.command()
@_number
@by
@click.option("--note", default="", help="what is being done")
@of_target
def ack(number: int, by: str, note: str, target_file: Path, reports: Path) -> int:
    """Acknowledge an incident: somebody is on it."""
    context = CommandContext(target_file, reports)
    try:
        change = context.acts.acknowledge(number, at_the_command_line(by), note, context.now)
    except UnknownIncident as error:
        raise unknown_incident(error, context.config) from None
    except ActRefused as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Incident {number} is acknowledged by {by}.")
    context.tell(change)
    return 0


@click.command()
@_number
@by
@click.argument("text", callback=some_text)
@of_target
def note(number: int, by: str, text: str, target_file: Path, reports: Path) -> int:
    """Write something down beside an incident, be it open or over."""
    context = CommandContext(target_file, reports)
    try:
        context.acts.note(number, at_the_command_line(by), text, context.now)
    except UnknownIncident as error:
        raise unknown_incident(error, context.config) from None
    except ActRefused as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Noted beside incident {number}.")
    return 0


@click.command()
@_number
@by
@click.option("--note", default="", help="what was done")
@of_target
def resolve(number: int, by: str, note: str, target_file: Path, reports: Path) -> int:
    """Say that an incident is over. If it is seen again, it opens again."""
    context = CommandContext(target_file, reports)
    try:
        change = context.acts.resolve(number, at_the_command_line(by), note, context.now)
    except UnknownIncident as error:
        raise unknown_incident(error, context.config) from None
    except ActRefused as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Incident {number} is over, says {by}. It opens again if it is seen again.")
    context.tell(change)
    return 0
