"""Since when processes run, where an API's own answers or the database tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import sleep
from typing import Any

from sqlalchemy import column, func, select, table

from hypercare.api.api import Api
from hypercare.database.database import Database
from hypercare.outcome.finding import Row
from hypercare.outcome.signals import CheckFailed, NotCovered
from hypercare.plan.calendar import Period
from hypercare.target_file.config import Endpoint
from hypercare.target_file.open_hours import open_time
from hypercare.target_file.target import Target

_TELLS_OF_ITSELF = re.compile(
    r"(?<![a-z])(?:health(?:z|check)?|status|info|actuator|metrics|version|uptime|ping|ready(?:z|ness)?|live(?:z|ness)?)"
    r"(?![a-z])",
    re.IGNORECASE,
)
_UPTIME = re.compile(r"^(?:process_?|server_?)?up_?time(?:_?(?P<unit>s|sec|seconds|ms|millis|milliseconds))?$", re.I)
_STARTED = re.compile(r"^(?:process_?|server_?)?(?:started|start|boot)(?:ed)?_?(?:at|time|on)$", re.IGNORECASE)
# What stands in a part of any other name began by itself: a job, an import, a session of somebody.
_OF_A_PROCESS = re.compile(
    r"^(?:process|server|service|app|application|api|backend|system|instance|runtime|jvm|node|info|health|status|details?"
    r"|data|result|meta|build|uptime)$",
    re.IGNORECASE,
)
_DEEP = 3
# After so many seconds the answer is got once more: one process says the same start, and one that counts in minutes, or
# in days, another. Two that take turns behind one address do as well.
_PAUSE_S, _SAME = 3.0, timedelta(seconds=2)
# A number of seconds since 1970 is no uptime, and an instant is no number of a few seconds.
_LONGEST_UPTIME = timedelta(days=3650)


@dataclass(frozen=True)
class ProcessStart:
    """Since when what runs, by what says so."""

    what: str
    at: datetime
    says: str

    def row(self) -> Row:
        return {"what": self.what, "running_since": self.at.isoformat(timespec="seconds"), "by": self.says}


def started_in_opening_hours(starts: list[ProcessStart], target: Target, period: Period) -> list[ProcessStart]:
    """Those in a period, amid stated opening hours and no maintenance of the whole system."""
    business = target.config.business
    return [
        one for one in starts
        if one.at in period
        and open_time(business, one.at - timedelta(seconds=1), one.at)
        and not any(one.at in away for away in target.worked_on)
    ]  # fmt: skip


def start_of_database(database: Database) -> ProcessStart:
    """Since when the server of the database runs.

    Raises:
        NotCovered: it is a file, or the engine does not tell.
    """
    require_real_time(database.target)
    try:
        found = _told_by_engine(database)
    except CheckFailed:  # an account that may not see it
        found = None
    if found is not None:
        return found
    raise NotCovered(
        "The database does not tell since when its server runs.",
        remedy="Nothing to mend: the logs and the API are asked instead.",
    )


def _told_by_engine(database: Database) -> ProcessStart | None:
    if database.dialect == "postgresql":
        at = database.value(select(func.pg_postmaster_start_time()), about="when the database server was started")
        return ProcessStart("the database server", at, "pg_postmaster_start_time()")
    if database.dialect in {"mysql", "mariadb"}:
        status = table(
            "global_status",
            column("variable_name"),
            column("variable_value"),
            schema="information_schema" if _is_mariadb(database) else "performance_schema",
        )
        seconds = database.value(
            select(status.c.variable_value).where(func.lower(status.c.variable_name) == "uptime"),
            about="how long the database server has been up",
        )
        if seconds is not None:
            at = datetime.now(UTC) - timedelta(seconds=float(seconds))
            return ProcessStart("the database server", at, "its status Uptime")
    return None


def starts_told_by_api(api: Api, *, pause: Callable[[float], None] = sleep) -> list[ProcessStart]:
    """What the API's own answers about itself say, asked twice of the endpoints that are open to everybody.

    Raises:
        NotCovered: none of them says so.
        ChannelDown: the API does not answer.
    """
    require_real_time(api.target)
    found: list[ProcessStart] = []
    for endpoint in api.endpoints:
        if not _tells_of_itself(endpoint):
            continue
        first = _starts_told_by(api, endpoint)
        if first:
            pause(_PAUSE_S)
            told = agreed(first, _starts_told_by(api, endpoint))
            found += [ProcessStart(f"what answers as {endpoint.name}", at, f"its {path}") for path, at in told.items()]
    if not found:
        raise NotCovered(
            "No endpoint of the API tells since when its process runs.",
            remedy='Let a health endpoint say "uptime_seconds" or "started_at", and name it in [[api.endpoints]].',
        )
    return found


def _tells_of_itself(endpoint: Endpoint) -> bool:
    is_open = endpoint.method == "GET" and endpoint.as_role is None
    return is_open and _TELLS_OF_ITSELF.search(f"{endpoint.name} {endpoint.path}") is not None


def _starts_told_by(api: Api, endpoint: Endpoint) -> Mapping[str, datetime]:
    document = api.check_endpoint(endpoint).exchange.json
    return dict(starts_in(document, datetime.now(UTC)))


def agreed(first: Mapping[str, datetime], again: Mapping[str, datetime]) -> Mapping[str, datetime]:
    """The starts of which two answers say the same."""
    return {path: at for path, at in first.items() if path in again and abs(again[path] - at) <= _SAME}


def starts_in(document: Any, now: datetime, path: str = "", deep: int = _DEEP) -> Iterator[tuple[str, datetime]]:
    """Each place of a document that says since when a process runs, with the instant; "process.uptime" and its kin."""
    if not isinstance(document, Mapping):
        return
    for name, value in document.items():
        here = f"{path}.{name}".lstrip(".")
        if isinstance(value, Mapping):
            if deep and _OF_A_PROCESS.match(str(name)):
                yield from starts_in(value, now, here, deep - 1)
        elif (match := _UPTIME.match(str(name))) is not None:
            seconds = _seconds(value, match["unit"])
            if seconds is not None:
                yield here, now - seconds
        elif _STARTED.match(str(name)) and isinstance(value, str):
            with suppress(ValueError):
                at = datetime.fromisoformat(value)
                if at.tzinfo is not None:
                    yield here, at.astimezone(UTC)


def require_real_time(target: Target) -> None:
    """Raises NotCovered where the target lives by a clock of its own, as its processes do not."""
    if target.config.business.clock is not None or target.is_replay:
        raise NotCovered(
            "Since when processes run is told in real time, and this is judged as of another.",
            remedy="Nothing to mend: the logs are asked instead.",
        )


def _seconds(value: object, unit: str | None) -> timedelta | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        return None
    length = timedelta(milliseconds=value) if unit and unit.lower().startswith("m") else timedelta(seconds=value)
    return length if length < _LONGEST_UPTIME else None


def _is_mariadb(database: Database) -> bool:
    return bool(getattr(database.engine.dialect, "is_mariadb", False))
