"""Records that belong to several branches by a table that ties them, branches that say only when they closed, and
totals in a currency of large numbers: what is healthy is quiet, what is wrong is told."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from hypercare.database.database import Database
from hypercare.operations.branches import Branches
from hypercare.operations.sales import Sales
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.config import LimitsSection
from tests.operations.checking import make_target

AS_OF = datetime(2026, 1, 15, 17, tzinfo=UTC)
TABLES = """
CREATE TABLE store (id INTEGER PRIMARY KEY, code TEXT, shut INTEGER);
CREATE TABLE person (id INTEGER PRIMARY KEY, login TEXT);
CREATE TABLE person_store (person INTEGER, store INTEGER);
CREATE TABLE deal (id INTEGER PRIMARY KEY, no TEXT, stage INTEGER, cents INTEGER, opened INTEGER, closed INTEGER, by INTEGER);
CREATE TABLE deal_store (deal INTEGER, store INTEGER);
CREATE TABLE job (id INTEGER PRIMARY KEY, no TEXT, deal INTEGER, opened INTEGER);
CREATE TABLE job_store (job INTEGER, store INTEGER);
INSERT INTO store VALUES (1, 'LIS', NULL), (2, 'OPO', NULL), (3, 'FAO', NULL);
INSERT INTO person VALUES (1, 'ana'), (2, 'rui');
INSERT INTO person_store VALUES (1, 1), (1, 3), (2, 2);
"""  # noqa: E501 - a table on a line
MAPPING = {
    "time": "milliseconds",
    "money": "cents",
    "branch": {"table": "store", "columns": {"id": "id", "code": "code", "closed_at": "shut"}},
    "user": {"table": "person", "columns": {"id": "id", "username": "login"}},
    "membership": {"table": "person_store", "columns": {"user": "person", "branch": "store"}},
    "sale": {
        "table": "deal",
        "branches": {"table": "deal_store", "record": "deal", "branch": "store"},
        "columns": {
            "id": "id",
            "number": "no",
            "state": "stage",
            "total": "cents",
            "created_at": "opened",
            "finalised_at": "closed",
            "created_by": "by",
        },
        "values": {"state": {"draft": [10], "final": [20], "void": [90]}},
    },
    "production_order": {
        "table": "job",
        "branches": {"table": "job_store", "record": "job", "branch": "store"},
        "columns": {"id": "id", "number": "no", "sale": "deal", "created_at": "opened"},
    },
}


def in_ms(before):
    return int((AS_OF - before).timestamp() * 1000)


@pytest.fixture
def books(tmp_path):
    """Forty deals of Lisboa, every fourth of Porto as well, and a job for each in one of its stores."""
    file = tmp_path / "lumen.sqlite"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executescript(TABLES)
        for n in range(1, 41):
            at = in_ms(timedelta(minutes=17 * n))
            connection.execute(
                "INSERT INTO deal VALUES (?, ?, 20, ?, ?, ?, 1)", (n, f"D{n}", 5_100_000, at, at + 60_000)
            )
            connection.execute("INSERT INTO job VALUES (?, ?, ?, ?)", (n, f"J{n}", n, at + 90_000))
            for store in (1, 2) if n % 4 == 0 else (1,):
                connection.execute("INSERT INTO deal_store VALUES (?, ?)", (n, store))
            connection.execute("INSERT INTO job_store VALUES (?, ?)", (n, 2 if n % 4 == 0 else 1))
    return file


def asked(file, resource, *statements, mapping=MAPPING):
    with closing(sqlite3.connect(file)) as connection, connection:
        for statement in statements:
            assert connection.execute(statement).rowcount, f"nothing was changed by {statement}"
    target = make_target(f"sqlite:///{file}", mapping, AS_OF)
    database = Database(target)
    return resource(target, database), database


def with_one_branch_each(entity):
    """The mapping, where the records of this entity belong to one branch alone, the first of their own."""
    ties = MAPPING[entity]["branches"]
    first = f"(SELECT min(t.store) FROM {ties['table']} t WHERE t.{ties['record']} = {MAPPING[entity]['table']}.id)"
    single = {name: value for name, value in MAPPING[entity].items() if name != "branches"}
    return {**MAPPING, entity: {**single, "columns": {**single["columns"], "branch": first}}}


def counts(branches):
    return {
        "of none": branches.records_of_no_branch().count,
        "of a closed one": branches.records_of_a_closed_branch(branches.model.hypercare).count,
        "not their maker's": branches.records_of_another_branch_than_their_maker().count,
        "orders elsewhere": branches.orders_of_another_branch_than_their_sale().count,
        "sums": branches.sums_that_do_not_add_up().count,
    }


QUIET = {"of none": 0, "of a closed one": 0, "not their maker's": 0, "orders elsewhere": 0, "sums": 0}


def test_nothing_is_wrong_with_records_of_several_branches(books):
    branches, database = asked(books, Branches)
    assert counts(branches) == QUIET
    assert Sales(branches.target, database).finalised().where_state_is_strange().count == 0
    database.close()


@pytest.mark.parametrize(
    ("fault", "noticed"),
    [
        ("DELETE FROM deal_store WHERE deal = 7", {"of none": 1, "sums": 1}),
        ("UPDATE job_store SET store = 3 WHERE job = 8", {"orders elsewhere": 1}),
        ("UPDATE deal SET by = 2 WHERE id = 9", {"not their maker's": 1}),
        (f"UPDATE store SET shut = {in_ms(timedelta(minutes=56))} WHERE id = 1", {"of a closed one": 6, "sums": 2}),
    ],
    ids=["no branch", "order elsewhere", "maker of another", "closed an hour ago"],
)  # fmt: skip
def test_what_is_wrong_with_them_is_noticed(books, fault, noticed):
    branches, database = asked(books, Branches, fault)
    assert counts(branches) == QUIET | noticed
    database.close()


@pytest.mark.parametrize("entity", ["sale", "production_order"])
def test_one_branch_is_compared_with_several(books, entity):
    """Of the deals of two stores the first is Lisboa's, and their jobs are Porto's."""
    elsewhere = 10 if entity == "sale" else 0
    for statement, more in (([], 0), (["UPDATE job_store SET store = 3 WHERE job = 7"], 1)):
        branches, database = asked(books, Branches, *statement, mapping=with_one_branch_each(entity))
        assert branches.orders_of_another_branch_than_their_sale().count == elsewhere + more
        database.close()


def test_branches_that_tell_neither_are_not_covered(books):
    mapping = {**MAPPING, "branch": {"table": "store", "columns": {"id": "id"}}}
    target = make_target(f"sqlite:///{books}", mapping, AS_OF)
    database = Database(target)
    branches = Branches(target, database)
    with pytest.raises(NotCovered, match=r"branch\.live is not mapped"):
        _ = branches.records_of_a_closed_branch(branches.model.hypercare).count
    database.close()


def test_large_numbers_are_usual_where_all_are_large_unless_the_file_says_a_limit(books):
    drafts = "INSERT INTO deal SELECT id + 1000, no || 'd', 10, 1, opened, NULL, by FROM deal"
    more = [
        f"INSERT INTO deal SELECT id + {by}, no || {by}, stage, cents, opened, closed, by FROM deal WHERE id < 1000"
        for by in (2000, 3000)
    ]
    sales, database = asked(books, Sales, drafts, *more, "UPDATE deal SET cents = 60000000 WHERE id = 3")
    most = sales.largest_plausible(LimitsSection())
    assert most == 510_000
    assert sales.finalised().where_total_is_above(most).count == 1
    assert sales.largest_plausible(LimitsSection(largest_sale=700)) == 700
    database.close()


TIES = {
    "a select": {"select": "SELECT p.person AS who, s.id AS place FROM person_store p JOIN store s ON s.id = p.store"},
    "a select with a condition": {
        "select": "SELECT person AS who, store AS place FROM person_store;",
        "where": "place <> 9",
    },
    "a table with a condition": {
        "select": None,
        "table": "person_store",
        "where": "store <> 9",
        "columns": {"user": "person", "branch": "store"},
    },
}


@pytest.mark.parametrize("ties", TIES.values(), ids=TIES)
def test_people_belong_where_any_form_of_membership_says(books, ties):
    membership = {"columns": {"user": "who", "branch": "place"}, **ties}
    mapping = {**MAPPING, "membership": {name: value for name, value in membership.items() if value is not None}}
    fault = "UPDATE deal SET by = 2 WHERE id = 1"
    branches, database = asked(books, Branches, mapping=mapping)
    assert counts(branches) == QUIET
    database.close()
    branches, database = asked(books, Branches, fault, mapping=mapping)
    assert branches.records_of_another_branch_than_their_maker().count == 1
    database.close()
    # Whoever is left out by the condition belongs to no branch, so nothing can be said of what they make.
    if "where" in membership:
        left_out = ("UPDATE store SET id = 9 WHERE id = 2", "UPDATE person_store SET store = 9 WHERE person = 2")
        branches, database = asked(books, Branches, *left_out, mapping=mapping)
        assert branches.records_of_another_branch_than_their_maker().count == 0
        database.close()


def test_a_branch_that_holds_everything_is_left_out_by_a_condition(books):
    """A default channel beside each deal's own would make every two deals neighbours, and count all as its own."""
    everywhere = (
        "INSERT INTO store VALUES (0, 'ALL', NULL)",
        "INSERT INTO deal_store SELECT id, 0 FROM deal",
        "INSERT INTO job_store SELECT id, 0 FROM job",
        "UPDATE job_store SET store = 3 WHERE job = 5 AND store = 1",
    )

    def mapping(where):
        ties = {name: {**MAPPING[name]["branches"], **where} for name in ("sale", "production_order")}
        return {**MAPPING, **{name: {**MAPPING[name], "branches": tie} for name, tie in ties.items()}}

    hidden, database = asked(books, Branches, *everywhere, mapping=mapping({}))
    assert hidden.orders_of_another_branch_than_their_sale().count == 0
    database.close()
    told, database = asked(books, Branches, mapping=mapping({"where": "store <> 0"}))
    assert told.orders_of_another_branch_than_their_sale().count == 1
    assert told.records_of_no_branch().count == 0
    database.close()
