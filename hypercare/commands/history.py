"""`hypercare history`: the rounds there were, one item over time, what is not steady, all of it for other programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from hypercare.commands.people import CommandContext, of_target
from hypercare.commands.target import load_target, target_option
from hypercare.history.exporting import ExportProblem, export, kinds_of_rows
from hypercare.history.forgetting import Forgotten, forget
from hypercare.history.opening import open_history
from hypercare.history.round_queries import (
    PastItem,
    PastRound,
    UnsteadyItem,
    known_items,
    past_of_item,
    past_rounds,
    unsteady_items,
)
from hypercare.history.store import History
from hypercare.maintenance.windows import missed_rounds
from hypercare.notification.outbox import Outbox
from hypercare.outcome.durations import short_duration
from hypercare.outcome.outcome import Outcome
from hypercare.reports.words import counted, listed
from hypercare.safe_text import visible
from hypercare.target_file.command_line import command_line
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import clock_of
from hypercare.uptime_history.arguments import given_instant

_SENTENCE = 110


class _HistoryView:
    """The history of the target that the command line names, in its own time zone."""

    def __init__(self, target_file: Path, reports: Path, days: int) -> None:
        self.config: TargetConfig = load_target(target_file)
        self.history = _there(self.config, reports)
        self.days = days
        self.since = clock_of(self.config) - timedelta(days=days)

    def when(self, instant: datetime) -> str:
        return f"{instant.astimezone(self.config.business.calendar.zone):%a %d %b %H:%M}"


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    reports = click.Path(path_type=Path)
    for option in (
        target_option,
        click.option("--reports", type=reports, default=Path("reports"), envvar="HYPERCARE_REPORTS", show_default=True),
    ):
        command = option(command)
    return command


def _back(days: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option("--days", type=click.IntRange(1), default=days, show_default=True, help="how far to look back")


_as_json = click.option("--json", "as_json", is_flag=True, help="as JSON")


class _RoundsByDefault(click.Group):
    """`hypercare history` lists the rounds."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        named = bool(args) and (args[0] in self.commands or args[0] in {"-h", "--help"})
        return super().parse_args(ctx, args if named else ["rounds", *args])


@click.group(cls=_RoundsByDefault)
def history() -> None:
    """What earlier rounds left behind. Without a word more: the rounds."""


@history.command("rounds")
@_options
@_back(14)
@_as_json
def rounds(target_file: Path, reports: Path, days: int, as_json: bool) -> int:
    """The rounds that there were, the newest first."""
    view = _HistoryView(target_file, reports, days)
    found = past_rounds(view.history, view.since, view.config.rounds.check_limit)
    missed = missed_rounds(view.history, view.config, view.since, clock_of(view.config))
    never = [one for one in missed if one.begun is None]
    if as_json:
        _print_json(
            {
                "rounds": [asdict(one) for one in found],
                "missed": [{"round": one.round, "due": one.due} for one in never],
            }
        )
        return 0
    lines = [(one.as_of, f"{view.when(one.as_of)}  {one.round:9}  {_round_words(one)}") for one in found]
    lines += [(one.due, f"{view.when(one.due)}  {one.round:9}  did not happen") for one in never]
    _print(line for _, line in sorted(lines, reverse=True))
    if not lines:
        click.echo(f"No round is remembered in the last {counted(days, 'day')}.")
    return 0


@history.command("item")
@click.argument("item", metavar="ID")
@_options
@_back(28)
@_as_json
def item(item: str, target_file: Path, reports: Path, days: int, as_json: bool) -> int:
    """How one item of the plan ended, round by round, the newest first."""
    view = _HistoryView(target_file, reports, days)
    found = past_of_item(view.history, item, view.since)
    if not found:
        _check_known(view.history, item)
    if as_json:
        _print_json([asdict(one) for one in found])
        return 0
    click.echo(f"{item} in the last {counted(days, 'day')}: {_tally(found)}.")
    _print(f"{view.when(one.as_of)}  {one.round:9}  {_item_words(one)}" for one in found)
    return 0


@history.command("flaky")
@_options
@_back(28)
@_as_json
def flaky(target_file: Path, reports: Path, days: int, as_json: bool) -> int:
    """Items that failed and held when tried again, or failed for a single round; the least steady first."""
    view = _HistoryView(target_file, reports, days)
    found = unsteady_items(view.history, view.since)
    if as_json:
        _print_json([{**asdict(one), "share": one.share} for one in found])
        return 0
    _print(f"{one.share:4.0%}  {one.item:24} {_unsteady_words(one)}, last {view.when(one.last)}" for one in found)
    if not found:
        click.echo(f"Every item was steady in the last {counted(days, 'day')}.")
    return 0


