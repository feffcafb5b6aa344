"""Fixtures that tests of several folders share: a server that answers as told, and a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hypercare.browser.browser import Browser
from hypercare.outcome.signals import NotCovered
from tests.standins.http_standin import Standin


@pytest.fixture
def standin() -> Iterator[Standin]:
    server = Standin()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for all tests of a file; they are skipped, and say so, where there is none."""
    shared = Browser()
    try:
        shared.context().close()
    except NotCovered as gap:
        pytest.skip(str(gap))
    yield shared
    shared.close()
