"""The hooks of the suite, and nothing but hooks; what they do stands beside them."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from hypercare.safe_text import guard
from hypercare.suite.collector import work_again
from hypercare.suite.report_plugins import bring_back_what_is_hooked
from hypercare.suite.selection import MARKER, check_names, items_of, select
from hypercare.suite.session import SESSION, SuiteSession
from hypercare.suite.tracks import ALONE


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", f"{MARKER}(*ids): the items of the plan that this check answers for")
    config.addinivalue_line("markers", f"{ALONE}: this check measures time, so a round looks at nothing else beside it")
    # What a target's schema has and nobody asks for is no matter of whoever reads the round.
    config.addinivalue_line("filterwarnings", "ignore:Skipped unsupported reflection")
    bring_back_what_is_hooked(config)
    from hypercare.suite.request import start

    start(config)
    from hypercare.suite.shipped_checks import bring_along

    bring_along(config, config.stash[SESSION])
    from hypercare.suite.own_resources import load_resources

    load_resources(config)


def pytest_sessionstart(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.getplugin("terminalreporter")
    if reporter is not None:
        guard(reporter)
    if session.config.option.round is not None:
        from hypercare.suite.progress import show_progress

        show_progress(session.config)


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    from hypercare.suite.shipped_checks import module_of

    return module_of(module_path, parent)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """xdist: hand the controller's session to a worker."""
    node.workerinput["hypercare"] = node.config.stash[SESSION].handed_to_worker()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    from hypercare.suite.exit_status import refused_in_one_line

    session = config.stash[SESSION]
    with refused_in_one_line():
        check_names(items, session.checklist)
        select(items, session, config)


def pytest_collection_finish(session: pytest.Session) -> None:
    from hypercare.suite.recording import RECORDER

    if not session.shouldstop:
        session.config.stash[RECORDER].expect([test for test in session.items if items_of(test)])


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    work_again(session.config)
    if session.config.option.checklist:
        from hypercare.suite.checklist_listing import print_checklist

        print_checklist(session)
        return True
    if session.config.option.round is not None:
        from hypercare.suite.round_loop import run_round

        return run_round(session)
    return None


@pytest.hookimpl(hookwrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, Any, None]:
    """Checks are looked at by the suite; any other test is left to pytest."""
    if items_of(pyfuncitem):
        from hypercare.suite.performing import perform

        session = pyfuncitem.config.stash[SESSION]
        original = pyfuncitem.obj
        pyfuncitem.obj = perform(pyfuncitem, session)
        try:
            yield
        finally:
            pyfuncitem.obj = original
    else:
        yield


@pytest.hookimpl(hookwrapper=True, trylast=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, None]:
    outcome = yield
    if items_of(item):
        from hypercare.suite.performing import complete_report

        complete_report(item, call, outcome.get_result(), item.config.stash[SESSION])


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, tuple[str, dict[str, bool]]] | None:
    result = getattr(report, "hypercare", None)
    if result is None:
        return None
    from hypercare.suite.terminal import status_of_report

    return status_of_report(result)


@pytest.hookimpl(tryfirst=True)
def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    from hypercare.suite.terminal import print_summary

    print_summary(terminalreporter, config)


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, None, None]:
    """Outermost, so that every other report is written when the round's own is made of them."""
    suite = session.config.stash.get(SESSION, None)
    if suite is None or suite.round is None:
        yield
        if suite is not None and not suite.is_worker:
            from hypercare.suite.exit_status import set_exit_status

            set_exit_status(session)
        return
    from hypercare.suite.finishing import finish, settle

    settle(session)
    yield
    finish(session)


def pytest_unconfigure(config: pytest.Config) -> None:
    suite: SuiteSession | None = config.stash.get(SESSION, None)
    if suite is not None:
        suite.close_browser()
        suite.close()
