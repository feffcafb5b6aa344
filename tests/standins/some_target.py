"""Targets as tests need them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target

PASSWORD = "correct-horse"


def some_target(state: Path, *, mode: str = "transact", **sections: Any) -> Target:
    settings: dict[str, Any] = {
        "target": {"name": "stand-in", "mode": mode},
        "business": {"timezone": "Europe/Berlin", "go_live": "2026-01-08"},
        **sections,
    }
    return Target(TargetConfig.model_validate(settings), state, datetime.now(UTC))


def some_account(folder: Path, username: str, role: str, branch: str | None) -> dict[str, Any]:
    secret = folder / "password.txt"
    secret.write_text(PASSWORD, encoding="utf-8")
    return {"username": username, "role": role, "branch": branch, "password": {"file": str(secret)}}
