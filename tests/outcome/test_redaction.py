"""Secrets never leave; personal data leaves masked."""

import pytest

from hypercare.outcome.finding import Finding
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.redaction import ALL_SECRETS, Redactor, bare_address
from hypercare.outcome.result import CheckResult


@pytest.fixture
def redactor():
    known = Redactor()
    known.learn(["s3cret-pass", "s3cret"])
    return known


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("password=s3cret-pass;", "password=[secret];"),
        ("postgresql://erp:hunter22@db/erp", "postgresql://erp:[secret]@db/erp"),
        ("Authorization: Bearer abcdef0123456789", "Authorization: Bearer [secret]"),
        ("nothing here", "nothing here"),
    ],
)
def test_secrets_are_hidden_in_text(redactor, text, shown):
    assert redactor.text(text) == shown


def test_a_short_word_is_no_secret(redactor):
    redactor.learn(["ab"])
    assert redactor.text("absolute") == "absolute"


def test_personal_columns_are_masked_and_others_are_not(redactor):
    row = {"number": "HAR-1", "customer_name": "Anna Keller", "phone": "0301234", "total": 12}
    assert redactor.row(row) == {"number": "HAR-1", "customer_name": "A. K.", "phone": "0.", "total": 12}


def test_masking_can_be_switched_off_but_secrets_stay_hidden():
    redactor = Redactor(mask_personal_data=False)
    redactor.learn(["s3cret-pass"])
    assert redactor.row({"name": "Anna s3cret-pass"}) == {"name": "Anna [secret]"}


def test_columns_that_hold_secrets_are_hidden_whatever_is_known():
    row = {"password_hash": "scrypt$4096$x", "token": b"\x01\x02", "api_key": "k-1", "tokens_used": 3, "sha256": "ab"}
    assert Redactor().row(row) == {
        "password_hash": "[secret]",
        "token": "[secret]",
        "api_key": "[secret]",
        "tokens_used": 3,
        "sha256": "ab",
    }


@pytest.mark.parametrize(
    ("address", "bare"),
    [
        ("https://erp.test/sales/7", "https://erp.test/sales/7"),
        ("https://erp.test/sales?q=Anna+Keller&limit=5", "https://erp.test/sales?q=…&limit=…"),
        ("https://erp.test/call?abcdef0123456789", "https://erp.test/call?…"),
        ("https://anna:hunter22@erp.test:8443/x#token=1", "https://erp.test:8443/x"),
        ("http://[broken/x?key=1", "http://[broken/x"),
    ],
)
def test_an_address_is_told_without_what_may_be_secret_or_personal(address, bare):
    assert bare_address(address) == bare


def test_what_one_redactor_learns_the_own_log_hides(redactor):
    assert ALL_SECRETS.text("password=s3cret-pass;") == "password=[secret];"


def test_the_address_of_a_machine_is_told_only_where_it_is_needed(redactor):
    row = {"address": "203.0.113.7", "ip_address": "2001:db8::1", "home_address": "1 Old Street", "failed": 30}
    assert redactor.row(row)["address"] == "2."
    told = redactor.row(row, shows_networks=True)
    assert told == {"address": "203.0.113.7", "ip_address": "2001:db8::1", "home_address": "1. O. S.", "failed": 30}


@pytest.mark.parametrize(
    ("step", "shown"),
    [
        ("Block the address or the account.", "203.0.113.7"),
        ("Block these addresses.", "203.0.113.7"),
        ("Ask the person.", "2."),
        ("", "2."),
    ],
)
def test_who_is_told_to_block_an_address_knows_it(redactor, step, shown):
    base = CheckResult(nodeid="t.py::t", items=("users.login-failures",), outcome=Outcome.FAILED, level=Level.L2)
    finding = Finding(sentence="Guessing.", sample=[{"address": "203.0.113.7"}], next_step=step)
    assert base.saying(finding, redactor).sample == ({"address": shown},)
