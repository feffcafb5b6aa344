"""The API looked at by one of its endpoints, judged as a round judges it."""

from __future__ import annotations

from datetime import timedelta

from hypercare.api.api import Api
from hypercare.api.endpoints import judged
from hypercare.http.exchange import PROBE_AGENT, Exchange
from hypercare.http.reachability import WORDS, address_of
from hypercare.http.throttling import require_not_throttled
from hypercare.outcome.signals import ChannelDown, MonitorFault, NotCovered
from hypercare.probing.answer import Answer
from hypercare.probing.page_probe import timed
from hypercare.target_file.config import Endpoint
from hypercare.target_file.target import Target
from hypercare.uptime.state import State


def probed_endpoint(endpoints: tuple[Endpoint, ...], name: str | None) -> Endpoint | None:
    """The endpoint that a probe asks: the one wanted, else one called health, else the first that needs no log-in.

    Raises:
        ValueError: the one that is wanted is not there or needs a log-in; the message is one line.
    """
    open_ones = [one for one in endpoints if one.as_role is None and one.method != "POST" and one.status < 400]
    if name is not None:
        found = next((one for one in open_ones if one.name == name), None)
        if found is None:
            raise ValueError(f"[probe] endpoint = {name!r} is none of [[api.endpoints]] that need no log-in")
        return found
    called = (one for one in open_ones if "health" in f"{one.name} {one.path}".lower())
    return next(called, next(iter(open_ones), None))


def endpoint_answer(
    way: str, target: Target, endpoint: Endpoint | None, *, degraded_after: timedelta, timeout: timedelta
) -> Answer:
    """Ask an endpoint, or the API's own address where none is declared."""
    api = Api(target)
    path = api.moment().filled(endpoint.path) if endpoint else api.section.url
    try:
        exchange = api.send(
            endpoint.method if endpoint else "GET",
            path,
            headers={"user-agent": PROBE_AGENT},
            timeout=timeout,
            once_more=False,
            waits=False,
        )
        require_not_throttled(exchange)
    except ChannelDown as down:
        return Answer(State.DOWN, None, down.finding.sentence, down.address)
    except (MonitorFault, NotCovered) as ours:
        return Answer(State.UNKNOWN, None, ours.reason)
    finally:
        api.close()
    troubles = judged(endpoint, exchange, api.moment()) if endpoint else _of_undeclared(exchange)
    if troubles:
        name = f"{WORDS.get(way, way)} ({endpoint.name})" if endpoint else WORDS.get(way, way)
        return Answer(State.DOWN, exchange.seconds, f"{name} {'; '.join(troubles)}.", address_of(api.section.url))
    return timed(exchange.seconds, endpoint.timeout if endpoint else degraded_after)


def _of_undeclared(exchange: Exchange) -> list[str]:
    """Nobody said what is right at this address, so only what is surely wrong counts."""
    return [f"answers {exchange.status}"] if exchange.status >= 500 else []
