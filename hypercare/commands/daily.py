"""`hypercare daily`: a whole day's rounds on the embedded system, each at its hour, and a prober between them."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from datetime import time as clock_time
from pathlib import Path

import click

from hypercare.adapters.demo.process import EmbeddedSystem
from hypercare.commands.people import CommandContext
from hypercare.commands.probe import prober_of
from hypercare.commands.report import publish_day
from hypercare.commands.target import FILE
from hypercare.commands.worst_status import worst_of
from hypercare.history.opening import open_history
from hypercare.outcome.signals import MonitorFault
from hypercare.plan.checklist import checklist_of, read_checklist
from hypercare.plan.rounds import words_of_round
from hypercare.probing.sample_intake import SampleIntake
from hypercare.reports.folder import ReportsFolderProblem, check_writable
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.embedded import names_embedded_system, write_over
from hypercare.target_file.loading import load_target
from hypercare.target_file.target import clock_of

_LOG = logging.getLogger(__name__)
# The embedded system lives from one look to the next at a stretch, which takes it a second.
_LOOKS_EVERY = timedelta(minutes=30)


@click.command()
@click.option("--reports", type=click.Path(path_type=Path), default=Path("reports"), envvar="HYPERCARE_REPORTS")
@click.option("--project", type=click.Path(path_type=Path), default=Path(), help="where the checks are")
def daily(reports: Path, project: Path) -> int:
    """Run the rounds of each day (morning, mid-day, end of day) on the embedded system; print where the report lies.

    The embedded business stands in its eighth day. Before each round its clock is advanced to the round's hour,
    and the people of the business work in between; every half hour it is probed, which its uptime is told from.
    """
    own = project / FILE
    return live_a_day(reports, project, own=own if names_embedded_system(own) else None)


def live_a_day(reports: Path, project: Path, *, own: Path | None) -> int:
    """`own` is a target file that names the embedded system, and says what is to be watched in it besides."""
    reports, project = reports.absolute(), project.absolute()
    try:
        check_writable(reports)
    except ReportsFolderProblem as error:
        raise MonitorFault(str(error)) from None
    hours = _hours(project)
    started = time.monotonic()
    _tell("Preparing the embedded system and its history")
    system = EmbeddedSystem.start(hours[0][0])
    statuses = []
    try:
        if own is not None:
            write_over(system.target_file, own.absolute())
        day = _business_day(system.target_file)
        _tell(f"  ready after {time.monotonic() - started:.0f} s")
        for number, (clock, chosen) in enumerate(hours):
            if number:
                _tell(f"Living on until {clock:%H:%M}")
            live_on(system, clock, reports)
            statuses.append(_run_round(chosen, system.target_file, reports, project))
        page = publish_day(CommandContext(system.target_file, reports), day, project, _tell)
    finally:
        system.stop()
    _tell(f"The day took {time.monotonic() - started:.0f} s. The report:")
    click.echo(page)
    return worst_of(statuses)


def live_on(system: EmbeddedSystem, until: clock_time, reports: Path) -> None:
    """Let people work until this hour, and look at every way each half hour and then."""
    config = load_target(system.target_file)
    calendar = config.business.calendar
    now = clock_of(config)
    end = max(calendar.at(calendar.date_of(now), until), now)
    with _probing(config, reports) as look:
        look()
        while now < end:
            now = min(now + _LOOKS_EVERY, end)
            system.advance(now)
            look()


@contextmanager
def _probing(config: TargetConfig, reports: Path) -> Iterator[Callable[[], None]]:
    """What looks at every way once; nothing where the target file names none."""
    try:
        prober = prober_of(config, reports, _LOOKS_EVERY, threading.Event())
    except click.ClickException as problem:
        _LOG.warning("not probed: %s", problem.message)
        yield lambda: None
        return
    with closing(open_history(config, reports)) as history:
        intake = SampleIntake(history, config, _LOOKS_EVERY)

        def look() -> None:
            for trouble in intake.take(prober.probe_all(clock_of(config)), clock_of(config)):
                _tell(f"  {trouble}")

        yield look


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
    options = [f"--round={chosen}", f"--target={target_file}", f"--reports={reports}", "--no-later-pages"]
    status = subprocess.run([*command, *options], cwd=project).returncode
    _LOG.info("%s ended with status %d", words_of_round(chosen).lower(), status)
    _tell(f"  {words_of_round(chosen).lower()} took {time.monotonic() - begun:.0f} s, status {status}")
    return status


_tell: Callable[[str], None] = click.echo
