"""Whether the system is well, what time it is there, which mobile app it works with."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter, Response

from demo_erp.api.fields import Answer, Instant
from demo_erp.business_time import business_day
from demo_erp.dependencies import StateDependency
from demo_erp.errors import Invalid
from demo_erp.services import health

router = APIRouter(tags=["system"])
API_VERSION = "1.4"
MINIMUM_APP_VERSION = "1.2.0"
CURRENT_APP_VERSION = "1.4.0"


class ComponentAnswer(Answer):
    status: str
    detail: str
    ms: float


class HealthAnswer(Answer):
    status: str
    checked_at: Instant
    components: dict[str, ComponentAnswer]


class ClockAnswer(Answer):
    now: Instant
    timezone: str
    business_day: date


class Handshake(Answer):
    api_version: str
    minimum_app_version: str
    current_app_version: str
    supported: bool
    server_time: Instant


@router.get("/health/live")
def live() -> dict[str, str]:
    """The process answers; nothing else is looked at."""
    return {"status": "ok"}


@router.get("/health", response_model=HealthAnswer, responses={503: {"model": HealthAnswer}})
def look(state: StateDependency, response: Response) -> Any:
    """Really looks at database, disk and job queue; 503 when one of them is down."""
    report = health.health_report(state)
    response.status_code = 503 if report.status == "down" else 200
    response.headers["Cache-Control"] = "no-store"
    return report


@router.get("/clock", response_model=ClockAnswer)
def clock(state: StateDependency) -> Any:
    """The business's own time."""
    now = state.clock.now()
    return {
        "now": now,
        "timezone": state.settings.timezone,
        "business_day": business_day(now, state.timezone),
    }


@router.get("/mobile/handshake", response_model=Handshake)
def handshake(state: StateDependency, app_version: str) -> Any:
    """Whether a mobile app of this version can work with this system."""
    return {
        "api_version": API_VERSION,
        "minimum_app_version": MINIMUM_APP_VERSION,
        "current_app_version": CURRENT_APP_VERSION,
        "supported": _parsed(app_version) >= _parsed(MINIMUM_APP_VERSION),
        "server_time": state.clock.now(),
    }


def _parsed(version: str) -> tuple[int, ...]:
    parts = version.split(".")
    if not 1 <= len(parts) <= 4 or not all(part.isascii() and part.isdigit() and len(part) <= 6 for part in parts):
        raise Invalid("a version looks like 1.4.0")
    return tuple(int(part) for part in parts)
