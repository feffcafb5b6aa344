"""`hypercare history forget`: take out what was recorded while the target was being attached."""

from __future__ import annotations

from pathlib import Path

import click

from hypercare.commands.people import Desk, of_target
from hypercare.history.forgetting import Forgotten, forget
from hypercare.notification.outbox import Outbox
from hypercare.reports.words import counted, listed
from hypercare.target_file.command_line import command_line
from hypercare.uptime_history.arguments import given_instant


@click.command("forget")
@click.option("--since", required=True, metavar="TIME", help="a day or an instant; what is older stays")
@click.option("--samples", is_flag=True, help="also what probers saw, from which uptime is counted")
@click.option("--yes", is_flag=True, help="really do it; without it only what would go is said")
@of_target
def forget_command(since: str, samples: bool, yes: bool, target_file: Path, reports: Path) -> int:
    """Forget rounds, incidents and messages since a time, and what was remembered then to compare with.

    Meant for what a wrong mapping left behind while attaching. What people said of days and of uptime stays, as do the
    published reports.
    """
    desk = Desk(target_file, reports)
    if not desk.history.is_there:
        raise click.ClickException(f"there is no history at {desk.history.shown}; name the reports folder")
    try:
        first = given_instant(since, desk.calendar)
    except ValueError as error:
        raise click.ClickException(f"--since: {error}") from None
    if first > desk.now:
        raise click.ClickException(f"--since: {since} is still to come")
    gone = forget(desk.history, first, samples=samples, really=yes)
    if yes:
        Outbox(desk.history).put_changes([], None, desk.now)
        click.echo(f"Forgotten: {_words(gone)}.")
        return 0
    again = command_line(desk.config, f"history forget --since {since}{' --samples' if samples else ''} --yes")
    click.echo(f"This would forget {_words(gone)}. To do it: {again}")
    return 0


def _words(gone: Forgotten) -> str:
    parts = [counted(gone.rounds, "round"), counted(gone.incidents, "incident"), counted(gone.messages, "message")]
    if gone.samples:
        parts.append(counted(gone.samples, "sample"))
    return listed(parts)
