"""`hypercare uptime`: the percentage with its bounds and its receipts."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hypercare.commands.target import load_target, target_option
from hypercare.plan.calendar import Period
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import clock_of

if TYPE_CHECKING:
    from hypercare.uptime.measured import Measured
    from hypercare.uptime_history.uptime import Accounts


@click.command()
@target_option
@click.option(
    "--reports", type=click.Path(path_type=Path), default=Path("reports"), envvar="HYPERCARE_REPORTS", show_default=True
)
@click.option("--from", "start", metavar="TIME", help="a day or an instant (without it the day of go-live)")
@click.option("--to", "end", metavar="TIME", help="a day, which counts whole, or an instant (without it now)")
@click.option("--way", default="", help="of one way only: web, api, mobile, database")
@click.option("--branch", default="", help="of one branch only, in its own hours")
@click.option("--json", "as_json", is_flag=True, help="as JSON, to the second and with every interval")
def uptime(
    target_file: Path, reports: Path, start: str | None, end: str | None, way: str, branch: str, as_json: bool
) -> int:
    """Print how long the system was up, of the hours in which it is meant to be, and why we think so.

    What nobody saw is unknown: it is neither up nor down, and gives a lower and an upper bound. Announced maintenance
    is left out.
    """
    from hypercare.history.opening import open_history
    from hypercare.uptime_history.arguments import check_known
    from hypercare.uptime_history.lines import uptime_lines
    from hypercare.uptime_history.uptime import accounts_of

    config = load_target(target_file)
    window = _window(config, start, end)
    history = open_history(config, reports)
    try:
        check_known(history, config, way, branch)
        accounts = accounts_of(history, config, window)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    finally:
        history.close()
    found = accounts.measured(way=way, branch=branch)
    if as_json:
        click.echo(json.dumps(_as_data(accounts, found, way, branch), indent=1, ensure_ascii=False))
    else:
        for line in uptime_lines(accounts, found, way, branch):
            click.echo(line)
    return 0


def _window(config: TargetConfig, start: str | None, end: str | None) -> Period:
    """From the given start, else go-live, to the given end, else now; never beyond now."""
    from hypercare.uptime_history.arguments import given_instant
    from hypercare.uptime_history.uptime import since_go_live

    calendar, now = config.business.calendar, clock_of(config)
    try:
        until = min(given_instant(end, calendar, is_end=True), now) if end else now
        first = given_instant(start, calendar) if start else since_go_live(config, until).start
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    if first > until:
        raise click.ClickException("the window ends before it begins")
    return Period(first, until)


def _as_data(accounts: Accounts, found: Measured, way: str, branch: str) -> dict[str, Any]:
    from hypercare.uptime.measured import rounded
    from hypercare.uptime_history.wording import words_of

    zone = accounts.config.business.calendar.zone

    def iso(instant: datetime) -> str:
        return instant.astimezone(zone).isoformat()

    return {
        "target": accounts.config.target.name,
        "way": way,
        "branch": branch,
        "from": iso(found.window.start),
        "to": iso(found.window.end),
        "percent": rounded(found.percent),
        "lower": rounded(found.lower),
        "upper": rounded(found.upper),
        "coverage": rounded(found.coverage),
        "naive": rounded(found.naive),
        "checks": found.checks,
        "successes": found.successes,
        "seconds": {state.value: length.total_seconds() for state, length in found.seconds.items()},
        "intervals": [
            {
                "from": iso(span.start),
                "to": iso(span.end),
                "state": span.state.value,
                "seconds": span.length.total_seconds(),
                "words": words_of(span, zone),
            }
            for span in found.intervals
        ],
    }
