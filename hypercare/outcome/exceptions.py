"""Which items a check answers for while it looks, and how many records it passed over since that was agreed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol


class Agreement(Protocol):
    """What was agreed: its name, by whom and until when."""

    @property
    def name(self) -> str: ...
    @property
    def agreed_by(self) -> str: ...
    @property
    def until(self) -> date: ...


@dataclass
class PassedOver:
    """What a check that answers for `items` passed over. Of several looks at the same place the largest counts."""

    items: tuple[str, ...]
    _counted: dict[tuple[str, str], int] = field(default_factory=dict)
    _agreements: dict[str, Agreement] = field(default_factory=dict)

    def add(self, agreement: Agreement, place: str, records: int) -> None:
        self._agreements[agreement.name] = agreement
        key = agreement.name, place
        self._counted[key] = max(records, self._counted.get(key, 0))

    def as_dicts(self) -> tuple[dict[str, Any], ...]:
        """Built-in types only: exception, records, agreed_by, until (ISO 8601); those that met nothing are left out."""
        sums = {
            name: sum(records for (one, _), records in self._counted.items() if one == name)
            for name in self._agreements
        }
        return tuple(
            {
                "exception": name,
                "records": sums[name],
                "agreed_by": agreement.agreed_by,
                "until": agreement.until.isoformat(),
            }
            for name, agreement in self._agreements.items()
            if sums[name]
        )


_LISTENING: ContextVar[PassedOver | None] = ContextVar("passed_over", default=None)


@contextmanager
def looking_for(items: Sequence[str]) -> Iterator[PassedOver]:
    """Say for which items is looked inside the block; what was passed over there."""
    passed_over = PassedOver(tuple(items))
    token = _LISTENING.set(passed_over)
    try:
        yield passed_over
    finally:
        _LISTENING.reset(token)


def looked_for() -> PassedOver | None:
    """What is looked for now; None outside of a check."""
    return _LISTENING.get()


def in_words(passed_over: Mapping[str, Any]) -> str:
    """ "3 records as agreed: Lace from Calais (Rosalind Wood, until 2026-02-15)"."""
    records = passed_over["records"]
    one = f"{records:,} {'record' if records == 1 else 'records'}"
    return f"{one} as agreed: {passed_over['exception']} ({passed_over['agreed_by']}, until {passed_over['until']})"
