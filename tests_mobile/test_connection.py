"""Can a phone reach the mobile app and its API, and open a session?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypercare.outcome.collect_failures import collect_failures
from hypercare.outcome.expect import expect
from hypercare.outcome.level import Level

if TYPE_CHECKING:
    from hypercare.clients.accounts import Accounts
    from hypercare.mobile.phone import Phone


@pytest.mark.item("health.mobile")
def test_a_phone_can_open_a_session(phone: Phone, accounts: Accounts) -> None:
    tried = phone.connections(accounts)
    failing = [connection for connection in tried if connection.troubles]
    with collect_failures() as part:
        with part:
            expect(
                not failing,
                f"{len(failing)} of {len(tried)} kinds of phone cannot open a session: "
                + "; ".join(f"{one.device}: {one.troubles[0]}" for one in failing[:2]),
                count=len(failing),
                of=len(tried),
                sample=[connection.row() for connection in failing],
                level=Level.L3 if len(failing) == len(tried) else None,
                where=phone.section.url,
                next_step="Open the mobile app on a phone and log in.",
            )
        with part:
            complaining = [connection for connection in tried if connection.complaints]
            expect(
                not complaining,
                f"The mobile app opens with errors on {len(complaining)} of {len(tried)} kinds of phone: "
                + "; ".join(f"{one.device}: {one.complaints[0]}" for one in complaining[:2]),
                count=len(complaining),
                of=len(tried),
                sample=[connection.row() for connection in complaining],
                where=phone.section.url,
                next_step="Open the mobile app in a browser with its developer tools, and look at its console.",
            )
        with part:
            for connection in tried:
                connection.require_log_in_tried()


@pytest.mark.item("health.mobile")
def test_certificate_of_the_mobile_app_holds(phone: Phone) -> None:
    phone.require_certificate_holds()


@pytest.mark.item("health.mobile")
def test_the_app_opens_without_a_network(phone: Phone, accounts: Accounts) -> None:
    trouble = phone.opens_offline(accounts)
    expect(
        not trouble,
        f"The mobile app does not open when the phone has no network: {trouble}.",
        where=phone.section.url,
        next_step="See whether the app's service worker is served and installs.",
    )
