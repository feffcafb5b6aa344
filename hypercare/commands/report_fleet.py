"""`hypercare report fleet`: how the targets of a fleet stand, worst first."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from hypercare.fleet.problem import FleetProblem
from hypercare.fleet.standing import FOLDER, fleet_report
from hypercare.fleet.targets import fleet_of
from hypercare.outcome.signals import MonitorFault
from hypercare.publishing.folder_index import write_index
from hypercare.reports.fleet import FleetReport, fleet_lines
from hypercare.reports.fleet_page import fleet_page
from hypercare.reports.folder import ReportsFolderProblem, check_writable, replace_whole


@click.command("fleet")
@click.option(
    "--targets",
    type=click.Path(path_type=Path),
    required=True,
    help="a folder of target files, or a list that names them",
)
@click.option(
    "--reports", type=click.Path(path_type=Path), default=Path("reports"), envvar="HYPERCARE_REPORTS", show_default=True
)
@click.option("--json", "as_json", is_flag=True, help="print it as JSON")
@click.option(
    "--project", type=click.Path(path_type=Path), default=Path(), help="whose plan it is (default: the present folder)"
)
def fleet(targets: Path, reports: Path, as_json: bool, project: Path) -> int:
    """How each target of a fleet stands, worst first, from the history that their files name.

    Prints those that are not well, and makes a page and a JSON file of all in the folder fleet of the reports. Where
    rounds did not happen since the last one, a target is unknown and not healthy. Rounds are due as the target file
    says, else by its plan, else by that of the project.
    """
    try:
        found = fleet_report(fleet_of(targets), reports.absolute(), datetime.now().astimezone(), project)
    except FleetProblem as problem:
        raise click.UsageError(str(problem)) from None
    page = _written(found, reports)
    if as_json:
        click.echo(found.model_dump_json(indent=1))
    else:
        for line in fleet_lines(found):
            click.echo(line)
        click.echo(page)
    return 0


def _written(report: FleetReport, reports: Path) -> Path:
    """Raises MonitorFault: the reports folder cannot be written."""
    folder = reports / FOLDER
    try:
        check_writable(folder)
        replace_whole(folder / "fleet.json", json.dumps(report.model_dump(mode="json"), indent=1) + "\n")
        replace_whole(folder / "index.html", fleet_page(report))
        write_index(reports)
    except ReportsFolderProblem as problem:
        raise MonitorFault(str(problem)) from None
    return folder / "index.html"
