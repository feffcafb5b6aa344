"""What the checks of one round ask of the requests of a period, taken from the lines in one reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from fnmatch import fnmatchcase

from hypercare.http.exchange import AGENT, PROBE_AGENT
from hypercare.logs.request_use import RequestUse
from hypercare.logs.requests import Request, Requests
from hypercare.logs.timeouts import timeout_in_request
from hypercare.outcome.finding import MOST_ROWS, Row
from hypercare.outcome.found import Found
from hypercare.outcome.intake import took_in


@dataclass
class _Rows:
    """How many there are, and the first few."""

    count: int = 0
    sample: list[Row] = field(default_factory=list)

    def add(self, row: Row) -> None:
        self.count += 1
        if len(self.sample) < MOST_ROWS:
            self.sample.append(row)


@dataclass
class RequestPass:
    """Takes requests in as they are read. Of those of `trials`, users of synthetic transactions, and of probers the
    figures in `requests` tell nothing; `limit` is from how long on one counts as timed out.

    `asked` are the questions that were answered from it: one that asks again wants a new reading.
    """

    requests: Requests
    trials: Sequence[str]
    limit: timedelta
    use: RequestUse = field(default_factory=RequestUse)
    failed: _Rows = field(default_factory=_Rows)
    timed_out: _Rows = field(default_factory=_Rows)
    asked: set[str] = field(default_factory=set)
    _read: list[tuple[str, int, int]] = field(default_factory=list)

    def add(self, request: Request) -> None:
        if is_of_people(request, self.trials):
            self.requests.add(request)
            self.use.add(request)
        if 500 <= request.status <= 599:
            self.failed.add(_failed(request))
        row = timeout_in_request(request, self.limit)
        if row is not None:
            self.timed_out.add(row)

    def note_read(self, log: str, lines: int, understood: int) -> None:
        """Note how much of a log was read."""
        self._read.append((log, lines, understood))

    def tell_what_was_read(self) -> None:
        """Tell it for the check that runs: each that is answered from this reading looked at as much."""
        for log, lines, understood in self._read:
            took_in(log, "requests", lines, understood)

    def found(self, rows: _Rows) -> Found:
        return Found(count=rows.count, sample=rows.sample, where=self.requests.source)


def _failed(request: Request) -> Row:
    record = request.record
    return {
        "at": "" if record.at is None else record.at.isoformat(timespec="seconds"),
        "request": f"{request.method} {request.route}".strip(),
        "status": request.status,
        "channel": request.channel,
        "trace": record.trace_id,
    }


def is_of_people(request: Request, trials: Sequence[str]) -> bool:
    """Whether a request is neither of a user of `trials` nor of a round or a prober, as far as its line tells."""
    is_of_a_trial = bool(request.user) and any(fnmatchcase(request.user, name) for name in trials)
    return not is_of_a_trial and not _is_of_ours(request)


def _is_of_ours(request: Request) -> bool:
    record = request.record
    by_name = any(agent in record.fields.values() for agent in (AGENT, PROBE_AGENT))
    return by_name or PROBE_AGENT in record.text or f'"{AGENT}"' in record.text
