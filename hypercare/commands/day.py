"""`hypercare day`: run what is due today and has not run yet; what a schedule calls, as often as it likes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import click

from hypercare.commands.people import CommandContext
from hypercare.commands.round import run_round
from hypercare.commands.target import FILE
from hypercare.commands.worst_status import worst_of
from hypercare.history.missed_rounds import DueRound
from hypercare.history.one_at_work import one_at_work
from hypercare.history.rounds_of_day import RoundOfDay, Stand, rounds_of_day
from hypercare.plan.rounds import words_of_round
from hypercare.target_file.command_line import DEFAULT_REPORTS
from hypercare.target_file.embedded import names_embedded_system
from hypercare.target_file.target import clock_of

_PATH = click.Path(path_type=Path)
_LOCK = "day.lock"
_AT_WORK = "Another `hypercare day` is at work here, so this one does nothing."
# A round looks to its own limit; one that still has not ended after these minutes more hangs.
_MINUTES_MORE = timedelta(minutes=5)


@click.command()
@click.option("--target", "target_file", type=_PATH, help=f"the target file  [default: {FILE} in the project]")
@click.option("--reports", type=_PATH, help=f"where reports go  [default: {DEFAULT_REPORTS} in the project]")
@click.option("--project", type=_PATH, default=Path(), help="where the checks are (default: the present folder)")
def day(target_file: Path | None, reports: Path | None, project: Path) -> int:
    """Run each round of the plan that is due today and has not run yet, in order.

    Says which of them ran already and which are still to come. By the clock and the time zone of the business, so that
    whatever calls it need not know summer time: called once an hour, it runs every round on time, and those that were
    missed while the machine was off; of yesterday those that were due within the last hour. One call works at a time.
    Where the target file names the embedded system a whole day of it is lived.

    Exit status: the worst of the rounds; 0 where nothing is due or another call is at work.
    """
    target_file = _target_of(project, target_file)
    # As pytest has it, which runs in the project.
    place = reports or project / (os.environ.get("HYPERCARE_REPORTS") or DEFAULT_REPORTS)
    if names_embedded_system(target_file):
        return _live_a_day(target_file, place, project)
    context = CommandContext(target_file, place)

    def run(name: str) -> int:
        limit = context.config.rounds.limit + _MINUTES_MORE
        return run_round(name, project, target_file=target_file, reports=reports, limit=limit)

    with one_at_work(place / ".state" / context.config.key / _LOCK, context.history) as mine:
        if mine:
            return _run_what_is_due(_Today(context, project), run)
    click.echo(_AT_WORK)
    return 0


def _target_of(project: Path, named: Path | None) -> Path:
    if named is not None:
        return named
    meant = project / (os.environ.get("HYPERCARE_TARGET") or FILE)
    if meant.is_file():
        return meant
    raise click.UsageError(f"there is no {meant}; --target names another file")


class _Today:
    """The business day on which the command was called, and how its rounds stand at each moment."""

    def __init__(self, context: CommandContext, project: Path) -> None:
        self.context = context
        self.date = context.calendar.date_of(context.now)
        self._plan = context.plan(project)
        context.config.go_by(self._plan)

    @property
    def is_over(self) -> bool:
        return self.context.calendar.date_of(clock_of(self.context.config)) != self.date

    def rounds(self) -> tuple[RoundOfDay, ...]:
        """When rounds are due, as the target file says, else as the plan does."""
        context = self.context
        found = rounds_of_day(context.history, context.config, context.config.schedules, clock_of(context.config))
        return tuple(one for one in found if self._carries_something(one))

    def _carries_something(self, one: RoundOfDay) -> bool:
        """One of yesterday is judged by today's plan, and must have carried something then too."""
        days: set[date] = {one.planned.day, self.date}
        return all(self._plan.of_round(one.planned.round, day, self.context.calendar) for day in days)

    def line(self, one: RoundOfDay) -> str:
        words = {
            Stand.RAN: "ran already" if one.begun is None else f"ran already, as of {self._clock(one.begun)}",
            Stand.GOES_ON: "goes on" if one.begun is None else f"goes on, as of {self._clock(one.begun)}",
            Stand.DUE: "is due" if one.planned.day == self.date else "is due since yesterday",
            Stand.TO_COME: "is still to come",
        }
        return f"{self._clock(one.planned.due)}  {one.planned.round:20} {words[one.stand]}"

    def _clock(self, instant: datetime) -> str:
        return f"{instant.astimezone(self.context.calendar.zone):%H:%M}"


def _run_what_is_due(today: _Today, run: Callable[[str], int]) -> int:
    """Looks anew before each round: a round takes its time, and others may begin one meanwhile."""
    standing = today.rounds()
    for one in standing:
        click.echo(today.line(one))
    if not standing:
        click.echo("No round is due today.")
    tried: set[DueRound] = set()
    statuses: list[int] = []
    while not today.is_over:
        due = [one.planned for one in today.rounds() if one.stand is Stand.DUE and one.planned not in tried]
        if not due:
            return worst_of(statuses)
        tried.add(due[0])
        click.echo(words_of_round(due[0].round))
        statuses.append(run(due[0].round))
    click.echo(f"{today.date} is over; the next call goes on from here.")
    return worst_of(statuses)


def _live_a_day(target_file: Path, reports: Path, project: Path) -> int:
    from hypercare.commands.daily import live_a_day

    if not sys.stdout.isatty() and _was_lived_today(reports):
        click.echo(f"{target_file} names the embedded system, of which a day was lived today already.")
        return 0
    with one_at_work(reports / ".state" / _LOCK) as mine:
        if mine:
            click.echo(f"{target_file} names the embedded system, which has no today: a day of it is lived.")
            return live_a_day(reports, project, own=target_file)
    click.echo(_AT_WORK)
    return 0


def _was_lived_today(reports: Path) -> bool:
    """Whether the report of a whole day was made today: the embedded system's own dates are others."""
    today = datetime.now().astimezone().date()
    made = (datetime.fromtimestamp(one.stat().st_mtime).astimezone() for one in reports.glob("*/day/summary.json"))
    return any(one.date() == today for one in made)
