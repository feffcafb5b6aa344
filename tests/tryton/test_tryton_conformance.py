"""The adapter of Tryton keeps the promises of the client protocol, on a running one, by its API and by a browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hypercare.api.api import Api
from hypercare.browser.browser import Browser
from hypercare.clients.client import Way
from hypercare.conformance import of_log_in
from hypercare.conformance.ground import Ground
from hypercare.conformance.promise import Ending, Promise
from hypercare.conformance.runner import PROMISES, tried_in_turn
from hypercare.target_file.loading import load_target
from hypercare.target_file.target import Target
from hypercare.web.web import Web
from targets.tryton.prepared import Prepared
from tests.tryton.tryton_engines import each_on

ON_EACH = each_on([("sqlite",), ("postgresql",)])


@pytest.fixture
def target(prepared_on: Prepared, copied, tmp_path: Path) -> Iterator[Target]:
    with copied(prepared_on, served=True, backed_up=False) as system:
        yield Target(load_target(system.target_file), tmp_path, datetime.now(UTC))


def broken_on(way: Way, target: Target, promises: tuple[Promise, ...]) -> list[str]:
    """The promises that are not kept; at least four are looked at."""
    with ExitStack() as stack:
        ground = Ground(target, way)
        stack.callback(ground.close)
        results = list(tried_in_turn(ground, promises))
    assert sum(result.ending is Ending.HOLDS for result in results) >= 4
    return [result.line for result in results if result.ending is Ending.BROKEN]


@pytest.mark.parametrize("prepared_on", ON_EACH, indirect=True)
def test_every_promise_is_kept_through_the_api(target: Target) -> None:
    api = Api(target)
    try:
        assert not broken_on(api, target, PROMISES)
    finally:
        api.close()


# Trials go through the API, so a browser has nothing to do with the others.
@pytest.mark.parametrize("prepared_on", ON_EACH[:1], indirect=True)
def test_promises_of_logging_in_are_kept_in_the_browser(target: Target) -> None:
    browser = Browser()
    try:
        assert not broken_on(Web(target, browser), target, of_log_in.PROMISES)
    finally:
        browser.close()
