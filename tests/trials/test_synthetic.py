"""Trial transactions: on the canary only, and undone however they end."""

from dataclasses import replace
from decimal import Decimal

import pytest

from hypercare.clients.accounts import Accounts
from hypercare.clients.client import SaleSeen, SystemRefused
from hypercare.outcome.level import Level
from hypercare.outcome.signals import CheckFailed, NotCovered
from hypercare.target_file.business_terms import Channel
from hypercare.trials.synthetic import Synthetic, is_reference
from tests.standins.paper_shop import PaperClient, PaperShop
from tests.standins.some_target import some_account, some_target

CANARY = {"branch": "TRN", "customer": "Training customer", "products": {"stock": "TRN-RET"}}


@pytest.fixture
def shop():
    return PaperShop()


def session(tmp_path, shop, *, mode="transact", canary=CANARY):
    accounts = [some_account(tmp_path, "check.trn.sales", "sales", "TRN")]
    target = some_target(tmp_path, mode=mode, canary=canary, accounts=accounts)
    return Synthetic(target, Accounts(target), (shop,))


@pytest.fixture
def synthetic(tmp_path, shop):
    return session(tmp_path, shop)


def test_a_trial_is_undone_when_it_went_well(synthetic, shop):
    with shop.client() as client, synthetic.sale(client) as trial:
        trial.finalise()
        assert shop.standing
    assert not shop.standing
    assert synthetic.journal.open_now() == []


@pytest.mark.parametrize("trouble", [ValueError("a bug of ours"), KeyboardInterrupt()])
def test_a_trial_is_undone_when_the_check_breaks(synthetic, shop, trouble):
    with pytest.raises(type(trouble)), shop.client() as client, synthetic.sale(client) as trial:
        trial.finalise()
        raise trouble
    assert not shop.standing


def test_a_trial_whose_answer_never_came_is_found_and_undone(synthetic, shop):
    shop.answer_is_lost = True
    with pytest.raises(SystemRefused), shop.client() as client, synthetic.sale(client):
        pass
    assert not shop.standing
    assert synthetic.journal.open_now() == []


def test_nothing_is_tried_on_a_target_that_is_only_observed(tmp_path, shop):
    synthetic = session(tmp_path, shop, mode="observe")
    with pytest.raises(NotCovered, match="only observed"), shop.client() as client, synthetic.sale(client):
        pass
    assert not shop.sales
    assert not (tmp_path / "journal").exists()


@pytest.mark.parametrize("missing", ["customer", "products"])
def test_nothing_is_tried_without_a_canary(tmp_path, shop, missing):
    synthetic = session(tmp_path, shop, canary={key: value for key, value in CANARY.items() if key != missing})
    with pytest.raises(NotCovered, match="canary"), shop.client() as client, synthetic.sale(client):
        pass
    assert not shop.sales


def test_a_record_outside_the_canary_branch_is_critical_and_undone(synthetic, shop):
    shop.branch = "HAR"
    with (
        pytest.raises(CheckFailed, match="appeared in branch HAR") as failed,
        shop.client() as client,
        synthetic.sale(client),
    ):
        pass
    assert failed.value.finding.level is Level.L3
    assert not shop.standing


@pytest.mark.parametrize("failing", ["refuses", "pretends"])
def test_what_cannot_be_undone_is_told_and_swept_later(tmp_path, shop, failing):
    first = session(tmp_path, shop)
    shop.failings, shop.pretends_to_undo = ({"undo"}, False) if failing == "refuses" else (set(), True)
    with pytest.raises(CheckFailed, match="could not be undone"), shop.client() as client, first.sale(client) as trial:
        trial.finalise()
    first.close()
    second = session(tmp_path, shop)
    stubborn = second.sweep()
    assert (stubborn.count, stubborn.of) == (1, 1)
    assert stubborn.sample[0]["number"] == "TRN-1"
    shop.failings, shop.pretends_to_undo = set(), False
    assert second.sweep().count == 0
    assert not shop.standing


