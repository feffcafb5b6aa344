"""What an adapter already knows of its system, so that a target file need not say it."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

from hypercare.target_file.known_adapters import BUILT_IN, adapter_class

NONE = "none"
_ADDRESSES = {"web": "url", "mobile": "url", "api": "url", "database": "url", "backups": "directory"}


def defaults_of(adapter: str) -> dict[str, Any]:
    """The settings that stand beneath a target file of this adapter; empty for "none".

    Raises:
        UnknownAdapter: there is none of that name.
    """
    if adapter not in BUILT_IN:
        brought: dict[str, Any] = adapter_class(adapter)().defaults()
        return brought
    return settings_in(f"hypercare.adapters.{adapter}") if adapter != NONE else {}


def settings_in(package: str) -> dict[str, Any]:
    """The settings that a package holds in `defaults.toml`, and its mapping in `mapping.toml`; empty without these.

    For the `defaults` of an adapter: `return settings_in("my_erp.hypercare")`.
    """
    folder = resources.files(package)
    defaults, mapping = folder.joinpath("defaults.toml"), folder.joinpath("mapping.toml")
    settings: dict[str, Any] = tomllib.loads(defaults.read_text(encoding="utf-8")) if defaults.is_file() else {}
    if mapping.is_file():
        settings["mapping"] = tomllib.loads(mapping.read_text(encoding="utf-8"))
    return settings


def for_ways_of(raw: dict[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    """The defaults without what they say of a way in that the file leaves out: nobody looks there.

    A way for which the adapter itself knows the address stays.
    """
    return {
        name: value
        for name, value in defaults.items()
        if name in raw or name not in _ADDRESSES or _ADDRESSES[name] in value
    }


def laid_over(beneath: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """`above` laid over `beneath`: tables are joined key by key, anything else is replaced."""
    joined = dict(beneath)
    for key, value in above.items():
        under = joined.get(key)
        joined[key] = laid_over(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return joined
