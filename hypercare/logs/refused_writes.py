"""Requests that save something and are refused by the server now, of every kind, although they were taken before."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypercare.logs.requests import Request
from hypercare.outcome.finding import Row
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period

_SAVING = {"POST", "PUT", "PATCH", "DELETE"}
# Whoever logs in saves nothing that the business would miss, and may well be let in without a write.
_OF_LOG_INS = re.compile(r"log[-_]?(?:in|out|on|off)|sign[-_]?(?:in|out)|auth|token|session|refresh", re.IGNORECASE)
_STILL = timedelta(hours=1)
_TAKEN_BEFORE, _REFUSED_SINCE = 2, 2
_KINDS, _IN_ALL = 2, 5
_WORKING_MOST = 0.25  # of the kinds that are refused; beyond that, one part is broken and not the saving


@dataclass
class _Kind:
    """What became of one kind of request, in the order of time."""

    taken: int = 0
    refused: int = 0  # since it was last taken
    last_taken: datetime | None = None
    first_refused: datetime | None = None
    last_refused: datetime | None = None
    status: int = 0

    def add(self, at: datetime, status: int) -> None:
        if 200 <= status < 400:
            self.taken += 1
            self.refused, self.last_taken, self.first_refused = 0, at, None
        elif status >= 500:
            self.refused += 1
            self.first_refused = self.first_refused or at
            self.last_refused, self.status = at, status

    @property
    def is_refused(self) -> bool:
        return self.taken >= _TAKEN_BEFORE and self.refused >= _REFUSED_SINCE


@dataclass
class RefusedWrites:
    """Takes requests in as they are read from the logs of a period."""

    period: Period
    source: str
    kinds: dict[str, _Kind] = field(default_factory=dict)
    last_shown: datetime | None = None

    def add(self, request: Request) -> None:
        at, method = request.record.at, request.method.upper()
        if at is None:
            return
        if method in _SAVING and not _OF_LOG_INS.search(request.route):
            self.kinds.setdefault(f"{method} {request.route}", _Kind()).add(at, request.status)
        elif method == "GET" and 200 <= request.status < 400:
            self.last_shown = max(self.last_shown or at, at)

    def found(self) -> Found:
        """What is refused now; nothing where saving works, or where nothing at all does.

        Raises:
            NotCovered: no request saved anything in the period.
        """
        if not any(kind.taken or kind.refused for kind in self.kinds.values()):
            raise NotCovered(
                f"No request of the last day that saves something stands in {self.source}.",
                remedy="Name the access log of the server that people save at as [[logs]]; if it lacks the "
                "method or the"
                " status of a request, have them written.",
            )
        refused = {name: kind for name, kind in self.kinds.items() if kind.is_refused}
        if not self._is_everything(list(refused.values())):
            return Found(count=0, where=self.source)
        rows = [_row(name, kind) for name, kind in sorted(refused.items(), key=lambda one: -one[1].refused)]
        return Found(
            count=sum(kind.refused for kind in refused.values()),
            of=sum(kind.taken + kind.refused for kind in self.kinds.values()),
            sample=rows,
            where=self.source,
        )

    def _is_everything(self, refused: list[_Kind]) -> bool:
        if len(refused) < _KINDS or sum(kind.refused for kind in refused) < _IN_ALL:
            return False
        since = max(kind.first_refused for kind in refused if kind.first_refused)
        lately = max(kind.last_refused for kind in refused if kind.last_refused)
        working = [kind for kind in self.kinds.values() if kind.last_taken is not None and kind.last_taken > since]
        return (
            lately >= self.period.end - _STILL
            and self.last_shown is not None
            and self.last_shown >= since
            and len(working) <= _WORKING_MOST * len(refused)
        )


def _row(name: str, kind: _Kind) -> Row:
    assert kind.first_refused is not None
    return {
        "request": name,
        "refused": kind.refused,
        "since": kind.first_refused.isoformat(timespec="seconds"),
        "status": kind.status,
        "taken before": kind.taken,
    }
