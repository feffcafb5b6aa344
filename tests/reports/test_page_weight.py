"""The page stays under 400 kB, also on the day on which everything fails: the worst is whole, of others a part."""

from __future__ import annotations

import pytest

from hypercare.outcome.finding import Finding
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.redaction import Redactor
from hypercare.outcome.result import CheckResult
from hypercare.plan.item import Item
from hypercare.reports.gathering import item_result
from hypercare.reports.page import page_html
from hypercare.reports.page_weight import light
from hypercare.reports.summary import ItemResult, Summary
from tests.reports.report_examples import CHECKLIST, EXAMPLES, Example, critical

MOST = 400_000


def failed(item: Item, level: Level = Level.L2, *, checks: int = 1) -> ItemResult:
    found = Finding(
        sentence=f"41 of 398 sales of {item.id} are wrong.",
        next_step="Look at each of them.",
        detail="expected this and found that\n" * 40,
        count=41,
        sample=[{f"column {number}": f"value {number} of row {row}" for number in range(6)} for row in range(5)],
    )
    results = [
        CheckResult(nodeid=f"t.py::t{number}", items=(item.id,), outcome=Outcome.FAILED, level=level)
        for number in range(checks)
    ]
    said = [one.saying(found, Redactor(mask_personal_data=False)) for one in results]
    return item_result(item, said, round_name="evening")


def page_of(items: list[ItemResult]) -> str:
    return page_html(Summary.model_validate({**critical().model_dump(), "items": items}))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_a_day_like_any_other(example: Example) -> None:
    assert len(page_html(example.make()).encode()) < MOST


def test_a_day_on_which_every_item_fails() -> None:
    page = page_of([failed(item) for item in CHECKLIST])
    assert len(page.encode()) < MOST
    assert "1 of 41 shown" in page and "5 of 41 shown" in page


def test_the_worst_is_whole_and_the_order_stays() -> None:
    first, *others = CHECKLIST
    items = [*(failed(item) for item in others), failed(first, Level.L3)]
    made = light(items)
    assert [one.id for one in made] == [one.id for one in items]
    assert made[-1] == items[-1]
    left = [one for one in made if len(one.sample) == 1]
    assert left and all(one.sentence and one.checks[0].detail.endswith("characters)") for one in left)


def test_where_there_is_room_nothing_is_left_out() -> None:
    items = [failed(item, checks=3) for item in [*CHECKLIST][:5]]
    assert light(items) == items
