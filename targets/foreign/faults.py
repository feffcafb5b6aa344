"""What is wrong in a copy of a foreign system, and who must notice it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from faultlab.suite_run import Scope
from hypercare.http.reverse_proxy import Spoil
from hypercare.outcome.level import Level
from targets.foreign.copy import Copy
from targets.foreign.live_system import LiveSystem

PutIn = Callable[[Copy], None]


@dataclass(frozen=True, kw_only=True)
class ForeignFault:
    """`noticed_by` are the items that must fail, with their levels; `may_notice` those that may.

    One that `serves` shows only through the clients of the running system; `spoil` is what a gateway before it does.
    """

    id: str
    put_in: PutIn
    noticed_by: Mapping[str, Level]
    may_notice: frozenset[str] = field(default_factory=frozenset)
    scope: Scope = Scope.RECORDS
    serves: bool = False
    spoil: Spoil | None = None


@dataclass(frozen=True, kw_only=True)
class LiveFault:
    """What is wrong while it is served: in its answers (`rules` of inside/spoilt.py), or in its database."""

    id: str
    noticed_by: Mapping[str, Level]
    may_notice: frozenset[str] = field(default_factory=frozenset)
    rules: Sequence[Mapping[str, object]] = ()
    statements: Sequence[str] = ()
    undone_by: Sequence[str] = ()
    scope: Scope = Scope.CLIENTS

    @contextmanager
    def put_into(self, system: LiveSystem) -> Iterator[None]:
        system.served.rules.write_text(json.dumps(list(self.rules)), encoding="utf-8")
        if self.statements:
            system.copy.execute(self.statements)
        try:
            yield
        finally:
            system.served.rules.unlink()
            if self.undone_by:
                system.copy.execute(self.undone_by)


def record(id_: str, put_in: PutIn, noticed_by: Mapping[str, Level], *may: str) -> ForeignFault:
    return ForeignFault(id=id_, put_in=put_in, noticed_by=noticed_by, may_notice=frozenset(may))


def sql(*statements: str) -> PutIn:
    """In the statements, {days_ago:3} and {hours_ago:2} are instants in UTC, counted from the copy's last one."""
    return lambda copy: copy.execute([_filled(one, copy) for one in statements])


def _filled(statement: str, copy: Copy) -> str:
    class Ago:
        def __init__(self, unit: str) -> None:
            self.unit = unit

        def __format__(self, number: str) -> str:
            return f"'{copy.last - timedelta(**{self.unit: float(number)}):%Y-%m-%d %H:%M:%S}'"

    # Percent signs are the driver's own where it takes parameters.
    return statement.format(days_ago=Ago("days"), hours_ago=Ago("hours"))


def lines(template: str, *, times: int = 1, every_minutes: float = 1) -> PutIn:
    """More lines at the log's end, the last of them two minutes before the copy's last instant; {at} is local."""

    def put_in(copy: Copy) -> None:
        with copy.log.open("a", encoding="utf-8") as log:
            for number in range(times):
                at = copy.last - timedelta(minutes=2 + every_minutes * (times - 1 - number))
                log.write(template.format(at=copy.local(at), number=number) + "\n")

    return put_in


def nothing(copy: Copy) -> None:
    """What is wrong stands before the system."""


def no_backup(copy: Copy) -> None:
    for backup in copy.backups.iterdir():
        backup.unlink()


def yesterdays_backup_only(copy: Copy) -> None:
    copy.newest_backup().unlink()


def backup_cut_off(copy: Copy) -> None:
    backup = copy.newest_backup()
    whole = backup.read_bytes()
    backup.write_bytes(whole[: len(whole) * 2 // 3])


def backup_emptied(copy: Copy) -> None:
    copy.newest_backup().write_bytes(b"")


def backup_spoilt(copy: Copy) -> None:
    backup = copy.newest_backup()
    spoilt = bytearray(backup.read_bytes())
    for place in range(len(spoilt) // 4, len(spoilt) // 2):
        spoilt[place] ^= 0x5A
    backup.write_bytes(bytes(spoilt))


def log_gone(copy: Copy) -> None:
    copy.log.unlink()


def log_silent(copy: Copy) -> None:
    """Nothing since six hours before the end: what was written later is cut off."""
    since = f"{copy.local(copy.last - timedelta(hours=6)):%Y-%m-%d %H:%M}"
    lines = [one for one in copy.log.read_text(encoding="utf-8").splitlines(keepends=True) if since not in one]
    cut = next((place for place, one in enumerate(lines) if _later(one, since)), len(lines))
    copy.log.write_text("".join(lines[:cut]), encoding="utf-8")


def _later(line: str, since: str) -> bool:
    return any(line[place : place + len(since)] > since and line[place : place + 2] == "20" for place in range(40))


BACKUPS = (
    ForeignFault(
        id="no backup at all",
        put_in=no_backup,
        noticed_by={"backup.completed": Level.L3},
        may_notice=frozenset({"backup.accessible"}),
        scope=Scope.BACKUPS,
    ),
    ForeignFault(
        id="last night's backup is missing",
        put_in=yesterdays_backup_only,
        noticed_by={"backup.completed": Level.L3},
        may_notice=frozenset({"backup.accessible"}),
        scope=Scope.BACKUPS,
    ),
    ForeignFault(
        id="last night's backup is cut off",
        put_in=backup_cut_off,
        noticed_by={"backup.accessible": Level.L3},
        may_notice=frozenset({"backup.completed"}),
        scope=Scope.BACKUPS,
    ),
    ForeignFault(
        id="last night's backup is empty",
        put_in=backup_emptied,
        noticed_by={"backup.completed": Level.L3},
        may_notice=frozenset({"backup.accessible"}),
        scope=Scope.BACKUPS,
    ),
    ForeignFault(
        id="last night's backup is spoilt in the middle",
        put_in=backup_spoilt,
        noticed_by={"backup.accessible": Level.L3},
        may_notice=frozenset({"backup.completed"}),
        scope=Scope.BACKUPS,
    ),
)
