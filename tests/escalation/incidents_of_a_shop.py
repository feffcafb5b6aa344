"""A shop whose incidents are followed: its target file, its troubles, and a clock that is only a number of minutes."""

from datetime import UTC, datetime, timedelta

from hypercare.escalation.incidents import Incidents
from hypercare.escalation.troubles import Trouble
from hypercare.history.store import History
from hypercare.outcome.level import Level
from hypercare.target_file.config import TargetConfig

# Thursday, nine in the morning in Berlin.
NINE = datetime(2026, 1, 15, 8, tzinfo=UTC)


def after(minutes: float = 0, *, hours: float = 0, days: float = 0) -> datetime:
    return NINE + timedelta(minutes=minutes, hours=hours, days=days)


def config_with(**sections: object) -> TargetConfig:
    return TargetConfig.model_validate(
        {
            "target": {"name": "Shop"},
            "business": {"timezone": "Europe/Berlin", "go_live": "2026-01-08", **sections.pop("business", {})},
            **sections,
        }
    )


def history_in(folder) -> History:
    return History(folder / "history.sqlite", "shop")


def incidents_in(folder, **sections: object) -> Incidents:
    return Incidents(history_in(folder), config_with(**sections))


def trouble(cause="check:a.b", level=Level.L2, items=("a.b",), blocked=(), **more) -> Trouble:
    return Trouble(cause, level, f"{cause} is in trouble", items, blocked, **more)


def kinds_of(changes) -> list[str]:
    return [change.kind.value for change in changes]


def hours_of(*branches: str) -> dict[str, object]:
    """The branches with their hours: nine to five on working days, in Berlin."""
    days = ["mon", "tue", "wed", "thu", "fri"]
    return {"hours": [{"branch": name, "days": days, "opens": "09:00", "closes": "17:00"} for name in branches]}
