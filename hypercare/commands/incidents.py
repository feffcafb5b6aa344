"""`hypercare incidents` and `hypercare ack`: what is open, and who is on it."""

from __future__ import annotations

from pathlib import Path

import click

from hypercare.escalation.incidents import Incidents, UnknownIncident
from hypercare.history.store import History
from hypercare.target.config import TargetConfig
from hypercare.target.loading import load_target
from hypercare.target.target import clock_of

_target = click.option(
    "--target", "target_file", type=click.Path(path_type=Path), required=True, help="the target file"
)
_reports = click.option(
    "--reports", type=click.Path(path_type=Path), default=Path("reports"), envvar="HYPERCARE_REPORTS", show_default=True
)


@click.command()
@_target
@_reports
def incidents(target_file: Path, reports: Path) -> int:
    """List the open incidents, the most urgent first."""
    config = load_target(target_file)
    zone = config.business.calendar.zone
    found = _incidents_of(config, reports).open()
    for one in found:
        state = f"acknowledged by {one.acknowledged_by}" if one.acknowledged else f"waits for {one.who}"
        click.echo(
            f"{one.id:4} {one.level.value} since {one.opened.astimezone(zone):%d %b %H:%M}, {state}: {one.sentence}"
        )
    if not found:
        click.echo("No incident is open.")
    return 0


@click.command()
@click.argument("number", type=int, metavar="ID")
@click.option("--by", required=True, help="who is on it")
@click.option("--note", default="", help="what is being done")
@_target
@_reports
def ack(number: int, by: str, note: str, target_file: Path, reports: Path) -> int:
    """Acknowledge an incident: somebody is on it."""
    config = load_target(target_file)
    try:
        _incidents_of(config, reports).acknowledge(number, by, note, clock_of(config))
    except UnknownIncident as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Incident {number} is acknowledged by {by}.")
    return 0


def _incidents_of(config: TargetConfig, reports: Path) -> Incidents:
    return Incidents(History(reports / "history.sqlite", config.key), config.escalation)
