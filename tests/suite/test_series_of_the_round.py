"""What a check tells along hours stands in the summary of its round and of its day, and on both pages."""

from __future__ import annotations

import json

import pytest

pytestmark = [pytest.mark.server, pytest.mark.long]

pytest_plugins = ["pytester"]

TELLS = """
from hypercare.outcome.series import Along, Series

@pytest.mark.item("summary.sales-created")
def test_it(figure, series):
    figure("sales_created", 7)
    hours = [f"2026-01-15T{hour:02}:00:00+01:00" for hour in range(24)]
    values = [0] * 9 + [3, 4] + [None] * 13
    series("sales_by_hour", Series(label="Sales entered", along=Along.HOURS, points=hours, lines={"sales": values}))
"""


def test_a_series_of_a_check_is_told_and_drawn(project, monkeypatch):
    monkeypatch.setenv("HYPERCARE_BROWSER", "none")
    monkeypatch.setenv("HYPERCARE_NODE", "none")
    project.checks(TELLS)
    for day in ("14", "15"):
        project.run("--round", "evening", "--as-of", f"2026-01-{day}T17:00", "--reports", str(project.reports))
    for name in ("evening", "day"):
        folder = project.reports / "2026-01-15" / name
        summary = json.loads((folder / "summary.json").read_text())
        assert summary["series"]["sales_by_hour"]["lines"]["sales"][9:11] == [3, 4]
        assert summary["recent_figures"]["values"]["sales_created"][-1] == 7
        assert next(one["day"] for one in summary["recent_days"] if one["rounds"]) == "2026-01-14"
        page = (folder / "index.html").read_text()
        assert "7 sales; most from 10:00 to 11:00 (4)" in page
        assert 'href="../index.html#day-2026-01-14"' in page
    assert 'id="day-2026-01-14"' in (project.reports / "index.html").read_text()
