"""An item of one's own counts in a round by what the checklist says of it, and by nothing else."""

import json

import pytest

from hypercare.reports.summary import read_summary
from hypercare.reports.verdict import can_we_trade

pytestmark = pytest.mark.server

pytest_plugins = ["pytester"]

ITEM = """
[[item]]
id = "shop.terminals"
section = "Shop"
words = "The payment terminals reach their bank."
rounds = ["morning"]
level = "L3"
"""
CHECK = """
@pytest.mark.item("shop.terminals")
def test_terminals_reach_their_bank():
    expect(False, "No terminal reaches its bank.")
"""


@pytest.mark.long
@pytest.mark.parametrize(("key", "short"), [('trading = "needed"', "No"), ("", "Not known")])
def test_selling_stops_with_an_item_that_the_checklist_says_it_needs(project, key, short):
    checklist = project.path / "checklist.toml"
    checklist.write_text(f"{checklist.read_text()}{ITEM}{key}\n")
    project.checks(CHECK)
    assert project.run("--round", "morning").ret == 1
    summary = read_summary(project.reports / "latest" / "summary.json")
    assert can_we_trade(summary).short == short


def test_a_round_tells_other_programs_what_hangs_on_the_items(project):
    project.checks(CHECK.replace("shop.terminals", "health.web"))
    project.run("--round", "morning")
    plan = json.loads((project.reports / "latest" / "summary.json").read_text())["plan"]
    assert plan["proof"] == ["ops.sales"]
    assert {"health.web", "ops.sales"} <= set(plan["trading"])
    assert {"data.corruption", "verify.costs"} <= set(plan["data"])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('depends_on = ["shop.bank"]', "*shop.terminals.depends_on: there is no item 'shop.bank'*"),
        ('depends_on = ["shop.terminals"]', "*items that depend on each other: shop.terminals -> shop.terminals"),
        ('answers_for = "web"', "*both health.web and shop.terminals answer for web"),
    ],
)
def test_a_plan_that_cannot_be_is_bad_configuration(project, text, says):
    checklist = project.path / "checklist.toml"
    checklist.write_text(f"{checklist.read_text()}{ITEM}{text}\n")
    result = project.run("--round", "morning")
    assert result.ret == 4
    result.stderr.fnmatch_lines([f"ERROR: {says}"])
    assert not (project.reports / "latest").exists()
