"""A name of a megabyte is cut before it reaches any output, and says how long it was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hypercare.outcome.finding import Finding
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.redaction import Redactor
from hypercare.outcome.result import CheckResult
from hypercare.outcome.wording import result_text
from hypercare.plan.item import Item
from hypercare.reports.gathering import item_result
from hypercare.reports.markdown import daily_markdown
from hypercare.reports.metrics import metrics_text
from hypercare.reports.page import page_html
from hypercare.reports.summary import Summary
from hypercare.safe_text import LONGEST_NAME, cut
from tests.reports.report_examples import healthy

LONG = "N" * 1_000_000
ITEM = Item(id="verify.costs", words="Costs", section="data", level=Level.L2, rounds=("evening",))


@pytest.fixture
def result() -> CheckResult:
    found = Finding(
        sentence=f"The branch {LONG} is wrong.",
        next_step=f"Look at {LONG}.",
        where=LONG,
        detail=LONG,
        sample=[{"name of it": LONG, LONG: 1}],
        branches=(LONG,),
        besides=(Finding(sentence=LONG),),
    )
    base = CheckResult(
        nodeid="t.py::t",
        items=(ITEM.id,),
        outcome=Outcome.FAILED,
        level=Level.L2,
        figures={"by_branch": {LONG: 3, "B": 2}, "named": LONG, LONG: 1},
    )
    return base.saying(found, Redactor(mask_personal_data=False))


@pytest.fixture
def summary(result: CheckResult) -> Summary:
    day = healthy()
    item = item_result(ITEM, [result], round_name="evening")
    return Summary.model_validate({**day.model_dump(), "items": [*day.items, item], "figures": result.figures})


def test_what_is_short_stays_and_what_is_long_says_how_long_it_was() -> None:
    assert cut("Harbour Street") == "Harbour Street"
    assert cut("x" * LONGEST_NAME) == "x" * LONGEST_NAME
    assert cut(LONG).endswith("NN… (1,000,000 characters)") and len(cut(LONG)) == LONGEST_NAME
    assert cut(cut(LONG)) == cut(LONG)


def test_what_is_recorded_and_sent_to_another_process_is_cut(result: CheckResult) -> None:
    written = json.dumps(result.as_dict())
    assert len(written) < 80_000
    assert CheckResult.from_dict(json.loads(written)) == result
    assert result.branches == (cut(LONG),)


def test_numbers_and_rows_stay_as_they_are(result: CheckResult) -> None:
    assert result.figures["by_branch"] == {cut(LONG): 3, "B": 2}
    assert result.sample[0]["name of it"] == cut(LONG)


def test_every_output_is_cut(result: CheckResult, summary: Summary, tmp_path: Path) -> None:
    without = healthy()
    for output in (page_html, daily_markdown, metrics_text, Summary.to_json):
        assert len(output(summary)) < len(output(without)) + 120_000
    assert "1,000,000 characters" in page_html(summary)
    assert len(result_text(result)) < 60_000
