"""pytest's plug-ins for reports, which take longer to load than a check at the desk takes: left out unless asked for.

A round asks for them, and so does whoever names an option, a setting or a hook of theirs.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class ReportPlugin:
    """`name` is that of its entry point, `package` what it is installed as. It is asked for by a word of the command
    line that begins with one of `options`, one of `settings` in the project's file, or a hook that begins with `hooks`.
    """

    name: str
    package: str
    options: tuple[str, ...]
    settings: tuple[str, ...] = ()
    hooks: str | None = None


_ASK_FOR_ALL = ("--round", "--help", "-h", "--version", "-V")
_PLUGINS = (
    ReportPlugin("allure_pytest", "allure-pytest", ("--allure", "--clean-alluredir", "--inversion")),
    ReportPlugin(
        "html",
        "pytest-html",
        ("--html", "--self-contained-html", "--css"),
        (
            "render_collapsed",
            "max_asset_filename_length",
            "environment_table_redact_list",
            "initial_sort",
            "generate_report_on_test",
        ),
        "pytest_html_",
    ),
)
_LEFT_OUT = pytest.StashKey[tuple[ReportPlugin, ...]]()


def leave_out_unless_asked_for(config: pytest.Config) -> None:
    """Keep pytest from loading those that nobody asks for; called before it loads what is installed."""
    plugins = config.pluginmanager
    words = [*map(str, config.invocation_params.args), *os.environ.get("PYTEST_ADDOPTS", "").split()]
    words += config.getini("addopts")
    settings = config.inipath.read_text(encoding="utf-8", errors="replace") if config.inipath else ""
    required = " ".join(config.getini("required_plugins"))
    left_out = tuple(
        plugin
        for plugin in _PLUGINS
        if not plugins.has_plugin(plugin.name)
        and not plugins.is_blocked(plugin.name)
        and plugin.package not in required
        and not _is_asked_for(plugin, words, settings)
    )
    for plugin in left_out:
        plugins.set_blocked(plugin.name)
    config.stash[_LEFT_OUT] = left_out


def bring_back_what_is_hooked(config: pytest.Config) -> None:
    """Load those whose hooks a conftest.py has: it would be refused for hooks that nobody knows."""
    plugins = config.pluginmanager
    names = [name for name, hook in vars(plugins.hook).items() if not name.startswith("_") and hook.get_hookimpls()]
    for plugin in config.stash.get(_LEFT_OUT, ()):
        if plugin.hooks is not None and any(name.startswith(plugin.hooks) for name in names):
            plugins.unblock(plugin.name)
            plugins.load_setuptools_entrypoints("pytest11", plugin.name)


def _is_asked_for(plugin: ReportPlugin, words: Sequence[str], settings: str) -> bool:
    by_option = any(word.startswith(plugin.options + _ASK_FOR_ALL) for word in words)
    return by_option or any(name in settings for name in plugin.settings)
