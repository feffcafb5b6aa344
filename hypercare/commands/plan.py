"""`hypercare plan`: the agenda of the days to come."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import click

from hypercare.agenda.agenda import AgendaDay, agenda
from hypercare.agenda.as_calendar import CalendarMissing, agenda_calendar
from hypercare.agenda.rendering import agenda_page, agenda_text
from hypercare.commands.people import CommandContext, of_target
from hypercare.publishing.target_index import index_reports

_LONGEST_WEEKS = 60


@click.command()
@of_target
@click.option("--project", type=click.Path(path_type=Path), default=Path(), help="the folder of a project of your own")
@click.option("--day", "number", type=int, help="the day N since go-live")
@click.option("--date", "on", type=click.DateTime(["%Y-%m-%d"]), help="one day by its date")
@click.option("--weeks", type=click.IntRange(1, _LONGEST_WEEKS), help="so many weeks from today, or from that day, on")
@click.option("--page", type=click.Path(path_type=Path), help="a folder to write plan.html and plan.ics to")
@click.option("--json", "as_json", is_flag=True, help="for other programs")
def plan(
    target_file: Path,
    reports: Path,
    project: Path,
    number: int | None,
    on: datetime | None,
    weeks: int | None,
    page: Path | None,
    as_json: bool,
) -> int:
    """Tell what is looked at when, by whom, and what people will be asked.

    Of today, where nothing else is said.
    """
    if number is not None and on is not None:
        raise click.UsageError("--day and --date both say which day; keep one")
    context = CommandContext(target_file, reports)
    checklist = context.plan(project)
    context.config.go_by(checklist)
    first = _first_day(context, number, on)
    last = first + timedelta(days=7 * weeks - 1 if weeks else 0)
    days = agenda(checklist, context.config, first, last)
    if page is not None:
        _write_page(context, days, page)
    if as_json:
        click.echo(json.dumps([_as_data(day) for day in days], indent=2))
    elif page is None:
        click.echo("\n".join(agenda_text(days, context.calendar.zone, in_full=weeks is None)).rstrip())
    return 0


def _first_day(context: CommandContext, number: int | None, on: datetime | None) -> date:
    if on is not None:
        return on.date()
    if number is not None:
        try:
            return context.calendar.go_live + timedelta(days=number - 1)
        except OverflowError:
            raise click.UsageError(f"there is no day {number}") from None
    return context.calendar.date_of(context.now)


def _write_page(context: CommandContext, days: tuple[AgendaDay, ...], folder: Path) -> None:
    name = context.config.target.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_beside_reports = folder.resolve() == context.reports.resolve()
        text = agenda_page(days, name, context.calendar.zone, is_beside_reports=is_beside_reports)
        (folder / "plan.html").write_text(text, encoding="utf-8")
        if is_beside_reports and (trouble := index_reports(folder, context.config, context.history)):
            click.echo(trouble, err=True)
        click.echo(folder / "plan.html")
        (folder / "plan.ics").write_bytes(agenda_calendar(days, name, context.now))
        click.echo(folder / "plan.ics")
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be written: {error.strerror}") from None
    except CalendarMissing as error:
        click.echo(f"plan.ics was left out: {error}", err=True)


def _as_data(day: AgendaDay) -> dict[str, object]:
    return {
        "date": day.day.isoformat(),
        "day": day.number,
        "phase": day.phase.value,
        "normal_operations": day.is_normal,
        "waves": list(day.waves),
        "closed": day.closed or None,
        "begins": [item.id for item in day.begins],
        "ends": [item.id for item in day.ends],
        "rounds": [
            {
                "round": one.name,
                "due": one.due.isoformat(),
                "items": [item.id for item in one.items],
                "asks": {item.id: item.question or item.words for item in one.questions},
                "who": {level.value: who for level, who in one.who},
            }
            for one in day.rounds
        ],
    }
