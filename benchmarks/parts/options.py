"""What a run of the benchmark was asked for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """`sizes` from small to large; `pairs` is how often each comparison is repeated."""

    sizes: tuple[str, ...] = ("100k", "1m", "5m")
    pairs: int = 5
    megabytes: int = 1024
    """How large the logs are."""
