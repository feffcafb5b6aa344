"""What pytest's plug-ins for reports are asked for in a round, and what is put into theirs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hypercare.outcome.result import CheckResult
from hypercare.reports import pytest_html
from hypercare.suite.session import SESSION

if TYPE_CHECKING:
    from hypercare.reports.summary import Summary

SUMMARY: pytest.StashKey[Summary] = pytest.StashKey()


def switch_reports_on(config: pytest.Config, work: Path) -> None:
    """Ask the report plugins for their raw material; they read these options when they are configured, after us."""
    config.option.allure_report_dir = str(work / "allure-results")
    config.option.clean_alluredir = False
    config.option.htmlpath = str(work / "pytest.html")
    config.option.self_contained_html = True
    config.option.xmlpath = str(work / "junit.xml")
    config.option.continue_on_collection_errors = True
    config.pluginmanager.register(HtmlReport(config), "hypercare-html")


class HtmlReport:
    """What a round adds to pytest-html's page: its title, the verdict, and columns for outcome and level."""

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
