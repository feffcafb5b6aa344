"""How incidents and what people said of them stand in the report."""

from datetime import UTC, datetime

import pytest

from hypercare.escalation.annotations import ActionTaken, Answer, DayAnnotations, SignOff
from hypercare.escalation.events import IncidentEvent
from hypercare.escalation.incident import Incident
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.plan.rounds import Round
from hypercare.reports.annotations import with_annotations
from hypercare.reports.markdown import daily_markdown
from hypercare.reports.page import page_html
from hypercare.reports.summary import Summary
from hypercare.reports.verdict import can_we_trade, response_words, who_is_on_it
from tests.reports.report_examples import LOCKED_OUT, OVERDUE, TOTALS, WEB_DOWN, at, healthy, merged, round_summary

UTC_TIME = datetime(2026, 2, 4, 16, 30, tzinfo=UTC)
NOTHING = DayAnnotations({}, (), None)


def page_with(incident: Incident) -> str:
    return " ".join(page_html(round_summary(Round.EVENING, {}, [incident])).split())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "comes and goes"),
        ({}, "opened 15 Jan 12:01 · began 3 times"),
        ({}, "<dt>Branches</dt><dd>HAR, OLD</dd>"),
        ({"holding_since": at(14)}, "holding since 15 Jan 14:00"),
        ({"resolved": at(15), "resolved_by": "Mara"}, "resolved 15 Jan 15:00 by Mara"),
    ],
)
def test_an_incident_says_how_it_stands(change, words):
    assert words in page_with(OVERDUE.model_copy(update=change))


def test_an_incident_opens_to_what_happened():
    page = page_with(OVERDUE)
    assert page.count('<details class="story">') == 1
    assert '<span class="soft">15 Jan 12:10</span> comes and goes: it began 3 times.' in page
    assert '<details class="story">' not in page_with(LOCKED_OUT)


def test_that_nobody_answers_stops_no_sale():
    late = LOCKED_OUT.model_copy(update={"level": Level.L3, "gravity": Level.L1, "items": ("users.login",)})
    assert can_we_trade(merged({}, [late])).short == "Yes"
    assert can_we_trade(merged({}, [late.model_copy(update={"gravity": Level.L3})])).short == "No"


def test_what_holds_again_but_not_for_long_enough_neither_stops_trade_nor_calls_anybody():
    holding = WEB_DOWN.model_copy(update={"holding_since": at(11)})
    report = round_summary(Round.MIDDAY, {}, [holding])
    assert (can_we_trade(report).short, who_is_on_it(report).short) == ("Yes", "No one needed")
    assert "1 incident held when last looked at" in who_is_on_it(report).text
    assert response_words(holding, at(12)) == "no answer yet; it holds since 11:00"
    assert not holding.is_late(at(12))


def test_an_answer_is_due_when_the_incident_says_so():
    again = WEB_DOWN.model_copy(update={"respond_by": at(12)})
    assert [again.is_late(at(11)), again.is_late(at(13))] == [False, True]


def test_notes_of_the_day_are_actions_taken_with_their_names():
    said = IncidentEvent(at=at(11), kind="noted", level=Level.L2, by="Ben", note="the cable *is* loose", words="x")
    earlier = said.model_copy(update={"at": at(11).replace(day=3), "note": "of yesterday"})
    text = daily_markdown(merged({}, [TOTALS.model_copy(update={"story": (earlier, said)})]))
    assert "11:00 Ben: the cable \\*is\\* loose (incident 9)" in text
    assert "of yesterday" not in text


def awaiting(summary: Summary) -> list[str]:
    return [item.id for item in summary.items if item.outcome is Outcome.AWAITING]


def test_an_answer_settles_the_question_and_counts():
    before = merged({"errors.fix-plan": {"outcome": Outcome.AWAITING, "sentence": "Who?"}})
    answer = Answer("errors.fix-plan", "Ben, until noon", "Mara", UTC_TIME)
    after = with_annotations(before, DayAnnotations({answer.item: answer}, (), None))
    assert "errors.fix-plan" in awaiting(before)
    assert awaiting(after) == [one for one in awaiting(before) if one != "errors.fix-plan"]
    assert after.counts["passed"] == before.counts["passed"] + 1
    assert after.coverage.covered == before.coverage.covered + 1
    item = next(one for one in after.items if one.id == "errors.fix-plan")
    assert (item.answer, item.answered_by) == ("Ben, until noon", "Mara")


def test_a_word_does_not_turn_a_failure_into_something_that_holds():
    before = merged({"verify.costs": {"outcome": Outcome.FAILED, "sentence": "A cost is negative."}})
    answer = Answer("verify.costs", "it is fine", "Mara", UTC_TIME)
    assert with_annotations(before, DayAnnotations({answer.item: answer}, (), None)).items == before.items


def test_actions_and_the_sign_off_stand_in_business_time():
    said = DayAnnotations({}, (ActionTaken("mended", "Ben", UTC_TIME, 7),), SignOff("daily", "read", "Owner", UTC_TIME))
    after = with_annotations(healthy(), said)
    assert [(one.by, one.incident, one.at.isoformat()) for one in after.actions] == [
        ("Ben", "7", "2026-02-04T17:30:00+01:00")
    ]
    assert (after.review.by, after.review.note, f"{after.review.at:%H:%M}") == ("Owner", "read", "17:30")
    page = page_html(after)
    assert "mended" in page
    assert "Reviewed" in page


def test_without_a_word_nothing_changes():
    assert with_annotations(healthy(), NOTHING) == healthy()
