"""Loki's `/loki/api/v1/query_range`: streams of lines, asked for backwards in parts of a day."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hypercare.log_sources.asking import LogServer
from hypercare.log_sources.protocol import Entry, Since, SourceUnreadable
from hypercare.target_file.sections.log_sources import LokiSection

_PATH = "/loki/api/v1/query_range"
# Servers refuse a query over too long a time, and answer a short one sooner.
_PART = timedelta(days=1)
_AHEAD = timedelta(minutes=5)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class _Line:
    nanoseconds: int
    text: str
    labels: Mapping[str, Any]

    @property
    def id(self) -> str:
        labels = sorted((str(name), str(value)) for name, value in self.labels.items())
        return hashlib.sha256(repr((self.nanoseconds, self.text, labels)).encode()).hexdigest()[:20]

    def entry(self) -> Entry:
        # Loki tells a level by itself where no label does, and says so where it cannot.
        told = self.labels.get("detected_level")
        stated = {} if "level" in self.labels or told in {None, "unknown"} else {"level": told}
        fields = {**self.labels, **stated, "message": self.text}
        at = _EPOCH + timedelta(microseconds=self.nanoseconds // 1000)
        return Entry(at, self.id, f"line of {self.nanoseconds}", fields)


class Loki:
    """What one query of LogQL finds."""

    def __init__(self, section: LokiSection, now: Callable[[], datetime]) -> None:
        self._section = section
        self._now = now
        headers = {"x-scope-orgid": section.tenant} if section.tenant else {}
        self._server = LogServer("Loki", section.url, section.token, section.timeout, headers, user=section.user)

    @property
    def where(self) -> str:
        return self._server.where

    def entries(self, since: Since) -> Iterator[Entry]:
        start, end = _nanoseconds(since.at), _nanoseconds(self._now() + _AHEAD)
        part = _PART // timedelta(microseconds=1) * 1000
        while end > start:
            begin = max(start, end - part)
            yield from self._between(begin, end)
            end = begin

    def _between(self, start: int, end: int) -> Iterator[Entry]:
        """The lines from one instant up to another; a page that is full is followed by one up to its oldest line."""
        seen: set[str] = set()
        while end > start:
            page = self._page(start, end)
            new = [line for line in page if line.id not in seen]
            yield from (line.entry() for line in new)
            if len(page) < self._section.page:
                return
            oldest = min(line.nanoseconds for line in page)
            # Several lines may be of one nanosecond, so it is asked for again, but not for ever.
            seen = {line.id for line in page if line.nanoseconds == oldest}
            end = oldest + 1 if oldest + 1 < end and new else oldest

    def _page(self, start: int, end: int) -> Sequence[_Line]:
        answer = self._server.get(
            _PATH,
            {
                "query": self._section.query,
                "start": str(start),
                "end": str(end),
                "limit": self._section.page,
                "direction": "backward",
            },
        )
        try:
            data = answer.content["data"]
            if data["resultType"] != "streams":
                raise SourceUnreadable(self.where, "the query finds numbers, not lines")
            lines = [
                _Line(int(value[0]), str(value[1]), {**stream["stream"], **_metadata(value)})
                for stream in data["result"]
                for value in stream["values"]
            ]
        except (KeyError, TypeError, ValueError, IndexError):
            raise SourceUnreadable(self.where, "it does not answer as Loki does") from None
        return sorted(lines, key=lambda line: -line.nanoseconds)


def _metadata(value: Sequence[Any]) -> Mapping[str, Any]:
    """What is kept beside a line that is no label of its stream."""
    extra = value[2] if len(value) > 2 and isinstance(value[2], dict) else {}
    nested = [one for one in extra.values() if isinstance(one, dict)]
    return {name: one for part in nested for name, one in part.items()} if nested else extra


def _nanoseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1) * 1000
