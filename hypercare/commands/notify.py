"""`hypercare notify`: try the routes before they are needed, and see what has not arrived."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from hypercare.commands.people import of_target
from hypercare.commands.target import load_target, target_option
from hypercare.history.opening import open_history
from hypercare.notification.gaps import notification_gaps
from hypercare.notification.notifier import Notifier
from hypercare.notification.trial import Trial, trials
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import clock_of


@click.group()
def notify() -> None:
    """Who is told what: try it, and see what has not arrived."""


@notify.command()
@target_option
@click.option("--route", "names", multiple=True, help="only this route; may be given more than once")
def test(target_file: Path, names: tuple[str, ...]) -> int:
    """Send a test message on every route, at whatever hour, and say who would hear of nothing.

    Exit status: 0 all were taken, 1 some were not, 4 there is no such route.
    """
    config = load_target(target_file)
    route_names = [route.name for route in config.notify]
    strangers = [name for name in names if name not in route_names]
    if not route_names:
        raise click.ClickException("the target file has no [[notify]] route, so nobody is told anything")
    if strangers:
        raise click.ClickException(f"there is no route {strangers[0]!r}; there are: {', '.join(route_names)}")
    now = clock_of(config)
    results = list(trials(config, names or route_names, now))
    for one in results:
        click.echo(_line(one))
    for sentence in notification_gaps(config, now):
        click.echo(sentence)
    return 0 if all(one.trouble is None for one in results) else 1


@notify.command()
@of_target
@click.option("--send", is_flag=True, help="try all of them now, those that were given up too")
def waiting(target_file: Path, reports: Path, send: bool) -> int:
    """List the messages that have not arrived. Exit status 1 when there are some."""
    config = load_target(target_file)
    notifier = Notifier(open_history(config, reports), config)
    now = clock_of(config)
    if send:
        notifier.outbox.hurry(now)
        notifier.deliver(now)
    return _list(notifier, config, now)


def _list(notifier: Notifier, config: TargetConfig, now: datetime) -> int:
    zone = config.business.calendar.zone
    found = notifier.outbox.waiting()
    for one in found:
        if one.next_try is None:
            then = f"given up after {one.attempts} attempts"
        elif one.attempts == 0:
            then = "not tried yet" if one.next_try <= now else f"waits until {one.next_try.astimezone(zone):%a %H:%M}"
        else:
            then = f"{one.attempts} attempts, again from {one.next_try.astimezone(zone):%a %H:%M}"
        trouble = f" ({one.trouble})" if one.trouble else ""
        click.echo(f"{one.created.astimezone(zone):%Y-%m-%d %H:%M}  {one.route}: {one.title}; {then}{trouble}")
    if not found:
        click.echo("No message is waiting.")
    return 1 if found else 0


def _line(one: Trial) -> str:
    return f"ok    {one.route}: {one.says}" if one.trouble is None else f"FAIL  {one.route}: {one.trouble}"
