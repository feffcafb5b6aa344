"""What looking cost the database stands in every report: added up from the checks, beside its limit."""

from __future__ import annotations

import json

import pytest

from hypercare.outcome.database_load import DatabaseLoad
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.reports.database_use import database_use_of, database_use_words, use_of_the_day
from hypercare.reports.markdown import daily_markdown
from hypercare.reports.metrics import metrics_text
from hypercare.reports.page import page_html
from hypercare.reports.summary import DatabaseUse, Summary
from tests.reports.report_examples import healthy

HELD_BACK = "A question about sales would read about 90,000,000 rows."


def ended(item: str, **load: object) -> CheckResult:
    return CheckResult(
        nodeid=item,
        items=(item,),
        outcome=Outcome.PASSED,
        level=Level.L2,
        database_load=DatabaseLoad(**load).as_dict(),  # type: ignore[arg-type]
    )


@pytest.fixture
def use() -> DatabaseUse:
    results = [
        ended("verify.costs", statements=3, seconds=1.5, slowest="costs", slowest_s=1.0, held_back=[HELD_BACK]),
        ended("verify.sales", statements=2, seconds=4.0, slowest="sales", slowest_s=3.0, lock_wait_s=0.5),
        ended("verify.branches", copy="copy:5432", behind_s=12.0),
    ]
    found = database_use_of(results, DatabaseLoad(1, 0.5), 0.01)
    assert found is not None
    return found


def test_a_round_is_the_sum_of_its_checks_and_names_its_slowest_question(use: DatabaseUse) -> None:
    assert (use.statements, use.seconds, use.lock_wait_s) == (6, 6.0, 0.5)
    assert (use.slowest_item, use.slowest, use.slowest_s) == ("verify.sales", "sales", 3.0)
    assert (use.day_percent, use.limit_percent, use.is_above_limit) == (0.0069, 1.0, False)
    assert (use.held_back, use.read_from, use.behind_s) == ([HELD_BACK], "copy:5432", 12.0)


def test_with_the_rounds_before_it_is_told_what_the_day_has_come_to(use: DatabaseUse) -> None:
    evening = use.model_copy(update={"day_so_far_s": 900.0})
    assert evening.is_above_limit
    whole = database_use_words(evening)[0]
    assert "above its limit of 1 %" in whole
    assert " With the rounds before it is 1.04 %. " in whole
    assert "With the rounds before" not in database_use_words(use.model_copy(update={"day_so_far_s": 6.0}))[0]
    day = use_of_the_day([use, evening])
    assert day is not None and day.day_so_far_s == 900.0


def test_where_nothing_was_asked_nothing_is_told() -> None:
    assert database_use_of([ended("health.web")], DatabaseLoad(), 0.01) is None
    assert use_of_the_day([None, None]) is None


def test_a_day_is_the_sum_of_its_rounds(use: DatabaseUse) -> None:
    day = use_of_the_day([use, None, use.model_copy(update={"slowest_s": 9.0, "slowest": "lines", "behind_s": None})])
    assert day is not None
    assert (day.statements, day.seconds, day.slowest, day.behind_s) == (12, 12.0, "lines", 12.0)


def test_above_its_limit_it_says_so() -> None:
    use = database_use_of([ended("verify.sales", statements=1, seconds=900.0)], DatabaseLoad(), 0.01)
    assert use is not None
    assert use.is_above_limit
    assert "1.04 % of the day (above its limit of 1 %)" in database_use_words(use)[0]


def test_every_report_tells_it(use: DatabaseUse) -> None:
    summary = Summary.model_validate({**json.loads(healthy().to_json()), "database_use": use.model_dump()})
    words = database_use_words(use)
    assert "less than 0.01 % of the day (limit 1 %)" in words[0]
    assert "The slowest took 3.0 s, about sales (verify.sales). The longest wait for a lock was 500 ms." in words[0]
    page, markdown, metrics = page_html(summary), daily_markdown(summary), metrics_text(summary)
    assert all(sentence in page for sentence in words)
    assert "What looking cost the database" in markdown
    assert 'hypercare_database_slowest_seconds{item="verify.sales"' in metrics
    assert "hypercare_database_held_back" in metrics


def test_a_summary_of_an_older_version_has_none() -> None:
    assert "What looking cost" not in page_html(healthy()) + daily_markdown(healthy())
