"""`hypercare new FOLDER`: a small project of one's own, whose first round is green with nothing edited."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfoNotFoundError

import click

from hypercare.commands.init import proposed_target
from hypercare.reports.words import counted, listed
from hypercare.scaffold.project import NewProject, ScheduleKind, files_of, places_of, schedule_of
from hypercare.scaffold.writing import changed, is_there, write_all

_MOST_NAMED = 3
_OF_A_PROJECT = ("pyproject.toml", "target.toml", "checklist.toml")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=True))
@click.option("--database", "database_url", metavar="URL", help="SQLAlchemy address of the database")
@click.option("--api", metavar="URL|FILE", help="address of the API or of its description, or that in a file")
@click.option("--web", metavar="URL", help="where people log in")
@click.option(
    "--schedule",
    type=click.Choice([one.value for one in ScheduleKind]),
    default=ScheduleKind.NONE.value,
    show_default=True,
    help="what is to run the rounds at their hours",
)
@click.option("--force", is_flag=True, help="make files anew that are there; what was there is kept as NAME.before")
def new(folder: Path, database_url: str | None, api: str | None, web: str | None, schedule: str, force: bool) -> int:
    """Make a project in FOLDER: a target file, a plan, a check of your own with its runbook page, a schedule.

    The target file is proposed as `hypercare init` does where an address is given; without one the embedded system is
    watched until you put in your own. Nothing that is there is touched without --force; where FOLDER is a project
    already, --schedule adds the schedule to it and nothing else.
    """
    place, kind = folder.absolute(), ScheduleKind(schedule)
    if place.exists() and not place.is_dir():
        raise click.ClickException(f"{folder} is a file; name a folder")
    if kind is not ScheduleKind.NONE and not force and all(is_there(place / name) for name in _OF_A_PROJECT):
        return _add_schedule(place, folder, kind)
    names_system = any(one is not None for one in (database_url, api, web))
    project = NewProject(place.resolve(), None, _zone(None), kind, datetime.now(UTC))
    if not force:
        _require_room(place, folder, places_of(project), "name another folder, or add --force")
    found = 0
    if names_system:
        text, found = proposed_target(database_url, api, web, name=project.folder.name)
        project = NewProject(project.folder, text, _zone(text), project.schedule, project.now)
    watched = f"{counted(found, 'table')} proposed in target.toml" if names_system else "it watches the embedded system"
    _write(place, folder, files_of(project), watched)
    click.echo(f"Next: cd {folder} && {'hypercare doctor' if names_system else 'hypercare round morning'}")
    return 0


def _add_schedule(place: Path, shown: Path, kind: ScheduleKind) -> int:
    """What calls the rounds of a project that is there, by its own target file."""
    file = place / "target.toml"
    try:
        text = file.read_text(encoding="utf-8")
        project = NewProject(place.resolve(), text, _zone(text), kind, datetime.now(UTC))
        files = schedule_of(project)
    except OSError as error:
        raise click.ClickException(f"{shown / file.name} cannot be read: {error.strerror}") from None
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise click.ClickException(f"{shown / file.name} is no target file to make a schedule for: {error}") from None
    _require_room(place, shown, files, "take that away first, or add --force to have the whole project made anew")
    _write(place, shown, files, "all else that the project has is left as it is")
    return 0


def _require_room(place: Path, shown: Path, names: Iterable[PurePosixPath], otherwise: str) -> None:
    """Raises click.ClickException: the folder has something of these names."""
    there = [str(name) for name in names if is_there(place / name)]
    if there:
        more = [f"{len(there) - _MOST_NAMED} more"] if len(there) > _MOST_NAMED else []
        raise click.ClickException(f"{shown} has {listed([*there[:_MOST_NAMED], *more])} already; {otherwise}")


def _write(place: Path, shown: Path, files: Mapping[PurePosixPath, str], besides: str) -> None:
    """Raises click.ClickException: it cannot be done, and nothing was."""
    files = changed(place, files)
    try:
        backups = write_all(place, files)
    except OSError as error:
        raise click.ClickException(f"{shown} cannot be written, and is as it was: {error.strerror}") from None
    click.echo(f"{shown}: {counted(len(files), 'file')} written; {besides}.")
    if backups:
        click.echo(f"Kept what was there: {listed([f'{old} as {name}' for old, name in backups.items()])}.")


def _zone(target: str | None) -> str:
    """The time zone of the business; that of this machine where nobody has said."""
    business = {} if target is None else tomllib.loads(target).get("business", {})
    if "timezone" in business:
        return str(business["timezone"])
    from hypercare.init.asking import guessed_facts

    return guessed_facts(None, None).timezone
