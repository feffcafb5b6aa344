"""`hypercare faults live`: the first weeks, lived with all their rounds and held against the truth."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import click

_SEEDS = (1,)


@click.command("live")
@click.option("--days", type=click.IntRange(1, 60), default=14, show_default=True)
@click.option(
    "--seed", "seeds", type=int, multiple=True, default=_SEEDS, show_default=True, help="may be given repeatedly"
)
@click.option("--incidents/--healthy", default=False, help="with a script of incidents, or all in good order")
@click.option(
    "--go-live", type=click.DateTime(["%Y-%m-%d"]), help="the first day (without it that of the seed: see the docs)"
)
@click.option("--browser-day", "browser_days", type=int, multiple=True, help="a day on which the browser is used too")
@click.option("--at-once", type=click.IntRange(1, 32), default=2, show_default=True, help="how many lives at a time")
@click.option("--out", type=click.Path(path_type=Path), default=Path("reports/weeks"), show_default=True)
def live_weeks(
    days: int,
    seeds: tuple[int, ...],
    incidents: bool,
    go_live: datetime | None,
    browser_days: tuple[int, ...],
    at_once: int,
    out: Path,
) -> int:
    """Let the embedded business live through its first weeks with three rounds a day, and compare with the truth.

    Writes a file a life and weeks.md, the summary of all that lie there. Ends with 1 if anything was said that is not
    so, or was not said.
    """
    from faultlab.simulating.life_report import summarise, write_life
    from faultlab.simulating.lives import LifePlan, live_all
    from faultlab.simulating.script import FOURTEEN_DAYS, HEALTHY, go_live_of

    first: date | None = go_live.date() if go_live else None
    script = FOURTEEN_DAYS if incidents else HEALTHY
    plans = [LifePlan(seed, first or go_live_of(seed), days, tuple(script), browser_days) for seed in seeds]
    wrong = False
    for lived in live_all(plans, at_once):
        written = write_life(lived, out, "incidents" if incidents else "healthy", datetime.now(UTC).date())
        click.echo(f"Seed {lived.seed}: {lived.rounds} rounds, {len(lived.differences)} differences. {written}")
        wrong = wrong or bool(lived.differences)
    click.echo(f"Summary: {summarise(out)}")
    return 1 if wrong else 0
