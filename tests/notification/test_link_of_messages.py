"""Where messages lead: an address of one's own, else the published page of the day, else nowhere."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hypercare.notification.digest_words import digest_message
from hypercare.notification.report_link import report_link
from tests.notification.changes import config_with
from tests.reports.report_examples import critical

DAY = date(2026, 1, 15)
PUBLISHED = {"url": "/srv/reports", "link": "https://reports.test/shop"}


@pytest.mark.parametrize(
    ("sections", "day", "link"),
    [
        ({"reports": {}}, DAY, None),
        ({"reports": {}, "publish": {"url": "/srv/reports"}}, DAY, None),
        ({"reports": {}, "publish": PUBLISHED}, DAY, "https://reports.test/shop/2026-01-15/day/"),
        ({"reports": {}, "publish": PUBLISHED}, None, "https://reports.test/shop/latest/"),
        ({"reports": {"link": "https://own.test/"}, "publish": PUBLISHED}, DAY, "https://own.test/"),
    ],
)
def test_it_is_that_of_the_day_where_one_is_published(sections: dict[str, Any], day: date | None, link: str) -> None:
    assert report_link(config_with(**sections), day) == link


def test_the_digest_carries_the_verdict_and_leads_to_the_page_of_its_day() -> None:
    message = digest_message(critical(), "round-1", None, config_with(reports={}, publish=PUBLISHED))
    assert "Critical: act now" in message.title
    assert message.link == "https://reports.test/shop/2026-01-15/day/"


@pytest.mark.parametrize("link", ["ftp://host/", "reports/", "https://", "https://host/?a=b", "https://host/#day"])
def test_what_is_no_address_of_a_folder_is_refused(link: str) -> None:
    with pytest.raises(ValueError, match="is not the address of a folder"):
        config_with(publish={"url": "/srv", "link": link})
