"""Does every API that the business depends on answer correctly and in time?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypercare.outcome.collect_failures import collect_failures
from hypercare.outcome.expect import expect_none

if TYPE_CHECKING:
    from hypercare.api.api import Api


@pytest.mark.item("health.api")
def test_every_endpoint_answers_correctly_and_in_time(api: Api) -> None:
    results = api.check_endpoints()
    wrong, slow, lost = results.answering_wrongly(), results.too_slow(), results.losses
    with collect_failures() as part:
        with part:
            expect_none(
                wrong,
                lambda found: (
                    f"{found.count} of {found.of} APIs that the business depends on answer wrongly; "
                    f"the first, {wrong.first}."
                ),
                next_step="Send the first request below by hand and look up its trace id in the application log.",
            )
        with part:
            expect_none(
                lost,
                lambda found: (
                    f"{found.count} of {found.of} requests to the API got no answer, {lost.share} is lost: {lost.how}."
                ),
                level=lost.level,
                next_step="See whether one of several servers behind the address is down, or connections run out.",
            )
        with part:
            expect_none(
                slow,
                lambda found: (
                    f"{found.count} of {found.of} APIs that are needed are slower than their limit; "
                    f"the first, {slow.first}."
                ),
                next_step="See what the server and the database are busy with.",
            )
        with part:
            results.require_all_asked()


@pytest.mark.item("health.api")
def test_certificate_of_the_api_holds(api: Api) -> None:
    api.require_certificate_holds()


@pytest.mark.item("health.api")
def test_nothing_is_told_without_log_in(api: Api) -> None:
    results = api.check_endpoints_without_log_in()
    open_clients = results.answering_wrongly()
    expect_none(
        open_clients,
        lambda found: (
            f"{found.count} of {found.of} APIs answer somebody who is not logged in; the first, {open_clients.first}."
        ),
        next_step="Close the API to the outside until it asks for a log-in again.",
    )
    results.require_all_asked()
