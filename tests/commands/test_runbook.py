"""`hypercare runbook` prints a page of the project, else the one that comes with the program."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hypercare.commands.runbook import runbook
from hypercare.plan.checklist import UnknownItem, shipped
from hypercare.shipped import RUNBOOK

PLAN = """base = "built-in"

[[item]]
id = "own.tapes"
section = "Our own"
words = "Tonight's tape is in the drive."
rounds = ["evening"]
level = "L2"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "checklist.toml").write_text(PLAN)
    (tmp_path / "runbook").mkdir()
    (tmp_path / "runbook" / "health.web.md").write_text("# Call Anna.\n")
    return tmp_path


def asked(project: Path, *words: str) -> Result:
    return CliRunner().invoke(runbook, [*words, "--project", str(project)])


def test_the_own_page_comes_first_and_the_built_in_one_where_there_is_none(project: Path) -> None:
    assert asked(project, "health.web").output == "# Call Anna.\n"
    assert asked(project, "health.api").output == (RUNBOOK / "health.api.md").read_text(encoding="utf-8")


def test_without_an_id_every_item_of_the_plan_is_listed_with_what_has_no_page(project: Path) -> None:
    lines = asked(project).output.splitlines()
    assert [line.split()[0] for line in lines] == [*(item.id for item in shipped()), "own.tapes"]
    assert [line.split()[0] for line in lines if line.endswith("(no page)")] == ["own.tapes"]


def test_an_item_without_a_page_says_where_to_write_one_and_an_unknown_one_what_was_meant(project: Path) -> None:
    done = asked(project, "own.tapes")
    assert done.exit_code != 0
    assert str(project / "runbook" / "own.tapes.md") in done.output
    assert isinstance(asked(project, "health.wep").exception, UnknownItem)
    assert "Did you mean health.web?" in str(asked(project, "health.wep").exception)
