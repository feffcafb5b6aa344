"""A health document that is well by its first word and names a full disk below it."""

from __future__ import annotations

from typing import Any

import pytest

from hypercare.api.own_health import data_troubles

UNWELL: dict[str, tuple[dict[str, Any], str]] = {
    "health+json": (
        {"status": "pass", "checks": {"disk:space": [{"status": "pass"}, {"status": "fail"}]}},
        "says of its disk:space that it is fail",
    ),
    "Spring": (
        {"status": "UP", "components": {"diskSpace": {"status": "DOWN", "details": {"free": 0}}}},
        "says of its diskSpace that it is DOWN",
    ),
    "ASP.NET": (
        {"status": "Healthy", "entries": {"database": {"status": "Unhealthy"}}},
        "says of its database that it is Unhealthy",
    ),
    "a word alone": ({"status": "ok", "disk": "full"}, "says of its disk that it is full"),
    "a flag": ({"status": "ok", "database": {"readOnly": True}}, "says of itself that it only reads"),
    "deep": (
        {"status": "ok", "components": {"store": {"details": {"read_only": True}}}},
        "says of itself that it only reads",
    ),
    "cannot write": ({"healthy": True, "checks": {"db": {"writable": False}}}, "says of itself that it cannot write"),
}


@pytest.mark.parametrize(("document", "phrase"), UNWELL.values(), ids=UNWELL)
def test_where_data_is_kept_and_is_unwell_is_told(document: dict[str, Any], phrase: str) -> None:
    assert data_troubles(document) == [phrase]


@pytest.mark.parametrize(
    "document",
    [
        {"status": "ok", "components": {"disk": {"status": "ok"}, "database": {"status": "up", "latency_ms": 3}}},
        {"status": "ok", "components": {"mail": {"status": "down"}, "cache": {"status": "degraded"}}},
        {"status": "ok", "components": {"db_replica": {"read_only": True}, "backup_disk": {"status": "full"}}},
        {"disk": "full"},  # no word of itself: a disk of some product, for all we know
        {"items": [{"status": "open", "database": "down"}]},
        {"status": "success", "data": {"disk": {"status": "full"}}},  # what a warehouse keeps
        {"status": "ok", "storage": {"status": "full"}, "details": {"volume": "full", "space": "full"}},
        {"state": "shipped", "disk": "error"},
        {"status": "ok", "disk": {"status": "warn", "free": 12}},
        {"state": "open", "customer": {"name": "Full Disk Ltd", "read_only_note": "error"}},
        [{"status": "ok"}],
        "ok",
        None,
    ],
)
def test_everything_else_is_left_alone(document: object) -> None:
    assert data_troubles(document) == []


def test_what_the_target_file_judges_itself_is_left_to_it() -> None:
    document = {"status": "ok", "components": {"database": {"status": "down"}, "disk": {"status": "down"}}}
    assert data_troubles(document, {"components.database.status": "<ok|down>"}) == ["says of its disk that it is down"]
