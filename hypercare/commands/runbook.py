"""`hypercare runbook [ID]`: the page of an item, for whoever has the red line on the phone."""

from __future__ import annotations

from pathlib import Path

import click

from hypercare.plan.checklist import checklist_of, read_checklist
from hypercare.reports.runbook import runbook_pages
from hypercare.shipped import OWN_RUNBOOK


@click.command()
@click.argument("item", required=False, metavar="[ID]")
@click.option("--project", type=click.Path(path_type=Path), default=Path(), help="the folder of a project of your own")
def runbook(item: str | None, project: Path) -> int:
    """Print the page of an item: the project's own, else the one that comes with the program.

    Without an ID the items are listed.
    """
    checklist = read_checklist(checklist_of(project))
    pages = runbook_pages(project)
    if item is None:
        for one in checklist:
            click.echo(f"{one.id:28} {one.words}" + ("" if one.id in pages else "  (no page)"))
        return 0
    if item not in pages:
        _ = checklist[item]
        raise click.ClickException(f"{item} has no page; write one in {project / OWN_RUNBOOK / item}.md")
    click.echo(pages[item].read_text(encoding="utf-8"), nl=False)
    return 0
