"""Instants as the history keeps them: ISO 8601 text in UTC with microseconds, which sorts as time does."""

from __future__ import annotations

from datetime import UTC, datetime


def stored(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def instant_of(text: str) -> datetime:
    """The aware instant that a stored text stands for."""
    return datetime.fromisoformat(text)


def instant_or_none(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
