"""The target file of a command: what it says by old names is told on standard error."""

from __future__ import annotations

from pathlib import Path

import click

from hypercare.target_file import loading
from hypercare.target_file.config import TargetConfig


def load_target(path: Path, *, adapter: str | None = None) -> TargetConfig:
    """As `hypercare.target_file.loading.load_target`, and a line for each key that has another name today."""
    config = loading.load_target(path, adapter=adapter)
    for line in config.origin.old_names:
        click.echo(f"hypercare: {line}", err=True)
    return config
