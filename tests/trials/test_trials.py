"""A trial sale through every way in, and what is told when the ways disagree."""

from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

import pytest

from hypercare.clients.accounts import Accounts
from hypercare.outcome.finding import Finding
from hypercare.outcome.level import Level
from hypercare.outcome.signals import ChannelDown, NotCovered
from hypercare.target_file.business_terms import Channel
from hypercare.trials.synthetic import Synthetic
from hypercare.trials.trials import sell
from tests.standins.paper_shop import PaperShop
from tests.standins.some_target import some_account, some_target

WORDS = {"none": "No sale can be made.", "some": "A trial sale does not go through."}

CANARY = {"branch": "TRN", "customer": "Training customer", "products": {"stock": "TRN-RET"}}


class Records:
    """The database behind a paper shop."""

    def __init__(self, *shops: PaperShop, wrong_by: str = "0.00") -> None:
        self.shops = shops
        self.wrong_by = Decimal(wrong_by)

    def by_number(self, number, key="", branch=None):
        return self._shown(lambda sale: sale.number == number)

    def by_id(self, identity):
        return self._shown(lambda sale: sale.key == str(identity))

    def _shown(self, is_meant):
        sale = next((sale for shop in self.shops for sale in shop.sales.values() if is_meant(sale)), None)
        if sale is None:
            return None
        paid = {} if sale.state == "draft" else {"cash": sale.total if sale.state == "final" else Decimal("0.00")}
        return SimpleNamespace(
            state=sale.state, total=sale.total + self.wrong_by, lines_total=sale.total, payments=paid
        )


@pytest.fixture
def synthetic(tmp_path):
    accounts = [some_account(tmp_path, "check.trn.sales", "sales", "TRN")]
    target = some_target(tmp_path, canary=CANARY, accounts=accounts)
    return lambda *shops: Synthetic(target, Accounts(target), shops)


def shops():
    sales = {}
    return PaperShop(sales=sales), PaperShop(sales=sales, channel=Channel.WEB)


def test_all_is_well(synthetic):
    api, web = shops()
    trials = sell(synthetic(api, web), (api, web), Records(api))
    assert (trials.refused, trials.disagreements, trials.none_went_through) == ([], [], False)
    assert not api.standing


@pytest.mark.parametrize(
    ("failing", "none_went_through", "refused"),
    [((), False, 0), (("api",), False, 1), (("web",), False, 1), (("api", "web"), True, 2)],
)
def test_no_sale_is_possible_only_when_no_client_sells(synthetic, failing, none_went_through, refused):
    api, web = shops()
    for shop in (api, web):
        shop.failings = {"finalise"} if str(shop.channel) in failing else set()
    trials = sell(synthetic(api, web), (api, web), Records(api))
    assert (trials.none_went_through, len(trials.refused)) == (none_went_through, refused)
    assert not api.standing


def test_a_way_that_is_down_is_one_that_does_not_sell(synthetic):
    api, web = shops()

    def down(_account=None):
        raise ChannelDown("web", Finding(sentence="The web app cannot be reached."))

    web.client = down
    trials = sell(synthetic(api), (api, web), Records(api))
    assert [str(attempt.channel) for attempt in trials.refused] == ["web"]


def test_what_cannot_be_undone_went_through_all_the_same(synthetic):
    api, web = shops()
    api.failings = web.failings = {"undo"}
    trials = sell(synthetic(api, web), (api, web), Records(api))
    assert len(trials.refused) == 2
    assert not trials.none_went_through


def test_a_cent_too_much_in_the_database_is_told(synthetic):
    api, web = shops()
    trials = sell(synthetic(api, web), (api, web), Records(api, wrong_by="0.01"))
    assert {row["what"] for row in trials.disagreements} == {"total"}
    assert {(row["expected"], row["told"]) for row in trials.disagreements} == {("49.90", "49.91")}


def test_a_sale_the_list_does_not_show_is_told(synthetic, monkeypatch):
    api, web = shops()
    monkeypatch.setattr("tests.standins.paper_shop.PaperClient.sales_listed", lambda self, query="": [])
    trials = sell(synthetic(api, web), (api, web), Records(api))
    assert ("sale", "listed", "missing") in {(r["what"], r["expected"], r["told"]) for r in trials.disagreements}


def test_another_total_in_the_list_is_told(synthetic, monkeypatch):
    api, _ = shops()
    monkeypatch.setattr(
        "tests.standins.paper_shop.PaperClient.sales_listed",
        lambda self, query="": [replace(sale, total=Decimal(1)) for sale in self.shop.sales.values()],
    )
    (row,) = sell(synthetic(api), (api,), Records(api)).disagreements
    assert (row["source"], row["told"]) == ("the list in the API", "1")


