"""Of several expectations in one check each is told, the gravest first."""

from __future__ import annotations

import pytest

from hypercare.outcome.collect_failures import collect_failures
from hypercare.outcome.expect import expect
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.redaction import Redactor
from hypercare.outcome.result import CheckResult
from hypercare.outcome.signals import CheckFailed, MonitorFault, NotCovered


def _tell(*parts: Exception | tuple[bool, str, Level | None]) -> None:
    with collect_failures() as part:
        for one in parts:
            with part:
                if isinstance(one, Exception):
                    raise one
                holds, sentence, level = one
                expect(holds, sentence, level=level, sample=[{"branch": sentence}])


def test_a_check_whose_parts_hold_is_silent() -> None:
    _tell((True, "a", None), (True, "b", Level.L3))


@pytest.mark.parametrize(
    ("parts", "sentence", "level"),
    [
        (((False, "Mild.", None), (False, "Grave.", Level.L3)), "Grave. Besides: Mild.", Level.L3),
        (((False, "Usual.", None), (False, "Mild.", Level.L1)), "Usual. Besides: Mild.", Level.L2),
        (((True, "Fine.", None), (False, "Wrong.", None)), "Wrong.", Level.L2),
        ((NotCovered("not mapped"), (False, "Wrong.", None)), "Wrong.", Level.L2),
        (((False, "Wrong.", None), NotCovered("not mapped")), "Wrong.", Level.L2),
    ],
)
def test_each_part_is_told_and_the_gravest_leads(parts: tuple, sentence: str, level: Level) -> None:  # type: ignore[type-arg]
    with pytest.raises(CheckFailed) as failed:
        _tell(*parts)
    result = CheckResult(nodeid="t.py::t", items=("a.b",), outcome=Outcome.FAILED, level=Level.L2)
    told = result.saying(failed.value.finding, Redactor())
    assert (told.sentence, told.level) == (sentence, level)
    assert len(told.branches) == sentence.count("Besides") + 1


def test_where_nothing_is_wrong_what_could_not_be_seen_is_said() -> None:
    with pytest.raises(NotCovered, match="not mapped"):
        _tell((True, "a", None), NotCovered("not mapped"), NotCovered("nor this"))


def test_our_own_trouble_ends_the_check_at_once() -> None:
    with pytest.raises(MonitorFault):
        _tell((False, "Wrong.", None), MonitorFault("no browser"))
