"""Who cannot log in, and how far it reaches."""

import pytest

from hypercare.clients.accounts import Accounts
from hypercare.clients.client import LogInRefused, Who
from hypercare.outcome.level import Level
from hypercare.outcome.signals import CheckFailed, MonitorFault, NotCovered
from hypercare.target_file.business_terms import Task
from tests.standins.paper_shop import PaperShop
from tests.standins.some_target import PASSWORD, some_account, some_target

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
def test_to_be_taken_for_somebody_else_is_no_refusal_but_other_rights(accounts, taken_for, words):
    shop = PaperShop(known_as={"har.sales": taken_for}, locked={"owner"})
    refused = accounts.refused_by(shop)
    others = accounts.with_other_rights_in(shop)
    assert (refused.who, others.count, others.of) == ("owner", 1, len(PEOPLE) - 1)
    assert others.who == f"har.sales {words}"
    (row,) = others.sample
    assert row["expected"] == "har.sales, role sales, branch HAR"
    assert row["got"] == f"{taken_for.username}, role {taken_for.role}, branch {taken_for.branch}"


def test_who_was_right_before_need_not_log_in_again(accounts):
    shop = PaperShop(known_as={"har.sales": Who("har.sales", "owner", "HAR")})
    accounts.refused_by(shop)
    before = len(shop.log_ins)
    assert accounts.with_other_rights_in(shop).count == accounts.with_other_rights_in(shop).count == 1
    assert shop.log_ins[before:] == ["har.sales", "har.sales"]


def test_where_nobody_is_let_in_no_rights_can_be_seen(accounts):
    with pytest.raises(NotCovered, match="Nobody was let in"):
        accounts.with_other_rights_in(PaperShop(locked={name for name, _, _ in PEOPLE}))


@pytest.fixture
def kept_for_trials(accounts):
    canary = accounts._target.config.canary.model_copy(update={"users": ("har.*",)})
    accounts._target.config = accounts._target.config.model_copy(update={"canary": canary})
    return accounts


def test_a_wrong_password_is_tried_on_an_account_for_trials_only_and_once(kept_for_trials):
    shop = PaperShop()
    account, let_in = kept_for_trials.takes_a_wrong_password(shop)
    assert (account.username, let_in) == ("har.sales", False)
    # Let in before, tried wrongly once, let in again so that nothing is counted against it.
    assert shop.log_ins == ["har.sales", "har.sales wrongly", "har.sales"]


def test_a_log_in_that_checks_no_password_is_noticed(kept_for_trials):
    assert kept_for_trials.takes_a_wrong_password(PaperShop(checks_passwords=False))[1]


def test_an_account_that_is_refused_anyway_is_not_tried_wrongly(kept_for_trials):
    shop = PaperShop(locked={"har.sales"})
    assert kept_for_trials.takes_a_wrong_password(shop)[0].username == "har.manager"
    with pytest.raises(NotCovered, match="None of the accounts kept for trials is let in"):
        kept_for_trials.takes_a_wrong_password(PaperShop(locked={"har.sales", "har.manager"}))


def test_one_wrong_password_that_locks_is_told(kept_for_trials):
    with pytest.raises(CheckFailed, match="One wrong password was enough to keep"):
        kept_for_trials.takes_a_wrong_password(PaperShop(locks_at_once=True))


def test_without_accounts_for_trials_no_wrong_password_is_tried(accounts):
    shop = PaperShop()
    with pytest.raises(NotCovered, match="nobody is to be locked out"):
        accounts.takes_a_wrong_password(shop)
    assert shop.log_ins == []


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
    with accounts.client_for(PaperShop(locked={"old.manager"}), Task.SELL) as client:
        assert client.shop.inside == "old.sales"


def test_nobody_let_in_is_a_refusal(accounts):
    with (
        pytest.raises(LogInRefused),
        accounts.client_for(PaperShop(locked={name for name, _, _ in PEOPLE}), Task.SELL),
    ):
        pass


def test_nobody_looks_like_the_canary(tmp_path):
    target = some_target(tmp_path, canary={"users": ["check.*"]})
    assert Accounts(target).nobody()[0].startswith("check.nobody.")


def test_where_nobodys_rights_are_read_they_are_not_said_to_be_as_agreed(accounts):
    shop = PaperShop(known_as={name: Who(name, role, branch, reported=frozenset()) for name, role, branch in PEOPLE})
    with pytest.raises(NotCovered, match="shows the role or branch of who is let in") as gap:
        accounts.with_other_rights_in(shop)
    assert "[rest.who]" in gap.value.remedy


def test_rights_that_are_read_of_some_are_compared_of_these(accounts):
    shop = PaperShop(
        known_as={name: Who(name, role, branch, reported=frozenset()) for name, role, branch in PEOPLE[1:]}
    )
    assert (accounts.with_other_rights_in(shop).count, accounts.with_other_rights_in(shop).of) == (0, 1)


def test_of_whom_it_is_not_known_whether_they_are_in_nobody_is_said_to_be_refused(accounts):
    shop = PaperShop(unknown={"owner", "har.sales"})
    with pytest.raises(NotCovered, match="not known"):
        accounts.refused_by(shop)
    shop.locked = {"old.sales"}
    refused = accounts.refused_by(shop)
    assert (refused.who, refused.count, refused.of, [one.username for one in refused.by_password]) == (
        "old.sales",
        1,
        len(PEOPLE) - 2,
        ["old.sales"],
    )
