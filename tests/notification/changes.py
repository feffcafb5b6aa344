"""Targets, incidents and their changes, as tests of messages need them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypercare.escalation.changes import ChangeKind, IncidentChange
from hypercare.escalation.incident import Incident
from hypercare.outcome.level import Level
from hypercare.target_file.config import TargetConfig

# A Thursday, 09:03 in Berlin.
NOW = datetime(2026, 1, 15, 8, 3, tzinfo=UTC)
LINK = "https://reports.shop.test/latest/"
HOSTILE = "<b>It</b> is down @everyone [here](http://evil.test) *now* <!channel>\r\nBcc: all@shop.test"


def config_with(*routes: dict[str, Any], **sections: Any) -> TargetConfig:
    settings = {
        "target": {"name": "Corner Shop", "id": "shop"},
        "business": {"timezone": "Europe/Berlin", "go_live": "2026-01-08"},
        "reports": {"link": LINK},
        "notify": list(routes),
        **sections,
    }
    return TargetConfig.model_validate(settings)


def incident(number: int = 12, *, level: Level = Level.L2, **values: Any) -> Incident:
    settings: dict[str, Any] = {
        "cause": f"check:a.{number}",
        "gravity": level,
        "sentence": f"The shop's page {number} does not answer.",
        "opened": NOW,
        "last_seen": NOW,
        "acknowledged": None,
        "resolved": None,
        "holding_since": None,
        "respond_by": NOW + timedelta(hours=1),
        "respond_within_s": 3600,
        "who": "System administrator",
        **values,
    }
    return Incident(id=number, level=level, **settings)


def change(
    kind: ChangeKind = ChangeKind.OPENED, event: int = 1, one: Incident | None = None, at: datetime = NOW, **values: Any
) -> IncidentChange:
    one = one or incident()
    return IncidentChange(event=event, kind=kind, incident=one, at=at, **{"notified": (one.level,), **values})
