"""The parts of the table, a module each; `PARTS` names them in the order of the page."""

from __future__ import annotations

from dataclasses import dataclass

PARTS = ("evening", "detection", "engines", "desk", "browser", "logs", "rounds", "reports", "packages")


@dataclass(frozen=True)
class Options:
    """What a run was asked for: `sizes` from small to large; `pairs` is how often each comparison is repeated."""

    sizes: tuple[str, ...] = ("100k", "1m", "5m")
    pairs: int = 5
    megabytes: int = 1024
    """How large the logs are."""
