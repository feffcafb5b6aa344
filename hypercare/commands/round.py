"""`hypercare round NAME`: run a round of the plan, as `pytest --round NAME` does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import click

_PATH = click.Path(path_type=Path)
_OUR_FAULT = 3
# What is asked to end may still undo what it did to the target.
_SECONDS_TO_END = 30


@click.command("round")
@click.argument("name")
@click.option(
    "--target",
    "target_file",
    type=_PATH,
    help="the target file  [default: target.toml in the project; in the repository the embedded system is started]",
)
@click.option("--targets", type=_PATH, help="many targets: a folder of target files, or a list that names them")
@click.option(
    "--shard", metavar="I/N", help="with --targets: only the part I of N  [default: as a CI or Kubernetes says]"
)
@click.option(
    "--at-once", type=click.IntRange(1), default=1, show_default=True, help="with --targets: rounds side by side"
)
@click.option("--reports", type=_PATH, help="where reports go (default: reports/ beside the checks)")
@click.option("--as-of", metavar="TIME", help="judge as of this instant")
@click.option("--rehearse", is_flag=True, help="on trial: remember nothing, open no incident, tell nobody")
@click.option("--project", type=_PATH, default=Path(), help="where the checks are (default: the present folder)")
def round_command(
    name: str,
    target_file: Path | None,
    targets: Path | None,
    shard: str | None,
    at_once: int,
    reports: Path | None,
    as_of: str | None,
    rehearse: bool,
    project: Path,
) -> int:
    """Run a round of the checklist (morning, midday, evening ... or one of your own) and publish its report.

    With --rehearse it is on trial, and the report goes into the folder rehearsal of the reports.

    With --targets it is run of each target that has not had it yet, once however many machines are asked to: what ran
    before is left as it is, what another is at is waited for, and what one that was killed left undone is done. Each
    target's reports go into a folder of its own.

    Exit status: 0 all that was looked at holds, 1 something failed, 3 our own fault, 4 bad configuration or usage, 5
    nothing to run; of many targets the worst.
    """
    if targets is not None:
        if target_file is not None:
            raise click.UsageError("--target names one target and --targets many; give one of them")
        from hypercare.commands.round_of_fleet import run_round_of_fleet

        return run_round_of_fleet(
            name, targets, project, shard=shard, at_once=at_once, reports=reports, as_of=as_of, rehearse=rehearse
        )
    if shard is not None or at_once > 1:
        raise click.UsageError("--shard and --at-once are of many targets; name them with --targets")
    more = [f"--as-of={as_of}"] if as_of else []
    more += ["--rehearse"] if rehearse else []
    return run_round(name, project, target_file=target_file, reports=reports, more=more)


def run_round(
    name: str,
    project: Path,
    *,
    target_file: Path | None,
    reports: Path | None,
    more: Sequence[str] = (),
    limit: timedelta | None = None,
) -> int:
    """Run it in the project's folder, in a process of its own; returns its exit status.

    One that has not ended after `limit` is ended, which is a fault of ours.
    """
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"--round={name}"]
    command += [f"--target={target_file.absolute()}"] if target_file else []
    command += [f"--reports={reports.absolute()}"] if reports else []
    with subprocess.Popen([*command, *more], cwd=project, env=os.environ) as running:
        try:
            return running.wait(limit.total_seconds() if limit else None)
        except subprocess.TimeoutExpired:
            _end(running)
            click.echo(f"hypercare: the round {name} did not end within {limit} and was ended", err=True)
            return _OUR_FAULT
        except BaseException:
            running.kill()
            raise


def _end(running: subprocess.Popen[bytes]) -> None:
    running.terminate()
    try:
        running.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        running.kill()