def test_the_first_trial_of_a_session_sweeps_what_was_left(tmp_path, shop):
    first = session(tmp_path, shop)
    shop.failings = {"undo"}
    with pytest.raises(CheckFailed), shop.client() as client, first.sale(client):
        pass
    first.close()
    shop.failings = set()
    second = session(tmp_path, shop)
    with shop.client() as client, second.sale(client):
        assert len(shop.standing) == 1


def test_a_stray_with_our_mark_is_swept_once_it_is_old(synthetic, shop):
    with shop.client() as client:
        wish = synthetic._wish("stock")
        young = client.create_sale(wish)
        old = client.create_sale(wish.__class__(wish.kind, wish.customer, wish.lines, "hypercare-20260101T080000Z-abc"))
    assert synthetic.sweep().of == 1
    assert [sale.key for sale in shop.standing] == [young.key] != [old.key]


def test_records_of_people_are_never_touched(synthetic, shop):
    with shop.client() as client:
        wish = synthetic._wish("stock")
        client.create_sale(wish.__class__(wish.kind, wish.customer, wish.lines, "by hand"))
    synthetic.sweep()
    assert len(shop.standing) == 1


class WithoutReference(PaperClient):
    """Shows no reference, as a page may not."""

    def read_sale(self, key):
        sale = super().read_sale(key)
        return sale and replace(sale, reference=None)


@pytest.mark.parametrize("reference", ["for Mrs. Smith", None])
@pytest.mark.parametrize("channel", [Channel.API, Channel.WEB])
@pytest.mark.parametrize("died", [False, True], ids=["at once", "by a later session"])
def test_a_key_of_one_client_undoes_nothing_in_another(tmp_path, reference, channel, died):
    """In another client, or for who sees all branches, the sale of that key may be somebody's real one."""
    shop, others = PaperShop(channel=channel), PaperShop()
    others.sales["1"] = SaleSeen("1", "HAR-7", "final", Decimal("90.00"), "HAR", reference)
    accounts = [some_account(tmp_path, f"check.{one.lower()}", "sales", one) for one in ("TRN", "HAR")]
    target = some_target(tmp_path, canary=CANARY, accounts=accounts)
    synthetic = Synthetic(target, Accounts(target), (others,))
    shop.failings = {"undo"}
    with pytest.raises(CheckFailed, match="could not be undone"), shop.client() as client, synthetic.sale(client):
        pass
    assert [entry.key for entry in synthetic.journal.open_now()] == ["1"]
    if died:
        synthetic.close()
        Synthetic(target, Accounts(target), (others,)).sweep()
    assert others.sales["1"].state == "final"


def test_what_another_person_does_not_see_is_not_gone(tmp_path, shop):
    blind = PaperShop()
    synthetic = Synthetic(*_with_accounts(tmp_path), (blind,))
    shop.failings = {"undo"}
    hidden = pytest.raises(CheckFailed, match="not shown in the API to somebody who may undo it")
    with hidden, shop.client() as client, synthetic.sale(client):
        pass
    assert len(synthetic.journal.open_now()) == 1


def test_a_sale_that_shows_no_reference_is_undone_by_its_own_client(tmp_path, shop):
    client = WithoutReference(shop)
    with Synthetic(*_with_accounts(tmp_path), (shop,)).sale(client) as trial:
        trial.finalise()
    assert not shop.standing


@pytest.mark.parametrize(
    ("told", "is_it"),
    [
        ("hypercare-20260115T093000Z-0123456789", True),
        ("HYPERCARE-20260115T093000Z-0123456789", True),
        (" Ref: hypercare-20260115T093000Z-0123456789 (till 3)", True),
        ("hypercare-20260115T093000Z-0123", True),
        ("hypercare-20260115T", False),
        ("hypercare-20260115T093000Z-99", False),
        ("for Mrs. Smith", False),
        ("", False),
    ],
)
def test_a_reference_may_be_written_otherwise_or_cut_off(told, is_it):
    assert is_reference(told, "hypercare-20260115T093000Z-0123456789") is is_it


def _with_accounts(tmp_path):
    target = some_target(tmp_path, canary=CANARY, accounts=[some_account(tmp_path, "check.trn.sales", "sales", "TRN")])
    return target, Accounts(target)
