"""`hypercare new FOLDER`: a small project of one's own, whose first round is green with nothing edited."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import click

from hypercare.commands.init import proposed_target
from hypercare.reports.words import counted, listed
from hypercare.scaffold.project import NewProject, ScheduleKind, files_of, places_of

_MOST_NAMED = 3


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
@click.option("--force", is_flag=True, help="write over files that are there, a plan and checks too")
def new(folder: Path, database_url: str | None, api: str | None, web: str | None, schedule: str, force: bool) -> int:
    """Make a project in FOLDER: a target file, a plan, a check of your own with its runbook page, a schedule.

    The target file is proposed as `hypercare init` does where an address is given; without one the embedded system is
    watched until you put in your own. Nothing that is there is touched without --force.
    """
    place = folder.absolute()
    names_system = any(one is not None for one in (database_url, api, web))
    project = NewProject(place.resolve(), None, _zone(None), ScheduleKind(schedule), datetime.now(UTC))
    _require_room(place, folder, project, force=force)
    found = 0
    if names_system:
        text, found = proposed_target(database_url, api, web, name=project.folder.name)
        project = NewProject(project.folder, text, _zone(text), project.schedule, project.now)
    files = files_of(project)
    try:
        for name, content in files.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_text(content, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be written: {error.strerror}") from None
    watched = f"{counted(found, 'table')} proposed in target.toml" if names_system else "it watches the embedded system"
    click.echo(f"{folder}: {counted(len(files), 'file')} written; {watched}.")
    click.echo(f"Next: cd {folder} && {'hypercare doctor' if names_system else 'hypercare round morning'}")
    return 0


def _require_room(place: Path, shown: Path, project: NewProject, *, force: bool) -> None:
    """Raises click.ClickException: the folder is a file, or has something that would be written over."""
    if place.exists() and not place.is_dir():
        raise click.ClickException(f"{shown} is a file; name a folder")
    there = [str(name) for name in places_of(project) if (place / name).exists()]
    if there and not force:
        more = [f"{len(there) - _MOST_NAMED} more"] if len(there) > _MOST_NAMED else []
        named = listed([*there[:_MOST_NAMED], *more])
        raise click.ClickException(f"{shown} has {named} already; name another folder, or add --force")


def _zone(target: str | None) -> str:
    """The time zone of the business; that of this machine where nobody has said."""
    if target is not None:
        return str(tomllib.loads(target)["business"]["timezone"])
    from hypercare.init.asking import guessed_facts

    return guessed_facts(None, None).timezone