@history.command("export")
@_options
@click.option("--format", "kind", type=click.Choice(["csv", "parquet"]), default="csv", show_default=True)
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), required=True, help="the file to write")
@click.option("--what", type=click.Choice(kinds_of_rows()), default="results", show_default=True)
def export_rows(target_file: Path, reports: Path, kind: str, to: Path, what: str) -> int:
    """Write all rows of one kind into a file for other programs."""
    config = load_target(target_file)
    try:
        number = export(_there(config, reports), what, kind, to)
    except ExportProblem as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{counted(number, 'row')} of {what} in {to}")
    return 0


@history.command("forget")
@click.option("--since", required=True, metavar="TIME", help="a day or an instant; what is older stays")
@click.option("--samples", is_flag=True, help="also what probers saw, from which uptime is counted")
@click.option("--yes", is_flag=True, help="really do it; without it only what would go is said")
@of_target
def forget_command(since: str, samples: bool, yes: bool, target_file: Path, reports: Path) -> int:
    """Forget rounds, incidents and messages since a time, and what was remembered then to compare with.

    Meant for what a wrong mapping left behind while attaching. What people said of days and of uptime stays, as do the
    published reports.
    """
    context = CommandContext(target_file, reports)
    if not context.history.is_there:
        raise click.ClickException(f"there is no history at {context.history.shown}; name the reports folder")
    try:
        first = given_instant(since, context.calendar)
    except ValueError as error:
        raise click.ClickException(f"--since: {error}") from None
    if first > context.now:
        raise click.ClickException(f"--since: {since} is still to come")
    gone = forget(context.history, first, samples=samples, really=yes)
    if yes:
        Outbox(context.history).put_changes([], None, context.now)
        click.echo(f"Forgotten: {_forgotten_words(gone)}.")
        return 0
    again = command_line(context.config, f"history forget --since {since}{' --samples' if samples else ''} --yes")
    click.echo(f"This would forget {_forgotten_words(gone)}. To do it: {again}")
    return 0


def _forgotten_words(gone: Forgotten) -> str:
    parts = [counted(gone.rounds, "round"), counted(gone.incidents, "incident"), counted(gone.messages, "message")]
    if gone.samples:
        parts.append(counted(gone.samples, "sample"))
    return listed(parts)


def _there(config: TargetConfig, reports: Path) -> History:
    """Looking back makes no history where there is none."""
    found = open_history(config, reports)
    if not found.is_there:
        raise click.ClickException(f"there is no history at {found.shown}; name the reports folder with --reports")
    return found


def _check_known(remembered: History, item: str) -> None:
    known_names = known_items(remembered)
    if item not in known_names:
        near = get_close_matches(item, known_names, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise click.ClickException(f"no round has looked at an item {item!r}{hint}")


def _round_words(one: PastRound) -> str:
    if one.state == "running":
        return f"is running on {one.machine}: {one.ended} of {one.expected or '?'} checks ended"
    if one.state == "broke off":
        return f"broke off on {one.machine}: {one.ended} of {one.expected or '?'} checks had ended"
    took = (one.finished - one.started).total_seconds() if one.finished else 0.0
    failed = f", {one.failed} failed" if one.failed else ""
    return f"{one.status:9}  {counted(one.items, 'item')}{failed}, {short_duration(took)}"


def _item_words(one: PastItem) -> str:
    level = f" {one.level}" if one.outcome in {Outcome.FAILED, Outcome.FLAKY} else ""
    sentence = visible(" ".join(one.sentence.split()))
    short = sentence if len(sentence) <= _SENTENCE else f"{sentence[:_SENTENCE]}…"
    return f"{one.outcome.value}{level}" + (f": {short}" if short else "")


def _tally(found: Iterable[PastItem]) -> str:
    outcomes = [one.outcome for one in found]
    return listed(f"{outcomes.count(kind)} {kind.value}" for kind in Outcome if kind in outcomes) or "nothing"


def _unsteady_words(one: UnsteadyItem) -> str:
    parts = []
    if one.flaky:
        parts.append(f"{one.flaky} flaky")
    if one.blips:
        parts.append(f"failed for a single round {counted(one.blips, 'time')}")
    return f"{listed(parts)} in {counted(one.rounds, 'round')}"


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _print_json(found: Any) -> None:
    click.echo(json.dumps(found, indent=1, default=lambda value: value.isoformat()))
