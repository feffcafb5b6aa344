"""How a target file was found, to be said again in words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass
class ConfigOrigin:
    """How the command line named the target file and the reports folder, to be said again in words, and a line for
    each key that the file gives by its name of before."""

    file: Path | None = None
    reports: Path | None = None
    old_names: tuple[str, ...] = ()
    plan_lies_beside: bool = False
