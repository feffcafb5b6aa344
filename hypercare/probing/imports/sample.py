"""One look of another prober, as its file tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from hypercare.uptime.state import State


class UnreadableFile(Exception):
    """The file is not what it was said to be; the message is one line."""


@dataclass(frozen=True)
class ImportedSample:
    """`series` is what the file calls the thing that was looked at, `url` its address where the file has one.

    `way` and `branch` are given where the file itself uses our words. `interval` is None where the file does not say
    how often it looked; `last` is set where one entry stands for a stretch of time.
    """

    series: str
    at: datetime
    state: State
    confirmed: bool = True
    says: str = ""
    latency_ms: float | None = None
    interval: timedelta | None = None
    last: datetime | None = None
    way: str = ""
    branch: str = ""
    url: str = ""
