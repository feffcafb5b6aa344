"""A mapping says where things are; what it leaves out or gets wrong is said clearly."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hypercare.target_file.config import TargetConfig
from hypercare.target_file.mapping import MappingConfig
from hypercare.target_file.target import Target
from tests.operations import plain_schema
from tests.operations.checking import make_target, run
from tests.operations.facts import AS_OF, GO_LIVE, ROBOT, healthy


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"sale": {"table": "s", "columns": {"totl": "x"}}}, "did you mean 'total'"),
        ({"sale": {"columns": {"id": "id"}}}, "a table or as a select"),
        ({"sale": {"table": "s", "select": "SELECT 1", "columns": {}}}, "a table or as a select"),
        ({"sale": {"table": "s", "columns": {"id": "id"}, "values": {"state": {"finl": "x"}}}}, "did you mean 'final'"),
        ({"sael": {"table": "s", "columns": {}}}, "sael"),
        ({"zone": "Mars/Olympus"}, "no time zone"),
        ({"time": "sundial"}, "time"),
        ({"shared_by_design": ["products"]}, "did you mean 'product'"),
        ({"agreed": {"references": [{"child": "user_id", "parent": "users.id"}]}}, "table.column"),
    ],
)
def test_a_wrong_mapping_is_refused_with_a_reason(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        MappingConfig.model_validate(given)


def test_a_bare_name_is_a_column_and_anything_else_an_expression() -> None:
    mapping = MappingConfig.model_validate(
        {"sale": {"table": "s", "columns": {"id": "nr", "total": "netto + tax", "number": {"column": "Order No."}}}}
    )
    assert mapping.sale is not None
    columns = mapping.sale.columns
    assert (columns["id"].column, columns["total"].sql, columns["number"].column) == ("nr", "netto + tax", "Order No.")


def test_the_mapping_of_the_embedded_system_holds() -> None:
    file = resources.files("hypercare.adapters").joinpath("demo", "mapping.toml")
    mapping = MappingConfig.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    assert mapping.sale is not None and mapping.agreed.rules and mapping.agreed.references


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize(
    "entity", ["sale_line", "payment", "ledger_entry", "manual_record", "user", "shift", "activity"]
)
def test_what_is_not_mapped_is_not_covered_and_nothing_else(entity: str, tmp_path: Path) -> None:
    target = _filled(tmp_path, without=entity)
    ended = run(target)
    assert {name: one for name, one in ended.items() if one.outcome not in {"passed", "not covered"}} == {}
    reasons = {one.reason for one in ended.values() if one.outcome == "not covered"}
    assert any(entity.replace("_", " ") in reason or f"{entity}." in reason for reason in reasons)


@pytest.mark.long
@pytest.mark.slow
def test_a_missing_column_makes_just_its_checks_not_covered(tmp_path: Path) -> None:
    target = _filled(tmp_path, without="production_order.progress")
    (tmp_path / "whole").mkdir()
    whole = {name for name, one in run(_filled(tmp_path / "whole")).items() if one.outcome != "passed"}
    uncovered = {name: one.reason for name, one in run(target).items() if one.outcome != "passed" and name not in whole}
    assert uncovered == {"production.progress_shown_is_progress_made": "production_order.progress is not mapped"}


def test_a_column_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    target = _filled(tmp_path, progress="how_far")
    ended = run(target, "progress_shown")["production.progress_shown_is_progress_made"]
    assert ended.outcome == "failed" and ended.finding is not None
    assert ended.finding.cause == "column-missing" and "how_far" in ended.finding.sentence


def test_a_table_that_is_gone_is_a_finding(tmp_path: Path) -> None:
    target = _filled(tmp_path, table="sales_of_old")
    ended = run(target, "totals_were_paid")["sales.totals_were_paid"]
    assert ended.outcome == "failed" and ended.finding is not None
    assert (ended.finding.cause, ended.finding.sentence) == (
        "table-missing",
        "The table sales_of_old is not in the database.",
    )


def _filled(tmp_path: Path, *, without: str = "", progress: str = "", table: str = "") -> Target:
    url = f"sqlite:///{tmp_path / 'business.sqlite'}"
    facts = healthy()
    if without == "user":
        # Whose hand is synthetic cannot be known without the users.
        facts.remove("sale", created_by=ROBOT)
        facts.remove("login_attempt", username="robot")
    plain_schema.fill(url, facts)
    mapping = plain_schema.mapping()
    entity, _, field = without.partition(".")
    if field:
        del mapping[entity]["columns"][field]
    elif entity:
        del mapping[entity]
    if progress:
        mapping["production_order"]["columns"]["progress"] = progress
    if table:
        mapping["sale"]["table"] = table
    return make_target(
        url,
        mapping,
        AS_OF,
        go_live=GO_LIVE,
        limits={"pace_least_expected": 3},
        canary={"branch": "T", "users": ["robot"]},
    )


def test_every_field_of_the_target_file_is_read() -> None:
    assert TargetConfig.model_fields["mapping"].annotation is MappingConfig
