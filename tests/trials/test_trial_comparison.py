"""A trial sale is compared only with itself, and not with what a healthy system makes of it by right."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

import pytest

from hypercare.clients.accounts import Accounts
from hypercare.clients.client import LineSeen, SaleSeen
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.business_terms import Channel
from hypercare.trials.comparison import AmbiguousSale
from hypercare.trials.synthetic import Synthetic
from hypercare.trials.trials import sell
from tests.standins.paper_shop import PaperClient, PaperShop
from tests.standins.some_target import some_account, some_target

CANARY = {"branch": "TRN", "customer": "Training customer", "products": {"stock": "TRN-RET"}}


class Nothing:
    """A database that has no sales mapped."""

    def by_number(self, *_):
        raise NotCovered("no sale is mapped")

    by_id = by_number


@pytest.fixture
def tried(tmp_path):
    accounts = [some_account(tmp_path, f"check.{one.lower()}", "sales", one) for one in ("TRN", "HAR")]
    target = some_target(tmp_path, canary=CANARY, accounts=accounts)

    def tried(*shops, records=None):
        attempts = sell(Synthetic(target, Accounts(target), shops), shops, records or Nothing())
        assert not attempts.refused
        return attempts

    return tried


def with_lines(monkeypatch, *lines: tuple[str, str]) -> None:
    seen = tuple(LineSeen("a thing", Decimal(quantity), Decimal(amount)) for quantity, amount in lines)
    total = sum((line.amount for line in seen), Decimal(0))
    finalise = PaperClient.finalise_sale

    def finalised(client, key, method="cash"):
        client.shop.sales[key] = replace(client.shop.sales[key], total=total, lines=seen)
        return finalise(client, key, method)

    monkeypatch.setattr(PaperClient, "finalise_sale", finalised)


@pytest.mark.parametrize(
    ("lines", "disagrees"),
    [
        ([("1", "5.00"), ("3", "15.00")], False),
        ([("3", "15.00"), ("1", "5.00")], False),
        ([("1", "5.00"), ("3", "12.00")], True),
        ([("1", "3.33"), ("3", "10.00")], False),
        ([("4", "20.00")], False),
        ([("4", "20.00"), ("1", "4.90")], False),
    ],
    ids=["in order", "turned round", "wrongly multiplied", "rounded", "put together", "put together, and a fee"],
)
def test_three_cost_three_times_what_one_costs(tried, monkeypatch, lines, disagrees):
    with_lines(monkeypatch, *lines)
    rows = tried(PaperShop()).disagreements
    assert [row["what"] for row in rows] == (["3 times the line of one"] if disagrees else [])


@pytest.mark.parametrize(
    ("total", "lines_total", "disagrees"),
    [("49.90", "49.90", set()), ("0", "0", set()), ("0.00", "49.90", set()), ("12.00", "49.90", {"total"})],
)
def test_what_is_undone_may_keep_its_total_or_be_set_to_nothing(tried, total, lines_total, disagrees):
    shop = PaperShop()

    def by_number(number, key="", branch=None):
        sale = shop.sales[key]
        told = (Decimal(total), Decimal(lines_total)) if sale.state == "void" else (sale.total, sale.total)
        return SimpleNamespace(state=sale.state, total=told[0], lines_total=told[1], payments={})

    records = SimpleNamespace(by_number=by_number)
    assert {row["what"] for row in tried(shop, records=records).disagreements} == disagrees


def beside(*others: SaleSeen, reference: str | None = None):
    """Two clients of one shop, of which the API shows other sales too, to whoever looks after the trials.

    `reference` is what the API shows as the reference of each sale, where it is another text than the web app's.
    """
    sales: dict[str, SaleSeen] = {}
    web, api = PaperShop(sales=sales, channel=Channel.WEB), PaperShop(sales=sales)

    class Overseers(PaperClient):
        def sales_listed(self, query=""):
            return [*(one for one in others if query in (one.number or "")), *super().sales_listed(query)]

        def read_sale(self, key):
            told = next((one for one in others if one.key == key), None) or super().read_sale(key)
            return told if reference is None or told is None or told in others else replace(told, reference=reference)

    api.client = lambda account=None: entered(Overseers(api))
    return web, api


class entered:  # noqa: N801 - a context manager, written as a function is
    def __init__(self, client):
        self.client = client

    def __enter__(self):
        return self.client

    def __exit__(self, *_):
        pass


TWIN = SaleSeen("other-1", "TRN-1", "final", Decimal("7.00"))


@pytest.mark.parametrize(
    "twin",
    [replace(TWIN, branch="HAR"), replace(TWIN, reference="Order of Mrs. Smith"), TWIN],
    ids=["of another branch", "with a reference of its own", "that says nothing of itself"],
)
def test_the_other_client_is_asked_for_this_very_sale(tried, twin):
    attempts = tried(*beside(twin))
    assert attempts.disagreements == []
    attempts.require_all_tried()


@pytest.mark.parametrize(
    "others", [(), (replace(TWIN, reference="Order of Mrs. Smith"),)], ids=["alone", "beside a twin"]
)
def test_another_client_may_show_another_text_as_the_reference(tried, others):
    attempts = tried(*beside(*others, reference="web-0b6c"))
    assert attempts.disagreements == []
    attempts.require_all_tried()


def test_another_trial_is_not_taken_for_this_one(tried):
    attempts = tried(*beside(replace(TWIN, reference="hypercare-20260115T093000Z-0123456789")))
    assert attempts.disagreements == []


@pytest.mark.parametrize("word", ["Training branch", None, "TRN"])
def test_each_client_may_call_the_branch_by_a_word_of_its_own(tried, monkeypatch, word):
    web, api = beside(replace(TWIN, branch="HAR"))
    finalise = PaperClient.finalise_sale

    def in_its_words(client, sale):
        return replace(sale, branch=word) if client.shop is web else sale

    monkeypatch.setattr(PaperClient, "read_sale", lambda self, key: in_its_words(self, self.shop.sales.get(key)))
    monkeypatch.setattr(PaperClient, "finalise_sale", lambda self, key: in_its_words(self, finalise(self, key)))
    assert tried(web, api).disagreements == []


def test_a_total_that_differs_in_the_other_client_is_told(tried, monkeypatch):
    web, api = beside(replace(TWIN, branch="HAR"))
    client = api.client

    def dearer():
        inside = client().client
        monkeypatch.setattr(
            type(inside), "read_sale", lambda self, key: replace(self.shop.sales[key], total=Decimal("50.00"))
        )
        return entered(inside)

    api.client = lambda account=None: dearer()
    assert ("total", "49.90", "50.00") in {
        (row["what"], row["expected"], row["told"]) for row in tried(web, api).disagreements
    }


def test_what_cannot_be_told_from_another_is_not_compared_and_says_so(tried):
    def several(*_):
        raise AmbiguousSale("2 sales have this number.", remedy="Map the branch.")

    attempts = tried(PaperShop(), records=SimpleNamespace(by_number=several))
    assert attempts.disagreements == []
    with pytest.raises(NotCovered, match="2 sales have this number"):
        attempts.require_all_tried()
