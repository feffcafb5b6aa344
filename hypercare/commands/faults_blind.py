"""`hypercare faults blind`: faults drawn by somebody who has not read the checks, and what these make of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from faultlab.blind.run import DrawingResult

_SETS = ("first", "second")


@click.command("blind")
@click.option("--set", "which", type=click.Choice(_SETS), default="second", show_default=True, help="which shapes")
@click.option("--seed", type=int, default=1, show_default=True, help="which records, sizes and hours are drawn")
@click.option("--kind", default="", metavar="K", help='only shapes of this kind: "who acted", late, healthy ...')
@click.option("--only", multiple=True, metavar="ID", help="only these shapes")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path("reports/proof"), show_default=True
)
def draw_blindly(which: str, seed: int, kind: str, only: tuple[str, ...], out: Path) -> int:
    """Draw faults of the kinds that are hard to see, put each in, and hold what was told against what a person expects.

    Writes blind-SET-SEED.md and .jsonl. Ends with 1 if fewer than nine of ten are noticed at a level that a person
    expects, or if somebody stirs at a healthy day.
    """
    from faultlab.blind import first, second
    from faultlab.blind.page import counts_of, page_of
    from faultlab.blind.run import look_at
    from faultlab.blind.shape import Drawing
    from faultlab.problem import LabProblem
    from faultlab.proving.proving import prepared_in

    shapes = {"first": first.SHAPES, "second": second.SHAPES}[which]
    chosen = [one for one in shapes if kind in ("", one.kind.value) and (not only or one.id in only)]
    if not chosen:
        raise click.UsageError("no shape is of this kind or name")
    looks: list[DrawingResult] = []
    out.mkdir(parents=True, exist_ok=True)
    name = f"blind-{which}-{seed}"
    try:
        with (out / f"{name}.jsonl").open("w", encoding="utf-8") as lines:
            for look in look_at([Drawing(one, seed) for one in chosen], prepared_in(Path(".cache"))):
                looks.append(look)
                lines.write(json.dumps(look.as_dict(), ensure_ascii=False) + "\n")
                lines.flush()
                click.echo(f"{len(looks)}/{len(chosen)} {look.words}")
    except LabProblem as problem:
        raise click.ClickException(str(problem)) from None
    (out / f"{name}.md").write_text(page_of(looks, f"The {which} set, seed {seed}"), encoding="utf-8")
    counts = counts_of(looks)
    click.echo(f"Page: {out / f'{name}.md'}")
    return 0 if counts["right"] * 10 >= counts["faults"] * 9 and not counts["cried"] else 1
