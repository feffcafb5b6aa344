"""One go over all endpoints, within a time of its own: what answers, what is slow, what is lost on the way."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Protocol

from hypercare.api.endpoints import EndpointResult, EndpointResults, Losses, refusal_judged
from hypercare.http.exchange import Exchange
from hypercare.http.reachability import Unfinished
from hypercare.outcome.signals import ChannelDown, NotCovered
from hypercare.target_file.config import ApiSection, Endpoint
from hypercare.target_file.target import Target

# A check is looked at twice, and must say what it found before it is ended itself.
_SHARE_OF_LIMIT = 0.3
_LEAST_TIME = timedelta(seconds=0.2)
_ASKED_AGAIN = 4  # times, where an endpoint gave no answer
_A_FEW = 10  # requests in all, so that one in five that is lost does not hide
_SAMPLE = 20  # more, by which the share of those that are lost is told
_LONGEST_SAMPLING = 15.0  # seconds


class EndpointApi(Protocol):
    """What asks the endpoints of one API. `has_lost` is whether an answer was lost on the way before."""

    target: Target
    has_lost: bool

    @property
    def section(self) -> ApiSection: ...
    @property
    def endpoints(self) -> tuple[Endpoint, ...]: ...

    def check_endpoint(
        self, endpoint: Endpoint, timeout: timedelta | None = None, *, once_more: bool = True
    ) -> EndpointResult: ...

    def ask(self, endpoint: Endpoint, *, headers: Mapping[str, str], timeout: timedelta | None = None) -> Exchange: ...


class EndpointRound:
    """Asks each request once, and not again behind the scenes: what is lost is to be counted."""

    def __init__(self, api: EndpointApi) -> None:
        self._api = api
        self._ends = time.monotonic() + api.target.config.rounds.check_limit.total_seconds() * _SHARE_OF_LIMIT
        self._results: list[EndpointResult] = []
        self._left_out: list[tuple[str, NotCovered]] = []
        self._silent: list[tuple[Endpoint, ChannelDown]] = []
        self._requests_sent = self._lost = 0
        self._how = ""

    def ask_all(self, *, sampling: bool = True) -> EndpointResults:
        """Ask every endpoint; one that gives no answer, again. `sampling` is whether to look for what gets lost.

        Raises:
            ChannelDown: none of them gives any answer.
        """
        for endpoint in self._api.endpoints:
            with self._as_far_as_it_goes(endpoint):
                self._results.append(self._result_of(endpoint))
        without = [
            result for result in (self._result_of_retry(*silent) for silent in self._silent) if result is not None
        ]
        self._raise_if_nothing_answers()
        if sampling:
            self._sample(_A_FEW - self._requests_sent)
        if sampling and (self._lost or self._api.has_lost):
            self._sample(_SAMPLE)
        return EndpointResults(
            [*self._results, *without], self._left_out, Losses(self._lost, self._requests_sent, self._how)
        )

    def ask_all_without_log_in(self) -> EndpointResults:
        """Ask every endpoint that wants a log-in without one: none may tell or do anything."""
        guarded = [endpoint for endpoint in self._api.endpoints if endpoint.as_role]
        if not guarded:
            raise NotCovered(
                "No endpoint that needs a log-in is named.", remedy="Give one of [[api.endpoints]] as_role."
            )
        for endpoint in guarded:
            with self._as_far_as_it_goes(endpoint):
                exchange = self._api.ask(endpoint, headers={}, timeout=self._time_for(endpoint))
                self._results.append(EndpointResult(endpoint, exchange, refusal_judged(endpoint, exchange)))
        self._raise_if_nothing_answers()
        for endpoint, down in self._silent:
            self._left_out.append((endpoint.name, NotCovered(down.finding.sentence, remedy=down.finding.next_step)))
        return EndpointResults(self._results, self._left_out)

    def _raise_if_nothing_answers(self) -> None:
        gone = [down for _, down in self._silent if not isinstance(down, Unfinished)]
        if gone and len(gone) == len(self._silent) and not self._results and not self._left_out:
            raise gone[0]

    @contextmanager
    def _as_far_as_it_goes(self, endpoint: Endpoint) -> Iterator[None]:
        try:
            yield
        except NotCovered as gap:
            self._left_out.append((endpoint.name, gap))
        except ChannelDown as down:
            self._silent.append((endpoint, down))

    def _result_of(self, endpoint: Endpoint) -> EndpointResult:
        timeout = self._time_for(endpoint)
        self._requests_sent += 1
        return self._api.check_endpoint(endpoint, timeout, once_more=False)

    def _time_for(self, endpoint: Endpoint) -> timedelta:
        left = timedelta(seconds=self._ends - time.monotonic())
        if left < _LEAST_TIME:
            raise NotCovered(
                "The others took so long that there was no time left to ask it.",
                remedy="See which of them are slow, or raise [rounds] check_limit.",
            )
        return min(patience_with(endpoint, self._api.section.timeout), left)

    def _result_of_retry(self, endpoint: Endpoint, down: ChannelDown) -> EndpointResult | None:
        """None when it answers after all: then its look is among the others."""
        if isinstance(down, Unfinished):
            return self._without_answer(endpoint, down, [])
        lost = 1
        while _broke_off(down) and endpoint.method in {"GET", "HEAD"} and lost <= _ASKED_AGAIN:
            try:
                self._results.append(self._result_of(endpoint))
            except NotCovered:
                break
            except ChannelDown as again:
                down, lost = again, lost + 1
            else:
                self._lost, self._how = self._lost + lost, reason_of(down)
                return None
        return self._without_answer(endpoint, down, [f"gives no answer: {reason_of(down)}"])

    def _sample(self, many: int) -> None:
        """Ask the quick ones again, this many times in all."""
        quick = [result.endpoint for result in self._results if result.endpoint.method == "GET" and not result.is_slow]
        until = min(self._ends, time.monotonic() + _LONGEST_SAMPLING)
        for endpoint in itertools.islice(itertools.cycle(quick), max(0, many)):
            if time.monotonic() > until:
                break
            try:
                self._result_of(endpoint)
            except NotCovered:
                break
            except ChannelDown as down:
                self._lost, self._how = self._lost + 1, reason_of(down)

    def _without_answer(self, endpoint: Endpoint, down: ChannelDown, troubles: list[str]) -> EndpointResult:
        seconds = max(patience_with(endpoint, self._api.section.timeout), endpoint.timeout * 2).total_seconds()
        exchange = Exchange(
            method=endpoint.method,
            url=down.finding.where,
            status=0,
            seconds=seconds if isinstance(down, Unfinished) else 0.0,
            request_headers={},
            request_body=None,
            headers={},
            text="",
            json=None,
            is_json=False,
        )
        return EndpointResult(endpoint, exchange, troubles)


def patience_with(endpoint: Endpoint, timeout: timedelta) -> timedelta:
    return max(endpoint.timeout * 2, timeout)


def reason_of(down: ChannelDown) -> str:
    """Why, without the words of whoever found it."""
    return down.finding.detail or down.finding.sentence


def _broke_off(down: ChannelDown) -> bool:
    return "time limit" not in reason_of(down)
