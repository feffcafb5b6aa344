"""What a round and the processes of its tracks say to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Perform:
    """Run a check, by its number."""

    number: int


@dataclass(frozen=True)
class QuietNow:
    """Nothing else is looked at until the check in hand has ended."""


@dataclass(frozen=True)
class TakeDown:
    """All checks have ended: close what is kept for them, but for the browser."""


@dataclass(frozen=True)
class Print:
    """Print a page in the browser of the checks."""

    page: Path
    pdf: Path


@dataclass(frozen=True)
class Leave:
    """Close the browser and end; what runs is interrupted as from the keyboard where it `is_interrupted`."""

    is_interrupted: bool = False


Order = Perform | QuietNow | TakeDown | Print | Leave


@dataclass(frozen=True)
class Ended:
    """`reports` are pytest's of the phases of a check, as plain data."""

    number: int
    reports: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class QuietWanted:
    """The check in hand is to be looked at again."""


@dataclass(frozen=True)
class Warned:
    """A warning that was recorded while a check ran; `warning` has the parts of pytest's hook."""

    warning: Mapping[str, Any]


@dataclass(frozen=True)
class ExitWanted:
    """A check has called pytest.exit."""

    reason: str
    status: int | None


@dataclass(frozen=True)
class TakenDown:
    """`report` is of what went wrong at that, `load` what was asked of the database besides the checks."""

    report: Mapping[str, Any] | None
    load: Mapping[str, Any]
    has_browser: bool


@dataclass(frozen=True)
class Printed:
    """`reason` is why there is no such page; empty where there is one."""

    reason: str


Answer = Ended | QuietWanted | Warned | ExitWanted | TakenDown | Printed
