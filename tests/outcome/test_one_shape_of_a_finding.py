"""What is found reaches the result, the other process and the report as it is, whichever fields it has."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from typing import Any

import pytest

from hypercare.outcome.expect import expect_none
from hypercare.outcome.finding import Extent, Finding
from hypercare.outcome.found import Found
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.redaction import Redactor
from hypercare.outcome.result import CheckResult
from hypercare.outcome.signals import CheckFailed
from hypercare.plan.item import Item
from hypercare.reports.gathering import item_result
from hypercare.reports.summary import FindingPart

SECRET = "hunter2-hunter2"
ITEM = Item(id="verify.costs", words="Costs", section="data", level=Level.L2, rounds=("evening",))
# Something to say in a field of each type, so that a field of tomorrow is tried as well.
SOMETHING: dict[str, Any] = {
    "int | None": 2,
    "int": 3,
    "Decimal | None": Decimal("12.50"),
    "str": "something",
    "Sequence[Row]": ({"sale": "A-1", "branch": "N"},),
    "tuple[str, ...]": ("N", "S"),
}
NAMES = [one.name for one in fields(Extent)]
FOUND = Found(**{one.name: SOMETHING[str(one.type)] for one in fields(Extent)})


def raised(**said: Any) -> Finding:
    with pytest.raises(CheckFailed) as failed:
        expect_none(FOUND, "Two are wrong.", **said)
    return failed.value.finding


def result(**said: Any) -> CheckResult:
    base = CheckResult(nodeid="t.py::t", items=(ITEM.id,), outcome=Outcome.FAILED, level=Level.L3)
    redactor = Redactor()
    redactor.learn([SECRET])
    return base.saying(raised(**said), redactor)


@pytest.mark.parametrize("name", NAMES)
def test_a_finding_has_all_that_was_found(name: str):
    assert getattr(raised(), name) == getattr(FOUND, name)


@pytest.mark.parametrize("name", NAMES)
def test_a_result_has_all_that_was_found_also_in_another_process(name: str):
    travelled = CheckResult.from_dict(result().as_dict())
    assert getattr(travelled, name) == getattr(FOUND, name)


class QuotedName(str):
    """Text that is more than text, as the names that an engine reflects are."""


@pytest.mark.parametrize("kind", [str, QuotedName])
@pytest.mark.parametrize("name", ["where", "next_step", "detail"])
def test_no_text_of_a_finding_keeps_a_secret(name: str, kind: type[str]):
    finding = Finding(**{"sentence": "x", name: kind(f"at {SECRET}")})
    redactor = Redactor()
    redactor.learn([SECRET])
    base = CheckResult(nodeid="t.py::t", items=(ITEM.id,), outcome=Outcome.FAILED, level=Level.L3)
    assert getattr(base.saying(finding, redactor), name) == "at [secret]"


def test_the_report_of_an_item_shows_the_finding_of_its_check():
    told = item_result(ITEM, [result(next_step="Look.")], round_name="evening")
    [check] = told.checks
    shown = {name: getattr(told, name) for name in FindingPart.model_fields}
    assert shown == {name: getattr(check, name) for name in FindingPart.model_fields}
    assert (told.count, told.of, told.money, told.next_step) == (2, 2, Decimal("12.50"), "Look.")
