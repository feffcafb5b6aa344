"""The files of a new project, as text, by their places in it."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from hypercare import __version__
from hypercare.extras import extra_of_engine
from hypercare.plan.checklist import shipped
from hypercare.scaffold.hours import cron_lines, minutes_of_an_hour

_TEMPLATES = Path(__file__).parent / "templates"
_UNFIT = re.compile(r"[^a-z0-9]+")
OWN_ITEM = "own.sales-for-nothing"


class ScheduleKind(StrEnum):
    """What is to call `hypercare day`."""

    GITHUB = "github"
    GITLAB = "gitlab"
    CRON = "cron"
    SYSTEMD = "systemd"
    NONE = "none"


@dataclass(frozen=True)
class NewProject:
    """`target` is the text of its target file; None stands for the embedded system. `zone` is the business's own."""

    folder: Path
    target: str | None
    zone: str
    schedule: ScheduleKind
    now: datetime

    @property
    def name(self) -> str:
        """As Python packages may be called."""
        return _UNFIT.sub("-", self.folder.name.lower()).strip("-") or "project"


_ALWAYS = {
    "pyproject.toml": "pyproject.toml.j2",
    "checklist.toml": "checklist.toml.j2",
    "tests_own/test_own.py": "example_check.py",
    f"runbook/{OWN_ITEM}.md": "runbook_page.md.j2",
    ".gitignore": "gitignore.j2",
    "README.md": "README.md.j2",
}
_OF_SCHEDULE = {
    ScheduleKind.GITHUB: {".github/workflows/rounds.yml": "github.yml.j2"},
    ScheduleKind.GITLAB: {".gitlab-ci.yml": "gitlab.yml.j2"},
    ScheduleKind.CRON: {"schedule/crontab": "crontab.j2"},
    ScheduleKind.SYSTEMD: {
        "schedule/{name}.service": "systemd.service.j2",
        "schedule/{name}.timer": "systemd.timer.j2",
    },
    ScheduleKind.NONE: {},
}


def places_of(project: NewProject) -> tuple[PurePosixPath, ...]:
    """Where its files go, relative to its folder."""
    return tuple(PurePosixPath(place) for place in ("target.toml", *_templates_of(project)))


def schedule_of(project: NewProject) -> dict[PurePosixPath, str]:
    """The texts of what calls its rounds, by their places."""
    return _rendered(project, _target_of(project), _schedule_templates(project))


def files_of(project: NewProject) -> dict[PurePosixPath, str]:
    """The texts of all its files, by their places."""
    target = _target_of(project)
    return {PurePosixPath("target.toml"): with_own_plan(target), **_rendered(project, target, _templates_of(project))}


def _target_of(project: NewProject) -> str:
    return _environment().get_template("target.toml.j2").render() if project.target is None else project.target


def _environment() -> Environment:
    # What workflows are written in, and TOML, has the usual signs of templates in it.
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
    )


def _rendered(project: NewProject, target: str, templates: Mapping[str, str]) -> dict[PurePosixPath, str]:
    environment = _environment()
    words = {
        "name": project.name,
        "title": project.folder.name,
        "folder": str(project.folder),
        "quoted_folder": shlex.quote(str(project.folder)),
        "version": __version__,
        "is_embedded": project.target is None,
        "extra": "demo" if project.target is None else _extra_of(tomllib.loads(target)),
        "item": OWN_ITEM,
        "zone": project.zone,
        "schedule": project.schedule.value,
        "cron_lines": cron_lines(_hours(), project.zone, project.now),
        "minutes": minutes_of_an_hour(_hours(), project.zone, project.now),
        "secrets": sorted(set(_variables(tomllib.loads(target)))),
    }
    return {
        PurePosixPath(place): environment.get_template(template).render(words) for place, template in templates.items()
    }


def with_own_plan(target: str) -> str:
    """A target file that goes by the project's plan, whatever reads it."""
    if "checklist" in tomllib.loads(target).get("rounds", {}):
        return target
    return f'{target.rstrip()}\n\n[rounds]\nchecklist = "checklist.toml"  # the plan of this project\n'


def _templates_of(project: NewProject) -> dict[str, str]:
    return {**_ALWAYS, **_schedule_templates(project)}


def _schedule_templates(project: NewProject) -> dict[str, str]:
    return {place.format(name=project.name): template for place, template in _OF_SCHEDULE[project.schedule].items()}


def _hours() -> list[tuple[int, int]]:
    """When the rounds of the built-in plan are due that somebody waits for."""
    return sorted((one.hour.hour, one.hour.minute) for one in shipped().schedules.values())


def _extra_of(settings: Mapping[str, Any]) -> str | None:
    """What brings the driver of the database that a target file names."""
    try:
        return extra_of_engine(make_url(str(settings["database"]["url"])).get_backend_name())
    except (KeyError, TypeError, ArgumentError):
        return None


def _variables(settings: Any) -> Iterator[str]:
    """The names of the variables that a target file takes its secrets from."""
    if isinstance(settings, Mapping):
        if isinstance(settings.get("env"), str):
            yield settings["env"]
        settings = list(settings.values())
    for one in settings if isinstance(settings, list) else ():
        yield from _variables(one)
