"""What holds for every test here."""

import signal

import pytest
from hypothesis import HealthCheck, settings

# Whether a machine is busy says nothing of a law.
settings.register_profile("on any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("on any machine")


def pytest_configure(config: pytest.Config) -> None:
    # A shell that runs this in the background lets it ignore interrupts, and with it what tests start and stop.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # A condition that is empty is dropped without a word, and what it belonged to means something else.
    config.addinivalue_line("filterwarnings", "error:Invoking .*without arguments:DeprecationWarning")
    for plugin in ("tests.tiers", "tests.missing_software", "tests.left_to_all"):
        config.pluginmanager.import_plugin(plugin)
