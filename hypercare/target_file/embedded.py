"""A target file that names no system of its own but the embedded one, with what is to be watched in it besides."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypercare.target_file.adapter_defaults import laid_over
from hypercare.target_file.paths import with_absolute_paths, with_plan_beside


def names_embedded_system(path: Path) -> bool:
    """Whether it says `[target] embedded = true`; what is wrong with a file is said by those who load it."""
    try:
        return is_embedded(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return False


def is_embedded(raw: Mapping[str, Any]) -> bool:
    target = raw.get("target")
    return isinstance(target, Mapping) and target.get("embedded") is True


def write_over(started: Path, own: Path) -> None:
    """Lay what a project's own file says over the file of the system that was started for it.

    Raises:
        OSError: a file cannot be read or written.
    """
    import tomlkit

    raw = tomllib.loads(own.read_text(encoding="utf-8"))
    del raw["target"]["embedded"]
    over = with_absolute_paths(with_plan_beside(raw, own.parent), own.parent)
    settings = laid_over(tomllib.loads(started.read_text(encoding="utf-8")), over)
    started.write_text(tomlkit.dumps(settings), encoding="utf-8")
