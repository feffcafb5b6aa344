"""The suite as a pytest plugin: its options, and what has to be settled before anything else of it is loaded."""

from __future__ import annotations

from importlib import import_module

import pytest

from hypercare.suite.collector import rest_while_loading
from hypercare.suite.options import add_options
from hypercare.suite.report_plugins import leave_out_unless_asked_for

_HOOKS = "hypercare.suite.hooks"


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    add_options(parser)
    config = pluginmanager.get_plugin("pytestconfig")
    assert config is not None
    leave_out_unless_asked_for(config)
    rest_while_loading(config)
    pluginmanager.register(import_module(_HOOKS), _HOOKS)
