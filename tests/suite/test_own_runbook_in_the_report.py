"""A project's own pages of the runbook lie beside the report of its rounds, and the report links to them."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.server

pytest_plugins = ["pytester"]


def test_the_page_of_the_project_stands_in_the_place_of_the_built_in_one(project):
    (project.path / "runbook").mkdir()
    (project.path / "runbook" / "health.web.md").write_text("# Call Anna.\n")
    project.checks('@pytest.mark.item("health.web", "health.api")\ndef test_it():\n    pass\n')
    project.run("--round", "morning", "--reports", str(project.reports))
    report = project.reports / "latest"
    assert "Call Anna." in (report / "runbook" / "health.web.html").read_text()
    assert "Call Anna." not in (report / "runbook" / "health.api.html").read_text()
    assert 'href="runbook/health.web.html"' in (report / "index.html").read_text()
    named = {item["id"]: item["runbook"] for item in json.loads((report / "summary.json").read_text())["items"]}
    assert named["health.web"] == "runbook/health.web.md"
    assert named["health.api"] == "docs/runbook/health.api.md"
