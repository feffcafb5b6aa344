"""A release that renames a column, a table or a view concerns the checks that need it, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from hypercare.database.database import Database
from hypercare.doctor.records import try_database
from hypercare.target_file.target import Target
from tests.engines.packaged_postgresql import packaged_postgresql
from tests.operations import plain_schema
from tests.operations.checking import Ended, checks, make_target, run
from tests.operations.facts import AS_OF, GO_LIVE, healthy

ALL = {name for name, _ in checks()}
# They choose or show sales by the time at which they became final.
NEED_THE_TIME = {
    "figures.sales_finalised_today",
    "sales.sales_are_final_after_they_were_entered",
    "sales.totals_were_paid",
    "stuck.sales_made_to_order_have_their_order",
}
NEED_THE_COSTS = {
    *(name for name in ALL if name.startswith(("costs.", "figures.costs_"))),
    "figures.every_producing_branch_enters_its_costs",
}


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.engine)])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('changed') / 'business.sqlite'}"
        return
    server_of = packaged_postgresql()
    server = server_of.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()


@pytest.fixture
def business(url: str) -> str:
    plain_schema.fill(url, healthy())
    return url


def target_on(url: str, **changed: dict[str, Any]) -> Target:
    mapping = plain_schema.mapping()
    for entity, parts in changed.items():
        mapping[entity] = {**mapping[entity], **parts}
    return make_target(url, mapping, AS_OF, go_live=GO_LIVE, canary={"branch": "T", "users": ["robot"]})


def released(url: str, *statements: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def ended_on(target: Target, only: str = "") -> dict[str, Ended]:
    database = Database(target)
    try:
        return run(target, only, database)
    finally:
        database.close()


def told(ended: dict[str, Ended]) -> set[tuple[str, str, str]]:
    """Cause, sentence and place of whatever failed."""
    assert {one.outcome for one in ended.values()} <= {"passed", "failed", "not covered"}
    findings = [one.finding for one in ended.values() if one.finding is not None]
    return {(finding.cause, finding.sentence, finding.where) for finding in findings}


def failed(ended: dict[str, Ended]) -> set[str]:
    return {name for name, one in ended.items() if one.outcome == "failed"}


@pytest.mark.long
@pytest.mark.slow
def test_a_renamed_column_is_told_by_the_checks_that_need_it(business: str) -> None:
    released(business, "ALTER TABLE sale_rows RENAME COLUMN finalised_at_ TO settled_at_")
    ended = ended_on(target_on(business))
    sentence = "The column finalised_at_, which the target file names, is not in table sale_rows."
    assert told(ended) == {("column-missing", sentence, "table sale_rows, column finalised_at_")}
    assert failed(ended) >= NEED_THE_TIME
    of_sales = ("sales.", "figures.sales_", "stuck.", "unusual_sales.")
    assert {name for name in failed(ended) if not name.startswith(of_sales)} <= {
        "plain_sense.no_record_ends_before_it_begins"
    }
    finding = ended["figures.sales_finalised_today"].finding
    assert finding is not None and "correct finalised_at in [mapping.sale] columns" in finding.next_step


@pytest.mark.long
@pytest.mark.slow
def test_a_renamed_table_is_told_by_the_checks_that_need_it(business: str) -> None:
    released(business, "ALTER TABLE cost_rows RENAME TO spend_rows")
    try:
        ended = ended_on(target_on(business))
    finally:
        released(business, "ALTER TABLE spend_rows RENAME TO cost_rows")
    assert failed(ended) == NEED_THE_COSTS
    assert {(cause, where) for cause, _, where in told(ended)} == {("table-missing", "table cost_rows")}


def test_a_view_that_stops_at_a_value_takes_no_other_check_with_it(business: str) -> None:
    broken = "amount_ / (id_ - id_)" if business.startswith("postgresql") else "json_extract('{', '$.a')"
    released(
        business,
        "DROP VIEW IF EXISTS spendings",
        f"CREATE VIEW spendings AS SELECT id_, order_, kind_, entered_at_, {broken} AS amount_ FROM cost_rows",
    )
    columns = {field: f"{field}_" for field in ("id", "order", "kind", "entered_at", "amount")}
    try:
        ended = ended_on(target_on(business, cost={"table": "spendings", "columns": columns}), "cost")
    finally:
        released(business, "DROP VIEW spendings")
    assert failed(ended) and failed(ended) <= NEED_THE_COSTS
    ((cause, sentence, _),) = told(ended)
    assert cause == "value-unreadable" and ("division by zero" in sentence or "malformed JSON" in sentence)


def test_a_select_of_the_mapping_that_no_longer_fits_is_told_as_such(business: str) -> None:
    given = {"table": None, "select": "SELECT c.*, c.no_such AS also FROM cost_rows c"}
    ended = ended_on(target_on(business, cost=given), "cost")
    assert failed(ended) == NEED_THE_COSTS
    ((cause, sentence, _),) = told(ended)
    assert (
        cause == "column-missing" and sentence.startswith("The select of cost cannot be read") and "no_such" in sentence
    )


def test_a_select_of_a_table_that_is_gone_is_named_by_its_entity(business: str) -> None:
    ended = ended_on(target_on(business, cost={"table": None, "select": "SELECT * FROM spendings_of_old"}), "cost")
    assert failed(ended) == NEED_THE_COSTS
    assert {(cause, where) for cause, _, where in told(ended)} == {("table-missing", "the select of cost")}


def test_a_condition_of_the_mapping_that_no_longer_fits_is_told_as_the_files_own(business: str) -> None:
    ended = ended_on(target_on(business, cost={"where": "no_such = 1"}), "cost")
    assert failed(ended) == NEED_THE_COSTS
    ((cause, sentence, _),) = told(ended)
    assert cause == "column-missing" and "the target file asks it for a column no_such" in sentence


@pytest.mark.long
def test_a_table_of_ties_that_is_gone_concerns_whoever_needs_the_branch(business: str) -> None:
    ties = {"table": "cost_ties", "record": "cost", "branch": "branch"}
    ended = ended_on(target_on(business, cost={"branches": ties}), "costs.")
    assert {cause for cause, _, _ in told(ended)} == {"table-missing"}
    assert ended["costs.costs_are_plausible"].outcome == "failed"  # it shows the branch of each


def test_capitals_do_not_make_a_missing_column_a_piece_of_text(business: str) -> None:
    mapping = plain_schema.mapping()["sale"]["columns"]
    ended = ended_on(
        target_on(business, sale={"columns": {**mapping, "finalised_at": "FinalisedAt"}}), "totals_were_paid"
    )
    assert failed(ended) == {"sales.totals_were_paid"}
    assert {cause for cause, _, _ in told(ended)} == {"column-missing"}


def test_the_doctor_names_everything_that_is_gone(business: str) -> None:
    columns = {**plain_schema.mapping()["cost"]["columns"], "amount": "worth", "kind": "sort"}
    target = target_on(business, cost={"columns": columns})
    database = Database(target)
    (line,) = (one for one in try_database(target, database) if one.name == "entity cost")
    database.close()
    assert line.outcome == "fails" and "column worth" in line.says and "column sort" in line.says


@pytest.mark.long
def test_once_it_is_back_nothing_is_remembered(business: str) -> None:
    target = target_on(business)
    database = Database(target)
    released(business, "ALTER TABLE sale_rows RENAME COLUMN total_ TO sum_")
    assert run(target, "totals_were_paid", database)["sales.totals_were_paid"].outcome == "failed"
    released(business, "ALTER TABLE sale_rows RENAME COLUMN sum_ TO total_")
    assert run(target, "totals_were_paid", database)["sales.totals_were_paid"].outcome == "passed"
    database.close()
