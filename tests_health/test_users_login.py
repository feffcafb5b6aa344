"""Can everybody log in, as who they are, and nobody else?"""

import pytest

from hypercare.outcome.expect import expect, expect_none
from hypercare.outcome.level import Level


@pytest.mark.item("users.login")
def test_every_account_can_log_in(api, accounts):
    refused = accounts.refused_by(api)
    expect_none(
        refused,
        f"{refused.who} cannot log in: {{count}} of {{of}} accounts are refused.",
        level=refused.level,
        next_step="Try the first account below by hand; it may be locked, disabled or have a new password.",
    )


@pytest.mark.item("users.login")
def test_one_of_each_role_can_log_in_in_the_browser(web, accounts):
    refused = accounts.refused_by(web, accounts.one_of_each_role())
    expect_none(
        refused,
        f"{refused.who} cannot log in in the browser: {{count}} of {{of}} accounts are refused.",
        level=refused.level,
        next_step="Log in as the first account below in a browser and see what it says.",
    )


@pytest.mark.item("users.login")
def test_a_wrong_password_is_refused(api, accounts):
    with api.door() as door:
        # A name that nobody has: no real account is a step nearer to being locked by this.
        let_in = door.accepts(*accounts.nobody())
    expect(
        not let_in,
        "The API lets somebody in who does not exist: the log-in checks nothing.",
        level=Level.L3,
        where=api.section.url,
        next_step="Take the system off the network until the log-in checks passwords again.",
    )


@pytest.mark.item("users.login")
def test_logging_out_ends_the_session(api, accounts):
    with accounts.entered(api) as door:
        stays = door.session_outlives_log_out()
    expect(
        not stays,
        "A session goes on after its user has logged out, so whoever finds the device can go on as them.",
        level=Level.L2,
        where=api.section.url,
        next_step="See why the session is not ended on the server.",
    )
