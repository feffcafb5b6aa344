"""What a round counts itself stands in its summary beside what its checks recorded."""

from __future__ import annotations

import json

import pytest

from hypercare.suite import summarising

pytestmark = pytest.mark.server

pytest_plugins = ["pytester"]

RECORDS_NONE = '@pytest.mark.item("summary.sales-created")\ndef test_it():\n    pass\n'
RECORDS_SOME = (
    '@pytest.mark.item("summary.sales-created")\ndef test_it(figure):\n'
    '    figure("sales_created", 7)\n    figure("users_active", 4)\n'
)


@pytest.mark.long
@pytest.mark.parametrize(
    ("checks", "told"),
    [
        (RECORDS_NONE, {"users_active": 3, "users_logged_in": 5}),
        (RECORDS_SOME, {"sales_created": 7, "users_active": 4, "users_logged_in": 5}),
    ],
    ids=["no check recorded any", "what a check recorded goes before"],
)
def test_the_round_tells_its_own_figures(project, monkeypatch, checks, told):
    monkeypatch.setenv("HYPERCARE_BROWSER", "none")
    monkeypatch.setenv("HYPERCARE_NODE", "none")
    monkeypatch.setattr(summarising, "people_of_the_day", lambda session: {"users_active": 3, "users_logged_in": 5})
    project.checks(checks)
    project.run("--round", "evening", "--as-of", "2026-01-15T17:00", "--reports", str(project.reports))
    summary = json.loads((project.reports / "latest" / "summary.json").read_text())
    assert summary["figures"] == told
