"""The checklist: complete, and clear about what is wrong with it."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hypercare.plan.calendar import Calendar
from hypercare.plan.checklist import read_checklist
from hypercare.plan.item import Kind
from hypercare.plan.problem import ChecklistProblem, UnknownItem
from hypercare.plan.rounds import Round

PROJECT = Path(__file__).parents[2]
CHECKLIST = read_checklist(PROJECT / "checklist.toml")
CALENDAR = Calendar(ZoneInfo("Europe/Berlin"), date(2026, 1, 8))
ENTRY = """
[[item]]
id = "health.web"
section = "System health"
words = "It opens."
rounds = ["morning"]
level = "L3"
"""


@pytest.mark.parametrize(("chosen", "count"), [(Round.MORNING, 11), (Round.MIDDAY, 9), (Round.EVENING, 23)])
def test_each_daily_round_carries_its_items(chosen, count):
    assert len(CHECKLIST.of_round(chosen, date(2026, 1, 15), CALENDAR)) == count


def test_every_item_has_a_page_in_the_runbook():
    assert [item.id for item in CHECKLIST if not (PROJECT / item.runbook).is_file()] == []


def test_every_page_in_the_runbook_has_an_item():
    pages = {page.stem for page in (PROJECT / "docs" / "runbook").glob("*.md")} - {"README"}
    assert pages == {item.id for item in CHECKLIST}


def test_what_only_a_person_can_say_has_a_question():
    assert all(item.question for item in CHECKLIST if item.kind is Kind.ATTEST)


def test_an_unknown_item_is_named_with_the_nearest():
    with pytest.raises(UnknownItem, match=r"no item 'health.wbe'.*Did you mean health.web"):
        _ = CHECKLIST["health.wbe"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ENTRY + 'colour = "red"\n', "item.0.colour"),
        (ENTRY.replace("L3", "L9"), "item.0.level"),
        (ENTRY + ENTRY, "health.web twice"),
        ("[[item]", "not TOML"),
        (ENTRY.replace("health.web", "Health Web"), "item.0.id"),
    ],
)
def test_a_bad_checklist_is_refused_in_one_line(tmp_path, text, says):
    path = tmp_path / "checklist.toml"
    path.write_text(text)
    with pytest.raises(ChecklistProblem, match=says) as refused:
        read_checklist(path)
    assert "\n" not in str(refused.value)


def test_a_missing_checklist_is_said(tmp_path):
    with pytest.raises(ChecklistProblem, match="cannot be read"):
        read_checklist(tmp_path / "nowhere.toml")
