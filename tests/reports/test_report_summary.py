"""summary.json keeps its contract."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from hypercare.outcome.outcome import Outcome
from hypercare.reports.schema import summary_schema
from hypercare.reports.summary import Check, Summary, read_summary
from tests.reports.report_examples import EXAMPLES, PROJECT, Example, critical, healthy

CONTRACT = {
    *("schema", "target", "round", "day", "phase", "as_of", "started", "finished", "status", "counts", "coverage"),
    *("figures", "items", "incidents", "uptime"),
}
ITEM_CONTRACT = {"id", "outcome", "level", "check", "sentence", "count", "sample", "duration_s", "incident"}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_it_reads_back_as_it_was_written(example: Example, tmp_path: Path) -> None:
    summary = example.make()
    summary.write(tmp_path / "summary.json")
    assert read_summary(tmp_path / "summary.json").to_json() == summary.to_json()


def test_the_fields_that_other_programs_rely_on_are_there() -> None:
    written = json.loads(critical().to_json())
    assert set(written) >= CONTRACT
    assert all(set(item) >= ITEM_CONTRACT for item in written["items"])
    assert {outcome.value for outcome in Outcome} == set(written["counts"])
    assert written["uptime"]["from"] == "2026-01-15T08:00:00+01:00"


def test_money_is_text_and_instants_are_in_the_business_zone() -> None:
    written = json.loads(healthy().to_json())
    assert written["figures"]["sales_amount"] == "148230.40"
    assert written["figures"]["sales_created"] == 412
    assert written["as_of"] == "2026-01-15T17:00:00+01:00"


def test_instants_given_in_utc_are_written_in_the_business_zone() -> None:
    raw = json.loads(healthy().to_json()) | {"as_of": "2026-01-15T16:00:00Z"}
    assert json.loads(Summary.model_validate(raw).to_json())["as_of"] == "2026-01-15T17:00:00+01:00"


def test_an_instant_without_its_zone_is_refused() -> None:
    raw = json.loads(healthy().to_json()) | {"as_of": "2026-01-15T16:00:00"}
    with pytest.raises(ValidationError, match="timezone"):
        Summary.model_validate(raw)


def test_what_a_newer_version_added_is_skipped() -> None:
    raw = json.loads(healthy().to_json()) | {"weather": "fine"}
    assert Summary.model_validate(raw).target == "Rosewood Bridal"


def test_cells_become_plain_json_and_a_sample_has_at_most_five_rows() -> None:
    row = {"amount": Decimal("1E+3"), "blob": b"\xff", "lone": "\ud800", "number": float("nan"), "long": "x" * 9000}
    check = Check(nodeid="a", outcome=Outcome.FAILED, sample=[row] * 9, sentence="\ud800\x00")
    assert len(check.sample) == 5
    assert check.sample[0]["amount"] == "1000"
    assert check.sample[0]["number"] == "nan"
    assert len(str(check.sample[0]["long"])) < 500
    check.model_dump_json().encode("utf-8")


def test_the_schema_in_docs_is_current() -> None:
    path = PROJECT / "docs" / "summary.schema.json"
    assert path.read_text(encoding="utf-8") == summary_schema(), (
        "run: python -m hypercare.reports.schema > docs/summary.schema.json"
    )
    assert set(json.loads(summary_schema())["properties"]) >= CONTRACT
