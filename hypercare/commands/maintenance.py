"""`hypercare maintenance`: announce that somebody works on the system, so that nobody is woken for it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import click

from hypercare.commands.people import CommandContext, by, of_target, some_text
from hypercare.maintenance.announcements import Announcement, announce, announcements, end_announcement
from hypercare.maintenance.configured import maintenance_between
from hypercare.reports.words import listed
from hypercare.review.person import at_the_command_line
from hypercare.review.trail import write_down
from hypercare.target_file.command_line import command_line
from hypercare.target_file.duration import parsed_duration
from hypercare.uptime.overrides import Maintenance
from hypercare.uptime_history.arguments import check_known, given_instant

_AT_MOST = timedelta(days=31)
_AHEAD = timedelta(days=8)
_CLOCK = re.compile(r"\d{1,2}:\d{2}")


def _of_what(command: Callable[..., Any]) -> Callable[..., Any]:
    """Why, and which part of the system; without a way or a branch it is all of it."""
    for option in (
        click.option("--branch", "branches", multiple=True, help="one branch only; may be given again"),
        click.option("--way", "ways", multiple=True, help="one way only: web, api, mobile, database; again for more"),
        click.option("--why", required=True, callback=some_text, help="what is being done"),
    ):
        command = option(command)
    return command


@click.group()
def maintenance() -> None:
    """Say when somebody works on the system.

    Until that is over nothing of it is judged: rounds look at what else there is, no incident opens, nobody is
    messaged, clocks of open incidents stand, and uptime leaves the time out by name.
    """


@maintenance.command()
@by
@_of_what
@click.option("--until", default="", metavar="TIME", help='when it will be over: "14:00", or an instant')
@click.option("--for", "lasts", default="4h", show_default=True, metavar="LENGTH", help="or for how long, at most")
@of_target
def start(
    by: str,
    why: str,
    ways: tuple[str, ...],
    branches: tuple[str, ...],
    until: str,
    lasts: str,
    target_file: Path,
    reports: Path,
) -> int:
    """Work begins now. It counts until somebody ends it, and until the time said at the latest."""
    context = CommandContext(target_file, reports)
    end = _instant(context, until, "--until") if until else context.now + _length(lasts)
    number = _add(context, Announcement(why, by, context.now, end, ways, branches))
    over = command_line(context.config, f"maintenance end {number} --by NAME")
    click.echo(f"Maintenance {number}: {_line(context, _of(context, number))}. When it is over: {over}")
    return 0


@maintenance.command()
@by
@_of_what
@click.option("--from", "begins", required=True, metavar="TIME", help="when it will begin")
@click.option("--until", required=True, metavar="TIME", help="when it will be over")
@of_target
def plan(
    by: str,
    why: str,
    ways: tuple[str, ...],
    branches: tuple[str, ...],
    begins: str,
    until: str,
    target_file: Path,
    reports: Path,
) -> int:
    """Work is going to begin, and ends by itself at the time said."""
    context = CommandContext(target_file, reports)
    first, last = _instant(context, begins, "--from"), _instant(context, until, "--until")
    number = _add(context, Announcement(why, by, first, last, ways, branches, planned=True))
    click.echo(f"Maintenance {number}: {_line(context, _of(context, number))}.")
    return 0


@maintenance.command()
@click.argument("number", type=int, required=False)
@by
@of_target
def end(number: int | None, by: str, target_file: Path, reports: Path) -> int:
    """The work is over, or will not be done. Without a number the one that is going on."""
    context = CommandContext(target_file, reports)
    one = _the_one(context, number)
    with context.history.writing():
        end_announcement(context.history, one.id, by, context.now)
        about = f"maintenance {one.id}: {one.why}"
        write_down(context.history, at_the_command_line(by), "end maintenance", about, context.now)
    over = "will not be" if context.now < one.start else "is over"
    click.echo(f"Maintenance {one.id} ({one.why}) {over}. What is seen from now on counts again.")
    return 0


@maintenance.command("list")
@click.option("--all", "every", is_flag=True, help="also what is over")
@click.option("--json", "as_json", is_flag=True, help="as JSON")
@of_target
def list_(every: bool, as_json: bool, target_file: Path, reports: Path) -> int:
    """What is announced, by people and in the target file."""
    context = CommandContext(target_file, reports)
    by_people = [one for one in announcements(context.history) if every or context.now < one.end]
    in_file = maintenance_between(context.config, context.now, context.now + _AHEAD)
    if as_json:
        rows = [*(_as_data(one.as_window, one) for one in by_people), *(_as_data(window) for window in in_file)]
        click.echo(json.dumps(rows, indent=1))
        return 0
    lines = [f"{one.id:4}  {_line(context, one)}{_ended(context, one)}" for one in by_people]
    lines += [f"file  {_window_line(context, window)}" for window in in_file]
    for line in lines or ["Nothing is announced."]:
        click.echo(line)
    return 0


def _add(context: CommandContext, one: Announcement) -> int:
    if one.until <= one.start:
        raise click.ClickException("it ends before it begins")
    if one.until <= context.now:
        raise click.ClickException(
            f"it is over already; for what was, say {command_line(context.config, 'correct --state maintenance')} ..."
        )
    if one.until - one.start > _AT_MOST:
        raise click.ClickException(f"it takes longer than {_AT_MOST.days} days; nobody would watch for so long")
    try:
        for way in one.ways or ("",):
            for branch in one.branches or ("",):
                check_known(context.history, context.config, way, branch)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    with context.history.writing():
        number = announce(context.history, one)
        person = at_the_command_line(one.by)
        write_down(context.history, person, "announce maintenance", f"maintenance {number}: {one.why}", context.now)
    return number


def _the_one(context: CommandContext, number: int | None) -> Announcement:
    left = [one for one in announcements(context.history) if one.ended is None and context.now < one.until]
    every = command_line(context.config, "maintenance list")
    if number is not None:
        for one in left:
            if one.id == number:
                return one
        raise click.ClickException(f"no maintenance {number} goes on or is planned; `{every}` lists them")
    going_on = [one for one in left if one.start <= context.now]
    if not going_on:
        raise click.ClickException(f"no maintenance that a person began goes on; `{every}` lists them")
    if len(going_on) > 1:
        numbers = listed(str(one.id) for one in going_on)
        raise click.ClickException(f"several go on: {numbers}; say which")
    return going_on[0]


def _of(context: CommandContext, number: int) -> Announcement:
    return next(one for one in announcements(context.history) if one.id == number)


def _instant(context: CommandContext, text: str, option: str) -> datetime:
    try:
        if _CLOCK.fullmatch(text.strip()):
            return context.calendar.at(context.calendar.date_of(context.now), time.fromisoformat(text.strip().zfill(5)))
        return given_instant(text, context.calendar, is_end=option == "--until")
    except ValueError as error:
        raise click.ClickException(f"{option}: {error}") from None


def _length(text: str) -> timedelta:
    try:
        length = parsed_duration(text)
    except ValueError as error:
        raise click.ClickException(f"--for: {error}") from None
    if not isinstance(length, timedelta) or length <= timedelta(0):
        raise click.ClickException(f'--for: {text!r} is no length of time; write for instance "90m" or "4h"')
    return length


def _line(context: CommandContext, one: Announcement) -> str:
    return _window_line(context, one.as_window)


def _window_line(context: CommandContext, window: Maintenance) -> str:
    of = listed([*window.ways, *(f"branch {branch}" for branch in window.branches)]) or "all of it"
    author = f", by {window.by}" if window.by else ""
    return f"{context.when(window.start)} to {context.when(window.end)}, {of}: {window.name}{author}"


def _ended(context: CommandContext, one: Announcement) -> str:
    return f" (ended by {one.ended_by}, {context.when(one.ended)})" if one.ended is not None else ""


def _as_data(window: Maintenance, one: Announcement | None = None) -> dict[str, Any]:
    ways: Sequence[str] = window.ways
    return {
        "number": one.id if one else None,
        "why": window.name,
        "by": window.by,
        "from": window.start.isoformat(),
        "to": window.end.isoformat(),
        "ways": list(ways),
        "branches": list(window.branches),
        "ended_by": one.ended_by if one else "",
    }
