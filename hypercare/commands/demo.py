"""`hypercare demo`: keep the embedded system running for somebody who wants to look around."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from hypercare.adapters.demo.in_process import EmbeddedRefusal, create_here, is_business, serve_here


@click.command()
@click.option("--state", type=click.Path(path_type=Path, file_okay=False), required=True, help="folder it lives in")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0 takes a free one")
@click.option(
    "--days", type=click.IntRange(1, 60), default=8, show_default=True, help="the business stands in this day"
)
@click.option("--seed", type=int, default=1, show_default=True, help="another seed is another history")
@click.option("--database", metavar="URL", help="SQLAlchemy address; a SQLite file in the state folder when left out")
@click.option("--at", default="17:00", show_default=True, help="local time at which its clock starts")
def demo(state: Path, port: int, days: int, seed: int, database: str | None, at: str) -> None:
    """Serve the embedded system and print one line of JSON that says where everything is.

    An existing state folder is taken up where it stopped; a new one gets a history first, and the users and
    passwords are printed once. It stops on SIGTERM or Ctrl-C.
    """
    state = state.absolute()
    try:
        if not is_business(state):
            if sys.stderr.isatty():
                click.echo(f"Preparing {days} days of history, which takes a moment", err=True)
            _print_people(create_here(state, days=days, seed=seed, at=at, database=database, port=port))
        serve_here(state, port=port, tell=_print_line)
    except EmbeddedRefusal as refusal:
        raise click.ClickException(str(refusal)) from refusal


def _print_line(served: Mapping[str, Any]) -> None:
    print(json.dumps(served), flush=True)


def _print_people(accounts_file: Path) -> None:
    accounts = json.loads(accounts_file.read_text(encoding="utf-8"))
    click.echo("Users and passwords of the embedded system (shown once; they stay in accounts.json):", err=True)
    for account in accounts:
        place = account["branch"] or "all branches"
        click.echo(f"  {account['username']:28} {account['password']:24} {account['role']:14} {place}", err=True)
