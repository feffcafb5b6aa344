"""Where the bytes of a log are: in a file with its rotated pieces, or fetched from elsewhere."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Protocol

from hypercare.log_sources.fetched import FetchedLog
from hypercare.log_sources.protocol import SourceUnreadable
from hypercare.logs.pieces import LogUnreadable, Piece, opened
from hypercare.outcome.signals import NotCovered


class LogPieces(Protocol):
    """The pieces of a log, the newest first."""

    @property
    def name(self) -> str:
        """What it is called where a place in it is told."""

    @property
    def file(self) -> Path | None:
        """The file, where it is one."""

    def opened(self, since: datetime | None = None) -> AbstractContextManager[list[Piece]]:
        """The pieces that hold all since an instant, or at least what is usually asked for.

        Raises:
            LogUnreadable: the log is missing, may not be read, or its server is down.
        """

    def gap_since(self, start: datetime) -> NotCovered | None:
        """What of it since an instant could not be fetched."""


@dataclass(frozen=True)
class LogFile:
    """A log that is a file."""

    path: Path
    scratch: Path

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def file(self) -> Path | None:
        return self.path

    def opened(self, since: datetime | None = None) -> AbstractContextManager[list[Piece]]:
        return opened(self.path, self.scratch)

    def gap_since(self, start: datetime) -> NotCovered | None:
        return None


@dataclass
class FetchedPieces:
    """A log that is fetched, once for each question; `since` is from when on questions usually ask.

    What was fetched is put into a nameless file, where it is read as any other log of JSON lines.
    """

    log: FetchedLog
    since: datetime
    scratch: Path
    _fetched_since: datetime | None = None
    _plain: IO[bytes] | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        return self.log.where

    @property
    def file(self) -> Path | None:
        return None

    def fetch(self, since: datetime | None = None) -> None:
        """Have all since an instant at hand. Raises LogUnreadable."""
        wanted = min(self.since, since or self.since, self._fetched_since or self.since)
        if self._fetched_since is not None and wanted >= self._fetched_since:
            return
        try:
            self.log.fetch(wanted)
        except SourceUnreadable as trouble:
            raise LogUnreadable(Path(trouble.where), trouble.reason) from None
        self._fetched_since, self._plain = wanted, None

    @contextmanager
    def opened(self, since: datetime | None = None) -> Iterator[list[Piece]]:
        self.fetch(since)
        if self._plain is None:
            self.scratch.mkdir(parents=True, exist_ok=True)
            self._plain = tempfile.TemporaryFile(dir=self.scratch)  # noqa: SIM115 later questions read it
            self._plain.writelines(line.line + b"\n" for line in self.log.lines)
            self._plain.flush()
        size = self._plain.seek(0, 2)
        yield [Piece(Path(self.name), self._plain, size, newest=True)]

    def gap_since(self, start: datetime) -> NotCovered | None:
        return self.log.gap_since(start)
