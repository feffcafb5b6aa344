"""What is held to be a branch's own is what somebody declared, and nothing else."""

from __future__ import annotations

import pytest

from hypercare.branch_isolation.separation import plain_name, separation_of
from hypercare.clients.accounts import Accounts
from hypercare.outcome.signals import NotCovered
from tests.standins.some_target import some_account, some_target

PLACE = {"timezone": "Europe/Berlin", "go_live": "2026-01-08"}


@pytest.fixture
def separation(tmp_path):
    def of(*, lists=(), roles=("sales", "manager"), rest=None, **sections):
        accounts = [some_account(tmp_path, f"check.{b}.{r}", r, b) for b in ("HAR", "OLD") for r in roles]
        api = {"url": "http://127.0.0.1:1", "branch_lists": list(lists)}
        more = (
            {"rest": {"log_in": {"kind": "basic"}, "who": {"path": "/me", "username": "name"}, **rest}} if rest else {}
        )
        target = some_target(
            tmp_path, canary={"branch": "OLD"}, accounts=accounts, api=api, **{"business": PLACE, **more, **sections}
        )
        return separation_of(target, Accounts(target))

    return of


def a_list(path, **more):
    return {"name": path, "path": path, "branch": "[].branch", **more}


@pytest.mark.parametrize(
    ("declared", "entity", "records", "reports"),
    [
        ({"branch_isolation": {"entities": ["invoices"]}}, "Invoice", True, True),
        ({"lists": [a_list("/clients?limit=3")]}, "clients", True, False),
        ({"lists": [a_list("/clients/export.csv")]}, "clients", True, False),
        ({"lists": [a_list("/reports/clients")]}, "clients", False, True),
        ({"lists": [a_list("/search?q={number}")]}, "search", False, False),
        ({"rest": {"list_sales": {"path": "/deals?open=1"}}}, "deals", True, False),
        ({}, "sales", False, False),
        (
            {"branch_isolation": {"entities": ["customers"]}, "mapping": {"shared_by_design": ["customer"]}},
            "customers",
            False,
            False,
        ),
    ],
)
def test_what_belongs_to_one_branch_is_declared(separation, declared, entity, records, reports):
    found = separation(**declared)
    assert (found.holds_for(entity), found.holds_in_reports(entity)) == (records, reports)


@pytest.mark.parametrize(
    ("declared", "roles"),
    [
        ({}, ("sales",)),
        ({"lists": [a_list("/clients", as_roles=["manager"])]}, ("sales", "manager")),
        ({"branch_isolation": {"roles": ["manager"]}}, ("manager",)),
    ],
)
def test_who_is_held_to_their_own_branch_is_declared(separation, declared, roles):
    assert separation(**declared).roles == roles


@pytest.mark.parametrize(
    ("declared", "says"),
    [
        ({"business": {**PLACE, "branches_see_each_other": True}}, "may see each other"),
        ({"branch_isolation": {"roles": ["nobody"]}}, r"\(nobody\)"),
    ],
)
def test_where_nobody_is_held_to_anything_nothing_is_looked_at(separation, declared, says):
    with pytest.raises(NotCovered, match=says):
        separation(**declared)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Sales", "sale"), ("deliveries", "delivery"), ("sales-orders", "sales_order"), ("address", "address")],
)
def test_two_names_of_one_kind_are_the_same(one, other):
    assert plain_name(one) == plain_name(other)
