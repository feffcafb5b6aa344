"""Errors from Sentry: its events page by page, with what its issues say of whose they are."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hypercare.log_levels.gravity import Gravity
from hypercare.logs.errors import ErrorClass
from hypercare.outcome.signals import ChannelDown, NotCovered
from tests.log_sources.conftest import ErrorsOf, sentry_log
from tests.log_sources.log_servers import TOKEN, SentryServer
from tests.standins.frozen_target import NOON, ago

BROKEN = "TypeError: unsupported operand"


@pytest.mark.parametrize(
    ("level", "gravity"), [("fatal", Gravity.CRITICAL), ("error", Gravity.ERROR), ("warning", None), ("info", None)]
)
def test_the_level_is_that_of_the_event(
    sentry: SentryServer, errors_of: ErrorsOf, level: str, gravity: Gravity | None
) -> None:
    sentry.happened(ago(minutes=5), BROKEN, level)
    found = errors_of(sentry_log(sentry.url))
    assert [group.gravity for group in found.groups] == ([] if gravity is None else [gravity])


def test_events_are_told_with_their_place_and_person(sentry: SentryServer, errors_of: ErrorsOf) -> None:
    sentry.happened(ago(minutes=5), BROKEN)
    sentry.has_issue("7", ago(minutes=5))
    [row] = errors_of(sentry_log(sentry.url)).rows()
    assert row["says"] == BROKEN
    assert row["where"] == f"Sentry at {sentry.url.removeprefix('http://')}, event {0:032x} of ERP-7"


def test_pages_are_turned_until_what_was_read_before(sentry: SentryServer, errors_of: ErrorsOf) -> None:
    for number in range(25):
        sentry.happened(ago(minutes=number), BROKEN)
    for number in range(40):
        sentry.happened(ago(days=20, minutes=number), BROKEN)
    log = sentry_log(sentry.url, settings={"page": 5})
    assert errors_of(log).count == 25
    cursors = [asked.get("cursor", "") for asked in sentry.asked if "per_page" in asked]
    assert len(set(cursors)) == 6  # five pages, and one that tells that all further ones are too old


def test_events_count_once_from_round_to_round(sentry: SentryServer, errors_of: ErrorsOf) -> None:
    sentry.happened(ago(minutes=5), BROKEN)
    assert errors_of(sentry_log(sentry.url)).count == 1
    later = NOON + timedelta(minutes=30)
    assert errors_of(sentry_log(sentry.url), later, previous=NOON).count == 0
    sentry.happened(ago(minutes=20), BROKEN)  # its browser was offline until now
    [group] = errors_of(sentry_log(sentry.url), later + timedelta(minutes=5), previous=later).groups
    assert (group.count, group.first_seen) == (1, ago(minutes=5))


def test_an_issue_that_is_assigned_is_somebodys(sentry: SentryServer, errors_of: ErrorsOf) -> None:
    for minutes in (5, 6, 7):
        sentry.happened(ago(minutes=minutes), BROKEN)
    sentry.has_issue("7", ago(minutes=5), owner="Mara")
    [group] = errors_of(sentry_log(sentry.url)).groups
    assert (group.owner, group.classed(3)) == ("Mara", ErrorClass.KNOWN)


def test_without_its_issues_the_events_are_read_all_the_same(sentry: SentryServer, errors_of: ErrorsOf) -> None:
    sentry.tells_of_issues = False
    sentry.happened(ago(minutes=5), BROKEN)
    errors = errors_of(sentry_log(sentry.url))
    assert [(group.owner, group.count) for group in errors.groups] == [("", 1)]
    errors.require_understood()


def test_a_wrong_token_is_not_covered_and_not_shown(sentry: SentryServer, errors_of: ErrorsOf) -> None:
    sentry.refuses = lambda number: (401, "{}", {})
    with pytest.raises(NotCovered, match="refuses the token") as gap:
        errors_of(sentry_log(sentry.url)).require_understood()
    assert TOKEN not in gap.value.reason


def test_it_is_not_followed_elsewhere_with_the_token(sentry: SentryServer, errors_of: ErrorsOf) -> None:
    sentry.standin.redirect("/api/0/projects/shop/erp/events/", f"{sentry.url}/elsewhere")
    with pytest.raises(NotCovered, match="leads elsewhere"):
        errors_of(sentry_log(sentry.url)).require_understood()
    assert not any("/elsewhere" in path for _, path, _ in sentry.standin.seen)


def test_a_server_that_is_down_is_a_finding(sentry: SentryServer, errors_of: ErrorsOf) -> None:
    sentry.standin.stop()
    with pytest.raises(ChannelDown, match="The log erp cannot be read"):
        errors_of(sentry_log(sentry.url))


def test_an_answer_of_another_shape_is_a_finding(sentry: SentryServer, errors_of: ErrorsOf) -> None:
    sentry.standin.json("/api/0/projects/shop/erp/events/", {"detail": "moved"})
    with pytest.raises(ChannelDown, match="does not answer as Sentry does"):
        errors_of(sentry_log(sentry.url))
