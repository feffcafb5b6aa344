"""What an adapter already knows of its system, so that a target file need not say it."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

NONE = "none"


class UnknownAdapter(Exception):
    """The target file names an adapter that is not there; the message is one line."""


def known_adapters() -> tuple[str, ...]:
    """Names of the adapters that come with the project."""
    folders = resources.files("hypercare.adapters").iterdir()
    return tuple(sorted(folder.name for folder in folders if folder.joinpath("defaults.toml").is_file()))


def defaults_of(adapter: str) -> dict[str, Any]:
    """The settings that stand beneath a target file of this adapter; empty for "none".

    Raises:
        UnknownAdapter: there is none of that name.
    """
    if adapter == NONE:
        return {}
    if adapter not in known_adapters():
        listed = ", ".join((NONE, *known_adapters()))
        raise UnknownAdapter(f"there is no adapter {adapter!r}; known are {listed}")
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
