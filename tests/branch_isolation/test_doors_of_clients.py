"""What clients show of another branch's sales, where lists name nobody's branch and a phone lists one's own alone."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from hypercare.branch_isolation import BranchIsolation
from hypercare.clients.accounts import Accounts
from hypercare.clients.client import SaleSeen, SystemRefused
from hypercare.outcome.doors import Passage
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.business_terms import Channel
from tests.standins.paper_shop import PaperClient, PaperShop
from tests.standins.some_target import some_account, some_target

BRANCHES = ("HAR", "OLD")
PLACE = {"timezone": "Europe/Berlin", "go_live": "2026-01-08"}


@dataclass
class Pages(PaperShop):
    """Two sales a branch. `opened` are the pages that show everybody both branches': list, search, read."""

    channel: Channel = Channel.WEB
    opened: frozenset[str] = frozenset()
    lists: bool = True
    keys_by_branch: bool = False
    barred: frozenset[str] = frozenset()
    logged_in: list[str] = field(default_factory=list)

    @contextmanager
    def client(self, account=None):
        if account.role in self.barred:
            raise SystemRefused(self.channel, "not for this role", status=403)
        self.logged_in.append(account.username)
        client = Page(self)
        client.branch = account.branch
        yield client

    def of(self, branch: str) -> list[SaleSeen]:
        place = BRANCHES.index(branch)
        first = 1 if self.keys_by_branch else place * 10 + 1
        return [SaleSeen(str(first + n), f"S-{first + n:04}", "final", Decimal(f"{n + 3}.{place}0")) for n in (0, 1)]


class Page(PaperClient):
    branch = ""

    def _seen(self, page: str) -> list[SaleSeen]:
        branches = BRANCHES if page in self.shop.opened else (self.branch,)
        return [sale for branch in branches for sale in self.shop.of(branch)]

    def sales_listed(self, query: str = ""):
        if query and not self.shop.lists:
            raise NotCovered("There is no search.")
        if not self.shop.lists:
            return []
        return [sale for sale in self._seen("search" if query else "list") if query in (sale.number or "")]

    def read_sale(self, key: str):
        return next((sale for sale in self._seen("read") if sale.key == key), None)


@pytest.fixture
def doors(tmp_path):
    def look(pages: Pages, api: Pages | None = None, roles=("sales",)):
        accounts = [some_account(tmp_path, f"check.{one}.{role}", role, one) for one in BRANCHES for role in roles]
        target = some_target(
            tmp_path, canary={"branch": "OLD"}, accounts=accounts, business=PLACE, branch_isolation={"roles": roles}
        )
        by_api = api or Pages(channel=Channel.API, keys_by_branch=pages.keys_by_branch)
        matrix = BranchIsolation(target, Accounts(target)).doors_of_pages(pages, by_api)
        return {(door.role, door.verb): door for door in matrix.doors()}

    return look


@pytest.mark.parametrize("opened", ["list", "search", "read"])
def test_the_page_that_is_open_is_told_and_no_other(doors, opened):
    found = doors(Pages(opened=frozenset({opened})))
    assert {verb for (_, verb), door in found.items() if door.passage is Passage.OPEN} == {opened}


@pytest.mark.parametrize("keys_by_branch", [False, True])
def test_where_nothing_leaks_nothing_is_told(doors, keys_by_branch):
    found = doors(Pages(keys_by_branch=keys_by_branch))
    assert all(door.passage is not Passage.OPEN for door in found.values())


@pytest.mark.parametrize(("opened", "passage"), [((), Passage.CLOSED), (("read",), Passage.OPEN)])
def test_a_phone_that_lists_ones_own_is_asked_for_sales_that_the_api_lists(doors, opened, passage):
    found = doors(Pages(channel=Channel.MOBILE, lists=False, opened=frozenset(opened)))
    assert found[("sales", "read")].passage is passage
    assert found[("sales", "list")].passage is Passage.NOT_TRIED
    assert found[("sales", "search")].reason == "There is no search"


def test_one_role_a_day_comes_in_by_a_browser(doors):
    pages = Pages()
    found = doors(pages, roles=("sales", "manager"))
    assert len(pages.logged_in) == 2
    assert sum("another day" in door.reason for door in found.values()) == 3


def test_a_role_that_sees_no_sales_takes_nobodys_turn(doors):
    pages = Pages()
    barred = Pages(channel=Channel.API, barred=frozenset({"production"}))
    found = doors(pages, barred, roles=("production", "sales"))
    assert found[("sales", "read")].passage is Passage.CLOSED
    assert (
        "listed no sales" in found[("production", "read")].reason
        or "another day" in found[("production", "read")].reason
    )


def test_what_pages_would_send_is_left_to_the_api(doors):
    found = doors(Pages())
    assert {door.passage for (_, verb), door in found.items() if verb in {"create", "change", "delete"}} == {
        Passage.NOT_TRIED
    }


def test_an_api_that_does_not_describe_itself_is_asked_by_its_client_for_every_role(doors):
    api = Pages(channel=Channel.API, opened=frozenset({"read"}))
    found = doors(api, api, roles=("sales", "manager"))
    assert {place for place, door in found.items() if door.passage is Passage.OPEN} == {
        ("sales", "read"),
        ("manager", "read"),
    }
