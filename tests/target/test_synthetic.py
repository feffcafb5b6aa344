"""Trial transactions: on the canary only, and undone however they end."""

import pytest
from paper_shop import PaperShop
from some_target import some_account, some_target

from hypercare.outcome.level import Level
from hypercare.outcome.signals import CheckFailed, NotCovered
from hypercare.target.accounts import Accounts
from hypercare.target.door import DoorRefused
from hypercare.target.synthetic import Synthetic

CANARY = {"branch": "TRN", "customer": "Training customer", "products": {"retail": "TRN-RET"}}


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
    with shop.door() as door, synthetic.sale(door) as trial:
        trial.finalise()
        assert shop.standing
    assert not shop.standing
    assert synthetic.journal.open_now() == []


@pytest.mark.parametrize("trouble", [ValueError("a bug of ours"), KeyboardInterrupt()])
def test_a_trial_is_undone_when_the_check_breaks(synthetic, shop, trouble):
    with pytest.raises(type(trouble)), shop.door() as door, synthetic.sale(door) as trial:
        trial.finalise()
        raise trouble
    assert not shop.standing


def test_a_trial_whose_answer_never_came_is_found_and_undone(synthetic, shop):
    shop.answer_is_lost = True
    with pytest.raises(DoorRefused), shop.door() as door, synthetic.sale(door):
        pass
    assert not shop.standing
    assert synthetic.journal.open_now() == []


def test_nothing_is_tried_on_a_target_that_is_only_observed(tmp_path, shop):
    synthetic = session(tmp_path, shop, mode="observe")
    with pytest.raises(NotCovered, match="only observed"), shop.door() as door, synthetic.sale(door):
        pass
    assert not shop.sales
    assert not (tmp_path / "journal").exists()


@pytest.mark.parametrize("missing", ["customer", "products"])
def test_nothing_is_tried_without_a_canary(tmp_path, shop, missing):
    synthetic = session(tmp_path, shop, canary={key: value for key, value in CANARY.items() if key != missing})
    with pytest.raises(NotCovered, match="canary"), shop.door() as door, synthetic.sale(door):
        pass
    assert not shop.sales


def test_a_record_outside_the_canary_branch_is_critical_and_undone(synthetic, shop):
    shop.branch = "HAR"
    with (
        pytest.raises(CheckFailed, match="appeared in branch HAR") as failed,
        shop.door() as door,
        synthetic.sale(door),
    ):
        pass
    assert failed.value.finding.level is Level.L3
    assert not shop.standing


@pytest.mark.parametrize("failing", ["refuses", "pretends"])
def test_what_cannot_be_undone_is_told_and_swept_later(tmp_path, shop, failing):
    first = session(tmp_path, shop)
    shop.failings, shop.pretends_to_undo = ({"undo"}, False) if failing == "refuses" else (set(), True)
    with pytest.raises(CheckFailed, match="could not be undone"), shop.door() as door, first.sale(door) as trial:
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
    with pytest.raises(CheckFailed), shop.door() as door, first.sale(door):
        pass
    first.close()
    shop.failings = set()
    second = session(tmp_path, shop)
    with shop.door() as door, second.sale(door):
        assert len(shop.standing) == 1


def test_a_stray_with_our_mark_is_swept_once_it_is_old(synthetic, shop):
    with shop.door() as door:
        wish = synthetic._wish("retail")
        young = door.create_sale(wish)
        old = door.create_sale(wish.__class__(wish.kind, wish.customer, wish.lines, "hypercare-20260101T080000Z-abc"))
    assert synthetic.sweep().of == 1
    assert [sale.key for sale in shop.standing] == [young.key] != [old.key]


def test_records_of_people_are_never_touched(synthetic, shop):
    with shop.door() as door:
        wish = synthetic._wish("retail")
        door.create_sale(wish.__class__(wish.kind, wish.customer, wish.lines, "by hand"))
    synthetic.sweep()
    assert len(shop.standing) == 1
