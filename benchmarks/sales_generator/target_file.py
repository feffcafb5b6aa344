"""The target file beside a filled database: its address, its clock, and nothing but its data to look at."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from benchmarks.sales_generator.business import TIMEZONE, Business


def write_target(folder: Path, url: str, business: Business, name: str = "Many sales") -> Path:
    """`target.toml` and a clock that stands at the business's now."""
    folder.mkdir(parents=True, exist_ok=True)
    set_clock(folder, business.now)
    target = folder / "target.toml"
    target.write_text(
        f'[target]\nname = "{name}"\nadapter = "demo"\nmode = "observe"\n\n'
        f'[business]\ntimezone = "{TIMEZONE}"\ncurrency = "EUR"\nclock = "clock.json"\n'
        f"go_live = {business.go_live}\n\n[database]\nurl = {json.dumps(url)}\n",
        encoding="utf-8",
    )
    return target


def set_clock(folder: Path, now: datetime) -> None:
    setting = {"set_to": now.isoformat(), "set_at": now.isoformat(), "rate": 0}
    (folder / "clock.json").write_text(json.dumps(setting) + "\n", encoding="utf-8")
