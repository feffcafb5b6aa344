"""The command line: ``python -m demo_erp COMMAND --state DIR``."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime, time
from pathlib import Path

import click

from demo_erp.business_time import business_day, local_instant
from demo_erp.errors import SetupProblem
from demo_erp.state import DEFAULT_DATABASE_URL, Settings, State

BAD_INPUT = 4
state_folder = click.option(
    "--state", "folder", required=True, type=click.Path(path_type=Path), help="The state folder of the business."
)


@click.group()
def program() -> None:
    """Rosewood Bridal's business system: sales, workshop and books of a bridal and tailoring house."""


@program.command()
@state_folder
@click.option("--days", default=8, show_default=True, help="How many days it has been trading; it stands in the last.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same history.")
@click.option("--database", default=DEFAULT_DATABASE_URL, help="URL of an SQLite or PostgreSQL database.")
@click.option("--go-live", default="2026-01-08", show_default=True, help="The first day.")
@click.option("--at", "at", default="17:00", show_default=True, help="The time of day it stands at, local.")
def create(folder: Path, days: int, seed: int, database: str, go_live: str, at: str) -> None:
    """Open a business and live its days so far."""
    from demo_erp import history

    settings = Settings(database_url=database, seed=seed, go_live=_day(go_live))
    history.create(folder, settings, days=days, at=_time(at), say=_say)
    _say("")


@program.command()
@state_folder
@click.option("--port", type=click.IntRange(0, 65535), default=None, help="0 takes any free port.")
@click.option("--no-traffic", is_flag=True, help="Nobody works but those who log in.")
@click.option("--frozen", is_flag=True, help="The clock stands still.")
@click.option("--until-input-ends", is_flag=True, help="Stop, too, when standard input is closed.")
def serve(folder: Path, port: int | None, no_traffic: bool, frozen: bool, until_input_ends: bool) -> None:
    """Serve web app, API and mobile app; prints one line of JSON when it answers, stops on SIGTERM."""
    from demo_erp import serve as server

    state = _opened(folder)
    server.serve(state, port=port, traffic=not no_traffic, frozen=frozen, until_input_ends=until_input_ends)
    server.leave()


@program.command()
@state_folder
@click.option("--to", "to", required=True, help="An instant (ISO 8601) or a local time of the present day, HH:MM.")
def advance(folder: Path, to: str) -> None:
    """Live on until then and set the clock; the server may be running or not."""
    from demo_erp import history

    state = _opened(folder)
    _say("living on")
    history.advance(state, _instant(state, to), say=_say)
    _say("")
    click.echo(_local(state, state.clock.now()))


@program.command()
@state_folder
def backup(folder: Path) -> None:
    """Back the database up, with a manifest; prints the manifest's path."""
    from demo_erp.backup import back_up

    click.echo(back_up(_opened(folder)))


@program.command()
@state_folder
def clock(folder: Path) -> None:
    """Print the business's time as one line of JSON."""
    state = State.open(folder)
    now = state.clock.now()
    times = {
        "now": now.isoformat(),
        "local": _local(state, now),
        "timezone": state.settings.timezone,
        "business_day": business_day(now, state.timezone).isoformat(),
        "day": (business_day(now, state.timezone) - state.settings.go_live).days + 1,
        "rate": state.clock.rate,
    }
    click.echo(json.dumps(times))


def _opened(folder: Path) -> State:
    """A business whose database answers."""
    from demo_erp.history import require_database

    state = State.open(folder)
    require_database(state)
    return state


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise SetupProblem(f"{text!r} is not a day; write 2026-01-08") from None
    if not 2000 <= day.year <= 2100:
        raise SetupProblem(f"{text} is not in this century")
    return day


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise SetupProblem(f"{text!r} is not a time of day; write 17:00") from None


def _instant(state: State, text: str) -> datetime:
    if len(text) <= 8 and ":" in text:
        return local_instant(business_day(state.clock.now(), state.timezone), _time(text), state.timezone)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise SetupProblem(f"{text!r} is no instant; write 2026-01-15T12:00 or 12:00") from None
    return (instant if instant.tzinfo else instant.replace(tzinfo=state.timezone)).astimezone(UTC)


def _local(state: State, instant: datetime) -> str:
    return instant.astimezone(state.timezone).isoformat(timespec="seconds")


def _say(text: str) -> None:
    """Progress, for people only; an empty text clears the line."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()


def main() -> int:
    try:
        program.main(prog_name="python -m demo_erp", standalone_mode=False)
    except SetupProblem as problem:
        print(f"demo_erp: {problem}", file=sys.stderr)
        return BAD_INPUT
    except click.ClickException as problem:
        print(f"demo_erp: {problem.format_message()}", file=sys.stderr)
        return BAD_INPUT
    except click.exceptions.Abort:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
