"""Writes the target file of an embedded system, so that it can be watched like any other."""

from __future__ import annotations

import json
from collections.abc import Mapping
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
    parts = [
        "# Written by the embedded system's starter. Paths are meant from the folder of this file.",
        _table("target", name=settings["name"], adapter="demo", mode="transact"),
        _table(
            "business",
            timezone=settings["timezone"],
            currency=settings["currency"],
            clock="clock.json",
            go_live=_Bare(settings["go_live"]),
        ),
        _table("web", url=served["web_url"]),
        _table("mobile", url=served["mobile_url"]),
        _table("api", url=served["api_url"]),
        _table("database", url=served["database_url"]),
        *(_table("[logs]", **_log(name, path)) for name, path in _logs(served["log_paths"]).items()),
        _table("backups", directory=served["backup_dir"]),
        *(_account(account) for account in accounts),
    ]
    return "\n\n".join(parts) + "\n"


class _Bare(str):
    """A value that TOML writes without quotation marks."""


def _logs(given: Mapping[str, str] | list[str]) -> dict[str, str]:
    return dict(given) if isinstance(given, Mapping) else {Path(path).stem: path for path in given}


def _log(name: str, path: str) -> dict[str, str]:
    if name == "database":
        return {"name": name, "path": path, "holds": "database"}
    return {"name": name, "path": path, "holds": "access" if name == "access" else "application", "silent_after": "60m"}


def _account(account: Mapping[str, Any]) -> str:
    lines = [
        "[[accounts]]",
        f"username = {_quoted(account['username'])}",
        f"role = {_quoted(account['role'])}",
        f'password = {{ file = "{_SECRETS}", key = {_quoted(account["username"])} }}',
    ]
    if account["branch"]:
        lines.insert(3, f"branch = {_quoted(account['branch'])}")
    return "\n".join(lines)


def _table(header: str, **values: str) -> str:
    lines = [f"{key} = {value if isinstance(value, _Bare) else _quoted(value)}" for key, value in values.items()]
    return "\n".join([f"[{header}]", *lines])


def _quoted(text: str) -> str:
    return json.dumps(str(text), ensure_ascii=False)
