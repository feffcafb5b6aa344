"""One thing that can go wrong, and who must notice it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum

from faultlab.gateway.certificate import Shown
from faultlab.scene import Scene
from hypercare.http.reverse_proxy import Spoil
from hypercare.outcome.level import Level

END_OF_DAY = time(17)


class Where(StrEnum):
    """The part of the system that a fault sits in."""

    DATABASE = "database"
    LOGS = "logs"
    BACKUP = "backup"
    USERS = "users"
    JOBS = "jobs"
    ISSUES = "issues"
    CLOCK = "clock"
    API = "api"
    WEB = "web"
    MOBILE = "mobile"
    NETWORK = "network"
    DISK = "disk"


def put_back(scene: Scene) -> None:
    """Undo whatever the scene remembers of what was put in, the latest first."""
    scene.put_back()


@dataclass(frozen=True, kw_only=True)
class Fault:
    """`noticed_by` gives the items that must fail and the level they must report; empty means that nobody may stir.

    `may_notice` have to do with it too, and may fail or not. `just_below` are the items whose threshold it comes near
    to without passing it: they hold. `at` is the local time of the prepared day that it is put in at. `live` faults
    show only through the clients of a running system; `spoil` is what a gateway between the people and the system does
    to what passes, and `certificate` what it shows of itself. A fault that is `seen_before` shows only to a suite that
    has looked at the system in good order; `there_before` puts in what such a system has and the embedded one lacks,
    and `earlier` is what came to be between two rounds hours before.
    `impossible_here` says why this machine does not let it be put in; empty when it does.
    """

    id: str
    happens: str
    where: Where
    put_in: Callable[[Scene], None]
    noticed_by: Mapping[str, Level] = field(default_factory=dict)
    may_notice: frozenset[str] = frozenset()
    take_out: Callable[[Scene], None] = put_back
    at: time = END_OF_DAY
    live: bool = False
    spoil: Spoil | None = None
    certificate: Shown | None = None
    just_below: frozenset[str] = frozenset()
    seen_before: bool = False
    there_before: Callable[[Scene], None] | None = None
    earlier: Callable[[Scene], None] | None = None
    impossible_here: Callable[[], str] = lambda: ""

    @property
    def setting(self) -> Fault | None:
        """What it needs to be there before, put in and taken out like a fault."""
        if self.there_before is None:
            return None
        return Fault(id=f"{self.id}-setting", happens=self.happens, where=self.where, put_in=self.there_before)

    def as_dict(self) -> dict[str, object]:
        """Built-in types only: id, happens, where, noticed_by {item: level}, may_notice."""
        return {
            "id": self.id,
            "happens": self.happens,
            "where": self.where.value,
            "noticed_by": {item: level.value for item, level in self.noticed_by.items()},
            "may_notice": sorted(self.may_notice),
        }


def items(*ids: str) -> frozenset[str]:
    """Items that may notice too."""
    return frozenset(ids)
