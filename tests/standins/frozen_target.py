"""A target whose clock stands still, for resources that are tried on files."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypercare.target_file.config import TargetConfig, TargetSection
from hypercare.target_file.sections.business import BusinessSection, OpeningHours
from hypercare.target_file.target import Target

NOON = datetime(2026, 1, 15, 11, 0, tzinfo=UTC)  # 12:00 in Berlin, the mid-day round
EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def frozen_target(
    folder: Path, *, now: datetime = NOON, as_of: datetime | None = None, hours=True, **sections
) -> Target:
    """A target that lives at `now`; a business open from 9 to 18 in Berlin unless it states no hours."""
    clock = folder / "clock.json"
    clock.write_text(
        json.dumps({"set_to": now.isoformat(), "set_at": datetime.now(UTC).isoformat(), "rate": 0}), encoding="utf-8"
    )
    opening = OpeningHours(branch="HAR", days=EVERY_DAY, opens="09:00", closes="18:00")
    business = BusinessSection(
        timezone="Europe/Berlin", go_live="2026-01-08", clock=clock, hours=(opening,) if hours else ()
    )
    config = TargetConfig(target=TargetSection(name="tried"), business=business, **sections)
    return Target(config, folder / "state", as_of or now)


def ago(**length: float) -> datetime:
    return NOON - timedelta(**length)
