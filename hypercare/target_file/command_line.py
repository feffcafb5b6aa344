"""Command lines about a target, as a person can paste them: with the target file as it was given."""

from __future__ import annotations

import shlex
from pathlib import Path

from hypercare.target_file.config import TargetConfig

DEFAULT_REPORTS = Path("reports")


def command_line(config: TargetConfig, words: str, *, reads_history: bool = True) -> str:
    """ "hypercare ack 12 --by NAME --target shop.toml"; a path with a space is quoted for the shell."""
    return f"hypercare {words} {options_of(config, reads_history=reads_history)}".rstrip()


def options_of(config: TargetConfig, *, reads_history: bool = True) -> str:
    """The options that name the target and, where it lies with the reports and not in the usual place, its history."""
    origin = config.origin
    options = [] if origin.file is None else ["--target", str(origin.file)]
    beside_reports = config.history is None or config.history.url is None
    if reads_history and beside_reports and origin.reports is not None and origin.reports != DEFAULT_REPORTS:
        options += ["--reports", str(origin.reports)]
    return shlex.join(options)
