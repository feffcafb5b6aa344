"""Can everybody log in, as who they are, and nobody else?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypercare.outcome.expect import expect, expect_none
from hypercare.outcome.level import Level

if TYPE_CHECKING:
    from hypercare.api.api import Api
    from hypercare.clients.accounts import Accounts
    from hypercare.web.web import Web

WHO_CHANGED_IT = "Find out who changed the account and when; a role that is too mighty is a security incident."


@pytest.mark.item("users.login")
def test_every_account_can_log_in(api: Api, accounts: Accounts) -> None:
    refused = accounts.refused_by(api)
    expect_none(
        refused,
        lambda found: f"{refused.summary}: {found.count} of {found.of} accounts are refused.",
        level=refused.level,
        next_step="Try the first account below by hand; it may be locked, disabled or have a new password.",
    )


@pytest.mark.item("users.login")
def test_every_account_has_the_rights_agreed(api: Api, accounts: Accounts) -> None:
    others = accounts.with_other_rights_in(api)
    expect_none(
        others,
        lambda found: (
            f"{found.count} of {found.of} accounts log in as somebody with other rights than agreed: {others.who}."
        ),
        level=Level.L2,
        next_step=WHO_CHANGED_IT,
    )


@pytest.mark.item("users.login")
def test_one_of_each_role_can_log_in_in_the_browser(web: Web, accounts: Accounts) -> None:
    refused = accounts.refused_by(web, accounts.one_of_each_role())
    expect_none(
        refused,
        lambda found: f"{refused.summary} in the browser: {found.count} of {found.of} accounts are refused.",
        level=refused.level,
        next_step="Log in as the first account below in a browser and see what it says.",
    )


@pytest.mark.item("users.login")
def test_one_of_each_role_has_the_rights_agreed_in_the_browser(web: Web, accounts: Accounts) -> None:
    others = accounts.with_other_rights_in(web, accounts.one_of_each_role())
    expect_none(
        others,
        lambda found: (
            f"{found.count} of {found.of} accounts work in the browser with other rights than agreed: {others.who}."
        ),
        level=Level.L2,
        next_step=WHO_CHANGED_IT,
    )


@pytest.mark.item("users.login")
def test_a_name_that_nobody_has_is_refused(api: Api, accounts: Accounts) -> None:
    with api.client() as client:
        let_in = client.accepts(*accounts.nobody())
    expect(
        not let_in,
        "The API lets somebody in who does not exist: the log-in checks nothing.",
        level=Level.L3,
        where=api.section.url,
        next_step="Take the system off the network until the log-in checks passwords again.",
    )


@pytest.mark.item("users.login")
def test_a_wrong_password_is_refused(api: Api, accounts: Accounts) -> None:
    # Only on an account that is kept for trials: no real one is a step nearer to being locked by this.
    account, let_in = accounts.takes_a_wrong_password(api)
    expect(
        not let_in,
        f"The API lets {account.username} in with a wrong password: whoever knows a name can work under it.",
        level=Level.L3,
        where=api.section.url,
        next_step="Take the system off the network until the log-in checks passwords again.",
    )


@pytest.mark.item("users.login")
def test_logging_out_ends_the_session(api: Api, accounts: Accounts) -> None:
    with accounts.entered(api) as client:
        stays = client.session_outlives_log_out()
    expect(
        not stays,
        "A session goes on after its user has logged out, so whoever finds the device can go on as them.",
        level=Level.L2,
        where=api.section.url,
        next_step="See why the session is not ended on the server.",
    )
