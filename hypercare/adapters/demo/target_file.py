"""Writes the target file of an embedded system, so that it can be watched like any other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

FILE_NAME = "target.toml"
_SECRETS = "secrets.json"
_CHECK_ACCOUNT = "check"


def write_target_file(state: Path, served: Mapping[str, Any]) -> Path:
    """Write `target.toml` and the secrets it refers to into the state folder.

    `served` is the line that the embedded system prints when it answers: web_url, api_url, mobile_url,
    database_url, log_paths {name: path}, backup_dir, accounts_file.
    """
    settings = json.loads((state / "settings.json").read_text(encoding="utf-8"))
    accounts = json.loads(Path(served["accounts_file"]).read_text(encoding="utf-8"))
    usable = [account for account in accounts if account["kind"] == _CHECK_ACCOUNT]
    secrets = state / _SECRETS
    secrets.touch(mode=0o600)
    secrets.write_text(json.dumps({one["username"]: one["password"] for one in usable}, indent=1), encoding="utf-8")
    target_file = state / FILE_NAME
    target_file.write_text(_text(settings, served, usable), encoding="utf-8")
    return target_file


def _text(settings: Mapping[str, Any], served: Mapping[str, Any], accounts: list[dict[str, Any]]) -> str:
    import tomlkit

    file = tomlkit.document()
    file.add(tomlkit.comment("Written by the embedded system's starter. Paths are meant from the folder of this file."))
    sections = {
        "target": {"name": settings["name"], "adapter": "demo", "mode": "transact"},
        "business": {
            "timezone": settings["timezone"],
            "currency": settings["currency"],
            "clock": "clock.json",
            "go_live": date.fromisoformat(settings["go_live"]),
        },
        "web": {"url": served["web_url"]},
        "mobile": {"url": served["mobile_url"]},
        "api": {"url": served["api_url"]},
        "database": {"url": served["database_url"]},
        "logs": [_log(name, path) for name, path in _logs(served["log_paths"]).items()],
        "backups": {"directory": served["backup_dir"]},
        "accounts": [_account(account) for account in accounts],
    }
    for name, section in sections.items():
        file.add(tomlkit.nl())
        file.add(name, tomlkit.item(section))
    return file.as_string()


def _logs(logs: Mapping[str, str] | list[str]) -> dict[str, str]:
    return dict(logs) if isinstance(logs, Mapping) else {Path(path).stem: path for path in logs}


def _log(name: str, path: str) -> dict[str, str]:
    if name == "database":
        return {"name": name, "path": path, "holds": "database"}
    return {"name": name, "path": path, "holds": "access" if name == "access" else "application", "silent_after": "60m"}


def _account(account: Mapping[str, Any]) -> dict[str, Any]:
    import tomlkit

    password = tomlkit.inline_table()
    password.update({"file": _SECRETS, "key": account["username"]})
    of_branch = {"branch": account["branch"]} if account["branch"] else {}
    return {"username": account["username"], "role": account["role"], **of_branch, "password": password}
