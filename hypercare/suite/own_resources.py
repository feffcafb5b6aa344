"""Resources of checks that other packages bring along: modules with fixtures, named as entry points."""

from __future__ import annotations

import logging
from importlib.metadata import entry_points

import pytest

GROUP = "hypercare.resources"
_LOG = logging.getLogger(__name__)


def load_resources(config: pytest.Config) -> None:
    """Register the modules of the entry points as plug-ins, so that their fixtures are there for every check.

    Raises:
        pytest.UsageError: one cannot be loaded, or two bear one name; checks that need it could only be our own fault.
    """
    for point in entry_points(group=GROUP):
        try:
            config.pluginmanager.register(point.load(), f"{GROUP}:{point.name}")
        except Exception as error:  # noqa: BLE001 - whatever a foreign module raises when it is loaded
            reason = f"{type(error).__name__}: {error}".splitlines()[0]
            raise pytest.UsageError(
                f"the resources {point.name!r} ({GROUP} = {point.value}) cannot be loaded: {reason}; mend or "
                "uninstall the package that brings them"
            ) from None
        _LOG.info("resources %s loaded from %s", point.name, point.value)
