"""The checks that come with the program, in a project that has only its own checks lying about."""

from __future__ import annotations

from pathlib import Path

import pytest

from hypercare.shipped import CHECKS, FOLDER, is_shipped, own_page
from hypercare.suite.session import SuiteSession

_FIXTURES = "hypercare.fixtures"


def bring_along(config: pytest.Config, session: SuiteSession) -> None:
    """Let pytest collect them besides the project's own, where the plan holds their items.

    A project with a whole plan of its own has its own checks. Whoever names files or folders means those alone.
    """
    if session.project == FOLDER:
        return
    if not config.pluginmanager.has_plugin(_FIXTURES):
        config.pluginmanager.import_plugin(_FIXTURES)
    if session.is_worker or not session.takes_built_in_plan:
        return
    if config.args_source is config.ArgsSource.ARGS:
        return
    # As modules, so that a virtual environment among the folders above them does not hide them.
    config.option.pyargs = True
    config.args = [*config.args, *(str(folder) for folder in CHECKS)]


def module_of(path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """A file of these checks under the name that it has in every project, wherever the program is installed."""
    if not is_shipped(path) or path.is_relative_to(parent.config.rootpath):
        return None
    return pytest.Module.from_parent(parent, path=path, nodeid=path.relative_to(FOLDER).as_posix())


def runbook_page(session: SuiteSession, item_id: str) -> str:
    """Where a person reads on: a file of the project, or the command that shows the page of the program."""
    if own := own_page(session.project, item_id):
        return own
    if session.project == FOLDER or not session.takes_built_in_plan:
        return session.checklist[item_id].runbook
    return f"hypercare runbook {item_id}"
