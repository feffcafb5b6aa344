"""What a round tells of people where the target file does not allow their names."""

import json
import sqlite3
from contextlib import closing

import pytest

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.server

CHECKS = """
from hypercare.outcome.evidence import attach_rows

ROWS = [{"user": f"mia.{n}", "branch": "North"} for n in range(7)]

@pytest.mark.item("resistance.not-using")
def test_people():
    attach_rows("people", ROWS)
    expect(False, "7 of 30 people do not work in the system.", count=7, of=30, sample=ROWS)

@pytest.mark.item("resistance.causes")
def test_question():
    raise AwaitingPerson("Were they won back?", ROWS)

@pytest.mark.item("activity.all-log-in")
def test_of_a_handful():
    raise AwaitingPerson("1 of 3 people stays away. Why?", ROWS[3:4], 3)

@pytest.mark.item("verify.costs")
def test_costs():
    expect(False, "A cost is negative.", count=1, sample=[{"user": "mia.0", "amount": "-3.00"}])
"""


def told(project, people):
    project.target.write_text(project.target.read_text() + f'\n[reports]\npeople = "{people}"\n')
    project.checks(CHECKS)
    project.run("--round", "evening", "--as-of", "2026-01-15T17:00", "--reports", str(project.reports))
    folder = project.reports / "2026-01-15" / "evening"
    items = {item["id"]: item for item in json.loads((folder / "summary.json").read_text())["items"]}
    everything = [path.read_text(errors="replace") for path in folder.rglob("*") if path.is_file()]
    return items, [text for text in everything if "mia.3" in text]


@pytest.mark.parametrize(
    ("people", "sample"),
    [
        ("counts", [{"branch": "North"}] * 5),
        ("groups", []),
    ],
)
def test_nobody_stands_in_any_file_of_the_round(project, people, sample):
    items, naming = told(project, people)
    assert items["resistance.not-using"]["sample"] == sample
    assert items["resistance.not-using"]["sentence"] == "7 of 30 people do not work in the system."
    assert items["resistance.causes"]["sentence"].startswith("Were they won back?")
    assert items["activity.all-log-in"]["sentence"].startswith("1 of 3") is (people == "counts")
    assert naming == []


def test_a_pseudonym_is_the_same_in_the_next_round(project):
    first, naming = told(project, "pseudonyms")
    project.run("--round", "evening", "--as-of", "2026-01-16T17:00", "--reports", str(project.reports))
    again = json.loads((project.reports / "2026-01-16" / "evening" / "summary.json").read_text())
    (item,) = (one for one in again["items"] if one["id"] == "resistance.not-using")
    assert naming == [] and item["sample"] == first["resistance.not-using"]["sample"]


def test_the_key_of_pseudonyms_is_there_before_checks_run_side_by_side(project):
    project.target.write_text(project.target.read_text() + '\n[reports]\npeople = "pseudonyms"\n')
    project.checks('@pytest.mark.item("health.web")\ndef test_web():\n    pass\n')
    project.run("--round", "morning", "--as-of", "2026-01-15T09:00", "--reports", str(project.reports))
    with closing(sqlite3.connect(project.reports / "history.sqlite")) as history:
        (number,) = history.execute("select count(*) from watermarks where name = 'key of pseudonyms'").fetchone()
    assert number == 1


def test_who_stands_in_a_wrong_record_is_told_all_the_same(project):
    items, _ = told(project, "groups")
    assert items["verify.costs"]["sample"] == [{"user": "mia.0", "amount": "-3.00"}]
