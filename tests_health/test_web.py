"""Does the web app open, and do its pages work?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypercare.outcome.collect_failures import collect_failures
from hypercare.outcome.expect import expect, expect_none
from hypercare.outcome.level import Level

if TYPE_CHECKING:
    from hypercare.clients.accounts import Accounts
    from hypercare.web.web import Web


@pytest.mark.item("health.web")
def test_log_in_page_opens(web: Web) -> None:
    log_in_page = web.log_in_page()
    with collect_failures() as part:
        with part:
            expect(
                not log_in_page.missing,
                f"Nobody can log in to the web app: {', and '.join(log_in_page.missing)}.",
                sample=[
                    {
                        "page": log_in_page.page.address,
                        "status": log_in_page.page.status,
                        "title": log_in_page.page.title,
                    }
                ],
                where=log_in_page.page.requested_url,
                next_step="Open the address in a browser and see what it shows.",
            )
        with part:
            expect(
                not log_in_page.slow,
                f"The web app is slow: on its log-in page {log_in_page.slow}.",
                level=Level.L2,
                where=log_in_page.page.requested_url,
                next_step="Open the page with the browser's developer tools and see which part it waits for.",
            )
        with part:
            expect_none(
                log_in_page.troubles,
                lambda found: (
                    f"The log-in page opens with {found.count} error(s), the first: {log_in_page.troubles.first}."
                ),
                # People can log in all the same, or the check of the log-ins tells that they cannot.
                level=Level.L2,
                next_step="Open the page with the browser's developer tools and look at its console.",
            )


@pytest.mark.item("health.web")
def test_certificate_of_the_web_app_holds(web: Web) -> None:
    web.require_certificate_holds()


@pytest.mark.item("health.web")
def test_pages_behind_the_log_in_work(web: Web, accounts: Accounts) -> None:
    walk = web.walk(accounts.all)
    with collect_failures() as part:
        with part:
            expect(
                bool(walk.pages),
                "After logging in to the web app there is no navigation that leads anywhere.",
                where=walk.troubles.where,
                next_step="Log in and see whether the start page is whole.",
            )
        with part:
            expect(
                not walk.troubles.are_slowness_alone,
                f"The web app is slow on {walk.troubles.count} of {walk.troubles.of} main pages; on the first "
                f"{walk.troubles.first_in_words.rstrip('.')}.",
                count=walk.troubles.count,
                of=walk.troubles.of,
                sample=walk.troubles.sample,
                level=Level.L2,
                where=walk.troubles.where,
                next_step="See what the server and its database are busy with while such a page is asked for.",
            )
            expect_none(
                walk.troubles,
                lambda found: (
                    f"{found.count} error(s) on the {found.of} main pages of the web app, the first: "
                    f"{walk.troubles.first}."
                ),
                level=Level.L2,
                next_step="Open the pages below with the browser's developer tools and look at the console.",
            )
