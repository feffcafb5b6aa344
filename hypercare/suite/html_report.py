"""What a round adds to pytest-html's page: its title, the verdict, and columns for outcome and level."""

from __future__ import annotations

from typing import Any

import pytest

from hypercare.outcome.result import CheckResult
from hypercare.reports import pytest_html
from hypercare.suite.finishing import SUMMARY
from hypercare.suite.session import SESSION


class HtmlReport:
    """Hooks of pytest-html; registered in rounds only."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_report_title(self, report: Any) -> None:
        session = self._config.stash[SESSION]
        assert session.round is not None
        calendar = session.target.calendar
        day = calendar.number_of(calendar.date_of(session.target.as_of))
        report.title = pytest_html.title(session.config.target.name, session.round, day)

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_summary(self, prefix: list[str], summary: list[str], postfix: list[str]) -> None:
        found = self._config.stash.get(SUMMARY, None)
        if found is not None:
            prefix.extend(pytest_html.summary_lines(found))

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_header(self, cells: list[str]) -> None:
        cells[1:1] = pytest_html.HEADER_CELLS

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_row(self, report: Any, cells: list[str]) -> None:
        data = getattr(report, "hypercare", None)
        if not cells:
            return
        if data is None:
            cells[1:1] = ["<td></td>", "<td></td>"]
            return
        result = CheckResult.from_dict(data)
        cells[1:1] = pytest_html.row_cells(result.outcome, result.level)
