"""The check of leftovers looks and undoes nothing; what earlier sessions left is undone in a step of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hypercare.clients.accounts import Accounts
from hypercare.outcome.signals import CheckFailed, DryRunStop, NotCovered
from hypercare.trials.synthetic import Synthetic
from tests.standins.paper_shop import PaperShop
from tests.standins.some_target import some_account, some_target

CANARY = {"branch": "TRN", "customer": "Training customer", "products": {"stock": "TRN-RET"}}


@pytest.fixture
def shop(tmp_path: Path) -> PaperShop:
    """One final sale of an earlier session stands in it, which was refused to be undone."""
    shop = PaperShop(failings={"undo"})
    earlier = _session(tmp_path, shop)
    with pytest.raises(CheckFailed), shop.client() as client, earlier.sale(client) as trial:
        trial.finalise()
    earlier.close()
    shop.failings = set()
    return shop


@pytest.fixture
def synthetic(tmp_path: Path, shop: PaperShop) -> Iterator[Synthetic]:
    opened = _session(tmp_path, shop)
    yield opened
    opened.close()


def _session(folder: Path, shop: PaperShop, *, mode: str = "transact", only_looks: bool = False) -> Synthetic:
    accounts = [some_account(folder, "check.trn.sales", "sales", "TRN")]
    target = replace(some_target(folder, mode=mode, canary=CANARY, accounts=accounts), only_looks=only_looks)
    return Synthetic(target, Accounts(target), (shop,))


def test_a_look_tells_what_stands_and_leaves_it_so(synthetic: Synthetic, shop: PaperShop) -> None:
    for _ in range(2):
        left = synthetic.left_of_earlier_trials()
        assert (left.count, left.of) == (1, 1)
        assert (left.sample[0]["number"], left.sample[0]["reason"]) == ("TRN-1", "it is still final")
    assert len(shop.standing) == 1


def test_what_was_undone_before_is_not_left(synthetic: Synthetic, shop: PaperShop) -> None:
    synthetic.clean_up()
    left = synthetic.left_of_earlier_trials()
    assert (left.count, left.of, shop.standing) == (0, 1, [])


def test_why_it_could_not_be_undone_is_told_until_somebody_undoes_it(synthetic: Synthetic, shop: PaperShop) -> None:
    shop.failings = {"undo"}
    synthetic.clean_up()
    left = synthetic.left_of_earlier_trials()
    assert (left.count, left.sample[0]["reason"]) == (1, "The shop was asked to undo and answered 500.")
    shop.sales["1"] = replace(shop.sales["1"], state="void")
    assert synthetic.left_of_earlier_trials().count == 0


def test_a_stray_of_which_no_journal_tells_is_left_too(tmp_path: Path, shop: PaperShop) -> None:
    stray = replace(shop.sales["1"], reference="hypercare-20260101T080000Z-abc")
    shop.sales = {"1": stray}
    for journal in (tmp_path / "journal").iterdir():
        journal.unlink()
    assert _session(tmp_path, shop).left_of_earlier_trials().count == 1
    assert len(shop.standing) == 1


@pytest.mark.parametrize(("refused_at_first", "tries"), [(True, 2), (False, 1)])
def test_it_is_cleaned_up_again_only_where_something_stands(
    synthetic: Synthetic, shop: PaperShop, refused_at_first: bool, tries: int
) -> None:
    shop.failings = {"undo"} if refused_at_first else set()
    synthetic.clean_up()
    shop.failings = set()
    before = len(shop.log_ins)
    synthetic.clean_up()
    assert len(shop.log_ins) - before == tries - 1
    assert not shop.standing


def test_a_target_that_is_only_observed_is_neither_cleaned_nor_looked_through(tmp_path: Path, shop: PaperShop) -> None:
    observing = _session(tmp_path, shop, mode="observe")
    observing.clean_up()
    with pytest.raises(NotCovered, match="only observed"):
        observing.left_of_earlier_trials()
    assert len(shop.standing) == 1


def test_who_only_looks_cleans_nothing_up_and_blames_nobody_for_it(
    tmp_path: Path, shop: PaperShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A client on paper declares nothing.
    monkeypatch.setattr("hypercare.trials.synthetic.require_declared", lambda client, verbs: None)
    looking = _session(tmp_path, shop, only_looks=True)
    looking.clean_up()
    with pytest.raises(DryRunStop):
        looking.left_of_earlier_trials()
    assert len(shop.standing) == 1
