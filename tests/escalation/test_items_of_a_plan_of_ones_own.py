"""Outages go by what the checklist says of its items, whatever their ids."""

from __future__ import annotations

from pathlib import Path

import pytest

from hypercare.escalation.incidents import Incidents
from hypercare.escalation.probed import ProbeOutcome
from hypercare.escalation.troubles import troubles_of
from hypercare.history import tables
from hypercare.history.instants import stored
from hypercare.maintenance.windows import concerns
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.plan.checklist import Checklist, read_checklist
from hypercare.suite.blame import may_be_caused_by_database
from hypercare.uptime.overrides import Maintenance
from hypercare.uptime.state import State
from tests.escalation.incidents_of_a_shop import after, config_with, history_in

PLAN = """
[[item]]
id = "till.opens"
section = "Tills"
words = "The till opens."
rounds = ["morning"]
level = "L1"
answers_for = "mobile"
depends_on = ["till.answers"]

[[item]]
id = "till.answers"
section = "Tills"
words = "The till's service answers."
rounds = ["morning"]
level = "L2"
answers_for = "api"
depends_on = ["books.open"]

[[item]]
id = "books.open"
section = "Books"
words = "The books can be opened."
rounds = ["morning"]
level = "L3"
answers_for = "database"

[[item]]
id = "books.journal"
section = "Books"
words = "The journal says nothing grave."
rounds = ["morning"]
level = "L2"
stands_alone = true

[[item]]
id = "books.export"
section = "Books"
words = "The export is there."
rounds = ["morning"]
level = "L2"
depends_on = ["books.open"]
"""


# The items of an incident, those that it blocks, and its level.
Seen = tuple[tuple[str, ...], tuple[str, ...], Level]


@pytest.fixture
def plan(tmp_path: Path) -> Checklist:
    (tmp_path / "plan.toml").write_text(PLAN, encoding="utf-8")
    return read_checklist(tmp_path / "plan.toml")


def probed(folder: Path, plan: Checklist, *ways: str) -> list[Seen]:
    """The incidents after these ways were seen down twice."""
    history = history_in(folder)
    incidents = Incidents(history, config_with(), plan)
    outcomes = [ProbeOutcome(way, State.DOWN, f"{way}:1", f"The {way} is down.") for way in ways]
    sample = {"target": "shop", "branch": "", "prober": "here", "state": "down", "confirmed": True, "interval_s": 60.0}
    for minute in range(2):
        with history.writing() as connection:
            rows = [{**sample, "way": way, "at": stored(after(minute))} for way in ways]
            connection.execute(tables.samples.insert(), rows)
        noted = incidents.note_samples(outcomes, after(minute))
    return [(one.items, one.blocked, one.level) for one in noted.open]


SEEN: list[tuple[tuple[str, ...], list[Seen]]] = [
    (("mobile",), [(("till.opens",), (), Level.L1)]),
    (("mobile", "api"), [(("till.answers",), ("till.opens",), Level.L2)]),
    (("mobile", "database"), [(("books.open",), ("till.opens",), Level.L3)]),
]


@pytest.mark.parametrize(("ways", "incidents"), SEEN, ids=[" and ".join(row[0]) for row in SEEN])
def test_an_outage_has_the_item_and_level_of_the_plan_and_keeps_back_what_depends_on_it(
    ways: tuple[str, ...], incidents: list[Seen], plan: Checklist, tmp_path: Path
) -> None:
    assert probed(tmp_path, plan, *ways) == incidents


def test_a_round_blames_the_item_that_answers_for_the_way(plan: Checklist) -> None:
    blocked = CheckResult(
        nodeid="t.py::export",
        items=("books.export",),
        outcome=Outcome.BLOCKED,
        level=Level.L2,
        blocked_by="database",
    )
    (trouble,) = troubles_of([blocked], plan)
    assert (trouble.items, trouble.blocked, trouble.level) == (("books.open",), ("books.export",), Level.L3)


@pytest.mark.parametrize(
    ("resources", "item", "innocent"),
    [
        (["api"], "till.answers", True),
        (["exports"], "books.export", True),
        (["exports"], "till.opens", True),
        (["logs"], "books.journal", False),
        (["api"], "books.open", False),
    ],
)
def test_whether_the_database_may_be_to_blame_is_said_by_the_plan(
    resources: list[str], item: str, innocent: bool, plan: Checklist
) -> None:
    assert may_be_caused_by_database(resources, (item,), plan) is innocent


def test_maintenance_of_a_way_is_that_of_the_item_that_answers_for_it(plan: Checklist) -> None:
    window = Maintenance(start=after(), end=after(60), name="moving", ways=("database",))
    assert concerns(window, ("books.open",), (), plan)
    assert not concerns(window, ("till.opens",), (), plan)
