"""`hypercare doctor`: try every way into a target, and tell what will be covered."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from hypercare.commands.target import target_option
from hypercare.doctor.attempt import Attempt, AttemptOutcome
from hypercare.doctor.coverage import ItemCover, coverage_of
from hypercare.target_file.loading import load_target
from hypercare.target_file.target import Target, clock_of

_MARKS = {AttemptOutcome.WORKS: "ok  ", AttemptOutcome.FAILS: "FAIL", AttemptOutcome.LEFT_OUT: "-   "}


@click.command()
@target_option
@click.option("--json", "as_json", is_flag=True, help="as JSON: {target, works, ways: [...], items: [...], ...}")
@click.option("--ways-only", is_flag=True, help="leave out which items will be covered")
@click.option("--project", type=click.Path(path_type=Path), default=Path(), help="where the checks are")
def doctor(target_file: Path, as_json: bool, ways_only: bool, project: Path) -> int:
    """Try every way into a target, then let every check say whether it would have something to look at.

    Nothing is written into the target. Exit status: 0 all that is configured works, 1 something does not, 4 the
    target file cannot be used.
    """
    config = load_target(target_file)
    for line in config.origin.old_names if not as_json else ():
        click.echo(f"old   {line}")
    with tempfile.TemporaryDirectory(prefix="hypercare-doctor-") as state:
        target = Target(config, Path(state), clock_of(config), only_looks=True)
        ways = []
        for one in _all_ways(target):
            ways.append(one)
            if not as_json:
                _print_way(one)
    items = [] if ways_only else coverage_of(target_file.absolute(), project.absolute())
    works = all(one.outcome is not AttemptOutcome.FAILS for one in ways)
    if as_json:
        report = {"target": config.target.name, "works": works, "ways": [one.as_dict() for one in ways]}
        more = {"items": [item.as_dict() for item in items], "old_names": config.origin.old_names}
        click.echo(json.dumps({**report, **more}, indent=1))
    else:
        _print_items(items)
    return 0 if works else 1


def _all_ways(target: Target) -> Iterator[Attempt]:
    # Imported here, so that a bad target file is told at once.
    from hypercare.database.database import Database
    from hypercare.doctor.files import try_backups, try_logs
    from hypercare.doctor.history import try_history
    from hypercare.doctor.records import try_canary, try_database
    from hypercare.doctor.routes import try_routes
    from hypercare.doctor.ways import try_clients, try_clock

    database = Database(target)
    try:
        yield try_clock(target)
        yield from try_clients(target)
        yield from try_database(target, database)
        yield from try_logs(target)
        yield from try_backups(target, database)
        yield from try_canary(target, database)
        yield from try_history(target)
        yield from try_routes(target)
    finally:
        database.close()


def _print_way(one: Attempt) -> None:
    click.echo(f"{_MARKS[one.outcome]} {one.took:6.2f} s  {one.name}: {one.says}")
    if one.remedy and one.outcome is not AttemptOutcome.WORKS:
        click.echo(f"{'':15}{one.remedy}")


def _print_items(items: list[ItemCover]) -> None:
    if not items:
        return
    covered = [item for item in items if item.covered == "yes"]
    click.echo("")
    click.echo(f"{len(covered)} of {len(items)} items of the plan will be covered{':' if covered else '.'}")
    for item in covered:
        click.echo(f"  {item.id}" + (f"  looked at {item.looked_at}" if item.looked_at else ""))
    for words, title in (("partly", "In part:"), ("no", "Not covered:")):
        some = [item for item in items if item.covered == words]
        if some:
            click.echo("")
            click.echo(title)
        for item in some:
            _print_gaps(item)
    for item in items:
        for fault in item.faults:
            click.echo(f"  {item.id} cannot be judged: {fault}")


def _print_gaps(item: ItemCover) -> None:
    click.echo(f"  {item.id}  {item.words}")
    if item.on_nothing and item.covered == "no":
        click.echo(f"      There is nothing to look at yet: {item.looked_at}.")
    printed: set[str] = set()
    for gap in item.gaps:
        line = f"{gap.reason.rstrip('.')}. {gap.remedy}".strip()
        if line not in printed:
            click.echo(f"      {line}")
        printed.add(line)
