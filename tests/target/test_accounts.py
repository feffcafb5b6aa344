"""Who cannot log in, and how far it reaches."""

import pytest
from paper_shop import PaperShop
from some_target import PASSWORD, some_account, some_target

from hypercare.outcome.level import Level
from hypercare.outcome.signals import MonitorFault, NotCovered
from hypercare.target.accounts import Accounts
from hypercare.target.door import LogInRefused, Task, Who

PEOPLE = [
    ("owner", "owner", None),
    ("har.manager", "manager", "HAR"),
    ("har.sales", "sales", "HAR"),
    ("old.manager", "manager", "OLD"),
    ("old.sales", "sales", "OLD"),
]


@pytest.fixture
def accounts(tmp_path):
    target = some_target(
        tmp_path, accounts=[some_account(tmp_path, *person) for person in PEOPLE], canary={"branch": "OLD"}
    )
    return Accounts(target)


@pytest.mark.parametrize(
    ("locked", "level", "who"),
    [
        ([], Level.L1, ""),
        (["har.sales"], Level.L1, "har.sales"),
        (["owner"], Level.L1, "owner"),
        (["har.sales", "old.manager"], Level.L1, "har.sales, old.manager"),
        (["har.sales", "old.sales"], Level.L2, "The role sales"),
        (["har.sales", "har.manager"], Level.L2, "The branch HAR"),
        ([name for name, _, _ in PEOPLE], Level.L3, "Nobody"),
    ],
)
def test_the_level_follows_the_spread(accounts, locked, level, who):
    refused = accounts.refused_by(PaperShop(locked=set(locked)))
    assert (refused.count, refused.of) == (len(locked), len(PEOPLE))
    if locked:
        assert (refused.level, refused.who) == (level, who)


@pytest.mark.parametrize(
    ("taken_for", "words"),
    [
        (Who("har.sales", "owner", "HAR"), "with the role owner where sales is right"),
        (Who("har.sales", "sales", "OLD"), "in branch OLD where HAR is right"),
        (Who("somebody", "sales", "HAR"), "as somebody"),
    ],
)
def test_to_be_taken_for_somebody_else_is_a_refusal(accounts, taken_for, words):
    refused = accounts.refused_by(PaperShop(known_as={"har.sales": taken_for}))
    assert refused.count == 1
    assert words in str(refused.sample[0]["reason"])


def test_one_of_each_role_takes_turns_among_branches(accounts):
    assert [account.username for account in accounts.one_of_each_role()] == ["owner", "har.manager", "old.sales"]


def test_the_canary_has_its_own_people(accounts):
    assert accounts.on_canary(Task.SELL)[0].branch == "OLD"


def test_the_password_is_known_to_the_redactor(accounts):
    assert accounts.password_of(accounts.all[0]) == PASSWORD
    assert PASSWORD not in accounts._target.redactor.text(f"password {PASSWORD}")


def test_a_missing_secret_is_our_own_fault(tmp_path):
    person = some_account(tmp_path, "a", "sales", None)
    person["password"] = {"file": str(tmp_path / "nowhere")}
    accounts = Accounts(some_target(tmp_path, accounts=[person]))
    with pytest.raises(MonitorFault, match="missing"):
        accounts.password_of(accounts.all[0])


def test_without_accounts_nothing_is_covered(tmp_path):
    with pytest.raises(NotCovered):
        _ = Accounts(some_target(tmp_path)).all


def test_somebody_else_steps_in_for_who_is_locked_out(accounts):
    with accounts.door_for(PaperShop(locked={"old.manager"}), Task.SELL) as door:
        assert door.shop.inside == "old.sales"


def test_nobody_let_in_is_a_refusal(accounts):
    with (
        pytest.raises(LogInRefused),
        accounts.door_for(PaperShop(locked={name for name, _, _ in PEOPLE}), Task.SELL),
    ):
        pass


def test_nobody_looks_like_the_canary(tmp_path):
    target = some_target(tmp_path, canary={"users": ["check.*"]})
    assert Accounts(target).nobody()[0].startswith("check.nobody.")
