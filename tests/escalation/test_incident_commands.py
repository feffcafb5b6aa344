"""What people type, and what stands in the history for it."""

import json
import sys
from datetime import timedelta

import pytest

from hypercare.cli import main
from hypercare.escalation.annotations import Annotations
from hypercare.escalation.incidents import Incidents
from hypercare.history.opening import open_history
from hypercare.outcome.level import Level
from hypercare.target_file.loading import load_target
from hypercare.target_file.target import clock_of
from tests.escalation.incidents_of_a_shop import trouble

FILE = """
[target]
name = "Shop"
[business]
timezone = "Europe/Berlin"
go_live = 2026-01-08
clock = "clock.json"
"""
CHECKLIST = """
[[item]]
id = "errors.fix-plan"
section = "Errors"
words = "Each error has an owner."
rounds = ["evening"]
level = "L1"
kind = "attest"
question = "Who?"
[[item]]
id = "verify.costs"
section = "Data"
words = "Costs are right."
rounds = ["evening"]
level = "L2"
"""


class Desk:
    def __init__(self, folder, capsys, monkeypatch):
        self.capsys, self.monkeypatch, self.folder = capsys, monkeypatch, folder
        self.file = folder / "shop.toml"
        self.file.write_text(FILE)
        (folder / "checklist.toml").write_text(CHECKLIST)
        self.set_clock("2026-01-15T08:00:00+00:00")
        self.config = load_target(self.file)
        self.history = open_history(self.config, folder)

    def set_clock(self, now):
        face = {"set_to": now, "set_at": "2026-01-01T00:00:00+00:00", "rate": 0}
        (self.folder / "clock.json").write_text(json.dumps(face))

    @property
    def incidents(self):
        return Incidents(self.history, self.config)

    def fails(self, *troubles, held=()):
        return self.incidents.note_round(troubles, held, clock_of(self.config))

    def type(self, command, *arguments, status=0):
        """The lines that the command printed, on either stream; its exit status is checked."""
        of_target = ["--target", str(self.file), "--reports", str(self.folder)]
        self.monkeypatch.setattr(sys, "argv", ["hypercare", command, *map(str, arguments), *of_target])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = self.capsys.readouterr()
        assert ended.value.code == status, printed
        return (printed.out + printed.err).splitlines()


@pytest.fixture
def desk(tmp_path, capsys, monkeypatch):
    opened = Desk(tmp_path, capsys, monkeypatch)
    yield opened
    opened.history.close()


def test_without_an_incident_it_says_so(desk):
    assert desk.type("incidents") == ["No incident is open."]
    assert desk.type("incidents", "--all") == ["No incident was ever open."]


def test_open_incidents_are_listed_with_who_has_to_answer_and_until_when(desk):
    desk.fails(trouble("one", Level.L1, ("x.y",)), trouble("two", Level.L3))
    assert desk.type("incidents") == [
        "   2 L3 since 15 Jan 09:00, waits for Owner and technical team, to answer by 15 Jan 09:05: two is in trouble",
        "   1 L1 since 15 Jan 09:00, waits for Administrator or manager, to answer by 15 Jan 09:15: one is in trouble",
    ]


def test_what_is_late_says_since_when(desk):
    desk.fails(trouble())
    desk.set_clock("2026-01-15T10:00:00+00:00")
    (line,) = desk.type("incidents")
    assert "no answer since 15 Jan 10:00" in line


def test_an_incident_tells_its_story(desk):
    desk.fails(trouble(blocked=("ops.sales",)))
    desk.type("ack", 1, "--by", "Mara", "--note", "looking")
    desk.type("note", 1, "it is the cable", "--by", "Ben")
    desk.set_clock("2026-01-15T11:00:00+00:00")
    desk.fails(trouble())
    desk.fails(trouble())
    desk.type("resolve", 1, "--by", "Mara", "--note", "a new cable")
    assert desk.type("incidents", 1) == [
        "Incident 1, L2 technical: check:a.b is in trouble",
        "  over since 15 Jan 12:00",
        "  seen in: a.b",
        "",
        "  15 Jan 09:00  opened at L2: check:a.b is in trouble",
        "  15 Jan 09:00  acknowledged by Mara: looking",
        "  15 Jan 09:00  noted by Ben: it is the cable",
        "  15 Jan 12:00  seen again, the last of 2 times",
        "  15 Jan 12:00  said to be over by Mara: a new cable",
    ]
    assert desk.type("incidents") == ["No incident is open."]
    assert desk.type("incidents", "--all") == [
        "   1 L2 since 15 Jan 09:00, over since 15 Jan 12:00: check:a.b is in trouble"
    ]


