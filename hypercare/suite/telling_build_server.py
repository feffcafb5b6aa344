"""What the build server that runs the round is told of it, if one does."""

from __future__ import annotations

import os
from typing import Any

import pytest

from hypercare.build_server import github, gitlab
from hypercare.notification.report_link import report_link
from hypercare.suite.publishing import Published
from hypercare.suite.session import SuiteSession


def tell_build_server(config: pytest.Config, suite: SuiteSession, report: Published) -> str:
    """Job summary, annotations, and reports under names that stay.

    Returns:
        what went wrong with that, in a sentence; it changes nothing of the round.
    """
    try:
        if github.runs_here(os.environ):
            for line in github.workflow_commands(report.summary):
                _command(config, line)
        file = github.summary_file(os.environ)
        if file is not None:
            github.add_to_summary(file, report.summary, report_link(suite.config, report.summary.date))
        if gitlab.runs_here(os.environ):
            gitlab.copy_reports(report.place, suite.reports)
    except OSError as error:
        return f"The build server could not be told: {error.strerror or error}"
    return ""


def _command(config: pytest.Config, line: str) -> None:
    """To the log of the build server as it is: a target's text in it was made safe, and nothing else may command it."""
    reporter: Any = config.pluginmanager.getplugin("terminalreporter")
    if reporter is not None:
        reporter.ensure_newline()
        # Beside the guard of the terminal, which lets no line pass for a command.
        reporter._tw._file.write(f"{line}\n")
        reporter._tw.flush()
