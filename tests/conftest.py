"""What holds for every test here."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from hypercare.browser.browser import Browser
from hypercare.outcome.signals import NotCovered
from tests.standins.http_standin import Standin

# Whether a machine is busy says nothing of a law.
settings.register_profile("on any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("on any machine")


def pytest_configure(config: pytest.Config) -> None:
    for plugin in ("tests.tiers", "tests.left_out"):
        config.pluginmanager.import_plugin(plugin)


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
