"""The lines that a day's work leaves in the application's and the access log."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import NormalDist
from typing import Any

from demo_erp.logs import Logs, access_record, app_record
from demo_erp.traffic.events import Event, PlannedSale
from demo_erp.traffic.routes import API, REMARKS, WEB, UsualRequest
from demo_erp.traffic.work import Work

TAIL_BYTES = 2_500_000  # more than one batch ever writes
_TRACE = re.compile(rb'"trace_id": "([0-9a-f]{32})"')
_NORMAL = NormalDist()
_SPREAD = 0.45  # of the logarithm of a duration
_LONGEST_MS = 420.0

_NOT_SIGNED_IN_YET = frozenset({"login", "login.wrong"})

Record = dict[str, Any]


class Trail:
    """Writes the log lines of batches; after a restart it leaves out those that are there already."""

    def __init__(self, logs: Logs) -> None:
        self.logs = logs
        self._in_doubt = True  # whether lines of the coming batch may stand in the logs

    def write(self, events: Sequence[Event], work: Work) -> None:
        """The lines of a batch, written before its commit: cut off in between, the batch is done over and finds them.

        The other way round a line could be lost for good.
        """
        access = [line for event in events if (line := _access_line(event, work)) is not None]
        app = [line for event in events if (line := _app_line(event, work)) is not None]
        for lines, records in ((self.logs.access_lines, access), (self.logs.app_lines, app)):
            lines.append(self._not_yet_written(lines.path, records))
        self._in_doubt = False

    def doubt(self) -> None:
        """A batch was not committed: its lines may stand in the logs."""
        self._in_doubt = True

    def _not_yet_written(self, path: Path, records: list[Record]) -> Iterable[Record]:
        if not self._in_doubt:
            return records
        there = set(_TRACE.findall(_tail(path)))
        return [record for record in records if record["trace_id"].encode() not in there]


def _tail(path: Path) -> bytes:
    """The end of a log, reaching back into the one before it when it has just been rotated."""
    found = b""
    for part in (path, path.with_name(f"{path.name}.1")):
        if part.exists() and len(found) < TAIL_BYTES:
            with part.open("rb") as file:
                file.seek(max(0, part.stat().st_size - TAIL_BYTES))
                found = file.read() + found
    return found


def _access_line(event: Event, work: Work) -> Record | None:
    usual = _usual_request(event)
    if usual is None or event.actor is None:
        return None
    try:
        path = usual.route.format(**work.path_ids.get(event.trace_id, {}))
    except KeyError:  # nothing was done: what it was about is gone
        return None
    chance = int(event.trace_id[:12], 16) / 16**12
    return access_record(
        event.at,
        method=usual.method,
        path=path,
        route=usual.route,
        status=usual.status,
        duration_ms=_duration(usual.usual_ms, chance),
        channel=event.channel,
        user=None if event.kind in _NOT_SIGNED_IN_YET else event.actor.username,
        trace_id=event.trace_id,
        size=round(usual.usual_bytes * (0.8 + 0.4 * int(event.trace_id[12:20], 16) / 16**8)),
    )


def _usual_request(event: Event) -> UsualRequest | None:
    kind = event.subject if event.kind == "glance" else event.kind
    return (API if event.channel in ("mobile", "api") else WEB).get(kind)


def _duration(usual_ms: float, chance: float) -> float:
    """Mostly about the usual, now and then a few times that, never out of hand."""
    factor = math.exp(_SPREAD * _NORMAL.inv_cdf(min(max(chance, 1e-6), 1 - 1e-6)))
    return min(usual_ms * factor, _LONGEST_MS)


def _app_line(event: Event, work: Work) -> Record | None:
    remark = REMARKS.get(event.kind)
    if remark is None:
        return None
    level, logger, words = remark
    number = ""
    if isinstance(event.subject, PlannedSale):
        record = work.records.sales.get(event.subject.reference)
        if record is None or (event.kind != "sale.refused" and record.row["number"] is None):
            return None
        number = record.row["number"] or ""
    return app_record(
        event.at,
        level,
        logger,
        words.format(number=number, who=event.actor.full_name if event.actor else "the system"),
        trace_id=event.trace_id,
        user=event.actor.username if event.actor else None,
        branch=event.actor.branch.code if event.actor and event.actor.branch else None,
    )