def test_a_database_that_is_not_mapped_is_left_out(synthetic):
    api, web = shops()
    records = SimpleNamespace(by_number=lambda *_: (_ for _ in ()).throw(NotCovered("no sale is mapped")))
    assert sell(synthetic(api, web), (api, web), records).disagreements == []


def test_a_database_that_is_down_blocks(synthetic):
    api, web = shops()
    down = ChannelDown("database", Finding(sentence="The database cannot be reached."))
    records = SimpleNamespace(by_number=lambda *_: (_ for _ in ()).throw(down))
    with pytest.raises(ChannelDown):
        sell(synthetic(api, web), (api, web), records)
    assert not api.standing


def not_there(reason):
    def client(_account=None):
        raise NotCovered(reason, remedy="Install a browser.")

    return client


@pytest.mark.parametrize(("missing", "words"), [(0, "the API"), (1, "the web app")])
def test_a_client_that_is_not_covered_is_said_after_the_other_held(synthetic, missing, words):
    clients = shops()
    clients[missing].client = not_there("There is no browser on this machine.")
    there = clients[1 - missing]
    trials = sell(synthetic(there), clients, Records(there))
    assert (trials.refused, trials.disagreements) == ([], [])
    with pytest.raises(NotCovered, match=f"Not tried in {words}. There is no browser") as gap:
        trials.require_all_tried()
    assert gap.value.remedy == "Install a browser."


def test_the_other_client_is_judged_although_one_is_not_covered(synthetic):
    api, web = shops()
    api.client = not_there("No API is configured.")
    trials = sell(synthetic(web), (api, web), Records(web, wrong_by="0.01"))
    assert [row["what"] for row in trials.disagreements] == ["total", "total"]
    web.failings = {"finalise"}
    assert sell(synthetic(web), (api, web), Records(web)).none_went_through


def test_when_no_client_is_covered_nothing_was_tried(synthetic):
    api, web = shops()
    api.client = web.client = not_there("There is no browser on this machine.")
    with pytest.raises(NotCovered, match="no browser"):
        sell(synthetic(web), (api, web), Records(web))


def test_all_clients_tried_leaves_nothing_to_say(synthetic):
    api, web = shops()
    sell(synthetic(api, web), (api, web), Records(api)).require_all_tried()


@pytest.mark.parametrize("misfiling", [("api",), ("api", "web")])
def test_a_sale_filed_in_another_branch_keeps_its_level_and_was_made_all_the_same(synthetic, misfiling):
    api, web = PaperShop(), PaperShop(channel=Channel.WEB)
    for shop in (api, web):
        shop.branch = "HAR" if str(shop.channel) in misfiling else "TRN"
    trials = sell(synthetic(api, web), (api, web), Records(api, web))
    assert not trials.none_went_through
    assert trials.in_words(**WORDS) == "A trial sale made for branch TRN appeared in branch HAR."
    assert trials.gravest.level is Level.L3
    assert trials.gravest.next_step.startswith("Stop")


def test_a_sale_filed_elsewhere_at_one_client_and_refused_at_the_other_is_told_as_both(synthetic):
    api, web = PaperShop(branch="HAR"), PaperShop(channel=Channel.WEB, failings={"finalise"})
    trials = sell(synthetic(api, web), (api, web), Records(api, web))
    told = trials.in_words(**WORDS)
    assert told.startswith("A trial sale does not go through.") and "appeared in branch HAR" in told
    assert trials.gravest.level is Level.L3


def test_refusals_of_no_level_of_their_own_leave_it_to_the_item(synthetic):
    api, web = shops()
    api.failings = web.failings = {"finalise"}
    trials = sell(synthetic(api, web), (api, web), Records(api))
    assert trials.gravest is None
    assert trials.in_words(**WORDS).startswith("No sale can be made. The shop was asked to finalise")


def test_where_nothing_final_can_be_undone_the_draft_is_looked_at_and_the_rest_told(synthetic, monkeypatch):
    def refuse(self, key, method="cash"):
        raise NotCovered("What is final stays.")

    monkeypatch.setattr("tests.standins.paper_shop.PaperClient.finalise_sale", refuse)
    api, _ = shops()
    trials = sell(synthetic(api), (api,), Records(api))
    assert (trials.refused, trials.disagreements, api.standing) == ([], [], [])
    with pytest.raises(NotCovered, match="What is final stays"):
        trials.require_all_tried()


def test_a_wrong_draft_is_told_where_nothing_final_can_be_undone(synthetic, monkeypatch):
    def refuse(self, key, method="cash"):
        raise NotCovered("What is final stays.")

    monkeypatch.setattr("tests.standins.paper_shop.PaperClient.finalise_sale", refuse)
    monkeypatch.setattr("tests.standins.paper_shop.PaperClient.sales_listed", lambda self, query="": [])
    api, _ = shops()
    assert {row["told"] for row in sell(synthetic(api), (api,), Records(api)).disagreements} == {"missing"}
