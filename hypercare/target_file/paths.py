"""The paths of a target file, meant from the folder that it lies in."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypercare.shipped import CHECKLIST_FILE

_REFERENCES = {"password", "scratch_password", "url", "watch_url", "probe_url", "token"}


def with_plan_beside(settings: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The same with the changes to the built-in plan that lie in the folder of the target file, where it names no plan.

    A file of that name which does not say what it builds on may be anybody's.
    """
    rounds, plan = settings.get("rounds", {}), folder / CHECKLIST_FILE
    if not isinstance(rounds, dict) or "checklist" in rounds or not _builds_on_a_plan(plan):
        return settings
    return {**settings, "rounds": {**rounds, "checklist": str(plan)}}


def _builds_on_a_plan(file: Path) -> bool:
    try:
        return "base" in tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False


def with_absolute_paths(settings: dict[str, Any], folder: Path) -> dict[str, Any]:
    """A copy in which the paths of the file are absolute; whatever has the wrong shape is left to the validation."""

    def absolute(value: object) -> object:
        if not isinstance(value, str) or "://" in value:
            return value
        return str(folder / Path(value).expanduser())

    def place(value: object) -> object:
        # A repository may be named as "user@host:folder" or "sftp:host:folder".
        return value if isinstance(value, str) and re.match(r"[\w.@-]{2,}:", value) else absolute(value)

    def sqlite_absolute(value: object) -> object:
        if isinstance(value, str) and re.match(r"sqlite(\+\w+)?:///(?!/)", value) and not value.endswith(":memory:"):
            scheme, _, name = value.partition(":///")
            return f"{scheme}:///{folder / name}"
        return value

    settings = {**settings}
    _change(settings, "business", "clock", absolute)
    _change(settings, "backups", "directory", place)
    _change(settings, "publish", "url", absolute)
    _change(settings, "rounds", "checklist", absolute)
    _change(settings, "web", "pages", absolute)
    _change(settings, "mobile", "pages", absolute)
    _change(settings, "database", "url", sqlite_absolute)
    _change(settings, "database", "scan_from", absolute)
    _change(settings, "history", "url", sqlite_absolute)
    for list_name, key in (("logs", "path"),):
        entries = settings.get(list_name)
        if isinstance(entries, list):
            settings[list_name] = [
                {**entry, **({key: absolute(entry[key])} if key in entry else {})} if isinstance(entry, dict) else entry
                for entry in entries
            ]
    for entry in settings["logs"] if isinstance(settings.get("logs"), list) else ():
        if isinstance(entry, dict):
            _change(entry, "journald", "file", absolute)
            _change(entry, "journald", "directory", absolute)
    sheets = settings.get("day_sheets")
    if isinstance(sheets, dict) and "files" in sheets:
        named = sheets["files"]
        files = [absolute(one) for one in named] if isinstance(named, list) else absolute(named)
        settings["day_sheets"] = {**sheets, "files": files}
    isolation = settings.get("branch_isolation")
    if isinstance(isolation, dict) and isinstance(isolation.get("database_roles"), list):
        roles = [
            {**role, "url": sqlite_absolute(role["url"])} if isinstance(role, dict) and "url" in role else role
            for role in isolation["database_roles"]
        ]
        settings["branch_isolation"] = {**isolation, "database_roles": roles}
    completed: dict[str, Any] = _secrets_absolute(settings, absolute)
    return completed


def _change(settings: dict[str, Any], section: str, key: str, change: Callable[[object], object]) -> None:
    part = settings.get(section)
    if isinstance(part, dict) and key in part:
        settings[section] = {**part, key: change(part[key])}


def _secrets_absolute(value: Any, absolute: Callable[[object], object]) -> Any:
    if isinstance(value, list):
        return [_secrets_absolute(entry, absolute) for entry in value]
    if not isinstance(value, dict):
        return value
    changed = {key: _secrets_absolute(entry, absolute) for key, entry in value.items()}
    options = changed.get("options")
    if isinstance(options, dict):
        # What an object store needs may be a secret under any name.
        changed["options"] = {name: _reference_absolute(one, absolute) for name, one in options.items()}
    for name in _REFERENCES & changed.keys():
        changed[name] = _reference_absolute(changed[name], absolute)
    return changed


def _reference_absolute(reference: Any, absolute: Callable[[object], object]) -> Any:
    if isinstance(reference, dict) and "file" in reference:
        return {**reference, "file": absolute(reference["file"])}
    return reference
