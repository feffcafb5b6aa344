"""An access log whose lines are made of what a test says of each day."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from hypercare.target_file.sections.logs import LogSource
from tests.standins.frozen_target import NOON

Request = tuple[datetime, str, float | None]


def days_of(
    number: int, took_ms: float, *, route: str = "/sales", many: int = 40, jitter: float = 0.2
) -> list[Request]:
    """So many requests on each of the last days up to noon today, oldest first."""
    return [
        (at, route, took_ms * (1 + jitter * ((place * 7) % 11 - 5) / 5))
        for day in reversed(range(number))
        for place, at in enumerate(_moments(NOON - timedelta(days=day), many))
    ]


def _moments(until: datetime, many: int) -> Iterator[datetime]:
    start = until - timedelta(hours=3)
    return (start + timedelta(hours=3) * place / many for place in range(many))


def written(folder: Path, requests: Iterable[Request], *, add: bool = False, name: str = "access") -> LogSource:
    lines = [
        {"at": at.isoformat(), "method": "GET", "route": route, "status": 200, "channel": "web", "user": "ana"}
        | ({} if took is None else {"duration_ms": round(took, 3)})
        for at, route, took in sorted(requests, key=lambda one: one[0])
    ]
    path = folder / f"{name}.jsonl"
    with path.open("a" if add else "w", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)
    return LogSource(name=name, path=path, holds="access")
