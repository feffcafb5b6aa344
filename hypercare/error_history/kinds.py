"""Kinds of errors as they are remembered for months, longer than any log is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from hypercare.logs.errors import ErrorGroup

_FORGOTTEN_AFTER = timedelta(days=120)
_MOST_KINDS = 2_000
_MOST_DAYS = 40


@dataclass(frozen=True)
class KnownKind:
    """`days` are those on which it was seen, in order; `owner` is who last took it on."""

    first_seen: datetime
    days: tuple[date, ...] = ()
    owner: str = ""

    def with_sighting(self, group: ErrorGroup) -> KnownKind:
        """The same with what a look saw of it."""
        days = tuple(sorted({*self.days, *group.by_day}))[-_MOST_DAYS:]
        first = min(self.first_seen, group.first_seen or self.first_seen)
        return replace(self, first_seen=first, days=days, owner=group.owner or self.owner)


Kinds = dict[tuple[str, str], KnownKind]
"""By log and fingerprint."""


def with_sightings(kinds: Mapping[tuple[str, str], KnownKind], groups: Iterable[ErrorGroup], today: date) -> Kinds:
    """What is known once these were seen, without what was not seen for months."""
    found = dict(kinds)
    for group in groups:
        if group.first_seen is None:
            continue
        key = (group.source, group.fingerprint)
        found[key] = found.get(key, KnownKind(group.first_seen)).with_sighting(group)
    young = {key: one for key, one in found.items() if one.days and today - one.days[-1] <= _FORGOTTEN_AFTER}
    newest = sorted(young, key=lambda key: young[key].days[-1])[-_MOST_KINDS:]
    return {key: young[key] for key in newest}


def as_json(kinds: Mapping[tuple[str, str], KnownKind]) -> list[Any]:
    return [
        [log, fingerprint, one.first_seen.isoformat(), [day.isoformat() for day in one.days], one.owner]
        for (log, fingerprint), one in kinds.items()
    ]


def from_json(value: Any) -> Kinds:
    """Nothing where it is none of ours."""
    try:
        return {
            (log, fingerprint): KnownKind(
                datetime.fromisoformat(first), tuple(date.fromisoformat(day) for day in days), owner
            )
            for log, fingerprint, first, days, owner in value or ()
        }
    except (TypeError, ValueError):
        return {}
