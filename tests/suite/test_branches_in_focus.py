"""A check of certain days of the plan knows for which branches it is one of them."""

import json

import pytest

pytestmark = pytest.mark.server

pytest_plugins = ["pytester"]

PLAN = """
[[round]]
name = "morning"
at = "09:00"

[[item]]
id = "shop.first"
section = "Shop"
words = "The first days go well."
rounds = ["morning"]
level = "L1"
days = "1-3"
"""
CHECK = """
@pytest.mark.item("shop.first")
def test_the_first_days_go_well(branches_in_focus, figure):
    figure("branches", "all" if branches_in_focus is None else ", ".join(sorted(branches_in_focus)))
"""
WAVE = '[[business.waves]]\nbranches = ["Kiel"]\ngo_live = 2026-02-03\n'


@pytest.mark.parametrize(
    ("day", "branches"), [("2026-01-09", "all"), ("2026-01-12", None), ("2026-02-04", "Kiel"), ("2026-02-06", None)]
)
def test_it_is_told_of_the_branches_whose_days_these_are(project, day, branches):
    (project.path / "own.toml").write_text(PLAN)
    project.target.write_text(f'{project.target.read_text()}checklist = "own.toml"\n{WAVE}')
    project.checks(CHECK)
    done = project.run("--round", "morning", "--as-of", f"{day}T09:00", "--reports", str(project.reports))
    if branches is None:
        assert done.ret == pytest.ExitCode.NO_TESTS_COLLECTED
        return
    summary = json.loads((project.reports / "latest" / "summary.json").read_text())
    assert summary["figures"]["branches"] == branches
