"""`hypercare round NAME --targets ...`: a round of many targets, or of the part of them that is ours."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from pathlib import Path

import click

from hypercare.commands.worst_status import worst_of
from hypercare.fleet.one_round import (
    FAILED,
    HOLDS,
    INTERRUPTED,
    NOTHING_TO_RUN,
    OUR_FAULT,
    OUTPUT,
    USAGE,
    AskedRound,
    Ended,
    How,
)
from hypercare.fleet.problem import FleetProblem
from hypercare.fleet.shard import Shard, shard_meant
from hypercare.fleet.targets import FleetTarget, fleet_of
from hypercare.fleet.working import run_fleet
from hypercare.reports.words import counted, listed
from hypercare.safe_text import visible
from hypercare.target_file.command_line import DEFAULT_REPORTS

_LOG = logging.getLogger(__name__)
_WORDS = {
    HOLDS: "holds",
    FAILED: "something failed",
    INTERRUPTED: "was interrupted",
    OUR_FAULT: "a fault of our own",
    USAGE: "cannot be run",
    NOTHING_TO_RUN: "nothing to run",
}
_WORDS_OF_MANY = {
    HOLDS: "hold",
    FAILED: "failed",
    INTERRUPTED: "interrupted",
    OUR_FAULT: "with a fault of our own",
    USAGE: "cannot be run",
    NOTHING_TO_RUN: "had nothing to run",
}


def run_round_of_fleet(
    name: str,
    targets: Path,
    project: Path,
    *,
    shard: str | None,
    at_once: int,
    reports: Path | None,
    as_of: str | None,
    rehearse: bool,
) -> int:
    """Run it and say how each ended.

    Returns:
        the exit status: the worst of all, also of those that ran before.

    Raises:
        click.UsageError: the targets or the part of them cannot be told.
    """
    try:
        fleet = fleet_of(targets)
        part = shard_meant(shard, os.environ)
    except FleetProblem as problem:
        raise click.UsageError(str(problem)) from None
    ours = fleet if part is None else tuple(part.part_of(fleet))
    click.echo(_head(name, fleet, ours, part))
    place = (reports or project / (os.environ.get("HYPERCARE_REPORTS") or DEFAULT_REPORTS)).absolute()
    names = {one.file.absolute(): one.name for one in ours}
    asked = [AskedRound(name, file, place, project.absolute(), as_of, rehearse) for file in names]
    teller = _Teller(names, as_shown_from=Path.cwd())
    ends = run_fleet(asked, teller.tell, at_once=at_once)
    click.echo(_sum(ends))
    return exit_status_of([one.status for one in ends])


def exit_status_of(statuses: Sequence[int]) -> int:
    """The worst; that some had nothing to run says nothing where others had."""
    ran = [status for status in statuses if status != NOTHING_TO_RUN]
    return worst_of(ran or statuses)


class _Teller:
    """A line a target, as it ends."""

    def __init__(self, names: dict[Path, str], as_shown_from: Path) -> None:
        self._names, self._here, self._many = names, as_shown_from, 0

    def tell(self, asked: AskedRound, ended: Ended) -> None:
        if ended.how is How.HELD:
            where = f" on {ended.says}" if ended.says else ""
            click.echo(
                visible(f"{self._names[asked.target_file]}: another is at it{where}; looked at again at the end")
            )
            return
        self._many += 1
        words = _WORDS.get(ended.status, f"ended with status {ended.status}")
        before = " (ran before)" if ended.how is How.RAN_BEFORE else ""
        where = "" if ended.says or ended.reports is None else self._page(ended.reports)
        line = f"{self._many}/{len(self._names)}  {self._names[asked.target_file]}: {words}{before}"
        line += "".join(f"; {part}" for part in (ended.says, where) if part)
        _LOG.info("%s", line)
        click.echo(visible(line))

    def _page(self, reports: Path) -> str:
        """Its report, or what it printed where it left none."""
        pages = (reports / "latest" / "index.html", reports / OUTPUT)
        page = next((one for one in pages if one.is_file()), reports)
        return str(page.relative_to(self._here) if page.is_relative_to(self._here) else page)


def _head(name: str, fleet: Sequence[FleetTarget], ours: Sequence[FleetTarget], part: Shard | None) -> str:
    of_part = f" of {len(fleet)}, part {part}" if part is not None else ""
    return f"The round {name} of {counted(len(ours), 'target')}{of_part}."


def _sum(ends: Sequence[Ended]) -> str:
    kinds = {status: sum(one.status == status for one in ends) for status in sorted({one.status for one in ends})}
    parts = [f"{many} {_words_of_many(status, many)}" for status, many in kinds.items()]
    before = sum(one.how is How.RAN_BEFORE for one in ends)
    ran_before = f"; {before} of them ran before" if before else ""
    return f"{counted(len(ends), 'target')}: {listed(parts)}{ran_before}." if ends else "Nothing to do in this part."


def _words_of_many(status: int, many: int) -> str:
    return _WORDS[HOLDS] if (status, many) == (HOLDS, 1) else _WORDS_OF_MANY.get(status, f"with status {status}")
