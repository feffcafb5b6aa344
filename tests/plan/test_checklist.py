"""The checklist: complete, and clear about what is wrong with it."""

from datetime import date, timedelta
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


@pytest.mark.parametrize(("chosen", "count"), [(Round.MORNING, 15), (Round.MIDDAY, 9), (Round.EVENING, 40)])
def test_each_daily_round_carries_its_items(chosen, count):
    assert len(CHECKLIST.of_round(chosen, date(2026, 1, 25), CALENDAR)) == count


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


DAYS = [
    ("focus.confidence", "evening", 3, False),
    ("focus.confidence", "evening", 4, True),
    ("focus.confidence", "evening", 20, False),
    # Rounds of normal operations come when its days are over.
    ("focus.confidence", "quarterly", 90, True),
    ("exit.week-1", "evening", 7, True),
    ("exit.week-1", "evening", 9, False),
    ("exit.month-1", "evening", 18, False),
    ("exit.month-1", "evening", 30, True),
    ("exit.month-1", "weekly", 60, False),
]


@pytest.mark.parametrize(("item", "chosen", "number", "is_due"), DAYS)
def test_an_item_of_certain_days_is_due_on_these(item, chosen, number, is_due):
    day = CALENDAR.go_live + timedelta(days=number - 1)
    assert (CHECKLIST[item] in CHECKLIST.of_round(chosen, day, CALENDAR)) is is_due


GATE = '\n[[gate]]\nid = "exit.own"\nwords = "Own"\ndays = 7\ncriteria = [{ words = "It holds.", items = ["%s"] }]\n'


@pytest.mark.parametrize("item", ["health.web", "verify.costs"])
def test_a_gate_goes_by_items_of_this_plan_or_the_built_in_one(tmp_path, item):
    path = tmp_path / "checklist.toml"
    path.write_text(ENTRY + GATE % item)
    assert read_checklist(path).gate("exit.own").criteria[0].items == (item,)


def test_a_gate_that_goes_by_an_unknown_item_is_refused(tmp_path):
    path = tmp_path / "checklist.toml"
    path.write_text(ENTRY + GATE % "users.lgoin")
    with pytest.raises(
        ChecklistProblem, match=r"gate exit.own: there is no item 'users.lgoin'.*Did you mean users.login"
    ):
        read_checklist(path)
