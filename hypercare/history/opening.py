"""Where the history of a target lies."""

from __future__ import annotations

from pathlib import Path

from hypercare.history.store import History
from hypercare.target.config import TargetConfig


def open_history(config: TargetConfig, reports: Path) -> History:
    """The history that rounds, probes and commands of this target share; nothing is opened before it is used."""
    return History(reports / "history.sqlite", config.key)
