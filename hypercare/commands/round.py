"""`hypercare round NAME`: run a round of the plan, as `pytest --round NAME` does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click

_PATH = click.Path(path_type=Path)


@click.command("round")
@click.argument("name")
@click.option("--target", "target_file", type=_PATH, help="the target file; without one the embedded system is started")
@click.option("--reports", type=_PATH, help="where reports go (default: reports/ beside the checks)")
@click.option("--as-of", metavar="TIME", help="judge as of this instant")
@click.option("--rehearse", is_flag=True, help="on trial: remember nothing, open no incident, tell nobody")
@click.option("--project", type=_PATH, default=Path(), help="where the checks are")
def round_command(
    name: str, target_file: Path | None, reports: Path | None, as_of: str | None, rehearse: bool, project: Path
) -> int:
    """Run a round of the checklist (morning, midday, evening ... or one of your own) and publish its report.

    With --rehearse it is on trial, and the report goes into the folder rehearsal of the reports.

    Exit status: 0 all that was looked at holds, 1 something failed, 3 our own fault, 4 bad configuration or usage, 5
    nothing to run.
    """
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"--round={name}"]
    command += [f"--target={target_file.absolute()}"] if target_file else []
    command += [f"--reports={reports.absolute()}"] if reports else []
    command += [f"--as-of={as_of}"] if as_of else []
    command += ["--rehearse"] if rehearse else []
    return subprocess.run(command, cwd=project, env=os.environ).returncode
