"""A small project of its own for each test: a checklist, a target without any way in, and checks that end as told."""

from pathlib import Path

import pytest

# An inner run forgets what it imported when it ends, and these cannot be imported twice in one process.
import hypercare.database.database
import hypercare.operations_model.portable
import hypercare.suite.finishing
import hypercare.suite.starting  # noqa: F401

PROJECT = Path(__file__).parents[2]

TARGET = """[target]
name = "Corner Shop"

[business]
timezone = "Europe/Berlin"
go_live = 2026-01-08

[rounds]
retry_after = "1ms"
"""


class SmallProject:
    """Checks in a folder of their own, run by a real pytest."""

    def __init__(self, pytester):
        self.pytester = pytester
        self.path = pytester.path
        self.reports = self.path / "reports"
        plugins = "-p no:anyio -p no:hypothesispytest -p hypercare.pytest_plugin -p no:cacheprovider"
        pytester.makeini(f"[pytest]\naddopts = {plugins}\n")
        pytester.makeconftest('pytest_plugins = ["hypercare.fixtures"]')
        (self.path / "checklist.toml").write_text((PROJECT / "checklist.toml").read_text())
        self.target = self.path / "target.toml"
        self.target.write_text(TARGET)

    def checks(self, source, name="test_checks"):
        header = (
            "import pytest\n"
            "from hypercare.outcome.expect import expect\n"
            "from hypercare.outcome.finding import Finding\n"
            "from hypercare.outcome.level import Level\n"
            "from hypercare.outcome.signals import *\n"
        )
        self.pytester.makepyfile(**{name: header + source})

    def run(self, *arguments):
        return self.pytester.runpytest_inprocess(*arguments, "--target", str(self.target))


@pytest.fixture
def project(pytester, monkeypatch):
    # What Node and a browser make of a round takes most of its time, and is the matter of tests/reports.
    monkeypatch.setenv("HYPERCARE_BROWSER", "none")
    monkeypatch.setenv("HYPERCARE_NODE", "none")
    return SmallProject(pytester)
