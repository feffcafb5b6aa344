"""A project as each released version made it runs under the present code, and its history can be read.

A folder `project_of_X_Y_Z` is never changed again. Its Python files end in `.txt`, so that nothing here takes them for
tests of this repository or formats them; `history.sql` is its history as that version wrote it.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import pytest

from hypercare.escalation.incidents import Incidents
from hypercare.history.migrating import HEAD, copy_before
from hypercare.history.round_queries import past_rounds
from hypercare.history.store import History
from hypercare.plan.checklist import read_checklist
from tests.history.remembering import config_of

HERE = Path(__file__).parent
PROJECTS = sorted(HERE.glob("project_of_*"))
DAY = datetime(2026, 1, 15, tzinfo=UTC)


@pytest.fixture(params=PROJECTS, ids=lambda folder: folder.name)
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    shutil.copytree(request.param, folder)
    for path in folder.rglob("*.py.txt"):
        path.rename(path.with_suffix(""))
    (folder / "reports").mkdir()
    with closing(sqlite3.connect(folder / "reports" / "history.sqlite")) as connection:
        connection.executescript((folder / "history.sql").read_text(encoding="utf-8"))
    return folder


def run(project: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_this_version_has_its_project() -> None:
    assert f"project_of_{version('hypercare').replace('.', '_')}" in [folder.name for folder in PROJECTS]


def test_its_plan_means_what_it_meant(project: Path) -> None:
    plan = read_checklist(project / "checklist.toml")
    assert plan["data.constraints"].rounds == plan["shop.presents"].rounds[1:] == ("night",)
    assert [(off.id, off.by) for off in plan.switched_off] == [("health.mobile", "Anna")]
    assert [figure.words for figure in plan.figures] == ["Sales for nothing"]


@pytest.mark.long
@pytest.mark.server
def test_its_checks_and_those_of_the_program_are_found(project: Path) -> None:
    listing = run(project, "--checklist", "-q")
    assert "shop.presents  [L2, evening, night]  No sale is for nothing.  (your own)" in listing
    assert "      tests_own/test_presents.py::test_no_sale_is_for_nothing" in listing
    assert "      Nobody has a phone here. (Anna)" in listing
    assert "Over the built-in plan: 1 of your own, 1 changed, 1 switched off" in listing
    collected = run(project, "--collect-only", "-q", "--round", "night").splitlines()
    assert "tests_own/test_presents.py::test_no_sale_is_for_nothing" in collected
    assert any(line.startswith("tests_data/") for line in collected)


def test_its_history_is_read_by_the_present_code_and_copied_where_it_has_to_change(project: Path) -> None:
    file = project / "reports" / "history.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        (revision,) = connection.execute("SELECT version_num FROM history_revision").fetchone()
    history = History(file, "shop")
    rounds = past_rounds(history, DAY, timedelta(minutes=3))
    (incident,) = Incidents(history, config_of()).open(DAY + timedelta(hours=12))
    history.close()
    assert [(one.round, one.status, one.failed) for one in rounds] == [
        ("midday", "healthy", 0),
        ("morning", "issues", 1),
    ]
    assert (incident.sentence, list(incident.items)) == ("2 of 40 final sales cost nothing.", ["shop.presents"])
    assert copy_before(file, revision).is_file() is (revision != HEAD)
