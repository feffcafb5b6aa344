"""What an adapter already knows of its system, so that a target file need not say it."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

from hypercare.target.known_adapters import require_known

NONE = "none"


def defaults_of(adapter: str) -> dict[str, Any]:
    """The settings that stand beneath a target file of this adapter; empty for "none".

    Raises:
        UnknownAdapter: there is none of that name.
    """
    require_known(adapter)
    if adapter == NONE:
        return {}
    folder = resources.files("hypercare.adapters").joinpath(adapter)
    settings = tomllib.loads(folder.joinpath("defaults.toml").read_text(encoding="utf-8"))
    mapping = folder.joinpath("mapping.toml")
    if mapping.is_file():
        settings["mapping"] = tomllib.loads(mapping.read_text(encoding="utf-8"))
    return settings


def laid_over(beneath: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """`above` laid over `beneath`: tables are joined key by key, anything else is replaced."""
    joined = dict(beneath)
    for key, value in above.items():
        under = joined.get(key)
        joined[key] = laid_over(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return joined
