"""`hypercare faults columns`: every mapped column wrong in every way, and who notices."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from faultlab.columns.worker import ColumnResult


@click.command("columns")
@click.option("--entity", default="", metavar="E", help="only columns of this entity: sale, cost, ...")
@click.option("--column", default="", metavar="C", help="only this field of it")
@click.option("--kind", default="", metavar="K", help="only values that became so: null, swapped, tenfold, ...")
@click.option("--seed", type=int, default=1, show_default=True, help="which rows and values are drawn")
@click.option("--sample", type=click.IntRange(0), default=0, show_default=True, help="so many of each sort; 0 is all")
@click.option("--at-once", type=click.IntRange(1, 32), default=2, show_default=True, help="how many at a time")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path("reports/proof"), show_default=True
)
def spoil_columns(entity: str, column: str, kind: str, seed: int, sample: int, at_once: int, out: Path) -> int:
    """Make each mapped column of the embedded system wrong, one record and one way at a time, and vary it healthily.

    Writes columns.md and columns.json. Ends with 1 if a fault goes unnoticed and nobody has said why, or if somebody
    stirs at a healthy variation.
    """
    from faultlab.columns.generated import Choice
    from faultlab.columns.page import page_of
    from faultlab.columns.run import fields_of, run
    from faultlab.columns.summary import Summary
    from faultlab.problem import LabProblem
    from faultlab.proving.proving import prepared_in

    choice, prepared = Choice(entity, column, kind, seed, sample), prepared_in(Path(".cache"))
    try:
        summary = Summary(run(choice, prepared, _tell, at_once=at_once))
        page = page_of(summary, fields_of(prepared), datetime.now(UTC).date(), seed)
    except LabProblem as problem:
        raise click.ClickException(str(problem)) from None
    out.mkdir(parents=True, exist_ok=True)
    summary.write(out / "columns.json")
    (out / "columns.md").write_text(page, encoding="utf-8")
    click.echo(
        f"Noticed: {summary.of_faults}; of what could be told {summary.of_tellable}. Unexplained:"
        f" {len(summary.unexplained)}. False alarms at {len(summary.healthy)} healthy variations:"
        f" {len(summary.false_alarms)}."
    )
    click.echo(f"Page: {out / 'columns.md'}")
    return 0 if summary.right else 1


def _tell(result: ColumnResult, done: int, of: int) -> None:
    planned = result.planned
    says = result.refused or ", ".join(result.items) or "nobody notices"
    if sys.stdout.isatty() or done % 50 == 0 or (planned.healthy and result.noticed) or result.strange:
        click.echo(f"{done}/{of} {planned.happens}: {'; '.join(result.strange) or says}")
