"""Every fault is noticed by exactly the checks that have to do with it, whatever schema the facts are kept in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from hypercare.database.database import Database
from hypercare.outcome.level import Level
from hypercare.target_file.target import Target
from tests.engines.packaged_postgresql import packaged_postgresql
from tests.operations import faults_of_production, faults_of_sales, faults_of_work, foreign_schema, plain_schema
from tests.operations.checking import Ended, checks, failed, make_target, run
from tests.operations.facts import AS_OF, GO_LIVE, healthy
from tests.operations.faults import FAULTS, Fault

KINDS = (faults_of_sales, faults_of_production, faults_of_work)
LIMITS = {"pace_least_expected": 3}
CANARY = {"branch": "T", "users": ["robot"]}


def target_on(url: str, mapping: dict[str, Any]) -> Target:
    return make_target(url, mapping, AS_OF, go_live=GO_LIVE, limits=LIMITS, canary=CANARY)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Target, Database]:
    url = f"sqlite:///{tmp_path_factory.mktemp('plain') / 'business.sqlite'}"
    target = target_on(url, plain_schema.mapping())
    return url, target, Database(target)


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Target, Database]:
    path = tmp_path_factory.mktemp("foreign") / "atelier.sqlite"
    target = target_on(f"sqlite:///{path}", foreign_schema.MAPPING)
    return path, target, Database(target)


@pytest.fixture(scope="module")
def covered_by_foreign(foreign: tuple[Path, Target, Database]) -> set[str]:
    path, target, database = foreign
    foreign_schema.fill(path, healthy())
    return {name for name, one in run(target, database=database).items() if one.outcome != "not covered"}


@pytest.fixture(scope="module")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Target, Database]]:
    server_of = packaged_postgresql()
    server = server_of.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    target = target_on(url, plain_schema.mapping())
    database = Database(target)
    yield url, target, database
    database.close()
    server.cleanup()


def test_all_checks_pass_on_a_healthy_business(plain: tuple[str, Target, Database]) -> None:
    url, target, database = plain
    plain_schema.fill(url, healthy())
    ended = run(target, database=database)
    told = {name: one for name, one in ended.items() if not one.reason.startswith("Not enough history")}
    assert {name: one for name, one in told.items() if one.outcome != "passed"} == {}
    figures = {name: value for one in ended.values() for name, value in (one.figures or {}).items()}
    assert figures == {
        "sales_created": 21,
        "sales_finalised": 20,
        "sales_amount": Decimal("1748.46"),
        "sales_amount_by_branch": {"N": Decimal("874.23"), "S": Decimal("874.23")},
        "sales_voided": 0,
        "sales_by_state": {"draft": 1, "final": 20},
        "users_logged_in": 6,
        "users_active": 6,
        "login_failures": 0,
        "users_needing_support": 0,
        "steps_updated": 6,
        "steps_completed": 6,
        "orders_created": 2,
        "orders_completed": 2,
        "costs_entered": 6,
        "costs_amount": Decimal("406.91"),
        "issues_open": 1,
        "issues_reported": 1,
    }


def test_no_check_fails_on_the_foreign_schema(
    foreign: tuple[Path, Target, Database], covered_by_foreign: set[str]
) -> None:
    path, target, database = foreign
    foreign_schema.fill(path, healthy())
    ended = run(target, database=database)
    assert {name: one for name, one in ended.items() if one.outcome not in {"passed", "not covered"}} == {}
    left_out = {name for name, _ in checks()} - covered_by_foreign
    reasons = {ended[name].reason for name in left_out}
    assert reasons == {
        "ledger entry is not mapped",
        "customer is not mapped",
        "issue is not mapped",
        "job is not mapped",
        "no daily job is named",
        "sale_line.amount is not mapped",
        "sale_line.product is not mapped",
        "Not enough history: no branch has had 10 or more in such hours on 4 earlier days.",
    }


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault_in_a_plain_schema(fault: Fault, plain: tuple[str, Target, Database]) -> None:
    url, target, database = plain
    facts = healthy()
    fault.change(facts)
    plain_schema.fill(url, facts)
    with database.snapshot():
        ended = run(target, database=database)
    assert failed(ended) == fault.noticed, _told(ended)
    assert all(1 <= len(ended[name].finding.sample) <= 5 for name in failed(ended) if _has_rows(name))  # type: ignore[union-attr]


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault_in_a_foreign_schema(
    fault: Fault, foreign: tuple[Path, Target, Database], covered_by_foreign: set[str]
) -> None:
    expected = fault.noticed & covered_by_foreign
    if not expected or fault.name == _NO_AMOUNT_TO_GET_WRONG:
        pytest.skip("this schema keeps nothing of the kind")
    path, target, database = foreign
    facts = healthy()
    fault.change(facts)
    foreign_schema.fill(path, facts)
    for name in expected:
        ended = run(target, name, database)
        assert ended[name].outcome == "failed", (name, ended[name])


@pytest.mark.long
@pytest.mark.parametrize("fault", FAULTS[::4], ids=lambda fault: fault.name)
def test_fault_on_postgresql(fault: Fault, postgresql: tuple[str, Target, Database]) -> None:
    url, target, database = postgresql
    facts = healthy()
    fault.change(facts)
    plain_schema.fill(url, facts)
    for name in fault.noticed:
        ended = run(target, name, database)
        assert ended[name].outcome == "failed", (name, ended[name])


def test_all_checks_pass_on_postgresql(postgresql: tuple[str, Target, Database]) -> None:
    url, target, database = postgresql
    plain_schema.fill(url, healthy())
    ended = run(target, database=database)
    told = {name: one for name, one in ended.items() if not one.reason.startswith("Not enough history")}
    assert {name: one for name, one in told.items() if one.outcome != "passed"} == {}


def test_levels_are_raised_by_spread(plain: tuple[str, Target, Database]) -> None:
    url, target, database = plain
    expected = {
        "nothing_was_sold_today": ("pace.sales_arrive_at_the_pace_of_such_a_day", Level.L3),
        "somebody_guesses_a_password": ("users.nobody_fails_again_and_again", Level.L2),
        "somebody_forgot_the_password": ("users.nobody_fails_again_and_again", None),
        "a_day_sheet_is_missing": ("sales.manual_records_were_handed_in", Level.L2),
        "somebody_entered_a_sale_twice": ("sales.no_sale_is_a_duplicate", Level.L2),
        "a_sale_was_stored_twice_under_one_number": ("sales.no_number_is_a_duplicate", Level.L2),
        "a_quantity_has_two_zeros_too_many": ("sales.totals_are_plausible", Level.L2),
    }
    for fault in FAULTS:
        if fault.name in expected:
            name, level = expected[fault.name]
            facts = healthy()
            fault.change(facts)
            plain_schema.fill(url, facts)
            finding = run(target, name, database)[name].finding
            assert finding is not None and finding.level is level, fault.name


def test_a_finding_says_how_much_of_how_many_and_shows_them(plain: tuple[str, Target, Database]) -> None:
    url, target, database = plain
    facts = healthy()
    sale = facts.last("sale", branch=2, state="final")
    sale["total"] += Decimal("0.01")
    plain_schema.fill(url, facts)
    finding = run(target, "sales.totals_were_paid", database)["sales.totals_were_paid"].finding
    assert finding is not None
    of = len([one for one in facts.all("sale", state="final") if not str(one["number"]).startswith("TRIAL")])
    assert finding.sentence == (
        f"1 of {of} final sales were paid more or less than their total; 0.01 EUR is at stake. That is minor: below "
        "1.08 EUR in one record and 108.24 EUR in all, so nothing has to stop for it."
    )
    assert (finding.count, finding.of, finding.money, finding.currency) == (1, of, Decimal("0.01"), "EUR")
    assert finding.sample == (
        {
            "sale": "2-0401-9",
            "branch": "S",
            "finalised": "2026-04-01 16:45",
            "total": f"{sale['total']}",
            "sum of payments": f"{sale['total'] - Decimal('0.01')}",
        },
    )


def test_just_below_the_thresholds_nobody_is_alarmed(plain: tuple[str, Target, Database]) -> None:
    url, target, database = plain
    facts = healthy()
    facts.one("sale", state="draft")["created_at"] = AS_OF - timedelta(hours=3, minutes=59)
    facts.one("activity", action="sale.create", entity_id=facts.one("sale", state="draft")["id"])["at"] = (
        AS_OF - timedelta(hours=3, minutes=59)
    )
    cost = facts.one("cost", step=facts.last("step", state="done", sequence=1)["id"])
    cost["amount"] *= 7
    for number in range(4):
        facts.add(
            "login_attempt", username="u2", user=2, succeeded=False, address="10.0.1.2",
            at=AS_OF - timedelta(minutes=number + 1),
        )  # fmt: skip
    plain_schema.fill(url, facts)
    assert failed(run(target, database=database)) == set()


_NO_AMOUNT_TO_GET_WRONG = "a_line_is_a_cent_too_high"


def _has_rows(name: str) -> bool:
    return name.split(".")[0] in {"sales", "production", "costs", "branches", "stuck", "issues"}


def _told(ended: dict[str, Ended]) -> str:
    return "\n".join(
        f"{name}: {ended[name].finding and ended[name].finding.sentence}" for name in sorted(failed(ended))
    )  # type: ignore[union-attr]