def test_other_programs_get_it_as_in_the_summary(desk):
    desk.fails(trouble())
    desk.type("ack", 1, "--by", "Mara")
    (listed,) = json.loads("\n".join(desk.type("incidents", "--json")))
    alone = json.loads("\n".join(desk.type("incidents", 1, "--json")))
    assert listed == alone
    assert (listed["id"], listed["acknowledged_by"]) == ("1", "Mara")
    assert [event["kind"] for event in listed["story"]] == ["opened", "acknowledged"]


def test_what_the_target_says_cannot_steer_the_terminal(desk):
    desk.fails(trouble("\x1b[2Jgone"))
    (line,) = desk.type("incidents")
    assert "\x1b" not in line


@pytest.mark.parametrize(
    "command",
    [
        ("ack", 7, "--by", "Mara"),
        ("note", 7, "text", "--by", "Mara"),
        ("resolve", 7, "--by", "Mara"),
        ("incidents", 7),
        ("incidents", 7, "--json"),
        ("action", "mended", "--by", "Mara", "--incident", 7),
    ],
    ids=lambda command: " ".join(map(str, command)),
)
def test_a_number_that_is_not_there_is_one_line_and_status_four(desk, command):
    (line,) = desk.type(*command, status=4)
    assert "incident 7" in line


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("attest", "verify.costs", "--by", "Mara", "--answer", "fine"), "decided by its checks"),
        (("attest", "errors.fix-plans", "--by", "Mara", "--answer", "fine"), "Did you mean errors.fix-plan?"),
        (("attest", "errors.fix-plan", "--by", "Mara", "--answer", "fine", "--day", "2026-01-16"), "still to come"),
        (("sign-off", "--by", "Mara", "--what", "weekly"), "there is no report 'weekly': say daily, week-1"),
        (("sign-off", "--by", "Mara", "--what", "week-3"), "week-3 begins on 2026-01-22, which is still to come"),
        (("sign-off", "--by", "Mara", "--what", "week-1", "--day", "2026-01-14"), "leave out --day"),
        (("attest", "errors.fix-plan", "--by", " ", "--answer", "fine"), "say something"),
        (("attest", "errors.fix-plan", "--by", "Mara", "--answer", ""), "say something"),
        (("action", " ", "--by", "Mara"), "say something"),
        (("sign-off",), "--by"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_what_cannot_be_taken_is_one_line_and_status_four(desk, command, says):
    if command[0] == "attest":
        command = (*command, "--project", str(desk.folder))
    (line,) = desk.type(*command, status=4)
    assert says in line


def test_what_people_say_stands_with_name_and_time_and_nothing_is_overwritten(desk):
    project = ("--project", str(desk.folder))
    desk.type("attest", "errors.fix-plan", "--by", "Mara", "--answer", "Ben, until noon", *project)
    desk.type("attest", "errors.fix-plan", "--by", "Mara", "--answer", "Ann, until one", *project)
    desk.fails(trouble())
    desk.type("action", "restarted the printer", "--by", "Ben", "--incident", 1)
    for number, at in enumerate((clock_of(desk.config), clock_of(desk.config) - timedelta(days=1))):
        day = desk.config.business.calendar.date_of(at)
        desk.history.begin_round(f"held{number}", "evening", day, at, at)
    desk.type("sign-off", "--by", "Owner", "--note", "seen")
    desk.type("sign-off", "--by", "Somebody", "--what", "week-1")
    said = Annotations(desk.history).of_day(desk.config.business.calendar.date_of(clock_of(desk.config)))
    assert (said.answers["errors.fix-plan"].answer, said.answers["errors.fix-plan"].by) == ("Ann, until one", "Mara")
    assert [(one.by, one.note, one.incident) for one in said.actions] == [("Ben", "restarted the printer", 1)]
    assert (said.sign_off.by, said.sign_off.note, said.sign_off.at) == ("Owner", "seen", clock_of(desk.config))


def test_an_earlier_day_may_be_answered_later(desk):
    project = ("--project", str(desk.folder))
    desk.type("attest", "errors.fix-plan", "--by", "Mara", "--answer", "late", "--day", "2026-01-14", *project)
    today = desk.config.business.calendar.date_of(clock_of(desk.config))
    assert Annotations(desk.history).of_day(today).answers == {}
    assert list(Annotations(desk.history).of_day(today.replace(day=14)).answers) == ["errors.fix-plan"]
