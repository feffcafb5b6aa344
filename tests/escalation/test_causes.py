"""What has one cause is one trouble, however many checks saw it."""

from pathlib import Path

from hypercare.escalation.troubles import troubles_of
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.plan.checklist import read_checklist

CHECKLIST = read_checklist(Path(__file__).parents[2] / "checklist.toml")


def result(item, outcome=Outcome.FAILED, level=Level.L2, nodeid_of="", **more):
    return CheckResult(nodeid=nodeid_of or f"t.py::{item}", items=(item,), outcome=outcome, level=level, **more)


def test_ways_that_stand_on_one_server_are_one_outage_with_its_blocked_checks():
    troubles = troubles_of(
        [
            result("health.web", level=Level.L3, address="erp:443", sentence="The web app does not answer."),
            result("health.api", level=Level.L3, address="erp:443", sentence="The API does not answer."),
            result("users.login", Outcome.BLOCKED, blocked_by="api", address="erp:443", sentence="Not looked at: x"),
        ],
        CHECKLIST,
    )
    assert len(troubles) == 1
    assert troubles[0].items == ("health.web", "health.api")
    assert troubles[0].blocked == ("users.login",)
    assert troubles[0].level is Level.L3
    assert troubles[0].sentence == "The web app does not answer."


def test_an_outage_that_only_blocked_checks_tell_of_stands_at_the_level_of_its_way():
    blocked = result(
        "perf.mobile", Outcome.BLOCKED, blocked_by="web", address="erp:443", sentence="Not looked at: no answer"
    )
    (trouble,) = troubles_of([blocked], CHECKLIST)
    assert (trouble.level, trouble.items, trouble.sentence) == (Level.L3, ("health.web",), "no answer")


def test_findings_of_one_item_are_one_trouble_at_the_highest_level():
    low = result("users.login", level=Level.L1, sentence="One user cannot.")
    high = result("users.login", level=Level.L3, sentence="Nobody can.")
    (trouble,) = troubles_of([low, high], CHECKLIST)
    assert (trouble.level, trouble.sentence) == (Level.L3, "Nobody can.")


def test_what_passed_is_no_trouble():
    passed = [result("health.web", Outcome.PASSED), result("perf.timeouts", Outcome.FLAKY)]
    assert troubles_of(passed, CHECKLIST) == ()


def test_what_an_item_says_besides_its_outage_is_the_same_trouble():
    troubles = troubles_of(
        [
            result("health.mobile", address="erp:443", sentence="The mobile app does not answer."),
            result("health.mobile", level=Level.L3, sentence="2 of 2 phones cannot open a session."),
            result("verify.costs", sentence="A cost is negative."),
        ],
        CHECKLIST,
    )
    assert [(one.cause, one.level) for one in troubles] == [
        ("outage:erp:443", Level.L3),
        ("check:verify.costs", Level.L2),
    ]


def test_a_trouble_has_every_sentence_of_its_cause():
    one = result("verify.costs", nodeid_of="t.py::one", sentence="A cost is negative.")
    other = result("verify.costs", nodeid_of="t.py::other", level=Level.L3, sentence="A cost is twice there.")
    (trouble,) = troubles_of([one, other], CHECKLIST)
    assert trouble.sentence == "A cost is twice there."
    assert list(trouble.findings.values()) == ["A cost is negative.", "A cost is twice there."]


def test_findings_of_several_items_that_name_one_cause_are_one_trouble():
    swapped = [
        result("verify.branches", cause="branches-swapped", sentence="12 sales are in another branch than their cash."),
        result("users.active", cause="branches-swapped", sentence="Nobody works in North."),
    ]
    (trouble,) = troubles_of(swapped, CHECKLIST)
    assert trouble.items == ("verify.branches", "users.active")
    assert len(trouble.findings) == 2
