"""Nobody is shown another branch's sales, in whatever way they ask."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

import pytest

from hypercare.branch_isolation import BranchIsolation
from hypercare.clients.accounts import Accounts
from hypercare.clients.client import SaleSeen, SystemRefused
from hypercare.outcome.signals import NotCovered
from tests.standins.paper_shop import PaperClient, PaperShop
from tests.standins.some_target import some_account, some_target

BRANCHES = ("HAR", "OLD", "TRN")
PLACE = {"timezone": "Europe/Berlin", "go_live": "2026-01-08"}


def sale(key: str, branch: str | None, number: str | None = None) -> SaleSeen:
    return SaleSeen(key, number or f"S-{key}", "final", Decimal(f"10.0{key}"), branch)


@dataclass
class ThreeBranches(PaperShop):
    """Each branch has one sale, which it alone sees but for what `open_to_all` names: list, search, key."""

    open_to_all: frozenset[str] = frozenset()
    names_branches: bool = True
    word_for: str = "{}"
    without_list: frozenset[str] = frozenset()

    @contextmanager
    def client(self, account=None):
        client = BranchClient(self)
        client.log_in(account)
        client.branch = account.branch
        yield client

    def of(self, branch: str) -> SaleSeen:
        return sale(str(BRANCHES.index(branch) + 1), self.word_for.format(branch) if self.names_branches else None)


class BranchClient(PaperClient):
    branch = ""

    def sales_listed(self, query: str = "") -> Sequence[SaleSeen]:
        if self.branch in self.shop.without_list:
            raise SystemRefused(self.channel, "The list of sales was answered 500.", status=500)
        opened = self._is_open("search" if query else "list")
        seen = [self.shop.of(one) for one in BRANCHES if opened or one == self.branch]
        return [one for one in seen if query in (one.number or "")]

    def read_sale(self, key: str) -> SaleSeen | None:
        found = BRANCHES[int(key) - 1]
        return self.shop.of(found) if found == self.branch or self._is_open("key") else None

    def _is_open(self, how: str) -> bool:
        return how in self.shop.open_to_all


@pytest.fixture
def branch_isolation(tmp_path):
    def between(*branches: str, **business: object) -> BranchIsolation:
        accounts = [some_account(tmp_path, f"check.{one.lower()}", "sales", one) for one in branches]
        target = some_target(tmp_path, canary={"branch": "TRN"}, accounts=accounts, business={**PLACE, **business})
        return BranchIsolation(target, Accounts(target))

    return between


@pytest.mark.parametrize(
    ("open_to_all", "hows"),
    [
        ((), set()),
        (("list",), {"in the list"}),
        (("search",), {"searched by its number"}),
        (("key",), {"opened by its key"}),
        (("list", "search", "key"), {"in the list", "searched by its number", "opened by its key"}),
    ],
)
def test_each_way_of_asking_for_anothers_sale_is_tried(branch_isolation, open_to_all, hows):
    shown = branch_isolation(*BRANCHES).sales_shown_to_others(ThreeBranches(open_to_all=frozenset(open_to_all)))
    assert {row["how"] for row in shown.sample} == hows
    assert (shown.count, shown.of) == (3 * len(hows), 9)


@pytest.mark.parametrize(
    ("open_to_all", "leaks"), [((), False), (("list",), True), (("search",), True), (("key",), True)]
)
def test_without_a_word_of_the_branch_a_sale_is_whose_list_it_is_in(branch_isolation, open_to_all, leaks):
    shop = ThreeBranches(open_to_all=frozenset(open_to_all), names_branches=False)
    assert bool(branch_isolation(*BRANCHES).sales_shown_to_others(shop).count) is leaks


def test_who_sees_what_is_told_with_the_branch_it_belongs_to(branch_isolation):
    shown = branch_isolation("HAR", "TRN").sales_shown_to_others(ThreeBranches(open_to_all=frozenset({"key"})))
    rows = {(row["account"], row["sale"], row["belongs to"]) for row in shown.sample}
    assert rows == {("check.har", "S-3", "TRN"), ("check.trn", "S-1", "HAR")}
    assert shown.branches == ("HAR", "TRN")


def test_a_sale_that_belongs_to_both_may_be_seen_by_both(branch_isolation):
    both = sale("1", None)

    class Shared(BranchClient):
        def sales_listed(self, query=""):
            return [SaleSeen(both.key, both.number, both.state, both.total, self.branch)]

        def read_sale(self, key):
            return self.sales_listed()[0]

    shop = ThreeBranches()
    shop.client = lambda account: _entered(Shared(shop), account)
    assert branch_isolation(*BRANCHES).sales_shown_to_others(shop).count == 0


@contextmanager
def _entered(client, account):
    client.branch = account.branch
    yield client


def test_words_for_branches_that_nobody_explained_are_no_leak(branch_isolation):
    shop = ThreeBranches(word_for="store of {}")
    assert branch_isolation(*BRANCHES).sales_shown_to_others(shop).count == 0


@pytest.mark.parametrize(
    ("branches", "business", "without_list", "says"),
    [
        (("TRN",), {}, frozenset(), "Fewer than two branches have an account of the role 'sales'"),
        (BRANCHES, {"branches_see_each_other": True}, frozenset(), "may see each other"),
        (BRANCHES, {}, frozenset({"HAR", "OLD"}), "Fewer than two branches have somebody who is let in"),
    ],
    ids=["one branch", "agreed", "no list"],
)
def test_what_cannot_be_asked_is_not_covered(branch_isolation, branches, business, without_list, says):
    with pytest.raises(NotCovered, match=says):
        branch_isolation(*branches, **business).sales_shown_to_others(ThreeBranches(without_list=without_list))
