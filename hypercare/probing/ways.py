"""The ways into a target that can be probed, and how each is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hypercare.http.reachability import address_of, is_loopback
from hypercare.probing.answer import Answer
from hypercare.probing.api_probe import endpoint_answer, probed_endpoint
from hypercare.probing.page_probe import page_answer
from hypercare.target_file.sections.uptime import ProbeSection
from hypercare.target_file.target import Target


@dataclass(frozen=True)
class ProbedWay:
    """One way; `address` is where it lies, `is_far` whether our own network stands between it and us."""

    name: str
    address: str
    is_far: bool
    ask: Callable[[], Answer]


def probed_ways(target: Target, section: ProbeSection) -> list[ProbedWay]:
    """The configured ways that [probe] ways names.

    Raises:
        ValueError: the endpoint that [probe] names cannot be asked.
    """
    return [way for way in _ways(target, section) if way.name in section.ways]


def _ways(target: Target, section: ProbeSection) -> Iterator[ProbedWay]:
    config = target.config
    if config.web is not None:
        yield _web(target, section)
    if config.api is not None:
        endpoint = probed_endpoint(config.api.endpoints, section.endpoint)
        url = config.api.url
        yield ProbedWay(
            "api",
            address_of(url),
            not is_loopback(url),
            lambda: endpoint_answer(
                "api", target, endpoint, degraded_after=section.degraded_after, timeout=section.timeout
            ),
        )
    if config.mobile is not None:
        url = config.mobile.url
        yield ProbedWay("mobile", address_of(url), not is_loopback(url), lambda: _mobile_answer(target, section))
    if config.database is not None:
        yield _database(target, section)


def _web(target: Target, section: ProbeSection) -> ProbedWay:
    web = target.config.web
    assert web is not None
    return ProbedWay(
        "web",
        address_of(web.url),
        not is_loopback(web.url),
        lambda: page_answer(
            "web",
            web.url,
            degraded_after=section.degraded_after,
            timeout=section.timeout,
            hosts=web.hosts,
            password_first=web.password_first,
        ),
    )


def _mobile_answer(target: Target, section: ProbeSection) -> Answer:
    """The page first, then the handshake that the app would make, where one is declared."""
    mobile = target.config.mobile
    assert mobile is not None
    page = page_answer("mobile", mobile.url, degraded_after=section.degraded_after, timeout=section.timeout)
    if not page.state.is_up or mobile.handshake is None or target.config.api is None:
        return page
    handshake = endpoint_answer(
        "mobile", target, mobile.handshake, degraded_after=section.degraded_after, timeout=section.timeout
    )
    return page if handshake.state.is_up and page.state.weight > handshake.state.weight else handshake


def _database(target: Target, section: ProbeSection) -> ProbedWay:
    # Only for a target with a database: loading its drivers takes time.
    from hypercare.database.database import Database
    from hypercare.probing.database_probe import database_answer

    database = Database(target)
    return ProbedWay(
        "database",
        database.address,
        database.url.host not in {None, "localhost", "127.0.0.1", "::1"},
        lambda: database_answer(target, degraded_after=section.degraded_after, timeout=section.timeout),
    )
