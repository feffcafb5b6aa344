"""`hypercare day`: run what is due today and has not run yet; what a schedule calls, as often as it likes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from hypercare.commands.people import CommandContext
from hypercare.commands.round import run_round, worst_of
from hypercare.commands.target import target_option
from hypercare.history.rounds_of_day import RoundOfDay, Stand, rounds_of_day
from hypercare.plan.rounds import words_of_round
from hypercare.plan.schedule import Schedule
from hypercare.target_file.command_line import DEFAULT_REPORTS
from hypercare.target_file.embedded import names_embedded_system

_PATH = click.Path(path_type=Path)


@click.command()
@target_option
@click.option("--reports", type=_PATH, default=DEFAULT_REPORTS, envvar="HYPERCARE_REPORTS", show_default=True)
@click.option("--project", type=_PATH, default=Path(), help="where the checks are")
def day(target_file: Path, reports: Path, project: Path) -> int:
    """Run each round of the plan that is due today and has not run yet, in order.

    Says which of them ran already and which are still to come. By the clock and the time zone of the business, so that
    whatever calls it need not know summer time: called once an hour, it runs every round on time, and those that were
    missed while the machine was off. Where the target file names the embedded system a whole day of it is lived.

    Exit status: the worst of the rounds; 0 where nothing is due.
    """
    if names_embedded_system(target_file):
        return _live_a_day(target_file, reports, project)
    context = CommandContext(target_file, reports)
    schedules = _schedules(context, project)
    standing = rounds_of_day(context.history, context.config, schedules, context.now)
    for one in standing:
        click.echo(_line(one, context))
    if not standing:
        click.echo("No round is due today.")
    usual = reports == DEFAULT_REPORTS and project == Path()
    statuses = []
    for one in standing:
        if one.stand is Stand.DUE and _is_still_due(one, context, schedules):
            click.echo(words_of_round(one.planned.round))
            place = None if usual else reports
            statuses.append(run_round(one.planned.round, project, target_file=target_file, reports=place))
    return worst_of(statuses)


def _schedules(context: CommandContext, project: Path) -> dict[str, Schedule]:
    """When rounds are due that carry an item today, as the target file says, else as the plan does."""
    plan = context.plan(project)
    schedules = plan.schedules if context.config.rounds.due is None else context.config.schedules
    today = context.calendar.date_of(context.now)
    return {name: one for name, one in schedules.items() if plan.of_round(name, today, context.calendar)}


def _is_still_due(one: RoundOfDay, context: CommandContext, schedules: dict[str, Schedule]) -> bool:
    """Another call may have begun it while the rounds before it ran here."""
    present = rounds_of_day(context.history, context.config, schedules, context.now)
    return any(other.planned == one.planned and other.stand is Stand.DUE for other in present)


def _line(one: RoundOfDay, context: CommandContext) -> str:
    def clock(instant: datetime) -> str:
        return f"{instant.astimezone(context.calendar.zone):%H:%M}"

    words = {
        Stand.RAN: "ran already" if one.begun is None else f"ran already, as of {clock(one.begun)}",
        Stand.GOES_ON: "goes on" if one.begun is None else f"goes on, as of {clock(one.begun)}",
        Stand.DUE: "is due",
        Stand.TO_COME: "is still to come",
    }
    return f"{clock(one.planned.due)}  {one.planned.round:20} {words[one.stand]}"


def _live_a_day(target_file: Path, reports: Path, project: Path) -> int:
    from hypercare.commands.daily import live_a_day

    click.echo(f"{target_file} names the embedded system, which has no today: a day of it is lived.")
    return live_a_day(reports, project, own=target_file)
