"""Whether an answer has the shape it promises."""

from datetime import UTC, datetime, timedelta

import pytest

from hypercare.api.json_shape import Moment, misfits
from hypercare.outcome.signals import MonitorFault

NOW = datetime(2026, 1, 15, 8, 0, tzinfo=UTC)
MOMENT = Moment(NOW, "2026-01-15")


def at(**apart: int) -> str:
    return (NOW - timedelta(**apart)).isoformat()


@pytest.mark.parametrize(
    ("answer", "expect"),
    [
        ({"status": "ok"}, {"status": "ok"}),
        ({"status": "degraded"}, {"status": "<ok|degraded>"}),
        ({"a": {"b": [1, 2]}}, {"a.b": "<some>", "a.b.1": 2, "a": "<object>"}),
        ([{"code": "HAR"}, {"code": "OLD"}], {"": "<some>", "*.code": "<text>"}),
        ([], {"*.code": "<text>"}),
        (
            {"total": "12.50", "count": 3, "open": False},
            {"total": "<money>", "count": "<number>", "open": "<true or false>"},
        ),
        ({"day": "2026-01-15"}, {"day": "{today}"}),
        ({"checked_at": at(seconds=90)}, {"checked_at": "<now>"}),
        ({"checked_at": at(minutes=9)}, {"checked_at": "<now 10m>"}),
        ({"supported": True}, {"supported": True}),
        ({"anything": None}, {"anything": "<any>"}),
    ],
)
def test_what_fits_is_not_mentioned(answer, expect):
    assert misfits(answer, expect, MOMENT) == []


@pytest.mark.parametrize(
    ("answer", "expect", "phrase"),
    [
        ({}, {"status": "ok"}, "status is missing"),
        ({"status": "down"}, {"status": "<ok|degraded>"}, "status is 'down' where ok or degraded is right"),
        ({"items": []}, {"items": "<some>"}, "items is an empty list"),
        ({"items": {}}, {"items": "<list>"}, "items is an object where a list is right"),
        ([{"code": "HAR"}, {"code": ""}], {"*.code": "<text>"}, "1.code is ''"),
        ({"items": [{"total": "much"}]}, {"items.*.total": "<money>"}, "items.0.total is 'much'"),
        ({"total": True}, {"total": "<number>"}, "total is true"),
        ({"supported": 1}, {"supported": True}, "supported is 1 where true is right"),
        ({"day": "2026-01-14"}, {"day": "{today}"}, "is '2026-01-14' where '2026-01-15' is right"),
        ({"checked_at": at(minutes=30)}, {"checked_at": "<now>"}, "checked_at is 30 minutes old"),
        ({"checked_at": at(hours=-1)}, {"checked_at": "<now>"}, "checked_at is 60 minutes in the future"),
        ({"checked_at": "2026-01-15T08:00:00"}, {"checked_at": "<now>"}, "where a time with its zone is right"),
        ("text", {"status": "ok"}, "status is missing"),
        (None, {"": "<list>"}, "the answer is null"),
    ],
)
def test_what_does_not_fit_is_told(answer, expect, phrase):
    (told,) = misfits(answer, expect, MOMENT)
    assert phrase in told


@pytest.mark.parametrize("kind", ["<lsit>", "<now soon>"])
def test_an_unknown_kind_is_our_own_fault(kind):
    with pytest.raises(MonitorFault):
        misfits({"a": NOW.isoformat()}, {"a": kind}, MOMENT)
