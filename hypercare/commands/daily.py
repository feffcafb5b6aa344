"""`hypercare daily`: a whole day's rounds on the embedded system, each at its hour."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from datetime import time as clock_time
from pathlib import Path

import click

from hypercare.adapters.demo.process import EmbeddedSystem
from hypercare.commands.people import CommandContext
from hypercare.commands.report import publish_day
from hypercare.outcome.signals import MonitorFault
from hypercare.plan.checklist import checklist_of, read_checklist
from hypercare.plan.rounds import words_of_round
from hypercare.reports.folder import ReportsFolderProblem, check_writable
from hypercare.target_file.loading import load_target
from hypercare.target_file.target import clock_of

_LOG = logging.getLogger(__name__)
_OUR_FAULT = 3
# What a reader of the day must know first: a failure of the target, then of the monitor, then of the request.
_URGENCY = (1, _OUR_FAULT, 4, 5)


@click.command()
@click.option("--reports", type=click.Path(path_type=Path), default=Path("reports"), envvar="HYPERCARE_REPORTS")
@click.option("--project", type=click.Path(path_type=Path), default=Path(), help="where the checks are")
def daily(reports: Path, project: Path) -> int:
    """Run the rounds of each day (morning, mid-day, end of day) on the embedded system; print where the report lies.

    The embedded business stands in its eighth day. Before each round its clock is advanced to the round's hour,
    and the people of the business work in between.
    """
    reports, project = reports.absolute(), project.absolute()
    try:
        check_writable(reports)
    except ReportsFolderProblem as error:
        raise MonitorFault(str(error)) from None
    hours = _hours(project)
    started = time.monotonic()
    _tell("Preparing the embedded system and its history")
    system = EmbeddedSystem.start(hours[0][0])
    day = _business_day(system.target_file)
    _tell(f"  ready after {time.monotonic() - started:.0f} s")
    statuses = []
    try:
        for number, (clock, chosen) in enumerate(hours):
            if number:
                _tell(f"Living on until {clock:%H:%M}")
                system.advance(f"{clock:%H:%M}")
            statuses.append(_run_round(chosen, system.target_file, reports, project))
        page = publish_day(CommandContext(system.target_file, reports), day, project, _tell)
    finally:
        system.stop()
    worst = next((status for status in _URGENCY if status in statuses), max(statuses, key=abs))
    _tell(f"The day took {time.monotonic() - started:.0f} s. The report:")
    click.echo(page)
    return worst


def _hours(project: Path) -> list[tuple[clock_time, str]]:
    """The rounds of the plan that are due on any day, in order."""
    schedules = read_checklist(checklist_of(project)).schedules
    hours = sorted((schedule.hour, name) for name, schedule in schedules.items() if not schedule.names_days)
    if not hours:
        raise click.UsageError("the checklist has no round that is due on every day")
    return hours


def _business_day(target_file: Path) -> date:
    config = load_target(target_file)
    return config.business.calendar.date_of(clock_of(config))


def _run_round(chosen: str, target_file: Path, reports: Path, project: Path) -> int:
    _tell(words_of_round(chosen))
    begun = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--no-header", "-q"]
    options = [f"--round={chosen}", f"--target={target_file}", f"--reports={reports}"]
    status = subprocess.run([*command, *options], cwd=project).returncode
    _LOG.info("%s ended with status %d", words_of_round(chosen).lower(), status)
    _tell(f"  {words_of_round(chosen).lower()} took {time.monotonic() - begun:.0f} s, status {status}")
    return status


_tell: Callable[[str], None] = click.echo
