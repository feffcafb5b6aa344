"""`hypercare publish [WHERE]`: the reports with the index of all days, put where others read them."""

from __future__ import annotations

from pathlib import Path

import click

from hypercare.commands.target import FILE, load_target
from hypercare.history.opening import open_history
from hypercare.history.problem import HistoryProblem
from hypercare.outcome.signals import MonitorFault
from hypercare.publishing.folder_index import write_index
from hypercare.publishing.problem import PublishProblem
from hypercare.publishing.publication import Publication
from hypercare.publishing.publishing import publish_as_configured, publish_reports, shown
from hypercare.publishing.target_index import index_reports
from hypercare.reports.folder import ReportsFolderProblem
from hypercare.reports.words import counted
from hypercare.target_file.config import TargetConfig

_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("where", required=False)
@click.option("--target", "target_file", type=_PATH, envvar="HYPERCARE_TARGET", help=f"default: {FILE}, if it is there")
@click.option("--reports", type=_PATH, default=Path("reports"), envvar="HYPERCARE_REPORTS", show_default=True)
@click.option("--keep-days", type=click.IntRange(1), help="days further back than so many are removed there")
@click.option("--anew", is_flag=True, help="copy all of it, also what is believed to be there")
def publish(where: str | None, target_file: Path | None, reports: Path, keep_days: int | None, anew: bool) -> int:
    """Put the reports, with an index of all days, where others read them.

    WHERE is a folder, or an address for which fsspec has a driver: s3://bucket/shop, sftp://host/folder. Without it
    [publish] of the target file says where. Only what changed is copied, and a reader never sees half a file; the index
    comes last.
    """
    config = _config(target_file)
    if where is None and (config is None or config.publish is None):
        raise click.UsageError("say where to, or write it into the target file as [publish] url")
    if not reports.is_dir():
        raise click.ClickException(f"there are no reports in {reports}")
    try:
        _make_index(reports, config)
        done = _published(reports, where, config, keep_days=keep_days, anew=anew)
    except (PublishProblem, ReportsFolderProblem) as problem:
        raise MonitorFault(str(problem).rstrip(".")) from None
    place = shown(where) if where is not None else "where [publish] says"
    click.echo(f"{_words(done)}, {place}.")
    return 0


def _config(target_file: Path | None) -> TargetConfig | None:
    if target_file is None and not FILE.is_file():
        return None
    return load_target(target_file or FILE)


def _make_index(reports: Path, config: TargetConfig | None) -> None:
    if config is None:
        write_index(reports)
        return
    try:
        history = open_history(config, reports)
    except HistoryProblem:
        write_index(reports)
        return
    trouble = index_reports(reports, config, history)
    if trouble:
        raise MonitorFault(trouble.rstrip("."))


def _published(
    reports: Path, where: str | None, config: TargetConfig | None, *, keep_days: int | None, anew: bool
) -> Publication:
    if config is None or config.publish is None:
        days = keep_days or (config.reports.keep_days if config else None)
        return publish_reports(reports, where or "", keep_days=days, anew=anew)
    return publish_as_configured(reports, config, where=where, keep_days=keep_days, anew=anew)


def _words(done: Publication) -> str:
    copied = f"{counted(done.copied, 'file')} copied" if done.copied else "Nothing had changed"
    return f"{copied}, {counted(len(done.removed), 'day')} removed" if done.removed else copied
