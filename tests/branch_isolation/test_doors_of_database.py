"""A user of the database who is to see one branch alone, asked for what it sees."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from hypercare.branch_isolation import BranchIsolation
from hypercare.clients.accounts import Accounts
from hypercare.database.database import Database
from hypercare.outcome.doors import Passage
from hypercare.outcome.signals import NotCovered
from tests.standins.some_target import some_account, some_target

PLACE = {"timezone": "Europe/Berlin", "go_live": "2026-01-08"}
MAPPING = {
    "branch": {"table": "shops", "columns": {"id": "id", "code": "code"}},
    "sale": {"table": "deals", "columns": {"id": "id", "branch": "shop", "total": "total"}},
}


def shop(path, shops_of_deals, *, table="deals"):
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE TABLE shops (id TEXT PRIMARY KEY, code TEXT);"
            "INSERT INTO shops VALUES ('u-1', 'HAR'), ('u-2', 'OLD');"
            f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, shop TEXT, total NUMERIC);"
        )
        connection.executemany(f"INSERT INTO {table} (shop, total) VALUES (?, 1)", [(one,) for one in shops_of_deals])
        connection.commit()
    return f"sqlite:///{path}"


@pytest.fixture
def door(tmp_path):
    """The door to sales of a user whose view of the database is `seen`."""

    def look(seen, *, mapping=MAPPING, table="deals", branches=("HAR", "OLD"), **sections):
        whole = shop(tmp_path / "whole.sqlite", ["u-1", "u-2", "u-2"])
        part = shop(tmp_path / "part.sqlite", seen, table=table)
        accounts = [some_account(tmp_path, f"check.{one}", "sales", one) for one in branches]
        role = {"name": "accountant", "url": part, "branch": "HAR"}
        target = some_target(
            tmp_path,
            accounts=accounts,
            canary={"branch": "OLD"},
            business=PLACE,
            database={"url": whole},
            mapping=mapping,
            branch_isolation={"database_roles": [role]},
            **sections,
        )
        matrix = BranchIsolation(target, Accounts(target)).doors_of_database(Database(target))
        (found,) = matrix.doors()
        return found, matrix

    return look


@pytest.mark.parametrize(
    ("seen", "passage"),
    [
        (["u-1"], Passage.CLOSED),
        (["u-1", "u-2"], Passage.OPEN),
        (["u-2"], Passage.OPEN),
        (["u-1", None], Passage.CLOSED),
        ([], Passage.NOT_TRIED),
    ],
)
def test_who_sees_another_branch_is_told(door, seen, passage):
    assert door(seen)[0].passage is passage


def test_the_finding_names_whose_records_are_seen(door):
    _, matrix = door(["u-1", "u-2"])
    assert matrix.named == "accountant (HAR) lists sales of OLD by reading deals"


def test_a_table_that_it_may_not_read_is_not_tried_and_says_so(door):
    found, _ = door(["u-1"], table="other")
    assert found.passage is Passage.NOT_TRIED
    assert "may not read" in found.reason


def test_without_a_branch_in_the_mapping_nothing_can_be_told(door):
    mapping = {**MAPPING, "sale": {"table": "deals", "columns": {"id": "id", "total": "total"}}}
    with pytest.raises(NotCovered, match="No mapped entity has a branch"):
        door(["u-1"], mapping=mapping)


def test_where_no_user_is_named_it_is_not_covered(tmp_path):
    accounts = [some_account(tmp_path, f"check.{one}", "sales", one) for one in ("HAR", "OLD")]
    target = some_target(tmp_path, accounts=accounts, canary={"branch": "OLD"}, business=PLACE)
    with pytest.raises(NotCovered, match="No user of the database is named"):
        BranchIsolation(target, Accounts(target)).doors_of_database(Database(target))


def test_nobody_has_to_log_in_for_a_user_of_the_database(door):
    assert door(["u-1", "u-2"], branches=())[0].passage is Passage.OPEN
