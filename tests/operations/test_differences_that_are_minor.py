"""A difference is always told; how much it matters depends on what the business turns over."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from hypercare.outcome.finding import Finding
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.redaction import Redactor
from hypercare.outcome.result import CheckResult
from tests.operations.till import Till, sales_a_day, stamp

LINES = {"sale_line": {"table": "line", "columns": ["id", "sale", "amount"]}}
CHECK = "sales.totals_are_the_sum_of_the_lines"
EUR, JPY = ("EUR", 80), ("JPY", 9000)


def _found(folder: Path, money: tuple[str, int], off: dict[int, str], **limits: Any) -> Finding:
    till, (currency, typical) = Till(folder), money
    days = list(enumerate(sales_a_day(8), start=1))
    till.add(
        "sale",
        [
            {
                "id": n,
                "number": n,
                "total": float(typical + Decimal(off.get(n, "0"))),
                "at": stamp(at),
                "final": stamp(at),
            }
            for n, (_, at) in days
        ],
    )
    till.add("line", [{"sale": n, "amount": typical} for n, _ in days])
    finding = till.ask(CHECK, mapping=LINES, business={"currency": currency}, limits=limits).finding
    assert finding is not None
    assert finding.count == len(off)
    return finding


def _level(finding: Finding) -> Level:
    return told_at(Level.L3, finding)


def told_at(level: Level, finding: Finding) -> Level:
    failed = CheckResult(nodeid="t.py::t", items=("a.b",), outcome=Outcome.FAILED, level=level)
    return failed.saying(finding, Redactor()).level


@pytest.mark.parametrize(
    ("money", "off", "level"),
    [
        (EUR, {100: "0.01"}, Level.L2),
        (EUR, {100: "-0.79"}, Level.L2),
        (EUR, {100: "0.80"}, Level.L3),
        (EUR, {100: "100"}, Level.L3),
        (EUR, {100: "0.01", 101: "0.01"}, Level.L2),
        (EUR, {100: "0.01", 120: "0.01", 140: "0.01"}, Level.L3),
        (EUR, dict.fromkeys(range(161, 165), "0.01"), Level.L3),
        (JPY, {100: "1"}, Level.L2),
        (JPY, {100: "90"}, Level.L3),
    ],
    ids=str,
)
def test_the_level_follows_the_amount_the_share_and_the_days(
    money: tuple[str, int], off: dict[int, str], level: Level, tmp_path: Path
) -> None:
    assert _level(_found(tmp_path, money, off)) is level


def test_the_sentence_says_why_it_is_minor(tmp_path: Path) -> None:
    sentence = _found(tmp_path, EUR, {100: "0.01"}).sentence
    assert "; 0.01 EUR is at stake. That is minor: below 0.80 EUR in one record and 80.00 EUR in all" in sentence


def test_what_is_minor_is_said_in_the_currencys_own_decimals(tmp_path: Path) -> None:
    sentence = _found(tmp_path, JPY, {100: "1"}).sentence
    assert "; 1 JPY is at stake. That is minor: below 90 JPY in one record and 9,000 JPY in all" in sentence


@pytest.mark.parametrize(
    ("limits", "level"),
    [
        ({"minor_amount": 0}, Level.L3),
        ({"minor_amount": 50, "minor_in_all": 50}, Level.L2),
        ({"minor_days": 1}, Level.L3),
    ],
)
def test_the_file_says_what_is_minor(limits: dict[str, Any], level: Level, tmp_path: Path) -> None:
    off = "20" if "minor_in_all" in limits else "0.01"
    assert _level(_found(tmp_path, EUR, {100: off}, **limits)) is level


def test_what_is_minor_raises_no_item_that_is_less_urgent() -> None:
    finding = Finding(sentence="A cent.", at_most=Level.L2)
    assert [told_at(level, finding) for level in Level] == [Level.L1, Level.L2, Level.L2]
