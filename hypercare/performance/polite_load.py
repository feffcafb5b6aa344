"""A little load on the API, where that is switched on: one request after the other, at a bounded pace, and no longer
once it is too much."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from hypercare.api.api import Api
from hypercare.http.exchange import Exchange
from hypercare.outcome.signals import NotCovered
from hypercare.performance.histogram import Histogram
from hypercare.target_file.config import Endpoint

_LATE_IN_A_ROW = 3
_TOO_MANY = 429


@dataclass
class LoadTrial:
    """How many requests were sent and answered, and why it was ended early; empty where it was not."""

    in_time: timedelta
    sent: int = 0
    ended_early: str = ""
    is_throttled: bool = False
    took: Histogram = field(default_factory=Histogram)
    _late: int = 0

    def note(self, exchange: Exchange) -> None:
        self.sent += 1
        self.took.add(exchange.seconds * 1000)
        self._late = self._late + 1 if exchange.seconds > self.in_time.total_seconds() else 0
        self.is_throttled = exchange.status == _TOO_MANY
        if self.is_throttled or exchange.status >= 500:
            self.ended_early = f"it answered {exchange.status}"
        elif self._late >= _LATE_IN_A_ROW:
            self.ended_early = f"{_LATE_IN_A_ROW} answers in a row were late"

    @property
    def p95_ms(self) -> float:
        return self.took.at_share(0.95)


def polite_load(api: Api) -> LoadTrial:
    """Ask the first endpoint that only reads and is open to everybody, at [api] load_rate for load_for.

    Raises:
        NotCovered: it is not switched on, no such endpoint is named, or a rate limit lets no more through.
        ChannelDown: the API does not answer.
    """
    section = api.section
    if not section.load_rate:
        raise NotCovered(
            "No load is put on the API: that is not switched on.",
            remedy="Nothing to mend: headroom is told from what was served. [api] load_rate would try it out.",
        )
    endpoint = next((one for one in api.endpoints if one.method == "GET" and one.as_role is None), None)
    if endpoint is None:
        raise NotCovered(
            "No endpoint that only reads is open to everybody, so that no load is put on any.",
            remedy="Name one in [[api.endpoints]] without as_role.",
        )
    api.target.hold_back(f"put some load on the API ({section.load_rate:g} requests a second)")
    trial = LoadTrial(api.target.config.limits.response_p95)
    paced(trial, lambda: _asked(api, endpoint), section.load_rate, section.load_for)
    if trial.is_throttled:
        raise NotCovered(
            f"A rate limit of the API lets no {section.load_rate:g} requests a second through from one address; after "
            f"{trial.sent} it answered {_TOO_MANY}, which tells nothing of what it carries.",
            remedy="Let the suite's address through the rate limit, or lower [api] load_rate.",
        )
    return trial


def paced(
    trial: LoadTrial,
    ask: Callable[[], Exchange],
    rate: float,
    length: timedelta,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> LoadTrial:
    """One request at a time, no more than `rate` a second and no longer than `length`; none that was missed is made up
    for."""
    begun = clock()
    until = begun + length.total_seconds()
    due = begun
    while not trial.ended_early and due < until:
        pause = due - clock()
        if pause > 0:
            sleep(pause)
        trial.note(ask())
        due = max(due + 1 / rate, clock())
    return trial


def _asked(api: Api, endpoint: Endpoint) -> Exchange:
    path = api.moment().filled(endpoint.path)
    return api.send("GET", path, name=endpoint.name, once_more=False, waits=False)
