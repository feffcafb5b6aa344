"""What holds for every test here."""

import pytest
from hypothesis import HealthCheck, settings

# Whether a machine is busy says nothing of a law.
settings.register_profile("on any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("on any machine")


def pytest_configure(config: pytest.Config) -> None:
    for plugin in ("tests.tiers", "tests.missing_software", "tests.left_to_all"):
        config.pluginmanager.import_plugin(plugin)
