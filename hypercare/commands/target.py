"""The target file of a command: which one is meant, and what it says by old names, told on standard error."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from hypercare.language.chosen import choose
from hypercare.target_file import loading
from hypercare.target_file.config import TargetConfig

FILE = Path("target.toml")


def target_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--target FILE`; in a project's own folder its target file is meant where nobody names one."""
    return click.option(
        "--target",
        "target_file",
        type=click.Path(path_type=Path),
        envvar="HYPERCARE_TARGET",
        callback=_target_meant,
        help=f"the target file  [default: {FILE} in the present folder]",
    )(command)


def _target_meant(context: click.Context, parameter: click.Parameter, named: Path | None) -> Path:
    if named is not None:
        return named
    if FILE.is_file():
        return FILE
    raise click.MissingParameter(f"There is no {FILE} in the present folder.", ctx=context, param=parameter)


def load_target(path: Path, *, adapter: str | None = None) -> TargetConfig:
    """As `hypercare.target_file.loading.load_target`, and a line for each key that has another name today."""
    config = loading.load_target(path, adapter=adapter)
    for line in config.origin.old_names:
        click.echo(f"hypercare: {line}", err=True)
    choose(config.reports.language)
    return config
