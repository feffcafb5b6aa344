"""The questions of the business on a real MariaDB: healthy facts are quiet, and faults are noticed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from hypercare.database.database import Database
from hypercare.target_file.target import Target
from tests.engines.mariadb_server import MariaDB
from tests.operations import faults_of_production, faults_of_sales, faults_of_work, plain_schema
from tests.operations.checking import Ended, make_target, run
from tests.operations.facts import AS_OF, GO_LIVE, healthy
from tests.operations.faults import FAULTS, Fault

KINDS = (faults_of_sales, faults_of_production, faults_of_work)


# These compare with many days of before, and the small business has few: they say so.
NEED_A_LONGER_PAST = {
    "stuck.jobs_begin_when_they_are_due",
    "figures.every_producing_branch_enters_its_costs",
    "pace.no_branch_has_stopped_alone",
    "unusual_sales.products_are_listed_at_their_usual_price",
    "unusual_sales.products_are_sold_at_their_usual_price",
}


def not_passed(ended: dict[str, Ended]) -> set[str]:
    """The checks that failed or could not look, but for those that want a longer past and say so."""
    assert {name for name in NEED_A_LONGER_PAST if ended[name].outcome != "not covered"} == set()
    return {name for name, one in ended.items() if one.outcome != "passed"} - NEED_A_LONGER_PAST


def target_on(url: str, mapping: dict[str, Any]) -> Target:
    return make_target(
        url,
        mapping,
        AS_OF,
        go_live=GO_LIVE,
        limits={"pace_least_expected": 3},
        canary={"branch": "T", "users": ["robot"]},
    )


@pytest.fixture(scope="module")
def shop(mariadb: MariaDB) -> Iterator[tuple[str, Target, Database]]:
    mariadb.execute("CREATE DATABASE business CHARACTER SET utf8mb4")
    url = mariadb.url("business").render_as_string(hide_password=False)
    target = target_on(url, plain_schema.mapping())
    database = Database(target)
    yield url, target, database
    database.close()
    mariadb.execute("DROP DATABASE business")


@pytest.mark.long
def test_all_checks_pass_on_a_healthy_business(shop: tuple[str, Target, Database]) -> None:
    url, target, database = shop
    plain_schema.fill(url, healthy())
    ended = run(target, database=database)
    assert not_passed(ended) == set()


@pytest.mark.long
@pytest.mark.parametrize("fault", FAULTS[2::24], ids=lambda fault: fault.name)
def test_fault(fault: Fault, shop: tuple[str, Target, Database]) -> None:
    url, target, database = shop
    facts = healthy()
    fault.change(facts)
    plain_schema.fill(url, facts)
    for name in fault.noticed:
        ended = run(target, name, database)
        assert ended[name].outcome == "failed", (name, ended[name])


_ZERO = {"datetime": "0000-00-00 00:00:00", "date": "0000-00-00"}


def kept_the_mysql_way(url: str) -> None:
    """No date is 0000-00-00, states are an ENUM, flags a BIT, cents are unsigned; an old table is MyISAM in latin1."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("SET SESSION sql_mode = ''"))
        times = connection.execute(
            text(
                "SELECT table_name, column_name, column_type FROM information_schema.columns"
                " WHERE table_schema = DATABASE() AND data_type IN ('datetime', 'date')"
            )
        ).all()
        of_table: dict[str, list[str]] = {}
        for table, column, kind in times:
            of_table.setdefault(table, []).append(f"MODIFY `{column}` {kind} NOT NULL DEFAULT '{_ZERO[kind]}'")
        for table, changes in of_table.items():
            # In this mode, what was null becomes zero.
            connection.execute(text(f"ALTER TABLE `{table}` {', '.join(changes)}"))
        for statement in (
            "ALTER TABLE sale_rows MODIFY state_ ENUM('draft', 'final', 'void') NOT NULL",
            "ALTER TABLE user_rows MODIFY active_ BIT(1) NOT NULL",
            "UPDATE cost_rows SET amount_ = amount_ * 100",
            "ALTER TABLE cost_rows MODIFY amount_ INT UNSIGNED NOT NULL",
            "ALTER TABLE customer_rows ENGINE = MyISAM, CONVERT TO CHARACTER SET latin1",
        ):
            connection.execute(text(statement))
    engine.dispose()


@pytest.mark.long
@pytest.mark.parametrize("name", ["", "a_sale_is_final_before_it_was_entered"])
def test_the_same_kept_as_many_a_mysql_keeps_it(name: str, shop: tuple[str, Target, Database]) -> None:
    url, _, _ = shop
    mapping = plain_schema.mapping()
    mapping["cost"]["money"] = "cents"
    target = target_on(url, mapping)
    database = Database(target)
    facts, noticed = healthy(), frozenset[str]()
    for fault in FAULTS:
        if fault.name == name:
            fault.change(facts)
            noticed = fault.noticed
    assert bool(noticed) == bool(name)
    plain_schema.fill(url, facts)
    kept_the_mysql_way(url)
    ended = run(target, database=database)
    database.close()
    assert not_passed(ended) == noticed
