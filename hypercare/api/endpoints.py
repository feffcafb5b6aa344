"""The answers of the API's endpoints, judged."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from hypercare.api.json_shape import Moment, misfits
from hypercare.api.own_health import data_troubles
from hypercare.http.exchange import Exchange, short
from hypercare.outcome.durations import rounded_duration
from hypercare.outcome.found import Found
from hypercare.outcome.level import Level
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.config import Endpoint

_CLOCKS_DIFFER_BY = timedelta(minutes=2)


@dataclass(frozen=True)
class EndpointResult:
    """One endpoint with its answer; `troubles` are phrases, none when it is right."""

    endpoint: Endpoint
    exchange: Exchange
    troubles: Sequence[str]

    @property
    def is_slow(self) -> bool:
        return self.exchange.seconds > self.endpoint.timeout.total_seconds()

    def row(self) -> dict[str, object]:
        return {
            "endpoint": self.endpoint.name,
            "request": f"{self.exchange.method} {self.exchange.url}",
            "status": self.exchange.status or "none",
            "milliseconds": round(self.exchange.seconds * 1000),
            "limit": round(self.endpoint.timeout.total_seconds() * 1000),
            "trouble": "; ".join(self.troubles),
        }


@dataclass(frozen=True)
class EndpointTrouble:
    """Endpoints that are not as they should be, out of all that were asked."""

    results: Sequence[EndpointResult]
    of: int
    where: str

    @property
    def found(self) -> Found:
        return Found(count=self.count, of=self.of, sample=self.sample, where=self.where)

    @property
    def count(self) -> int:
        return len(self.results)

    @property
    def sample(self) -> Sequence[dict[str, object]]:
        return [result.row() for result in self.results]

    @property
    def first(self) -> str:
        """The first trouble in words: "the branches endpoint answers 500"."""
        if not self.results:
            return ""
        result = self.results[0]
        if result.troubles:
            return f"{result.endpoint.name!r} {result.troubles[0]}"
        taken, limit = result.exchange.seconds, result.endpoint.timeout.total_seconds()
        how = "its answer had not ended after" if not result.exchange.status else "it took"
        return f"{result.endpoint.name!r}: {how} {taken:.1f} s, where {limit:g} s is the limit"


@dataclass(frozen=True)
class Losses:
    """Requests that got no answer, out of all that were sent to endpoints which answer at other times; `how` says what
    became of the last."""

    count: int = 0
    of: int = 0
    how: str = ""
    where: str = "the API"

    @property
    def found(self) -> Found:
        return Found(count=self.count, of=self.of, where=self.where)

    @property
    def share(self) -> str:
        """ "one in five"."""
        one_in = round(self.of / self.count) if self.count else 0
        if one_in < 2:
            return "nearly every one"
        words = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
        return f"one in {words[one_in - 2]}" if one_in <= len(words) + 1 else f"one in {one_in}"

    @property
    def level(self) -> Level:
        return Level.L3 if self.count * 2 > self.of else Level.L2


@dataclass(frozen=True)
class EndpointResults:
    """What one go over the endpoints showed, and the endpoints that could not be asked, with the reason."""

    results: Sequence[EndpointResult]
    left_out: Sequence[tuple[str, NotCovered]]
    losses: Losses = Losses()

    def answering_wrongly(self) -> EndpointTrouble:
        return self._those([result for result in self.results if result.troubles])

    def too_slow(self) -> EndpointTrouble:
        return self._those([result for result in self.results if result.is_slow])

    def require_all_asked(self) -> None:
        """Raises NotCovered when an endpoint could not be asked or judged: what was not looked at does not pass."""
        if self.left_out:
            names = ", ".join(name for name, _ in self.left_out)
            raise NotCovered(f"Not judged: {names}. {self.left_out[0][1].reason}", remedy=self.left_out[0][1].remedy)

    def _those(self, results: Sequence[EndpointResult]) -> EndpointTrouble:
        where = ", ".join(dict.fromkeys(result.exchange.url for result in results[:3]))
        return EndpointTrouble(results, of=len(self.results), where=where)


def judged(endpoint: Endpoint, exchange: Exchange, moment: Moment) -> list[str]:
    """What is wrong with an answer, the plainest first."""
    if exchange.status != endpoint.status:
        reported_error = exchange.error_in_body
        return [
            f"answers {exchange.status} where {endpoint.status} is right"
            + (f" ({reported_error})" if reported_error else "")
        ]
    stale = _stale(endpoint, exchange)
    if stale or endpoint.method == "HEAD" or exchange.status in {204, 304}:
        return stale
    error = exchange.error_in_body
    if error is not None and "error" not in endpoint.expect:
        return [f"answers {exchange.status} but says: {error}"]
    unwell = data_troubles(exchange.json, endpoint.expect)
    if unwell:
        return unwell
    if not endpoint.expect:
        return _unexpected_body(exchange)
    if exchange.looks_like_a_page:
        return ["answers with a web page where JSON is right"]
    if not exchange.is_json:
        return [f"answers with something that is not JSON: {short(exchange.text, 60) or 'nothing'}"]
    return misfits(exchange.json, endpoint.expect, moment)


def _stale(endpoint: Endpoint, exchange: Exchange) -> list[str]:
    """Whether the answer is older than it may be: by what caches say of it, or by when it was made."""
    if endpoint.max_age is None:
        return []
    ages = [
        timedelta(seconds=int(seconds)) for seconds in (exchange.headers.get("age", "").strip(),) if seconds.isdigit()
    ]
    with suppress(ValueError):
        made = parsedate_to_datetime(exchange.headers.get("date", ""))
        # Clocks differ: by less than that nothing is said.
        ages.append(datetime.now(UTC) - made.replace(tzinfo=made.tzinfo or UTC) - _CLOCKS_DIFFER_BY)
    age = max(ages, default=timedelta(0))
    if age <= endpoint.max_age:
        return []
    return [f"answers with what is {rounded_duration(age)} old, where {rounded_duration(endpoint.max_age)} is the most"]


def refusal_judged(endpoint: Endpoint, exchange: Exchange) -> list[str]:
    """What is wrong with an answer to somebody who did not log in: only one that tells or does something.

    Raises:
        NotCovered: the API was too busy or too broken to say whether it asks for a log-in.
    """
    status = exchange.status
    if status == 429 or status >= 500:
        raise NotCovered(
            f"It answered {status} to somebody who is not logged in, which does not show whether it asks for a log-in.",
            remedy="Run the check again once the API answers.",
        )
    if not 200 <= status < 300 or exchange.error_in_body:
        return []
    if endpoint.method == "GET" and _tells_nothing(endpoint, exchange):
        return []
    return [f"answers {status} to somebody who is not logged in"]


def _tells_nothing(endpoint: Endpoint, exchange: Exchange) -> bool:
    """An empty answer, or a page (the log-in page, mostly) where data would stand."""
    return not exchange.text.strip() or (bool(endpoint.expect) and exchange.looks_like_a_page)


def _unexpected_body(exchange: Exchange) -> list[str]:
    # Nothing is promised of the body; still, an API that sends a page or nothing at all is not well.
    if not exchange.text.strip():
        return ["answers with an empty body"]
    if exchange.looks_like_a_page:
        return ["answers with a web page"]
    if exchange.media_type.endswith("json") and not exchange.is_json:
        return ["says that it sends JSON but does not"]
    return []
