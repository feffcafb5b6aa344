"""Where each branch counts for itself, one's own sale is not another's that bears the same number."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest

from hypercare.branch_isolation import BranchIsolation
from hypercare.branch_isolation.ownership import Verdict, judged_records
from hypercare.clients.accounts import Accounts
from hypercare.clients.client import SaleSeen
from hypercare.outcome.signals import NotCovered
from tests.standins.paper_shop import PaperClient, PaperShop
from tests.standins.some_target import some_account, some_target

BRANCHES = ("NORTH", "SOUTH")
PLACE = {"timezone": "Europe/Berlin", "go_live": "2026-01-08"}
IDS = {"NORTH": "0f8fad5b-d9cb-469f-a165-70867728950e", "SOUTH": "7c9e6679-7425-40de-944b-e07fc1f90ae7"}


def sales_of(branch: str, many: int = 30) -> list[SaleSeen]:
    """Numbers 1 to `many`, the newest first, each with a total that only this branch has."""
    cents = 1 if branch == "NORTH" else 2
    return [SaleSeen(str(n), str(n), "final", Decimal(f"{n}.0{cents}")) for n in range(many, 0, -1)]


@dataclass
class CountedByBranch(PaperShop):
    """Two branches with one row of numbers each. `leaking` shows everybody the sales of NORTH besides their own."""

    many: tuple[int, int] = (30, 30)
    longest_list: int = 20
    leaking: bool = False
    told: str = ""

    @contextmanager
    def client(self, account=None):
        client = BranchClient(self)
        client.branch = account.branch
        yield client

    def seen_by(self, branch: str) -> list[SaleSeen]:
        own = self._sales(branch)
        return [*own, *self._sales("NORTH")] if self.leaking and branch != "NORTH" else own

    def _sales(self, branch: str) -> list[SaleSeen]:
        sales = sales_of(branch, self.many[BRANCHES.index(branch)])
        if self.told == "branch":
            return [replace(one, branch=branch) for one in sales]
        if self.told == "alike":
            return [replace(one, total=Decimal("5.00")) for one in sales]
        if self.told == "id":
            # The totals are the same, and only the record as a whole tells the two apart.
            told = {"uuid": IDS[branch], "editable": True}
            return [replace(one, total=Decimal("5.00"), raw_record={**told, "no": one.number}) for one in sales]
        return sales


class BranchClient(PaperClient):
    branch = ""

    def sales_listed(self, query=""):
        found = [sale for sale in self.shop.seen_by(self.branch) if query in ("", sale.number)]
        return sorted(found, key=lambda sale: -int(sale.key))[: self.shop.longest_list]

    def read_sale(self, key):
        return next((sale for sale in self.shop.seen_by(self.branch) if sale.key == key), None)


@pytest.fixture
def shown(tmp_path):
    accounts = [some_account(tmp_path, f"check.{one.lower()}", "sales", one) for one in BRANCHES]
    target = some_target(tmp_path, canary={"branch": "SOUTH"}, accounts=accounts, business=PLACE)
    return BranchIsolation(target, Accounts(target)).sales_shown_to_others


@pytest.mark.parametrize("told", ["", "branch", "id"])
@pytest.mark.parametrize("many", [(30, 30), (30, 4), (200, 12), (1, 1)])
def test_ones_own_sale_of_the_same_number_is_no_leak(shown, many, told):
    found = shown(CountedByBranch(many=many, told=told))
    assert (found.count, found.of) == (0, 6)
    found.require_all_decided()


@pytest.mark.parametrize("told", ["", "branch"])
@pytest.mark.parametrize("many", [(30, 4), (12, 6)])
def test_a_leak_is_seen_all_the_same(shown, many, told):
    found = shown(CountedByBranch(many=many, told=told, leaking=True))
    leaks = {(row["account"], row["belongs to"]) for row in found.sample}
    # Where no record names its branch, one list that shows both branches' does not tell whose is whose.
    both_ways = set() if told else {("check.north", "SOUTH")}
    assert leaks == {("check.south", "NORTH")} | both_ways


def test_what_is_the_same_in_both_branches_is_not_covered(shown):
    found = shown(CountedByBranch(told="alike"))
    assert found.count == 0
    with pytest.raises(NotCovered, match="may be their own as well as another branch's") as gap:
        found.require_all_decided()
    assert "[rest.sale] branch" in gap.value.remedy


@pytest.mark.parametrize(
    ("pairs", "verdict"),
    [
        ([], Verdict.OWN),
        ([("17", {"no": 17, "sum": 3}, {"no": 17, "sum": 4})], Verdict.OWN),
        ([("17", {"no": 17, "at": "09:00"}, {"no": 17, "at": "09:00"})], Verdict.UNSURE),
        ([("17", None, None), ("18", None, None)], Verdict.UNSURE),
        ([("17", {"no": 17, "sum": 3}, {"no": 17, "sum": 3}), ("18", {"sum": 4}, {"sum": 4})], Verdict.OTHERS),
        ([("17", {"no": 17, "sum": 3}, {"no": 17, "sum": 3}), ("18", {"sum": 4}, {"sum": 5})], Verdict.OWN),
        ([("17", {"no": 17, "shop": "NORTH"}, {"no": 17, "shop": "NORTH"})], Verdict.OTHERS),
        ([(IDS["NORTH"], {"mine": True}, {"mine": False})], Verdict.OTHERS),
        (
            [(n, {"no": f"B-00{n}", "sum": 5}, {"no": f"B-00{n}", "sum": 5}) for n in ("17", "18")],
            Verdict.UNSURE,
        ),
        ([("17", {"url": "/south/17"}, {"url": "/north/17"})], Verdict.UNSURE),
        ([("17", {"lines": [1, 2]}, {"lines": [1]})], Verdict.OWN),
    ],
)
def test_records_of_one_key_are_told_apart_by_what_they_say(pairs, verdict):
    assert judged_records(pairs, {"NORTH"}) is verdict
