"""`hypercare faults mutate`: the operations model with one thing wrong at a time, and who notices."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from faultlab.mutating.model.fate import Fate


@click.command("mutate")
@click.option("--only", default="", metavar="TEXT", help="only mutants whose place or function holds the text")
@click.option("--sample", type=click.IntRange(0), default=0, show_default=True, help="so many of them; 0 is all")
@click.option("--seed", type=int, default=1, show_default=True, help="which are drawn")
@click.option("--most", type=click.IntRange(0), default=0, show_default=True, help="so many faults each; 0 is all")
@click.option("--own-tests", is_flag=True, help="let the project's own tests look at what no fault shows; slow")
@click.option("--again", is_flag=True, help="only those that were not noticed, or not tried, the last time")
@click.option("--at-once", type=click.IntRange(1, 32), default=2, show_default=True, help="how many at a time")
@click.option(
    "--proof", type=click.Path(path_type=Path, file_okay=False), default=Path("reports/proof"), show_default=True
)
def mutate_model(
    only: str, sample: int, seed: int, most: int, own_tests: bool, again: bool, at_once: int, proof: Path
) -> int:
    """Change one thing after another in the operations model: each time, a fault or a healthy system has to tell.

    Needs nothing to be there: the business is prepared if it is not yet. Writes mutants.md and mutants.json into the
    folder of the proof, and trace.json, which spares the next run the first minutes as long as the code is the same.
    Ends with 1 if a mutant survives and nobody has said why.
    """
    from faultlab.mutating.model.listing import counted, write_mutants
    from faultlab.mutating.model.own_line_coverage import OwnTestsNotRun
    from faultlab.mutating.model.run import Choice, NothingToChange, mutate
    from faultlab.proving.prepared_day import PreparedDay
    from faultlab.proving.proving import prepared_in

    choice = Choice(only, sample, seed, most, own_tests, again, at_once)
    try:
        fates = mutate(choice, PreparedDay(prepared_in(Path(".cache"))), proof, _tell_trace, _tell)
    except (NothingToChange, OwnTestsNotRun) as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(counted(fates))
    click.echo(f"List: {write_mutants(fates, proof)}")
    return 1 if any(fate.survives for fate in fates) else 0


def _tell_trace(done: int, of: int) -> None:
    if _in_view(done, of, every=25):
        click.echo(f"{done}/{of} traced")


def _tell(fate: Fate, done: int, of: int) -> None:
    if fate.survives or _in_view(done, of, every=10):
        says = f"noticed by {fate.killed_by}" if fate.killed_by else fate.explained or "nobody notices"
        click.echo(f"{done}/{of} {fate.mutant.place} {fate.mutant.words}: {says if fate.run_through else 'never run'}")


def _in_view(done: int, of: int, *, every: int) -> bool:
    """Each on a screen, some in a file: it takes minutes."""
    return sys.stdout.isatty() or done % every == 0 or done == of
