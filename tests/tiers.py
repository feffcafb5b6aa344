"""The tiers of the project's own tests: which of them start something, and that those of the fast tier start nothing.

A test is marked by the fixtures that it uses; one that starts something by hand says so itself.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

EVERYDAY = "not (proof or long)"
FAST = "not (browser or server or engine or slow or proof or long)"
MARKS = {
    "browser": {"browser"},
    "server": {"at_once", "day", "issuer", "post_office", "served_business", "standin", "web"},
    "engine": {"mariadb", "on_postgresql", "postgresql", "postgresql_server"},
}
# Cases of one fact are many from here on, and then one in so many is tried each time.
_MANY = _ONE_IN = 3
# So are those of folders whose tests each ask a business, or read a log, several times over.
_ASK_OFTEN = {"logs", "operations", "seals"}
# Files that take longest, longest first: whichever worker had one of them last would keep the others waiting.
LONGEST_FIRST = (
    "test_wheel_in_an_empty_environment.py",
    "test_tutorial.py",
    "test_a_worker_that_is_killed.py",
    "test_situations.py",
    "test_checks_notice_faults.py",
    "test_faults_are_noticed.py",
    "test_web.py",
    "test_columns.py",
    "test_doctor.py",
    "test_embedded_system.py",
    "test_faults_behind_the_clients.py",
    "test_simulated_weeks.py",
    "test_schema_changed_under_us.py",
    "test_mapping.py",
    "test_just_right.py",
    "test_habits_of_records.py",
    "test_flows.py",
    "test_api_is_only_read_in_observe.py",
    "test_own_log_is_asked_for.py",
    "test_who_is_in.py",
    "test_web_sale.py",
    "test_mutants.py",
    "test_isolation.py",
    "test_web_pages.py",
)
# What Python tells of itself before it does it, whoever asked for it.
STARTS = {
    "os.fork": "a process",
    "os.posix_spawn": "a process",
    "os.system": "a process",
    "subprocess.Popen": "a process",
    "socket.bind": "a server",
}


class Guard:
    """Refuses what a test of the fast tier would start, and remembers it for tests that bear every exception."""

    def __init__(self) -> None:
        self.watching = False
        self.refused = ""

    def hear(self, event: str, details: tuple[Any, ...]) -> None:
        if self.watching and event in STARTS:
            what = f"{STARTS[event]} ({event} {details[1] if len(details) > 1 else ''}".rstrip() + ")"
            self.refused = f"a test of the fast tier starts {what}: mark it server, engine, browser or slow"
            pytest.fail(self.refused, pytrace=False)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self) -> Iterator[None]:
        self.watching, self.refused = True, ""
        try:
            return (yield)
        finally:
            self.watching = False

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Iterator[None]:
        ended = yield
        if self.refused:
            pytest.fail(self.refused, pytrace=False)
        return ended


def pytest_configure(config: pytest.Config) -> None:
    if config.option.markexpr == FAST:
        # It binds a socket the first time that it is imported, to see whether there is IPv6.
        with suppress(ImportError):
            import_module("urllib3.util.connection")
        guard = Guard()
        sys.addaudithook(guard.hear)
        config.pluginmanager.register(guard)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        # A parameter that is called like a fixture is none.
        parameters = item.callspec.params if hasattr(item, "callspec") else {}
        used = set(getattr(item, "fixturenames", ())) - set(parameters)
        for mark in (mark for mark, fixtures in MARKS.items() if used & fixtures):
            item.add_marker(mark)
    _leave_more_cases(items)
    rank = {name: number for number, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: rank.get(item.path.name, len(rank)))


def _leave_more_cases(items: list[pytest.Item]) -> None:
    """Of many cases of one fact that each cost much, one in three is tried each time; make test-all tries all."""
    cases: dict[tuple[Path, str], list[pytest.Item]] = defaultdict(list)
    for item in items:
        if item.get_closest_marker("long") or item.get_closest_marker("proof"):
            continue
        starts = any(item.get_closest_marker(name) for name in ("slow", *MARKS))
        if hasattr(item, "callspec") and (starts or item.path.parent.name in _ASK_OFTEN):
            cases[item.path, getattr(item, "originalname", item.name)].append(item)
    for some in cases.values():
        for number, item in enumerate(some):
            if len(some) >= _MANY and number % _ONE_IN:
                item.add_marker("long")
