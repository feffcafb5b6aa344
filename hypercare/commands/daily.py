"""`hypercare daily`: a whole day's three rounds on the embedded system, each at its hour."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click

from hypercare.adapters.demo.process import EmbeddedSystem
from hypercare.outcome.signals import MonitorFault
from hypercare.plan.checklist import read_checklist
from hypercare.plan.rounds import DAILY_ROUNDS, Round
from hypercare.reports.daily import daily_summary
from hypercare.reports.folder import ReportsFolderProblem, check_writable, publish, work_folder
from hypercare.reports.writer import rounds_of_day, write_round_report
from hypercare.suite.finishing import ALLURE_HISTORY
from hypercare.suite.printing import browser_for_printing
from hypercare.target.loading import load_target
from hypercare.target.target import clock_of

_OUR_FAULT = 3
# What a reader of the day must know first: a failure of the target, then of the monitor, then of the request.
_URGENCY = (1, _OUR_FAULT, 4, 5)


@click.command()
@click.option("--reports", type=click.Path(path_type=Path), default=Path("reports"), envvar="HYPERCARE_REPORTS")
@click.option("--project", type=click.Path(path_type=Path), default=Path(), help="where the checks are")
def daily(reports: Path, project: Path) -> int:
    """Run the morning, mid-day and end-of-day rounds on the embedded system and print where the report lies.

    The embedded business stands in its eighth day. Before each round its clock is advanced to the round's hour,
    and the people of the business work in between.
    """
    reports, project = reports.absolute(), project.absolute()
    try:
        check_writable(reports)
    except ReportsFolderProblem as error:
        raise MonitorFault(str(error)) from None
    started = time.monotonic()
    _tell("Preparing the embedded system and its history")
    system = EmbeddedSystem.start(DAILY_ROUNDS[Round.MORNING])
    day, key = _day_and_key(system.target_file)
    _tell(f"  ready after {time.monotonic() - started:.0f} s")
    statuses = []
    try:
        for chosen, clock in DAILY_ROUNDS.items():
            if chosen is not Round.MORNING:
                _tell(f"Living on until {clock:%H:%M}")
                system.advance(f"{clock:%H:%M}")
            statuses.append(_run_round(chosen, system.target_file, reports, project))
    finally:
        system.stop()
    worst = next((status for status in _URGENCY if status in statuses), max(statuses, key=abs))
    page = _publish_day(day, reports, project, reports / ".state" / key / ALLURE_HISTORY)
    _tell(f"The day took {time.monotonic() - started:.0f} s. The report:")
    click.echo(page)
    return worst


def _day_and_key(target_file: Path) -> tuple[str, str]:
    """The present business day in ISO form, and the name under which the target is remembered."""
    config = load_target(target_file)
    return config.business.calendar.date_of(clock_of(config)).isoformat(), config.key


def _run_round(chosen: Round, target_file: Path, reports: Path, project: Path) -> int:
    _tell(chosen.words)
    begun = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--no-header", "-q"]
    options = [f"--round={chosen.value}", f"--target={target_file}", f"--reports={reports}"]
    status = subprocess.run([*command, *options], cwd=project).returncode
    _tell(f"  {chosen.words.lower()} took {time.monotonic() - begun:.0f} s, status {status}")
    return status


def _publish_day(day: str, reports: Path, project: Path, history: Path) -> Path:
    """One report of all rounds of the day, as `reports/<date>/day`, to which `latest` leads."""
    order = [item.id for item in read_checklist(project / "checklist.toml")]
    rounds = rounds_of_day(reports, day, [one.value for one in DAILY_ROUNDS])
    if not rounds:
        raise MonitorFault("no round left a report")
    summary = daily_summary([one.summary for one in rounds], order=order)
    work = work_folder(reports)
    written = write_round_report(
        summary, work, rounds=rounds, browser=browser_for_printing(), history=history, append_history=False
    )
    for name, reason in written.left_out.items():
        _tell(f"{name} was left out: {reason}")
    return publish(work, reports, summary.date, "day") / "index.html"


_tell: Callable[[str], None] = click.echo
